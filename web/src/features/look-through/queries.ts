import { queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Exposure = Answer<'GET /api/portfolios/:id/exposure'>;
export type Company = Exposure['byCompany'][number];
export type Overlap = Answer<'GET /api/overlap'>;
export type Basis = Exposure['basis'];
export type Scope = { readonly kind: 'portfolio' | 'holding' | 'instrument'; readonly id: string };

const COMPANIES = 2_000;

type Asked = {
  readonly asOf?: string | undefined;
  readonly basis?: Basis | undefined;
  readonly companies?: number;
};

const fetchExposure = (scope: Scope, asked: Asked, signal: AbortSignal): Promise<Exposure> => {
  const request = { params: { id: scope.id }, query: { companies: COMPANIES, ...asked }, signal };
  if (scope.kind === 'portfolio') return api('GET /api/portfolios/:id/exposure', request);
  return scope.kind === 'holding'
    ? api('GET /api/holdings/:id/exposure', request)
    : api('GET /api/instruments/:id/exposure', request);
};

/** What a portfolio, a holding or an instrument really holds. */
export const exposureQuery = (scope: Scope, asked: Asked = {}) =>
  queryOptions({
    queryKey: [
      'look-through',
      'exposure',
      scope.kind,
      scope.id,
      asked.asOf ?? 'latest',
      asked.basis ?? 'published',
      asked.companies ?? COMPANIES,
    ],
    queryFn: ({ signal }) => fetchExposure(scope, asked, signal),
  });

/** What a portfolio's funds, or any chosen funds, hold in common. */
export const overlapQuery = (
  scope: { portfolio: string } | { instruments: readonly string[] },
  asOf?: string,
) =>
  queryOptions({
    queryKey: ['look-through', 'overlap', scope, asOf ?? 'latest'],
    queryFn: ({ signal }) =>
      'portfolio' in scope
        ? api('GET /api/portfolios/:id/overlap', { params: { id: scope.portfolio }, query: { asOf }, signal })
        : api('GET /api/overlap', { query: { instruments: scope.instruments.join(','), asOf }, signal }),
  });
