/**
 * Routes that write the ledger, and the list of trades. Lists of holdings with their value are `valuation`'s. Changing and
 * deleting a portfolio are the ledger's: another currency restates its trades, and its transfers reach into others.
 *
 * Contents: holdings (add · change · delete) · trades (list · record · read · correct · delete) · deletions (list · undo) ·
 * copies (draft · promote) · changing and deleting a portfolio
 */
import { dayIn } from '@pm/domain/calendar';

import type { ApiRouter } from '#platform/http/index.ts';
import { created, ok } from '#platform/http/index.ts';

import { holdingAnswer } from './answers.ts';
import { changePortfolio } from './base-currency.ts';
import { draftOf, promote } from './copies.ts';
import { debtRoutes } from './debt-routes.ts';
import { deleteHolding, deletePortfolio, listDeletions, restoreDeletion } from './deletions.ts';
import { deleteTrade } from './events.ts';
import { addHolding, changeHolding } from './holdings.ts';
import { planRoutes } from './plan-routes.ts';
import { correctTrade, listTrades, readTrade, recordTrade } from './trades.ts';

/** Registers the ledger's routes. */
export const ledgerRoutes = (api: ApiRouter): void => {
  holdingRoutes(api);
  tradeRoutes(api);
  copyRoutes(api);
  deletionRoutes(api);
  planRoutes(api);
  debtRoutes(api);
};

const holdingRoutes = (api: ApiRouter): void => {
  api.route('POST /api/portfolios/:id/holdings', {
    handle: async ({ tx, params, body, user, now }) => {
      const holding = holdingAnswer(await addHolding(tx, params.id, body, dayIn(now, user.timezone)));
      return created(holding, { etag: holding.version });
    },
  });

  api.route('PATCH /api/holdings/:id', {
    handle: async ({ tx, params, body, ifMatch, user, now }) => {
      const holding = holdingAnswer(
        await changeHolding(tx, params.id, body, ifMatch, dayIn(now, user.timezone)),
      );
      return ok(holding, { etag: holding.version });
    },
  });

  api.route('DELETE /api/holdings/:id', {
    handle: async ({ tx, params, ifMatch }) =>
      ok({ deletionId: await deleteHolding(tx, params.id, ifMatch) }),
  });
};

const tradeRoutes = (api: ApiRouter): void => {
  api.route('GET /api/holdings/:id/trades', {
    handle: async ({ tx, params, query }) => ok(await listTrades(tx, params.id, query)),
  });

  api.route('POST /api/holdings/:id/trades', {
    handle: async ({ tx, params, body, user, now }) =>
      created(await recordTrade(tx, params.id, body, dayIn(now, user.timezone))),
  });

  api.route('PATCH /api/trades/:id', {
    handle: async ({ tx, params, body, ifMatch, user, now }) => {
      const trade = await correctTrade(tx, params.id, body, ifMatch, dayIn(now, user.timezone));
      return ok(trade, { etag: trade.version });
    },
  });

  api.route('DELETE /api/trades/:id', {
    handle: async ({ tx, params, ifMatch }) => ok(await deleteTrade(tx, params.id, ifMatch)),
  });

  api.route('GET /api/trades/:id', {
    handle: async ({ tx, params }) => {
      const { trade, version } = await readTrade(tx, params.id);
      return ok(trade, { etag: version });
    },
  });
};

const copyRoutes = (api: ApiRouter): void => {
  api.route('POST /api/portfolios/:id/draft', {
    handle: async ({ tx, params, body, user, now }) => {
      const request = { userId: user.id, name: body?.name, today: dayIn(now, user.timezone) };
      const draft = await draftOf(tx, params.id, request);
      return created(draft, { etag: draft.version });
    },
  });

  api.route('POST /api/portfolios/:id/promote', {
    handle: async ({ tx, params, body, user, now }) => {
      const request = { userId: user.id, name: body?.name, today: dayIn(now, user.timezone) };
      const portfolio = await promote(tx, params.id, request);
      return created(portfolio, { etag: portfolio.version });
    },
  });
};

const deletionRoutes = (api: ApiRouter): void => {
  api.route('GET /api/deletions', { handle: async ({ tx, query }) => ok(await listDeletions(tx, query)) });

  api.route('POST /api/deletions/:id/restore', {
    handle: async ({ tx, params }) => ok(await restoreDeletion(tx, params.id)),
  });

  api.route('PATCH /api/portfolios/:id', {
    handle: async ({ tx, params, body, ifMatch, user, now }) => {
      const today = dayIn(now, user.timezone);
      const portfolio = await changePortfolio(tx, params.id, body, ifMatch, today);
      return ok(portfolio, { etag: portfolio.version });
    },
  });

  api.route('DELETE /api/portfolios/:id', {
    handle: async ({ tx, params, ifMatch, user }) =>
      ok({ deletionId: await deletePortfolio(tx, params.id, ifMatch, user.id) }),
  });
};
