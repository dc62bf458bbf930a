/**
 * Many funds of many securities, on many days, with funds of funds three deep: written set by set, as imports write.
 *
 * Contents: seedUniverse · seedFunds · addDays · checkingOnce
 */
import { randomUUIDv7 } from 'node:crypto';

import type pg from 'pg';

import { packImports } from '../../server/src/features/look-through/refresh.ts';
import { createDatabase, WORKER_LIMITS } from '../../server/src/platform/database/database.ts';
import { analyse } from './seed.ts';
import type { SeededInstrument } from './seed.ts';

/** Every tenth fund holds five others as well, and every hundredth five of those. */
const INSIDE = 5;

export type FundMarket = { readonly funds: readonly SeededInstrument[]; readonly rows: number };

const sortedIds = (count: number): string[] => Array.from({ length: count }, () => randomUUIDv7()).toSorted();

const insertInstruments = async (
  client: pg.ClientBase,
  ids: readonly string[],
  type: 'ETF' | 'Stock',
  price: Temporal.Instant | null,
): Promise<void> => {
  await client.query(
    `insert into pm.instruments (id, type, name, currency, country, sector, asset_class)
     select id, $2, 'Market ' || $2 || ' ' || n, 'GBP',
       (array['United States', 'Japan', 'United Kingdom', 'France', 'Switzerland', 'Germany'])[1 + n % 6],
       (array['Industrials', 'Financials', 'Health Care', 'Materials', 'Energy'])[1 + n % 5],
       case $2 when 'Stock' then 'Equity' end
     from unnest($1::uuid[]) with ordinality as given (id, n)`,
    [ids, type],
  );
  if (price === null) return;
  await client.query(
    `insert into pm.instrument_listings (id, instrument_id, mic, ticker, currency, quote_unit, is_primary)
     select gen_random_uuid(), id, 'XLON', 'F' || upper(left(md5(id::text), 12)), 'GBP', 'GBP', true
     from unnest($1::uuid[]) as id`,
    [ids],
  );
  await client.query(
    `insert into pm.prices (listing_id, date_time, source, interval, close, currency)
     select l.id, $1::timestamptz - interval '1 minute', 'bench', 'quote', 10, 'GBP'
     from pm.instrument_listings l where l.instrument_id = any ($2) order by 1`,
    [price.toString(), ids],
  );
};

/** The shares that all funds choose from: four times as many as each holds. */
export const seedUniverse = async (client: pg.ClientBase, rows: number): Promise<void> => {
  const shares = sortedIds(rows * 4);
  await insertInstruments(client, shares, 'Stock', null);
  await client.query('create schema if not exists bench');
  await client.query('create table bench.universe (n integer primary key, id uuid not null)');
  await client.query(
    'insert into bench.universe select n - 1, id from unnest($1::uuid[]) with ordinality as u (id, n)',
    [shares],
  );
};

/** Funds that have a price, each to hold a part of the universe. */
export const seedFunds = async (
  client: pg.ClientBase,
  size: { readonly funds: number; readonly rows: number },
  now: Temporal.Instant,
): Promise<FundMarket> => {
  const funds = sortedIds(size.funds);
  await insertInstruments(client, funds, 'ETF', now);
  return { funds: funds.map((id): SeededInstrument => ({ id, currency: 'GBP' })), rows: size.rows };
};

/** One more import of each fund for each of the days, the latest last, as the worker leaves it after an import. */
export const addDays = async (
  client: pg.ClientBase,
  market: FundMarket,
  days: readonly Temporal.PlainDate[],
  workerUrl: string,
): Promise<void> => {
  for (const [place, day] of days.entries()) {
    await client.query('begin');
    await addDay(client, market, day);
    await copyColumns(client, market, day);
    await client.query('commit');
    if (place > 0) continue;
    // Tables that were empty a moment ago are not known to be large yet.
    await analyse(client);
    await packFunds(workerUrl);
  }
};

const addDay = async (
  client: pg.ClientBase,
  { funds, rows }: FundMarket,
  day: Temporal.PlainDate,
): Promise<void> => {
  const ids = funds.map((one) => one.id);
  await client.query(
    `insert into pm.constituent_imports (id, parent_instrument_id, as_of, format, checksum_sha256, raw_file, raw_size_bytes,
       weight_sum, row_count)
     select gen_random_uuid(), id, $2::date, 'bench', sha256('x'), 'x', 1, 100, $3
     from unnest($1::uuid[]) as id`,
    [ids, day.toString(), rows],
  );
  await client.query(
    `insert into pm.constituents (import_id, child_instrument_id, weight, name, row_numbers, match_method, match_confidence,
       sector, country, currency, asset_class)
     select m.id, case when f.n % 10 = 0 and k <= ${INSIDE} then inside.id else u.id end,
       round(200.0 * ($3 - k + 1) / ($3::numeric * ($3 + 1)), 6), 'Row', array[k], 'isin', 1, null, null, 'GBP', 'Equity'
     from unnest($1::uuid[]) with ordinality as f (id, n)
     join pm.constituent_imports m on m.parent_instrument_id = f.id and m.as_of = $2::date
     cross join generate_series(1, $3::integer) as k
     join bench.universe u on u.n = (f.n * 101 + k * (1 + f.n % 3)) % ($3 * 4)
     left join lateral (select g.id from unnest($1::uuid[]) with ordinality as g (id, n)
       where f.n % 10 = 0 and k <= ${INSIDE}
         and g.n = 1 + (f.n + case when f.n % 100 = 0 then k * 10 - 1 else k end) % cardinality($1::uuid[])) inside on true`,
    [ids, day.toString(), rows],
  );
};

/** A fund holds the same on all days: so are the columns that the worker would make of each. */
const copyColumns = async (
  client: pg.ClientBase,
  { funds }: FundMarket,
  day: Temporal.PlainDate,
): Promise<void> => {
  await client.query(
    `insert into pm.import_columns (import_id, import_version, instrument, attribute, weight, market, has_market_gaps,
       attributes, funds)
     select m.id, m.version, c.instrument, c.attribute, c.weight, c.market, c.has_market_gaps, c.attributes, c.funds
     from pm.constituent_imports m cross join lateral (
       select c.* from pm.constituent_imports o join pm.import_columns c on c.import_id = o.id
       where o.parent_instrument_id = m.parent_instrument_id limit 1
     ) c
     where m.as_of = $2::date and m.parent_instrument_id = any ($1::uuid[])`,
    [funds.map((one) => one.id), day.toString()],
  );
};

/**
 * Runs `work` without the foreign keys of the constituents, which are then checked all at once: row by row that takes as
 * long as writing tens of millions of rows.
 */
export const checkingOnce = async (client: pg.ClientBase, work: () => Promise<void>): Promise<void> => {
  const { rows: keys } = await client.query<{ name: string; definition: string }>(
    `select quote_ident(conname) as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = 'pm.constituents'::regclass and contype = 'f'`,
  );
  for (const { name } of keys) await client.query(`alter table pm.constituents drop constraint ${name}`);
  await work();
  for (const { name, definition } of keys) {
    await client.query(`alter table pm.constituents add constraint ${name} ${definition}`);
  }
};

/** Lets the worker do what it does after an import. */
const packFunds = async (workerUrl: string): Promise<void> => {
  const db = createDatabase({ url: workerUrl, max: 1, limits: WORKER_LIMITS });
  try {
    await packImports(db, new AbortController().signal);
  } finally {
    await db.destroy();
  }
};
