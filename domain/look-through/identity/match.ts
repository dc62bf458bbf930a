import type { PublishedRow } from '../published/index.ts';
import { countryCode, micCountry } from '../terms/index.ts';
import { cusipFromIsin, sedolFromIsin } from './identifiers.ts';
import { indexKnown, moneyKey, type Entry, type KnownIndex, type KnownSecurity } from './known.ts';
import { classRelation, nameParts, normalisedParts, relationOf, type NameParts } from './names.ts';
import { normaliseTicker } from './tickers.ts';

/** A security that a row may be, and why. */
export type Candidate = { readonly instrumentId: string; readonly name: string; readonly why: string };

/**
 * How a row was matched: by a number; by its ticker on the same exchange or in the same country, with a name that
 * agrees; as a line without ticker, cash or a contract; by what a person said; or not.
 */
export type MatchMethod =
  | 'isin'
  | 'cusip'
  | 'sedol'
  | 'figi'
  | 'ticker-exchange'
  | 'ticker-country'
  | 'line'
  | 'cash'
  | 'contract'
  | 'decision'
  | 'new'
  | 'unsure';

/** Which known security a row is. `unsure` rows are kept apart until a person decides. */
export type Match = {
  readonly rowIndex: number;
  readonly outcome: 'same' | 'new' | 'unsure';
  /** Set for `same` only. */
  readonly instrumentId: string | null;
  /** For `unsure`: what it may be, in the order of instrument ids. */
  readonly candidates: readonly Candidate[];
  /** What the outcome rests on, in words. */
  readonly evidence: string;
  readonly method: MatchMethod;
};

type Verdict = {
  readonly entry: Entry;
  readonly sure: boolean;
  readonly exact: boolean;
  readonly why: string;
  readonly method: MatchMethod;
};

/** How the places of a row and a known listing relate. */
type Place = 'exact' | 'country' | 'unknown' | 'other';

/**
 * Where a security trades, by a North American number and the currency together: files of American issuers name neither
 * exchange nor country. It says nothing about the country of exposure.
 */
const marketByNumber = (one: Pick<KnownSecurity, 'isin' | 'cusip' | 'currency'>): 'US' | 'CA' | null => {
  const prefix = one.isin?.slice(0, 2);
  if (one.currency === 'USD' && (one.cusip !== null || prefix === 'US')) return 'US';
  return one.currency === 'CAD' && (one.cusip !== null || prefix === 'CA') ? 'CA' : null;
};

const placeOf = (row: PublishedRow, entry: Entry, ticker: string | null): Place => {
  const listings = entry.known.listings.filter(
    (listing) => ticker === null || normaliseTicker(listing.ticker) === ticker,
  );
  const mics = listings.map((listing) => listing.mic).filter((mic) => mic !== null);
  if (row.mic !== null && mics.includes(row.mic)) return 'exact';
  const venue = row.mic === null ? null : micCountry(row.mic);
  const venues = mics.map((mic) => micCountry(mic)).filter((country) => country !== null);
  // Within one country a ticker names one security whatever the exchange (NYSE or Nasdaq, Shanghai or Shenzhen).
  if (venue !== null && venues.length > 0) return venues.includes(venue) ? 'country' : 'other';
  const codesOf = (places: ReadonlyArray<string | null>, one: Parameters<typeof marketByNumber>[0]) => {
    const codes = places.filter((code) => code !== null);
    const market = codes.length === 0 ? marketByNumber(one) : null;
    return market === null ? codes : [market];
  };
  const mine = codesOf([venue, countryCode(row.country)], row);
  const theirs = codesOf(
    [...venues, entry.known.country === null ? null : countryCode(entry.known.country)],
    entry.known,
  );
  if (mine.length === 0 || theirs.length === 0) return 'unknown';
  return mine.some((code) => theirs.includes(code)) ? 'country' : 'other';
};

/** True when both carry an identifier of one kind and the two differ: then they are two securities. */
const identifiersDiffer = (row: PublishedRow, known: KnownSecurity): boolean =>
  (['isin', 'cusip', 'sedol'] as const).some((scheme) => {
    const [mine, theirs] = [row[scheme], known[scheme]];
    if (mine === null || theirs === null || mine === theirs) return false;
    return !(known.otherNumbers ?? []).some((other) => other.scheme === scheme && other.value === mine);
  });

type NameVerdict = {
  readonly relation: ReturnType<typeof relationOf>;
  readonly class: ReturnType<typeof classRelation>;
};

const ORDER = ['same', 'within', 'similar', 'different'];

/** The best relation of a row's name to any name of a known security. */
const nameVerdict = (parts: NameParts, entry: Entry): NameVerdict => {
  const verdicts = entry
    .names()
    .map((other) => ({ relation: relationOf(parts, other), class: classRelation(parts, other) }));
  const ranked = verdicts.toSorted(
    (a, b) =>
      Number(a.class === 'different') - Number(b.class === 'different') ||
      ORDER.indexOf(a.relation) - ORDER.indexOf(b.relation),
  );
  return ranked[0] ?? { relation: 'different', class: 'same' };
};

const RELATION_WORDS: Readonly<Record<NameVerdict['relation'], string>> = {
  same: 'the name agrees',
  within: 'one name is part of the other',
  similar: 'the names resemble each other',
  different: 'the name differs',
};

/** Judges a known security that has the row's ticker. Null: certainly another one. */
const judgeTicker = (row: PublishedRow, parts: NameParts, entry: Entry, ticker: string): Verdict | null => {
  const place = placeOf(row, entry, ticker);
  const name = nameVerdict(parts, entry);
  const where = {
    exact: ` on ${row.mic ?? ''}`,
    country: ' in the same country',
    unknown: '',
    other: ' elsewhere',
  }[place];
  const why = `Same ticker ${row.ticker ?? ''}${where}; ${RELATION_WORDS[name.relation]}`;
  const verdict = (sure: boolean, words = why): Verdict => ({
    entry,
    sure,
    exact: place === 'exact',
    why: words,
    method: place === 'exact' ? 'ticker-exchange' : 'ticker-country',
  });
  const agrees = name.relation === 'same' && name.class !== 'different';
  if (identifiersDiffer(row, entry.known)) {
    return agrees && place !== 'other' ? verdict(false, `${why}, but the identifiers differ`) : null;
  }
  if (name.class === 'different') {
    return place === 'exact' ? verdict(false, `${why}, but the share class differs`) : null;
  }
  if (place === 'other') {
    const sameHome = row.country !== 'Unclassified' && row.country === entry.known.country;
    return agrees && sameHome ? verdict(false) : null;
  }
  if (place === 'unknown') {
    return name.relation === 'different' ? null : verdict(false, `${why}; no exchange or country to compare`);
  }
  if (agrees) return verdict(place === 'exact' || !oneIsPreferred(parts, entry));
  if (name.relation === 'within') return verdict(place === 'exact' || differsByAndCo(parts, entry));
  if (name.relation === 'similar') return verdict(false);
  return place === 'exact' ? verdict(false) : null;
};

const AND_CO = /&$/;

/** True for ELI LILLY & CO and ELI LILLY. In another country the "& CO" tells two apart: MERCK & CO is not MERCK. */
const differsByAndCo = (parts: NameParts, entry: Entry): boolean =>
  entry.names().some((other) => other.compact.replace(AND_CO, '') === parts.compact.replace(AND_CO, ''));

const oneIsPreferred = (parts: NameParts, entry: Entry): boolean =>
  entry
    .names()
    .every((other) => other.special !== parts.special && /PREF|PARTIC/.test(other.special + parts.special));

/**
 * True for a line that its issuer publishes without any ticker, again: the very same name, exchange, country and
 * currency. Unlisted rights and suspended shares come so, and would otherwise be new with each file.
 */
const isUntickeredTwin = (row: PublishedRow, { known }: Entry): boolean => {
  if (row.ticker !== null || known.listings.some((listing) => listing.ticker !== null)) return false;
  const mics = known.listings.map((listing) => listing.mic).filter((mic) => mic !== null);
  const sameExchange = row.mic === null ? mics.length === 0 : mics.includes(row.mic);
  return (
    sameExchange &&
    row.country === (known.country ?? 'Unclassified') &&
    row.currency === known.currency &&
    row.name.toUpperCase() === known.name.toUpperCase()
  );
};

/** Judges a known security that has the row's name but not its ticker: sure only where neither ever had one. */
const judgeName = (row: PublishedRow, entry: Entry): Verdict | null => {
  if (identifiersDiffer(row, entry.known)) return null;
  if (isUntickeredTwin(row, entry)) {
    return {
      entry,
      sure: true,
      exact: true,
      why: 'The same line without a ticker: name, exchange, country and currency agree',
      method: 'line',
    };
  }
  const place = placeOf(row, entry, null);
  const sameHome = row.mic === null && row.country !== 'Unclassified' && row.country === entry.known.country;
  if (place !== 'exact' && !(place === 'country' && sameHome)) return null;
  const ticker = row.ticker === null ? 'the row has no ticker' : `ticker ${row.ticker} is new`;
  return {
    entry,
    sure: false,
    exact: false,
    method: 'unsure',
    why: `Same name in the same place, but ${ticker}`,
  };
};

type Hit = { readonly entry: Entry; readonly why: string; readonly method: MatchMethod };

const identifierHits = (row: PublishedRow, index: KnownIndex): Hit[] => {
  const cusip = row.cusip ?? (row.isin === null ? null : cusipFromIsin(row.isin));
  const sedol = row.sedol ?? (row.isin === null ? null : sedolFromIsin(row.isin));
  const keys = [
    ['isin', row.isin, index.byIsin],
    ['cusip', cusip, index.byCusip],
    ['sedol', sedol, index.bySedol],
    ['figi', row.figi, index.byFigi],
  ] as const;
  const hits: Hit[] = [];
  for (const [method, value, byValue] of keys) {
    for (const entry of value === null ? [] : (byValue.get(value) ?? [])) {
      const why = `${method.toUpperCase()} ${value ?? ''}`;
      if (!hits.some((hit) => hit.entry === entry)) hits.push({ entry, why, method });
    }
  }
  return hits;
};

const same = (rowIndex: number, entry: Entry, evidence: string, method: MatchMethod): Match => ({
  rowIndex,
  outcome: 'same',
  instrumentId: entry.known.instrumentId,
  candidates: [],
  evidence,
  method,
});

const unsure = (rowIndex: number, found: ReadonlyArray<{ entry: Entry; why: string }>): Match => {
  const candidates = found
    .map(({ entry, why }) => ({ instrumentId: entry.known.instrumentId, name: entry.known.name, why }))
    .toSorted((a, b) => (a.instrumentId < b.instrumentId ? -1 : 1));
  const [first] = candidates;
  const evidence =
    candidates.length === 1 ? (first?.why ?? '') : `May be any of ${candidates.length} securities`;
  return { rowIndex, outcome: 'unsure', instrumentId: null, candidates, evidence, method: 'unsure' };
};

const fresh = (rowIndex: number, evidence: string): Match => ({
  rowIndex,
  outcome: 'new',
  instrumentId: null,
  candidates: [],
  evidence,
  method: 'new',
});

/** Those of the highest precedence. */
const foremost = <T extends { readonly entry: Entry }>(found: readonly T[]): readonly T[] => {
  const precedenceOf = (one: T): number => one.entry.known.precedence ?? 0;
  const highest = Math.max(...found.map(precedenceOf));
  return found.filter((one) => precedenceOf(one) === highest);
};

const matchMoney = (row: PublishedRow, rowIndex: number, key: string, index: KnownIndex): Match => {
  const [found] = foremost((index.byMoneyKey.get(key) ?? []).map((one) => ({ entry: one })));
  const entry = found?.entry;
  if (entry === undefined) {
    return fresh(rowIndex, row.kind === 'cash' ? 'Cash in a new currency' : 'A new contract');
  }
  return same(
    rowIndex,
    entry,
    row.kind === 'cash' ? `Cash in ${row.currency ?? 'no currency'}` : 'The same contract',
    row.kind === 'cash' ? 'cash' : 'contract',
  );
};

/** Draws one outcome from what was found: a single sure one, the exact ones before the others, else a question. */
const decide = (rowIndex: number, verdicts: readonly Verdict[]): Match | null => {
  const sure = verdicts.filter((verdict) => verdict.sure);
  const exact = sure.filter((verdict) => verdict.exact);
  const decisive = foremost(exact.length > 0 ? exact : sure);
  const [only] = decisive;
  if (only !== undefined && decisive.length === 1) return same(rowIndex, only.entry, only.why, only.method);
  if (decisive.length > 1) return unsure(rowIndex, decisive);
  return verdicts.length > 0 ? unsure(rowIndex, verdicts) : null;
};

const matchSecurity = (row: PublishedRow, rowIndex: number, index: KnownIndex): Match => {
  const hits = identifierHits(row, index);
  const agreeing = hits.every((one) => !identifiersDiffer(row, one.entry.known)) ? foremost(hits) : [];
  const [hit] = agreeing;
  if (hit !== undefined && agreeing.length === 1) return same(rowIndex, hit.entry, hit.why, hit.method);
  if (hits.length > 0) return unsure(rowIndex, hits);

  const parts = nameParts(row.name);
  const ticker = normaliseTicker(row.ticker);
  const byTicker = (ticker === '' ? [] : (index.byTicker.get(ticker) ?? []))
    .map((entry) => judgeTicker(row, parts, entry, ticker))
    .filter((verdict) => verdict !== null);
  const byName = (): Verdict[] =>
    (index.byName.get(normalisedParts(parts)) ?? [])
      .map((entry) => judgeName(row, entry))
      .filter((verdict) => verdict !== null);
  return (
    decide(rowIndex, byTicker) ?? decide(rowIndex, byName()) ?? fresh(rowIndex, 'Nothing known resembles it')
  );
};

/**
 * Says for each row which known security it is: by ISIN; else by CUSIP, SEDOL or FIGI; else by ticker with exchange or
 * country and an agreeing name. What is not certain is `unsure`, never guessed. Each row is judged by itself against
 * look-up tables, so neither the order of the rows nor that of the known securities matters.
 */
export const matchSecurities = (
  rows: readonly PublishedRow[],
  known: readonly KnownSecurity[],
): readonly Match[] => {
  const index = indexKnown(known);
  return rows.map((row, rowIndex) => {
    const key = moneyKey(row);
    return key === null ? matchSecurity(row, rowIndex, index) : matchMoney(row, rowIndex, key, index);
  });
};
