/**
 * `api.route(key, handler)`: the one way a feature answers a route of the contracts.
 *
 * It turns the contract into schemas, checks who asks, opens the one transaction of the request, keeps idempotency
 * and versions, and sends what the handler returned. A handler knows nothing of HTTP but its reply.
 *
 * Contents: createApi (ApiRouter) · how a route is registered · how a request is run · how an answer is sent
 */
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';

import { routes } from '@pm/contracts';
import { FileBytes, FileStream } from '@pm/contracts/common';
import type { Api, RouteContract } from '@pm/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import Type from 'typebox';

import type { Cache, CacheEvent } from '#platform/cache/index.ts';
import type { Changes, Mark } from '#platform/changes/index.ts';
import type { Clock } from '#platform/clock.ts';
import { withTenant, withoutTenant } from '#platform/database/index.ts';
import type { Db, Tx } from '#platform/database/index.ts';
import { forbidden } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';

import { authenticate, bearerOf } from './authenticate.ts';
import type { AuthenticationParts } from './authenticate.ts';
import { credentialCookie, setCookies } from './cookies.ts';
import { claim, hashBody, parseIdempotencyKey, store } from './idempotency.ts';
import type { RequestIdentity, StoredAnswer } from './idempotency.ts';
import { entityTag, parseIfMatch } from './if-match.ts';
import { createKeptAnswers } from './kept-answers.ts';
import type { KeptAnswer, KeptAnswers } from './kept-answers.ts';
import { JSON_BODY_BYTES_MAX } from './limits.ts';
import { problemOf, sendProblem } from './problem.ts';
import type { RateChecks } from './rate-limits.ts';
import { reply as replyWith } from './replies.ts';
import type { Refused, Reply, ReplyCookie } from './replies.ts';
import type {
  ApiKey,
  HandleContext,
  KeptUnder,
  OutsideHandler,
  Person,
  PrepareContext,
  Principal,
  RouteHandler,
} from './route-types.ts';
import { createSharedAnswers } from './shared-answers.ts';
import type { SharedAnswers } from './shared-answers.ts';
import { createAnswerChecker, withoutIds } from './validators.ts';

/** Routes that anybody may ask. */
type OpenKey = { [K in ApiKey]: Api[K]['auth'] extends 'none' ? K : never }[ApiKey];

/** Where features register their routes. */
export type ApiRouter = {
  /** Answers one route of the contracts. @throws {Error} when it is registered twice */
  route<K extends ApiKey, Prepared = undefined>(key: K, handler: RouteHandler<K, Prepared>): void;
  /** Answers a route that asks for no sign-in, without opening a transaction. */
  outside<K extends OpenKey>(key: K, handler: OutsideHandler<K>): void;
  /** The routes registered so far. */
  readonly registered: ReadonlySet<ApiKey>;
};

/** What the router needs. */
export type ApiParts = AuthenticationParts & {
  readonly fastify: FastifyInstance;
  readonly clock: Clock;
  readonly rateChecks: RateChecks;
  /** Compares each answer with its contract and answers 500 when it differs. For tests: it costs time. */
  readonly checkAnswers: boolean;
  /** What is heard of changes; without it no answer is kept. */
  readonly changes?: Changes | undefined;
  /** Told of each look-up among the kept answers. */
  readonly onCacheEvent?: ((event: CacheEvent) => void) | undefined;
  /** Where answers are shared between sessions and processes. */
  readonly cache?: Cache | undefined;
  /** The version of the product: an answer of another one is not used. */
  readonly release?: string | undefined;
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once authenticated. */
    principal: Principal | null;
    /** The body as it was sent, kept only while an idempotency key needs it. */
    rawBody: Buffer | undefined;
  }
}

type AnyReply = Reply<number, unknown> | Refused;
type AnyHandler = {
  readonly keep?: true | KeptUnder<ApiKey>;
  readonly prepare?: (context: PrepareContext<ApiKey>) => unknown;
  readonly handle: (context: HandleContext<ApiKey, unknown>) => AnyReply | Promise<AnyReply>;
};
type Route = {
  readonly key: ApiKey;
  readonly contract: RouteContract;
  readonly handler: AnyHandler;
  /** Answered without a transaction. */
  readonly outside: boolean;
};

/** What is sent: the answer, and what of it is not stored. */
type Outcome = {
  readonly answer: StoredAnswer;
  readonly result: AnyReply | undefined;
  /** Whose changes the answer may show; only of routes whose answers are kept. */
  readonly people?: readonly string[];
};

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Makes the router of one server. */
export const createApi = (parts: ApiParts): ApiRouter => {
  const registered = new Set<ApiKey>();
  const checkAnswer = createAnswerChecker();
  const kept = createKeptAnswers(parts.changes, parts.onCacheEvent);
  const shared =
    parts.cache && parts.changes
      ? createSharedAnswers(parts.cache, parts.changes, parts.release ?? '')
      : undefined;
  parts.fastify.decorateRequest('principal', null);
  parts.fastify.decorateRequest('rawBody', undefined);
  const register = (key: ApiKey, handler: AnyHandler, outside: boolean): void => {
    if (registered.has(key)) throw new Error(`${key} is registered twice.`);
    registered.add(key);
    const route: Route = { key, contract: routes[key], handler, outside };
    parts.fastify.route(
      routeOptions(route, { ...parts, kept, shared }, parts.checkAnswers ? checkAnswer : undefined),
    );
  };
  // Inside, one type fits all routes; the methods' own types have checked that the handler fits its route.
  return {
    registered,
    route: (key, handler) => register(key, handler as unknown as AnyHandler, false),
    outside: (key, handler) => register(key, handler as unknown as AnyHandler, true),
  };
};

type Check = ReturnType<typeof createAnswerChecker>;
type Parts = ApiParts & { readonly kept: KeptAnswers; readonly shared: SharedAnswers | undefined };

const routeOptions = (route: Route, parts: Parts, check: Check | undefined): RouteOptions => {
  const { contract, key } = route;
  const [method = '', url = ''] = key.split(' ');
  return {
    method,
    url,
    schema: schemasOf(method, contract),
    config: { contractKey: key, takesBytes: contract.rawBody !== undefined },
    bodyLimit: contract.rawBody?.maxBytes ?? JSON_BODY_BYTES_MAX,
    onRequest: async (request) => {
      if (contract.auth !== 'none') request.principal = await authenticate(request, parts);
    },
    preHandler: parts.rateChecks.afterBody,
    handler: async (request, reply) => {
      const run = async (): Promise<Outcome> => {
        const outcome = await runRoute(route, request, parts);
        if (check !== undefined && outcome.result?.kind === 'reply') {
          assertContract(route, outcome.answer, check);
          assertWholeAnswer(route, outcome.answer, reply);
        }
        if (!SAFE_METHODS.has(method) && request.principal !== null) {
          parts.changes?.note(request.principal.id);
        }
        return outcome;
      };
      const session = route.handler.keep === undefined ? undefined : request.principal?.sessionId;
      return typeof session === 'string'
        ? sendKept(session, request, reply, parts, run)
        : send(reply, await run());
    },
  };
};

/** Sends what was kept for this session and address, or what `run` answers, which is then kept. */
const sendKept = async (
  session: string,
  request: FastifyRequest,
  reply: FastifyReply,
  { kept, clock }: Parts,
  run: () => Promise<Outcome>,
): Promise<FastifyReply> => {
  const now = clock.now().epochMilliseconds;
  let own: Outcome | undefined;
  const compute = async (mark: Mark | undefined): Promise<KeptAnswer | undefined> => {
    own = await run();
    const { answer, people } = own;
    if (mark === undefined || people === undefined || answer.status !== 200) return undefined;
    const body = String(reply.serializeInput(answer.body as Record<string, unknown>, '200'));
    return { body, etag: answer.etag, mark, people, at: now };
  };
  const found = await kept.findOrCompute(`${session} ${request.url}`, now, compute);
  if (found === undefined) {
    if (own === undefined) throw new Error('Nothing was kept and nothing was computed.');
    return send(reply, own);
  }
  reply.header('cache-control', NOT_KEPT_BY_BROWSERS).type('application/json; charset=utf-8');
  if (found.etag !== null) reply.header('etag', found.etag);
  return reply.send(found.body);
};

/** A route that declares no query or body takes none: an unknown field is refused everywhere. */
const schemasOf = (method: string, contract: RouteContract): NonNullable<RouteOptions['schema']> => {
  const nothing = Type.Object({}, { additionalProperties: false });
  const takesJson = contract.rawBody === undefined && !SAFE_METHODS.has(method);
  const response = Object.entries(contract.response).filter(([, schema]) => schema !== null);
  return {
    params: contract.params ?? nothing,
    querystring: contract.query ?? nothing,
    ...(takesJson ? { body: contract.body ?? Type.Optional(nothing) } : {}),
    response: Object.fromEntries(
      response.map(([status, schema]) => [status, schema === null ? {} : withoutIds(schema)]),
    ),
  };
};

/** Runs a request: `prepare`, then one transaction with claim, handler and stored answer. */
const runRoute = async (route: Route, request: FastifyRequest, parts: Parts): Promise<Outcome> => {
  const { contract, handler } = route;
  const context = prepareContext(request, parts.clock, contract);
  if (route.outside) {
    const result = await handler.handle(context as HandleContext<ApiKey, unknown>);
    return { answer: answerOf(result, request.id), result };
  }
  const identity = identityOf(route, request);
  // Read before any work: a malformed header should not cost a parsed file.
  const ifMatch = contract.ifMatch === true ? parseIfMatch(request.headers['if-match']) : undefined;
  // Nobody has a file parsed who may not import it: signed out since, or no administrator.
  if (handler.prepare !== undefined && request.principal !== null) {
    await inTransaction(request, route, parts.db, async () => undefined);
  }
  const prepared: unknown = await handler.prepare?.(context);
  const mark = parts.changes?.mark();
  return inTransaction(request, route, parts.db, async (tx, user) => {
    const stored = identity === undefined ? undefined : await claim(tx, identity);
    if (stored !== undefined) return { answer: stored, result: undefined };
    const run = async (): Promise<AnyReply> =>
      handler.handle({ ...context, user, tx, prepared, ifMatch } as HandleContext<ApiKey, unknown>);
    if (handler.keep !== undefined && user !== null) {
      return readKept(handler.keep, { context, tx, user, mark, request, run }, parts);
    }
    const result = await run();
    const answer = answerOf(result, request.id);
    if (identity !== undefined) await store(tx, identity, answer);
    return { answer, result };
  });
};

type Reading = {
  readonly context: PrepareContext<ApiKey>;
  readonly tx: Tx;
  readonly user: Person;
  readonly mark: Mark | undefined;
  readonly request: FastifyRequest;
  readonly run: () => Promise<AnyReply>;
};

/** A read whose answer is kept: the one that was computed from the same before, or the handler's. */
const readKept = async (
  keep: true | KeptUnder<ApiKey>,
  { context, tx, user, mark, request, run }: Reading,
  { shared }: Parts,
): Promise<Outcome> => {
  const readPeople = async (): Promise<readonly string[]> => peopleSeenBy(tx, user.id);
  const today = context.now.toZonedDateTimeISO(user.timezone).toPlainDate();
  const { asOf } = context.query as unknown as { readonly asOf?: string };
  const day = asOf === undefined ? today : dayOf(asOf);
  let result: AnyReply | undefined;
  const compute = async (): Promise<StoredAnswer> => answerOf((result = await run()), request.id);
  // A day that is none is for the handler to refuse.
  if (mark === undefined || keep === true || shared === undefined || day === null) {
    // Asked with the handler's first statement, in one round trip.
    const [people, answer] = await Promise.all([readPeople(), compute()]);
    return { answer, result, people };
  }
  const { as: kind, of } = keep;
  const [subject, userId, url, { now }] = [of(context, user.id), user.id, request.url, context];
  const under = { kind, subject, url, userId, day, today, now, mark };
  const { people, answer } = await shared.findOrCompute(under, readPeople, compute);
  return { answer, result: result ?? replyWith(200, answer.body), people };
};

const dayOf = (text: string): Temporal.PlainDate | null => {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return null;
  }
};

/** The person, and those whose portfolios they may see. */
const peopleSeenBy = async (tx: Tx, person: string): Promise<readonly string[]> => {
  const owners = await tx.selectFrom('portfolios').select('user_id').distinct().execute();
  return [...new Set([person, ...owners.map((one) => one.user_id)])];
};

const inTransaction = async <T>(
  request: FastifyRequest,
  route: Route,
  db: Db,
  run: (tx: Tx, user: Person | null) => Promise<T>,
): Promise<T> => {
  const { principal } = request;
  if (principal === null) return withoutTenant(db, async (tx) => run(tx, null));
  const tenant = { userId: principal.id, sessionId: principal.sessionId };
  return withTenant(db, tenant, async (tx, facts) => {
    if (route.contract.auth === 'admin' && facts.role !== 'admin') {
      throw forbidden('admin_only', 'Only an administrator of this install may do this.');
    }
    return run(tx, { ...principal, ...facts });
  });
};

const prepareContext = (
  request: FastifyRequest,
  clock: Clock,
  contract: RouteContract,
): PrepareContext<ApiKey> => {
  const context = {
    params: request.params,
    query: request.query,
    // A file that was not sent at all is an empty one.
    body: contract.rawBody !== undefined ? (request.body ?? Buffer.alloc(0)) : request.body,
    user: request.principal,
    // The server was made with our logger; Fastify's own type for it is narrower.
    log: request.log as Logger,
    now: clock.now(),
    client: {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
      bearer: bearerOf(request),
      credentialCookie: (name: string) => credentialCookie(request, name),
    },
    contentType: request.headers['content-type']?.split(';')[0]?.trim().toLowerCase(),
    respondAsync: /(?:^|,)\s*respond-async\s*(?:[,;]|$)/iu.test(String(request.headers['prefer'] ?? '')),
  };
  // The schemas of the route have been applied; the types are theirs.
  return context as PrepareContext<ApiKey>;
};

/** Undefined when the request takes no part in idempotency: no key, a read, a route of secrets, nobody signed in. */
const identityOf = ({ contract }: Route, request: FastifyRequest): RequestIdentity | undefined => {
  const key = parseIdempotencyKey(request.headers['idempotency-key']);
  const { principal, method, url, rawBody } = request;
  if (
    key === undefined ||
    principal === null ||
    SAFE_METHODS.has(method) ||
    contract.noIdempotency === true
  ) {
    return undefined;
  }
  return { userId: principal.id, key, method, path: url, bodyHash: hashBody(rawBody) };
};

const answerOf = (result: AnyReply, requestId: string): StoredAnswer => {
  if (result.kind === 'refused') {
    return { status: result.error.status, etag: null, body: problemOf(result.error, requestId) };
  }
  return {
    status: result.status,
    etag: result.etag === undefined ? null : entityTag(result.etag),
    body: result.body,
  };
};

/** Not even their own browser keeps a person's money: the next person at it asks for the same addresses. */
const NOT_KEPT_BY_BROWSERS = 'no-store';

const send = (reply: FastifyReply, { answer, result }: Outcome): FastifyReply => {
  setCookies(reply, cookiesOf(result));
  if (result?.kind === 'refused') return sendProblem(reply, result.error);
  if (result === undefined) reply.header('idempotent-replayed', 'true');
  if (result?.kind === 'reply') reply.headers(result.headers ?? {});
  reply.header('cache-control', NOT_KEPT_BY_BROWSERS);
  if (answer.etag !== null) reply.header('etag', answer.etag);
  reply.code(answer.status);
  if (answer.body === null) return reply.send();
  if (result === undefined && answer.status >= 400) reply.type('application/problem+json; charset=utf-8');
  return reply.send(answer.body);
};

const cookiesOf = (result: AnyReply | undefined): readonly ReplyCookie[] => result?.cookies ?? [];

/** @throws {Error} when the answer is not one that the contract declares */
const assertContract = ({ key, contract }: Route, answer: StoredAnswer, check: Check): void => {
  const schema = contract.response[answer.status];
  if (schema === FileBytes && answer.body instanceof Uint8Array) return;
  if (schema === FileStream && answer.body instanceof Readable) return;
  const faults =
    schema === undefined
      ? [`status ${answer.status} is not declared`]
      : schema === null
        ? answer.body === null
          ? []
          : ['a body is answered where none is declared']
        : check(schema, answer.body);
  if (faults.length > 0) {
    throw new ContractViolation(
      `${key} answered ${answer.status} against its contract: ${faults.join('; ')}`,
    );
  }
};

/**
 * The serialiser of a schema leaves out what it does not know, and does so silently.
 * @throws {Error} when what would be sent is not what was returned
 */
const assertWholeAnswer = ({ key }: Route, { status, body }: StoredAnswer, reply: FastifyReply): void => {
  if (body === null || body instanceof Uint8Array || body instanceof Readable) return;
  const sent: unknown = JSON.parse(
    String(reply.serializeInput(body as Record<string, unknown>, String(status))),
  );
  const meant: unknown = JSON.parse(JSON.stringify(body));
  if (!isDeepStrictEqual(sent, meant)) {
    throw new ContractViolation(`${key} would send less than was answered: ${JSON.stringify(sent)}`);
  }
};

/** A fault of ours that only tests look for. */
class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
}
