/**
 * SQL of splits, dividends and other events of instruments.
 *
 * Where several sources tell of one kind of event on one day, a person's own word counts first, then an administrator's,
 * a file's, and the providers'; the same event told twice counts once.
 * Contents: saveEvents · pageOfEvents · countingEvents · recordedSplits · findEvent · deleteEvent · dailyCloses
 */
import { randomUUIDv7 } from 'node:crypto';

import type { Split } from '@pm/domain/market-data';
import { dec } from '@pm/domain/money';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** An event to be stored. */
export type EventToSave = {
  readonly instrumentId: string;
  readonly ownerUserId: string | null;
  readonly type: 'split' | 'dividend';
  readonly title: string;
  readonly at: Temporal.Instant;
  readonly metadata: EventMetadata;
  readonly source: string;
  readonly externalId: string;
};

/** What is kept of an event besides its columns; figures are exact text. */
export type EventMetadata = {
  readonly exDate?: string;
  readonly numerator?: string;
  readonly denominator?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly payDate?: string | null;
  /** Why it counts in no calculation. */
  readonly doubt?: string;
};

export type EventRow = {
  readonly id: string;
  readonly instrument_id: string;
  readonly owner_user_id: string | null;
  readonly type: string;
  readonly title: string;
  readonly date_time: Temporal.Instant;
  readonly metadata: EventMetadata;
  readonly source: string | null;
  /** Day on which it counts. */
  readonly day: string;
};

/** Adds events, or corrects those of the same source and day. Nothing is written where nothing is new. */
export const saveEvents = async (
  tx: Tx,
  events: readonly EventToSave[],
): Promise<{ readonly added: number; readonly corrected: number }> => {
  if (events.length === 0) return { added: 0, corrected: 0 };
  const { rows } = await sql<{ is_new: boolean }>`
    insert into pm.events as e (id, instrument_id, owner_user_id, type, title, date_time, metadata, source, external_id)
    select * from unnest(${events.map(() => randomUUIDv7())}::uuid[], ${events.map((one) => one.instrumentId)}::uuid[],
      ${events.map((one) => one.ownerUserId)}::uuid[], ${events.map((one) => one.type)}::text[],
      ${events.map((one) => one.title)}::text[], ${events.map((one) => one.at.toString())}::timestamptz[],
      ${events.map((one) => JSON.stringify(one.metadata))}::jsonb[], ${events.map((one) => one.source)}::text[],
      ${events.map((one) => one.externalId)}::text[])
    on conflict (source, external_id, owner_user_id) where external_id is not null do update
      set instrument_id = excluded.instrument_id, title = excluded.title, date_time = excluded.date_time, metadata = excluded.metadata
      where (e.metadata, e.date_time) is distinct from (excluded.metadata, excluded.date_time)
    returning (xmax = 0) as is_new`.execute(tx);
  const added = rows.filter((row) => row.is_new).length;
  return { added, corrected: rows.length - added };
};

/** Of these events those that count: the best source of each day, and what it tells once. */
const best = (where: ReturnType<typeof sql>) => sql`
    select distinct on (r.day, r.type, r.instrument_id, r.metadata - 'payDate') r.* from (
      select e.id, e.instrument_id, e.owner_user_id, e.type, e.title, e.date_time, e.metadata, e.source,
        coalesce(e.metadata ->> 'exDate', (e.date_time at time zone 'UTC')::date::text) as day,
        rank() over (
          partition by e.instrument_id, e.type, coalesce(e.metadata ->> 'exDate', (e.date_time at time zone 'UTC')::date::text)
          order by e.metadata ? 'doubt', e.owner_user_id is null,
            coalesce(array_position(array['manual', 'file', 'finnhub', 'yahoo'], e.source), 9)) as place
      from pm.events e where ${where}
    ) r
    where r.place = 1
    order by r.day, r.type, r.instrument_id, r.metadata - 'payDate', r.id`;

/** What a page of events is asked for by; days are of the exchange. */
export type EventPage = {
  readonly from: string | null;
  readonly to: string | null;
  readonly limit: number;
  /** The place after which the page begins: day and id of an event. */
  readonly after: { readonly day: string; readonly id: string } | null;
};

/** Events of an instrument, newest first; one more than `limit` when there are more. */
export const pageOfEvents = async (tx: Tx, instrumentId: string, page: EventPage): Promise<EventRow[]> => {
  const { from, to, limit, after } = page;
  const { rows } = await sql<EventRow>`
    select * from (${best(sql`e.instrument_id = ${instrumentId}`)}) b
    where (${from}::text is null or b.day >= ${from}) and (${to}::text is null or b.day <= ${to})
      and (${after?.day ?? null}::text is null or (b.day, b.id::text) < (${after?.day ?? ''}, ${after?.id ?? ''}))
    order by b.day desc, b.id::text desc limit ${limit + 1}`.execute(tx);
  return rows;
};

/** The most events that one calculation takes in. */
const MAX_COUNTED = 200_000;

/** Splits and dividends of instruments that count, the oldest first. */
export const countingEvents = async (tx: Tx, instrumentIds: readonly string[]): Promise<EventRow[]> => {
  const { rows } = await sql<EventRow>`
    select * from (${best(
      sql`e.instrument_id = any(${instrumentIds}::uuid[]) and e.type in ('split', 'dividend') and not e.metadata ? 'doubt'`,
    )}) b
    order by b.day, b.id limit ${MAX_COUNTED}`.execute(tx);
  return rows;
};

/** Splits of lines: those that everybody shares, or that belong to the line's own person. For the worker. */
export const recordedSplits = async (
  tx: Tx,
  listingIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Split[]>> => {
  const { rows } = await sql<EventRow & { listing_id: string }>`
    select l.id as listing_id, b.* from (${best(sql`e.type = 'split' and not e.metadata ? 'doubt'
      and (e.instrument_id, e.owner_user_id is null) in (
        select o.instrument_id, o.owner_user_id is null from pm.instrument_listings o where o.id = any(${listingIds}::uuid[]))`)}) b
    join pm.instrument_listings l on l.instrument_id = b.instrument_id and l.id = any(${listingIds}::uuid[])
      and b.owner_user_id is not distinct from l.owner_user_id
    order by b.day`.execute(tx);
  const byListing = new Map<string, Split[]>();
  for (const row of rows) {
    const { numerator, denominator } = row.metadata;
    if (numerator === undefined || denominator === undefined) continue;
    const split = { at: row.date_time, numerator: dec(numerator), denominator: dec(denominator) };
    byListing.set(row.listing_id, [...(byListing.get(row.listing_id) ?? []), split]);
  }
  return byListing;
};

export const findEvent = async (tx: Tx, instrumentId: string, id: string): Promise<EventRow | null> => {
  const { rows } = await sql<EventRow>`
    select e.id, e.instrument_id, e.owner_user_id, e.type, e.title, e.date_time, e.metadata, e.source,
      coalesce(e.metadata ->> 'exDate', (e.date_time at time zone 'UTC')::date::text) as day
    from pm.events e where e.instrument_id = ${instrumentId} and e.id = ${id}`.execute(tx);
  return rows[0] ?? null;
};

export const deleteEvent = async (tx: Tx, id: string): Promise<void> => {
  await sql`delete from pm.events where id = ${id}`.execute(tx);
};

/** The close of one day of the exchange. */
export type DailyClose = {
  readonly day: string;
  readonly date_time: Temporal.Instant;
  readonly close: string;
  readonly currency: string;
};

/** One close for each day of a line from `from` to `until`: the day's bar, else its last price. */
export const dailyCloses = async (
  tx: Tx,
  listingId: string,
  zone: string,
  from: Temporal.Instant,
  until: Temporal.Instant,
): Promise<DailyClose[]> => {
  const { rows } = await sql<DailyClose>`
    select distinct on (day) (p.date_time at time zone ${zone})::date::text as day, p.date_time, p.close, p.currency
    from pm.prices p where p.listing_id = ${listingId} and p.date_time between ${from} and ${until}
    order by day, p.interval <> '1d', p.date_time desc, p.source`.execute(tx);
  return rows;
};

/** The same of a person's own prices of an instrument. */
export const dailyOwnPrices = async (
  tx: Tx,
  instrumentId: string,
  zone: string,
  from: Temporal.Instant,
  until: Temporal.Instant,
): Promise<DailyClose[]> => {
  const { rows } = await sql<DailyClose>`
    select distinct on (day) (m.date_time at time zone ${zone})::date::text as day, m.date_time, m.close, m.currency
    from pm.manual_prices m
    where m.user_id = nullif(current_setting('app.user_id', true), '')::uuid
      and m.instrument_id = ${instrumentId} and m.date_time between ${from} and ${until}
    order by day, m.date_time desc`.execute(tx);
  return rows;
};
