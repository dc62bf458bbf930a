/**
 * What only the database can tell: that every holding is the replay of its trades, that nothing is stored by halves.
 *
 * Contents: checkDatabase · asSuperuser
 */
import { sql } from 'kysely';
import pg from 'pg';

import { verifyLedger } from '../../server/src/entry/commands/verify.ts';
import { WORKER_LIMITS, createDatabase } from '../../server/src/platform/database/database.ts';
import { attachEmbeddedPostgres } from '../../server/src/platform/database/embedded/index.ts';
import type { AttachedPostgres } from '../../server/src/platform/database/embedded/index.ts';
import { withWorker } from '../../server/src/platform/database/index.ts';
import type { Tx } from '../../server/src/platform/database/index.ts';
import type { Install } from './product.ts';

/** What the checks have counted, and what they have found wrong. */
export type DatabaseCheck = {
  readonly holdings: number;
  readonly trades: number;
  readonly problems: readonly string[];
};

/** Looks into the database of a running product, beside it. */
export const checkDatabase = async (install: Install): Promise<DatabaseCheck> => {
  const { workerUrl } = await attach(install);
  const worker = createDatabase({ url: workerUrl, max: 2, limits: WORKER_LIMITS });
  try {
    const { holdings, trades, differences } = await verifyLedger({ worker });
    const halves = await withWorker(worker, findHalves, { readOnly: true });
    const problems = differences.map(
      ({ holdingId, stored, replayed }) =>
        `pm verify: holding ${holdingId} has ${stored}, its trades give ${replayed}`,
    );
    return { holdings, trades, problems: [...problems, ...halves] };
  } finally {
    await worker.destroy();
  }
};

/** Imports that have not all their rows, and claimed keys that have no answer. */
const findHalves = async (tx: Tx): Promise<readonly string[]> => {
  const imports = await sql<{ id: string; row_count: number; stored: string }>`
    select i.id, i.row_count, coalesce(sum(c.row_count), 0) as stored
    from pm.constituent_imports i left join pm.constituents c on c.import_id = i.id
    group by i.id having i.row_count <> coalesce(sum(c.row_count), 0)`.execute(tx);
  const keys = await sql<{ key: string }>`
    select key from pm.idempotency_keys where status is null or body is null`.execute(tx);
  return [
    ...imports.rows.map(
      (one) => `half an import: ${one.id} says ${one.row_count} rows, ${one.stored} are stored`,
    ),
    ...keys.rows.map(({ key }) => `half an answer: the key ${key} is claimed without one`),
  ];
};

/** Runs statements as nobody in the product can: past row-level security and triggers. For sabotage. */
export const asSuperuser = async (install: Install, statements: readonly string[]): Promise<void> => {
  const { adminUrl } = await attach(install);
  const url = new URL(adminUrl);
  url.pathname = '/portfolio_manager';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(
      `set session_replication_role = replica; set search_path = pm; ${statements.join('; ')}`,
    );
  } finally {
    await client.end();
  }
};

const attach = async ({ dataDir }: Install): Promise<AttachedPostgres> => {
  const running = await attachEmbeddedPostgres({ dataDir, log: () => undefined });
  if (running === undefined) throw new Error(`no PostgreSQL serves ${dataDir}`);
  return running;
};
