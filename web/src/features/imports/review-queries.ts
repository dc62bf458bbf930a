import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Review = Answer<'GET /api/identity-reviews/:id'>;
export type ReviewStatus = Review['status'];
export type Candidate = Review['candidates'][number];

export const REVIEWS_PAGE = 50;

type Filter = { readonly status: ReviewStatus; readonly importId?: string | undefined };

/** Rows in doubt, the newest first. */
export const reviewsQuery = ({ status, importId }: Filter) =>
  infiniteQueryOptions({
    queryKey: ['look-through', 'reviews', status, importId ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/identity-reviews', {
        query: { status, importId, limit: REVIEWS_PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

/** How many questions wait for this person: those of the first page, and whether there are more. */
export const useOpenReviews = (): { count: number; more: boolean } => {
  const query = useInfiniteQuery(reviewsQuery({ status: 'open' }));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return { count: items.filter((one) => one.mayDecide).length, more: query.hasNextPage };
};
