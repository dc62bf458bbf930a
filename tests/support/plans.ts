/**
 * How statements are planned, observed from outside: which tables a piece of work read from end to end.
 *
 *   await fillAndAnalyse(database, 'insert into pm.instruments …');
 *   expect(await tablesScanned(database.appUrl, database, async (db) => listInstruments(…))).toEqual([]);
 */
import { sql } from 'kysely';

import { createDatabase } from '../../server/src/platform/database/database.ts';
import type { Db } from '../../server/src/platform/database/database.ts';
import type { TestDatabase } from './database.ts';

/** Runs statements as the owner and brings the planner's statistics up to date. */
export const fillAndAnalyse = async (
  database: TestDatabase,
  ...statements: readonly ReturnType<typeof sql>[]
): Promise<void> => {
  await database.owner.transaction().execute(async (tx) => {
    for (const statement of statements) await statement.execute(tx);
  });
  await database.owner.connection().execute(async (connection) => sql`analyze`.execute(connection));
};

/** Tables of `pm` with more rows than this are ones whose reading from end to end would be felt. */
const LARGE = 1_000;

/**
 * The large tables that `work` read sequentially. It gets a pool of one connection of the role in `url`, so that the
 * server's own counts, which each connection reports for itself, are complete when it is closed.
 */
export const tablesScanned = async (
  url: string,
  database: TestDatabase,
  work: (db: Db) => Promise<unknown>,
): Promise<string[]> => {
  const before = await scans(database);
  const db = createDatabase({ url, max: 1 });
  try {
    await work(db);
    await db
      .connection()
      .execute(async (connection) => sql`select pg_stat_force_next_flush()`.execute(connection));
  } finally {
    await db.destroy();
  }
  const after = await scans(database);
  return [...after].filter(([table, count]) => count > (before.get(table) ?? 0)).map(([table]) => table);
};

const scans = async (database: TestDatabase): Promise<Map<string, number>> =>
  database.owner.transaction().execute(async (tx) => {
    await sql`select pg_stat_clear_snapshot()`.execute(tx);
    const { rows } = await sql<{ name: string; count: string }>`
      select s.relname as name, s.seq_scan as count
      from pg_stat_user_tables s join pg_class c on c.oid = s.relid
      where s.schemaname = 'pm' and c.reltuples > ${LARGE}`.execute(tx);
    return new Map(rows.map((row) => [row.name, Number(row.count)]));
  });
