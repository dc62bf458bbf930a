/**
 * A program with an embedded PostgreSQL, for tests that kill it. Its argument is JSON (`AppOptions`); it writes one
 * JSON line per event. On SIGINT and SIGTERM it still uses the database, then stops it in order.
 */
import pg from 'pg';

import { EmbeddedPostgresError, startEmbeddedPostgres } from '../index.ts';
import type { EmbeddedPostgres } from '../types.ts';

/** What the program is told. */
export interface AppOptions {
  readonly dataDir: string;
  readonly durability?: 'full' | 'none';
  readonly transport?: 'auto' | 'tcp';
  readonly nativeDir?: string;
  readonly stopPatienceMs?: number;
  /** The account to become before the start; needs root. */
  readonly become?: number;
  /** The file mode mask to run with. */
  readonly umask?: number;
}

const options = JSON.parse(process.argv[2] ?? '{}') as AppOptions;

const say = (event: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
};

if (options.umask !== undefined) process.umask(options.umask);
if (options.become !== undefined) {
  process.setgroups?.([]);
  process.setgid?.(options.become);
  process.setuid?.(options.become);
}

const aborting = new AbortController();
let server: EmbeddedPostgres | undefined;

const shutDown = async (): Promise<void> => {
  aborting.abort();
  if (server === undefined) return;
  const client = new pg.Client({ connectionString: server.appUrl });
  await client.connect();
  const { rows } = await client.query<{ one: number }>('select 1 as one');
  await client.end();
  say({ event: 'queried', one: rows[0]?.one });
  await server.stop();
  say({ event: 'stopped' });
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void shutDown());

try {
  const begin = performance.now();
  const { become: _become, umask: _umask, ...rest } = options;
  server = await startEmbeddedPostgres({
    ...rest,
    log: (line) => say({ event: 'log', ...line }),
    signal: aborting.signal,
  });
  const { adopted, version, adminUrl, ownerUrl, appUrl, workerUrl } = server;
  const ms = Math.round(performance.now() - begin);
  say({ event: 'ready', adopted, version, adminUrl, ownerUrl, appUrl, workerUrl, ms });
} catch (error) {
  const code = error instanceof EmbeddedPostgresError ? error.code : 'unexpected';
  const lastLines = error instanceof EmbeddedPostgresError ? error.lastLines : [];
  say({ event: 'failed', code, message: error instanceof Error ? error.message : String(error), lastLines });
}
