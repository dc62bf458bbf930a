import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';
import { followHeld } from '../../lib/live.ts';

export type Watched = Answer<'GET /api/watchlist'>['items'][number];

const MOST = 200;

/** What the person watches, with prices. */
export const watchlistQuery = queryOptions({
  queryKey: ['watchlist'],
  queryFn: ({ signal }) => api('GET /api/watchlist', { query: { limit: MOST }, signal }),
  select: (page) => page.items,
});

/** Begins or ends to watch an instrument, and follows its price. */
export const setWatched = async (
  client: QueryClient,
  change: { readonly add: string } | { readonly remove: string },
): Promise<void> => {
  if ('add' in change) await api('POST /api/watchlist', { body: { instrumentId: change.add } });
  else await api('DELETE /api/watchlist/:id', { params: { id: change.remove } });
  followHeld();
  await client.invalidateQueries({ queryKey: ['watchlist'] });
};
