/** What the ledger's tables accept and refuse, and what they keep of the past. */
import { randomUUID } from 'node:crypto';

import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { connect, connectTimes, openFixture, type Fixture } from './fixture.ts';
import { asPerson, register } from './people.ts';
import { insertRow, type Row, type RowMaker } from './rows.ts';

let fixture: Fixture;
let owner: Client;
let app: Client;
let maker: RowMaker;
let anna = '';

beforeAll(async () => {
  fixture = await openFixture();
  ({ owner, app, maker } = fixture);
  anna = await register(app);
});

afterAll(async () => {
  await fixture.close();
});

/** The SQLSTATE and the constraint that a row meets. */
const refusal = async (table: string, change: Row): Promise<string> => {
  const row = await maker.build(table, anna, change);
  try {
    await insertRow(owner, table, row);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `${String(Reflect.get(error, 'code'))} ${String(Reflect.get(error, 'constraint') ?? '')}`.trim();
  }
};

describe('trades', () => {
  const cases: readonly (readonly [what: string, change: Row, expected: string])[] = [
    ['a buy', {}, 'accepted'],
    ['a quantity of 0', { qty: '0' }, '23514 trades_qty_check'],
    ['a negative quantity', { qty: '-1' }, '23514 trades_qty_check'],
    ['NaN as a quantity', { qty: 'NaN' }, '23514 amount_is_number'],
    ['NaN as a price', { price: 'NaN' }, '23514 amount_is_number'],
    ['infinity', { price: 'Infinity' }, '22003'],
    ['a quantity of 21 digits', { qty: '123456789012345678901' }, '22003'],
    ['20 digits and 18 places', { qty: '12345678901234567890.123456789012345678' }, 'accepted'],
    ['a price of 0', { price: '0' }, '23514 trades_shape'],
    ['a price of 0 for an opening position', { type: 'opening', price: '0' }, 'accepted'],
    ['a buy without quantity', { qty: null }, '23514 trades_shape'],
    ['negative fees', { fees: '-0.01' }, '23514 trades_fees_check'],
    ['a rate of 0', { fx_rate: '0' }, '23514 rate_is_positive'],
    ['no rate', { fx_rate: null }, '23514 trades_rate_for_money'],
    ['pence as a currency', { currency: 'GBX' }, '23514 currency_code_shape'],
    ['GBp as a currency', { currency: 'GBp' }, '23514 currency_code_shape'],
    ['ZAc as a currency', { currency: 'ZAc' }, '23514 currency_code_shape'],
    ['ZAC as a currency', { currency: 'ZAC' }, '23514 currency_code_shape'],
    ['ILA as a currency', { currency: 'ILA' }, '23514 currency_code_shape'],
    ['a price entered in pence', { currency: 'GBP', quote_unit: 'GBX' }, 'accepted'],
    ['pence of dollars', { currency: 'USD', quote_unit: 'GBX' }, '23514 trades_quote_unit_fits'],
    ['GBp as a quote unit', { currency: 'GBP', quote_unit: 'GBp' }, '23514 quote_unit_code_shape'],
    ['the year 1800', { date: '1800-01-01' }, '23514 day_range'],
    ['the year 1900', { date: '1900-01-01' }, 'accepted'],
    ['an unknown type', { type: 'gift' }, '23514 trades_type_check'],
    [
      'a split 3 for 1',
      { type: 'split', qty: null, price: null, fx_rate: null, split_numerator: 3, split_denominator: 1 },
      'accepted',
    ],
    ['a split without ratio', { type: 'split', qty: null, price: null }, '23514 trades_split_ratio'],
    [
      'a split 1 for 1',
      { type: 'split', qty: null, price: null, split_numerator: 1, split_denominator: 1 },
      '23514 trades_split_ratio',
    ],
    ['a buy with a ratio', { split_numerator: 2, split_denominator: 1 }, '23514 trades_split_ratio'],
    ['a dividend by its sum', { type: 'dividend', qty: null, price: null, amount: '12.34' }, 'accepted'],
    ['a dividend per share', { type: 'dividend' }, 'accepted'],
    ['a dividend of nothing', { type: 'dividend', qty: null, price: null }, '23514 trades_shape'],
    ['a transfer with its cost', { type: 'transfer_in', price: null, carried_cost: '0' }, 'accepted'],
    ['a transfer without its cost', { type: 'transfer_out' }, '23514 trades_shape'],
    ['a buy that carries cost', { carried_cost: '1' }, '23514 trades_carried_cost_of_transfers'],
    ['a deposit by the employer', { type: 'deposit', price: null, deposit_source: 'employer' }, 'accepted'],
    ['a buy with a deposit’s source', { deposit_source: 'own' }, '23514 trades_source_of_deposits'],
    ['a leg without its event', { leg: 'settlement' }, '23514 trades_event_of_legs'],
    ['a deletion without its id', { deleted_at: '2024-01-01T00:00:00Z' }, '23514 trades_deletion'],
  ];
  it.each(cases)('%s', async (_what, change, expected) => {
    expect(await refusal('trades', change)).toBe(expected);
  });

  it('come in order of recording', async () => {
    const holding = await maker.make('holdings', anna);
    const place = { portfolio_id: holding['portfolio_id'], holding_id: holding['id'] };
    const first = await maker.make('trades', anna, place);
    const second = await maker.make('trades', anna, place);
    expect(Number(second['seq'])).toBeGreaterThan(Number(first['seq']));
  });
});

describe('holdings and portfolios', () => {
  it('keep one live holding per portfolio, account and instrument, also when two are made at once', async () => {
    const portfolio = String((await maker.make('portfolios', anna))['id']);
    const instrument = String((await maker.make('instruments', null))['id']);
    const values = { portfolio_id: portfolio, instrument_id: instrument, account: 'ISA' };
    const clients = await connectTimes(fixture.database.ownerUrl, 4);
    const rows: Row[] = [];
    while (rows.length < clients.length) rows.push(await maker.build('holdings', anna, values));
    const results = await Promise.allSettled(
      clients.map(async (client, at) => insertRow(client, 'holdings', rows[at] ?? {})),
    );
    await Promise.all(clients.map(async (client) => client.end()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);

    await owner.query(
      'update pm.holdings set deleted_at = now(), deletion_id = gen_random_uuid() where portfolio_id = $1',
      [portfolio],
    );
    expect(await refusal('holdings', values)).toBe('accepted');
    expect(await refusal('holdings', values)).toBe('23505 holdings_one_live');
    expect(await refusal('holdings', { ...values, account: 'SIPP' })).toBe('accepted');
  });

  it.each([
    ['less than nothing', { qty: '-0.000000000000000001' }, '23514 holdings_not_oversold'],
    ['an overdraft that was asked for', { qty: '-5', overdraft: true }, 'accepted'],
    ['a target of 100.01 per cent', { target_pct: '100.01' }, '23514 percentage_range'],
    ['nothing held', { unlinked_name: null }, '23514 holdings_something_is_held'],
    ['an account without name', { account: '' }, '23514 holdings_account_check'],
  ] as const)('%s', async (_what, change, expected) => {
    expect(await refusal('holdings', change)).toBe(expected);
  });

  it('lose their parent, not their owner, when the parent goes', async () => {
    const parent = await maker.make('portfolios', anna);
    const child = await maker.make('portfolios', anna, { parent_id: parent['id'] });
    await owner.query('delete from pm.portfolios where id = $1', [parent['id']]);
    const { rows } = await owner.query('select user_id, parent_id from pm.portfolios where id = $1', [
      child['id'],
    ]);
    expect(rows).toEqual([{ user_id: anna, parent_id: null }]);
  });

  it('refuse settings that are no object, or too large', async () => {
    expect(await refusal('portfolios', { settings: '[]' })).toBe('23514 portfolios_settings_check');
    expect(await refusal('portfolios', { lists: JSON.stringify({ sections: 'x'.repeat(262_144) }) })).toBe(
      '23514 portfolios_lists_check',
    );
  });

  it('count their versions', async () => {
    const portfolio = await maker.make('portfolios', anna);
    const change = async (): Promise<unknown> =>
      (
        await owner.query('update pm.portfolios set name = name where id = $1 returning version', [
          portfolio['id'],
        ])
      ).rows[0];
    expect(portfolio['version']).toBe(1);
    expect(await change()).toEqual({ version: 2 });
    expect(await change()).toEqual({ version: 3 });
  });
});

describe('history', () => {
  const versions = async (
    table: string,
    id: unknown,
  ): Promise<{ name: string; from: string; to: string | null }[]> => {
    const { rows } = await owner.query<{ name: string; from: string; to: string | null }>(
      `select notes as name, valid_from::text as from, valid_to::text as to from pm.${table}_versions where id = $1 order by valid_from`,
      [id],
    );
    return rows;
  };

  it('keeps every version that others could see, without gap or overlap', async () => {
    const trade = await maker.make('trades', anna, { notes: 'one' });
    await owner.query(`update pm.trades set notes = 'two' where id = $1`, [trade['id']]);
    await owner.query('begin');
    await owner.query(`update pm.trades set notes = 'never seen' where id = $1`, [trade['id']]);
    await owner.query(`update pm.trades set notes = 'three' where id = $1`, [trade['id']]);
    await owner.query('commit');
    const kept = await versions('trades', trade['id']);
    expect(kept.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
    expect(kept.map(({ to }) => to)).toEqual([kept[1]?.from, kept[2]?.from, null]);
  });

  it('tells what was recorded at a moment, also of what is gone', async () => {
    const trade = await maker.make('trades', anna, { notes: 'there' });
    await owner.query('select pg_sleep(0.01)');
    const { rows } = await owner.query<{ now: string }>('select now()::text as now');
    await owner.query('select pg_sleep(0.01)');
    await owner.query('delete from pm.trades where id = $1', [trade['id']]);
    const at = async (moment: string): Promise<unknown[]> =>
      (
        await owner.query<{ notes: string }>(
          `select notes from pm.trades_versions where id = $1 and valid_from <= $2 and (valid_to is null or $2 < valid_to)`,
          [trade['id'], moment],
        )
      ).rows;
    expect(await at(rows[0]?.now ?? '')).toEqual([{ notes: 'there' }]);
    expect(await at('infinity')).toEqual([]);
  });

  it('does not overlap when a transaction that began earlier writes later', async () => {
    const trade = await maker.make('trades', anna, { notes: 'one' });
    const early = await connect(fixture.database.ownerUrl);
    await early.query('begin; select now()');
    await owner.query('select pg_sleep(0.01)');
    await owner.query(`update pm.trades set notes = 'later began, earlier wrote' where id = $1`, [
      trade['id'],
    ]);
    await early.query(`update pm.trades set notes = 'last' where id = $1`, [trade['id']]);
    await early.query('commit');
    await early.end();
    const kept = await versions('trades', trade['id']);
    expect(kept.map(({ name }) => name)).toEqual(['one', 'later began, earlier wrote', 'last']);
    expect(kept.map(({ to }) => to)).toEqual([kept[1]?.from, kept[2]?.from, null]);
  });
});

describe('the audit log', () => {
  const logOf = async (id: unknown): Promise<Row[]> =>
    (
      await owner.query<Row>(
        'select actor_id, db_role, action, table_name, old_values, new_values from pm.audit_log where row_id = $1 order by id',
        [id],
      )
    ).rows;

  it('tells who changed what, from what to what', async () => {
    const portfolio = String((await maker.make('portfolios', anna))['id']);
    const ben = await register(app);
    await maker.make('portfolio_access', anna, { user_id: ben, portfolio_id: portfolio, role: 'edit' });
    await asPerson(
      app,
      ben,
      async (client) => client.query(`update pm.portfolios set name = 'Ours' where id = $1`, [portfolio]),
      'commit',
    );
    const [made, shared, renamed] = await logOf(portfolio);
    expect(made).toMatchObject({
      actor_id: null,
      db_role: 'owner',
      action: 'insert',
      table_name: 'portfolios',
    });
    expect(shared).toMatchObject({ action: 'insert', table_name: 'portfolio_access' });
    expect(renamed).toMatchObject({
      actor_id: ben,
      db_role: 'app',
      action: 'update',
      new_values: { name: 'Ours' },
    });
    expect(Object.keys(renamed?.['old_values'] ?? {})).toEqual(['name']);
    const seen = await asPerson(app, anna, async (client) =>
      client.query('select from pm.audit_log where row_id = $1', [portfolio]),
    );
    expect(seen.rowCount).toBe(3);
  });

  it('logs a bulk insert row by row, and nothing for a change of nothing', async () => {
    const holding = await maker.make('holdings', anna);
    await owner.query(
      `insert into pm.trades (user_id, id, portfolio_id, holding_id, type, date, qty, price, currency, fx_rate)
       select $1, gen_random_uuid(), $2, $3, 'buy', date '2020-01-01' + n, 1, 1, 'GBP', 1 from generate_series(1, 1000) n`,
      [anna, holding['portfolio_id'], holding['id']],
    );
    const count = async (): Promise<unknown> =>
      (
        await owner.query(
          `select count(*)::int as n from pm.audit_log where portfolio_id = $1 and table_name = 'trades'`,
          [holding['portfolio_id']],
        )
      ).rows[0];
    expect(await count()).toEqual({ n: 1000 });
    await owner.query('update pm.trades set qty = qty where holding_id = $1', [holding['id']]);
    expect(await count()).toEqual({ n: 1000 });
  });

  it('never holds a secret, but says that it changed', async () => {
    const person = await register(app);
    const next = '$2b$12$'.padEnd(60, 'z');
    await asPerson(
      app,
      person,
      async (client) => client.query('select pm.change_password($1, $2, null)', [person, next]),
      'commit',
    );
    const log = await logOf(person);
    expect(log.map(({ action }) => action)).toEqual(['insert', 'update']);
    expect(log[1]).toMatchObject({ new_values: { password_hash: '(changed)' } });
    const { rows } = await owner.query(
      `select 1 from pm.audit_log where concat(old_values, new_values) like '%$2b$12$%'`,
    );
    expect(rows).toEqual([]);
  });

  it('notes signing in, and what a person says they did', async () => {
    const person = await register(app);
    const session = randomUUID();
    await app.query(
      `select pm.start_session($1, $2, sha256('x'), now() + interval '1 hour', 'Browser', null)`,
      [session, person],
    );
    expect(await logOf(session)).toMatchObject([
      { action: 'insert', table_name: 'sessions', new_values: { user_agent: 'Browser' } },
    ]);
    await asPerson(
      app,
      person,
      async (client) => client.query(`select pm.log_action('export', '{"format": "csv"}')`),
      'commit',
    );
    const { rows } = await owner.query(
      `select action, new_values from pm.audit_log where user_id = $1 and action = 'export'`,
      [person],
    );
    expect(rows).toEqual([{ action: 'export', new_values: { format: 'csv' } }]);
    await expect(
      asPerson(app, null, async (client) => client.query(`select pm.log_action('export', null)`)),
    ).rejects.toMatchObject({ code: 'PM401' });
  });

  it('cannot be switched off by a request, a job or a setting', async () => {
    const portfolio = String((await maker.make('portfolios', anna))['id']);
    for (const [client, statement] of [
      [app, `insert into pm.erasures_in_progress values (pg_current_xact_id())`],
      [fixture.worker, `insert into pm.erasures_in_progress values (pg_current_xact_id())`],
    ] as const) {
      await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
    await asPerson(
      app,
      anna,
      async (client) => {
        await client.query(`select set_config('pm.erasing', 'on', true)`);
        await client.query(`update pm.portfolios set name = 'Secretly' where id = $1`, [portfolio]);
      },
      'commit',
    );
    expect((await logOf(portfolio)).at(-1)).toMatchObject({
      action: 'update',
      new_values: { name: 'Secretly' },
    });
  });
});
