/**
 * An install to measure: the product's own start on a database of its own, with one person signed in.
 *
 * The embedded PostgreSQL with full durability in a temporary folder, or the empty database at `DATABASE_URL`. Only
 * the clock differs from `npm start`: it stands still, so that two answers to one question are the same bytes.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildApi } from '../../server/src/entry/api.ts';
import type { ApiServer } from '../../server/src/entry/api.ts';
import { listenForChanges } from '../../server/src/platform/changes/index.ts';
import type { Changes } from '../../server/src/platform/changes/index.ts';
import { createCache } from '../../server/src/platform/cache/index.ts';
import { fixedClock } from '../../server/src/platform/clock.ts';
import { loadConfig } from '../../server/src/platform/config.ts';
import { withConnection } from '../../server/src/platform/database/connection.ts';
import { poolUsage } from '../../server/src/platform/database/database.ts';
import { openDatabases } from '../../server/src/platform/database/open.ts';
import type { Databases } from '../../server/src/platform/database/open.ts';
import { createMetrics } from '../../server/src/platform/http/index.ts';
import { createLogger } from '../../server/src/platform/log.ts';
import { registerPlatformMetrics } from '../../server/src/platform/metrics.ts';
import { createSecrets, generateSecretKey } from '../../server/src/platform/secrets.ts';
import { sweepAbandoned } from '../support/test-folder.ts';

/** What the rows measure. */
export type Install = {
  readonly server: ApiServer;
  readonly port: number;
  readonly now: Temporal.Instant;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly workerUrl: string;
  /** Size of the product's pool. */
  readonly poolMax: number;
  readonly person: { readonly id: string; readonly token: string };
  /** Sends one request as the person, without measuring. @throws {Error} for any other status */
  send(method: 'GET' | 'POST', path: string, status: number, body?: object): Promise<unknown>;
  /** Runs `measure` with answers kept and sent again, as in the product; otherwise each is computed. */
  keepingAnswers<T>(measure: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** Schemas that the product makes in a database, and the one of the baselines. */
const SCHEMAS = ['pm', 'graphile_worker', 'bench'] as const;

/** Starts the product. @throws {Error} when the database at `DATABASE_URL` is not empty */
export const startInstall = async (): Promise<Install> => {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined) await requireEmpty(given);
  // On a disk, not in memory: what a commit costs is part of the figure. What killed runs left behind goes first.
  await sweepAbandoned(tmpdir());
  const dataDir = await mkdtemp(join(tmpdir(), `pm-test-${process.pid}-`));
  // Every request is logged as always, to nowhere: a terminal's speed is not measured.
  const log = createLogger({ level: 'info', destination: { write: () => undefined } });
  try {
    const databases = await openDatabases(loadConfig({ ...process.env, PM_DATA_DIR: dataDir }), log);
    return await serve(databases, dataDir, log);
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
};

const serve = async (
  databases: Databases,
  dataDir: string,
  log: ReturnType<typeof createLogger>,
): Promise<Install> => {
  const now = Temporal.Now.instant().round('second');
  const clock = fixedClock(now);
  const metrics = createMetrics();
  const { onCacheEvent, watchPool } = registerPlatformMetrics(metrics.registry);
  watchPool('app', databases.app);
  const cache = createCache({ log, onEvent: onCacheEvent });
  const listener = await listenForChanges(databases.workerUrl, log);
  let keeping = false;
  const changes: Changes = {
    mark: () => (keeping ? listener.mark() : undefined),
    unchangedSince: (mark, people) => keeping && listener.unchangedSince(mark, people),
    note: listener.note,
    versionOf: listener.versionOf,
  };
  const keepingAnswers: Install['keepingAnswers'] = async (measure) => {
    keeping = true;
    try {
      return await measure();
    } finally {
      keeping = false;
    }
  };
  const server = await buildApi({
    config: { registration: 'open', providers: loadConfig({}).providers },
    log,
    clock,
    secrets: createSecrets([generateSecretKey()]),
    db: databases.app,
    worker: databases.worker,
    databaseKind: databases.embedded ? 'embedded' : 'external',
    schemaVersion: databases.migrations.version,
    version: '0.0.0-bench',
    cache,
    changes,
    onCacheEvent,
    metrics,
    webFolder: null,
  });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  const person = await register(address);
  const { ownerUrl, appUrl, workerUrl } = databases;
  const close = async (): Promise<void> => {
    await server.close();
    await listener.close();
    await cache.close();
    await dropSchemas(databases);
    await databases.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  const send: Install['send'] = async (method, path, status, body) =>
    sendAs(`${address}${path}`, person.token, { method, status, body });
  const poolMax = poolUsage(databases.app)?.max ?? 1;
  const port = Number(new URL(address).port);
  return { server, port, now, ownerUrl, appUrl, workerUrl, poolMax, person, send, keepingAnswers, close };
};

const register = async (address: string): Promise<Install['person']> => {
  const response = await fetch(`${address}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'bench@example.test', password: randomBytes(18).toString('base64url') }),
  });
  const answer = (await response.json()) as {
    readonly token: string;
    readonly user: { readonly id: string };
  };
  if (response.status !== 201) throw new Error(`Registering answered ${response.status}.`);
  return { id: answer.user.id, token: answer.token };
};

const sendAs = async (
  url: string,
  token: string,
  request: { readonly method: string; readonly status: number; readonly body: object | undefined },
): Promise<unknown> => {
  const isText = request.body instanceof Uint8Array;
  const response = await fetch(url, {
    method: request.method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(request.body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
    },
    ...(request.body === undefined
      ? {}
      : {
          body: request.body instanceof Uint8Array ? Buffer.from(request.body) : JSON.stringify(request.body),
        }),
  });
  const text = await response.text();
  if (response.status !== request.status) {
    throw new Error(`${request.method} ${new URL(url).pathname} answered ${response.status}: ${text}`);
  }
  return JSON.parse(text) as unknown;
};

const requireEmpty = async (url: string): Promise<void> => {
  await withConnection(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'select nspname as name from pg_namespace where nspname = any ($1)',
      [[...SCHEMAS]],
    );
    if (rows.length > 0) {
      throw new Error(
        `The database at DATABASE_URL has the schema ${rows[0]?.name ?? ''} already; give an empty one that is there for measuring.`,
      );
    }
  });
};

/** On a server of one's own the database is left as it was found. The embedded one goes with its folder. */
const dropSchemas = async ({ embedded, ownerUrl }: Databases): Promise<void> => {
  if (embedded) return;
  await withConnection(ownerUrl, async (client) => {
    await client.query(`drop schema if exists ${SCHEMAS.join(', ')} cascade`);
  });
};
