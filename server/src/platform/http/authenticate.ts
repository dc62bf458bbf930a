/**
 * Finds out who asks, before the body is read: nobody sends 64 MB without having signed in.
 *
 * Order: the `Authorization` header (an access token or a personal access token), else the access cookie. A header
 * that is not good is refused even when there is a good cookie: whoever sends one means it. That the session still
 * lives is checked by the transaction itself.
 */
import { sql } from 'kysely';
import type { FastifyRequest } from 'fastify';

import { withoutTenant } from '#platform/database/index.ts';
import type { Db } from '#platform/database/index.ts';
import { unauthorised } from '#platform/errors.ts';
import { hashToken, isPersonalToken } from '#platform/tokens.ts';
import type { AccessTokens } from '#platform/tokens.ts';

import { ACCESS_COOKIE, credentialCookie } from './cookies.ts';
import type { Principal } from './route-types.ts';

/** Longer ones are not ours. */
const TOKEN_LENGTH_MAX = 2_000;

/** What authentication needs. */
export type AuthenticationParts = { readonly db: Db; readonly accessTokens: AccessTokens };

/** The token after `Bearer `, unchecked; undefined without an `Authorization` header. */
export const bearerOf = (request: FastifyRequest): string | undefined => {
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  return /^bearer +(\S+) *$/iu.exec(authorization)?.[1] ?? '';
};

/**
 * Who asks.
 * @param bearer the token, where it did not come in the header
 * @throws {AppError} 401 `unauthorised`, `token_invalid` or `token_expired`; 403 `cross_site_request` for a cookie that
 *   another site may have sent along; 503 when the database is away
 */
export const authenticate = async (
  request: FastifyRequest,
  parts: AuthenticationParts,
  bearer = bearerOf(request),
): Promise<Principal> => {
  if (bearer !== undefined && isPersonalToken(bearer)) return byPersonalToken(bearer, parts.db);
  const token = bearer ?? credentialCookie(request, ACCESS_COOKIE);
  if (token === undefined) throw unauthorised();
  if (token.length > TOKEN_LENGTH_MAX) throw invalidToken();
  const { userId, sessionId, expiresAt } = await parts.accessTokens.verify(token);
  return { id: userId, sessionId, tokenId: null, expiresAt };
};

const byPersonalToken = async (token: string, db: Db): Promise<Principal> => {
  const found = await withoutTenant(db, async (tx) => {
    const { rows } = await sql<{ user_id: string; token_id: string }>`
      select user_id, token_id from pm.token_lookup(${hashToken(token)})`.execute(tx);
    return rows[0];
  });
  if (found === undefined) throw invalidToken();
  return { id: found.user_id, sessionId: null, tokenId: found.token_id, expiresAt: null };
};

const invalidToken = () => unauthorised('token_invalid', 'Your access token is not valid. Sign in again.');
