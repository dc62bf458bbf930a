// Exposure and overlap, the slow and obvious way: open every fund into (line, exact share) pairs, then add up.

import type { Fraction } from './fraction.ts';
import { Fraction as F, HUNDRED, ONE, ZERO, min, sum } from './fraction.ts';
import type { Identities } from './identity.ts';
import type { Fund, Row } from './issuer-file.ts';
import { UNCLASSIFIED, regionOf } from './tables.ts';

export type Basis = 'published' | 'normalised' | 'marketValue';
export type Funds = ReadonlyMap<string, Fund>;
type Totals = Map<string, Fraction>;

/** A line met while opening funds: its share of the whole (1 = all) and the funds passed on the way. */
export interface Leaf {
  row: Row | null;
  share: Fraction;
  via: string[];
}

/** The share of its fund that each line has, on a basis. The shares need not add up to 1. */
function sharesOf(fund: Fund, basis: Basis): Fraction[] {
  const hasMarketValues = fund.rows.some((row) => row.marketValue !== null);
  const useMarketValue = basis === 'marketValue' && hasMarketValues;
  const figures = fund.rows.map((row) => (useMarketValue ? row.marketValue : row.weight) ?? ZERO);
  const whole = basis === 'published' ? HUNDRED : sum(figures);
  return figures.map((figure) => figure.over(whole));
}

/**
 * Opens a fund down to its last lines. A leaf with `row` null is a part of a fund that its lines do not cover
 * (100 − sum, may be negative), a fund without known lines, or a fund met again on its own path.
 */
export function open(
  funds: Funds,
  key: string,
  basis: Basis,
  warnings: string[] = [],
  from: { share: Fraction; path: string[] } | null = null,
): Leaf[] {
  const { share, path } = from ?? { share: ONE, path: [] };
  const fund = funds.get(key);
  const via = [...path, key];
  if (fund === undefined || path.includes(key)) {
    warnings.push(fund === undefined ? `no lines known for ${key}` : `cycle: ${via.join(' > ')}`);
    return [{ row: null, share, via }];
  }
  for (const warning of fund.warnings) warnings.push(`${key}: ${warning}`);
  const shares = sharesOf(fund, basis);
  const leaves = fund.rows.flatMap((row, i): Leaf[] => {
    const part = share.times(shares[i] ?? ZERO);
    return row.fund === null
      ? [{ row, share: part, via }]
      : open(funds, row.fund, basis, warnings, { share: part, path: via });
  });
  const rest = ONE.minus(sum(shares));
  return rest.isZero() ? leaves : [...leaves, { row: null, share: share.times(rest), via }];
}

/** Key of the made-up fund that stands for a portfolio. It is left out of the paths. */
const PORTFOLIO = '(portfolio)';

/** A portfolio as a fund whose lines are funds, weighted by value (any unit, exact decimals). */
export function portfolioOf(values: ReadonlyArray<{ fund: string; value: string }>): Fund {
  const total = sum(values.map(({ value }) => F.of(value)));
  return {
    key: PORTFOLIO,
    asOf: '',
    checksum: null,
    warnings: [],
    rows: values.map(({ fund, value }) => fundLine(fund, F.of(value).over(total).times(HUNDRED))),
  };
}

/** A line that is a holding in another fund. */
export function fundLine(fund: string, weight: Fraction): Row {
  const nothing = {
    isin: null,
    exchange: null,
    sector: null,
    country: null,
    currency: null,
    marketValue: null,
  };
  return { ...nothing, ticker: fund, name: fund, kind: 'fund', weight, fund };
}

export interface Company {
  name: string;
  pct: number;
  paths: Array<{ via: string[]; pct: number }>;
}

export interface Exposure {
  basis: Basis;
  byRegion: Record<string, number>;
  bySector: Record<string, number>;
  byCountry: Record<string, number>;
  byCurrency: Record<string, number>;
  topCompanies: Company[];
  companies: number;
  /** 100 − sum of the published lines, looked through: what no line covers. */
  uncoveredPct: number;
  warnings: string[];
}

/** Percentage with six places, as a JSON number. */
export function pct(share: Fraction): number {
  return Number(share.times(HUNDRED).toFixed(6));
}

function add(totals: Totals, name: string, share: Fraction): void {
  totals.set(name, (totals.get(name) ?? ZERO).plus(share));
}

/** Names from the largest to the smallest; "Unclassified" is always there, because it may be asked for. */
function ordered(totals: Totals): Record<string, number> {
  if (sum(totals.values()).compare(ONE) !== 0) throw new Error('a map does not sum to 100');
  const entries = [...totals].toSorted(([a, x], [b, y]) => y.compare(x) || (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, share]) => [name, pct(share)]));
}

function classify(leaves: Leaf[], wordOf: (row: Row) => string | null): Record<string, number> {
  const totals: Totals = new Map([[UNCLASSIFIED, ZERO]]);
  for (const { row, share } of leaves) {
    add(totals, (row === null ? null : wordOf(row)) ?? UNCLASSIFIED, share);
  }
  return ordered(totals);
}

function companiesOf(leaves: Leaf[], identities: Identities): Company[] {
  const found = new Map<string, { total: Fraction; paths: Totals }>();
  for (const { row, share, via } of leaves) {
    if (row === null || row.kind !== 'equity') continue;
    const id = identities.idOf(row);
    const company = found.get(id) ?? { total: ZERO, paths: new Map() };
    company.total = company.total.plus(share);
    add(company.paths, via.filter((key) => key !== PORTFOLIO).join(' > '), share);
    found.set(id, company);
  }
  const largestFirst = (a: Fraction, b: Fraction): number => b.compare(a);
  return [...found]
    .toSorted(
      ([a, x], [b, y]) =>
        largestFirst(x.total, y.total) || (identities.nameOf(a) < identities.nameOf(b) ? -1 : 1),
    )
    .map(([id, { total, paths }]) => ({
      name: identities.nameOf(id),
      pct: pct(total),
      paths: [...paths]
        .toSorted(([, x], [, y]) => largestFirst(x, y))
        .map(([via, share]) => ({ via: via.split(' > '), pct: pct(share) })),
    }));
}

/** What a fund really holds, opened through all its funds, on one basis. Every map sums to 100. */
export function exposure(
  funds: Funds,
  key: string,
  basis: Basis,
  identities: Identities,
  top = 10,
): Exposure {
  const warnings: string[] = [];
  const leaves = open(funds, key, basis, warnings);
  const companies = companiesOf(leaves, identities);
  return {
    basis,
    byRegion: classify(leaves, (row) => (row.country === null ? null : regionOf(row.country))),
    bySector: classify(leaves, (row) => row.sector),
    byCountry: classify(leaves, (row) => row.country),
    byCurrency: classify(leaves, (row) => row.currency),
    topCompanies: companies.slice(0, top),
    companies: companies.length,
    uncoveredPct: pct(sum(leaves.filter(({ row }) => row === null).map(({ share }) => share))),
    warnings: [...new Set(warnings)],
  };
}

/** The published equity weight of each security in a fund, looked through, as shares of 1. Never rescaled. */
export function equityWeights(funds: Funds, key: string, identities: Identities): Totals {
  const totals: Totals = new Map();
  for (const { row, share } of open(funds, key, 'published')) {
    if (row !== null && row.kind === 'equity') add(totals, identities.idOf(row), share);
  }
  return totals;
}

/** Σ min of the positive equity weights that two funds share, in percent. */
export function overlapPct(a: Totals, b: Totals): number {
  let total = ZERO;
  for (const [id, share] of a) {
    const other = b.get(id);
    if (other === undefined || share.isNegative() || other.isNegative()) continue;
    total = total.plus(min(share, other));
  }
  return pct(total);
}

/** The whole matrix, 100 on the diagonal by definition, and how many securities each pair shares. */
export function overlapMatrix(
  funds: Funds,
  keys: readonly string[],
  identities: Identities,
): {
  matrix: Record<string, Record<string, number>>;
  sharedSecurities: Record<string, Record<string, number>>;
} {
  const weights = new Map(keys.map((key) => [key, equityWeights(funds, key, identities)]));
  const table = (cell: (a: string, b: string) => number): Record<string, Record<string, number>> =>
    Object.fromEntries(keys.map((a) => [a, Object.fromEntries(keys.map((b) => [b, cell(a, b)]))]));
  const of = (key: string): Totals => weights.get(key) ?? new Map();
  return {
    matrix: table((a, b) => (a === b ? 100 : overlapPct(of(a), of(b)))),
    sharedSecurities: table((a, b) => [...of(a).keys()].filter((id) => of(b).has(id)).length),
  };
}

/** What counts under both words, "sector | country", on the published weights; sums to 100. */
export function sectorAndCountry(funds: Funds, key: string): Record<string, number> {
  return classify(open(funds, key, 'published'), ({ sector, country }) =>
    sector === null && country === null ? null : `${sector ?? UNCLASSIFIED} | ${country ?? UNCLASSIFIED}`,
  );
}

/** One over the sum of the squared parts that each security has of the shares held; six places. */
export function effectiveCount(weights: Totals): number {
  const held = [...weights.values()].filter((share) => !share.isNegative());
  const total = sum(held);
  const squares = held.map((share) => share.over(total).times(share.over(total)));
  return Number(ONE.over(sum(squares)).toFixed(6));
}

/** What a candidate has in securities that are held and in others, and its overlap with all that is held. */
export function candidate(
  held: Totals,
  wanted: Totals,
): { alreadyHeldPct: number; newPct: number; overlapPct: number } {
  const isHeld = (id: string): boolean => {
    const share = held.get(id);
    return share !== undefined && !share.isNegative() && !share.isZero();
  };
  const positive = [...wanted].filter(([, share]) => !share.isNegative());
  const part = (inside: boolean): Fraction =>
    sum(positive.filter(([id]) => isHeld(id) === inside).map(([, share]) => share));
  return { alreadyHeldPct: pct(part(true)), newPct: pct(part(false)), overlapPct: overlapPct(wanted, held) };
}
