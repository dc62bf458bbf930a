import { queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Price = Answer<'GET /api/instruments/:id/prices'>['items'][number];
export type ProviderState = Answer<'GET /api/market-data/status'>['providers'][number];

const SHOWN = 60;

/** The newest prices of an instrument, the feed's and the person's own. */
export const pricesQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: ['prices', instrumentId],
    queryFn: ({ signal }) =>
      api('GET /api/instruments/:id/prices', {
        params: { id: instrumentId },
        query: { limit: SHOWN },
        signal,
      }),
    select: (page) => page.items,
  });

/** How each source of prices and rates is doing. */
export const statusQuery = queryOptions({
  queryKey: ['market data status'],
  queryFn: ({ signal }) => api('GET /api/market-data/status', { signal }),
  select: (status) => status.providers,
});
