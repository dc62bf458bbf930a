import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Instrument = Answer<'GET /api/instruments/:id'>;
export type Listing = Instrument['listings'][number];

/** Instruments whose name, ticker or ISIN fits; the newest when nothing is typed. */
export const instrumentSearch = (query: string, limit = 20, withConstituents = false) =>
  queryOptions({
    queryKey: ['instruments', 'search', query.trim().toLowerCase(), limit, withConstituents],
    queryFn: ({ signal }) =>
      api('GET /api/instruments', {
        query: {
          limit,
          ...(query.trim() === '' ? {} : { query: query.trim() }),
          ...(withConstituents ? { withConstituents } : {}),
        },
        signal,
      }),
    select: (page) => page.items,
    placeholderData: keepPreviousData,
  });

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
