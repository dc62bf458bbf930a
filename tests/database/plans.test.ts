/**
 * Row-level security must not cost the index: the statements that every page needs, planned as a request with a
 * shared portfolio, on tables large enough for the planner to care.
 */
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openFixture, type Fixture } from './fixture.ts';
import { asPerson } from './people.ts';

let fixture: Fixture;
let owner: Client;
let app: Client;
const ids = { person: '', own: '', shared: '', holding: '', fund: '' };

/** Tables that grow with people, days and files. */
const GROWING = [
  'portfolios',
  'holdings',
  'trades',
  'prices',
  'latest_prices',
  'constituents',
  'instruments',
];
const GROWING_SIDE = ['constituent_imports', 'instrument_listings', 'manual_prices', 'audit_log', 'fx_rates'];

const DATA = `
  insert into pm.users (id, email, password_hash) select gen_random_uuid(), 'p' || n || '@example.org', repeat('x', 60) from generate_series(1, 2000) n;
  insert into pm.portfolios (user_id, id, name) select id, gen_random_uuid(), 'P' || k from pm.users, generate_series(1, 2) k;
  insert into pm.portfolio_access (user_id, portfolio_id, owner_id, role)
    select g.id, p.id, p.user_id, 'view' from (select *, row_number() over (order by id) n from pm.portfolios) p
    join (select *, row_number() over (order by id) n from pm.users) g on g.n = p.n / 2 and g.id <> p.user_id;
  insert into pm.instruments (id, type, name) select gen_random_uuid(), 'ETF', 'Fund ' || n from generate_series(1, 4000) n;
  insert into pm.instrument_listings (id, instrument_id, mic, ticker, currency, quote_unit, is_primary)
    select gen_random_uuid(), id, 'XLON', 'T' || row_number() over (), 'GBP', 'GBX', true from pm.instruments;
  insert into pm.holdings (user_id, id, portfolio_id, instrument_id, section, theme, account)
    select p.user_id, gen_random_uuid(), p.id, i.id, 'Core', 'x', 'ISA' from (select *, row_number() over (order by id) n from pm.portfolios) p
    join (select id, row_number() over () n from pm.instruments) i on i.n % 100 = p.n % 100 and i.n <= 1500 and p.n <= 800;
  insert into pm.trades (user_id, id, portfolio_id, holding_id, type, date, qty, price, currency, fx_rate)
    select h.user_id, gen_random_uuid(), h.portfolio_id, h.id, 'buy', date '2020-01-01' + n, 1, 1, 'GBP', 1 from pm.holdings h, generate_series(1, 2) n;
  select pm.ensure_price_partitions('2024-01-01', '2024-03-31');
  insert into pm.prices (listing_id, date_time, source, interval, close, currency)
    select l.id, timestamptz '2024-01-02 16:30+00' + make_interval(days => d), 'x', '1d', 1, 'GBP' from pm.instrument_listings l, generate_series(0, 80, 8) d;
  insert into pm.manual_prices (user_id, id, instrument_id, date_time, close, currency, quote_unit)
    select h.user_id, gen_random_uuid(), h.instrument_id, now(), 1, 'GBP', 'GBP' from pm.holdings h on conflict do nothing;
  insert into pm.constituent_imports (id, parent_instrument_id, as_of, format, checksum_sha256, raw_file, raw_size_bytes, weight_sum, row_count)
    select gen_random_uuid(), i.id, date '2020-01-31' + 31 * k, 'test', sha256('x'), 'x', 1, 100, 20
    from (select id from pm.instruments limit 200) i, generate_series(1, 10) k;
  insert into pm.constituents (import_id, child_instrument_id, weight, name, row_numbers, match_method, match_confidence)
    select m.id, i.id, 1, 'x', '{1}', 'isin', 1 from pm.constituent_imports m, (select id from pm.instruments limit 20) i;
  insert into pm.fx_rates (from_currency, to_currency, date, source, rate)
    select 'EUR', c, date '2000-01-01' + d, 'ECB', 1 from unnest('{GBP,USD,JPY,CHF}'::text[]) c, generate_series(1, 3000) d;
  analyze pm.users, pm.portfolios, pm.portfolio_access, pm.instruments, pm.instrument_listings, pm.holdings, pm.trades, pm.prices,
    pm.latest_prices, pm.manual_prices, pm.constituent_imports, pm.constituents, pm.fx_rates, pm.audit_log;`;

beforeAll(async () => {
  fixture = await openFixture();
  ({ owner, app } = fixture);
  await owner.query(DATA);
  const { rows } = await owner.query<typeof ids>(
    `select a.user_id as person, a.portfolio_id as shared, h.id as holding,
       (select p.id from pm.portfolios p where p.user_id = a.user_id limit 1) as own,
       (select parent_instrument_id from pm.constituent_imports limit 1) as fund
     from pm.portfolio_access a join pm.holdings h on h.portfolio_id = a.portfolio_id limit 1`,
  );
  Object.assign(ids, rows[0]);
}, 120_000);

afterAll(async () => {
  await fixture.close();
});

type Plan = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
};
const nodes = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

const STATEMENTS: Readonly<Record<string, (at: typeof ids) => string>> = {
  'portfolios of a person': () =>
    `select id, name from pm.portfolios where deleted_at is null order by created_at`,
  'one portfolio': (at) => `select * from pm.portfolios where id = '${at.shared}'`,
  'holdings of a portfolio': (at) =>
    `select * from pm.holdings where portfolio_id = '${at.shared}' and deleted_at is null`,
  'holdings of everything': () => `select * from pm.holdings where deleted_at is null`,
  'one holding': (at) => `select * from pm.holdings where id = '${at.holding}'`,
  'trades of a holding in order': (at) =>
    `select * from pm.trades where holding_id = '${at.holding}' and deleted_at is null order by date, seq`,
  'last trades of a portfolio': (at) =>
    `select * from pm.trades where portfolio_id = '${at.shared}' order by date desc, seq desc limit 50`,
  'holdings with their latest prices': (at) =>
    `select h.id, h.qty, i.name, l.close from pm.holdings h join pm.instrument_details i on i.id = h.instrument_id
     left join pm.latest_prices l on l.listing_id = i.listing_id where h.portfolio_id = '${at.shared}' and h.deleted_at is null`,
  'own prices of held instruments': (at) =>
    `select m.close from pm.holdings h cross join lateral (select m.close from pm.manual_prices m
       where m.user_id = h.user_id and m.instrument_id = h.instrument_id order by m.date_time desc limit 1) m where h.portfolio_id = '${at.shared}'`,
  'the close before the latest': () =>
    `select p.close from (select listing_id, date_time from pm.latest_prices where listing_id =
       (select id from pm.instrument_listings where mic = 'XLON' and ticker = 'T7' and delisted_on is null)) l
     cross join lateral (select p.close from pm.prices p where p.listing_id = l.listing_id and p.interval = '1d'
       and p.date_time < l.date_time and p.date_time > l.date_time - interval '10 days' order by p.date_time desc limit 1) p`,
  'the list of constituents for a day': (at) =>
    `select id from pm.constituent_imports where parent_instrument_id = '${at.fund}' and status = 'active' and as_of <= '2020-12-31'
     order by as_of desc limit 1`,
  'constituents of an import': (at) =>
    `select c.* from pm.constituents c where c.import_id = (select id from pm.constituent_imports
       where parent_instrument_id = '${at.fund}' and status = 'active' order by as_of desc limit 1)`,
  'a rate with the days before': () =>
    `select rate, date from pm.fx_rates where from_currency = 'EUR' and to_currency = 'GBP' and date <= '2005-05-05' and date >= '2005-04-28' order by date desc limit 1`,
  'what happened lately': (at) =>
    `select * from pm.audit_log where user_id = '${at.person}' order by id desc limit 50`,
};

const planAs = async (person: string, statement: string, set = ''): Promise<readonly Plan[]> =>
  asPerson(app, person, async (client) => {
    if (set !== '') await client.query(set);
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
      `explain (format json) ${statement}`,
    );
    return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan: plan }) => nodes(plan)));
  });

const wholeReads = (plan: readonly Plan[]): string[] =>
  plan
    .filter((node) => node['Node Type'] === 'Seq Scan')
    .map((node) => (node['Relation Name'] ?? '').replace(/^prices_\d{4}_\d{2}$/u, 'prices'))
    .filter((name) => [...GROWING, ...GROWING_SIDE].includes(name));

describe('plans under row-level security', () => {
  it.each(Object.entries(STATEMENTS))(
    '%s: reads no growing table from end to end',
    async (_what, statement) => {
      expect(wholeReads(await planAs(ids.person, statement(ids)))).toEqual([]);
    },
  );

  it('would be caught reading one', async () => {
    const plan = await planAs(
      ids.person,
      'select * from pm.holdings',
      'set local enable_indexscan = off; set local enable_bitmapscan = off',
    );
    expect(wholeReads(plan)).toEqual(['holdings']);
  });

  it('reads the settings once a statement and not once a row', async () => {
    const plan = await planAs(ids.person, 'select * from pm.holdings');
    expect(plan.some((node) => node['Node Type'] === 'Result')).toBe(true);
    expect(
      plan.every((node) => !JSON.stringify({ ...node, Plans: undefined }).includes('current_setting')),
    ).toBe(true);
  });
});
