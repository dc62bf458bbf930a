/** Routes of portfolios. Deleting one is the ledger's. Contents: list · create · read · change */
import type { ApiRouter } from '#platform/http/index.ts';
import { created, ok } from '#platform/http/index.ts';

import { changePortfolio, createPortfolio, listPortfolios, readPortfolio } from './service.ts';

/** Registers the routes of portfolios. */
export const portfolioRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios', { handle: async ({ tx, query }) => ok(await listPortfolios(tx, query)) });

  api.route('POST /api/portfolios', {
    handle: async ({ tx, user, body }) => {
      const portfolio = await createPortfolio(tx, user.id, body);
      return created(portfolio, { etag: portfolio.version });
    },
  });

  api.route('GET /api/portfolios/:id', {
    handle: async ({ tx, params }) => {
      const portfolio = await readPortfolio(tx, params.id);
      return ok(portfolio, { etag: portfolio.version });
    },
  });

  api.route('PATCH /api/portfolios/:id', {
    handle: async ({ tx, params, body, ifMatch }) => {
      const portfolio = await changePortfolio(tx, params.id, body, ifMatch);
      return ok(portfolio, { etag: portfolio.version });
    },
  });
};
