import type { PublishedRow, RowKind } from '../published/index.ts';
import { fxPairOf } from './fx-pair.ts';
import { cusipFromIsin, sedolFromIsin } from './identifiers.ts';
import { nameParts, normalisedParts, type NameParts } from './names.ts';
import { normaliseTicker } from './tickers.ts';

/** A security that the install knows already, as matching needs it. */
export type KnownSecurity = {
  readonly instrumentId: string;
  readonly kind: RowKind;
  readonly name: string;
  /** Former names, other issuers' spellings, names that a person confirmed. */
  readonly otherNames: readonly string[];
  readonly isin: string | null;
  readonly cusip: string | null;
  readonly sedol: string | null;
  readonly figi: string | null;
  /** Numbers besides: of the past, and those of lines on other markets. */
  readonly otherNumbers?: readonly KnownNumber[];
  readonly listings: readonly KnownListing[];
  /** Canonical country name, or null. */
  readonly country: string | null;
  /** ISO 4217, or null. */
  readonly currency: string | null;
  /**
   * Of several securities that a row surely is, the one with the highest precedence is meant (0 where not given): the
   * same one may be known privately and to everybody. Two of equal precedence stay a question.
   */
  readonly precedence?: number;
  /** Its business as stored, or null. Says nothing of who it is. */
  readonly sector?: string | null;
  readonly industry?: string | null;
  /** As stored; what `issuerKeys` made of it. */
  readonly issuerKeys?: readonly string[];
};

export type KnownNumber = {
  readonly scheme: 'isin' | 'cusip' | 'sedol' | 'figi';
  readonly value: string;
};

export type KnownListing = { readonly ticker: string | null; readonly mic: string | null };

/** A known security with its names taken apart once. */
export type Entry = { readonly known: KnownSecurity; readonly names: () => readonly NameParts[] };

/** Look-up tables over the known securities, so that matching is never rows × securities. */
export type KnownIndex = {
  readonly byIsin: ReadonlyMap<string, readonly Entry[]>;
  readonly byCusip: ReadonlyMap<string, readonly Entry[]>;
  readonly bySedol: ReadonlyMap<string, readonly Entry[]>;
  readonly byFigi: ReadonlyMap<string, readonly Entry[]>;
  readonly byTicker: ReadonlyMap<string, readonly Entry[]>;
  readonly byName: ReadonlyMap<string, readonly Entry[]>;
  readonly byMoneyKey: ReadonlyMap<string, readonly Entry[]>;
};

/** What makes cash and contracts the same: the currency, the pair, or a contract's ticker and full name. */
export const moneyKey = (row: Pick<PublishedRow, 'kind' | 'name' | 'ticker' | 'currency'>): string | null => {
  if (row.kind === 'cash') return `cash ${row.currency ?? ''}`;
  if (row.kind !== 'derivative') return null;
  const pair = fxPairOf(row.name) ?? fxPairOf(row.ticker ?? '');
  // Two maturities of one future differ in the name only, so the whole name counts.
  return pair === null
    ? `contract ${normaliseTicker(row.ticker)} ${row.name.toUpperCase().replace(/\s+/g, ' ')}`
    : `fx ${pair}`;
};

const entryOf = (known: KnownSecurity): Entry => {
  let parts: readonly NameParts[] | undefined;
  return {
    known,
    names: () => (parts ??= [known.name, ...known.otherNames].map((name) => nameParts(name))),
  };
};

const put = (index: Map<string, Entry[]>, key: string | null, entry: Entry): void => {
  if (key === null || key === '') return;
  const list = index.get(key);
  if (list === undefined) index.set(key, [entry]);
  else if (!list.includes(entry)) list.push(entry);
};

/** Indexes the known securities, in the order of their ids so that nothing hangs on how they were loaded. */
export const indexKnown = (known: readonly KnownSecurity[]): KnownIndex => {
  const byIsin = new Map<string, Entry[]>();
  const byCusip = new Map<string, Entry[]>();
  const bySedol = new Map<string, Entry[]>();
  const byFigi = new Map<string, Entry[]>();
  const byTicker = new Map<string, Entry[]>();
  const byName = new Map<string, Entry[]>();
  const byMoneyKey = new Map<string, Entry[]>();
  const sorted = known.toSorted((a, b) => (a.instrumentId < b.instrumentId ? -1 : 1));
  for (const security of sorted) {
    const entry = entryOf(security);
    if (security.kind === 'cash' || security.kind === 'derivative') {
      const tickers = security.listings.map((listing) => listing.ticker);
      for (const ticker of tickers.length > 0 ? tickers : [null]) {
        put(byMoneyKey, moneyKey({ ...security, ticker }), entry);
      }
      continue;
    }
    put(byIsin, security.isin, entry);
    put(byCusip, security.cusip ?? (security.isin === null ? null : cusipFromIsin(security.isin)), entry);
    put(bySedol, security.sedol ?? (security.isin === null ? null : sedolFromIsin(security.isin)), entry);
    put(byFigi, security.figi, entry);
    const by = { isin: byIsin, cusip: byCusip, sedol: bySedol, figi: byFigi };
    for (const { scheme, value } of security.otherNumbers ?? []) put(by[scheme], value, entry);
    for (const listing of security.listings) put(byTicker, normaliseTicker(listing.ticker), entry);
    for (const parts of entry.names()) put(byName, normalisedParts(parts), entry);
  }
  return { byIsin, byCusip, bySedol, byFigi, byTicker, byName, byMoneyKey };
};
