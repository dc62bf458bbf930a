import { queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Summary = Answer<'GET /api/portfolios/:id/summary'>;
export type FxRate = Answer<'GET /api/fx'>;

/** What a portfolio is worth, today or on a past day. */
export const summaryQuery = (id: string, asOf?: string) =>
  queryOptions({
    queryKey: ['valuation', 'summary', id, asOf ?? 'today'],
    queryFn: ({ signal }) =>
      api('GET /api/portfolios/:id/summary', { params: { id }, query: { asOf }, signal }),
  });

export type HouseholdSummary = Answer<'GET /api/summary'>;

/** All portfolios together, in the person's currency. */
export const householdQuery = (asOf?: string) =>
  queryOptions({
    queryKey: ['valuation', 'household', asOf ?? 'today'],
    queryFn: ({ signal }) => api('GET /api/summary', { query: { asOf }, signal }),
  });

/** Units of `to` for one unit of `from`. */
export const fxQuery = (from: string, to: string, date?: string) =>
  queryOptions({
    queryKey: ['fx', from, to, date ?? 'today'],
    queryFn: ({ signal }) => api('GET /api/fx', { query: { from, to, date }, signal }),
  });
