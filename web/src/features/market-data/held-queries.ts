import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';
import { refreshFigures } from '../ledger/queries.ts';

export type HeldPrice = Answer<'GET /api/market-data/quarantine'>['items'][number];
export type HeldStatus = HeldPrice['status'];

const MOST = 200;

/** Prices that look wrong: those that wait, or those that were decided on. */
export const heldQuery = (status: HeldStatus) =>
  queryOptions({
    queryKey: ['held prices', status],
    queryFn: ({ signal }) =>
      api('GET /api/market-data/quarantine', { query: { status, limit: MOST }, signal }),
    select: (page) => page.items,
  });

export type Decision = 'accept' | 'accept with split' | 'reject' | 'reopen';

/** Decides on a held price, or takes the decision back. */
export const decide = async (client: QueryClient, id: string, decision: Decision): Promise<void> => {
  const params = { id };
  if (decision === 'reopen') await api('POST /api/market-data/quarantine/:id/reopen', { params });
  else if (decision === 'reject') {
    await api('POST /api/market-data/quarantine/:id/reject', { params, body: {} });
  } else {
    const body = { recordSplit: decision === 'accept with split' };
    await api('POST /api/market-data/quarantine/:id/accept', { params, body });
  }
  await Promise.all([client.invalidateQueries({ queryKey: ['held prices'] }), refreshFigures(client)]);
};
