/** SQL of operations: what the database says of itself. */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** Version of the schema that the database has; 0 before the first migration. */
export const schemaVersion = async (tx: Tx): Promise<number> => {
  const { rows } = await sql<{ version: number | null }>`
    select max(version) as version from pm.schema_migrations`.execute(tx);
  return rows[0]?.version ?? 0;
};

/** Server version (`18.4`) and size of our database in bytes, as text. */
export const describeServer = async (
  tx: Tx,
): Promise<{ readonly version: string; readonly size_bytes: string }> => {
  const { rows } = await sql<{ version: string; size_bytes: string }>`
    select current_setting('server_version') as version,
           pg_database_size(current_database())::text as size_bytes`.execute(tx);
  return rows[0] ?? { version: 'unknown', size_bytes: '0' };
};

/** Jobs that are due or will be, and jobs that gave up. Only the worker role sees the queue. */
export const countJobs = async (tx: Tx): Promise<{ readonly waiting: number; readonly failed: number }> => {
  const { rows } = await sql<{ waiting: number; failed: number }>`
    select count(*) filter (where attempts < max_attempts)::int as waiting,
           count(*) filter (where attempts >= max_attempts)::int as failed
    from graphile_worker._private_jobs`.execute(tx);
  return rows[0] ?? { waiting: 0, failed: 0 };
};
