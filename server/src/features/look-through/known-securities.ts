/**
 * The securities that an import's rows may be: those that share an identifier, a ticker or a name with one of them.
 *
 * Contents: knownSecurities · IDENTIFIER_SCHEMES · NO_CURRENCY
 */
import {
  cusipFromIsin,
  isinFromCusip,
  isinFromSedol,
  normaliseTicker,
  sedolFromIsin,
} from '@pm/domain/look-through';
import type { KnownNumber, KnownSecurity, PublishedRow } from '@pm/domain/look-through';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

type Identifier = KnownNumber & { readonly isCurrent: boolean };
type Line = { readonly ticker: string | null; readonly mic: string | null };
type Found = {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly country: string | null;
  readonly sector: string | null;
  readonly industry: string | null;
  readonly currency: string;
  readonly identifiers: readonly Identifier[];
  readonly other_names: readonly string[];
  readonly lines: readonly Line[];
  readonly precedence: number;
  readonly issuer_keys: readonly string[];
};

const KIND_OF_TYPE: Readonly<Record<string, KnownSecurity['kind']>> = {
  ETF: 'fund',
  Fund: 'fund',
  Cash: 'cash',
  Derivative: 'derivative',
};

const values = (rows: readonly PublishedRow[], pick: (row: PublishedRow) => string | null): string[] =>
  [...new Set(rows.map(pick).filter((value) => value !== null && value !== ''))] as string[];

/** The ways a row's ticker may stand in `ticker_key`: as the domain compares it, and merely without punctuation. */
const tickerKeys = (rows: readonly PublishedRow[]): string[] => [
  ...new Set([
    ...values(rows, (row) => normaliseTicker(row.ticker)),
    ...values(rows, (row) => row.ticker?.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '') ?? null),
    // Cash and forwards are known by their currency or pair, not by what the file calls them.
    ...values(rows, (row) => (row.kind === 'cash' ? row.currency : null)),
  ]),
];

/**
 * Which of several that are the same is meant: a fund whose file the person imported themselves; else the one that
 * everybody's files point to, so that funds meet in it; else the person's own.
 */
const [OWN_FUND, SHARED, OWN] = [2, 1, 0];

/**
 * One statement, whatever the number of rows. A private import also knows its owner's private securities; a shared one
 * (`owner` null) knows shared securities only, since everybody must see what it points to.
 *
 * Each key and each security is looked up by itself (`offset 0` keeps the planner from joining whole tables instead):
 * the first files of a new install come before the tables have statistics, and a plan made without them took minutes.
 */
export const knownSecurities = async (
  tx: Tx,
  rows: readonly PublishedRow[],
  owner: string | null,
): Promise<KnownSecurity[]> => {
  const found = await sql<Found>`
    with wanted as materialized (
      select f.id
      from unnest(${schemes(rows)}::text[], ${numbers(rows)}::text[]) as w (scheme, value) cross join lateral (
        select d.instrument_id as id from pm.instrument_identifiers d
        where d.scheme = w.scheme and d.value = w.value
          and (d.owner_user_id is null or d.owner_user_id = ${owner}::uuid) offset 0
      ) f
      union
      select f.id from unnest(${tickerKeys(rows)}::text[]) as w (key) cross join lateral (
        select l.instrument_id as id from pm.instrument_listings l
        where l.ticker_key = w.key and (l.owner_user_id is null or l.owner_user_id = ${owner}::uuid) offset 0
      ) f
      union
      select n.id from pm.instruments_named(${values(rows, (row) => row.name.toLowerCase())}::text[]) as n (id)
    )
    select i.*,
      coalesce((select json_agg(json_build_object('scheme', d.scheme, 'value', d.value, 'isCurrent', d.is_current)
          order by d.is_current desc, d.owner_user_id nulls last, d.value)
        from pm.instrument_identifiers d
        where d.instrument_id = i.id
          and (d.owner_user_id is null or d.owner_user_id = ${owner}::uuid)), '[]') as identifiers,
      array(select n.name from pm.instrument_names n
        where n.instrument_id = i.id and (n.owner_user_id is null or n.owner_user_id = ${owner}::uuid)) as other_names,
      coalesce((select json_agg(json_build_object('ticker', l.ticker, 'mic', l.mic))
        from pm.instrument_listings l
        where l.instrument_id = i.id
          and (l.owner_user_id is null or l.owner_user_id = ${owner}::uuid)), '[]') as lines
    from wanted cross join lateral (
      select i.id, i.type, i.name, i.country, i.sector, i.industry, i.currency, i.issuer_keys,
        case when i.owner_user_id is null then ${SHARED}::integer
          when i.type in ('ETF', 'Fund') and exists (
            select from pm.constituent_imports m where m.parent_instrument_id = i.id and m.status = 'active'
          ) then ${OWN_FUND}::integer
          else ${OWN}::integer end as precedence
      from pm.instruments i
      where i.id = wanted.id and (i.owner_user_id is null or i.owner_user_id = ${owner}::uuid) offset 0
    ) i`.execute(tx);
  return found.rows.map(securityOf);
};

/** The kinds of numbers by which securities are known. */
export const IDENTIFIER_SCHEMES = ['isin', 'cusip', 'sedol', 'figi'] as const;

/** A number of a row, and the numbers that one made of it may be stored as: a CUSIP is the middle of an ISIN. */
const numbersOf = (row: PublishedRow): KnownNumber[] => {
  const { isin, cusip, sedol, figi } = row;
  const found: ReadonlyArray<readonly [KnownNumber['scheme'], string | null]> = [
    ['isin', isin],
    ['cusip', cusip],
    ['sedol', sedol],
    ['figi', figi],
    ['cusip', isin === null ? null : cusipFromIsin(isin)],
    ['sedol', isin === null ? null : sedolFromIsin(isin)],
    ['isin', cusip === null ? null : isinFromCusip(cusip, 'US')],
    ['isin', cusip === null ? null : isinFromCusip(cusip, 'CA')],
    ['isin', sedol === null ? null : isinFromSedol(sedol, 'GB')],
    ['isin', sedol === null ? null : isinFromSedol(sedol, 'IE')],
  ];
  return found.flatMap(([scheme, value]) => (value === null ? [] : [{ scheme, value }]));
};
const schemes = (rows: readonly PublishedRow[]): string[] =>
  rows.flatMap((row) => numbersOf(row).map((one) => one.scheme));
const numbers = (rows: readonly PublishedRow[]): string[] =>
  rows.flatMap((row) => numbersOf(row).map((one) => one.value));

const securityOf = (row: Found): KnownSecurity => {
  // The current one first, as the statement orders them; a second one of a kind is a line's on another market.
  const first = (scheme: string): Identifier | undefined =>
    row.identifiers.find((one) => one.scheme === scheme && one.isCurrent);
  const firsts = { isin: first('isin'), cusip: first('cusip'), sedol: first('sedol'), figi: first('figi') };
  return {
    instrumentId: row.id,
    kind: KIND_OF_TYPE[row.type] ?? 'security',
    name: row.name,
    otherNames: row.other_names,
    isin: firsts.isin?.value ?? null,
    cusip: firsts.cusip?.value ?? null,
    sedol: firsts.sedol?.value ?? null,
    figi: firsts.figi?.value ?? null,
    otherNumbers: row.identifiers.filter((one) => firsts[one.scheme] !== one),
    listings: row.lines,
    country: row.country,
    sector: row.sector,
    industry: row.industry,
    currency: row.currency === NO_CURRENCY ? null : row.currency,
    precedence: row.precedence,
    issuerKeys: row.issuer_keys,
  };
};

/** ISO 4217's code for "no currency": a security whose file did not say one. */
export const NO_CURRENCY = 'XXX';
