/** HTTP of identity: sign-in with its cookies, the account, sessions and personal access tokens. */
import {
  ACCESS_COOKIE,
  ACCESS_COOKIE_PATH,
  REFRESH_COOKIE,
  REFRESH_COOKIE_PATH,
  created,
  noContent,
  ok,
  refused,
} from '#platform/http/index.ts';
import type { ApiRouter, ReplyCookie } from '#platform/http/index.ts';
import { unauthorised } from '#platform/errors.ts';

import * as service from './service.ts';
import type { IdentityDeps, SignIn } from './service.ts';

/** Where the refresh token travels: a browser's cookie, or the body for scripts that keep none. */
type Carrier = 'cookie' | 'body';

const FORGET: readonly ReplyCookie[] = [
  { name: ACCESS_COOKIE, value: undefined, path: ACCESS_COOKIE_PATH },
  { name: REFRESH_COOKIE, value: undefined, path: REFRESH_COOKIE_PATH },
];

/** Body and cookies of a successful sign-in. With `body`, nothing is left in a cookie jar. */
const signedIn = ({ answer, refreshToken, refreshExpiresAt }: SignIn, carrier: Carrier) => {
  if (carrier === 'body') return { body: { ...answer, refreshToken }, cookies: [] };
  const cookies: ReplyCookie[] = [
    {
      name: ACCESS_COOKIE,
      value: answer.token,
      path: ACCESS_COOKIE_PATH,
      expiresAt: Temporal.Instant.from(answer.expiresAt),
    },
    { name: REFRESH_COOKIE, value: refreshToken, path: REFRESH_COOKIE_PATH, expiresAt: refreshExpiresAt },
  ];
  return { body: answer, cookies };
};

const signInRoutes = (api: ApiRouter, deps: IdentityDeps): void => {
  api.route('GET /api/auth/options', {
    handle: async ({ tx }) => ok(await service.registrationOptions(tx, deps)),
  });

  api.route('POST /api/auth/register', {
    prepare: async ({ body }) => deps.passwords.hash(body.password, body.email),
    handle: async ({ tx, body, query, prepared: passwordHash, client, now }) => {
      const { email, name, locale, timezone } = body;
      const account = { email, passwordHash, name, locale, timezone };
      const device = { ip: client.ip, userAgent: client.userAgent };
      const signIn = await service.register(tx, deps, account, device, now);
      const { body: answer, cookies } = signedIn(signIn, query.refreshToken ?? 'cookie');
      return created(answer, { cookies });
    },
  });

  api.route('POST /api/auth/login', {
    prepare: async ({ body }) => service.checkCredentials(deps, body),
    handle: async ({ tx, query, prepared: userId, client, now }) => {
      const device = { ip: client.ip, userAgent: client.userAgent };
      const signIn = await service.startSession(tx, deps, userId, device, now);
      const { body, cookies } = signedIn(signIn, query.refreshToken ?? 'cookie');
      return ok(body, { cookies });
    },
  });

  api.route('POST /api/auth/refresh', {
    handle: async ({ tx, body, query, client, now }) => {
      const token = body?.refreshToken ?? client.credentialCookie(REFRESH_COOKIE);
      if (token === undefined) throw unauthorised();
      const result = await service.refresh(tx, deps, token, now);
      if ('error' in result) return refused(result.error, FORGET);
      const carrier = query.refreshToken ?? (body?.refreshToken === undefined ? 'cookie' : 'body');
      const { body: answer, cookies } = signedIn(result, carrier);
      return ok(answer, { cookies });
    },
  });

  api.route('POST /api/auth/logout', {
    prepare: async ({ client }) =>
      client.bearer === undefined ? undefined : deps.accessTokens.verify(client.bearer),
    handle: async ({ tx, body, client, prepared: session }) => {
      const refreshToken = body?.refreshToken ?? client.credentialCookie(REFRESH_COOKIE);
      await service.signOut(tx, { refreshToken, session: refreshToken === undefined ? session : undefined });
      return noContent({ cookies: FORGET });
    },
  });
};

const accountRoutes = (api: ApiRouter): void => {
  api.route('GET /api/me', {
    keep: { as: 'user', of: (_asked, userId) => userId },
    handle: async ({ tx, user }) => {
      const me = await service.readMe(tx, user.id);
      return ok(me, { etag: me.version });
    },
  });

  api.route('PATCH /api/me', {
    handle: async ({ tx, user, body, ifMatch }) => {
      const me = await service.changeMe(tx, user.id, body, ifMatch);
      return ok(me, { etag: me.version });
    },
  });

  api.route('GET /api/me/sessions', {
    handle: async ({ tx, user, query }) => ok(await service.listSessions(tx, user, query)),
  });

  api.route('DELETE /api/me/sessions/:id', {
    handle: async ({ tx, user, params }) => {
      await service.revokeSession(tx, user, params.id);
      return noContent(params.id === user.sessionId ? { cookies: FORGET } : {});
    },
  });

  api.route('GET /api/me/tokens', {
    handle: async ({ tx, user, query }) => ok(await service.listTokens(tx, user, query)),
  });

  api.route('POST /api/me/tokens', {
    handle: async ({ tx, user, body, now }) => created(await service.createToken(tx, user, body, now)),
  });

  api.route('DELETE /api/me/tokens/:id', {
    handle: async ({ tx, user, params }) => {
      await service.revokeToken(tx, user, params.id);
      return noContent();
    },
  });
};

/** Registers every route of identity. */
export const identityRoutes = (api: ApiRouter, deps: IdentityDeps): void => {
  signInRoutes(api, deps);
  accountRoutes(api);
};
