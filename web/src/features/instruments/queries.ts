import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Instrument = Answer<'GET /api/instruments/:id'>;
export type Listing = Instrument['listings'][number];

type Narrowed = {
  readonly limit: number;
  readonly withConstituents?: boolean;
  readonly type?: Instrument['type'] | undefined;
};

/** Instruments whose name, ticker or ISIN fits. */
export const instrumentSearch = (typed: string, { limit, withConstituents, type }: Narrowed) => {
  const query = typed.trim();
  return queryOptions({
    queryKey: ['instruments', 'search', query.toLowerCase(), limit, withConstituents ?? false, type ?? 'all'],
    queryFn: ({ signal }) =>
      api('GET /api/instruments', {
        query: {
          limit,
          type,
          query: query === '' ? undefined : query,
          withConstituents: withConstituents === true ? true : undefined,
        },
        signal,
      }),
    select: (page) => page.items,
    placeholderData: keepPreviousData,
  });
};

export const instrumentQuery = (id: string) =>
  queryOptions({
    queryKey: ['instruments', 'one', id],
    queryFn: ({ signal }) => api('GET /api/instruments/:id', { params: { id }, signal }),
  });

/** The few words that tell an instrument apart: ticker, market, ISIN. */
export const instrumentTag = (instrument: {
  ticker: string | null;
  exchange: string | null;
  isin: string | null;
}): string =>
  [instrument.ticker, instrument.exchange, instrument.isin].filter((part) => part !== null).join(' · ');
