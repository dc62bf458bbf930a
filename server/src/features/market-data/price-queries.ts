/**
 * SQL of prices: the feed's, which everybody sees, and those that people give, which count for themselves.
 *
 * Contents: saveManualPrice · pageOfPrices · newestQuotes · findLine · saveManualPrices
 */
import type { GoodPrice } from '@pm/domain/market-data';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import type { ManualPriceInput } from './price-input.ts';

/** Stores a person's price; one at the same instant is replaced: it was mistyped. */
export const saveManualPrice = async (
  tx: Tx,
  row: ManualPriceInput & { readonly id: string; readonly userId: string; readonly instrumentId: string },
): Promise<void> => {
  await sql`
    insert into pm.manual_prices (user_id, id, instrument_id, date_time, open, high, low, close, volume, currency, quote_unit)
    values (${row.userId}, ${row.id}, ${row.instrumentId}, ${row.dateTime}, ${row.open}, ${row.high}, ${row.low},
      ${row.close}, ${row.volume}, ${row.currency}, ${row.quoteUnit})
    on conflict (user_id, instrument_id, date_time) do update
      set open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
        volume = excluded.volume, currency = excluded.currency, quote_unit = excluded.quote_unit`.execute(tx);
};

/** A price of an instrument; amounts in `currency`. */
export type PriceRow = {
  readonly kind: 'live' | 'manual';
  readonly listing_id: string | null;
  readonly date_time: Temporal.Instant;
  readonly source: string;
  readonly open: string | null;
  readonly high: string | null;
  readonly low: string | null;
  readonly close: string;
  readonly volume: string | null;
  readonly currency: string;
  readonly quote_unit: string;
  /** Orders prices of one instant. */
  readonly key: string;
};

/** Prices are listed from the newest down; a page begins after the instant and key given. */
export type PricePage = {
  readonly from: Temporal.Instant;
  readonly until: Temporal.Instant;
  readonly afterKey: string;
  readonly limit: number;
};

/**
 * Prices of an instrument from `from` to `until`, newest first: the feed's of all its lines and the person's own. Each
 * source is read no further than the page needs. One more than `limit` when there are more.
 */
export const pageOfPrices = async (tx: Tx, instrumentId: string, page: PricePage): Promise<PriceRow[]> => {
  const { from, until, afterKey, limit } = page;
  const { rows } = await sql<PriceRow>`
    (select 'live' as kind, l.id as listing_id, p.date_time, p.source, p.open, p.high, p.low, p.close, p.volume,
        p.currency, l.quote_unit, p.key
      from pm.instrument_listings l cross join lateral (
        select f.*, ('a ' || l.id || ' ' || f.source) collate "C" as key from pm.prices f
        where f.listing_id = l.id and f.date_time between ${from} and ${until}
          and (f.date_time < ${until} or ('a ' || l.id || ' ' || f.source) collate "C" > ${afterKey})
        order by f.date_time desc, f.source collate "C" limit ${limit + 1}
      ) p
      where l.instrument_id = ${instrumentId})
    union all
    (select 'manual', null, m.date_time, 'manual', m.open, m.high, m.low, m.close, m.volume, m.currency, m.quote_unit,
        'b' collate "C"
      from pm.manual_prices m
      where m.user_id = nullif(current_setting('app.user_id', true), '')::uuid
        and m.instrument_id = ${instrumentId} and m.date_time between ${from} and ${until}
        and (m.date_time < ${until} or 'b' collate "C" > ${afterKey})
      order by m.date_time desc limit ${limit + 1})
    order by date_time desc, key
    limit ${limit + 1}`.execute(tx);
  return rows;
};

/** What a value is made with. */
export type QuoteRow = Pick<PriceRow, 'date_time' | 'source' | 'close' | 'currency' | 'quote_unit'> & {
  readonly instrument_id: string;
};

/** A quote with the question that it answers: which of the moments asked for, and whose price. */
export type QuoteFound = QuoteRow & { readonly moment: number; readonly kind: 'live' | 'manual' };

/**
 * The feed's newest price and the newest given by hand, for each instrument and each moment: an instant after which no
 * price counts, or null for the newest of all. One statement, however many instruments and moments.
 */
export const newestQuotes = async (
  tx: Tx,
  instrumentIds: readonly string[],
  moments: readonly (Temporal.Instant | null)[],
): Promise<QuoteFound[]> => {
  const parts = moments.flatMap((until, moment) => [
    until === null ? latestFeed(instrumentIds, moment) : feedUntil(instrumentIds, moment, until),
    manualUntil(instrumentIds, moment, until),
  ]);
  const { rows } = await sql<QuoteFound>`
    with giver (user_id) as materialized (
      select coalesce(
        (select p.user_id from pm.portfolios p where p.id = nullif(current_setting('app.portfolio_id', true), '')::uuid),
        nullif(current_setting('app.user_id', true), '')::uuid)
    )
    ${sql.join(parts, sql` union all `)}`.execute(tx);
  return rows;
};

/**
 * The latest price of the primary line of each instrument; a private line counts before a shared one. Looked up
 * instrument by instrument, so that it costs the same however many others have prices.
 */
const latestFeed = (instrumentIds: readonly string[], moment: number) => sql`
    select ${moment}::integer as moment, 'live' as kind, wanted.id as instrument_id, p.*
    from unnest(${instrumentIds}::uuid[]) as wanted (id) cross join lateral (
      select n.date_time, n.source, n.close, n.currency, l.quote_unit
      from pm.instrument_listings l cross join lateral (
        select f.date_time, f.source, f.close, f.currency from pm.latest_prices f
        where f.listing_id = l.id order by f.date_time desc, f.kind desc limit 1
      ) n
      where l.instrument_id = wanted.id and l.is_primary
      order by l.owner_user_id nulls last limit 1
    ) p`;

/** The same as it was at an instant: the newest price that is not after it. */
const feedUntil = (instrumentIds: readonly string[], moment: number, until: Temporal.Instant) => sql`
    select ${moment}::integer as moment, 'live' as kind, wanted.id as instrument_id, p.*
    from unnest(${instrumentIds}::uuid[]) as wanted (id) cross join lateral (
      select n.date_time, n.source, n.close, n.currency, l.quote_unit
      from pm.instrument_listings l cross join lateral (
        select f.date_time, f.source, f.close, f.currency from pm.prices f
        where f.listing_id = l.id and f.date_time <= ${until}
        order by f.date_time desc, f.source limit 1
      ) n
      where l.instrument_id = wanted.id and l.is_primary
      order by l.owner_user_id nulls last limit 1
    ) p`;

/**
 * The newest price given by hand for each instrument. Those of the person count, but inside a portfolio that is shared
 * with them those of its owner. Naming whose, rather than leaving it to row-level security, is what lets the index find
 * the newest row without reading the others.
 */
const manualUntil = (instrumentIds: readonly string[], moment: number, until: Temporal.Instant | null) => sql`
    select ${moment}::integer, 'manual', wanted.id, m.date_time, 'manual', m.close, m.currency, m.quote_unit
    from unnest(${instrumentIds}::uuid[]) as wanted (id) cross join giver cross join lateral (
      select g.date_time, g.close, g.currency, g.quote_unit from pm.manual_prices g
      where g.user_id = giver.user_id and g.instrument_id = wanted.id
        and g.date_time <= coalesce(${until}::timestamptz, 'infinity')
      order by g.date_time desc limit 1
    ) m`;

/** A line of trading that prices can belong to. */
export type LineRow = {
  readonly id: string;
  readonly mic: string | null;
  readonly currency: string;
  readonly quote_unit: string;
  readonly owner_user_id: string | null;
};

/** A line of an instrument, or its primary one, the private before the shared; null when there is none. */
export const findLine = async (
  tx: Tx,
  instrumentId: string,
  listingId: string | null,
): Promise<LineRow | null> => {
  const { rows } = await sql<LineRow>`
    select id, mic, currency, quote_unit, owner_user_id from pm.instrument_listings
    where instrument_id = ${instrumentId} and (id = ${listingId} or (${listingId}::uuid is null and is_primary))
    order by owner_user_id nulls last limit 1`.execute(tx);
  return rows[0] ?? null;
};

/** Stores many prices of a person for one instrument; those at the same instants are replaced where they differ. */
export const saveManualPrices = async (
  tx: Tx,
  of: { readonly userId: string; readonly instrumentId: string; readonly quoteUnit: string },
  prices: readonly (GoodPrice & { readonly id: string })[],
): Promise<{ readonly added: number; readonly corrected: number }> => {
  if (prices.length === 0) return { added: 0, corrected: 0 };
  const { rows } = await sql<{ added: number; corrected: number }>`
    with stored as (
      insert into pm.manual_prices as m (user_id, id, instrument_id, date_time, open, high, low, close, volume, currency, quote_unit)
      select ${of.userId}, g.id, ${of.instrumentId}, g.date_time, g.open, g.high, g.low, g.close, g.volume, g.currency,
        ${of.quoteUnit}
      from unnest(${prices.map((row) => row.id)}::uuid[], ${prices.map((row) => row.at.toString())}::timestamptz[],
        ${prices.map((row) => row.open)}::numeric[], ${prices.map((row) => row.high)}::numeric[],
        ${prices.map((row) => row.low)}::numeric[], ${prices.map((row) => row.close)}::numeric[],
        ${prices.map((row) => row.volume)}::numeric[], ${prices.map((row) => row.currency)}::text[]
      ) as g (id, date_time, open, high, low, close, volume, currency)
      on conflict (user_id, instrument_id, date_time) do update
        set open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
          volume = excluded.volume, currency = excluded.currency, quote_unit = excluded.quote_unit
        where (m.close, m.currency, m.quote_unit) <> (excluded.close, excluded.currency, excluded.quote_unit)
      returning xmax = 0 as is_new
    )
    select count(*) filter (where is_new)::integer as added, count(*) filter (where not is_new)::integer as corrected
    from stored`.execute(tx);
  return rows[0] ?? { added: 0, corrected: 0 };
};
