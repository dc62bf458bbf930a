import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { withConnection } from './connection.ts';
import { migrate, readMigrations } from './migrate.ts';

let folder = '';
let database: TestDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pm-migrations-'));
  database = await createTestDatabase({ empty: true });
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await database.drop();
});

const write = async (files: Record<string, string>): Promise<void> => {
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
};
const run = async () => migrate({ ownerUrl: database.ownerUrl, folder });
const rows = async (sql: string): Promise<unknown[]> =>
  withConnection(
    database.ownerUrl,
    async (client) => (await client.query<Record<string, unknown>>(sql)).rows,
  );

const FIRST = {
  '0001_things.sql': 'create table things (id integer primary key);\ninsert into things values (1);',
};

describe('migrate', () => {
  it('applies what is new, in order, and nothing twice', async () => {
    await write(FIRST);
    expect(await run()).toEqual({ applied: ['0001_things.sql'], version: 1 });
    await write({ '0002_more.sql': 'insert into things values (2);' });
    expect(await run()).toEqual({ applied: ['0002_more.sql'], version: 2 });
    expect(await run()).toEqual({ applied: [], version: 2 });
    expect(await rows('select id from pm.things order by id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('puts unqualified names into the schema pm', async () => {
    await write(FIRST);
    await run();
    expect(await rows(`select schemaname from pg_tables where tablename = 'things'`)).toEqual([
      { schemaname: 'pm' },
    ]);
  });

  it('runs once when several processes start together', async () => {
    await write({
      '0001_slow.sql': 'create table slow (id integer); select pg_sleep(0.3); insert into slow values (1);',
    });
    const results = await Promise.all([run(), run(), run()]);
    expect(results.map((result) => result.applied.length).toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
    expect(await rows('select id from pm.slow')).toEqual([{ id: 1 }]);
  });

  it('leaves nothing of a migration that fails, and names file and line', async () => {
    await write({
      ...FIRST,
      '0002_bad.sql': 'create table half (id integer);\n\nselect no_such_column from things;\n',
    });
    await expect(run()).rejects.toThrow(
      'The migration 0002_bad.sql failed at line 3: column "no_such_column" does not exist.',
    );
    expect(await rows(`select version from pm.schema_migrations`)).toEqual([{ version: 1 }]);
    expect(await rows(`select tablename from pg_tables where tablename = 'half'`)).toEqual([]);
  });

  it('refuses a file that was changed after it was applied, but not one with other line ends', async () => {
    await write(FIRST);
    await run();
    await write({ '0001_things.sql': FIRST['0001_things.sql'].replaceAll('\n', '\r\n') });
    expect((await run()).applied).toEqual([]);
    await write({ '0001_things.sql': `${FIRST['0001_things.sql']} ` });
    await expect(run()).rejects.toThrow(
      'The migration 0001_things.sql was changed after it was applied; restore the file and put the change into a new one.',
    );
  });

  it('refuses a database that is newer than the files', async () => {
    await write({ ...FIRST, '0002_more.sql': 'select 1;' });
    await run();
    await rm(join(folder, '0002_more.sql'));
    await expect(run()).rejects.toThrow(
      'The database is newer than this version of Portfolio Manager (it has 0002_more.sql); start the newer version.',
    );
  });

  it('allows gaps, but nothing that comes in behind what was applied', async () => {
    await write({ ...FIRST, '0020_later.sql': 'select 1;' });
    expect(await run()).toEqual({ applied: ['0001_things.sql', '0020_later.sql'], version: 20 });
    await write({ '0013_between.sql': 'select 1;' });
    await expect(run()).rejects.toThrow(
      'The migration file 0013_between.sql comes too late, since 0020_later.sql was already applied; give it a higher number.',
    );
  });

  it.each(['1_short.sql', '0001_Upper.sql', '0001.sql', '0000_zero.sql'])(
    'refuses the file name %s',
    async (name) => {
      await write({ [name]: 'select 1;' });
      await expect(readMigrations(folder)).rejects.toThrow(
        `The migration file ${name} must be called like 0001_lower_case_name.sql.`,
      );
    },
  );

  it('refuses a number that is used twice', async () => {
    await write({ '0001_a.sql': 'select 1;', '0001_b.sql': 'select 1;' });
    await expect(readMigrations(folder)).rejects.toThrow(
      'The migration files 0001_a.sql and 0001_b.sql have the same number.',
    );
  });
});

describe('the product’s own migrations', () => {
  it('are all read', async () => {
    const folderOfTheProduct = new URL('../../../../db/migrations', import.meta.url);
    expect(await readMigrations()).toHaveLength((await readdir(folderOfTheProduct)).length);
  });
});
