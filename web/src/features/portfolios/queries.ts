import { queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Portfolio = Answer<'GET /api/portfolios/:id'>;

const MOST = 200;

export const portfoliosQuery = queryOptions({
  queryKey: ['portfolios'],
  queryFn: ({ signal }) => api('GET /api/portfolios', { query: { limit: MOST }, signal }),
  select: (page) => page.items,
});

export const mayEdit = (portfolio: Portfolio): boolean => portfolio.access !== 'view';
