import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  DecimalText,
  IdParams,
  Instant,
  Literals,
  Nullable,
  pageQuery,
  Percent,
  Uuid,
} from '../common.ts';
import { PortfolioBudgets, PortfolioLists } from '../portfolios.ts';
import { defineRoutes } from '../route.ts';

export const RecordedHolding = Closed({
  id: Uuid,
  instrumentId: Nullable(Uuid),
  name: Type.String({ description: 'What it is called today' }),
  ticker: Nullable(Type.String()),
  section: Type.String(),
  theme: Type.String(),
  account: Type.String(),
  qty: DecimalText,
  avgCost: Nullable(DecimalText),
  costBasis: DecimalText,
  targetPct: Nullable(Percent),
  include: Type.Boolean(),
  notes: Nullable(Type.String()),
  tradeCount: Type.Integer({ description: 'Trades that it had then' }),
});

/** A portfolio as it was recorded at a moment; not what today's ledger says of that day (`asOf`). */
export const RecordedPortfolio = Closed({
  at: Instant,
  id: Uuid,
  name: Type.String(),
  type: Literals(['actual', 'draft', 'model']),
  baseCurrency: CurrencyCode,
  lists: PortfolioLists,
  budgets: PortfolioBudgets,
  version: Type.Integer(),
  validFrom: Type.String({ ...Instant, description: 'When it was recorded as it stood then' }),
  validTo: Nullable(Type.String({ ...Instant, description: 'When that changed; null: it stands so today' })),
  firstRecorded: Type.String({ ...Instant, description: 'The first moment that can be asked for' }),
  holdings: Type.Array(RecordedHolding),
  nextCursor: Nullable(Type.String({ description: 'Send as cursor for more holdings' })),
});

export const historyRoutes = defineRoutes({
  'GET /api/portfolios/:id/history': {
    summary: 'A portfolio with its holdings as they were recorded at a past moment',
    tags: ['privacy'],
    auth: 'user',
    params: IdParams,
    query: Closed({
      ...pageQuery,
      at: Type.Optional(Type.String({ ...Instant, description: 'The moment; without it now' })),
    }),
    response: { 200: RecordedPortfolio },
  },
});
