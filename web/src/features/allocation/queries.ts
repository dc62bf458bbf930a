import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Answer, type Request } from '../../lib/api.ts';

export type Allocation = Answer<'GET /api/portfolios/:id/allocation'>;
export type AllocatedHolding = Allocation['holdings'][number];
export type RebalanceAsked = Omit<
  NonNullable<Request<'GET /api/portfolios/:id/allocation'>['query']>,
  'asOf'
>;

/** Actual against target, today or on a past day. */
export const allocationQuery = (id: string, asOf?: string) =>
  queryOptions({
    queryKey: ['valuation', 'allocation', id, asOf ?? 'today'],
    queryFn: ({ signal }) =>
      api('GET /api/portfolios/:id/allocation', { params: { id }, query: { asOf }, signal }),
  });

/** The same with what to trade to come back to target. */
export const rebalanceQuery = (id: string, asked: RebalanceAsked) =>
  queryOptions({
    queryKey: ['valuation', 'rebalance', id, asked],
    queryFn: ({ signal }) =>
      api('GET /api/portfolios/:id/allocation', { params: { id }, query: asked, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
