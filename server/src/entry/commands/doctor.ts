/** `pm doctor`: what this install stands on, and what to do where something is wrong. */
import { access, constants, statfs } from 'node:fs/promises';

import { waitingHistories } from '#features/valuation';
import { createCache } from '#platform/cache/index.ts';
import { withWorker } from '#platform/database/index.ts';
import { loadSecrets } from '#platform/secrets.ts';
import { sql } from 'kysely';

import { VERSION, createRuntime, sentenceOf, withDatabases } from '../runtime.ts';
import type { Runtime } from '../runtime.ts';

type Finding = { readonly what: string; readonly ok: boolean; readonly detail: string };

/** Below this the database soon cannot write. */
const FREE_BYTES_MIN = 1_000_000_000;
const NODE_MAJOR = 26;

const check = async (what: string, look: () => Promise<string>): Promise<Finding> => {
  try {
    return { what, ok: true, detail: await look() };
  } catch (error) {
    return {
      what,
      ok: false,
      detail: sentenceOf(error) ?? (error instanceof Error ? error.message : String(error)),
    };
  }
};

const findings = async (runtime: Runtime): Promise<Finding[]> => {
  const { config, log } = runtime;
  return [
    await check('Node', async () => {
      const major = Number(process.versions.node.split('.')[0]);
      if (major < NODE_MAJOR) {
        throw new Error(`${process.version} is too old; start with npm, which brings Node ${NODE_MAJOR}.`);
      }
      return process.version;
    }),
    await check('Data folder', async () => {
      await access(config.dataDir, constants.R_OK | constants.W_OK);
      const disk = await statfs(config.dataDir);
      const free = disk.bavail * disk.bsize;
      if (free < FREE_BYTES_MIN) {
        throw new Error(`Only ${Math.round(free / 1e6)} MB are free in ${config.dataDir}; make room.`);
      }
      return `${config.dataDir}, ${Math.round(free / 1e9)} GB free`;
    }),
    await check('Secret key', async () => {
      await loadSecrets(config);
      return 'found';
    }),
    await check('Database', async () =>
      withDatabases(runtime, async (databases) => {
        const [row] = await withWorker(databases.worker, async (tx) => {
          const found = await sql<{ version: string; size: string }>`
            select current_setting('server_version') as version, pg_size_pretty(pg_database_size(current_database())) as size`.execute(
            tx,
          );
          return found.rows;
        });
        const kind = databases.embedded ? 'embedded' : 'own server';
        return `PostgreSQL ${row?.version ?? ''} (${kind}), ${row?.size ?? ''}, schema version ${databases.migrations.version}`;
      }),
    ),
    await check('Histories', async () =>
      withDatabases(runtime, async (databases) => {
        const { portfolios, from, days } = await withWorker(databases.worker, waitingHistories);
        return from === null
          ? 'up to date with every change'
          : `${portfolios} portfolios are being computed anew since something in their past changed: ${days} days, the earliest ${from.toString()}`;
      }),
    ),
    await check('Cache', async () => {
      const cache = createCache({ redisUrl: config.redisUrl, log });
      const store = cache.store;
      await cache.close();
      return store === 'redis' ? 'Redis' : 'in this process';
    }),
  ];
};

export const doctor = async (): Promise<void> => {
  const found = await findings(createRuntime(true));
  process.stdout.write(`Portfolio Manager ${VERSION}\n`);
  for (const { what, ok, detail } of found) {
    process.stdout.write(`${ok ? 'ok  ' : 'BAD '} ${what.padEnd(12)} ${detail}\n`);
  }
  if (found.some((one) => !one.ok)) process.exitCode = 1;
};
