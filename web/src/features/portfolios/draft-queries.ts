import { queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Comparison = Answer<'GET /api/portfolios/:id/diff'>;
export type Side = Comparison['left'];

/** Two portfolios side by side. */
export const comparisonQuery = (left: string, right: string) =>
  queryOptions({
    queryKey: ['look-through', 'diff', left, right],
    queryFn: ({ signal }) =>
      api('GET /api/portfolios/:id/diff', { params: { id: left }, query: { against: right }, signal }),
  });

/** By what two portfolios are compared, in the order of the tabs. */
export const COMPARED_BY = [
  'holdings',
  'section',
  'theme',
  'account',
  'region',
  'country',
  'sector',
  'currency',
  'assetClass',
  'company',
] as const;
export type ComparedBy = (typeof COMPARED_BY)[number];
