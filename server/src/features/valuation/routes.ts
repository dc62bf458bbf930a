/** Routes that show what things are worth. Contents: summary · gains · holdings with values · one holding */
import { enterPortfolio, readPortfolio } from '#features/portfolios';
import { holdingAnswer, listHoldings, readHoldingRow } from '#features/ledger';
import type { ApiRouter } from '#platform/http/index.ts';
import { ok } from '#platform/http/index.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import { gainOfHolding, gainOfPortfolio, gainsOfHoldings } from './gain.ts';
import { incomeRoutes } from './income-routes.ts';
import { performanceRoutes } from './performance-routes.ts';
import { momentOf, rowAsValued, valuationAnswer, valueHoldings } from './positions.ts';
import { summariseAll } from './household.ts';
import { summarise } from './summary.ts';

/** Registers the routes of valuation. */
export const valuationRoutes = (api: ApiRouter): void => {
  api.route('GET /api/summary', {
    keep: true,
    handle: async ({ tx, query, user, now }) =>
      ok(await summariseAll(tx, user.id, { ...query, now, timezone: user.timezone })),
  });
  performanceRoutes(api);
  incomeRoutes(api);

  api.route('GET /api/portfolios/:id/summary', {
    keep: { as: 'portfolio', of: ({ params }) => params.id },
    handle: async ({ tx, params, query, user, now }) =>
      ok(await summarise(tx, params.id, { ...query, now, timezone: user.timezone })),
  });

  api.route('GET /api/portfolios/:id/gain', {
    handle: async ({ tx, params, query, user, now }) =>
      ok(await gainOfPortfolio(tx, params.id, { ...query, now, timezone: user.timezone })),
  });

  api.route('GET /api/portfolios/:id/gains', {
    handle: async ({ tx, params, query, user, now }) =>
      ok(await gainsOfHoldings(tx, params.id, { ...query, now, timezone: user.timezone })),
  });

  api.route('GET /api/holdings/:id/gain', {
    handle: async ({ tx, params, query, user, now }) =>
      ok(await gainOfHolding(tx, params.id, { ...query, now, timezone: user.timezone })),
  });

  api.route('GET /api/portfolios/:id/holdings', {
    keep: true,
    handle: async ({ tx, params, query, user, now }) => {
      const moment = momentOf(query.asOf, now, user.timezone);
      await readPortfolio(tx, params.id);
      await enterPortfolio(tx, params.id);
      const limit = query.limit ?? DEFAULT_PAGE;
      const page = pageOf(
        await listHoldings(tx, params.id, { limit, after: readCursor(query.cursor), type: query.type }),
        limit,
      );
      const valued = await valueHoldings(tx, page.items, moment);
      const items = valued.map((row) => ({
        ...holdingAnswer(rowAsValued(row)),
        valuation: valuationAnswer(row, moment),
      }));
      return ok({ items, nextCursor: page.nextCursor });
    },
  });

  api.route('GET /api/holdings/:id', {
    handle: async ({ tx, params, user, now }) => {
      const moment = momentOf(undefined, now, user.timezone);
      const seen = await readHoldingRow(tx, params.id);
      await enterPortfolio(tx, seen.portfolio_id);
      const row = await readHoldingRow(tx, params.id);
      const [valued] = await valueHoldings(tx, [row], moment);
      if (!valued) throw new Error('a holding that was read was not valued');
      return ok({ ...holdingAnswer(row), valuation: valuationAnswer(valued, moment) }, { etag: row.version });
    },
  });
};
