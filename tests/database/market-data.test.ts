/** Price partitions, the latest price under every order of arrival, and rates. */
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { connectTimes, openFixture, type Fixture } from './fixture.ts';
import { asPerson, outcomeOf, register } from './people.ts';
import { insertRow, type Row, type RowMaker } from './rows.ts';

let fixture: Fixture;
let owner: Client;
let worker: Client;
let maker: RowMaker;

beforeAll(async () => {
  fixture = await openFixture();
  ({ owner, worker, maker } = fixture);
  await owner.query(`select pm.ensure_price_partitions('2024-01-01', '2024-04-30')`);
});

afterAll(async () => {
  await fixture.close();
});

const newListing = async (): Promise<string> => String((await maker.make('instrument_listings', null))['id']);

const store = async (
  client: Client,
  listing: string,
  at: string,
  close: string,
  more: Row = {},
): Promise<void> => {
  const row = {
    listing_id: listing,
    date_time: at,
    source: 'test',
    interval: '1d',
    currency: 'GBP',
    close,
    ...more,
  };
  const names = Object.keys(row);
  await client.query(
    `insert into pm.prices (${names.join(', ')}) values (${names.map((_, n) => `$${n + 1}`).join(', ')})
     on conflict (listing_id, date_time, source) do update set close = excluded.close, interval = excluded.interval`,
    Object.values(row),
  );
};

type Latest = {
  readonly kind: string;
  readonly day: string;
  readonly close: string;
  readonly source: string;
};
const latest = async (listing: string): Promise<Latest[]> =>
  (
    await owner.query<Latest>(
      `select kind, (date_time at time zone 'UTC')::date::text as day, trim_scale(close)::text as close, source
       from pm.latest_prices where listing_id = $1 order by kind`,
      [listing],
    )
  ).rows;

/** What it should be, looked up the slow way. */
const newest = async (listing: string): Promise<Latest[]> =>
  (
    await owner.query<Latest>(
      `select distinct on (kind) kind, (date_time at time zone 'UTC')::date::text as day, trim_scale(close)::text as close, source
       from (select p.*, case when interval in ('1d', '1w', '1mo') then 'close' else 'live' end as kind from pm.prices p where listing_id = $1) p
       order by kind, date_time desc, source`,
      [listing],
    )
  ).rows;

describe('price partitions', () => {
  it('are made once, by the month, in UTC', async () => {
    const make = async (day: string): Promise<unknown> =>
      (await worker.query('select pm.ensure_price_partition($1) as made', [day])).rows[0];
    expect(await make('2019-07-31')).toEqual({ made: true });
    expect(await make('2019-07-01')).toEqual({ made: false });
    const { rows } = await owner.query<{ bounds: string }>(
      `select pg_get_expr(c.relpartbound, c.oid) as bounds from pg_class c where c.oid = 'pm.prices_2019_07'::regclass`,
    );
    expect(rows).toEqual([
      { bounds: `FOR VALUES FROM ('2019-07-01 00:00:00+00') TO ('2019-08-01 00:00:00+00')` },
    ]);
  });

  it.each(['1959-12-31', '0019-01-01', '2999-01-01', 'infinity'])('are refused for %s', async (day) => {
    await expect(worker.query('select pm.ensure_price_partition($1)', [day])).rejects.toMatchObject({
      code: 'PM422',
    });
  });

  it('are made by several at once without error', async () => {
    const clients = await connectTimes(fixture.database.workerUrl, 5);
    const results = await Promise.all(
      clients.map(
        async (client) =>
          (
            await client.query<{ made: number }>(
              `select pm.ensure_price_partitions('2018-01-15', '2018-06-15') as made`,
            )
          ).rows[0]?.made,
      ),
    );
    await Promise.all(clients.map(async (client) => client.end()));
    expect(results.reduce((sum: number, made) => sum + (made ?? 0), 0)).toBe(6);
  });

  it('keep midnight in the month that begins, and a price without partition out', async () => {
    const listing = await newListing();
    await store(worker, listing, '2024-02-01T00:00:00Z', '1');
    const { rows } = await owner.query('select 1 from pm.prices_2024_02 where listing_id = $1', [listing]);
    expect(rows).toHaveLength(1);
    await expect(store(worker, listing, '2017-02-01T00:00:00Z', '1')).rejects.toMatchObject({
      code: '23514',
    });
  });
});

describe('the latest price', () => {
  it('is not beaten by an older back-fill, by row or in bulk', async () => {
    const listing = await newListing();
    await store(worker, listing, '2024-03-20T16:30:00Z', '105');
    await store(worker, listing, '2024-01-10T16:30:00Z', '90');
    await worker.query(
      `insert into pm.prices (listing_id, date_time, source, interval, close, currency)
       select $1, timestamptz '2024-02-01 16:30+00' + make_interval(days => n), 'history', '1d', n + 1, 'GBP' from generate_series(0, 20) n`,
      [listing],
    );
    expect(await latest(listing)).toEqual([
      { kind: 'close', day: '2024-03-20', close: '105', source: 'test' },
    ]);
  });

  it('is kept apart for live prices and closes', async () => {
    const listing = await newListing();
    await store(worker, listing, '2024-03-20T16:30:00Z', '105');
    await store(worker, listing, '2024-03-21T10:00:00Z', '106', { interval: 'quote' });
    await store(worker, listing, '2024-03-21T10:05:00Z', '107', { interval: '5m' });
    expect(await latest(listing)).toEqual([
      { kind: 'close', day: '2024-03-20', close: '105', source: 'test' },
      { kind: 'live', day: '2024-03-21', close: '107', source: 'test' },
    ]);
  });

  it('follows a correction, a rejection and the last deletion', async () => {
    const listing = await newListing();
    await store(worker, listing, '2024-03-19T16:30:00Z', '104');
    await store(worker, listing, '2024-03-20T16:30:00Z', '10500');
    await store(worker, listing, '2024-03-20T16:30:00Z', '105');
    expect(await latest(listing)).toMatchObject([{ day: '2024-03-20', close: '105' }]);
    await worker.query(`delete from pm.prices where listing_id = $1 and date_time = '2024-03-20T16:30:00Z'`, [
      listing,
    ]);
    expect(await latest(listing)).toMatchObject([{ day: '2024-03-19', close: '104' }]);
    await worker.query('delete from pm.prices where listing_id = $1', [listing]);
    expect(await latest(listing)).toEqual([]);
  });

  it('follows a price that is moved to another time, month, kind or listing', async () => {
    const [one, two] = [await newListing(), await newListing()];
    await store(worker, one, '2024-03-19T16:30:00Z', '104');
    await store(worker, one, '2024-03-20T16:30:00Z', '105');
    await worker.query(
      `update pm.prices set date_time = '2024-01-05T16:30:00Z' where listing_id = $1 and close = 105`,
      [one],
    );
    expect(await latest(one)).toMatchObject([{ day: '2024-03-19', close: '104' }]);
    await worker.query(`update pm.prices set interval = 'quote' where listing_id = $1 and close = 104`, [
      one,
    ]);
    expect(await latest(one)).toMatchObject([
      { kind: 'close', day: '2024-01-05', close: '105' },
      { kind: 'live', day: '2024-03-19', close: '104' },
    ]);
    await worker.query('update pm.prices set listing_id = $2 where listing_id = $1 and close = 105', [
      one,
      two,
    ]);
    expect(await latest(one)).toMatchObject([{ kind: 'live', close: '104' }]);
    expect(await latest(two)).toMatchObject([{ kind: 'close', day: '2024-01-05', close: '105' }]);
  });

  it('does not depend on the order of arrival when two sources speak for one instant', async () => {
    const [one, two] = [await newListing(), await newListing()];
    for (const [listing, sources] of [
      [one, ['a', 'b']],
      [two, ['b', 'a']],
    ] as const) {
      for (const source of sources) {
        await store(worker, listing, '2024-03-20T16:30:00Z', source === 'a' ? '1' : '2', { source });
      }
    }
    expect(await latest(one)).toEqual(await latest(two));
    expect(await latest(one)).toMatchObject([{ source: 'a', close: '1' }]);
  });

  it('is right after many wrote, corrected and deleted at once', async () => {
    const listings = [await newListing(), await newListing(), await newListing(), await newListing()];
    const clients = await connectTimes(fixture.database.workerUrl, 6);
    // A small generator with a fixed seed per writer: the same run every time.
    const write = async (client: Client, seed: number): Promise<void> => {
      let state = seed;
      const next = (below: number): number => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return Math.floor((state / 2_147_483_648) * below);
      };
      for (let step = 0; step < 60; step += 1) {
        const listing = listings[next(listings.length)] ?? '';
        const at = `2024-0${1 + next(4)}-${10 + next(15)}T${10 + next(6)}:00:00Z`;
        if (next(4) === 0) {
          await client.query('delete from pm.prices where listing_id = $1 and date_time >= $2', [
            listing,
            at,
          ]);
        } else {
          await store(client, listing, at, String(1 + next(500)), {
            interval: next(2) === 0 ? '1d' : 'quote',
            source: next(2) === 0 ? 'a' : 'b',
          });
        }
      }
    };
    await Promise.all(clients.map(async (client, at) => write(client, 17 + at * 1_000)));
    await Promise.all(clients.map(async (client) => client.end()));
    for (const listing of listings) expect(await latest(listing)).toEqual(await newest(listing));
  }, 60_000);

  it('is written by nobody by hand, and by an admin’s request through prices', async () => {
    const admin = await register(fixture.app);
    const listing = await newListing();
    const outcome = await asPerson(fixture.app, admin, async (client) => {
      await store(client, listing, '2024-03-20T16:30:00Z', '9');
      return {
        seen: await outcomeOf(client, 'select from pm.latest_prices where listing_id = $1', [listing]),
        update: await outcomeOf(client, 'update pm.latest_prices set close = 1'),
        recompute: await outcomeOf(client, `select pm.recompute_latest_price($1, 'close')`, [listing]),
      };
    });
    expect(outcome).toEqual({ seen: 1, update: '42501', recompute: '42501' });
    await expect(worker.query('delete from pm.latest_prices')).rejects.toMatchObject({ code: '42501' });
  });
});

describe('prices and rates', () => {
  const refusal = async (table: string, change: Row): Promise<string> => {
    try {
      await insertRow(owner, table, await maker.build(table, null, change));
      return 'accepted';
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return String(Reflect.get(error, 'constraint') ?? Reflect.get(error, 'code'));
    }
  };
  it.each([
    ['prices', { close: '0' }, 'prices_close_check'],
    ['prices', { close: null }, '23502'],
    ['prices', { close: 'NaN' }, 'amount_is_number'],
    ['prices', { currency: 'GBX' }, 'currency_code_shape'],
    ['prices', { high: '1', low: '2' }, 'prices_high_above_low'],
    ['prices', { close: '12345678901234567890.123456789012345678' }, 'accepted'],
    ['price_quarantine', { close: '0', reason: 'zero' }, 'accepted'],
    ['fx_rates', { rate: '0' }, 'rate_is_positive'],
    ['fx_rates', { rate: '-1' }, 'rate_is_positive'],
    ['fx_rates', { to_currency: 'EUR' }, 'fx_rates_two_currencies'],
    ['fx_rates', { to_currency: 'GBX' }, 'currency_code_shape'],
    ['fx_rates', { date: '1899-12-31' }, 'day_range'],
    ['fx_rates', { rate: '0.00000000000000000001' }, 'accepted'],
    ['instrument_listings', { mic: 'LSE' }, 'mic_code_shape'],
    ['instrument_listings', { currency: 'GBP', quote_unit: 'GBX' }, 'accepted'],
    ['instrument_listings', { currency: 'USD', quote_unit: 'GBX' }, 'instrument_listings_quote_unit_fits'],
    ['instrument_identifiers', { scheme: 'isin', value: 'ie00b4l5y983' }, 'instrument_identifiers_shape'],
    ['instruments', { type: 'Share' }, 'instruments_type_check'],
    ['constituents', { weight: '-3.25' }, 'accepted'],
    ['constituents', { weight: '250' }, 'accepted'],
    ['constituents', { row_numbers: [] }, 'constituents_row_numbers_check'],
    ['constituent_imports', { as_of: '1800-01-01' }, 'day_range'],
  ] as const)('%s %j: %s', async (table, change, expected) => {
    expect(await refusal(table, change)).toBe(expected);
  });

  it('one import at most is active for a fund, scope and day', async () => {
    const fund = String((await maker.make('instruments', null))['id']);
    const anna = await register(fixture.app);
    const values = { parent_instrument_id: fund, as_of: '2024-02-23' };
    const first = await maker.make('constituent_imports', null, values);
    await maker.make('constituent_imports', anna, values);
    expect(await refusal('constituent_imports', values)).toBe('constituent_imports_one_active');
    await owner.query(`update pm.constituent_imports set status = 'superseded' where id = $1`, [first['id']]);
    expect(await refusal('constituent_imports', values)).toBe('accepted');
  });
});
