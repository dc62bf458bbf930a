/**
 * Assembles the HTTP API: the platform, every feature's routes, the documentation and the web app.
 *
 *   const app = await buildApi(deps);
 *   await app.listen({ port, host });
 *   await app.close();
 */
import { fileURLToPath } from 'node:url';

import type { Cache, CacheEvent } from '#platform/cache/index.ts';
import type { ChangeListener, Changes } from '#platform/changes/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import type { Db } from '#platform/database/index.ts';
import {
  createHttp,
  createMetrics,
  readWebFiles,
  registerDocs,
  registerMetricsRoute,
  registerWebApp,
} from '#platform/http/index.ts';
import type { Http, Metrics, RateLimits } from '#platform/http/index.ts';
import type { Logger } from '#platform/log.ts';
import type { Secrets } from '#platform/secrets.ts';
import { registerStream } from '#platform/stream/index.ts';
import { createAccessTokens } from '#platform/tokens.ts';
import type { AccessTokens } from '#platform/tokens.ts';

import { allocationRoutes } from '#features/allocation';
import { demoRoutes } from '#features/demo';
import { createPasswords, identityRoutes } from '#features/identity';
import type { Passwords } from '#features/identity';
import { importRoutes } from '#features/imports';
import { instrumentRoutes } from '#features/instruments';
import { ledgerRoutes } from '#features/ledger';
import { lookThroughRoutes } from '#features/look-through';
import { livePrices, marketDataRoutes } from '#features/market-data';
import { operationsRoutes } from '#features/operations';
import type { CacheReport } from '#features/operations';
import { portfolioRoutes } from '#features/portfolios';
import { privacyRoutes } from '#features/privacy';
import { valuationRoutes } from '#features/valuation';

/** Where `npm start` puts the built web app. */
export const WEB_FOLDER = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** Everything that the API stands on. */
export type ApiDeps = {
  readonly config: Pick<Config, 'registration' | 'providers'>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** Pool of the request role. */
  readonly db: Db;
  /** Pool of the worker role, for the status page only. */
  readonly worker: Db | undefined;
  readonly databaseKind: 'embedded' | 'external';
  /** Number of the last migration. */
  readonly schemaVersion: number;
  /** Version of the product. */
  readonly version: string;
  readonly cache: Cache;
  /** What is heard of changes in the database; without it every answer is computed. */
  readonly changes?: Changes & Partial<Pick<ChangeListener, 'settled'>>;
  /** Told of each look-up among kept answers. */
  readonly onCacheEvent?: (event: CacheEvent) => void;
  /** The registry that `/metrics` shows; pools, cache and jobs report to it too (`registerPlatformMetrics`). */
  readonly metrics?: Metrics;
  /** Folder of the built web app; null to serve none. */
  readonly webFolder: string | null;
  /** For tests: see `HttpParts`. */
  readonly testing?: {
    readonly passwords?: Passwords;
    readonly rateLimits?: RateLimits;
    readonly checkAnswers?: boolean;
    readonly inFlightMax?: number;
  };
};

/** The assembled server. */
export type ApiServer = Http & {
  readonly accessTokens: AccessTokens;
  /** Starts listening. @returns the address, e.g. `http://127.0.0.1:3000` */
  listen(at: { readonly host: string; readonly port: number }): Promise<string>;
};

/** Builds the server; it listens to nothing yet. */
export const buildApi = async (deps: ApiDeps): Promise<ApiServer> => {
  const { db, log, clock, secrets, testing = {} } = deps;
  const accessTokens = createAccessTokens(secrets, clock);
  const { rateLimits, checkAnswers, inFlightMax } = testing;
  const http = await createHttp({
    db,
    log,
    clock,
    accessTokens,
    metrics: deps.metrics ?? createMetrics(),
    changes: deps.changes,
    onCacheEvent: deps.onCacheEvent,
    cache: deps.cache,
    release: deps.version,
    ...(rateLimits === undefined ? {} : { rateLimits }),
    ...(checkAnswers === undefined ? {} : { checkAnswers }),
    ...(inFlightMax === undefined ? {} : { inFlightMax }),
  });
  registerFeatures(http, deps, accessTokens);
  const { load } = http;
  const stream = await registerStream(http.fastify, {
    db,
    clock,
    log,
    accessTokens,
    load,
    feed: livePrices,
    settled: deps.changes?.settled,
  });
  http.metrics.gauge('stream_connections', 'Connections of the live stream', () => stream.size);
  registerMetricsRoute(http.fastify, http.metrics, { db, accessTokens });
  await registerDocs(http.fastify);
  registerWebApp(http.fastify, deps.webFolder === null ? new Map() : await readWebFiles(deps.webFolder));
  await http.fastify.ready();
  return { ...http, accessTokens, listen: async (at) => http.fastify.listen(at) };
};

/** Every feature, in the order of the nouns in ARCHITECTURE.md. */
const registerFeatures = ({ api, metrics }: Http, deps: ApiDeps, accessTokens: AccessTokens): void => {
  const { db, config, worker, version, databaseKind, schemaVersion, testing } = deps;
  const passwords = testing?.passwords ?? createPasswords();
  const identity = { db, accessTokens, passwords, registration: config.registration };
  identityRoutes(api, identity);
  portfolioRoutes(api);
  demoRoutes(api);
  ledgerRoutes(api);
  instrumentRoutes(api);
  marketDataRoutes(api, config.providers);
  valuationRoutes(api);
  allocationRoutes(api);
  lookThroughRoutes(api);
  importRoutes(api);
  privacyRoutes(api, identity);
  const startedAt = deps.clock.now();
  const cache = async (): Promise<CacheReport> => reportCache(deps.cache, metrics);
  operationsRoutes(api, { db, worker, version, startedAt, databaseKind, schemaVersion, cache });
};

/** Share of look-ups that found their value, or waited for one being computed; null before the first look-up. */
const reportCache = async (cache: Cache, metrics: Metrics): Promise<CacheReport> => {
  const counts = { found: 0, computed: 0 };
  const lookups = await metrics.registry.getSingleMetric('cache_lookups_total')?.get();
  for (const { labels, value } of lookups?.values ?? []) {
    counts[labels['outcome'] === 'miss' ? 'computed' : 'found'] += value;
  }
  const total = counts.found + counts.computed;
  return {
    kind: cache.store === 'redis' ? 'redis' : 'in-process',
    hitRate: total === 0 ? null : counts.found / total,
  };
};
