/**
 * What an import writes: new securities with their numbers and listings, the import with its file, its rows, and the
 * matches that wait for a person. One statement for each, whatever the number of rows.
 *
 * Contents: lockScope · insertSecurities · learnIdentifiers · learnNames · learnIssuers · learnTraits · activeImport · supersede · nameSuccessor · insertImport ·
 * insertConstituents · insertReviews
 */
import { randomUUIDv7 } from 'node:crypto';

import { issuerKeys, rowKeys } from '@pm/domain/look-through';
import type { PlannedConstituent, PublishedRow } from '@pm/domain/look-through';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import { NO_CURRENCY } from './known-securities.ts';

/** A constituent with the security it is, made or known. */
export type Settled = PlannedConstituent & { readonly childId: string };

/** NULL is shared with everybody. */
export type Owner = string | null;

/**
 * Lets imports of one scope come one after the other until the transaction ends: two at once would each make the
 * securities that both bring; and keeps merges out, which would take away what a row was just matched to. The wait is bounded by the time that a statement may take, not by that of a row's lock.
 */
export const lockScope = async (tx: Tx, owner: Owner): Promise<void> => {
  await sql`select set_config('lock_timeout', '0', true)`.execute(tx);
  await sql`
    select pg_advisory_xact_lock_shared(hashtextextended('pm.identities', 0)),
      pg_advisory_xact_lock(hashtextextended(${`pm.constituent_imports ${owner ?? 'shared'}`}, 0))`.execute(
    tx,
  );
};

const typeOf = (row: PublishedRow): string => {
  if (row.kind === 'fund') return 'ETF';
  if (row.kind === 'cash') return 'Cash';
  if (row.kind === 'derivative') return 'Derivative';
  if (row.assetClass === 'Equity') return 'Stock';
  return row.assetClass === 'Fixed Income' ? 'Bond' : 'Other';
};

/** A canonical word, or null for none. */
export const known = (word: string): string | null => (word === 'Unclassified' ? null : word);

/**
 * Makes the securities that a file brought. Where another security has the exchange and ticker already (that is why
 * it is kept apart), the new one is listed without exchange.
 */
export const insertSecurities = async (tx: Tx, fresh: readonly Settled[], owner: Owner): Promise<void> => {
  if (fresh.length === 0) return;
  const rows = fresh.map(({ row, childId }) => ({
    id: childId,
    type: typeOf(row),
    name: row.name.slice(0, 255),
    currency: row.currency ?? NO_CURRENCY,
    country: known(row.country),
    sector: known(row.sector),
    industry: row.industry ?? null,
    asset_class: row.assetClass,
    issuer_keys: row.kind === 'security' ? issuerKeys(row) : [],
    ticker: row.ticker?.trim().slice(0, 50) ?? null,
    mic: row.mic,
    line_id: randomUUIDv7(),
    isin: row.isin,
    cusip: row.cusip,
    sedol: row.sedol,
    figi: row.figi,
  }));
  const given = JSON.stringify(rows);
  const securities = sql`
    insert into pm.instruments (id, owner_user_id, type, name, currency, country, sector, industry, asset_class,
      issuer_keys)
    select r.id, ${owner}::uuid, r.type, r.name, r.currency, r.country, r.sector, r.industry, r.asset_class, r.issuer_keys
    from json_to_recordset(${given}::json) as r (id uuid, type text, name text, currency text, country text, sector text,
      industry text, asset_class text, issuer_keys text[])`;
  const numbers = sql`
    insert into pm.instrument_identifiers (instrument_id, scheme, value, owner_user_id, source)
    select r.id, n.scheme, n.value, ${owner}::uuid, 'issuer file'
    from json_to_recordset(${given}::json) as r (id uuid, isin text, cusip text, sedol text, figi text)
    cross join lateral (values ('isin', r.isin), ('cusip', r.cusip), ('sedol', r.sedol), ('figi', r.figi)) as n (scheme, value)
    where n.value is not null
    on conflict do nothing`;
  const lines = sql`
    with given as (
      select r.*, row_number() over (partition by r.mic, r.ticker order by r.id) as nth
      from json_to_recordset(${given}::json) as r (id uuid, line_id uuid, mic text, ticker text, currency text)
      where r.ticker is not null or r.mic is not null
    )
    insert into pm.instrument_listings (id, instrument_id, owner_user_id, mic, ticker, currency, quote_unit, is_primary)
    select g.line_id, g.id, ${owner}::uuid,
      case when g.nth = 1 and not exists (
        select 1 from pm.instrument_listings l
        where l.mic = g.mic and l.ticker = g.ticker and l.owner_user_id is not distinct from ${owner}::uuid
          and l.delisted_on is null
      ) then g.mic end,
      g.ticker, g.currency, g.currency, true
    from given g`;
  await Promise.all([securities.execute(tx), numbers.execute(tx), lines.execute(tx)]);
};

/** A number that a row gives of a security which is known without one of that kind. */
export type Learned = { readonly id: string; readonly scheme: string; readonly value: string };

/**
 * Keeps numbers that a file brought for securities known without them, in the scope of the import: what a member's
 * file says is theirs to know. One that another security of the scope has already stays there.
 */
export const learnIdentifiers = async (tx: Tx, learned: readonly Learned[], owner: Owner): Promise<void> => {
  if (learned.length === 0) return;
  await sql`
    insert into pm.instrument_identifiers (instrument_id, scheme, value, owner_user_id, source)
    select r.id, r.scheme, r.value, ${owner}::uuid, 'issuer file'
    from jsonb_to_recordset(${JSON.stringify(learned)}::jsonb) as r (id uuid, scheme text, value text)
    on conflict do nothing`.execute(tx);
};

/** A name that a row gives of a security which was recognised by its number. */
export type LearnedName = { readonly id: string; readonly name: string };

/** Keeps other spellings, in the scope of the import, so that files without numbers find the security by them. */
export const learnNames = async (tx: Tx, learned: readonly LearnedName[], owner: Owner): Promise<void> => {
  if (learned.length === 0) return;
  await sql`
    insert into pm.instrument_names (instrument_id, owner_user_id, name, source)
    select r.id, ${owner}::uuid, left(r.name, 255), 'issuer file'
    from jsonb_to_recordset(${JSON.stringify(learned)}::jsonb) as r (id uuid, name text)
    on conflict do nothing`.execute(tx);
};

/** Keys of the issuer that a row gives of a security which is known without them. */
export type LearnedIssuer = { readonly id: string; readonly keys: readonly string[] };

/** Keeps what a file says about the issuers of securities of its own scope. */
export const learnIssuers = async (
  tx: Tx,
  learned: readonly LearnedIssuer[],
  owner: Owner,
): Promise<void> => {
  if (learned.length === 0) return;
  await sql`
    update pm.instruments i set issuer_keys = r.keys
    from jsonb_to_recordset(${JSON.stringify(learned)}::jsonb) as r (id uuid, keys text[])
    where i.id = r.id and i.owner_user_id is not distinct from ${owner}::uuid and i.issuer_keys <> r.keys`.execute(
    tx,
  );
};

/** What a row says of a security that is known without it; null where it says nothing new. */
export type LearnedTraits = {
  readonly id: string;
  readonly sector: string | null;
  readonly industry: string | null;
  readonly country: string | null;
};

/**
 * Fills in what a file says of securities of its own scope and was not known of them, so that files which leave it out
 * count them alike, whichever came first. What is known stays.
 */
export const learnTraits = async (tx: Tx, learned: readonly LearnedTraits[], owner: Owner): Promise<void> => {
  if (learned.length === 0) return;
  await sql`
    update pm.instruments i set sector = coalesce(i.sector, r.sector), industry = coalesce(i.industry, r.industry),
      country = coalesce(i.country, r.country)
    from jsonb_to_recordset(${JSON.stringify(learned)}::jsonb) as r (id uuid, sector text, industry text, country text)
    where i.id = r.id and i.owner_user_id is not distinct from ${owner}::uuid
      and (i.sector is null and r.sector is not null or i.industry is null and r.industry is not null
        or i.country is null and r.country is not null)`.execute(tx);
};

/** The active import of that fund, scope and day, locked; undefined when there is none. */
export const activeImport = (tx: Tx, fundId: string, owner: Owner, asOf: Temporal.PlainDate) =>
  tx
    .selectFrom('constituent_imports')
    .select(['id', 'checksum_sha256', 'report'])
    .where('parent_instrument_id', '=', fundId)
    .where(sql<boolean>`owner_user_id is not distinct from ${owner}::uuid`)
    .where('as_of', '=', asOf)
    .where('status', '=', 'active')
    .forUpdate()
    .executeTakeFirst();

/** Marks an import as superseded; by what is said once the new one is there. */
export const supersede = async (tx: Tx, importId: string): Promise<void> => {
  await tx
    .updateTable('constituent_imports')
    .set({ status: 'superseded', status_changed_at: sql<Temporal.Instant>`now()` })
    .where('id', '=', importId)
    .execute();
};

export const nameSuccessor = async (tx: Tx, importId: string, successor: string): Promise<void> => {
  await tx
    .updateTable('constituent_imports')
    .set({ superseded_by: successor })
    .where('id', '=', importId)
    .execute();
};

export type NewImport = {
  readonly id: string;
  readonly fundId: string;
  readonly owner: Owner;
  readonly importedBy: string | null;
  readonly asOf: Temporal.PlainDate;
  readonly format: string;
  readonly checksum: Buffer;
  readonly fileName: string | null;
  readonly contentType: string | null;
  readonly file: Buffer;
  readonly encoding: 'identity' | 'gzip';
  readonly sizeBytes: number;
  readonly weightSum: string;
  readonly rowCount: number;
  readonly matched: number;
  readonly unmatched: number;
  readonly forced: boolean;
  readonly report: object;
};

export const insertImport = async (tx: Tx, one: NewImport): Promise<void> => {
  await tx
    .insertInto('constituent_imports')
    .values({
      id: one.id,
      parent_instrument_id: one.fundId,
      owner_user_id: one.owner,
      imported_by: one.importedBy,
      as_of: one.asOf,
      format: one.format,
      checksum_sha256: one.checksum,
      file_name: one.fileName,
      content_type: one.contentType,
      raw_file: one.file,
      raw_encoding: one.encoding,
      raw_size_bytes: String(one.sizeBytes),
      weight_sum: one.weightSum,
      row_count: one.rowCount,
      matched_count: one.matched,
      unmatched_count: one.unmatched,
      forced: one.forced,
      report: JSON.stringify(one.report),
    })
    .execute();
};

/** How sure each method is, from 0 to 1. A ticker is used again, and more often in a country than on an exchange. */
const CONFIDENCE: Readonly<Record<PlannedConstituent['method'], number>> = {
  isin: 1,
  cusip: 1,
  sedol: 1,
  figi: 1,
  decision: 1,
  cash: 1,
  contract: 1,
  new: 1,
  'ticker-exchange': 0.95,
  'ticker-country': 0.9,
  line: 0.9,
  unsure: 0,
};

/** A column of constituents that a row of the file fills. */
type Filled = {
  readonly column: string;
  readonly type: 'uuid' | 'numeric' | 'text' | 'integer[]';
  readonly read: (one: Settled) => string | null;
};

const cut = (text: string | null | undefined, length: number): string | null =>
  text?.slice(0, length) ?? null;
const text = (column: string, read: Filled['read']): Filled => ({ column, type: 'text', read });
const numeric = (column: string, read: Filled['read']): Filled => ({ column, type: 'numeric', read });

const FILLED: readonly Filled[] = [
  { column: 'child_instrument_id', type: 'uuid', read: (one) => one.childId },
  numeric('weight', ({ row }) => row.weightPct),
  numeric('market_value', ({ row }) => row.marketValue),
  numeric('notional', ({ row }) => row.notional),
  numeric('quantity', ({ row }) => row.quantity),
  numeric('price', ({ row }) => row.price),
  text('currency', ({ row }) => row.currency),
  text('asset_class', ({ row }) => row.assetClass),
  text('sector', ({ row }) => known(row.sector)),
  text('industry', ({ row }) => row.industry ?? null),
  text('country', ({ row }) => known(row.country)),
  text('name', ({ row }) => row.name.slice(0, 500)),
  text('ticker', ({ row }) => cut(row.ticker, 100)),
  text('isin', ({ row }) => row.isin),
  text('cusip', ({ row }) => row.cusip),
  text('sedol', ({ row }) => row.sedol),
  text('exchange', ({ row }) => cut(row.exchangePublished, 255)),
  text('asset_class_published', ({ row }) => cut(row.assetClassPublished, 255)),
  text('sector_published', ({ row }) => cut(row.sectorPublished, 255)),
  text('industry_published', ({ row }) => cut(row.industryPublished, 255)),
  text('country_published', ({ row }) => cut(row.countryPublished, 255)),
  { column: 'row_numbers', type: 'integer[]', read: ({ row }) => `{${row.rowNumbers.join(',')}}` },
  text('match_method', (one) => one.method),
  numeric('match_confidence', (one) => String(CONFIDENCE[one.method])),
];

/**
 * A list as PostgreSQL reads it. One of nothing but nulls is sent empty: where lists are taken apart side by side, the
 * shorter ones are filled up with nulls.
 */
const listText = (values: readonly (string | null)[], isQuoted: boolean): string => {
  if (values.every((value) => value === null)) return '{}';
  const quoted = (value: string): string =>
    `"${/["\\]/u.test(value) ? value.replaceAll(/["\\]/gu, String.raw`\$&`) : value}"`;
  return `{${values.map((value) => (value === null ? 'NULL' : isQuoted ? quoted(value) : value)).join(',')}}`;
};

/** Column by column: PostgreSQL takes lists apart several times quicker than objects. */
export const insertConstituents = async (
  tx: Tx,
  importId: string,
  owner: Owner,
  rows: readonly Settled[],
): Promise<void> => {
  const names = sql.raw(FILLED.map((one) => one.column).join(', '));
  // A list of lists would have to be as wide in each row: those are taken apart last.
  const lists = FILLED.map(({ type, read }) => {
    const list = type === 'integer[]' ? 'text' : type;
    return sql`${listText(rows.map(read), list === 'text')}::${sql.raw(list)}[]`;
  });
  const values = sql.raw(
    FILLED.map(({ column, type }) => (type === 'integer[]' ? `r.${column}::integer[]` : `r.${column}`)).join(
      ', ',
    ),
  );
  await sql`
    insert into pm.constituents (import_id, owner_user_id, ${names})
    select ${importId}::uuid, ${owner}::uuid, ${values}
    from unnest(${sql.join(lists)}) as r (${names})`.execute(tx);
};

export const insertReviews = async (
  tx: Tx,
  importId: string,
  owner: Owner,
  rows: readonly Settled[],
): Promise<void> => {
  if (rows.length === 0) return;
  const given = JSON.stringify(
    rows.map(({ row, childId, candidates, evidence }) => ({
      id: randomUUIDv7(),
      row_number: row.rowNumbers[0] ?? 1,
      row_key: rowKeys(row).line,
      identifier_key: rowKeys(row).identifier,
      child: childId,
      candidates: candidates.map((one) => one.instrumentId),
      evidence: { evidence, candidates },
    })),
  );
  await sql`
    insert into pm.identity_reviews (id, owner_user_id, import_id, row_number, row_key, identifier_key,
      child_instrument_id, candidate_instrument_ids, evidence)
    select r.id, ${owner}::uuid, ${importId}::uuid, r.row_number, r.row_key, r.identifier_key, r.child, r.candidates,
      r.evidence
    from json_to_recordset(${given}::json) as r (id uuid, row_number integer, row_key text, identifier_key text,
      child uuid, candidates uuid[], evidence jsonb)`.execute(tx);
};
