import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { withConnection } from './connection.ts';
import { createDatabase } from './database.ts';
import type { Db } from './database.ts';
import { withWorker } from './transaction.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

/** One connection of the worker role, so that what a connection keeps can be looked at. */
const withOneConnection = async (prepare: boolean, work: (db: Db) => Promise<void>): Promise<void> => {
  const db = createDatabase({ url: database.workerUrl, max: 1, prepare });
  try {
    await work(db);
  } finally {
    await db.destroy();
  }
};

const double = async (db: Db, value: number): Promise<number | undefined> =>
  withWorker(db, async (tx) => {
    const { rows } = await sql<{ doubled: number }>`select 2 * ${value}::int as doubled`.execute(tx);
    return rows[0]?.doubled;
  });

const preparedTexts = async (db: Db): Promise<readonly string[]> =>
  withWorker(db, async (tx) => {
    const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(
      tx,
    );
    return rows.map((row) => row.statement);
  });

describe('prepared statements', () => {
  it('prepares a statement the second time, and answers each with its own parameters', async () => {
    await withOneConnection(true, async (db) => {
      expect(await double(db, 1)).toBe(2);
      expect(await preparedTexts(db)).toEqual([]);
      expect(await double(db, 2)).toBe(4);
      expect(await preparedTexts(db)).toEqual(['select 2 * $1::int as doubled']);
      expect(await double(db, 21)).toBe(42);
    });
  });

  it('prepares nothing where a pooler may not know of it', async () => {
    await withOneConnection(false, async (db) => {
      for (const value of [1, 2, 3]) expect(await double(db, value)).toBe(2 * value);
      expect(await preparedTexts(db)).toEqual([]);
    });
  });

  it('goes on after an error in the middle of a prepared statement', async () => {
    await withOneConnection(true, async (db) => {
      for (const value of [1, 2]) await double(db, value);
      await expect(double(db, 2_000_000_000)).rejects.toThrow(/out of range/u);
      expect(await double(db, 3)).toBe(6);
    });
  });

  it('starts over on a fresh connection when a migration has changed what a statement answers', async () => {
    await withConnection(database.ownerUrl, async (owner) => {
      await owner.query('create table pm.changing (value int); grant select on pm.changing to worker');
      await owner.query('insert into pm.changing values (7)');
      await withOneConnection(true, async (db) => {
        const read = async (): Promise<unknown> =>
          withWorker(db, async (tx) => {
            const found = await sql<{ value: unknown }>`
              select value from pm.changing where value <> ${0}`.execute(tx);
            return found.rows[0]?.value;
          });
        for (let time = 0; time < 3; time += 1) expect(await read()).toBe(7);
        await owner.query('alter table pm.changing alter value type numeric');
        expect(await read()).toBe('7');
      });
    });
  });
});
