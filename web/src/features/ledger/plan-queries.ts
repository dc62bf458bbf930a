import { queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Plan = Answer<'GET /api/plans/:id'>;
export type Proposal = Answer<'POST /api/proposals/:id/skip'>;
export type ProposalLine = Proposal['lines'][number];

const PAGE = 200;
/** Shown beside other things: how many wait, up to here. */
const GLANCE = 20;

/** Recurring plans of a portfolio. */
export const plansQuery = (portfolioId: string) =>
  queryOptions({
    queryKey: ['plans', portfolioId],
    queryFn: ({ signal }) =>
      api('GET /api/portfolios/:id/plans', { params: { id: portfolioId }, query: { limit: PAGE }, signal }),
    select: (page) => page.items,
  });

/** What waits to be confirmed, the oldest day first. */
export const proposalsQuery = (portfolioId: string) =>
  queryOptions({
    queryKey: ['plans', portfolioId, 'open'],
    queryFn: ({ signal }) =>
      api('GET /api/portfolios/:id/proposals', {
        params: { id: portfolioId },
        query: { status: 'open', limit: GLANCE },
        signal,
      }),
  });
