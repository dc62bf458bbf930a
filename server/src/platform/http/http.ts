/**
 * The HTTP server below the features: parsing, limits, headers, errors, logs, measures, shutdown.
 *
 * Contents: createHttp · body parsers · hooks of every request · errors · close with a drain
 */
import { randomUUIDv7 } from 'node:crypto';
import type { Socket } from 'node:net';

import cookie from '@fastify/cookie';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';

import type { Clock } from '#platform/clock.ts';
import type { Db } from '#platform/database/index.ts';
import { AppError, isAppError, unavailable } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import type { AccessTokens } from '#platform/tokens.ts';

import { createApi } from './api.ts';
import type { ApiParts, ApiRouter } from './api.ts';
import { inspectStrings, parseJsonBody } from './json-body.ts';
import {
  DRAIN_SWEEP_MS,
  DRAIN_TIMEOUT_MS,
  EVENT_LOOP_DELAY_MS_MAX,
  IN_FLIGHT_MAX,
  JSON_BODY_BYTES_MAX,
  KEEP_ALIVE_TIMEOUT_MS,
  OVERLOAD_RETRY_SECONDS,
  PARAM_LENGTH_MAX,
  RATE_LIMITS,
  REQUEST_TIMEOUT_MS,
} from './limits.ts';
import type { RateLimits } from './limits.ts';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { createLoadGauge } from './overload.ts';
import type { LoadGauge } from './overload.ts';
import { endWithProblem, sendProblem, toAppError, unsupportedMediaType } from './problem.ts';
import { createRateChecks } from './rate-limits.ts';
import type { RateChecks } from './rate-limits.ts';
import { registerSecurityHeaders } from './security-headers.ts';
import { createValidatorCompiler } from './validators.ts';

/** What the HTTP server needs. */
export type HttpParts = {
  readonly db: Db;
  readonly log: Logger;
  readonly clock: Clock;
  readonly accessTokens: AccessTokens;
  readonly metrics?: Metrics;
  readonly rateLimits?: RateLimits;
  readonly inFlightMax?: number;
  /** See `ApiParts`. */
  readonly checkAnswers?: boolean;
  readonly changes?: ApiParts['changes'];
  readonly onCacheEvent?: ApiParts['onCacheEvent'];
  readonly cache?: ApiParts['cache'];
  readonly release?: ApiParts['release'];
};

/** The HTTP server. */
export type Http = {
  readonly fastify: FastifyInstance;
  readonly api: ApiRouter;
  readonly metrics: Metrics;
  readonly load: LoadGauge;
  /** Every registered route as `METHOD /path`, files and pages included. */
  readonly registeredRoutes: readonly string[];
  /** Stops accepting, lets answers under way finish for at most `DRAIN_TIMEOUT_MS`, then cuts the rest. */
  close(): Promise<void>;
};

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route of the contracts that this is; absent for pages and files. */
    contractKey?: string;
    /** The body is taken as bytes, whatever it is. */
    takesBytes?: boolean;
  }
  interface FastifyRequest {
    /** Counted by the load gauge. */
    countsAsLoad: boolean;
  }
}

/** Makes the server with everything but routes. It listens to nothing yet. */
export const createHttp = async (parts: HttpParts): Promise<Http> => {
  const metrics = parts.metrics ?? createMetrics();
  const load = createLoadGauge({
    inFlightMax: parts.inFlightMax ?? IN_FLIGHT_MAX,
    eventLoopDelayMsMax: EVENT_LOOP_DELAY_MS_MAX,
  });
  const fastify = makeFastify(parts.log);
  const registeredRoutes: string[] = [];
  fastify.addHook('onRoute', ({ method, url }) => {
    registeredRoutes.push(...[method].flat().map((one) => `${one} ${url}`));
  });
  registerParsers(fastify);
  registerErrors(fastify);
  await fastify.register(cookie);
  await registerSecurityHeaders(fastify);
  const rateChecks = await createRateChecks(fastify, parts.rateLimits ?? RATE_LIMITS);
  const state = { closing: false };
  registerHooks(fastify, { metrics, load, rateChecks, state });
  metrics.gauge('http_requests_in_flight', 'API requests under way', () => load.inFlight);
  const api = createApi({ ...parts, fastify, rateChecks, checkAnswers: parts.checkAnswers ?? false });
  fastify.addHook('onClose', () => load.stop());
  return { fastify, api, metrics, load, registeredRoutes, close: async () => closeWithDrain(fastify, state) };
};

const makeFastify = (loggerInstance: FastifyBaseLogger): FastifyInstance => {
  const fastify = Fastify({
    loggerInstance,
    // One line a request, ours, when it is answered (see registerHooks).
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: JSON_BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // A proxy on this machine is believed about the client's address and scheme; anybody else is not.
    trustProxy: 'loopback',
    genReqId: () => randomUUIDv7(),
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    forceCloseConnections: 'idle',
    // Said by our own hook instead, as a problem like every other refusal.
    return503OnClosing: false,
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors: (error, _request, reply) => {
      void sendProblem(reply, toAppError(error));
    },
  });
  return fastify.setValidatorCompiler(
    createValidatorCompiler() as Parameters<typeof fastify.setValidatorCompiler>[0],
  );
};

/** Requests that are not HTTP, or whose headers are too large, never reach a route. */
const refuseBrokenRequest = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooLong = error.code === 'HPE_HEADER_OVERFLOW';
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const status = tooLong ? 431 : late ? 408 : 400;
  const detail = tooLong
    ? 'The headers of the request are too large.'
    : late
      ? 'The request took too long to arrive.'
      : 'The request is not valid HTTP.';
  endWithProblem(socket, new AppError(status, 'invalid_http', detail), randomUUIDv7());
};

/** JSON is parsed by us; every other type is bytes where the route takes bytes, and refused elsewhere. */
const registerParsers = (fastify: FastifyInstance): void => {
  fastify.removeAllContentTypeParsers();
  const keep = (request: FastifyRequest, bytes: Buffer): void => {
    if (request.headers['idempotency-key'] !== undefined) request.rawBody = bytes;
  };
  const parse = async (request: FastifyRequest, bytes: Buffer, isJson: boolean): Promise<unknown> => {
    // What is sent to no route is not worth reading.
    if (request.is404) return undefined;
    keep(request, bytes);
    if (request.routeOptions.config.takesBytes === true) return bytes;
    if (isJson || bytes.length === 0) return parseJsonBody(bytes);
    throw unsupportedMediaType();
  };
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => parse(request, bytes, true),
  );
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) =>
    parse(request, bytes, false),
  );
};

const isApi = (request: FastifyRequest): boolean => /^\/api(?:[/?]|$)/u.test(request.url);

type HookParts = {
  readonly metrics: Metrics;
  readonly load: LoadGauge;
  readonly rateChecks: RateChecks;
  readonly state: { closing: boolean };
};

const registerHooks = (fastify: FastifyInstance, { metrics, load, rateChecks, state }: HookParts): void => {
  fastify.decorateRequest('countsAsLoad', false);
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (state.closing) throw unavailable(OVERLOAD_RETRY_SECONDS, 'The service is restarting.');
    refuseEncodedBody(request);
    if (!isApi(request)) return;
    load.enter();
    request.countsAsLoad = true;
    await rateChecks.onRequest(request);
  });
  fastify.addHook('preValidation', async (request) => {
    inspectStrings(request.params, 'path');
    inspectStrings(request.query, 'query');
  });
  fastify.addHook('onResponse', async (request, reply) => {
    if (request.countsAsLoad) load.leave();
    const route = request.routeOptions.url ?? '(none)';
    const { method } = request;
    const status = reply.statusCode;
    metrics.observeRequest({ method, route, status, seconds: reply.elapsedTime / 1000 });
    // The pattern of the route and no query: addresses hold ids and what people searched for.
    request.log.info(
      {
        userId: request.principal?.id,
        method,
        route,
        status,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
  });
};

/** We would take compressed bytes for the file itself. @throws {AppError} 415 */
const refuseEncodedBody = (request: FastifyRequest): void => {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw new AppError(415, 'unsupported_encoding', 'Send the body uncompressed.', {
    field: 'Content-Encoding',
  });
};

const registerErrors = (fastify: FastifyInstance): void => {
  fastify.setErrorHandler(async (error, request, reply) => {
    const shown = toAppError(error, request.routeOptions.bodyLimit);
    if (shown.status >= 500) {
      const cause = isAppError(error) ? (error.cause ?? error) : error;
      request.log.error(
        { err: cause, code: shown.code, route: request.routeOptions.url },
        'A request failed',
      );
    } else {
      request.log.debug({ code: shown.code, field: shown.field }, 'A request was refused');
    }
    return sendProblem(reply, shown);
  });
};

const closeWithDrain = async (fastify: FastifyInstance, state: HookParts['state']): Promise<void> => {
  state.closing = true;
  const cut = setTimeout(() => fastify.server.closeAllConnections(), DRAIN_TIMEOUT_MS).unref();
  // A kept-alive connection whose last answer has just gone out is idle, and would hold the server open.
  const sweep = setInterval(() => fastify.server.closeIdleConnections(), DRAIN_SWEEP_MS).unref();
  try {
    await fastify.close();
  } finally {
    clearTimeout(cut);
    clearInterval(sweep);
  }
};
