/** SQL of the live stream of prices. Contents: linesToFollow · instrumentsOfPerson · latestOf · forgetOutbox */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** The line by which an instrument is followed. */
export type LineToFollow = {
  readonly instrument_id: string;
  readonly listing_id: string;
  readonly quote_unit: string;
};

/** The primary lines of those of these instruments that the person of the transaction sees; their own first. */
export const linesToFollow = async (tx: Tx, instrumentIds: readonly string[]): Promise<LineToFollow[]> => {
  const { rows } = await sql<LineToFollow>`
    select distinct on (l.instrument_id) l.instrument_id, l.id as listing_id, l.quote_unit
    from pm.instrument_listings l
    where l.instrument_id = any(${instrumentIds}::uuid[]) and l.is_primary
    order by l.instrument_id, l.owner_user_id nulls last`.execute(tx);
  return rows;
};

/**
 * Instruments that the person of the transaction watches, or that are held in portfolios that they see; up to `limit`, what is
 * their own first.
 */
export const instrumentsOfPerson = async (tx: Tx, limit: number): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select u.id from (
      select w.instrument_id as id, 0 as place from pm.watched_instruments w
      union all
      select h.instrument_id, case when h.user_id = nullif(current_setting('app.user_id', true), '')::uuid then 0 else 1 end
      from pm.holdings h join pm.portfolios p on p.user_id = h.user_id and p.id = h.portfolio_id
      where h.deleted_at is null and p.deleted_at is null and h.qty <> 0 and h.instrument_id is not null
    ) u
    group by u.id order by min(u.place), u.id limit ${limit}`.execute(tx);
  return rows.map((row) => row.id);
};

/** A latest price. */
export type LatestRow = {
  readonly listing_id: string;
  readonly kind: 'live' | 'close';
  readonly date_time: Temporal.Instant;
  readonly close: string;
  readonly currency: string;
  readonly source: string;
  readonly interval: string;
};

export const latestOf = async (tx: Tx, listingIds: readonly string[]): Promise<LatestRow[]> => {
  const { rows } = await sql<LatestRow>`
    select f.listing_id, f.kind, f.date_time, f.close, f.currency, f.source, f.interval
    from pm.latest_prices f where f.listing_id = any(${listingIds}::uuid[])
    order by f.listing_id, f.kind`.execute(tx);
  return rows;
};

/**
 * Forgets messages published before a moment, from the oldest on in their order: a reader who was away for longer gets the
 * present state instead. @returns how many
 */
export const forgetOutbox = async (tx: Tx, before: Temporal.Instant): Promise<number> => {
  const { numAffectedRows } = await sql`
    delete from pm.stream_outbox o using (
      select s.transaction_id, s.seq from pm.stream_outbox s where s.created_at < ${before}
      order by s.transaction_id desc, s.seq desc limit 1
    ) last
    where (o.transaction_id, o.seq) <= (last.transaction_id, last.seq)`.execute(tx);
  return Number(numAffectedRows ?? 0n);
};
