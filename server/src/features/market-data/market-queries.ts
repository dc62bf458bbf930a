/**
 * SQL behind the pages about where prices come from.
 *
 * Contents: readOutcomes · sourcesOfInstrument · pageOfHeldPrices · likeHeld · decideHeld · reopenHeld
 */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import type { Attempt } from './feed-queries.ts';

/** How many lines one outcome of asking a provider had, at the last time of asking for each. */
export type OutcomeCount = {
  readonly provider: string;
  readonly outcome: Attempt['outcome'];
  readonly why: string | null;
  readonly lines: number;
};

/** Reasons that the status page names, the most frequent first. */
const MAX_REASONS = 40;

export const readOutcomes = async (tx: Tx): Promise<OutcomeCount[]> => {
  const { rows } = await sql<OutcomeCount>`
    select a ->> 'provider' as provider, a ->> 'outcome' as outcome, a ->> 'why' as why, count(*)::integer as lines
    from pm.price_fetches f cross join jsonb_array_elements(f.attempts) as a
    group by 1, 2, 3 order by lines desc, 1, 2, 3 limit ${MAX_REASONS}`.execute(tx);
  return rows;
};

/** The newest price of one line from one source. */
export type SourceRow = {
  readonly listing_id: string;
  readonly quote_unit: string;
  readonly source: string;
  readonly date_time: Temporal.Instant;
  readonly close: string;
  readonly currency: string;
};

/** The newest price of each line of an instrument from each source since a moment. */
export const sourcesOfInstrument = async (
  tx: Tx,
  instrumentId: string,
  since: Temporal.Instant,
): Promise<SourceRow[]> => {
  const { rows } = await sql<SourceRow>`
    select distinct on (l.id, p.source) l.id as listing_id, l.quote_unit, p.source, p.date_time, p.close, p.currency
    from pm.instrument_listings l join pm.prices p on p.listing_id = l.id and p.date_time >= ${since}
    where l.instrument_id = ${instrumentId}
    order by l.id, p.source, p.date_time desc`.execute(tx);
  return rows;
};

export type FetchOfLine = {
  readonly listing_id: string;
  readonly mic: string | null;
  readonly ticker: string | null;
  readonly currency: string;
  readonly quote_unit: string;
  readonly owner_user_id: string | null;
  readonly provider_symbols: Readonly<Record<string, unknown>>;
  readonly is_demo: boolean;
  readonly asked_at: Temporal.Instant | null;
  readonly provider: string | null;
  readonly attempts: readonly Attempt[];
};

export const fetchesOfInstrument = async (tx: Tx, instrumentId: string): Promise<FetchOfLine[]> => {
  const { rows } = await sql<FetchOfLine>`
    select l.id as listing_id, l.mic, l.ticker, l.currency, l.quote_unit, l.owner_user_id, l.provider_symbols, i.is_demo,
      f.asked_at, f.provider, coalesce(f.attempts, '[]') as attempts
    from pm.instrument_listings l join pm.instruments i on i.id = l.instrument_id
    left join pm.price_fetches f on f.listing_id = l.id
    where l.instrument_id = ${instrumentId} order by l.is_primary desc, l.id`.execute(tx);
  return rows;
};

/** A price held back, with the line that it is for. */
export type HeldRow = {
  readonly id: string;
  readonly listing_id: string;
  readonly instrument_id: string;
  readonly name: string;
  readonly ticker: string | null;
  readonly mic: string | null;
  readonly owner_user_id: string | null;
  readonly line_currency: string;
  readonly date_time: Temporal.Instant;
  readonly source: string;
  readonly interval: string;
  readonly close: string | null;
  readonly currency: string | null;
  readonly reason: string;
  readonly compared_close: string | null;
  readonly compared_at: Temporal.Instant | null;
  readonly status: string;
  readonly decided_at: Temporal.Instant | null;
};

const heldRows = sql`
  select q.id, q.listing_id, l.instrument_id, i.name, l.ticker, l.mic, l.owner_user_id, l.currency as line_currency,
    q.date_time, q.source, q.interval, q.close, q.currency, q.reason, q.compared_close, q.compared_at, q.status,
    q.decided_at
  from pm.price_quarantine q
  join pm.instrument_listings l on l.id = q.listing_id
  join pm.instruments i on i.id = l.instrument_id`;

/** Prices of one status that were held back, of lines that the person may see, newest first; one more than `limit` when there are more. */
export const pageOfHeldPrices = async (
  tx: Tx,
  status: string,
  page: { readonly limit: number; readonly before: string | null },
): Promise<HeldRow[]> => {
  // Ids are made in the order of holding back, so that they are the order of the list and the place in it.
  const { rows } = await sql<HeldRow>`${heldRows}
    where q.status = ${status} and (${page.before}::uuid is null or q.id < ${page.before}::uuid)
    order by q.id desc limit ${page.limit + 1}`.execute(tx);
  return rows;
};

export const heldPrice = async (tx: Tx, id: string): Promise<HeldRow | null> => {
  const { rows } = await sql<HeldRow>`${heldRows} where q.id = ${id}`.execute(tx);
  return rows[0] ?? null;
};

/** Open ones of the same line and source that are doubted for the same reason, the one itself among them, up to `limit`. */
export const heldLike = async (
  tx: Tx,
  row: HeldRow,
  limit: number,
): Promise<{ id: string; date_time: Temporal.Instant }[]> => {
  const { rows } = await sql<{ id: string; date_time: Temporal.Instant }>`
    select q.id, q.date_time from pm.price_quarantine q
    where q.listing_id = ${row.listing_id} and q.source = ${row.source} and q.reason = ${row.reason}
      and q.status = 'open'
    order by q.id = ${row.id} desc, q.date_time limit ${limit}`.execute(tx);
  return rows;
};

/** @returns how many were decided */
export const decideHeld = async (tx: Tx, ids: readonly string[], accept: boolean): Promise<number> => {
  const { rows } = await sql<{ decided: number }>`
    select pm.decide_held_prices(${ids}::uuid[], ${accept}) as decided`.execute(tx);
  return rows[0]?.decided ?? 0;
};

/** @returns false when it was not decided on */
export const reopenHeld = async (tx: Tx, id: string): Promise<boolean> => {
  const { rows } = await sql<{ done: boolean }>`select pm.reopen_held_price(${id}) as done`.execute(tx);
  return rows[0]?.done ?? false;
};
