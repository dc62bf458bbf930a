/**
 * Routes of privacy. The archive has a file of its own.
 *
 * Contents: activity (list · undo) · history · erasure (what it takes · oneself)
 */
import { dayIn } from '@pm/domain/calendar';

import type { IdentityDeps } from '#features/identity';
import {
  ACCESS_COOKIE,
  ACCESS_COOKIE_PATH,
  REFRESH_COOKIE,
  REFRESH_COOKIE_PATH,
  noContent,
  ok,
} from '#platform/http/index.ts';
import type { ApiRouter, ReplyCookie } from '#platform/http/index.ts';

import { listActivity } from './activity.ts';
import { archiveRoutes } from './archive-routes.ts';
import { confirmPerson, previewErasure, requestErasure } from './erasure.ts';
import { portfolioAt } from './history.ts';
import { undoAct } from './take-back.ts';

const FORGET: readonly ReplyCookie[] = [
  { name: ACCESS_COOKIE, value: undefined, path: ACCESS_COOKIE_PATH },
  { name: REFRESH_COOKIE, value: undefined, path: REFRESH_COOKIE_PATH },
];

/** Registers the routes of privacy. */
export const privacyRoutes = (api: ApiRouter, deps: IdentityDeps): void => {
  archiveRoutes(api);

  api.route('GET /api/me/activity', {
    handle: async ({ tx, user, query }) => ok(await listActivity(tx, user.id, query)),
  });

  api.route('POST /api/me/activity/:id/undo', {
    handle: async ({ tx, user, params, now }) =>
      ok(await undoAct(tx, params.id, { userId: user.id, today: dayIn(now, user.timezone) })),
  });

  api.route('GET /api/portfolios/:id/history', {
    handle: async ({ tx, params, query, now }) => ok(await portfolioAt(tx, params.id, query, now)),
  });

  api.route('GET /api/me/erasure', { handle: async ({ tx, user }) => ok(await previewErasure(tx, user.id)) });

  api.route('DELETE /api/me', {
    prepare: async ({ body, user }) => confirmPerson(deps, user, body),
    handle: async ({ tx, user }) => {
      await requestErasure(tx, user.id);
      return noContent({ cookies: FORGET });
    },
  });
};
