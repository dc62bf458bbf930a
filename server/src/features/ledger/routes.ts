/**
 * Routes that write the ledger, and the list of trades. Lists of holdings with their value are `valuation`'s.
 *
 * Contents: holdings (add · change · delete) · trades (list · record · correct · delete)
 */
import { dayIn } from '@pm/domain/calendar';

import type { ApiRouter } from '#platform/http/index.ts';
import { created, noContent, ok } from '#platform/http/index.ts';

import { holdingAnswer } from './answers.ts';
import { addHolding, changeHolding, deleteHolding } from './holdings.ts';
import { correctTrade, deleteTrade, listTrades, recordTrade } from './trades.ts';

/** Registers the ledger's routes. */
export const ledgerRoutes = (api: ApiRouter): void => {
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
    handle: async ({ tx, params, ifMatch }) => {
      await deleteHolding(tx, params.id, ifMatch);
      return noContent();
    },
  });

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
};
