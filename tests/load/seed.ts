/**
 * What the rows measure on: instruments with prices in two currencies, and portfolios of any size, written set by set.
 *
 * Contents: seedMarket · makePortfolio · seedHoldings · analyse
 */
import { randomUUIDv7 } from 'node:crypto';

import type pg from 'pg';

import type { Install } from './install.ts';

export type SeededInstrument = { readonly id: string; readonly currency: 'GBP' | 'USD' };

/** Days of prices and rates before the present one. */
const DAYS = 10;
/** What a holding is made of, however many trades it takes. */
const QTY = 10_000n;
const PRICE = 10n;

const sortedIds = (count: number): string[] => Array.from({ length: count }, () => randomUUIDv7()).toSorted();

/** Shares in London and New York by turns, with daily closes, a quote of today, and the rates between. */
export const seedMarket = async (
  client: pg.ClientBase,
  count: number,
  now: Temporal.Instant,
): Promise<readonly SeededInstrument[]> => {
  const ids = sortedIds(count);
  await client.query(
    `with made as (
       insert into pm.instruments (id, type, name, currency, country, sector, asset_class)
       select id, 'Stock', 'Seeded Share ' || n, case n % 2 when 0 then 'USD' else 'GBP' end,
         case n % 2 when 0 then 'United States' else 'United Kingdom' end, 'Industrials', 'Equity'
       from unnest($1::uuid[]) with ordinality as given (id, n) returning id, currency)
     insert into pm.instrument_listings (id, instrument_id, mic, ticker, currency, quote_unit, is_primary)
     select gen_random_uuid(), id, case currency when 'USD' then 'XNYS' else 'XLON' end,
       'S' || upper(left(md5(id::text), 12)), currency, currency, true from made`,
    [ids],
  );
  const today = now.toZonedDateTimeISO('UTC').toPlainDate();
  await client.query('select pm.ensure_price_partitions($1, $2)', [
    today.subtract({ days: DAYS }).toString(),
    today.toString(),
  ]);
  await client.query(
    `insert into pm.prices (listing_id, date_time, source, interval, close, currency)
     select l.id, case d when 0 then $1::timestamptz - interval '1 minute' else ($1::timestamptz::date - d) + time '16:30' at time zone 'UTC' end,
       'bench', case d when 0 then 'quote' else '1d' end, 12.34 + d * 0.01, l.currency
     from pm.instrument_listings l cross join generate_series(0, ${DAYS}) as d
     where l.instrument_id = any ($2)
     order by 1, 2`,
    [now.toString(), ids],
  );
  await client.query(
    `insert into pm.fx_rates (from_currency, to_currency, date, source, rate)
     select 'EUR', r.code, $1::date - d, 'ECB', r.rate + d * 0.001
     from generate_series(0, ${DAYS}) as d cross join (values ('GBP', 0.8365), ('USD', 1.0921)) as r (code, rate)
     on conflict do nothing`,
    [today.toString()],
  );
  return ids.map((id, index) => ({ id, currency: index % 2 === 1 ? 'USD' : 'GBP' }));
};

/** A portfolio in pounds with its default lists, made through the API. */
export const makePortfolio = async (install: Install, name: string): Promise<string> => {
  const made = (await install.send('POST', '/api/portfolios', 201, {
    name,
    settings: { currency: 'GBP' },
  })) as { readonly id: string };
  return made.id;
};

/**
 * Holdings that differ in nothing but the number of trades they rest on: the same quantity and cost either way.
 * @returns their ids, in the order in which lists show them
 */
export const seedHoldings = async (
  client: pg.ClientBase,
  portfolio: { readonly id: string; readonly userId: string; readonly today: Temporal.PlainDate },
  instruments: readonly SeededInstrument[],
  tradesEach: bigint,
): Promise<readonly string[]> => {
  const ids = sortedIds(instruments.length);
  await client.query(
    `insert into pm.holdings (user_id, id, portfolio_id, instrument_id, section, theme, account, qty, cost_basis)
     select $1, h.id, $2, h.instrument_id, (array['Core', 'Satellite'])[1 + n % 2],
       (array['Global Equity', 'UK Equity', 'Emerging Markets'])[1 + n % 3], (array['ISA', 'SIPP', 'GIA'])[1 + n % 3],
       $5::numeric, $5::numeric * $6::numeric * case h.currency when 'USD' then 0.79 else 1 end
     from unnest($3::uuid[], $4::uuid[], $7::text[]) with ordinality as h (id, instrument_id, currency, n)`,
    [
      portfolio.userId,
      portfolio.id,
      ids,
      instruments.map((one) => one.id),
      QTY.toString(),
      PRICE.toString(),
      instruments.map((one) => one.currency),
    ],
  );
  await client.query(
    `insert into pm.trades (user_id, id, portfolio_id, holding_id, type, date, qty, price, currency, quote_unit, fx_rate, fx_source)
     select $1, gen_random_uuid(), $2, h.id, 'buy', $3::date - ((n % 1000) + 1)::integer, $4::numeric, $5::numeric, i.currency,
       i.currency, case i.currency when 'USD' then 0.79 else 1 end, case i.currency when 'USD' then 'given' else 'identity' end
     from pm.holdings h join pm.instruments i on i.id = h.instrument_id cross join generate_series(1, $6::integer) as n
     where h.portfolio_id = $2`,
    [
      portfolio.userId,
      portfolio.id,
      portfolio.today.toString(),
      (QTY / tradesEach).toString(),
      PRICE.toString(),
      Number(tradesEach),
    ],
  );
  return ids;
};

/** Lets the planner know what was seeded, as it would of an install that has been running for a day. */
export const analyse = async (client: pg.ClientBase): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(
    `select format('pm.%I', c.relname) as name from pg_class c
     where c.relnamespace = 'pm'::regnamespace and c.relkind in ('r', 'p') order by 1`,
  );
  for (const { name } of rows) await client.query(`analyze ${name}`);
};
