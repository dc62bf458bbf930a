import { queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type Access = Answer<'GET /api/portfolios/:id/access'>;
export type Person = Access['people'][number];
export type SentInvitation = Access['invitations'][number];
export type ReceivedInvitation = Answer<'GET /api/invitations'>['items'][number];

/** Who may see and write a portfolio, and who has been asked. */
export const accessQuery = (portfolioId: string) =>
  queryOptions({
    queryKey: ['portfolios', portfolioId, 'access'],
    queryFn: ({ signal }) => api('GET /api/portfolios/:id/access', { params: { id: portfolioId }, signal }),
  });

/**
 * Portfolios that others have asked the person to share. Not cut off when a page is left: the next one shows it too and
 * would ask again.
 */
export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: () => api('GET /api/invitations', { query: { limit: 200 } }),
  select: (page) => page.items,
});
