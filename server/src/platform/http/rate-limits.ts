/**
 * How often somebody may ask.
 *
 * Counted in memory, per process: a second API process doubles what is let through, which still stops guessing. The
 * general limit is for every address but this machine's own, whose owner needs no protection from themselves. The
 * sign-in routes have their own for everybody, by address and, for signing in, also by the e-mail address tried, so
 * that one account cannot be guessed from many places.
 */
import { createHash } from 'node:crypto';

import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { tooManyRequests } from '#platform/errors.ts';

import type { RateLimit, RateLimits } from './limits.ts';
import { isFromThisMachine } from './this-machine.ts';

/** Routes with limits of their own. */
type SignInKey = 'POST /api/auth/login' | 'POST /api/auth/register' | 'POST /api/auth/refresh';

/** Checks that a request of this route is not one too many. @throws {AppError} 429 with `Retry-After` */
export type RateCheck = (request: FastifyRequest) => Promise<void>;

/** The checks of one server. */
export type RateChecks = {
  /** Before anything else is done for a request. */
  readonly onRequest: RateCheck;
  /** Once the body is known. */
  readonly afterBody: RateCheck;
};

/** Registers the counters. */
export const createRateChecks = async (fastify: FastifyInstance, limits: RateLimits): Promise<RateChecks> => {
  await fastify.register(rateLimit, { global: false, hook: 'onRequest' });
  const counter = (limit: RateLimit, keyOf?: (request: FastifyRequest) => string): RateCheck => {
    const count = fastify.createRateLimit({
      max: limit.max,
      timeWindow: limit.windowSeconds * 1000,
      ...(keyOf === undefined ? {} : { keyGenerator: keyOf }),
    });
    return async (request) => {
      const result = await count(request);
      if (!result.isAllowed && result.isExceeded) throw tooManyRequests(result.ttlInSeconds);
    };
  };
  const general = counter(limits.general);
  const byRoute: Readonly<Record<SignInKey, RateCheck>> = {
    'POST /api/auth/login': counter(limits.signInByAddress),
    'POST /api/auth/register': counter(limits.register),
    'POST /api/auth/refresh': counter(limits.refresh),
  };
  const byEmail = counter(limits.signInByEmail, (request) => emailKey(request.body));
  return {
    onRequest: async (request) => {
      if (!isFromThisMachine(request)) await general(request);
      const key = routeKey(request);
      if (Object.hasOwn(byRoute, key)) await byRoute[key as SignInKey](request);
    },
    afterBody: async (request) => {
      if (TRIES_PASSWORDS.has(routeKey(request))) await byEmail(request);
    },
  };
};

/** Routes that say whether a password is right. */
const TRIES_PASSWORDS: ReadonlySet<string> = new Set(['POST /api/auth/login', 'DELETE /api/me']);

const routeKey = (request: FastifyRequest): string => `${request.method} ${request.routeOptions.url ?? ''}`;

/** Case does not make another account, and the counter need not remember anybody's address. */
const emailKey = (body: unknown): string => {
  const email: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'email') : undefined;
  return createHash('sha256')
    .update(typeof email === 'string' ? email.trim().toLowerCase() : '')
    .digest('base64url');
};
