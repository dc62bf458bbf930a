import type { Closures } from './closure.ts';
import { mainAttributes, type CompanyExposure } from './companies.ts';
import { companySums, type CompanySums } from './company-sums.ts';
import { concentrationOf, type Concentration } from './concentration.ts';
import { UNCLASSIFIED, wordOn, type Dimension } from './dimensions.ts';
import type { Basis, LookThroughGraph, Position } from './graph.ts';
import { COMPANY } from './kinds.ts';
import { largestOf } from './largest.ts';
import { lookThrough, type LookedThrough } from './looked-through.ts';
import {
  assumptionWarnings,
  basisWarnings,
  blockedIn,
  blockWarnings,
  dayWarnings,
  fundsOf,
  PATHS_CUT,
  type ExposureWarning,
  type FundUsed,
} from './notes.ts';
import { pathsOf } from './paths.ts';
import { NOISE_PCT } from './shares.ts';

/** Per cent by canonical English name, the largest first; sums to 100. */
export type Weights = Readonly<Record<string, number>>;

export type Exposure = {
  /** The newest day among the funds' holdings, ISO, or null where there is no fund. */
  readonly asOf: string | null;
  readonly basis: Basis;
  readonly byRegion: Weights;
  readonly bySector: Weights;
  readonly byIndustry: Weights;
  readonly byCountry: Weights;
  readonly byCurrency: Weights;
  readonly byAssetClass: Weights;
  /** Largest first. Cash, contracts and funds as such are no companies. */
  readonly byCompany: readonly CompanyExposure[];
  /** How many companies there are, also where `byCompany` was cut. */
  readonly companyCount: number;
  /** Per cent that was followed to the bottom: securities, cash and contracts. */
  readonly coveragePct: number;
  /** 100 − the sum of all parts: what no row accounts for. May be negative. */
  readonly unclassifiedPct: number;
  readonly concentration: Concentration;
  readonly funds: readonly FundUsed[];
  readonly warnings: readonly ExposureWarning[];
};

export type ExposureOptions = {
  /** Name at most this many companies, the largest. */
  readonly companies?: number;
  /** Closures made before over the same graph and basis: a fund is then not computed again. */
  readonly closures?: Closures;
};

/** Groups the sums by one dimension; what is missing from 100 goes to "Unclassified", which is always there. */
export const weightsBy = ({ sums, closures }: LookedThrough, dimension: Dimension): Weights => {
  const groups = new Map<string, number>();
  for (const [index, one] of closures.numbering.attributes.entries()) {
    const pct = sums.byAttribute[index] ?? 0;
    if (pct === 0) continue;
    const name = wordOn(one, dimension);
    groups.set(name, (groups.get(name) ?? 0) + pct);
  }
  const rest = 100 - sums.total;
  groups.set(UNCLASSIFIED, (groups.get(UNCLASSIFIED) ?? 0) + (Math.abs(rest) > NOISE_PCT ? rest : 0));
  return Object.fromEntries([...groups].toSorted(byPct));
};

const byPct = (a: readonly [string, number], b: readonly [string, number]): number =>
  b[1] - a[1] || (a[0] < b[0] ? -1 : 1);

/** The largest companies, with the ways in which they are held. */
const companiesOf = (
  looked: LookedThrough,
  { instrument, pct }: CompanySums,
  limit: number,
): { readonly companies: readonly CompanyExposure[]; readonly cut: boolean } => {
  const { instrumentIds, names, attributes, kinds } = looked.closures.numbering;
  const idAt = (at: number): string => instrumentIds[instrument[at] ?? 0] ?? '';
  const largest = largestOf(pct, limit, (a, b) => (idAt(a) < idAt(b) ? -1 : 1));
  const numbers = largest.map((at) => instrument[at] ?? 0);
  const main = mainAttributes(looked, numbers);
  const { paths, cut } = pathsOf(looked, numbers, (attribute) => ((kinds[attribute] ?? 0) & COMPANY) !== 0);
  const companies = largest.map((at, i): CompanyExposure => {
    const number = numbers[i] ?? 0;
    const own = attributes[main.get(number) ?? 0];
    return {
      instrumentId: instrumentIds[number] ?? '',
      name: names[number] ?? '',
      country: own?.country ?? UNCLASSIFIED,
      sector: own?.sector ?? UNCLASSIFIED,
      pct: pct[at] ?? 0,
      paths: paths.get(number) ?? [],
    };
  });
  return { companies, cut };
};

/**
 * What positions really are: each fund looked through to the bottom at its issuer's own weights and locations.
 *
 * Each map goes from canonical English name to per cent and sums to 100: what no row accounts for (100 − sum) is
 * "Unclassified" and may be negative. Cash and contracts count in every map, under the sector "Cash and derivatives".
 * A fund without constituents counts as itself and is reported; so is the part of a fund that contains itself.
 * Negative weights (shorts, overdrafts) stay negative. The order of positions and rows never matters.
 */
export const exposureOf = (
  positions: readonly Position[],
  graph: LookThroughGraph,
  basis: Basis,
  options: ExposureOptions = {},
): Exposure => exposureIn(lookThrough(positions, graph, basis, options.closures), options.companies);

/** The same of positions that were looked through before, with at most `limit` companies named. */
export const exposureIn = (looked: LookedThrough, limit = Number.POSITIVE_INFINITY): Exposure => {
  const { closures, parts, sums } = looked;
  const blocked = blockedIn(parts, closures);
  const funds = fundsOf(parts, blocked, closures);
  const all = companySums(looked);
  const { companies, cut } = companiesOf(looked, all, limit);
  const days = funds.map((fund) => fund.asOf).filter((day) => day !== null);
  return {
    asOf: days.toSorted().at(-1) ?? null,
    basis: closures.basis,
    byRegion: weightsBy(looked, 'region'),
    bySector: weightsBy(looked, 'sector'),
    byIndustry: weightsBy(looked, 'industry'),
    byCountry: weightsBy(looked, 'country'),
    byCurrency: weightsBy(looked, 'currency'),
    byAssetClass: weightsBy(looked, 'assetClass'),
    byCompany: companies,
    companyCount: all.instrument.length,
    coveragePct: sums.covered,
    unclassifiedPct: 100 - sums.total,
    concentration: concentrationOf(all.sharesPct),
    funds,
    warnings: [
      ...blockWarnings(blocked, closures),
      ...assumptionWarnings(funds),
      ...basisWarnings(parts, closures),
      ...dayWarnings(funds),
      ...(cut ? [PATHS_CUT] : []),
    ],
  };
};
