/** Routes of privacy. Contents: erasure (what it takes · oneself); the archive has a file of its own */
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

import { archiveRoutes } from './archive-routes.ts';
import { confirmPerson, previewErasure, requestErasure } from './erasure.ts';

const FORGET: readonly ReplyCookie[] = [
  { name: ACCESS_COOKIE, value: undefined, path: ACCESS_COOKIE_PATH },
  { name: REFRESH_COOKIE, value: undefined, path: REFRESH_COOKIE_PATH },
];

/** Registers the routes of privacy. */
export const privacyRoutes = (api: ApiRouter, deps: IdentityDeps): void => {
  archiveRoutes(api);

  api.route('GET /api/me/erasure', { handle: async ({ tx, user }) => ok(await previewErasure(tx, user.id)) });

  api.route('DELETE /api/me', {
    prepare: async ({ body, user }) => confirmPerson(deps, user, body),
    handle: async ({ tx, user }) => {
      await requestErasure(tx, user.id);
      return noContent({ cookies: FORGET });
    },
  });
};
