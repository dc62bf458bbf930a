import type { AssetClass, Sector } from '../terms/index.ts';

/** What a row is for look-through: a security, another fund, money, or a contract. */
export type RowKind = 'security' | 'fund' | 'cash' | 'derivative';

/**
 * One constituent as its issuer published it. Published numbers are exact decimal strings, never rounded and never
 * recalculated; null is what the issuer left blank. The `…Published` fields keep the issuer's own words.
 */
export type PublishedRow = {
  /** Lines of the file that the row came from, counted from 1; more than one after rows were joined. */
  readonly rowNumbers: readonly number[];
  readonly kind: RowKind;
  /** As printed, without surrounding blanks. */
  readonly ticker: string | null;
  readonly name: string;
  /** Identifiers whose check digit holds; others were dropped with a warning. */
  readonly isin: string | null;
  readonly cusip: string | null;
  readonly sedol: string | null;
  readonly figi: string | null;
  /** Legal entity identifier (ISO 17442) of the issuer, where the file gives it. */
  readonly lei?: string | null;
  readonly sector: Sector;
  readonly sectorPublished: string | null;
  /** GICS industry, or a group of several, canonical; absent where the file has none that is known. */
  readonly industry?: string;
  readonly industryPublished?: string;
  /** Canonical English short name, or "Unclassified". */
  readonly country: string;
  readonly countryPublished: string | null;
  /** ISO 4217, or null. */
  readonly currency: string | null;
  /** ISO 10383, or null. */
  readonly mic: string | null;
  readonly exchangePublished: string | null;
  readonly assetClass: AssetClass;
  readonly assetClassPublished: string | null;
  /** Percent of the fund. May be negative. */
  readonly weightPct: string;
  readonly marketValue: string | null;
  readonly notional: string | null;
  readonly quantity: string | null;
  readonly price: string | null;
};

/** Something that the reader should know about a file. `message` is a sentence for people; `code` is for programs. */
export type Warning = {
  readonly code: WarningCode;
  readonly message: string;
  /** Column or subject, where there is one. */
  readonly field?: string;
  /** Lines concerned, the first few. */
  readonly rowNumbers?: readonly number[];
  /** The issuer's words that no table has. */
  readonly terms?: readonly string[];
};

export type WarningCode =
  | 'as_of_missing'
  | 'as_of_ambiguous'
  | 'weights_do_not_sum'
  | 'looks_partial'
  | 'fewer_than_index'
  | 'weight_missing'
  | 'weight_below_printed'
  | 'weight_beyond_100'
  | 'unknown_sector'
  | 'unknown_industry'
  | 'unknown_country'
  | 'unknown_currency'
  | 'unknown_exchange'
  | 'unknown_asset_class'
  | 'invalid_identifier'
  | 'invalid_number'
  | 'formula_cell'
  | 'row_without_identity'
  | 'total_row_skipped'
  | 'second_section_skipped'
  | 'short_made_negative'
  | 'cash_not_listed'
  | 'rows_missing'
  | 'damaged_text'
  | 'identifier_repeats'
  | 'rows_joined'
  | 'unsure_matches';

/** What a file adds up to. Percentages are sums of published weights, as exact decimal strings. */
export type Totals = {
  readonly rows: number;
  readonly weightSumPct: string;
  readonly cashPct: string;
  readonly derivativesPct: string;
  readonly fundsPct: string;
  readonly securities: number;
  /** Sum of the published market values, or null where none is published. */
  readonly marketValue: string | null;
};

/** An issuer's file, read. */
export type ConstituentFile = {
  /** Id of the format, such as `ishares-csv`. */
  readonly format: string;
  /** The format's name for people. */
  readonly formatTitle: string;
  /** Locale in which the issuer wrote, where the file shows it: `en-US`, `en-GB`, `it`, `es`, `de`, `fr`. */
  readonly locale: string | null;
  readonly asOf: Temporal.PlainDate | null;
  readonly fundName: string | null;
  readonly rows: readonly PublishedRow[];
  readonly warnings: readonly Warning[];
  readonly totals: Totals;
};
