import { QueryClient, queryOptions } from '@tanstack/react-query';
import { api, ApiOffline, ApiProblem, type Answer } from './api.ts';

/** The person signed in. */
export type Me = Answer<'GET /api/me'>;

const FRESH_MS = 30_000;
const MOST_RETRIES = 2;

const worthAnotherTry = (count: number, error: Error): boolean => {
  if (error instanceof ApiOffline) return false;
  if (error instanceof ApiProblem) return error.status >= 500 && count < MOST_RETRIES;
  return false;
};

const pause = (count: number, error: Error): number =>
  error instanceof ApiProblem && error.retryAfter !== undefined
    ? Math.min(error.retryAfter, 10) * 1000
    : 400 * 2 ** count;

/** The one store of what the server said. Failed reads wait for the connection and then go on by themselves. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: FRESH_MS, retry: worthAnotherTry, retryDelay: pause, networkMode: 'online' },
    // A write that cannot be sent says so at once; the form keeps what was typed.
    mutations: { networkMode: 'always' },
  },
});

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api('GET /api/me', { signal }),
  staleTime: 5 * 60_000,
});
