/**
 * Everything that points to an instrument follows it into another one, and comes back exactly. The columns are read from
 * the catalogue: a table that is added later and points to instruments is tried as well.
 */
import { randomUUID } from 'node:crypto';

import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openFixture, type Fixture } from './fixture.ts';
import { asPerson, outcomeOf, register } from './people.ts';
import { ownerColumn, type Row, type RowMaker } from './rows.ts';

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

const idOf = (row: Row): string => String(row['id']);
const security = async (person: string | null, name: string): Promise<string> =>
  idOf(await maker.make('instruments', person, { name, type: 'Stock', issuer_keys: [`name ${name}`] }));

type Reference = { readonly table: string; readonly column: string };
/** Asked of the catalogue by itself, so that a list kept in the schema could not hide one. */
const references = async (): Promise<Reference[]> => {
  const { rows } = await owner.query<Reference>(
    `select k.conrelid::regclass::text as table, a.attname as column from pg_constraint k
     join unnest(k.conkey) u (num) on true join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num
     where k.contype = 'f' and k.confrelid = 'pm.instruments'::regclass and k.conparentid = 0 order by 1, 2`,
  );
  return rows.map(({ table, column }) => ({ table: table.replace(/^pm\./u, ''), column }));
};
const isRecord = ({ table }: Reference): boolean => table === 'identity_merges';

/** What else a row needs when the column is filled. */
const FIXED: Readonly<Record<string, Row>> = {
  'identity_reviews.chosen_instrument_id': { status: 'same', decided_at: '2024-01-02T00:00:00Z' },
};

const point = async ({ table, column }: Reference, to: string, person: string | null): Promise<void> => {
  await maker.make(table, person, { ...FIXED[`${table}.${column}`], [column]: to });
};

/** Rows of both kinds: everybody's, where the table has such, and Anna's. */
const pointFromEverywhere = async (to: string, isShared: boolean): Promise<void> => {
  for (const reference of await references()) {
    if (isRecord(reference) || reference.table === 'instruments') continue;
    const names = maker.columnNames(reference.table);
    const isPersonal = names.includes('user_id');
    if (isShared && !isPersonal) await point(reference, to, null);
    if (ownerColumn(reference.table, names) !== undefined) await point(reference, to, people.anna);
  }
};

const countOf = async (id: string): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { table, column } of (await references()).filter((one) => !isRecord(one))) {
    const { rows } = await owner.query<{ n: number }>(
      `select count(*)::int as n from pm.${table} where ${column} = $1`,
      [id],
    );
    counts[`${table}.${column}`] = rows[0]?.n ?? 0;
  }
  return counts;
};

/** All rows of all tables that can point to an instrument, but for what every write changes. */
const contents = async (): Promise<Record<string, unknown[]>> => {
  const tables = new Set((await references()).filter((one) => !isRecord(one)).map(({ table }) => table));
  const found: Record<string, unknown[]> = {};
  for (const table of tables) {
    const { rows } = await owner.query<{ row: string }>(
      `select (to_jsonb(t) - 'version' - 'updated_at')::text as row from pm.${table} t order by 1`,
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
};

const merge = async (
  person: string,
  from: string,
  into: string,
  { renamed = false } = {},
): Promise<string> => {
  const id = randomUUID();
  await asPerson(
    app,
    person,
    async (client) => client.query('select pm.merge_instruments($1, $2, $3, $4)', [id, from, into, renamed]),
    'commit',
  );
  return id;
};
const undo = async (person: string, id: string): Promise<void> => {
  await asPerson(app, person, async (client) => client.query('select pm.undo_merge($1)', [id]), 'commit');
};

describe('a merge', () => {
  it.each([
    ['shared', null, 'admin'],
    ['private', 'anna', 'anna'],
  ] as const)(
    'of %s securities takes everything along, and its undoing brings it back',
    async (_scope, whose, who) => {
      const holder = whose === null ? null : people[whose];
      const [from, into] = [await security(holder, `from ${who}`), await security(null, `into ${who}`)];
      await pointFromEverywhere(from, holder === null);
      const earlier = await security(holder, `earlier ${who}`);
      await merge(people[who], earlier, from);
      const before = await contents();
      const pointing = await countOf(from);
      expect(Object.entries(pointing).filter(([, count]) => count === 0)).toEqual([]);

      const id = await merge(people[who], from, into);
      expect(Object.values(await countOf(from)).every((count) => count === 0)).toBe(true);
      const now = await countOf(into);
      for (const [place, count] of Object.entries(pointing)) expect(now[place]).toBeGreaterThanOrEqual(count);

      await undo(people[who], id);
      expect(await countOf(from)).toEqual(pointing);
      expect(await contents()).toEqual(before);
    },
  );

  it('adds up rows of one import, lets the survivor’s own rows win, and brings all of it back', async () => {
    const [from, into] = [await security(null, 'twin one'), await security(null, 'twin two')];
    const day = '2024-02-01';
    const fund = await security(null, 'a fund of both');
    const held = idOf(await maker.make('constituent_imports', null, { parent_instrument_id: fund }));
    const row = {
      import_id: held,
      market_value: null,
      quantity: '5',
      sector: 'Energy',
      match_method: 'unsure',
    };
    await maker.make('constituents', null, {
      ...row,
      child_instrument_id: from,
      weight: '2.5',
      row_numbers: [4],
    });
    await maker.make('constituents', null, {
      ...row,
      child_instrument_id: into,
      weight: '1.25',
      market_value: '10',
      sector: 'Materials',
      row_numbers: [9, 2],
      match_method: 'isin',
    });
    for (const [id, close] of [
      [from, '1'],
      [into, '2'],
    ] as const) {
      await maker.make('manual_prices', people.anna, {
        instrument_id: id,
        date_time: '2024-01-05T00:00:00Z',
        close,
      });
      await maker.make('instrument_names', null, { instrument_id: id, name: 'one name of both' });
      await maker.make('constituent_imports', null, { parent_instrument_id: id, as_of: day });
      await maker.make('instrument_listings', null, { instrument_id: id, is_primary: true });
    }
    await maker.make('fund_proxies', people.anna, { fund_instrument_id: from, proxy_instrument_id: into });
    const before = await contents();
    const id = await merge(people.admin, from, into);
    const { rows } = await owner.query(
      `select weight::float, market_value::float, quantity::float, sector, row_numbers, match_method from pm.constituents
       where import_id = $1`,
      [held],
    );
    // The heavier row says the sector; it was in doubt and is so no longer.
    const sum = { weight: 3.75, market_value: 10, quantity: 10, sector: 'Energy', row_numbers: [2, 4, 9] };
    expect(rows).toEqual([{ ...sum, match_method: 'decision' }]);
    const prices = await owner.query('select close::float from pm.manual_prices where instrument_id = $1', [
      into,
    ]);
    expect(prices.rows).toEqual([{ close: 2 }]);
    await undo(people.admin, id);
    expect(await contents()).toEqual(before);
  });

  it('makes different numbers a matter of the past, when it is a renaming', async () => {
    const [from, into] = [await security(null, 'old name'), await security(null, 'new name')];
    for (const [id, value] of [
      [from, 'XX0000000AA0'],
      [into, 'XX0000000BB0'],
    ] as const) {
      await maker.make('instrument_identifiers', null, { instrument_id: id, value });
    }
    await expect(merge(people.admin, from, into)).rejects.toMatchObject({ code: 'PM409' });
    const before = await contents();
    const id = await merge(people.admin, from, into, { renamed: true });
    const { rows } = await owner.query(
      `select value, is_current from pm.instrument_identifiers where instrument_id = $1 order by value`,
      [into],
    );
    expect(rows).toEqual([
      { value: 'XX0000000AA0', is_current: false },
      { value: 'XX0000000BB0', is_current: true },
    ]);
    await undo(people.admin, id);
    expect(await contents()).toEqual(before);
  });
});

describe('nobody', () => {
  it('merges or undoes what is not theirs to', async () => {
    const shared = [await security(null, 'shared one'), await security(null, 'shared two')] as const;
    const annas = [await security(people.anna, 'anna one'), await security(people.anna, 'anna two')] as const;
    const attempts: Array<[person: string, from: string, into: string]> = [
      [people.anna, shared[0], shared[1]],
      [people.ben, annas[0], annas[1]],
      [people.admin, annas[0], shared[0]],
      [people.admin, shared[0], annas[0]],
      [people.anna, annas[0], annas[0]],
      [people.anna, annas[0], randomUUID()],
    ];
    for (const [person, from, into] of attempts) {
      await expect(merge(person, from, into)).rejects.toMatchObject({ code: 'PM404' });
    }
    const id = await merge(people.anna, annas[0], shared[0]);
    await expect(undo(people.ben, id)).rejects.toMatchObject({ code: 'PM404' });
    await expect(undo(people.admin, id)).rejects.toMatchObject({ code: 'PM404' });
    await undo(people.anna, id);
    await expect(undo(people.anna, id)).rejects.toMatchObject({ code: 'PM409' });
  });

  it('points anything to what was merged away, or writes the record of merges', async () => {
    const [from, into] = [await security(people.anna, 'gone'), await security(null, 'there')];
    const id = await merge(people.anna, from, into);
    const row = await maker.build('instrument_names', people.anna, { instrument_id: into });
    const outcomes = await asPerson(app, people.anna, async (client) => [
      await outcomeOf(
        client,
        'insert into pm.instrument_names (instrument_id, owner_user_id, name) values ($1, $2, $3)',
        [from, people.anna, row['name']],
      ),
      await outcomeOf(client, 'update pm.identity_merges set undone_at = now() where id = $1', [id]),
      await outcomeOf(client, 'delete from pm.identity_merge_moves where merge_id = $1', [id]),
    ]);
    expect(outcomes).toEqual(['23503', '42501', '42501']);
  });
});
