/** Portfolios shared within a household: view, edit, revoked, left; and what comes along with them. */
import { randomUUID } from 'node:crypto';

import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openFixture, type Fixture } from './fixture.ts';
import { asPerson, outcomeOf, register } from './people.ts';
import { insertRow, type RowMaker } from './rows.ts';

const REFUSED = '42501';

let fixture: Fixture;
let owner: Client;
let app: Client;
let maker: RowMaker;
const people = { anna: '', ben: '', carl: '' };

beforeAll(async () => {
  fixture = await openFixture();
  ({ owner, app, maker } = fixture);
  await register(app); // the admin, who has no part in this
  people.anna = await register(app);
  people.ben = await register(app);
  people.carl = await register(app);
});

afterAll(async () => {
  await fixture.close();
});

const share = async (portfolio: string, grantee: string, role: 'view' | 'edit'): Promise<void> => {
  await asPerson(
    app,
    people.anna,
    async (client) => {
      await client.query(
        'insert into pm.portfolio_access (user_id, portfolio_id, owner_id, role) values ($1, $2, $3, $4) on conflict (user_id, portfolio_id) do update set role = excluded.role',
        [grantee, portfolio, people.anna, role],
      );
    },
    'commit',
  );
};

const idText = (row: Readonly<Record<string, unknown>>): string => String(row['id']);
const newPortfolio = async (): Promise<string> => idText(await maker.make('portfolios', people.anna));

/** Tables that a portfolio's sharing opens, as their policies say. */
const sharedTables = async (): Promise<string[]> => {
  const { rows } = await owner.query<{ name: string }>(
    `select distinct c.relname as name from pg_policy p join pg_class c on c.oid = p.polrelid
     where p.polcmd = 'r' and pg_get_expr(p.polqual, p.polrelid) like '%portfolio_access%'
       and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'portfolio_id' and not a.attisdropped)`,
  );
  return rows.map(({ name }) => name);
};

const may = async (table: string, privilege: 'UPDATE' | 'DELETE' | 'INSERT'): Promise<string | undefined> => {
  const { rows } = await owner.query<{ name: string }>(
    `select a.attname as name from pg_attribute a where a.attrelid = ('pm.' || $1)::regclass and a.attnum > 0 and not a.attisdropped
       and (case $2 when 'DELETE' then has_table_privilege('app', a.attrelid, 'DELETE')
         else has_column_privilege('app', a.attrelid, a.attnum, case $2 when 'DELETE' then 'SELECT' else $2 end) end) limit 1`,
    [table, privilege],
  );
  return rows[0]?.name;
};

const tryIn = async (person: string, table: string, portfolio: string) => {
  const columnToSet = (await may(table, 'UPDATE')) ?? 'portfolio_id';
  const fresh = await maker.build(table, people.anna, { portfolio_id: portfolio });
  const writable = Object.keys(fresh);
  return asPerson(app, person, async (client) => ({
    select: await outcomeOf(client, `select 1 from pm.${table} where portfolio_id = $1`, [portfolio]),
    update: await outcomeOf(
      client,
      `update pm.${table} set ${columnToSet} = ${columnToSet} where portfolio_id = $1`,
      [portfolio],
    ),
    insert: await outcomeOf(
      client,
      `insert into pm.${table} (${writable.join(', ')}) values (${writable.map((_, at) => `$${at + 1}`).join(', ')})`,
      Object.values(fresh),
    ),
    delete: await outcomeOf(client, `delete from pm.${table} where portfolio_id = $1`, [portfolio]),
  }));
};

describe('a shared portfolio', () => {
  it('opens every table that belongs to portfolios, and nothing before it is shared or after it is revoked', async () => {
    const tables = await sharedTables();
    expect(tables).toEqual(
      expect.arrayContaining(['accounts', 'holdings', 'trades', 'portfolio_snapshots', 'trades_history']),
    );
    for (const table of tables) {
      const portfolio = await newPortfolio();
      await maker.make(table, people.anna, { portfolio_id: portfolio });
      const shut = {
        select: 0,
        update: (await may(table, 'UPDATE')) ? 0 : REFUSED,
        insert: REFUSED,
        delete: (await may(table, 'DELETE')) ? 0 : REFUSED,
      };
      const rows = (await owner.query(`select 1 from pm.${table} where portfolio_id = $1`, [portfolio]))
        .rowCount;

      expect({ table, ...(await tryIn(people.ben, table, portfolio)) }).toEqual({ table, ...shut });
      await share(portfolio, people.ben, 'view');
      expect({ table, ...(await tryIn(people.ben, table, portfolio)) }).toEqual({
        table,
        ...shut,
        select: rows,
      });
      expect({ table, ...(await tryIn(people.carl, table, portfolio)) }).toEqual({ table, ...shut });
      await share(portfolio, people.ben, 'edit');
      // What the maker wrote for the new row's sake is there as well.
      const edited = await tryIn(people.ben, table, portfolio);
      expect({ table, isSeen: Number(edited.select) >= Number(rows), insert: edited.insert }).toEqual({
        table,
        isSeen: true,
        insert: (await may(table, 'INSERT')) ? 1 : REFUSED,
      });
      expect(edited.update === REFUSED).toBe(!(await may(table, 'UPDATE')));
      expect(Number(edited.delete) > 0 && edited.delete !== REFUSED).toBe(
        (await may(table, 'DELETE')) !== undefined,
      );
      await asPerson(
        app,
        people.anna,
        async (c) => c.query('delete from pm.portfolio_access where portfolio_id = $1', [portfolio]),
        'commit',
      );
      expect({ table, ...(await tryIn(people.ben, table, portfolio)) }).toEqual({ table, ...shut });
    }
  }, 60_000);

  it('can be edited but not made, hidden, deleted, given away or shared on by an editor', async () => {
    const portfolio = await newPortfolio();
    await share(portfolio, people.ben, 'edit');
    const outcome = await asPerson(app, people.ben, async (client) => ({
      rename: await outcomeOf(client, `update pm.portfolios set name = 'Ours' where id = $1`, [portfolio]),
      hide: await outcomeOf(
        client,
        `update pm.portfolios set deleted_at = now(), deletion_id = gen_random_uuid() where id = $1`,
        [portfolio],
      ),
      remove: await outcomeOf(client, 'delete from pm.portfolios where id = $1', [portfolio]),
      give: await outcomeOf(client, 'update pm.portfolios set user_id = $2 where id = $1', [
        portfolio,
        people.ben,
      ]),
      make: await outcomeOf(client, `insert into pm.portfolios (user_id, id, name) values ($1, $2, 'x')`, [
        people.anna,
        randomUUID(),
      ]),
      share: await outcomeOf(
        client,
        `insert into pm.portfolio_access (user_id, portfolio_id, owner_id, role) values ($1, $2, $3, 'edit')`,
        [people.carl, portfolio, people.anna],
      ),
      promote: await outcomeOf(
        client,
        `update pm.portfolio_access set role = 'edit' where portfolio_id = $1`,
        [portfolio],
      ),
    }));
    expect(outcome).toEqual({
      rename: 1,
      hide: REFUSED,
      remove: 0,
      give: REFUSED,
      make: REFUSED,
      share: REFUSED,
      promote: 0,
    });
  });

  it('cannot be shared by somebody else, nor with its owner', async () => {
    const portfolio = await newPortfolio();
    const statement = `insert into pm.portfolio_access (user_id, portfolio_id, owner_id, role) values ($1, $2, $3, 'edit')`;
    const theft = await asPerson(app, people.ben, async (client) => ({
      asOwner: await outcomeOf(client, statement, [people.ben, portfolio, people.anna]),
      // Naming oneself as the owner passes the policy; the foreign key knows better.
      asSelf: await outcomeOf(client, statement, [people.carl, portfolio, people.ben]),
    }));
    expect(theft).toEqual({ asOwner: REFUSED, asSelf: '23503' });
    const self = await asPerson(app, people.anna, async (client) =>
      outcomeOf(client, statement, [people.anna, portfolio, people.anna]),
    );
    expect(self).toBe('23514');
  });

  it('can be left by the person it is shared with, who then sees nothing', async () => {
    const portfolio = await newPortfolio();
    await share(portfolio, people.ben, 'view');
    await asPerson(
      app,
      people.ben,
      async (client) => client.query('delete from pm.portfolio_access where portfolio_id = $1', [portfolio]),
      'commit',
    );
    const seen = await asPerson(app, people.ben, async (client) =>
      outcomeOf(client, 'select from pm.portfolios where id = $1', [portfolio]),
    );
    expect(seen).toBe(0);
  });

  it('does not let rows be filed under another portfolio of its owner, or under one’s own name', async () => {
    const shared = await newPortfolio();
    const kept = await newPortfolio();
    await share(shared, people.ben, 'edit');
    const keptHolding = idText(await maker.make('holdings', people.anna, { portfolio_id: kept }));
    const trade = await maker.build('trades', people.anna, { portfolio_id: shared, holding_id: keptHolding });
    const holding = await maker.build('holdings', people.ben, { portfolio_id: shared });
    const outcome = await asPerson(app, people.ben, async (client) => {
      const code = async (table: string, row: typeof trade): Promise<number | string> =>
        outcomeOf(
          client,
          `insert into pm.${table} (${Object.keys(row).join(', ')}) values (${Object.keys(row)
            .map((_, at) => `$${at + 1}`)
            .join(', ')})`,
          Object.values(row),
        );
      return { trade: await code('trades', trade), holding: await code('holdings', holding) };
    });
    expect(outcome).toEqual({ trade: '23503', holding: '23503' });
  });
});

describe('the owner’s private market data', () => {
  const makePrivate = async (): Promise<{ portfolio: string; house: string }> => {
    const portfolio = await newPortfolio();
    const house = idText(await maker.make('instruments', people.anna, { type: 'Property', name: 'House' }));
    await maker.make('holdings', people.anna, { portfolio_id: portfolio, instrument_id: house });
    await maker.make('manual_prices', people.anna, { instrument_id: house });
    await maker.make('constituent_imports', people.anna, { parent_instrument_id: house });
    return { portfolio, house };
  };
  const seen = async (client: Client, house: string) => ({
    instrument: await outcomeOf(client, 'select from pm.instruments where id = $1', [house]),
    details: await outcomeOf(client, 'select from pm.instrument_details where id = $1', [house]),
    price: await outcomeOf(client, 'select from pm.manual_prices where instrument_id = $1', [house]),
    imports: await outcomeOf(client, 'select from pm.constituent_imports where parent_instrument_id = $1', [
      house,
    ]),
  });
  const all = { instrument: 1, details: 1, price: 1, imports: 1 };
  const none = { instrument: 0, details: 0, price: 0, imports: 0 };

  it('is read inside the shared portfolio only, and never written', async () => {
    const { portfolio, house } = await makePrivate();
    await share(portfolio, people.ben, 'edit');
    const outcome = await asPerson(app, people.ben, async (client) => {
      const outside = await seen(client, house);
      const { rows } = await client.query<{ owner: string | null }>(
        'select pm.enter_portfolio($1) as owner',
        [portfolio],
      );
      const inside = await seen(client, house);
      const write = await outcomeOf(client, `update pm.instruments set name = 'Mine' where id = $1`, [house]);
      const price = await outcomeOf(client, 'delete from pm.manual_prices where instrument_id = $1', [house]);
      return { owner: rows[0]?.owner, outside, inside, write, price };
    });
    expect(outcome).toEqual({ owner: people.anna, outside: none, inside: all, write: 0, price: 0 });
  });

  it('takes the place of the guest’s own there, so that both see the same', async () => {
    const { portfolio } = await makePrivate();
    await share(portfolio, people.ben, 'view');
    const mine = idText(await maker.make('instruments', people.ben));
    await maker.make('manual_prices', people.ben, { instrument_id: mine });
    await maker.make('constituent_imports', people.ben, { parent_instrument_id: mine });
    const outcome = await asPerson(app, people.ben, async (client) => {
      const outside = await seen(client, mine);
      await client.query('select pm.enter_portfolio($1)', [portfolio]);
      return { outside, inside: await seen(client, mine) };
    });
    expect(outcome).toEqual({ outside: all, inside: none });
  });

  it('stays shut for others, whatever portfolio they say they are in', async () => {
    const { portfolio, house } = await makePrivate();
    const outcome = await asPerson(app, people.ben, async (client) => {
      const { rows } = await client.query<{ owner: string | null }>(
        'select pm.enter_portfolio($1) as owner',
        [portfolio],
      );
      await client.query(`select set_config('app.portfolio_id', $1, true)`, [portfolio]);
      return { owner: rows[0]?.owner, ...(await seen(client, house)) };
    });
    expect(outcome).toEqual({ owner: null, ...none });
  });

  it('is shut again in the next transaction', async () => {
    const { portfolio, house } = await makePrivate();
    await share(portfolio, people.ben, 'view');
    await asPerson(
      app,
      people.ben,
      async (client) => client.query('select pm.enter_portfolio($1)', [portfolio]),
      'commit',
    );
    expect(await asPerson(app, people.ben, async (client) => seen(client, house))).toEqual(none);
  });

  it('cannot be taken into a portfolio of one’s own, nor one’s own into a shared one', async () => {
    const { portfolio, house } = await makePrivate();
    await share(portfolio, people.ben, 'edit');
    const mine = idText(await maker.make('instruments', people.ben));
    const own = idText(await maker.make('portfolios', people.ben));
    const code = async (
      userId: string,
      portfolioId: string,
      instrument: string,
      entered = portfolio,
    ): Promise<number | string> =>
      asPerson(app, people.ben, async (client) => {
        await client.query('select pm.enter_portfolio($1)', [entered]);
        return outcomeOf(
          client,
          `insert into pm.holdings (user_id, id, portfolio_id, instrument_id, section, theme, account) values ($1, $2, $3, $4, 'Core', 'x', 'GIA')`,
          [userId, randomUUID(), portfolioId, instrument],
        );
      });
    expect(await code(people.ben, own, house)).toBe('23503');
    expect(await code(people.anna, portfolio, mine)).toBe('23503');
    expect(await code(people.ben, own, mine, own)).toBe(1);
  });
});

describe('private and shared instruments', () => {
  it('do not mix: nothing shared hangs on something private', async () => {
    const mine = idText(await maker.make('instruments', people.anna));
    await expect(maker.make('instrument_listings', null, { instrument_id: mine })).rejects.toMatchObject({
      cause: { code: '23503', constraint: 'instrument_listings_instrument_scope' },
    });
    const shared = await maker.make('constituent_imports', people.anna);
    await expect(
      insertRow(owner, 'constituents', await maker.build('constituents', null, { import_id: shared['id'] })),
    ).rejects.toMatchObject({ code: '23503', constraint: 'constituents_import_scope' });
    const listing = idText(await maker.make('instrument_listings', null));
    await expect(
      owner.query('update pm.instrument_listings set instrument_id = $2 where id = $1', [listing, mine]),
    ).rejects.toMatchObject({ code: '23503' });
  });

  it('have identifiers and lines of their own scope', async () => {
    const value = 'IE00B4L5Y983';
    await maker.make('instrument_identifiers', null, { value });
    await maker.make('instrument_identifiers', people.anna, { value });
    await maker.make('instrument_identifiers', people.ben, { value });
    await expect(maker.make('instrument_identifiers', null, { value })).rejects.toMatchObject({
      cause: { code: '23505' },
    });
    await maker.make('instrument_listings', null, { mic: 'XLON', ticker: 'SWDA' });
    await maker.make('instrument_listings', people.anna, { mic: 'XLON', ticker: 'SWDA' });
    await expect(
      maker.make('instrument_listings', people.anna, { mic: 'XLON', ticker: 'SWDA' }),
    ).rejects.toMatchObject({
      cause: { code: '23505' },
    });
  });
});
