/** HTTP of instruments and their lines. */
import { created, ok } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';

import * as service from './service.ts';

/** Registers every route of instruments. */
export const instrumentRoutes = (api: ApiRouter): void => {
  api.route('GET /api/instruments', {
    handle: async ({ tx, query }) => ok(await service.listInstruments(tx, query)),
  });

  api.route('POST /api/instruments', {
    handle: async ({ tx, user, body }) => {
      const instrument = await service.createInstrument(tx, user, body);
      return created(instrument, { etag: instrument.version });
    },
  });

  api.route('GET /api/instruments/:id', {
    handle: async ({ tx, params }) => {
      const instrument = await service.readSurvivor(tx, params.id);
      return ok(instrument, { etag: instrument.version });
    },
  });

  api.route('PATCH /api/instruments/:id', {
    handle: async ({ tx, user, params, body, ifMatch }) => {
      const instrument = await service.changeInstrument(tx, user, params.id, body, ifMatch);
      return ok(instrument, { etag: instrument.version });
    },
  });

  api.route('GET /api/instruments/:id/listings', {
    handle: async ({ tx, params, query }) => ok(await service.listListings(tx, params.id, query)),
  });

  api.route('POST /api/instruments/:id/listings', {
    handle: async ({ tx, user, params, body }) =>
      created(await service.addListing(tx, user, params.id, body)),
  });
};
