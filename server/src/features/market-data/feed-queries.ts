/**
 * SQL of prices that come from outside: what to ask for, what to compare with, storing, holding back, and how asking went.
 *
 * Contents: claimDueLines · renewClaims · linesToStream · noteTrades · linesWithoutClose · recordFetches · referencePrices · siblingPrices · storedCloses · storePrices · holdPrices · provider states
 */
import { randomUUIDv7 } from 'node:crypto';

import type { GoodPrice, HeldPrice, ReferencePrice } from '@pm/domain/market-data';
import { dec, decimalText } from '@pm/domain/money';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** What came of asking one provider for one line; kept as JSON. */
export type Attempt = {
  readonly provider: string;
  readonly outcome: 'used' | 'held' | 'skipped' | 'failed';
  /** In words, without symbol, key or address; null when its price was used. */
  readonly why: string | null;
  /** Since when the provider says that it does not have this line under this symbol. */
  readonly refusedAt?: string;
};

/** A line whose price is due. */
export type DueLine = {
  readonly listing_id: string;
  readonly instrument_id: string;
  readonly owner_user_id: string | null;
  readonly mic: string | null;
  readonly ticker: string | null;
  readonly currency: string;
  readonly quote_unit: string;
  readonly provider_symbols: Readonly<Record<string, unknown>>;
  readonly is_demo: boolean;
  readonly attempts: readonly Attempt[];
};

/** How often a price is asked for where nobody said otherwise. */
const DEFAULT_MINUTES = 10;
/** Runs begin every minute, some a little earlier within it than others: what is due within half of one is due now. */
const EARLY_SECONDS = 30;

/**
 * Takes up to `limit` primary lines of instruments that somebody watches, or holds in a portfolio with live prices, and whose price
 * was last asked for longer ago than the shortest interval among those; the longest waiting first. What is taken
 * is not given to another worker before `until`.
 */
export const claimDueLines = async (
  tx: Tx,
  now: Temporal.Instant,
  until: Temporal.Instant,
  limit: number,
): Promise<DueLine[]> => {
  const { rows } = await sql<DueLine>`
    with held as (
      select h.instrument_id, min(coalesce((p.settings ->> 'livePriceUpdateInterval')::integer, ${DEFAULT_MINUTES})) as minutes
      from pm.holdings h join pm.portfolios p on p.user_id = h.user_id and p.id = h.portfolio_id
      where h.deleted_at is null and h.qty <> 0 and h.instrument_id is not null and p.deleted_at is null
        and coalesce((p.settings ->> 'enableLivePrices')::boolean, true)
      group by h.instrument_id
      union all
      select w.instrument_id, ${DEFAULT_MINUTES} from pm.watched_instruments w group by w.instrument_id
    ), wanted as (
      select instrument_id, min(minutes) as minutes from held group by instrument_id
    ), due as (
      select l.id, l.instrument_id, l.owner_user_id, l.mic, l.ticker, l.currency, l.quote_unit, l.provider_symbols, i.is_demo, f.asked_at,
        coalesce(f.attempts, '[]') as attempts
      from wanted
      join pm.instruments i on i.id = wanted.instrument_id and i.type not in ('Cash', 'Property')
      join pm.instrument_listings l on l.instrument_id = i.id and l.is_primary and l.delisted_on is null
      left join pm.price_fetches f on f.listing_id = l.id
      where (f.claimed_until is null or f.claimed_until <= ${now})
        and (f.asked_at is null or f.asked_at <= ${now}::timestamptz - make_interval(mins => wanted.minutes, secs => ${-EARLY_SECONDS}))
      order by f.asked_at nulls first, l.id
      limit ${limit}
    ), claimed as (
      insert into pm.price_fetches as c (listing_id, claimed_until)
      select id, ${until} from due order by id
      on conflict (listing_id) do update set claimed_until = excluded.claimed_until
        where c.claimed_until is null or c.claimed_until <= ${now}
      returning c.listing_id
    )
    select due.id as listing_id, due.instrument_id, due.owner_user_id, due.mic, due.ticker, due.currency, due.quote_unit,
      due.provider_symbols, due.is_demo, due.attempts
    from due join claimed on claimed.listing_id = due.id
    order by due.asked_at nulls first, due.id`.execute(tx);
  return rows;
};

/** Holds on to those of these lines that are still claimed. */
export const renewClaims = async (
  tx: Tx,
  listingIds: readonly string[],
  until: Temporal.Instant,
): Promise<void> => {
  await sql`
    update pm.price_fetches set claimed_until = ${until}
    where listing_id = any (${listingIds}::uuid[]) and claimed_until is not null`.execute(tx);
};

/** Somebody watches `i`, or holds it in a portfolio with live prices. */
const isWanted = sql`(
  exists (select 1 from pm.watched_instruments w where w.instrument_id = i.id)
  or exists (select 1 from pm.holdings h join pm.portfolios p on p.user_id = h.user_id and p.id = h.portfolio_id
    where h.instrument_id = i.id and h.deleted_at is null and h.qty <> 0 and p.deleted_at is null
      and coalesce((p.settings ->> 'enableLivePrices')::boolean, true))
)`;

/** Primary lines of instruments that somebody watches, or holds in a portfolio with live prices. */
export const linesToStream = async (tx: Tx, limit: number): Promise<DueLine[]> => {
  const { rows } = await sql<DueLine>`
    select l.id as listing_id, l.instrument_id, l.owner_user_id, l.mic, l.ticker, l.currency, l.quote_unit,
      l.provider_symbols, i.is_demo, coalesce(f.attempts, '[]') as attempts
    from pm.instrument_listings l
    join pm.instruments i on i.id = l.instrument_id and i.type not in ('Cash', 'Property')
    left join pm.price_fetches f on f.listing_id = l.id
    where l.is_primary and l.delisted_on is null and ${isWanted}
    order by l.id limit ${limit}`.execute(tx);
  return rows;
};

/** Lines whose trades come need not be asked for: written down as if they had just been. Those being asked for are left alone. */
export const noteTrades = async (
  tx: Tx,
  listingIds: readonly string[],
  provider: string,
  at: Temporal.Instant,
): Promise<void> => {
  const attempts = JSON.stringify([{ provider, outcome: 'used', why: null }]);
  await sql`
    update pm.price_fetches set asked_at = ${at}, provider = ${provider}, attempts = ${attempts}::jsonb
    where listing_id = any (${listingIds}::uuid[]) and (claimed_until is null or claimed_until <= ${at})`.execute(
    tx,
  );
};

/** A line whose daily closes end some time ago. */
export type ClosingLine = DueLine & { readonly newest_close: Temporal.Instant | null };

/**
 * Primary lines of instruments that somebody holds in a portfolio with live prices, whose newest daily close is before
 * `before`; those without any first.
 */
export const linesWithoutClose = async (
  tx: Tx,
  before: Temporal.Instant,
  limit: number,
): Promise<ClosingLine[]> => {
  const { rows } = await sql<ClosingLine>`
    select l.id as listing_id, l.instrument_id, l.owner_user_id, l.mic, l.ticker, l.currency, l.quote_unit,
      l.provider_symbols, i.is_demo, coalesce(f.attempts, '[]') as attempts, c.date_time as newest_close
    from pm.instrument_listings l
    join pm.instruments i on i.id = l.instrument_id and i.type not in ('Cash', 'Property')
    left join pm.price_fetches f on f.listing_id = l.id
    left join pm.latest_prices c on c.listing_id = l.id and c.kind = 'close'
    where l.is_primary and l.delisted_on is null and (c.date_time is null or c.date_time < ${before})
      and ${isWanted}
    order by c.date_time nulls first, l.id limit ${limit}`.execute(tx);
  return rows;
};

export type FetchRow = {
  readonly listingId: string;
  readonly provider: string | null;
  readonly attempts: readonly Attempt[];
};

/** Writes down how asking went, and lets the lines go. */
export const recordFetches = async (
  tx: Tx,
  fetches: readonly FetchRow[],
  at: Temporal.Instant,
): Promise<void> => {
  await sql`
    update pm.price_fetches f
    set claimed_until = null, asked_at = ${at}, provider = g.provider, attempts = g.attempts
    from unnest(${fetches.map((one) => one.listingId)}::uuid[], ${fetches.map((one) => one.provider)}::text[],
      ${fetches.map((one) => JSON.stringify(one.attempts))}::jsonb[]) as g (listing_id, provider, attempts)
    where f.listing_id = g.listing_id`.execute(tx);
};

/** The newest price of each line that is not after `until`, whatever its source; lines without one are left out. */
export const referencePrices = async (
  tx: Tx,
  listingIds: readonly string[],
  until: Temporal.Instant | null,
): Promise<Map<string, ReferencePrice>> => {
  const newest =
    until === null
      ? sql`select f.close, f.date_time from pm.latest_prices f where f.listing_id = w.id
          order by f.date_time desc, f.kind desc limit 1`
      : sql`select f.close, f.date_time from pm.prices f where f.listing_id = w.id and f.date_time <= ${until}
          order by f.date_time desc, f.source limit 1`;
  const { rows } = await sql<{ id: string; close: string; date_time: Temporal.Instant }>`
    select w.id, n.close, n.date_time from unnest(${listingIds}::uuid[]) as w (id) cross join lateral (${newest}) n`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.id, { close: dec(row.close), at: row.date_time }]));
};

/**
 * For lines without a price of their own: the newest price of another line of the same security in the same currency, shared or
 * of the same person.
 */
export const siblingPrices = async (
  tx: Tx,
  listingIds: readonly string[],
): Promise<Map<string, ReferencePrice>> => {
  const { rows } = await sql<{ id: string; close: string; date_time: Temporal.Instant }>`
    select distinct on (l.id) l.id, n.close, n.date_time
    from pm.instrument_listings l
    join pm.instrument_listings o on o.instrument_id = l.instrument_id and o.id <> l.id and o.currency = l.currency
      and (o.owner_user_id is null or o.owner_user_id = l.owner_user_id)
    join pm.latest_prices n on n.listing_id = o.id
    where l.id = any(${listingIds}::uuid[])
    order by l.id, n.date_time desc, o.id`.execute(tx);
  return new Map(rows.map((row) => [row.id, { close: dec(row.close), at: row.date_time }]));
};

/** Closes of one line and source from one moment to another, by instant: what was believed before. */
export const storedCloses = async (
  tx: Tx,
  listingId: string,
  source: string,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Promise<Map<string, string>> => {
  const { rows } = await sql<{ date_time: Temporal.Instant; close: string }>`
    select date_time, close from pm.prices
    where listing_id = ${listingId} and source = ${source} and date_time between ${from} and ${to}`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.date_time.toString(), decimalText(dec(row.close))]));
};

/** A believed price with its line and source. */
export type PriceToStore = GoodPrice & { readonly listingId: string; readonly source: string };

/** Prices that one statement stores. */
const PRICES_PER_STATEMENT = 20_000;

const keyOf = (row: { listingId: string; at: Temporal.Instant; source: string }): string =>
  `${row.listingId} ${row.at.epochMilliseconds.toString().padStart(16, '0')} ${row.at.toString()} ${row.source}`;

/** Each key once, the last one given, sorted: two writers cannot block each other for good. */
const sortedOnce = <T extends { listingId: string; at: Temporal.Instant; source: string }>(
  rows: readonly T[],
): T[] => {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
};

const columnsOf = (rows: readonly PriceToStore[]) => sql`unnest(
  ${rows.map((row) => row.listingId)}::uuid[], ${rows.map((row) => row.at.toString())}::timestamptz[],
  ${rows.map((row) => row.source)}::text[], ${rows.map((row) => row.interval)}::text[],
  ${rows.map((row) => row.open)}::numeric[], ${rows.map((row) => row.high)}::numeric[],
  ${rows.map((row) => row.low)}::numeric[], ${rows.map((row) => row.close)}::numeric[],
  ${rows.map((row) => row.volume)}::numeric[], ${rows.map((row) => row.currency)}::text[]
) as g (listing_id, date_time, source, interval, open, high, low, close, volume, currency)`;

/** Makes the months' partitions that rows of these moments go to. @throws PM422 before 1960 or beyond the coming months */
export const ensurePartitions = async (tx: Tx, moments: readonly Temporal.Instant[]): Promise<void> => {
  const months = [...new Set(moments.map((at) => `${at.toString().slice(0, 7)}-01`))].toSorted();
  if (months.length === 0) return;
  await sql`select pm.ensure_price_partition(m) from unnest(${months}::date[]) as m`.execute(tx);
};

/**
 * Stores believed prices: new ones are added, another figure under the same line, moment and source is a correction.
 * Nothing is written, and nobody told, when all of it is there already.
 */
export const storePrices = async (
  tx: Tx,
  prices: readonly PriceToStore[],
): Promise<{ readonly added: number; readonly corrected: number }> => {
  const rows = sortedOnce(prices);
  await ensurePartitions(
    tx,
    rows.map((row) => row.at),
  );
  let [added, corrected] = [0, 0];
  for (let start = 0; start < rows.length; start += PRICES_PER_STATEMENT) {
    const counts = await storePart(tx, rows.slice(start, start + PRICES_PER_STATEMENT));
    added += counts.added;
    corrected += counts.corrected;
  }
  return { added, corrected };
};

/** Up to so many rows it is asked first whether any is news; larger parts are hardly ever sent in vain. */
const ASKED_FIRST_MAX = 1_000;

type Counts = { readonly added: number; readonly corrected: number };

const countNews = (given: RawBuilder<unknown>) => sql<Counts>`
    select count(*) filter (where p.listing_id is null)::integer as added,
      count(*) filter (where (p.close, p.interval, p.currency) <> (g.close, g.interval, g.currency))::integer as corrected
    from ${given} left join pm.prices p
      on p.listing_id = g.listing_id and p.date_time = g.date_time and p.source = g.source`;

const storePart = async (tx: Tx, rows: readonly PriceToStore[]): Promise<Counts> => {
  if (rows.length <= ASKED_FIRST_MAX) {
    // A statement that changes nothing would still tell everybody to look anew.
    const { rows: news } = await countNews(columnsOf(rows)).execute(tx);
    if (news[0] === undefined || news[0].added + news[0].corrected === 0) return { added: 0, corrected: 0 };
  }
  const { rows: counts } = await sql<Counts>`
    with given as materialized (select * from ${columnsOf(rows)}),
    stored as (
      insert into pm.prices as p (listing_id, date_time, source, interval, open, high, low, close, volume, currency)
      select listing_id, date_time, source, interval, open, high, low, close, volume, currency from given
      on conflict (listing_id, date_time, source) do update
        set interval = excluded.interval, open = excluded.open, high = excluded.high, low = excluded.low,
          close = excluded.close, volume = excluded.volume, currency = excluded.currency
        where (p.close, p.interval, p.currency) <> (excluded.close, excluded.interval, excluded.currency)
    )
    ${countNews(sql`given g`)}`.execute(tx);
  return counts[0] ?? { added: 0, corrected: 0 };
};

/** A price to be held back, with its line and source. */
export type PriceToHold = HeldPrice & { readonly listingId: string; readonly source: string };

/**
 * Holds prices back until somebody decides. Of quotes of one line and source that are doubted for one reason only the
 * newest waits. One that was decided on already is left alone.
 */
export const holdPrices = async (tx: Tx, held: readonly PriceToHold[]): Promise<void> => {
  const rows = sortedOnce(held);
  if (rows.length === 0) return;
  const given = sql`unnest(
    ${rows.map(() => randomUUIDv7())}::uuid[], ${rows.map((row) => row.listingId)}::uuid[],
    ${rows.map((row) => row.at.toString())}::timestamptz[], ${rows.map((row) => row.source)}::text[],
    ${rows.map((row) => row.interval)}::text[], ${rows.map((row) => row.open)}::numeric[],
    ${rows.map((row) => row.high)}::numeric[], ${rows.map((row) => row.low)}::numeric[],
    ${rows.map((row) => row.close)}::numeric[], ${rows.map((row) => row.volume)}::numeric[],
    ${rows.map((row) => row.currency)}::text[], ${rows.map((row) => row.reason)}::text[],
    ${rows.map((row) => (row.comparedWith === null ? null : decimalText(row.comparedWith.close)))}::numeric[],
    ${rows.map((row) => row.comparedWith?.at.toString() ?? null)}::timestamptz[]
  ) as g (id, listing_id, date_time, source, interval, open, high, low, close, volume, currency, reason, compared_close, compared_at)`;
  await sql`
    delete from pm.price_quarantine q using ${given}
    where q.status = 'open' and q.interval = 'quote' and g.interval = 'quote' and q.listing_id = g.listing_id
      and q.source = g.source and q.reason = g.reason and q.date_time < g.date_time`.execute(tx);
  await sql`
    insert into pm.price_quarantine as q (id, listing_id, date_time, source, interval, open, high, low, close, volume,
      currency, reason, compared_close, compared_at)
    select g.* from ${given}
    on conflict (listing_id, date_time, source) do update
      set interval = excluded.interval, open = excluded.open, high = excluded.high, low = excluded.low,
        close = excluded.close, volume = excluded.volume, currency = excluded.currency, reason = excluded.reason,
        compared_close = excluded.compared_close, compared_at = excluded.compared_at
      where q.status = 'open' and q.close is distinct from excluded.close`.execute(tx);
};

/** Whether a provider is being left alone. */
export type Pause = { readonly failures: number; readonly pausedUntil: Temporal.Instant | null };

export const readPauses = async (tx: Tx, providers: readonly string[]): Promise<Map<string, Pause>> => {
  const { rows } = await sql<{ provider: string; failures: number; paused_until: Temporal.Instant | null }>`
    select provider, failures, paused_until from pm.provider_states where provider = any(${providers}::text[])`.execute(
    tx,
  );
  return new Map(
    rows.map((row) => [row.provider, { failures: row.failures, pausedUntil: row.paused_until }]),
  );
};

export const savePause = async (tx: Tx, provider: string, pause: Pause): Promise<void> => {
  await sql`
    update pm.provider_states set failures = ${pause.failures}, paused_until = ${pause.pausedUntil}
    where provider = ${provider}`.execute(tx);
};
