import type { RowKind } from './published/index.ts';

/**
 * Which weights count. `published`: the issuer's own, and what they leave out of 100 % is "Unclassified".
 * `normalised`: each fund's weights divided by their sum. `marketValue`: each row's share of the fund's market values.
 */
export type Basis = 'published' | 'normalised' | 'marketValue';

/** What a thing counts as. Canonical names; null is unknown. */
export type Attributes = {
  readonly sector: string | null;
  /** Absent where nobody says. */
  readonly industry?: string | null;
  readonly country: string | null;
  readonly currency: string | null;
  readonly assetClass: string | null;
  readonly kind: RowKind;
};

/** An instrument's own attributes: for what is held directly, and where an issuer's row gives none. */
export type GraphInstrument = Attributes & {
  readonly name: string;
  /** Its number in the register of instruments, where it has one. */
  readonly no?: number;
};

/** One stored constituent. Canonical terms; decimal strings as stored. */
export type FundRow = Attributes & {
  readonly childId: string;
  readonly name: string;
  readonly weightPct: string;
  readonly marketValue: string | null;
};

/** What is said of a version of what a fund holds. */
export type FundHeader = {
  readonly importId: string;
  /** Day of the holdings, ISO. */
  readonly asOf: string;
  readonly weightSumPct: number;
  /** The instrument that stands in for the fund, by somebody's assumption; absent where the holdings are its own. */
  readonly treatedAs?: string;
};

/**
 * One version of what a fund holds: the import that is active on the day asked for, in columns. A few hundred
 * different sets of attributes serve thousands of rows.
 */
export type FundVersion = FundHeader & {
  readonly childId: readonly string[];
  readonly name: readonly string[];
  readonly weightPct: Float64Array;
  /** Market values as decimal strings: they are money until they are divided by their sum. */
  readonly marketValue: ReadonlyArray<string | null>;
  /** Index into `attributes` of each row. */
  readonly attribute: Uint32Array;
  readonly attributes: readonly Attributes[];
};

/**
 * The same in numbers only, in order of the instruments: instruments and sets of attributes by their numbers in a
 * `Numbering`, what the rows leave open filled in from the instruments' own attributes.
 */
export type FundColumns = FundHeader & {
  readonly instrument: Uint32Array;
  readonly attribute: Uint32Array;
  readonly weightPct: Float64Array;
  /** Each row's share of the fund's market values, per cent; null where there are none to divide by. */
  readonly marketPct: Float64Array | null;
  /** Some rows have a weight and no market value. */
  readonly hasMarketGaps: boolean;
  /** The rows that are or may be funds. */
  readonly funds: ReadonlyArray<{
    readonly row: number;
    readonly instrumentId: string;
    readonly name: string;
  }>;
};

/** All that an exposure needs: the funds that can be reached, and every instrument named in them. */
export type LookThroughGraph = {
  /** Funds with constituents, by instrument id; those whose closures are known already may be left out. */
  readonly funds: ReadonlyMap<string, FundVersion | FundColumns>;
  readonly instruments: ReadonlyMap<string, GraphInstrument>;
};

/** A holding's share of the whole, in per cent. Several of one instrument are added up. */
export type Position = { readonly instrumentId: string; readonly weightPct: number };

/** Text by which equal attributes are found. */
export const attributeKey = (one: Attributes): string =>
  `${one.sector ?? ''}\t${one.country ?? ''}\t${one.currency ?? ''}\t${one.assetClass ?? ''}\t${one.kind}\t${one.industry ?? ''}`;

/** Brings a fund's stored rows into columns. */
export const fundVersion = (
  version: { readonly importId: string; readonly asOf: string; readonly weightSumPct: number },
  rows: readonly FundRow[],
): FundVersion => {
  const attributes: Attributes[] = [];
  const indexOf = new Map<string, number>();
  const attribute = new Uint32Array(rows.length);
  const weightPct = new Float64Array(rows.length);
  for (const [i, row] of rows.entries()) {
    const key = attributeKey(row);
    let index = indexOf.get(key);
    if (index === undefined) {
      const { sector, industry = null, country, currency, assetClass, kind } = row;
      index = attributes.push({ sector, industry, country, currency, assetClass, kind }) - 1;
      indexOf.set(key, index);
    }
    attribute[i] = index;
    weightPct[i] = Number(row.weightPct);
  }
  return {
    ...version,
    childId: rows.map((row) => row.childId),
    name: rows.map((row) => row.name),
    weightPct,
    marketValue: rows.map((row) => row.marketValue),
    attribute,
    attributes,
  };
};
