/** The two cookies of a browser session, and when a request that relies on them is believed. */
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '#platform/errors.ts';

import type { ReplyCookie } from './replies.ts';

/** Access token; sent with every API request. */
export const ACCESS_COOKIE = 'pm_access';
/** Refresh token; sent to the sign-in routes only. */
export const REFRESH_COOKIE = 'pm_refresh';
/** Paths that the cookies are sent to. */
export const ACCESS_COOKIE_PATH = '/api';
export const REFRESH_COOKIE_PATH = '/api/auth';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses an unsafe request that a browser may have sent on behalf of another site. `SameSite=Strict` already keeps
 * the cookies from such requests; this holds for browsers and subdomains where that is not enough.
 * @throws {AppError} 403 `cross_site_request`
 */
export const requireSameOrigin = (request: FastifyRequest): void => {
  if (SAFE_METHODS.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  // A page cannot set this header: when the browser says where the request comes from, that settles it.
  const sameOrigin =
    site === undefined ? originHost(request.headers.origin) === request.host : site === 'same-origin';
  if (sameOrigin) return;
  throw new AppError(
    403,
    'cross_site_request',
    'This request relies on a cookie but does not come from this site. Scripts send Authorization: Bearer instead.',
  );
};

const originHost = (origin: string | undefined): string | undefined =>
  origin === undefined ? undefined : (URL.parse(origin)?.host ?? undefined);

/** A cookie that proves who asks; believed under the same condition. */
export const credentialCookie = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.cookies[name];
  if (value === undefined || value === '') return undefined;
  requireSameOrigin(request);
  return value;
};

/** Sets or removes cookies: never readable by scripts, never sent from other sites, and only over TLS where there is TLS. */
export const setCookies = (reply: FastifyReply, cookies: readonly ReplyCookie[]): void => {
  for (const { name, value, path, expiresAt } of cookies) {
    const options = {
      path,
      httpOnly: true,
      sameSite: 'strict',
      secure: reply.request.protocol === 'https',
    } as const;
    if (value === undefined) {
      reply.clearCookie(name, options);
    } else {
      reply.setCookie(name, value, {
        ...options,
        ...(expiresAt === undefined ? {} : { expires: new Date(expiresAt.epochMilliseconds) }),
      });
    }
  }
};
