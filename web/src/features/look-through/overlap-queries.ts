import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Shared = Answer<'GET /api/overlap/shared'>;
export type SharedCompany = Shared['items'][number];
export type Candidate = Answer<'GET /api/portfolios/:id/overlap/candidate'>;
export type Cover = Answer<'GET /api/portfolios/:id/overlap/cover'>;

const PAGE = 200;

export type Side = 'both' | 'onlyA' | 'onlyB';
type Pair = {
  readonly a: string;
  readonly b: string;
  readonly of: Side;
  readonly q: string;
  readonly asOf: string | undefined;
};

/** The companies that two funds both hold, or only one of them, the largest first. */
export const sharedQuery = ({ a, b, of, q, asOf }: Pair) =>
  infiniteQueryOptions({
    queryKey: ['look-through', 'overlap', 'shared', a, b, of, q, asOf ?? 'latest'],
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/overlap/shared', {
        query: { a, b, of, q: q === '' ? undefined : q, asOf, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

type Asked = {
  readonly portfolio: string;
  readonly instrument: string;
  readonly amount: string | undefined;
  readonly asOf: string | undefined;
};

/** What something that is not held yet would add to a portfolio. */
export const candidateQuery = ({ portfolio, instrument, amount, asOf }: Asked) =>
  queryOptions({
    queryKey: ['look-through', 'overlap', 'candidate', portfolio, instrument, amount ?? '', asOf ?? 'latest'],
    queryFn: ({ signal }) =>
      api('GET /api/portfolios/:id/overlap/candidate', {
        params: { id: portfolio },
        query: { instrument, amount, asOf },
        signal,
      }),
    placeholderData: (before, query) => (query?.queryKey[4] === instrument ? before : undefined),
  });

/** The fewest funds of a portfolio that hold most of what all of them hold. */
export const coverQuery = (portfolio: string, target: number, asOf: string | undefined) =>
  queryOptions({
    queryKey: ['look-through', 'overlap', 'cover', portfolio, target, asOf ?? 'latest'],
    queryFn: ({ signal }) =>
      api('GET /api/portfolios/:id/overlap/cover', {
        params: { id: portfolio },
        query: { target, asOf },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
