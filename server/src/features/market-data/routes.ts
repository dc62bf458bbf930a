/** HTTP of market data: prices, rates and how their providers do. */
import { MAX_PRICES_AT_ONCE } from '@pm/contracts/market-data';

import type { ProviderSettings } from '#platform/config.ts';
import { accepted, created, noContent, ok } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';
import { createRun, enqueue } from '#platform/jobs/index.ts';

import { correctPrice, setSymbols } from './corrections.ts';
import { giveEvent, importEvents, listEvents, readEvents, readPriceSeries, removeEvent } from './events.ts';
import { IMPORT_PRICES } from './jobs.ts';
import { importPrices, readPrices } from './price-import.ts';
import { decideHeldPrice, listHeldPrices, reopenHeldPrice } from './held-prices.ts';
import { marketDataStatus } from './market-status.ts';
import { readPriceSources } from './price-sources.ts';
import { givePrice, listPrices } from './prices.ts';
import { readRateFile, storeRateFile } from './rate-import.ts';
import { readRate } from './rates.ts';
import { listWatched, unwatch, watch } from './watchlist.ts';

/** A larger file is not even read in a request: some 50,000 rows. */
const READ_AT_ONCE_BYTES = 4 * 1024 * 1024;

/** Splits, dividends and what they make of a series. */
const eventRoutes = (api: ApiRouter): void => {
  api.route('GET /api/instruments/:id/events', {
    handle: async ({ tx, params, query, user }) => ok(await listEvents(tx, params.id, query, user)),
  });

  api.route('POST /api/instruments/:id/events', {
    handle: async ({ tx, params, body, user }) => created(await giveEvent(tx, params.id, body, user)),
  });

  api.route('POST /api/instruments/:id/events/import', {
    prepare: ({ body }) => readEvents(body),
    handle: async ({ tx, params, query, prepared, user }) =>
      created(await importEvents(tx, params.id, query.quoteUnit, prepared, user)),
  });

  api.route('DELETE /api/instruments/:id/events/:eventId', {
    handle: async ({ tx, params, user }) => {
      await removeEvent(tx, params.id, params.eventId, user);
      return noContent();
    },
  });

  api.route('GET /api/instruments/:id/price-series', {
    handle: async ({ tx, params, query, user, now }) =>
      ok(await readPriceSeries(tx, params.id, query, user, now)),
  });
};

/** What is watched, and what people put right. */
const ownRoutes = (api: ApiRouter): void => {
  api.route('GET /api/watchlist', {
    handle: async ({ tx, query, user, now }) => ok(await listWatched(tx, query, user.timezone, now)),
  });

  api.route('POST /api/watchlist', {
    handle: async ({ tx, body, user, now }) => created(await watch(tx, user, body, now)),
  });

  api.route('DELETE /api/watchlist/:id', {
    handle: async ({ tx, params }) => {
      await unwatch(tx, params.id);
      return noContent();
    },
  });

  api.route('PUT /api/instruments/:id/listings/:listingId/symbols', {
    handle: async ({ tx, params: { id, listingId }, body, user }) =>
      ok(await setSymbols(tx, { instrumentId: id, listingId }, body.symbols, user)),
  });

  api.route('POST /api/instruments/:id/prices/corrections', {
    handle: async ({ tx, params, body, user }) => ok(await correctPrice(tx, params.id, body, user)),
  });
};

/** Prices held back. */
const quarantineRoutes = (api: ApiRouter): void => {
  api.route('GET /api/market-data/quarantine', {
    handle: async ({ tx, query, user }) => ok(await listHeldPrices(tx, query, user)),
  });

  api.route('POST /api/market-data/quarantine/:id/accept', {
    handle: async ({ tx, params, body, user }) => {
      const { alsoAlike = false, recordSplit = false } = body ?? {};
      const decision = { accept: true, alsoAlike, recordSplit };
      return ok(await decideHeldPrice(tx, params.id, decision, user));
    },
  });

  api.route('POST /api/market-data/quarantine/:id/reject', {
    handle: async ({ tx, params, body, user }) => {
      const decision = { accept: false, alsoAlike: body?.alsoAlike ?? false, recordSplit: false };
      return ok(await decideHeldPrice(tx, params.id, decision, user));
    },
  });

  api.route('POST /api/market-data/quarantine/:id/reopen', {
    handle: async ({ tx, params, user }) => ok(await reopenHeldPrice(tx, params.id, user)),
  });
};

/** Registers every route of market data. */
export const marketDataRoutes = (api: ApiRouter, settings: ProviderSettings): void => {
  eventRoutes(api);
  quarantineRoutes(api);
  ownRoutes(api);

  api.route('GET /api/instruments/:id/prices', {
    handle: async ({ tx, user, params, query }) => ok(await listPrices(tx, params.id, query, user.timezone)),
  });

  api.route('POST /api/instruments/:id/prices', {
    handle: async ({ tx, user, params, body, now }) =>
      created(await givePrice(tx, user.id, params.id, body, now)),
  });

  api.route('POST /api/instruments/:id/prices/import', {
    prepare: ({ body, respondAsync }) => {
      if (respondAsync || body.length > READ_AT_ONCE_BYTES) return null;
      const file = readPrices(body);
      return file.prices.length > MAX_PRICES_AT_ONCE ? null : file;
    },
    handle: async ({ tx, params, query, body, prepared, user, now, contentType }) => {
      const { listingId, quoteUnit } = query;
      const request = { instrumentId: params.id, listingId, quoteUnit };
      if (prepared !== null) return created(await importPrices(tx, request, prepared, user, now));
      const importId = await createRun(tx, {
        userId: user.id,
        kind: 'prices',
        fileName: query.fileName || null,
        contentType: contentType ?? null,
        options: request,
        bytes: body,
      });
      await enqueue(tx, IMPORT_PRICES, { runId: importId });
      return accepted({ importId });
    },
  });

  api.route('GET /api/instruments/:id/price-sources', {
    handle: async ({ tx, params, user, now }) => ok(await readPriceSources(tx, params.id, user, now)),
  });

  api.route('GET /api/fx', {
    handle: async ({ tx, user, query, now }) => ok(await readRate(tx, query, now, user.timezone)),
  });

  api.route('POST /api/fx/import', {
    prepare: ({ body }) => readRateFile(body),
    handle: async ({ tx, prepared, now }) => created(await storeRateFile(tx, prepared, now)),
  });

  api.route('GET /api/market-data/status', {
    handle: async ({ tx, now }) => ok(await marketDataStatus(tx, settings, now)),
  });
};
