/** The summaries of all portfolios, and the erasure of a person from every table. */
import { randomUUID } from 'node:crypto';

import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openFixture, type Fixture } from './fixture.ts';
import { asPerson, outcomeOf, register } from './people.ts';
import type { Row, RowMaker } from './rows.ts';

let fixture: Fixture;
let owner: Client;
let app: Client;
let worker: Client;
let maker: RowMaker;

beforeAll(async () => {
  fixture = await openFixture();
  ({ owner, app, worker, maker } = fixture);
  await owner.query("select pm.ensure_price_partitions((now() - interval '20 days')::date, now()::date)");
  await register(app);
});

afterAll(async () => {
  await fixture.close();
});

const refresh = async (): Promise<void> => {
  await worker.query('select pm.refresh_portfolio_summaries()');
};

const summaryOf = async (portfolio: string): Promise<Row | undefined> =>
  (
    await owner.query<Row>(
      `select currency, holding_count, missing_count, trim_scale(total_value)::text as total, section_totals
       from pm.portfolio_summaries where portfolio_id = $1`,
      [portfolio],
    )
  ).rows[0];

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const dayBefore = (days: number): string => daysAgo(days).slice(0, 10);

/** A listed instrument with a price so many days old. */
const listed = async (currency: string, close: string, days: number): Promise<string> => {
  const instrument = String((await maker.make('instruments', null, { type: 'ETF' }))['id']);
  const listing = await maker.make('instrument_listings', null, {
    instrument_id: instrument,
    currency,
    quote_unit: currency,
    is_primary: true,
  });
  await maker.make('prices', null, { listing_id: listing['id'], date_time: daysAgo(days), close, currency });
  return instrument;
};

describe('portfolio summaries', () => {
  it('add up holdings in the portfolio’s currency, by section, and count what they leave out', async () => {
    const anna = await register(app);
    const portfolio = String((await maker.make('portfolios', anna))['id']);
    const hold = async (
      instrument: string | null,
      qty: string,
      section: string,
      more: Row = {},
    ): Promise<Row> =>
      maker.make('holdings', anna, {
        portfolio_id: portfolio,
        instrument_id: instrument,
        qty,
        section,
        account: randomUUID(),
        ...more,
      });
    // One euro is 0.80 pounds and 1.10 dollars, published two days ago; the older rates must not be used.
    for (const [to, rate, days] of [
      ['GBP', '0.80', 2],
      ['USD', '1.10', 2],
      ['GBP', '0.50', 3],
      ['USD', '3', 3],
      ['CHF', '1', 9],
    ] as const) {
      await maker.make('fx_rates', null, {
        from_currency: 'EUR',
        to_currency: to,
        rate,
        date: dayBefore(days),
        source: 'ECB',
      });
    }
    const cash = String((await maker.make('instruments', null, { type: 'Cash', currency: 'GBP' }))['id']);
    await hold(await listed('GBP', '10', 1), '3', 'Core'); //                 30
    await hold(await listed('USD', '110', 1), '2', 'Core'); //   220 / 1.10 × 0.80 = 160
    await hold(await listed('EUR', '5', 1), '4', 'Satellite'); //     20 × 0.80 = 16
    await hold(cash, '7.25', 'Cash'); //                                       7.25
    await hold(await listed('CHF', '5', 1), '4', 'Satellite'); //   rate too old: left out
    await hold(null, '4', 'Satellite'); //                          not linked: left out
    await hold(await listed('GBP', '1000', 1), '1', 'Core', { include: false });
    await hold(await listed('GBP', '1000', 1), '1', 'Core', {
      deleted_at: daysAgo(0),
      deletion_id: randomUUID(),
    });
    await refresh();
    expect(await summaryOf(portfolio)).toEqual({
      currency: 'GBP',
      holding_count: 6,
      missing_count: 2,
      total: '213.25',
      section_totals: {
        Core: '190.000000000000000000',
        Satellite: '16.000000000000000000',
        Cash: '7.250000000000000000',
      },
    });
  });

  it('take a fresh live price, else the owner’s own, else the stale live one', async () => {
    const anna = await register(app);
    const totals: unknown[] = [];
    for (const [liveDays, manual] of [
      [1, '99'],
      [5, '99'],
      [5, undefined],
    ] as const) {
      const portfolio = String((await maker.make('portfolios', anna))['id']);
      const instrument = await listed('GBP', '10', liveDays);
      await maker.make('holdings', anna, { portfolio_id: portfolio, instrument_id: instrument, qty: '1' });
      if (manual !== undefined) {
        const own = { instrument_id: instrument, close: manual, date_time: daysAgo(8) };
        await maker.make('manual_prices', anna, own);
      }
      // Somebody else's opinion does not count.
      await maker.make('manual_prices', await register(app), {
        instrument_id: instrument,
        close: '555',
        date_time: daysAgo(0),
      });
      await refresh();
      totals.push((await summaryOf(portfolio))?.['total']);
    }
    expect(totals).toEqual(['10', '99', '10']);
  });

  it('are read through their view: one’s own and shared ones, and nobody else’s', async () => {
    const [anna, ben, carl] = [await register(app), await register(app), await register(app)];
    const portfolio = String((await maker.make('portfolios', anna))['id']);
    await maker.make('portfolio_access', anna, { user_id: ben, portfolio_id: portfolio, role: 'view' });
    await refresh();
    const seen = async (person: string | null): Promise<number | string> =>
      asPerson(app, person, async (client) =>
        outcomeOf(client, 'select from pm.my_portfolio_summaries where portfolio_id = $1', [portfolio]),
      );
    expect([await seen(anna), await seen(ben), await seen(carl), await seen(null)]).toEqual([1, 1, 0, 0]);
    const past = await asPerson(app, anna, async (client) => ({
      direct: await outcomeOf(client, 'select from pm.portfolio_summaries'),
      refresh: await outcomeOf(client, 'select pm.refresh_portfolio_summaries()'),
    }));
    expect(past).toEqual({ direct: '42501', refresh: '42501' });
  });
});

/** Every place in the schema where the person's id still stands. */
const tracesOf = async (person: string): Promise<string[]> => {
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'pm'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
  );
  const traces: string[] = [];
  for (const { name } of rows) {
    const found = await owner.query(
      `select 1 from pm.${name} t where to_jsonb(t)::text like '%' || $1 || '%' limit 1`,
      [person],
    );
    if (found.rowCount !== 0) traces.push(name);
  }
  return traces;
};

describe('erasure', () => {
  it('leaves nothing of the person in any table, and everything of the others', async () => {
    const [anna, ben] = [await register(app), await register(app)];
    for (const table of maker.userOwnedTables().filter((name) => name !== 'users')) {
      await maker.make(table, anna);
      await maker.make(table, ben);
    }
    // Anna had a hand in what belongs to Ben and to all.
    const portfolio = await maker.make('portfolios', ben);
    await maker.make('portfolio_access', ben, { user_id: anna, portfolio_id: portfolio['id'], role: 'edit' });
    await asPerson(
      app,
      anna,
      async (client) =>
        client.query(`update pm.portfolios set name = 'Theirs' where id = $1`, [portfolio['id']]),
      'commit',
    );
    await maker.make('constituent_imports', null, { imported_by: anna });
    const bens = async (): Promise<unknown> => {
      const counts = maker
        .userOwnedTables()
        .filter((name) => name !== 'audit_log' && name !== 'portfolio_access')
        .map(
          (name) =>
            `select '${name}' as name, count(*)::int as n from pm.${name} where ${maker.ownerColumnOf(name)} = '${ben}'`,
        );
      return (await owner.query(counts.join(' union all '))).rows;
    };
    const before = await bens();
    expect((await tracesOf(anna)).length).toBeGreaterThan(25);

    await expect(worker.query('select pm.erase_user($1)', [anna])).rejects.toMatchObject({ code: 'PM422' });
    await asPerson(
      app,
      anna,
      async (client) => client.query('select pm.request_erasure($1)', [anna]),
      'commit',
    );
    await worker.query('select pm.erase_user($1)', [anna]);

    expect(await tracesOf(anna)).toEqual([]);
    const after = await bens();
    expect(after).toEqual(before);
    expect((await owner.query('select erased_count from pm.erasure_totals')).rows).toEqual([
      { erased_count: 1 },
    ]);
    expect((await owner.query('select from pm.erasures_in_progress')).rowCount).toBe(0);
    await expect(worker.query('select pm.erase_user($1)', [anna])).rejects.toMatchObject({ code: 'PM404' });
  });

  it('is for the worker to carry out, and for the person to ask', async () => {
    const [anna, ben] = [await register(app), await register(app)];
    const outcome = await asPerson(app, ben, async (client) => ({
      erase: await outcomeOf(client, 'select pm.erase_user($1)', [anna]),
      ask: await outcomeOf(client, 'select pm.request_erasure($1)', [anna]),
    }));
    expect(outcome).toEqual({ erase: '42501', ask: 'PM401' });
  });

  it('takes the log along only inside the eraser’s own transaction', async () => {
    const [anna, ben] = [await register(app), await register(app)];
    await asPerson(
      app,
      anna,
      async (client) => client.query('select pm.request_erasure($1)', [anna]),
      'commit',
    );
    const portfolio = await maker.make('portfolios', ben);
    await worker.query('begin');
    await worker.query('select pm.erase_user($1)', [anna]);
    // After the eraser is done, even the same transaction is logged again.
    await worker.query(`update pm.portfolios set name = 'Logged' where id = $1`, [portfolio['id']]);
    await worker.query('commit');
    const { rows } = await owner.query(
      `select new_values from pm.audit_log where row_id = $1 and action = 'update'`,
      [portfolio['id']],
    );
    expect(rows).toEqual([{ new_values: { name: 'Logged' } }]);
  });
});
