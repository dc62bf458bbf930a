/** Routes of overlap. Contents: portfolio · list */
import { ok } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';

import { momentAsked } from './moment-asked.ts';
import { overlapOfList, portfolioOverlap } from './overlap.ts';

/** Registers the routes that compare funds. */
export const overlapRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios/:id/overlap', {
    handle: async (context) =>
      ok(await portfolioOverlap(context.tx, context.params.id, momentAsked(context))),
  });

  api.route('GET /api/overlap', {
    handle: async (context) =>
      ok(await overlapOfList(context.tx, context.query.instruments, momentAsked(context))),
  });
};
