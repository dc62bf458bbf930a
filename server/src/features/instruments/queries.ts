/**
 * SQL of instruments. Row-level security decides what is seen: shared ones, one's own, and inside a shared portfolio
 * those of its owner. Everything is asked for many ids at once.
 *
 * Contents: rows by id · search and browse · insert · change · identifiers · lines
 */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import type { Line, Metadata, StoredMetadata } from './checks.ts';
import type { SearchPlace, SearchTerms } from './search-terms.ts';

/** An instrument with its current ISIN and its primary line, the private line first. */
export type InstrumentRow = {
  readonly id: string;
  readonly owner_user_id: string | null;
  readonly type: string;
  readonly name: string;
  readonly currency: string;
  readonly country: string | null;
  readonly sector: string | null;
  readonly industry: string | null;
  readonly metadata: Metadata;
  readonly is_demo: boolean;
  readonly version: number;
  readonly created_at: Temporal.Instant;
  readonly updated_at: Temporal.Instant;
  readonly isin: string | null;
  readonly mic: string | null;
  readonly ticker: string | null;
  readonly listing_currency: string | null;
  readonly quote_unit: string | null;
  readonly issuer_keys: readonly string[];
};

/** Those of the instruments that the person may see, in no order. */
export const getInstruments = async (tx: Tx, ids: readonly string[]): Promise<InstrumentRow[]> => {
  const { rows } = await sql<InstrumentRow>`
    select id, owner_user_id, type, name, currency, country, sector, industry, metadata, is_demo, version, created_at,
      updated_at, isin, mic, ticker, listing_currency, quote_unit, issuer_keys
    from pm.instrument_details
    where id = any(${ids}::uuid[])`.execute(tx);
  return rows;
};

/** What an instrument was merged into; null when it stands for itself or may not be seen. */
export const survivorOf = async (tx: Tx, id: string): Promise<{ id: string; name: string } | null> => {
  const { rows } = await sql<{ id: string; name: string }>`
    select s.id, s.name from pm.instruments i join pm.instruments s on s.id = i.merged_into where i.id = ${id}::uuid`.execute(
    tx,
  );
  return rows[0] ?? null;
};

/** A line of an instrument. */
export type ListingRow = {
  readonly id: string;
  readonly instrument_id: string;
  readonly owner_user_id: string | null;
  readonly mic: string | null;
  readonly ticker: string | null;
  readonly currency: string;
  readonly quote_unit: string;
  /** It is the one used where nothing else is said: the primary one, a private one before a shared one. */
  readonly is_preferred: boolean;
};

const listingRows = sql`
  select l.id, l.instrument_id, l.owner_user_id, l.mic, l.ticker, l.currency, l.quote_unit,
    l.is_primary and l.id = (
      select p.id from pm.instrument_listings p where p.instrument_id = l.instrument_id and p.is_primary
      order by p.owner_user_id nulls last limit 1) as is_preferred
  from pm.instrument_listings l`;

/** Every line of the instruments, the preferred one first, then in the order of making. */
export const getListings = async (tx: Tx, instrumentIds: readonly string[]): Promise<ListingRow[]> => {
  const { rows } = await sql<ListingRow>`${listingRows}
    where l.instrument_id = any(${instrumentIds}::uuid[])
    order by l.instrument_id, is_preferred desc, l.id`.execute(tx);
  return rows;
};

/** Lines of one instrument in the order of making, one more than `limit` when there are more. */
export const pageOfListings = async (
  tx: Tx,
  instrumentId: string,
  page: { readonly limit: number; readonly after: string | null },
): Promise<ListingRow[]> => {
  const { rows } = await sql<ListingRow>`${listingRows}
    where l.instrument_id = ${instrumentId} and (${page.after}::uuid is null or l.id > ${page.after}::uuid)
    order by l.id limit ${page.limit + 1}`.execute(tx);
  return rows;
};

/** The day of the newest active list of constituents of each instrument that has one. */
export const getConstituentDays = async (
  tx: Tx,
  instrumentIds: readonly string[],
): Promise<Map<string, Temporal.PlainDate>> => {
  const { rows } = await sql<{ id: string; as_of: Temporal.PlainDate }>`
    select parent_instrument_id as id, max(as_of)::date as as_of
    from pm.constituent_imports
    where parent_instrument_id = any(${instrumentIds}::uuid[]) and status = 'active'
    group by parent_instrument_id`.execute(tx);
  return new Map(rows.map((row) => [row.id, row.as_of]));
};

/** An instrument found, with the place that it has in the order of the answer. */
export type FoundRow = {
  readonly id: string;
  readonly rank: number;
  readonly is_shared: boolean;
  readonly name_key: string;
};

export type SearchFilter = { readonly type: string | undefined; readonly withConstituents: boolean };

/** Found by what was typed, best first, after `place`, one more than `limit` when there are more. */
export const searchInstruments = async (
  tx: Tx,
  terms: SearchTerms,
  filter: SearchFilter,
  page: { readonly limit: number; readonly place: SearchPlace | null },
): Promise<FoundRow[]> => {
  const { rows } = await sql<FoundRow>`
    select id, rank, is_shared, name_key from pm.search_instruments(
      ${terms.isin}::text, ${terms.ticker}::text, ${terms.bareTicker}::text, ${terms.phrase}::text,
      ${terms.namePatterns}::text[], ${terms.otherPatterns}::text[],
      ${filter.type ?? null}::text, ${filter.withConstituents}::boolean,
      ${page.place?.rank ?? null}::integer, ${page.place?.isShared ?? null}::boolean,
      ${page.place?.nameKey ?? null}::text, ${page.place?.id ?? null}::uuid, ${page.limit + 1}::integer)`.execute(
    tx,
  );
  return rows;
};

/** All that may be seen, one's own first, by name. */
export const browseInstruments = async (
  tx: Tx,
  filter: SearchFilter,
  page: { readonly limit: number; readonly place: SearchPlace | null },
): Promise<FoundRow[]> => {
  const { rows } = await sql<FoundRow>`
    select id, 0 as rank, is_shared, name_key from pm.browse_instruments(
      ${filter.type ?? null}::text, ${filter.withConstituents}::boolean, ${page.place?.isShared ?? null}::boolean,
      ${page.place?.nameKey ?? null}::text, ${page.place?.id ?? null}::uuid, ${page.limit + 1}::integer)`.execute(
    tx,
  );
  return rows;
};

export type NewInstrument = StoredMetadata & {
  readonly id: string;
  readonly ownerUserId: string | null;
  readonly type: string;
  readonly name: string;
  readonly currency: string;
  readonly isDemo: boolean;
  readonly issuerKeys: readonly string[];
};

export const insertInstrument = async (tx: Tx, row: NewInstrument): Promise<void> => {
  await sql`
    insert into pm.instruments (id, owner_user_id, type, name, currency, country, sector, industry, metadata, is_demo,
      issuer_keys)
    values (${row.id}, ${row.ownerUserId}, ${row.type}, ${row.name}, ${row.currency}, ${row.country}, ${row.sector}, ${row.industry},
      ${JSON.stringify(row.metadata)}::jsonb, ${row.isDemo}, ${[...row.issuerKeys]}::text[])`.execute(tx);
};

export type InstrumentChange = Pick<NewInstrument, 'type' | 'name' | 'issuerKeys'> & StoredMetadata;

/** Writes the new values. False when the version has moved on. */
export const updateInstrument = async (
  tx: Tx,
  id: string,
  version: number,
  change: InstrumentChange,
): Promise<boolean> => {
  const { rows } = await sql`
    update pm.instruments
    set type = ${change.type}, name = ${change.name}, country = ${change.country}, sector = ${change.sector},
      industry = ${change.industry},
      metadata = ${JSON.stringify(change.metadata)}::jsonb, issuer_keys = ${[...change.issuerKeys]}::text[]
    where id = ${id} and version = ${version}
    returning id`.execute(tx);
  return rows.length === 1;
};

/** Sets `lastConstituentsUpdate` to the newest day of the fund's imports that count in its own scope. */
export const settleConstituentsUpdate = async (tx: Tx, id: string): Promise<void> => {
  await sql`
    update pm.instruments i
    set metadata = case when m.day is null then i.metadata - 'lastConstituentsUpdate'
      else i.metadata || jsonb_build_object('lastConstituentsUpdate', m.day) end
    from (
      select max(c.as_of)::text as day from pm.constituent_imports c join pm.instruments f on f.id = c.parent_instrument_id
      where c.parent_instrument_id = ${id}::uuid and c.status = 'active'
        and c.owner_user_id is not distinct from f.owner_user_id
    ) m
    where i.id = ${id}::uuid and i.metadata ->> 'lastConstituentsUpdate' is distinct from m.day`.execute(tx);
};

/** Which instrument has an ISIN in a scope. */
export type IsinHolder = { readonly id: string; readonly name: string };

/**
 * Gives an instrument its ISIN. Null when it is done; otherwise the instrument of the same scope that has it already,
 * also when a twin stored it in this very moment.
 */
export const insertIsin = async (
  tx: Tx,
  row: { readonly instrumentId: string; readonly ownerUserId: string | null; readonly isin: string },
): Promise<IsinHolder | null> => {
  const inserted = await sql`
    insert into pm.instrument_identifiers (instrument_id, scheme, value, owner_user_id, source)
    values (${row.instrumentId}, 'isin', ${row.isin}, ${row.ownerUserId}, 'given')
    on conflict on constraint instrument_identifiers_scope_key do nothing
    returning instrument_id`.execute(tx);
  if (inserted.rows.length === 1) return null;
  const { rows } = await sql<IsinHolder>`
    select i.id, i.name from pm.instrument_identifiers f join pm.instruments i on i.id = f.instrument_id
    where f.scheme = 'isin' and f.value = ${row.isin} and f.owner_user_id is not distinct from ${row.ownerUserId}::uuid`.execute(
    tx,
  );
  return rows[0] ?? { id: row.instrumentId, name: '' };
};

/** Takes the current ISIN off an instrument: it was wrong, so it is not kept as one of the past. */
export const deleteIsin = async (tx: Tx, instrumentId: string): Promise<void> => {
  await sql`delete from pm.instrument_identifiers
    where instrument_id = ${instrumentId} and scheme = 'isin' and is_current`.execute(tx);
};

/** Keeps others from adding lines to the instrument until the transaction ends. */
export const lockListings = async (tx: Tx, instrumentId: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended('pm.instrument_listings ' || ${instrumentId}::text, 0))`.execute(
    tx,
  );
};

export const countListings = async (tx: Tx, instrumentId: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pm.instrument_listings where instrument_id = ${instrumentId}`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
};

/** Makes no line of the scope the primary one. */
export const clearPrimary = async (
  tx: Tx,
  instrumentId: string,
  ownerUserId: string | null,
): Promise<void> => {
  await sql`
    update pm.instrument_listings set is_primary = false
    where instrument_id = ${instrumentId} and owner_user_id is not distinct from ${ownerUserId}::uuid and is_primary`.execute(
    tx,
  );
};

export type NewListing = Line & {
  readonly id: string;
  readonly instrumentId: string;
  readonly ownerUserId: string | null;
  readonly isPrimary: boolean;
};

/**
 * Adds a line. Null when it is done; otherwise the instrument that has the ticker on that exchange in the same scope.
 */
export const insertListing = async (tx: Tx, row: NewListing): Promise<IsinHolder | null> => {
  const inserted = await sql`
    insert into pm.instrument_listings (id, instrument_id, owner_user_id, mic, ticker, currency, quote_unit, is_primary)
    values (${row.id}, ${row.instrumentId}, ${row.ownerUserId}, ${row.mic}, ${row.ticker}, ${row.currency},
      ${row.quoteUnit}, ${row.isPrimary})
    on conflict (mic, ticker, owner_user_id)
      where mic is not null and ticker is not null and delisted_on is null do nothing
    returning id`.execute(tx);
  if (inserted.rows.length === 1) return null;
  const { rows } = await sql<IsinHolder>`
    select i.id, i.name from pm.instrument_listings l join pm.instruments i on i.id = l.instrument_id
    where l.mic = ${row.mic} and l.ticker = ${row.ticker} and l.delisted_on is null
      and l.owner_user_id is not distinct from ${row.ownerUserId}::uuid`.execute(tx);
  return rows[0] ?? { id: row.instrumentId, name: '' };
};
