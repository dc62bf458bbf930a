import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Performance = Answer<'GET /api/portfolios/:id/performance'>;
export type PerformanceDay = Answer<'GET /api/portfolios/:id/performance/days/:date'>;
export type Contribution = Performance['contributions'][number];

/** Periods by name, in the order in which they are offered. */
export const PERIODS = ['day', 'week', 'month', 'quarter', 'taxYear', 'year', 'start'] as const;
export type PeriodName = (typeof PERIODS)[number];

/** What the page is asked: a period by name or by its days, of what, and against what. */
export type Asked = {
  readonly period?: PeriodName | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly scope?: string | undefined;
  readonly benchmark?: string | undefined;
};

/** The worker looks every minute. */
const LOOK_AGAIN_MS = 60_000;

/** How a portfolio did, or all of them together. */
export const performanceQuery = (portfolioId: string | null, { scope, ...asked }: Asked) =>
  queryOptions({
    queryKey: ['valuation', 'performance', portfolioId ?? 'all', { scope, ...asked }],
    queryFn: ({ signal }): Promise<Performance> =>
      portfolioId === null
        ? api('GET /api/performance', { query: asked, signal })
        : api('GET /api/portfolios/:id/performance', {
            params: { id: portfolioId },
            query: { ...asked, scope },
            signal,
          }),
    placeholderData: keepPreviousData,
    // While the past is computed anew, so that the page says when it is done.
    refetchInterval: ({ state }) =>
      state.data !== undefined && state.data.completeness.changedFrom !== null ? LOOK_AGAIN_MS : false,
  });

/** One day opened. */
export const performanceDayQuery = (portfolioId: string, date: string, scope: string | undefined) =>
  queryOptions({
    queryKey: ['valuation', 'performance-day', portfolioId, date, scope ?? 'portfolio'],
    queryFn: ({ signal }) =>
      api('GET /api/portfolios/:id/performance/days/:date', {
        params: { id: portfolioId, date },
        query: { scope },
        signal,
      }),
  });
