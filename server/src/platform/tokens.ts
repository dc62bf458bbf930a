/**
 * The three kinds of proof that a person carries, and what of them is stored.
 *
 * | proof                 | form            | lives       | stored                    |
 * |-----------------------|-----------------|-------------|---------------------------|
 * | access token          | JWT, HS256      | 15 minutes  | nothing (signed)          |
 * | refresh token         | `pmr_…` random  | 30 days     | SHA-256, in the session   |
 * | personal access token | `pmt_…` random  | as asked    | SHA-256                   |
 *
 * A fast hash is right for the random ones: 256 bits cannot be guessed, unlike a password.
 */
import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { SignJWT, errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';

import type { Clock } from '#platform/clock.ts';
import { unauthorised } from '#platform/errors.ts';
import type { AppError } from '#platform/errors.ts';
import type { Secrets } from '#platform/secrets.ts';

/** How long an access token is valid, in seconds. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;
/** How long a session lives without being refreshed, in days; each refresh starts it anew. */
export const REFRESH_TOKEN_DAYS = 30;

const ISSUER = 'portfolio-manager';
const AUDIENCE = 'portfolio-manager-api';
/** RFC 9068: tells an access token from any other JWT that the same key may one day sign. */
const TYPE = 'at+jwt';
const ALGORITHM = 'HS256';
const RANDOM_BYTES = 32;
const KEY_ID_HEX = 8;
const PERSONAL_PREFIX = 'pmt_';
const REFRESH_PREFIX = 'pmr_';
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u;

/** Whom an access token speaks for. */
export type AccessClaims = { readonly userId: string; readonly sessionId: string };

/** A token and when it stops being valid. */
export type IssuedToken = { readonly token: string; readonly expiresAt: Temporal.Instant };

/** Signs and verifies access tokens. */
export type AccessTokens = {
  issue(claims: AccessClaims): Promise<IssuedToken>;
  /** @throws {AppError} 401 `token_expired` or `token_invalid` */
  verify(token: string): Promise<AccessClaims & { readonly expiresAt: Temporal.Instant }>;
};

/**
 * The signer of this install. The key is derived from the install's secret key; tokens signed under an older secret
 * key stay valid until they expire, so that rotating it signs nobody out.
 */
export const createAccessTokens = (secrets: Secrets, clock: Clock): AccessTokens => {
  const keys = new Map(
    secrets.deriveKeys('jwt').map((bytes) => [keyId(bytes), createSecretKey(bytes)] as const),
  );
  const [current] = keys;
  if (current === undefined) throw new Error('There is no key to sign access tokens with.');
  return {
    issue: async ({ userId, sessionId }) => {
      const now = epochSeconds(clock);
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: current[0] })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt(now)
        .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
        .sign(current[1]);
      return {
        token,
        expiresAt: Temporal.Instant.fromEpochMilliseconds((now + ACCESS_TOKEN_SECONDS) * 1000),
      };
    },
    verify: rememberingVerifier(async (token) => readClaims(token, keys, clock), clock),
  };
};

/** Signatures that were good are remembered: checking one costs more than all else in answering from memory. */
const VERIFIED_MAX = 10_000;

type Verified = Awaited<ReturnType<AccessTokens['verify']>>;

const rememberingVerifier = (
  verify: (token: string) => Promise<Verified>,
  clock: Clock,
): AccessTokens['verify'] => {
  const verified = new LRUCache<string, Verified>({ max: VERIFIED_MAX });
  return async (token) => {
    const known = verified.get(token);
    if (known !== undefined) {
      if (Temporal.Instant.compare(clock.now(), known.expiresAt) < 0) return known;
      verified.delete(token);
    }
    const now = await verify(token);
    verified.set(token, now);
    return now;
  };
};

const readClaims = async (
  token: string,
  keys: ReadonlyMap<string, KeyObject>,
  clock: Clock,
): Promise<Verified> => {
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => keys.get(kid ?? '') ?? Promise.reject(new errors.JWKSNoMatchingKey()),
      {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'sid', 'iat', 'exp'],
        currentDate: new Date(clock.now().epochMilliseconds),
      },
    );
    const { sub, sid, exp: expiresAt } = payload;
    if (typeof sub !== 'string' || typeof sid !== 'string' || !UUID.test(sub) || !UUID.test(sid)) {
      throw invalid();
    }
    if (expiresAt === undefined) throw invalid();
    return {
      userId: sub,
      sessionId: sid,
      expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAt * 1000),
    };
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw expired();
    if (error instanceof errors.JOSEError) throw invalid();
    throw error;
  }
};

const expired = (): AppError =>
  unauthorised('token_expired', 'Your access token has expired. Refresh it or sign in again.');
const invalid = (): AppError =>
  unauthorised('token_invalid', 'Your access token is not valid. Sign in again.');

/** Tells keys apart in a token's header; 32 bits of a hash give nothing away. */
const keyId = (bytes: Buffer): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, KEY_ID_HEX);

const epochSeconds = (clock: Clock): number => Math.floor(clock.now().epochMilliseconds / 1000);

/** A new refresh token, to be shown once. */
export const newRefreshToken = (): string => REFRESH_PREFIX + randomBytes(RANDOM_BYTES).toString('base64url');

/** A new personal access token, to be shown once. */
export const newPersonalToken = (): string =>
  PERSONAL_PREFIX + randomBytes(RANDOM_BYTES).toString('base64url');

/** True for what looks like a personal access token. */
export const isPersonalToken = (token: string): boolean => token.startsWith(PERSONAL_PREFIX);

/** What is stored of a random token. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest();
