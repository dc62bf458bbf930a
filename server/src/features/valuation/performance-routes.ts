import type { ApiRouter } from '#platform/http/index.ts';
import { ok } from '#platform/http/index.ts';

import { performanceOfAll } from './performance-all.ts';
import { performanceDay } from './performance-day.ts';
import { performanceOf } from './performance.ts';

/** Registers the routes of performance. */
export const performanceRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios/:id/performance', {
    keep: true,
    handle: async ({ tx, params, query, user, now }) =>
      ok(await performanceOf(tx, params.id, { ...query, now, timezone: user.timezone })),
  });

  api.route('GET /api/portfolios/:id/performance/days/:date', {
    handle: async ({ tx, params, query, user, now }) =>
      ok(
        await performanceDay(tx, params.id, {
          ...query,
          date: params.date,
          now,
          timezone: user.timezone,
        }),
      ),
  });

  api.route('GET /api/performance', {
    keep: true,
    handle: async ({ tx, query, user, now }) =>
      ok(await performanceOfAll(tx, { ...query, now, timezone: user.timezone, userId: user.id })),
  });
};
