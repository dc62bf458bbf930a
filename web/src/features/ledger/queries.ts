import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Holding = Answer<'GET /api/holdings/:id'>;
export type Trade = Answer<'GET /api/holdings/:id/trades'>['items'][number];
/** A trade with all legs of its event. */
export type TradeEvent = Answer<'GET /api/trades/:id'>;
export type HoldingGain = Answer<'GET /api/holdings/:id/gain'>;
export type CostMethod = HoldingGain['method'];
export type Deletion = Answer<'GET /api/deletions'>['items'][number];

const PAGE = 200;

const allHoldings = async (id: string, asOf: string | undefined, signal: AbortSignal): Promise<Holding[]> => {
  const items: Holding[] = [];
  let cursor: string | undefined;
  do {
    const page = await api('GET /api/portfolios/:id/holdings', {
      params: { id },
      query: { limit: PAGE, cursor, asOf },
      signal,
    });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
};

/** Every holding of a portfolio with its value. */
export const holdingsQuery = (portfolioId: string, asOf?: string) =>
  queryOptions({
    queryKey: ['holdings', portfolioId, asOf ?? 'today'],
    queryFn: ({ signal }) => allHoldings(portfolioId, asOf, signal),
  });

/** The cash of a portfolio, in all its accounts. */
export const cashQuery = (portfolioId: string) =>
  queryOptions({
    queryKey: ['holdings', portfolioId, 'cash'],
    queryFn: ({ signal }) =>
      api('GET /api/portfolios/:id/holdings', {
        params: { id: portfolioId },
        query: { limit: PAGE, type: 'Cash' },
        signal,
      }),
    select: (page) => page.items,
  });

export const holdingQuery = (id: string) =>
  queryOptions({
    queryKey: ['holding', id],
    queryFn: ({ signal }) => api('GET /api/holdings/:id', { params: { id }, signal }),
  });

const allTrades = async (id: string, signal: AbortSignal): Promise<Trade[]> => {
  const items: Trade[] = [];
  let cursor: string | undefined;
  do {
    const page = await api('GET /api/holdings/:id/trades', {
      params: { id },
      query: { limit: PAGE, cursor },
      signal,
    });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
};

export const tradesQuery = (holdingId: string) =>
  queryOptions({ queryKey: ['trades', holdingId], queryFn: ({ signal }) => allTrades(holdingId, signal) });

/** One trade with what else it moved: cash, the units that a dividend bought, the other end of a transfer. */
export const tradeQuery = (id: string) =>
  queryOptions({
    queryKey: ['trades', 'one', id],
    queryFn: ({ signal }) => api('GET /api/trades/:id', { params: { id }, signal }),
  });

/** What a holding has gained since its first trade. */
export const gainQuery = (id: string, method: CostMethod) =>
  queryOptions({
    queryKey: ['valuation', 'gain', id, method],
    queryFn: ({ signal }) => api('GET /api/holdings/:id/gain', { params: { id }, query: { method }, signal }),
  });

/** What was deleted and can be brought back, newest first. */
export const deletionsQuery = queryOptions({
  queryKey: ['deletions'],
  queryFn: ({ signal }) => api('GET /api/deletions', { query: { limit: PAGE }, signal }),
});

/** What rests on the ledger or on prices: fetched anew after a write. */
const DERIVED = [
  'holdings',
  'holding',
  'trades',
  'valuation',
  'look-through',
  'portfolios',
  'prices',
  'deletions',
] as const;

/** Marks everything that a write to the ledger, a price or a rate may have changed. */
export const refreshFigures = async (client: QueryClient): Promise<void> => {
  await Promise.all(DERIVED.map((key) => client.invalidateQueries({ queryKey: [key] })));
};
