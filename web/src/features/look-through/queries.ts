import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';
import type { Division, Filter } from './view.ts';

export type Exposure = Answer<'GET /api/portfolios/:id/exposure'>;
export type Cross = NonNullable<Exposure['cross']>;
export type HeldCompany = Answer<'GET /api/portfolios/:id/exposure/companies'>['items'][number];
export type Explained = Answer<'GET /api/portfolios/:id/exposure/companies/:instrumentId'>;
export type Overlap = Answer<'GET /api/overlap'>;
export type Basis = Exposure['basis'];
/** What is looked through; all portfolios have no id. */
export type Scope = { readonly kind: 'all' | 'portfolio' | 'holding' | 'instrument'; readonly id: string };

export const ALL_PORTFOLIOS: Scope = { kind: 'all', id: '' };

/** What every question about an exposure says: of which day, on which weights. */
export type Moment = { readonly asOf?: string | undefined; readonly basis?: Basis | undefined };
const keyOf = (scope: Scope, { asOf, basis }: Moment) =>
  [scope.kind, scope.id, asOf ?? 'latest', basis ?? 'published'] as const;

type Asked = Moment & { readonly companies?: number; readonly issuers?: number; readonly by?: string };

const fetchExposure = (scope: Scope, query: Asked, signal: AbortSignal): Promise<Exposure> => {
  const asked = { companies: 0, ...query };
  if (scope.kind === 'all') return api('GET /api/exposure', { query: asked, signal });
  const request = { params: { id: scope.id }, query: asked, signal };
  if (scope.kind === 'portfolio') return api('GET /api/portfolios/:id/exposure', request);
  return scope.kind === 'holding'
    ? api('GET /api/holdings/:id/exposure', request)
    : api('GET /api/instruments/:id/exposure', request);
};

/** What a portfolio, a holding or an instrument really holds, without its companies. */
export const exposureQuery = (scope: Scope, moment: Moment = {}) =>
  queryOptions({
    queryKey: ['look-through', 'exposure', ...keyOf(scope, moment)],
    queryFn: ({ signal }) => fetchExposure(scope, moment, signal),
  });

/** Companies and issuers that are drawn one by one; the others of a part share a place. */
const DRAWN = 300;

/** Two divisions at once. */
export const crossQuery = (scope: Scope, moment: Moment, [a, b]: readonly [Division, Division]) =>
  queryOptions({
    queryKey: ['look-through', 'cross', ...keyOf(scope, moment), a, b],
    queryFn: async ({ signal }) => {
      const several = [a, b].some((one) => one === 'company' || one === 'issuer');
      const by = `${a},${b}`;
      const { cross } = await fetchExposure(
        scope,
        { ...moment, by, ...(several && { companies: DRAWN, issuers: DRAWN }) },
        signal,
      );
      return cross ?? { by: [], cells: [] };
    },
  });

/** Share classes and bonds added up by who issued them. */
export const issuersQuery = (scope: Scope, moment: Moment) =>
  queryOptions({
    queryKey: ['look-through', 'issuers', ...keyOf(scope, moment)],
    queryFn: async ({ signal }) => {
      const { byIssuer, concentration } = await fetchExposure(scope, { ...moment, issuers: DRAWN }, signal);
      return { issuers: byIssuer ?? [], concentration: concentration.issuers };
    },
  });

/** Which companies are asked for, in which order. */
export type CompaniesAsked = {
  readonly filters: readonly Filter[];
  readonly q?: string | undefined;
  readonly kinds?: 'everything' | undefined;
  readonly sort?: { readonly id: string; readonly desc: boolean } | undefined;
};

const PAGE = 200;

/** One page of companies, `cursor` on. */
export const fetchCompanies = (
  scope: Scope,
  moment: Moment,
  asked: CompaniesAsked,
  cursor: string | undefined,
  signal?: AbortSignal,
) => {
  const words = Object.fromEntries(asked.filters.map(({ dimension, word }) => [dimension, word]));
  const order = asked.sort && {
    sort: asked.sort.id === 'name' ? ('name' as const) : ('pct' as const),
    order: asked.sort.desc ? ('desc' as const) : ('asc' as const),
  };
  const query = { ...moment, ...words, ...order, q: asked.q, kinds: asked.kinds, limit: PAGE, cursor };
  if (scope.kind === 'all') return api('GET /api/exposure/companies', { query, signal });
  const request = { params: { id: scope.id }, query, signal };
  if (scope.kind === 'portfolio') return api('GET /api/portfolios/:id/exposure/companies', request);
  return scope.kind === 'holding'
    ? api('GET /api/holdings/:id/exposure/companies', request)
    : api('GET /api/instruments/:id/exposure/companies', request);
};

/** The companies behind everything, page by page; the first page also fills the pictures. */
export const companiesQuery = (scope: Scope, moment: Moment, asked: CompaniesAsked) =>
  infiniteQueryOptions({
    queryKey: ['look-through', 'companies', ...keyOf(scope, moment), asked],
    queryFn: ({ pageParam, signal }) => fetchCompanies(scope, moment, asked, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Every way to one company, down to the imported rows. */
export const companyQuery = (scope: Scope, moment: Moment, instrumentId: string) =>
  queryOptions({
    queryKey: ['look-through', 'company', ...keyOf(scope, moment), instrumentId],
    queryFn: ({ signal }) => {
      const query = { ...moment, limit: PAGE };
      if (scope.kind === 'all') {
        return api('GET /api/exposure/companies/:id', { params: { id: instrumentId }, query, signal });
      }
      const request = { params: { id: scope.id, instrumentId }, query, signal };
      const path = 'exposure/companies/:instrumentId' as const;
      if (scope.kind === 'portfolio') return api(`GET /api/portfolios/:id/${path}`, request);
      return scope.kind === 'holding'
        ? api(`GET /api/holdings/:id/${path}`, request)
        : api(`GET /api/instruments/:id/${path}`, request);
    },
  });

/** What a portfolio's funds, or any chosen funds, hold in common. */
export const overlapQuery = (
  scope: 'all' | { portfolio: string } | { instruments: readonly string[] },
  asOf?: string,
) =>
  queryOptions({
    queryKey: ['look-through', 'overlap', scope, asOf ?? 'latest'],
    queryFn: ({ signal }) =>
      scope === 'all'
        ? api('GET /api/overlap', { query: { asOf }, signal })
        : 'portfolio' in scope
          ? api('GET /api/portfolios/:id/overlap', {
              params: { id: scope.portfolio },
              query: { asOf },
              signal,
            })
          : api('GET /api/overlap', { query: { instruments: scope.instruments.join(','), asOf }, signal }),
  });
