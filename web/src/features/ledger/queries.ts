import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';
import { followHeld } from '../../lib/live.ts';

export type Holding = Answer<'GET /api/holdings/:id'>;
export type Trade = Answer<'GET /api/holdings/:id/trades'>['items'][number];
/** A trade with all legs of its event. */
export type TradeEvent = Answer<'GET /api/trades/:id'>;
export type HoldingGain = Answer<'GET /api/holdings/:id/gain'>;
export type CostMethod = HoldingGain['method'];
export type Deletion = Answer<'GET /api/deletions'>['items'][number];

const PAGE = 200;

/** Holdings as far as they are here. */
export type Holdings = { readonly items: readonly Holding[]; readonly complete: boolean };

type Pages<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

/** Fetches page after page; `seen` is told what is there so far. */
const allPages = async <T>(
  fetchPage: (cursor: string | undefined) => Promise<Pages<T>>,
  seen?: (items: readonly T[]) => void,
): Promise<T[]> => {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
    if (cursor !== undefined) seen?.([...items]);
  } while (cursor !== undefined);
  return items;
};

/** The holdings of a portfolio with their value; the first pages are shown while the others are on their way. */
export const holdingPagesQuery = (portfolioId: string, asOf?: string) => {
  const queryKey = ['holdings', portfolioId, asOf ?? 'today'];
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client }): Promise<Holdings> => {
      const isFirst = client.getQueryData<Holdings>(queryKey)?.complete !== true;
      const items = await allPages(
        (cursor) =>
          api('GET /api/portfolios/:id/holdings', {
            params: { id: portfolioId },
            query: { limit: PAGE, cursor, asOf },
            signal,
          }),
        (some) => isFirst && client.setQueryData<Holdings>(queryKey, { items: some, complete: false }),
      );
      return { items, complete: true };
    },
  });
};

const itemsOf = ({ items }: Holdings): readonly Holding[] => items;

/** Every holding of a portfolio with its value. */
export const holdingsQuery = (portfolioId: string, asOf?: string) =>
  queryOptions({ ...holdingPagesQuery(portfolioId, asOf), select: itemsOf });

export type ListedGain = Answer<'GET /api/portfolios/:id/gains'>['items'][number];

/** What each holding of a portfolio has gained since its first trade, by holding. */
export const gainsQuery = (portfolioId: string, asOf?: string) =>
  queryOptions({
    queryKey: ['valuation', 'gains', portfolioId, asOf ?? 'today'],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, ListedGain>> => {
      const items = await allPages((cursor) =>
        api('GET /api/portfolios/:id/gains', {
          params: { id: portfolioId },
          query: { limit: PAGE, cursor, asOf },
          signal,
        }),
      );
      return new Map(items.map((one) => [one.holdingId, one]));
    },
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

export const tradesQuery = (holdingId: string) =>
  queryOptions({
    queryKey: ['trades', holdingId],
    queryFn: ({ signal }): Promise<readonly Trade[]> =>
      allPages((cursor) =>
        api('GET /api/holdings/:id/trades', {
          params: { id: holdingId },
          query: { limit: PAGE, cursor },
          signal,
        }),
      ),
  });

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
  'activity',
  'plans',
] as const;

/** Marks everything that a write to the ledger, a price or a rate may have changed. */
export const refreshFigures = async (client: QueryClient): Promise<void> => {
  followHeld();
  await Promise.all(DERIVED.map((key) => client.invalidateQueries({ queryKey: [key] })));
};
