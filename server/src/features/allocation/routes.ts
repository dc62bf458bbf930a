/** Routes of allocation. */
import type { ApiRouter } from '#platform/http/index.ts';
import { ok } from '#platform/http/index.ts';

import { allocationOf } from './service.ts';

/** Registers the routes of allocation. */
export const allocationRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios/:id/allocation', {
    handle: async ({ tx, params, query, user, now }) =>
      ok(await allocationOf(tx, params.id, { ...query, now, timezone: user.timezone })),
  });
};
