/**
 * Prices and rates day by day, for histories: what was known each evening, in two statements however long the time.
 *
 * Contents: dailyQuotes · dailyRates
 */
import { MAX_CARRY_DAYS, ratesThrough } from '@pm/domain/market-data';
import { dec, isCurrency } from '@pm/domain/money';
import type { Currency, Decimal } from '@pm/domain/money';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import { findPublished } from './rate-queries.ts';
import { neededLegs } from './rates.ts';

/** The last price of a day. */
export type DailyQuote = {
  /** Days since 1970 in the time zone asked for. */
  readonly day: number;
  readonly atMs: number;
  readonly close: Decimal;
  readonly currency: string;
};

/** Prices of one instrument, rising; each list begins with the newest one before the time asked for. */
export type DailyQuotes = {
  /** Of the owner's own line, which counts before the shared one. */
  readonly own: readonly DailyQuote[];
  readonly shared: readonly DailyQuote[];
  readonly manual: readonly DailyQuote[];
};

/** For whom and for which time prices are wanted. */
export type QuotesAsked = {
  readonly instrumentIds: readonly string[];
  /** Whose private lines and given prices count. */
  readonly ownerId: string;
  readonly timezone: string;
  readonly from: Temporal.Instant;
  readonly until: Temporal.Instant;
};

type Joined = {
  readonly instrument_id: string;
  readonly kind: keyof DailyQuotes;
  readonly days: string;
  readonly moments: string;
  readonly closes: string;
  readonly currencies: string;
};

const quotesIn = (row: Joined): DailyQuote[] => {
  const [days, moments, closes, currencies] = [row.days, row.moments, row.closes, row.currencies].map(
    (text) => text.split(' '),
  );
  return (days ?? []).map((day, at) => ({
    day: Number(day),
    atMs: Number(moments?.[at]),
    close: dec(closes?.[at] ?? '0'),
    currency: currencies?.[at] ?? '',
  }));
};

const NO_QUOTES: DailyQuotes = { own: [], shared: [], manual: [] };

/** What a row of prices gives; joined in the end, since a hundred thousand rows cost more to send than to find. */
const quoteColumns = (row: string, timezone: string) => sql`
  (${sql.ref(`${row}.date_time`)} at time zone ${timezone})::date - date '1970-01-01' as day,
  floor(extract(epoch from ${sql.ref(`${row}.date_time`)}) * 1000)::bigint as moment,
  trim_scale(${sql.ref(`${row}.close`)}::numeric) as close, ${sql.ref(`${row}.currency`)}::text as currency`;

/** The last believed price of each day, and the newest before, of each instrument and each kind of line. */
export const dailyQuotes = async (tx: Tx, asked: QuotesAsked): Promise<ReadonlyMap<string, DailyQuotes>> => {
  if (asked.instrumentIds.length === 0) return new Map();
  const { instrumentIds, ownerId, timezone, from, until } = asked;
  const { rows } = await sql<Joined>`
    with found as (
      select l.instrument_id, case when l.owner_user_id is null then 'shared' else 'own' end as kind, q.*
      from pm.instrument_listings l cross join lateral (
        (select distinct on (day) ${quoteColumns('p', timezone)} from pm.prices p
          where p.listing_id = l.id and p.date_time between ${from} and ${until}
          order by day, p.date_time desc, p.source)
        union all
        (select ${quoteColumns('p', timezone)} from pm.prices p
          where p.listing_id = l.id and p.date_time < ${from} order by p.date_time desc, p.source limit 1)
      ) q
      where l.instrument_id = any (${instrumentIds}::uuid[]) and l.is_primary
        and (l.owner_user_id is null or l.owner_user_id = ${ownerId}::uuid)
      union all
      select w.id, 'manual', q.* from unnest(${instrumentIds}::uuid[]) as w (id) cross join lateral (
        (select distinct on (day) ${quoteColumns('m', timezone)} from pm.manual_prices m
          where m.user_id = ${ownerId}::uuid and m.instrument_id = w.id and m.date_time between ${from} and ${until}
          order by day, m.date_time desc)
        union all
        (select ${quoteColumns('m', timezone)} from pm.manual_prices m
          where m.user_id = ${ownerId}::uuid and m.instrument_id = w.id and m.date_time < ${from}
          order by m.date_time desc limit 1)
      ) q
    )
    select instrument_id, kind, string_agg(day::text, ' ' order by day) as days,
      string_agg(moment::text, ' ' order by day) as moments, string_agg(close::text, ' ' order by day) as closes,
      string_agg(currency, ' ' order by day) as currencies
    from found group by instrument_id, kind`.execute(tx);
  const byInstrument = new Map<string, DailyQuotes>();
  for (const row of rows) {
    const known = byInstrument.get(row.instrument_id) ?? NO_QUOTES;
    byInstrument.set(row.instrument_id, { ...known, [row.kind]: quotesIn(row) });
  }
  return byInstrument;
};

/**
 * The rates of some currencies against one on each day from `from` to `to`, null on days without: published ones only,
 * carried forward at most seven days.
 */
export const dailyRates = async (
  tx: Tx,
  currencies: readonly string[],
  to: Currency,
  days: { readonly from: Temporal.PlainDate; readonly to: Temporal.PlainDate },
): Promise<ReadonlyMap<string, readonly (Decimal | null)[]>> => {
  const pairs = currencies.filter(isCurrency).map((from) => ({ from, to }));
  const legs = neededLegs(pairs);
  const published =
    legs.length === 0
      ? []
      : await findPublished(tx, legs, days.from.subtract({ days: MAX_CARRY_DAYS }), days.to);
  const byPair = Map.groupBy(published, (rate) => `${rate.from}/${rate.to}`);
  return new Map(
    pairs.map((pair) => {
      const usable = neededLegs([pair]).flatMap((leg) => byPair.get(`${leg.from}/${leg.to}`) ?? []);
      return [pair.from, ratesThrough(usable, pair, days)];
    }),
  );
};
