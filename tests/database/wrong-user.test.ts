/**
 * Every user-owned table, as the wrong person and as nobody. The tables are read from the catalogue, so that one added
 * later is tried as well. Each attempt has a control: its owner may do what the others may not.
 */
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openFixture, type Fixture } from './fixture.ts';
import { asPerson, outcomeOf, register } from './people.ts';
import { RowMaker, type Row } from './rows.ts';

const REFUSED = '42501';

let fixture: Fixture;
let owner: Client;
let app: Client;
let maker: RowMaker;
const people = { admin: '', anna: '', ben: '' };

beforeAll(async () => {
  fixture = await openFixture();
  ({ owner, app, maker } = fixture);
  people.admin = await register(app);
  people.anna = await register(app);
  people.ben = await register(app);
});

afterAll(async () => {
  await fixture.close();
});

/** What requests may do with a table at all, by column. */
const privileges = async (
  table: string,
): Promise<{ insert: Set<string>; update: string[]; select: string[]; delete: boolean }> => {
  const { rows } = await owner.query<{
    name: string;
    insert: boolean;
    update: boolean;
    select: boolean;
    delete: boolean;
  }>(
    `select a.attname as name, has_column_privilege('app', c.oid, a.attnum, 'INSERT') as insert,
       has_column_privilege('app', c.oid, a.attnum, 'UPDATE') as update,
       has_column_privilege('app', c.oid, a.attnum, 'SELECT') as select, has_table_privilege('app', c.oid, 'DELETE') as delete
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.oid = ('pm.' || $1)::regclass`,
    [table],
  );
  const names = (kind: 'insert' | 'update' | 'select'): string[] =>
    rows.filter((row) => row[kind]).map(({ name }) => name);
  return {
    insert: new Set(names('insert')),
    update: names('update'),
    select: names('select'),
    delete: rows[0]?.delete ?? false,
  };
};

type Attempt = {
  readonly select: string;
  readonly update: string;
  readonly delete: string;
  readonly values: unknown[];
};

/** Statements that aim at exactly one row. */
const attemptsAt = async (table: string, row: Row): Promise<Attempt> => {
  const key = await maker.keyOf(table);
  const where = key.map((name, at) => `to_jsonb(${name}) #>> '{}' = $${at + 1}`).join(' and ');
  const may = await privileges(table);
  const column = may.update[0] ?? maker.columnNames(table).at(-1);
  return {
    select: `select 1 from pm.${table} where ${where}`,
    update: `update pm.${table} set ${column} = ${column} where ${where}`,
    delete: `delete from pm.${table} where ${where}`,
    values: key.map((name) => String(row[name])),
  };
};

/** Only what requests may write, so that a refusal is not about a column. */
const insertable = async (table: string, row: Row): Promise<{ statement: string; values: unknown[] }> => {
  const { insert } = await privileges(table);
  const names = Object.keys(row).filter((name) => insert.size === 0 || insert.has(name));
  return {
    statement: `insert into pm.${table} (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    values: names.map((name) => row[name]),
  };
};

/** Tries everything as one person on a row and on a row that would be somebody's. */
const tryAll = async (person: string | null, table: string, row: Row, fresh: Row) => {
  const attempt = await attemptsAt(table, row);
  const insert = await insertable(table, fresh);
  return asPerson(app, person, async (client) => ({
    select: await outcomeOf(client, attempt.select, attempt.values),
    update: await outcomeOf(client, attempt.update, attempt.values),
    delete: await outcomeOf(client, attempt.delete, attempt.values),
    insert: await outcomeOf(client, insert.statement, insert.values),
  }));
};

const contentOf = async (table: string, row: Row): Promise<unknown> => {
  const attempt = await attemptsAt(table, row);
  const { rows } = await owner.query(
    attempt.select.replace('select 1', 'select to_jsonb(t)').replace(' where', ' t where'),
    attempt.values,
  );
  return rows;
};

const others = ['ben', 'admin', 'nobody'] as const;
const idOf = (who: (typeof others)[number] | 'anna'): string | null =>
  who === 'nobody' ? null : people[who];

describe('user-owned tables', () => {
  it('are there to be tried', () => {
    expect(maker.userOwnedTables().length).toBeGreaterThan(25);
  });

  it('show, change and take nothing for the wrong person or for nobody', async () => {
    const nothing = { select: 0, update: 0, delete: 0 };
    for (const table of maker.userOwnedTables()) {
      const row = table === 'users' ? { id: people.anna } : await maker.make(table, people.anna);
      const before = await contentOf(table, row);
      for (const who of others) {
        const fresh =
          table === 'users' ? await maker.build(table, null) : await maker.build(table, people.anna);
        const outcome = await tryAll(idOf(who), table, row, fresh);
        const seen = Object.fromEntries(
          (['select', 'update', 'delete'] as const).map((kind) => [
            kind,
            outcome[kind] === REFUSED ? 0 : outcome[kind],
          ]),
        );
        expect({ table, who, ...seen, insert: outcome.insert }).toEqual({
          table,
          who,
          ...nothing,
          insert: REFUSED,
        });
      }
      expect(await contentOf(table, row), `${table} was changed`).toEqual(before);
    }
  }, 120_000);

  it('are usable by their owner, so that the refusals above mean something', async () => {
    for (const table of maker.userOwnedTables().filter((name) => name !== 'users')) {
      const row = await maker.make(table, people.anna);
      const may = await privileges(table);
      const key = await maker.keyOf(table);
      const mayFind = key.every((name) => may.select.includes(name));
      const fresh = await maker.build(table, people.anna);
      const outcome = await tryAll(people.anna, table, row, fresh);
      const one = (allowed: boolean): number | string => (allowed ? 1 : REFUSED);
      expect({ table, ...outcome }).toEqual({
        table,
        select: one(mayFind),
        update: one(may.update.length > 0 && mayFind),
        delete: one(may.delete && mayFind),
        insert: one(may.insert.size > 0),
      });
    }
  }, 120_000);
});

describe('the worker', () => {
  it('sees everybody’s rows, without being anybody', async () => {
    const { rows } = await fixture.worker.query('select current_user as role');
    expect(rows).toEqual([{ role: 'worker' }]);
    for (const table of maker.userOwnedTables()) {
      const of: string[] = [];
      for (const person of [people.anna, people.ben]) {
        if (table !== 'users') await maker.make(table, person);
        const found = await fixture.worker.query(
          `select from pm.${table} where ${maker.ownerColumnOf(table)} = $1 limit 1`,
          [person],
        );
        if (found.rowCount === 1) of.push(person);
      }
      expect({ table, of }).toEqual({ table, of: [people.anna, people.ben] });
    }
  });
});

describe('what all share', () => {
  const scoped = (): string[] =>
    maker.userOwnedTables().filter((table) => maker.columnNames(table).includes('owner_user_id'));
  /** Records that functions of the owner keep: requests read them and write none. */
  const isRecord = (table: string): boolean => ['identity_merges', 'identity_merge_moves'].includes(table);

  it('is read by members and not written by them', async () => {
    for (const table of scoped()) {
      const row = await maker.make(table, null);
      const outcome = await tryAll(people.ben, table, row, await maker.build(table, null));
      const isSecret = table === 'provider_credentials';
      expect({ table, ...outcome }).toEqual({
        table,
        select: isSecret ? 0 : 1,
        update: isRecord(table) ? REFUSED : 0,
        delete: isRecord(table) ? REFUSED : 0,
        insert: REFUSED,
      });
    }
  });

  it('is written by admins', async () => {
    for (const table of scoped()) {
      const row = await maker.make(table, null);
      const outcome = await tryAll(people.admin, table, row, await maker.build(table, null));
      const written = isRecord(table) ? REFUSED : 1;
      expect({ table, ...outcome }).toEqual({
        table,
        select: 1,
        update: written,
        delete: written,
        insert: written,
      });
    }
  });

  it('reference data is read by members and written by admins only', async () => {
    for (const table of ['prices', 'fx_rates', 'price_quarantine', 'news_items', 'education_modules']) {
      const row = await maker.make(table, null);
      const asMember = await tryAll(people.ben, table, row, await maker.build(table, null));
      expect({ table, ...asMember }).toEqual({ table, select: 1, update: 0, delete: 0, insert: REFUSED });
      const asAdmin = await tryAll(people.admin, table, row, await maker.build(table, null));
      expect({ table, ...asAdmin }).toEqual({ table, select: 1, update: 1, delete: 1, insert: 1 });
    }
  });
});

describe('what is known of a line of somebody’s own', () => {
  it.each(['price_fetches', 'price_quarantine'])('%s is read by them alone', async (table) => {
    const line = await maker.make('instrument_listings', people.anna);
    const values = { listing_id: line['id'] };
    await maker.make(table, null, values);
    const seenBy = async (person: typeof people.anna) =>
      asPerson(app, person, async (client) =>
        outcomeOf(client, `select from pm.${table} where listing_id = $1`, [line['id']]),
      );
    expect([await seenBy(people.anna), await seenBy(people.ben), await seenBy(people.admin)]).toEqual([
      1, 0, 0,
    ]);
  });
});

describe('the tests themselves', () => {
  it('catch a table that forgot to ask who it is', async () => {
    await owner.query(`create table pm.bad (user_id uuid not null references pm.users, id uuid, primary key (user_id, id));
      select pm.protect_user_table('bad'); create policy leak on pm.bad for select to app using (true)`);
    try {
      const fresh = await RowMaker.over(owner);
      expect(fresh.userOwnedTables()).toContain('bad');
      const row = await fresh.make('bad', people.anna);
      const seen = await asPerson(app, people.ben, async (client) =>
        outcomeOf(client, 'select from pm.bad where id = $1', [row['id']]),
      );
      expect(seen).toBe(1);
    } finally {
      await owner.query('drop table pm.bad');
    }
  });

  it('say so when a table cannot be filled', async () => {
    await owner.query(
      `create table pm.odd (user_id uuid not null, id uuid, spot point not null, primary key (user_id, id))`,
    );
    try {
      const fresh = await RowMaker.over(owner);
      await expect(fresh.make('odd', people.anna)).rejects.toThrow(
        'odd.spot: no value known for the type point',
      );
    } finally {
      await owner.query('drop table pm.odd');
    }
  });
});
