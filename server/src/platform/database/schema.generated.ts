// Made from db/migrations by `npm run generate`. Do not edit.

import type { ColumnType } from "kysely";

export type ArrayType<T> = ArrayTypeImpl<T> extends (infer U)[]
  ? U[]
  : ArrayTypeImpl<T>;

export type ArrayTypeImpl<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S[], I[], U[]>
  : T[];

export type Generated<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;

export type Json = JsonValue;

export type JsonArray = JsonValue[];

export type JsonObject = {
  [x: string]: JsonValue | undefined;
};

export type JsonPrimitive = boolean | number | string | null;

export type JsonValue = JsonArray | JsonObject | JsonPrimitive;

export interface Accounts {
  closed_on: Temporal.PlainDate | null;
  created_at: Generated<Temporal.Instant>;
  id: string;
  /**
   * The name in lists.accounts and in holdings.account.
   */
  name: string;
  opened_on: Temporal.PlainDate | null;
  /**
   * Whose account it is, in the household's words.
   */
  owner_name: string | null;
  portfolio_id: string;
  /**
   * Order in lists, from 0.
   */
  position: Generated<number>;
  provider: string | null;
  /**
   * The broker's account number, encrypted by the application. The key never reaches SQL.
   */
  reference_sealed: Buffer | null;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  version: Generated<number>;
  /**
   * Tax wrapper: ISA, LISA, JISA, SIPP, GIA (none) or other.
   */
  wrapper: Generated<string>;
}

export interface Alerts {
  /**
   * ticker or instrumentId, theme, section …; operator, threshold, unit.
   */
  condition: Json;
  created_at: Generated<Temporal.Instant>;
  id: string;
  /**
   * The portfolio that it watches, when it is one of the person's own; a shared one is named in condition.
   */
  portfolio_id: string | null;
  status: Generated<string>;
  triggered_at: Temporal.Instant | null;
  type: string;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  version: Generated<number>;
}

export interface AuditLog {
  /**
   * insert, update, delete, or an action such as export.
   */
  action: string;
  /**
   * Who did it: the owner, or somebody the portfolio is shared with. NULL: a job.
   */
  actor_id: string | null;
  at: Generated<Temporal.Instant>;
  /**
   * Login role of the database session.
   */
  db_role: Generated<string>;
  id: Generated<string>;
  /**
   * Update: the columns that changed, after. Insert: the whole row, unless its history keeps it. Never secrets.
   */
  new_values: Json | null;
  /**
   * Update: the columns that changed, before. Delete: the whole row, unless its history keeps it. Never secrets.
   */
  old_values: Json | null;
  portfolio_id: string | null;
  row_id: string | null;
  table_name: string | null;
  /**
   * Whose data it is.
   */
  user_id: string;
}

export interface ChatMessages {
  /**
   * What of the portfolio was sent along; figures as they were then.
   */
  context: Json | null;
  created_at: Generated<Temporal.Instant>;
  id: string;
  message: string;
  response: string;
  tokens_used: number | null;
  user_id: string;
}

export interface ConstituentImports {
  /**
   * The day for which the issuer published it.
   */
  as_of: Temporal.PlainDate;
  checksum_sha256: Buffer;
  content_type: string | null;
  created_at: Generated<Temporal.Instant>;
  /**
   * Currency of market_value and notional in its rows, when the file says so.
   */
  currency: string | null;
  file_name: string | null;
  /**
   * Accepted although its weights sum to less than 98 or more than 102.
   */
  forced: Generated<boolean>;
  format: string;
  /**
   * Its rows that are or may be funds. Kept by triggers, so that the funds in funds are found without reading rows.
   */
  fund_ids: Generated<string[]>;
  id: string;
  imported_by: string | null;
  matched_count: Generated<number>;
  /**
   * NULL: counts for everybody. Otherwise for this person only, who prefers it over a shared one.
   */
  owner_user_id: string | null;
  parent_instrument_id: string;
  raw_encoding: Generated<string>;
  /**
   * The file as received, in raw_encoding. Select it only to hand it back.
   */
  raw_file: Buffer;
  /**
   * Size as received, in bytes.
   */
  raw_size_bytes: string;
  /**
   * What was read, matched, left out and warned of.
   */
  report: Generated<Json>;
  /**
   * Rows of the file that were read as constituents.
   */
  row_count: number;
  status: Generated<string>;
  status_changed_at: Temporal.Instant | null;
  superseded_by: string | null;
  unmatched_count: Generated<number>;
  updated_at: Generated<Temporal.Instant>;
  /**
   * Grows with every change of the import, of its rows, and of what its rows' securities are: name, type, sector, industry, country, currency, asset class.
   */
  version: Generated<number>;
  /**
   * Sum of the published weights, per cent.
   */
  weight_sum: string;
}

export interface Constituents {
  /**
   * Canonical English word; NULL where the file has none or it is not known. Likewise sector (GICS) and country (ISO English short name).
   */
  asset_class: string | null;
  asset_class_published: string | null;
  child_instrument_id: string;
  country: string | null;
  country_published: string | null;
  created_at: Generated<Temporal.Instant>;
  /**
   * Currency of exposure, canonical.
   */
  currency: string | null;
  currency_published: string | null;
  cusip: string | null;
  exchange: string | null;
  import_id: string;
  /**
   * GICS industry, or a group of several; NULL where the file has none or it is not known.
   */
  industry: string | null;
  industry_published: string | null;
  isin: string | null;
  /**
   * In the import's currency.
   */
  market_value: string | null;
  /**
   * From 0 (kept apart, unsure) to 1 (certain).
   */
  match_confidence: string;
  /**
   * How the row was matched to its security, e.g. isin, cusip, ticker-exchange-name, new.
   */
  match_method: string;
  name: string;
  /**
   * In the import's currency.
   */
  notional: string | null;
  /**
   * Always that of the import; here so that row-level security needs no join.
   */
  owner_user_id: string | null;
  /**
   * Per unit in currency, as published.
   */
  price: string | null;
  /**
   * Units, shares or nominal, as published.
   */
  quantity: string | null;
  row_count: Generated<number>;
  /**
   * Lines of the file, from 1.
   */
  row_numbers: number[];
  sector: string | null;
  /**
   * The issuer's own word. Likewise the other _published columns.
   */
  sector_published: string | null;
  sedol: string | null;
  /**
   * As published, as are isin, cusip, sedol, exchange and name.
   */
  ticker: string | null;
  /**
   * Published weight, per cent; negative for short positions and cash owed.
   */
  weight: string;
}

export interface Deletions {
  deleted_at: Generated<Temporal.Instant>;
  id: string;
  /**
   * What was asked to be deleted; the rest went along.
   */
  kind: string;
  /**
   * Where it was asked for. Legs in other portfolios carry the same deletion_id.
   */
  portfolio_id: string;
  /**
   * What was deleted, in words for the person.
   */
  title: string;
  user_id: string;
}

export interface EducationModules {
  content: string;
  created_at: Generated<Temporal.Instant>;
  description: string | null;
  difficulty: Generated<string>;
  /**
   * Minutes to read.
   */
  estimated_minutes: number | null;
  id: string;
  order_index: number;
  /**
   * Questions with their answers; answers are taken out before they reach a person.
   */
  quiz: Generated<Json>;
  slug: string;
  tags: Generated<string[]>;
  title: string;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface EducationProgress {
  completed_at: Temporal.Instant | null;
  created_at: Generated<Temporal.Instant>;
  id: string;
  module_id: string;
  /**
   * Best result, per cent.
   */
  quiz_score: number | null;
  status: Generated<string>;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  version: Generated<number>;
}

export interface ErasuresInProgress {
  transaction_id: string;
}

export interface ErasureTotals {
  erased_count: Generated<number>;
  month: Temporal.PlainDate;
}

export interface Events {
  created_at: Generated<Temporal.Instant>;
  /**
   * For dividends and splits the start of the ex-date on the exchange.
   */
  date_time: Temporal.Instant;
  description: string | null;
  /**
   * The source's own id, so that it is not taken twice.
   */
  external_id: string | null;
  id: string;
  impact: string | null;
  instrument_id: string | null;
  /**
   * Dividend: amount and currency per share, payDate. Split: numerator, denominator.
   */
  metadata: Generated<Json>;
  owner_user_id: string | null;
  source: string | null;
  title: string;
  type: string;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface ExposureSnapshots {
  as_of: Temporal.Instant;
  /**
   * Convention for weights; see docs/calculations.md.
   */
  basis: Generated<string>;
  created_at: Generated<Temporal.Instant>;
  /**
   * byRegion, bySector, byCountry, byCurrency and others: name to per cent.
   */
  exposures: Json;
  id: string;
  portfolio_id: string;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
}

export interface FundProxies {
  created_at: Generated<Temporal.Instant>;
  fund_instrument_id: string;
  id: string;
  note: string | null;
  /**
   * NULL: for everybody. Otherwise for this person only, who prefers it over a shared one.
   */
  owner_user_id: string | null;
  proxy_instrument_id: string;
  updated_at: Generated<Temporal.Instant>;
  /**
   * First day on which the assumption is made; NULL: ever.
   */
  valid_from: Temporal.PlainDate | null;
  version: Generated<number>;
}

export interface FxRates {
  created_at: Generated<Temporal.Instant>;
  /**
   * The day for which it was published.
   */
  date: Temporal.PlainDate;
  from_currency: string;
  /**
   * Units of to_currency per 1 unit of from_currency.
   */
  rate: string;
  /**
   * ECB (EUR to X) or BoE (X per GBP), or a file's name.
   */
  source: string;
  to_currency: string;
  updated_at: Generated<Temporal.Instant>;
}

export interface HistoryChanges {
  created_at: Generated<Temporal.Instant>;
  from_day: Temporal.PlainDate;
  id: Generated<string>;
  portfolio_id: string;
  user_id: string;
}

export interface HoldingDebts {
  /**
   * Owed in the evening of the day, in currency; 0 when it is paid off.
   */
  amount: string;
  created_at: Generated<Temporal.Instant>;
  currency: string;
  /**
   * The first day of the amount.
   */
  date: Temporal.PlainDate;
  holding_id: string;
  id: string;
  notes: string | null;
  portfolio_id: string;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  version: Generated<number>;
}

export interface Holdings {
  /**
   * Name of the account; see accounts.
   */
  account: string;
  /**
   * Total cost of what is held, buying fees and taxes included, in the portfolio's base_currency. Average cost is this divided by qty, for display.
   */
  cost_basis: Generated<string>;
  created_at: Generated<Temporal.Instant>;
  deleted_at: Temporal.Instant | null;
  deletion_id: string | null;
  id: string;
  /**
   * False: left out of totals, allocation and exposure.
   */
  include: Generated<boolean>;
  /**
   * NULL: taken over from an older system and not linked to an instrument yet.
   */
  instrument_id: string | null;
  notes: string | null;
  /**
   * A settlement was allowed, when asked, to overdraw this cash holding. Nothing else may be below zero.
   */
  overdraft: Generated<boolean>;
  portfolio_id: string;
  /**
   * Units held; for cash, the amount in the instrument's currency.
   */
  qty: Generated<string>;
  section: string;
  /**
   * Target share of the portfolio, per cent.
   */
  target_pct: string | null;
  theme: string;
  /**
   * What the older system called it.
   */
  unlinked_name: string | null;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  version: Generated<number>;
}

export interface HoldingsHistory {
  account: string;
  cost_basis: string;
  created_at: Temporal.Instant;
  deleted_at: Temporal.Instant | null;
  deletion_id: string | null;
  id: string;
  include: boolean;
  instrument_id: string | null;
  notes: string | null;
  overdraft: boolean;
  portfolio_id: string;
  qty: string;
  section: string;
  target_pct: string | null;
  theme: string;
  unlinked_name: string | null;
  updated_at: Temporal.Instant;
  user_id: string;
  valid_from: Temporal.Instant;
  valid_to: Temporal.Instant;
  version: number;
}

export interface HoldingSnapshots {
  /**
   * What the day added to portfolio_snapshots.growth.
   */
  contribution: ArrayType<string>;
  contribution_after: string;
  cost_after: string;
  created_at: Generated<Temporal.Instant>;
  currency_after: string;
  /**
   * What the exchange rate did.
   */
  currency_effect: ArrayType<string>;
  /**
   * What came into the holding (above zero) or left it, of whatever kind.
   */
  flow: ArrayType<string>;
  /**
   * Sum of flow from the first trade to the last day of the row; likewise income_after, currency_after and contribution_after.
   */
  flow_after: string;
  holding_id: string;
  /**
   * Dividends and interest less charges of their own.
   */
  income: ArrayType<string>;
  income_after: string;
  month: Temporal.PlainDate;
  portfolio_id: string;
  /**
   * Days since the price that the value rests on.
   */
  price_age: number[];
  /**
   * Units held in the evening of the last day of the row.
   */
  qty_after: string;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  /**
   * In the evening of each day; NULL when something was held and price or rate is not known.
   */
  value: ArrayType<string>;
}

export interface HoldingsVersions {
  account: string | null;
  cost_basis: string | null;
  created_at: Temporal.Instant | null;
  deleted_at: Temporal.Instant | null;
  deletion_id: string | null;
  id: string | null;
  include: boolean | null;
  instrument_id: string | null;
  notes: string | null;
  overdraft: boolean | null;
  portfolio_id: string | null;
  qty: string | null;
  section: string | null;
  target_pct: string | null;
  theme: string | null;
  unlinked_name: string | null;
  updated_at: Temporal.Instant | null;
  user_id: string | null;
  valid_from: Temporal.Instant | null;
  valid_to: Temporal.Instant | null;
  version: number | null;
}

export interface IdempotencyKeys {
  /**
   * The answer's body, as sent.
   */
  body: string | null;
  /**
   * SHA-256 of the request's body: the same key with another body is refused.
   */
  body_hash: Buffer;
  created_at: Generated<Temporal.Instant>;
  expires_at: Generated<Temporal.Instant>;
  /**
   * Headers worth repeating, such as ETag and Location.
   */
  headers: Generated<Json>;
  key: string;
  method: string;
  path: string;
  /**
   * HTTP status that was answered; NULL only inside the transaction that is working on it.
   */
  status: number | null;
  user_id: string;
}

export interface IdentityMergeMoves {
  /**
   * moved: it pointed to the one given up. changed: other columns. removed: the survivor has one like it. added: made by the merge.
   */
  action: string;
  /**
   * The columns that the merge changed, as they were; of a removed one, all of them.
   */
  before: Json;
  merge_id: string;
  number: Generated<string>;
  /**
   * Whose row it is; NULL: everybody's.
   */
  owner_user_id: string | null;
  /**
   * Its primary key after the merge; of a removed one, before.
   */
  row_key: Json;
  table_name: string;
}

export interface IdentityMerges {
  created_at: Generated<Temporal.Instant>;
  from_instrument_id: string;
  id: string;
  into_instrument_id: string;
  merged_by: string | null;
  /**
   * Whose the one given up is: NULL shared.
   */
  owner_user_id: string | null;
  /**
   * They had different numbers of one kind: those of the one given up are numbers of the past.
   */
  renamed: Generated<boolean>;
  undone_at: Temporal.Instant | null;
  undone_by: string | null;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface IdentityReviews {
  /**
   * Securities that it may be, the likeliest first.
   */
  candidate_instrument_ids: Generated<string[]>;
  /**
   * The security made for the row in the meantime.
   */
  child_instrument_id: string | null;
  chosen_instrument_id: string | null;
  created_at: Generated<Temporal.Instant>;
  decided_at: Temporal.Instant | null;
  decided_by: string | null;
  evidence: Generated<Json>;
  id: string;
  /**
   * The row's number, where it has one, such as "isin US0378331005"; a decision holds for it too.
   */
  identifier_key: string | null;
  import_id: string;
  /**
   * The merge by which it was decided; undoing that opens it again.
   */
  merge_id: string | null;
  owner_user_id: string | null;
  /**
   * The row's normalised identity; a decision holds for later files with the same key.
   */
  row_key: string;
  row_number: number;
  status: Generated<string>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface ImportColumns {
  /**
   * Place in attributes of each row: int4, little-endian.
   */
  attribute: Buffer;
  /**
   * Sets of sector, industry, country, currency, asset class and kind, the securities' own filled in.
   */
  attributes: Json;
  created_at: Generated<Temporal.Instant>;
  /**
   * Rows that are or may be funds: place, instrument and name of each.
   */
  funds: Json;
  has_market_gaps: Generated<boolean>;
  import_id: string;
  import_version: number;
  /**
   * pm.instruments.no of each row: int4, little-endian, ascending.
   */
  instrument: Buffer;
  /**
   * Each row's share of the market values, per cent: float8, little-endian. NULL: there are none to divide by.
   */
  market: Buffer | null;
  /**
   * Always that of the import.
   */
  owner_user_id: string | null;
  /**
   * Published weight of each row, per cent: float8, little-endian.
   */
  weight: Buffer;
}

export interface ImportedIds {
  created_at: Generated<Temporal.Instant>;
  kind: string;
  source: string;
  source_id: string;
  target_id: string;
  user_id: string;
}

export interface ImportRuns {
  content_type: string | null;
  created_at: Generated<Temporal.Instant>;
  /**
   * Problem details (RFC 9457) of why it failed.
   */
  error: Json | null;
  file_name: string | null;
  finished_at: Temporal.Instant | null;
  id: string;
  kind: string;
  /**
   * How to read it: instrument, as-of day, scope, force …
   */
  options: Generated<Json>;
  /**
   * The file as received, until the job is done with it.
   */
  payload: Buffer | null;
  payload_encoding: Generated<string>;
  /**
   * What a synchronous import would have answered.
   */
  result: Json | null;
  rows_done: Generated<string>;
  /**
   * Rows to do, once known.
   */
  rows_total: string | null;
  started_at: Temporal.Instant | null;
  status: Generated<string>;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  version: Generated<number>;
}

export interface IncomeDecisions {
  created_at: Generated<Temporal.Instant>;
  ex_date: Temporal.PlainDate;
  holding_id: string;
  id: string;
  /**
   * Of several dividends of one security and day, which; from 1.
   */
  place: Generated<number>;
  portfolio_id: string;
  status: Generated<string>;
  /**
   * The trade that confirming it recorded.
   */
  trade_id: string | null;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
}

export interface InstrumentDetails {
  asset_class: string | null;
  country: string | null;
  created_at: Temporal.Instant | null;
  currency: string | null;
  id: string | null;
  industry: string | null;
  is_demo: boolean | null;
  isin: string | null;
  issuer_keys: string[] | null;
  listing_currency: string | null;
  listing_id: string | null;
  metadata: Json | null;
  mic: string | null;
  name: string | null;
  owner_user_id: string | null;
  quote_unit: string | null;
  sector: string | null;
  ticker: string | null;
  type: string | null;
  updated_at: Temporal.Instant | null;
  version: number | null;
}

export interface InstrumentIdentifiers {
  created_at: Generated<Temporal.Instant>;
  id: Generated<string>;
  instrument_id: string;
  /**
   * False for a number of the past, such as the ISIN before a redomiciliation. One current ISIN at most.
   */
  is_current: Generated<boolean>;
  owner_user_id: string | null;
  scheme: string;
  /**
   * Where it was learned: a person, a file's format, a provider.
   */
  source: string | null;
  updated_at: Generated<Temporal.Instant>;
  value: string;
}

export interface InstrumentListings {
  created_at: Generated<Temporal.Instant>;
  /**
   * Trading currency; prices are stored in it.
   */
  currency: string;
  /**
   * Last day of trading; after it another security may use the ticker.
   */
  delisted_on: Temporal.PlainDate | null;
  id: string;
  instrument_id: string;
  /**
   * The line used where nothing else is said. One per instrument and scope.
   */
  is_primary: Generated<boolean>;
  /**
   * Market (ISO 10383). NULL: not traded on an exchange, or not known.
   */
  mic: string | null;
  owner_user_id: string | null;
  /**
   * Symbol by provider, e.g. {"yahoo": "SWDA.L"}.
   */
  provider_symbols: Generated<Json>;
  /**
   * Unit in which prices are quoted: the currency, or its hundredth (GBX = GBP/100).
   */
  quote_unit: string;
  ticker: string | null;
  /**
   * The ticker in upper case without punctuation, numbers without leading zeros; not unique.
   */
  ticker_key: Generated<string | null>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface InstrumentNames {
  created_at: Generated<Temporal.Instant>;
  id: Generated<string>;
  instrument_id: string;
  name: string;
  owner_user_id: string | null;
  /**
   * Where it was learned: a merge, a file, a renaming.
   */
  source: string | null;
}

export interface Instruments {
  asset_class: string | null;
  /**
   * Country of exposure: ISO 3166 English short name in everyday form ("United States"). NULL: not known. Not derived from an ISIN's prefix.
   */
  country: string | null;
  created_at: Generated<Temporal.Instant>;
  /**
   * Currency it is denominated in; each listing has its own trading currency.
   */
  currency: Generated<string>;
  id: string;
  /**
   * GICS industry ("Software"), or a group of several. NULL: not known or not applicable.
   */
  industry: string | null;
  is_demo: Generated<boolean>;
  /**
   * What speaks for its issuer: "lei …", "cusip …" (the first six characters), "name … | country". Securities that share one are one issuer's. Made by issuerKeys and read by groupByIssuer of the domain; empty for funds, cash and contracts.
   */
  issuer_keys: Generated<string[]>;
  /**
   * The instrument that this one was found to be. Then nothing else points here. NULL: it stands for itself.
   */
  merged_into: string | null;
  /**
   * Funds: domicile, replicationMethod, securitiesLending, ocf and trackingDifference (per cent a year), distributionPolicy, lastConstituentsUpdate, constituentsRefreshCadence.
   */
  metadata: Generated<Json>;
  name: string;
  /**
   * Its number within this install, for calculations only: not kept by exports.
   */
  no: Generated<number>;
  owner_user_id: string | null;
  /**
   * GICS sector ("Information Technology"). NULL: not known or not applicable.
   */
  sector: string | null;
  type: string;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface LatestPrices {
  /**
   * Per unit, in currency.
   */
  close: string;
  currency: string;
  date_time: Temporal.Instant;
  interval: string;
  /**
   * close: daily bars and longer. live: everything shorter.
   */
  kind: string;
  listing_id: string;
  source: string;
  updated_at: Generated<Temporal.Instant>;
}

export interface ManualPrices {
  /**
   * Per unit, in currency (converted when it was entered in pence).
   */
  close: string;
  created_at: Generated<Temporal.Instant>;
  currency: string;
  date_time: Temporal.Instant;
  high: string | null;
  id: string;
  instrument_id: string;
  low: string | null;
  notes: string | null;
  open: string | null;
  /**
   * Unit in which it was entered.
   */
  quote_unit: string;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  version: Generated<number>;
  volume: string | null;
}

export interface MyPortfolioSummaries {
  currency: string | null;
  holding_count: number | null;
  missing_count: number | null;
  oldest_price_at: Temporal.Instant | null;
  portfolio_id: string | null;
  refreshed_at: Temporal.Instant | null;
  section_totals: Json | null;
  total_value: string | null;
  user_id: string | null;
}

export interface NewsItems {
  category: string | null;
  created_at: Generated<Temporal.Instant>;
  external_id: string | null;
  id: string;
  published_at: Temporal.Instant;
  sentiment: string | null;
  source: string;
  summary: string | null;
  tickers: Generated<string[]>;
  title: string;
  updated_at: Generated<Temporal.Instant>;
  url: string | null;
}

export interface OverlapMatrices {
  as_of: Temporal.Instant;
  created_at: Generated<Temporal.Instant>;
  id: string;
  /**
   * Key of a fund to key of a fund to per cent; 100 on the diagonal.
   */
  matrix: Json;
  portfolio_id: string;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
}

export interface PersonalAccessTokens {
  created_at: Generated<Temporal.Instant>;
  expires_at: Temporal.Instant | null;
  id: string;
  /**
   * To the minute.
   */
  last_used_at: Temporal.Instant | null;
  name: string;
  revoked_at: Temporal.Instant | null;
  /**
   * SHA-256 of the token, 32 bytes. Writable, never readable by requests.
   */
  token_hash: Buffer;
  /**
   * First characters, to tell tokens apart in a list.
   */
  token_prefix: string | null;
  user_id: string;
}

export interface PlanProposals {
  created_at: Generated<Temporal.Instant>;
  decided_at: Temporal.Instant | null;
  /**
   * The plan's own day.
   */
  due_on: Temporal.PlainDate;
  id: string;
  plan_id: string;
  portfolio_id: string;
  status: Generated<string>;
  /**
   * The trades that confirming it recorded. They may have been deleted since.
   */
  trade_ids: Generated<string[]>;
  /**
   * The day of the trades: due_on, or the Monday after a weekend.
   */
  trade_on: Temporal.PlainDate;
  user_id: string;
}

export interface PortfolioAccess {
  created_at: Generated<Temporal.Instant>;
  /**
   * The person whose portfolio it is; only they add, change and revoke.
   */
  owner_id: string;
  portfolio_id: string;
  /**
   * view: read everything in it. edit: also write it, but not delete or share it.
   */
  role: string;
  updated_at: Generated<Temporal.Instant>;
  /**
   * The person it is shared with. May leave by deleting the row.
   */
  user_id: string;
}

export interface PortfolioInvitations {
  created_at: Generated<Temporal.Instant>;
  /**
   * As typed by the owner. Whoever is signed in with this address may accept.
   */
  email: string;
  expires_at: Generated<Temporal.Instant>;
  id: string;
  portfolio_id: string;
  /**
   * What is offered: view or edit.
   */
  role: string;
  user_id: string;
}

export interface Portfolios {
  /**
   * Currency of its totals and of its holdings' cost_basis.
   */
  base_currency: Generated<string>;
  /**
   * sections, themes, accounts: percent, percentOfSection (0 to 100) and amount in base_currency.
   */
  budgets: Generated<Json>;
  created_at: Generated<Temporal.Instant>;
  deleted_at: Temporal.Instant | null;
  /**
   * One id for everything that one deletion took along; undo restores exactly that.
   */
  deletion_id: string | null;
  id: string;
  is_demo: Generated<boolean>;
  /**
   * sections, themes, accounts (names in order), themeSections (theme to section).
   */
  lists: Generated<Json>;
  /**
   * The model whose weights are this portfolio's targets.
   */
  model_id: string | null;
  name: string;
  /**
   * The portfolio that this one was copied from: a draft's origin, a promoted portfolio's draft.
   */
  parent_id: string | null;
  /**
   * currency is shown from base_currency; lockTotal, lockedTotal, targetPortfolioValue, enableLivePrices, livePriceUpdateInterval (minutes), visibleColumns.
   */
  settings: Generated<Json>;
  type: Generated<string>;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  version: Generated<number>;
}

export interface PortfoliosHistory {
  base_currency: string;
  budgets: Json;
  created_at: Temporal.Instant;
  deleted_at: Temporal.Instant | null;
  deletion_id: string | null;
  id: string;
  is_demo: boolean;
  lists: Json;
  model_id: string | null;
  name: string;
  parent_id: string | null;
  settings: Json;
  type: string;
  updated_at: Temporal.Instant;
  user_id: string;
  valid_from: Temporal.Instant;
  valid_to: Temporal.Instant;
  version: number;
}

export interface PortfolioSnapshots {
  /**
   * Instant for which prices and rates were taken.
   */
  as_of: Temporal.Instant;
  /**
   * Ids of holdings whose price was more than seven days old.
   */
  carried: Generated<Json>;
  /**
   * The part of value that is cash, in currency.
   */
  cash: Generated<string>;
  /**
   * Share of included holdings that had a price and a rate, per cent of their number.
   */
  completeness_pct: Generated<string>;
  /**
   * Sum of cost_basis, in currency.
   */
  cost: string;
  created_at: Generated<Temporal.Instant>;
  currency: string;
  date: Temporal.PlainDate;
  /**
   * Time-weighted return of the day, 0.01 is 1 %; NULL where none can be said.
   */
  day_return: string | null;
  /**
   * What one unit of currency of the first day has become; begins again at 1 after everything was lost.
   */
  growth: Generated<string>;
  /**
   * Included holdings of which something was held.
   */
  held_count: Generated<number>;
  /**
   * Ids of holdings that the value leaves out, for want of a price or a rate.
   */
  missing: Generated<Json>;
  /**
   * Money and assets that came in (positive) or went out that day, in currency.
   */
  net_external_flow: Generated<string>;
  portfolio_id: string;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  /**
   * Sum of what could be valued, in currency.
   */
  value: string;
}

export interface PortfolioSummaries {
  currency: string | null;
  /**
   * Included live holdings.
   */
  holding_count: number | null;
  /**
   * Those among them without a price or a rate; total_value leaves them out.
   */
  missing_count: number | null;
  /**
   * Instant of the oldest price used.
   */
  oldest_price_at: Temporal.Instant | null;
  portfolio_id: string | null;
  refreshed_at: Temporal.Instant | null;
  /**
   * Section to value in currency, as a decimal in text.
   */
  section_totals: Json | null;
  total_value: string | null;
  user_id: string | null;
}

export interface PortfoliosVersions {
  base_currency: string | null;
  budgets: Json | null;
  created_at: Temporal.Instant | null;
  deleted_at: Temporal.Instant | null;
  deletion_id: string | null;
  id: string | null;
  is_demo: boolean | null;
  lists: Json | null;
  model_id: string | null;
  name: string | null;
  parent_id: string | null;
  settings: Json | null;
  type: string | null;
  updated_at: Temporal.Instant | null;
  user_id: string | null;
  valid_from: Temporal.Instant | null;
  valid_to: Temporal.Instant | null;
  version: number | null;
}

export interface PriceFetches {
  asked_at: Temporal.Instant | null;
  /**
   * Per provider in the order of asking: provider, outcome (used, held, skipped, failed), why in words without symbol, key or address, and since when it refuses the line.
   */
  attempts: Generated<Json>;
  /**
   * A worker is asking and means to be done by then; no other one asks before.
   */
  claimed_until: Temporal.Instant | null;
  listing_id: string;
  /**
   * Whose price was taken; NULL when nobody had one that could be believed.
   */
  provider: string | null;
  updated_at: Generated<Temporal.Instant>;
}

export interface PriceQuarantine {
  /**
   * As received; may be zero, negative or missing.
   */
  close: string | null;
  compared_at: Temporal.Instant | null;
  /**
   * The stored price that it was compared with, at compared_at.
   */
  compared_close: string | null;
  created_at: Generated<Temporal.Instant>;
  currency: string | null;
  date_time: Temporal.Instant;
  decided_at: Temporal.Instant | null;
  decided_by: string | null;
  high: string | null;
  id: string;
  interval: Generated<string>;
  listing_id: string;
  low: string | null;
  open: string | null;
  reason: string;
  source: string;
  status: Generated<string>;
  updated_at: Generated<Temporal.Instant>;
  volume: string | null;
}

export interface Prices {
  /**
   * Per unit, in currency, never in a quote unit such as pence. Not adjusted for splits.
   */
  close: string;
  created_at: Generated<Temporal.Instant>;
  /**
   * Trading currency of the listing at that time.
   */
  currency: string;
  /**
   * Instant of the price; a daily bar carries the instant of the exchange's close.
   */
  date_time: Temporal.Instant;
  high: string | null;
  /**
   * quote: a single price. Otherwise the span of the bar that ends at date_time.
   */
  interval: Generated<string>;
  listing_id: string;
  low: string | null;
  open: string | null;
  /**
   * Provider or file that published it.
   */
  source: string;
  updated_at: Generated<Temporal.Instant>;
  /**
   * Units traded in the interval.
   */
  volume: string | null;
}

export interface ProviderCredentials {
  created_at: Generated<Temporal.Instant>;
  id: string;
  /**
   * Which secret key sealed it, so that keys can be rotated.
   */
  key_fingerprint: string;
  label: string | null;
  last_used_at: Temporal.Instant | null;
  owner_user_id: string | null;
  provider: string;
  /**
   * Ciphertext. The key never reaches SQL.
   */
  sealed: Buffer;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface ProviderStates {
  /**
   * First of the failures since the last success; NULL while it works.
   */
  failing_since: Temporal.Instant | null;
  /**
   * Failures one after the other, since the last success.
   */
  failures: Generated<number>;
  last_attempt_at: Temporal.Instant;
  /**
   * Why the last fetch failed, in words for a person; never an address with a key in it.
   */
  last_error: string | null;
  last_success_at: Temporal.Instant | null;
  /**
   * It is not asked before this moment: it failed too often, or wants fewer requests.
   */
  paused_until: Temporal.Instant | null;
  provider: string;
  updated_at: Generated<Temporal.Instant>;
}

export interface RecurringPlanParts {
  amount: string | null;
  holding_id: string;
  percent: string | null;
  plan_id: string;
  portfolio_id: string;
  /**
   * Order, from 0.
   */
  position: Generated<number>;
  user_id: string;
}

export interface RecurringPlans {
  /**
   * Each time, in the portfolio's base_currency.
   */
  amount: string;
  created_at: Generated<Temporal.Instant>;
  /**
   * Day of the month (the last one where a month has fewer), or of the week from 1, Monday.
   */
  day: number;
  ends_on: Temporal.PlainDate | null;
  every: string;
  id: string;
  name: string;
  /**
   * The first day that nothing was proposed for yet. NULL: the plan has ended.
   */
  next_on: Temporal.PlainDate | null;
  paused: Generated<boolean>;
  portfolio_id: string;
  /**
   * Purchases are paid out of the account's cash holding.
   */
  settle: Generated<boolean>;
  starts_on: Temporal.PlainDate;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  version: Generated<number>;
}

export interface SchemaMigrations {
  applied_at: Generated<Temporal.Instant>;
  checksum: string;
  name: string;
  version: number;
}

export interface Sessions {
  created_at: Generated<Temporal.Instant>;
  expires_at: Temporal.Instant;
  id: string;
  /**
   * Address at sign-in, as the server saw it.
   */
  ip: string | null;
  /**
   * Last rotation of its refresh token.
   */
  last_used_at: Generated<Temporal.Instant>;
  revoked_at: Temporal.Instant | null;
  revoked_reason: string | null;
  user_agent: string | null;
  user_id: string;
}

export interface SessionTokens {
  created_at: Generated<Temporal.Instant>;
  session_id: string;
  /**
   * When a newer token took its place. Within 20 s of that it is still honoured; later its use ends the session.
   */
  superseded_at: Temporal.Instant | null;
  /**
   * SHA-256 of the token, 32 bytes.
   */
  token_hash: Buffer;
  user_id: string;
}

export interface StatementImports {
  account: string;
  created_at: Generated<Temporal.Instant>;
  file_name: string | null;
  id: string;
  /**
   * Holdings that it made; they go with it when nothing else is in them.
   */
  made_holdings: Generated<string[]>;
  portfolio_id: string;
  preset: string;
  /**
   * What was answered when it was recorded.
   */
  report: Json;
  user_id: string;
}

export interface StatementMappings {
  created_at: Generated<Temporal.Instant>;
  mapping: Json;
  /**
   * Hash of the file's headers.
   */
  signature: string;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
}

export interface StreamOutbox {
  created_at: Generated<Temporal.Instant>;
  payload: Json;
  seq: Generated<string>;
  /**
   * e.g. price:<listing>, portfolio:<id>.
   */
  topic: string;
  transaction_id: Generated<string>;
  /**
   * Whose doing it was; NULL for what the worker publishes to all. Who receives it is decided by topic, subscription by subscription.
   */
  user_id: string | null;
}

export interface Trades {
  /**
   * Gross sum in currency of a dividend, interest, fee or tax, where qty times price does not say it exactly; it then wins.
   */
  amount: string | null;
  /**
   * Cost that a transfer takes along, in this portfolio's base_currency.
   */
  carried_cost: string | null;
  created_at: Generated<Temporal.Instant>;
  currency: string;
  /**
   * The exchange's day.
   */
  date: Temporal.PlainDate;
  /**
   * The person gave no day for an opening position: it counts as held before any other trade, and its day moves back with them.
   */
  date_assumed: Generated<boolean>;
  deleted_at: Temporal.Instant | null;
  /**
   * One id for everything that one deletion took along.
   */
  deletion_id: string | null;
  deposit_source: string | null;
  /**
   * One id for the legs of one event: a sale and its cash, a dividend and its reinvestment, both ends of a transfer.
   */
  event_id: string | null;
  /**
   * Dealing fees in currency, not negative.
   */
  fees: Generated<string>;
  /**
   * The day whose rate was used, when it was published.
   */
  fx_date: Temporal.PlainDate | null;
  /**
   * Units of the portfolio's base_currency per 1 unit of currency.
   */
  fx_rate: string | null;
  /**
   * identity, given (by hand), or the source that published it.
   */
  fx_source: string | null;
  holding_id: string;
  id: string;
  /**
   * One id for what one statement brought.
   */
  import_id: string | null;
  /**
   * Which row of a statement it is: the same row of a later file has the same. NULL for what was entered by hand.
   */
  import_key: string | null;
  /**
   * Its part in the event.
   */
  leg: Generated<string>;
  notes: string | null;
  /**
   * This leg was allowed, when asked, to take the cash below zero.
   */
  overdraw: Generated<boolean>;
  portfolio_id: string;
  /**
   * Per unit, in currency (a price entered in pence is stored in pounds).
   */
  price: string | null;
  /**
   * Units, always positive; for cash, the amount.
   */
  qty: string | null;
  /**
   * Unit in which the price was entered, when it was not the currency itself.
   */
  quote_unit: string | null;
  /**
   * Order within a day; rises with each trade recorded, may be set to reorder.
   */
  seq: Generated<string>;
  split_denominator: number | null;
  /**
   * Shares after the split for every split_denominator before it.
   */
  split_numerator: number | null;
  /**
   * Stamp duty and other taxes on buying or selling, or tax withheld, in currency.
   */
  taxes: Generated<string>;
  type: string;
  updated_at: Generated<Temporal.Instant>;
  user_id: string;
  version: Generated<number>;
}

export interface TradesHistory {
  amount: string | null;
  carried_cost: string | null;
  created_at: Temporal.Instant;
  currency: string;
  date: Temporal.PlainDate;
  date_assumed: boolean;
  deleted_at: Temporal.Instant | null;
  deletion_id: string | null;
  deposit_source: string | null;
  event_id: string | null;
  fees: string;
  fx_date: Temporal.PlainDate | null;
  fx_rate: string | null;
  fx_source: string | null;
  holding_id: string;
  id: string;
  import_id: string | null;
  import_key: string | null;
  leg: string;
  notes: string | null;
  overdraw: boolean;
  portfolio_id: string;
  price: string | null;
  qty: string | null;
  quote_unit: string | null;
  seq: string;
  split_denominator: number | null;
  split_numerator: number | null;
  taxes: string;
  type: string;
  updated_at: Temporal.Instant;
  user_id: string;
  valid_from: Temporal.Instant;
  valid_to: Temporal.Instant;
  version: number;
}

export interface TradesVersions {
  amount: string | null;
  carried_cost: string | null;
  created_at: Temporal.Instant | null;
  currency: string | null;
  date: Temporal.PlainDate | null;
  date_assumed: boolean | null;
  deleted_at: Temporal.Instant | null;
  deletion_id: string | null;
  deposit_source: string | null;
  event_id: string | null;
  fees: string | null;
  fx_date: Temporal.PlainDate | null;
  fx_rate: string | null;
  fx_source: string | null;
  holding_id: string | null;
  id: string | null;
  import_id: string | null;
  import_key: string | null;
  leg: string | null;
  notes: string | null;
  overdraw: boolean | null;
  portfolio_id: string | null;
  price: string | null;
  qty: string | null;
  quote_unit: string | null;
  seq: string | null;
  split_denominator: number | null;
  split_numerator: number | null;
  taxes: string | null;
  type: string | null;
  updated_at: Temporal.Instant | null;
  user_id: string | null;
  valid_from: Temporal.Instant | null;
  valid_to: Temporal.Instant | null;
  version: number | null;
}

export interface Users {
  created_at: Generated<Temporal.Instant>;
  deleted_at: Temporal.Instant | null;
  /**
   * As typed; unique without regard to letter case among people who are not deleted.
   */
  email: string;
  expertise_level: Generated<string>;
  id: string;
  /**
   * Made by the demo command; never counts as the first person.
   */
  is_demo: Generated<boolean>;
  last_login_at: Temporal.Instant | null;
  locale: Generated<string>;
  name: string | null;
  /**
   * bcrypt. Never readable by requests; see login_lookup.
   */
  password_hash: string;
  preferences: Generated<Json>;
  /**
   * admin: may write what all share. The first person of an install is one.
   */
  role: Generated<string>;
  /**
   * IANA name. A portfolio's day ends at midnight here.
   */
  timezone: Generated<string>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface WatchedInstruments {
  created_at: Generated<Temporal.Instant>;
  id: string;
  instrument_id: string;
  /**
   * Why, in the person's own words.
   */
  note: string | null;
  user_id: string;
}

export interface DB {
  accounts: Accounts;
  alerts: Alerts;
  audit_log: AuditLog;
  chat_messages: ChatMessages;
  constituent_imports: ConstituentImports;
  constituents: Constituents;
  deletions: Deletions;
  education_modules: EducationModules;
  education_progress: EducationProgress;
  erasure_totals: ErasureTotals;
  erasures_in_progress: ErasuresInProgress;
  events: Events;
  exposure_snapshots: ExposureSnapshots;
  fund_proxies: FundProxies;
  fx_rates: FxRates;
  history_changes: HistoryChanges;
  holding_debts: HoldingDebts;
  holding_snapshots: HoldingSnapshots;
  holdings: Holdings;
  holdings_history: HoldingsHistory;
  holdings_versions: HoldingsVersions;
  idempotency_keys: IdempotencyKeys;
  identity_merge_moves: IdentityMergeMoves;
  identity_merges: IdentityMerges;
  identity_reviews: IdentityReviews;
  import_columns: ImportColumns;
  import_runs: ImportRuns;
  imported_ids: ImportedIds;
  income_decisions: IncomeDecisions;
  instrument_details: InstrumentDetails;
  instrument_identifiers: InstrumentIdentifiers;
  instrument_listings: InstrumentListings;
  instrument_names: InstrumentNames;
  instruments: Instruments;
  latest_prices: LatestPrices;
  manual_prices: ManualPrices;
  my_portfolio_summaries: MyPortfolioSummaries;
  news_items: NewsItems;
  overlap_matrices: OverlapMatrices;
  personal_access_tokens: PersonalAccessTokens;
  plan_proposals: PlanProposals;
  portfolio_access: PortfolioAccess;
  portfolio_invitations: PortfolioInvitations;
  portfolio_snapshots: PortfolioSnapshots;
  portfolio_summaries: PortfolioSummaries;
  portfolios: Portfolios;
  portfolios_history: PortfoliosHistory;
  portfolios_versions: PortfoliosVersions;
  price_fetches: PriceFetches;
  price_quarantine: PriceQuarantine;
  prices: Prices;
  provider_credentials: ProviderCredentials;
  provider_states: ProviderStates;
  recurring_plan_parts: RecurringPlanParts;
  recurring_plans: RecurringPlans;
  schema_migrations: SchemaMigrations;
  session_tokens: SessionTokens;
  sessions: Sessions;
  statement_imports: StatementImports;
  statement_mappings: StatementMappings;
  stream_outbox: StreamOutbox;
  trades: Trades;
  trades_history: TradesHistory;
  trades_versions: TradesVersions;
  users: Users;
  watched_instruments: WatchedInstruments;
}
