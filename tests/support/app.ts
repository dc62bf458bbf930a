/**
 * The whole API on a database of its own, for integration tests.
 *
 *   const app = await createTestApp();                       // in beforeAll (about 0.3 s)
 *   const alice = await app.register();                      // a member, signed in; `app.admin` is there already
 *   const made = await alice.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } });
 *   const problem = await alice.refused(404, 'GET /api/portfolios/:id', { params: { id: made.id } });
 *   const answer = await alice.raw({ method: 'POST', url: '/api/portfolios', payload: 'not json' });
 *   await app.close();                                       // in afterAll; fails when a connection is leaked
 *
 * Requests and answers are typed by the contracts. An answer that breaks its contract, and any 500, fails the test
 * that caused it, with the server's own error.
 */
import { randomBytes } from 'node:crypto';

import type { Api } from '@pm/contracts';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';

import { listenForChanges } from '../../server/src/platform/changes/index.ts';
import type { ChangeListener } from '../../server/src/platform/changes/index.ts';
import { buildApi } from '../../server/src/entry/api.ts';
import type { ApiDeps, ApiServer } from '../../server/src/entry/api.ts';
import { createPasswords } from '../../server/src/features/identity/index.ts';
import { createCache } from '../../server/src/platform/cache/index.ts';
import type { Cache } from '../../server/src/platform/cache/index.ts';
import { systemClock } from '../../server/src/platform/clock.ts';
import type { Clock } from '../../server/src/platform/clock.ts';
import { loadConfig } from '../../server/src/platform/config.ts';
import type { ProviderSettings } from '../../server/src/platform/config.ts';
import { createDatabase } from '../../server/src/platform/database/database.ts';
import type { Db } from '../../server/src/platform/database/database.ts';
import { readMigrations } from '../../server/src/platform/database/migrate.ts';
import { createMetrics } from '../../server/src/platform/http/index.ts';
import type {
  AnswerBody,
  ApiKey,
  BodyOf,
  Metrics,
  ParamsOf,
  QueryOf,
} from '../../server/src/platform/http/index.ts';
import type { ProblemJson } from '../../server/src/platform/http/problem.ts';
import { createLogger } from '../../server/src/platform/log.ts';
import { registerPlatformMetrics } from '../../server/src/platform/metrics.ts';
import { createSecrets, generateSecretKey } from '../../server/src/platform/secrets.ts';
import type { Secrets } from '../../server/src/platform/secrets.ts';
import { createTestDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';

/** bcrypt's least: a test of something else should not wait for a password. */
const TEST_BCRYPT_COST = 4;
const UNLIMITED = { max: 1_000_000, windowSeconds: 60 };
const NO_RATE_LIMITS = {
  general: UNLIMITED,
  signInByAddress: UNLIMITED,
  signInByEmail: UNLIMITED,
  register: UNLIMITED,
  refresh: UNLIMITED,
};
const TEST_PASSWORD = 'correct horse battery staple';

type Part<Name extends string, T> = [T] extends [undefined]
  ? { readonly [N in Name]?: undefined }
  : undefined extends T
    ? { readonly [N in Name]?: T }
    : Record<never, never> extends T
      ? { readonly [N in Name]?: T }
      : { readonly [N in Name]: T };

/** What a call takes beside its key: the parts of its contract, and the headers of the conventions. */
export type CallOptions<K extends ApiKey> = Part<'params', ParamsOf<K>> &
  Part<'query', QueryOf<K>> &
  Part<'body', BodyOf<K>> & {
    readonly idempotencyKey?: string;
    readonly ifMatch?: number;
    readonly headers?: Readonly<Record<string, string>>;
  };

type CallArguments<K extends ApiKey> =
  Record<never, never> extends CallOptions<K> ? [options?: CallOptions<K>] : [options: CallOptions<K>];

/** Sends requests as one person, or as nobody. */
export type TestClient = {
  /** Whatever is answered (but a 500 throws). */
  call<K extends ApiKey>(key: K, ...options: CallArguments<K>): Promise<LightMyRequestResponse>;
  /** The body of the one status that the test expects. */
  expect<S extends keyof Api[K]['response'] & number, K extends ApiKey>(
    status: S,
    key: K,
    ...options: CallArguments<K>
  ): Promise<AnswerBody<K, S>>;
  /** The problem of a refusal. */
  refused<K extends ApiKey>(status: number, key: K, ...options: CallArguments<K>): Promise<ProblemJson>;
  /** A request that no contract knows, signed in like the others. */
  raw(request: InjectOptions): Promise<LightMyRequestResponse>;
};

/** A signed-in person. */
export type TestPerson = TestClient & {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  /** Access token. */
  readonly token: string;
  readonly refreshToken: string;
};

export type TestApp = {
  readonly server: ApiServer;
  readonly database: TestDatabase;
  /** The metrics as `/metrics` shows them. */
  readonly metrics: Metrics;
  readonly cache: Cache;
  /** The pool that requests use. */
  readonly db: Db;
  /** The first person, who administers the install. Throws for an app made with `empty`. */
  readonly admin: TestPerson;
  /** Nobody. */
  readonly anonymous: TestClient;
  /** A new person, signed in; a member, since the admin is there already. */
  register(email?: string): Promise<TestPerson>;
  /** Sends requests with this access token or personal access token. */
  withToken(token: string): TestClient;
  close(): Promise<void>;
};

export type TestAppOptions = {
  /** No admin yet: the next person to register becomes one. */
  readonly empty?: boolean;
  readonly registration?: 'open' | 'closed';
  /** Whom the worker would ask for prices and rates; the API only shows it. */
  readonly providers?: ProviderSettings;
  readonly clock?: Clock;
  readonly webFolder?: string;
  /** Another process of the install of this app: the same database, the same secret key. Closed before that one. */
  readonly beside?: TestApp;
  readonly redisUrl?: string;
  /** How long Redis may take: on a busy machine longer than in use. */
  readonly redisTimeoutMs?: number;
  /** A pool of its own for requests, e.g. one that is full at once. */
  readonly pool?: { readonly max: number; readonly connectionTimeoutMillis: number };
  /** Collects the log from `info` up, one JSON line each. */
  readonly logLines?: string[];
} & NonNullable<ApiDeps['testing']>;

const loggerInto = (lines: string[], level: 'error' | 'info') =>
  createLogger({ level, destination: { write: (line) => void lines.push(line) } });

const inTests = () => ({
  passwords: createPasswords(TEST_BCRYPT_COST),
  rateLimits: NO_RATE_LIMITS,
  checkAnswers: true,
});

/** The database ends sessions by a clock of its own, which may be years ahead of the test's. */
const letSessionsLast = async ({ owner }: TestDatabase): Promise<void> => {
  await sql`create function pm.last_for_the_test() returns trigger language plpgsql as $$
    begin new.expires_at := greatest(new.expires_at, now() + interval '30 days'); return new; end $$`.execute(
    owner,
  );
  await sql`create trigger last_for_the_test before insert or update of expires_at on pm.sessions
    for each row execute function pm.last_for_the_test()`.execute(owner);
};

const secretsOf = new WeakMap<TestApp, Secrets>();

/** Starts the API on a clone of the template database. */
export const createTestApp = async (options: TestAppOptions = {}): Promise<TestApp> => {
  const { empty, registration, providers, clock, webFolder, logLines, pool, beside, ...rest } = options;
  const { redisUrl, redisTimeoutMs: timeoutMs, ...testing } = rest;
  const database = beside?.database ?? (await createTestDatabase());
  if (clock !== undefined && beside === undefined) await letSessionsLast(database);
  const secrets = (beside && secretsOf.get(beside)) ?? createSecrets([generateSecretKey()]);
  const faults = logLines ?? [];
  const log = loggerInto(faults, logLines === undefined ? 'error' : 'info');
  const metrics = createMetrics();
  const { onCacheEvent, watchPool } = registerPlatformMetrics(metrics.registry);
  watchPool('app', database.app);
  const sealKey = secrets.deriveKey('cache');
  const cache = createCache({ redisUrl, sealKey, timeoutMs, log, onEvent: onCacheEvent });
  const db = pool === undefined ? database.app : createDatabase({ url: database.appUrl, ...pool });
  const changes = await listenForChanges(database.workerUrl, log);
  const server = await buildApi({
    config: { registration: registration ?? 'open', providers: providers ?? loadConfig({}).providers },
    log,
    clock: clock ?? systemClock,
    secrets,
    db,
    worker: database.worker,
    databaseKind: 'embedded',
    schemaVersion: (await readMigrations()).at(-1)?.version ?? 0,
    version: '0.0.0-test',
    cache,
    changes,
    onCacheEvent,
    metrics,
    webFolder: webFolder ?? null,
    testing: { ...inTests(), ...testing },
  });
  const clientOf = (token?: string): TestClient => makeClient({ server, faults, changes }, token);
  const register = async (email = `${randomBytes(6).toString('hex')}@example.test`): Promise<TestPerson> => {
    const answer = await clientOf().expect(201, 'POST /api/auth/register', {
      query: { refreshToken: 'body' },
      body: { email, password: TEST_PASSWORD },
    });
    const { token, refreshToken = '', user } = answer;
    return { ...clientOf(token), id: user.id, email, password: TEST_PASSWORD, token, refreshToken };
  };
  const close = async (): Promise<void> => {
    await server.close();
    await changes.close();
    await cache.close();
    if (db !== database.app) await db.destroy();
    if (beside === undefined) await database.drop();
  };
  const admin = empty === true || beside !== undefined ? undefined : await register('admin@example.test');
  const app: TestApp = {
    server,
    database,
    metrics,
    cache,
    db,
    anonymous: clientOf(),
    register,
    withToken: clientOf,
    close,
    get admin() {
      if (admin === undefined) throw new Error('This app was made without an admin.');
      return admin;
    },
  };
  secretsOf.set(app, secrets);
  return app;
};

type ClientParts = {
  readonly server: ApiServer;
  readonly faults: readonly string[];
  readonly changes: ChangeListener;
};

const makeClient = ({ server, faults, changes }: ClientParts, token: string | undefined): TestClient => {
  const raw = async (request: InjectOptions): Promise<LightMyRequestResponse> => {
    // Tests also write past the API, as another process would, and read at once.
    await changes.settled();
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await server.fastify.inject({
      ...request,
      headers: { ...authorization, ...request.headers },
    });
    if (response.statusCode === 500) {
      throw new Error(
        `${request.method ?? 'GET'} ${JSON.stringify(request.url)} answered 500: ${faultOf(response, faults)}`,
      );
    }
    return response;
  };
  const send = async (key: string, options: AnyOptions = {}): Promise<LightMyRequestResponse> =>
    raw(requestOf(key, options));
  return {
    raw,
    call: async (key, ...[options]) => send(key, options as AnyOptions),
    expect: async (status, key, ...[options]) => {
      const response = await send(key, options as AnyOptions);
      requireStatus(key, status, response);
      // The server compared the answer with the contract before sending it.
      return (response.payload === '' ? null : response.json()) as never;
    },
    refused: async (status, key, ...[options]) => {
      const response = await send(key, options as AnyOptions);
      requireStatus(key, status, response);
      return response.json<ProblemJson>();
    },
  };
};

const requireStatus = (key: string, status: number, response: LightMyRequestResponse): void => {
  if (response.statusCode === status) return;
  throw new Error(`${key} answered ${response.statusCode}, not ${status}: ${response.payload}`);
};

const faultOf = (response: LightMyRequestResponse, faults: readonly string[]): string => {
  const line = faults.find(
    (one) => one.includes('"err"') && one.includes(String(response.headers['x-request-id'])),
  );
  if (line === undefined) return response.payload;
  const { err } = JSON.parse(line) as {
    readonly err?: { readonly message?: string; readonly stack?: string };
  };
  return err?.stack ?? err?.message ?? line;
};

type Method = NonNullable<InjectOptions['method']>;
type Plain = string | number | boolean;
type AnyOptions = {
  readonly params?: Readonly<Record<string, Plain>>;
  readonly query?: Readonly<Record<string, Plain | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly ifMatch?: number;
  readonly headers?: Readonly<Record<string, string>>;
};

const requestOf = (key: string, options: AnyOptions): InjectOptions => {
  const [method, path = ''] = key.split(' ') as [Method, string?];
  const { params = {}, query = {}, body, idempotencyKey, ifMatch } = options;
  const url = path.replaceAll(/:(\w+)/gu, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.append(name, String(value));
  }
  const headers = {
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
    ...options.headers,
  };
  return {
    method,
    url: search.size === 0 ? url : `${url}?${search.toString()}`,
    headers: { ...(body === undefined ? {} : contentTypeOf(body)), ...headers },
    ...(body === undefined ? {} : { payload: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  };
};

const contentTypeOf = (body: unknown): Record<string, string> => ({
  'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json',
});
