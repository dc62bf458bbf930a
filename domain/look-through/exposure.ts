import type { Closures } from './closure.ts';
import { companiesIn, pathsTo, type CompanyExposure } from './companies.ts';
import { concentrationOf, type Concentration } from './concentration.ts';
import { UNCLASSIFIED, wordOn, type Dimension } from './dimensions.ts';
import type { Basis, LookThroughGraph, Position } from './graph.ts';
import { equityByCompany } from './issuers.ts';
import { lookThrough, NOISE_PCT, type LookedThrough } from './looked-through.ts';
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

/** Per cent by canonical English name, the largest first; sums to 100. */
export type Weights = Readonly<Record<string, number>>;

export type Exposure = {
  /** The newest day among the funds' holdings, ISO, or null where there is no fund. */
  readonly asOf: string | null;
  readonly basis: Basis;
  readonly byRegion: Weights;
  readonly bySector: Weights;
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

const companiesOf = (
  looked: LookedThrough,
  limit: number,
): { readonly companies: readonly CompanyExposure[]; readonly count: number; readonly cut: boolean } => {
  const { companies } = companiesIn(looked);
  const named = companies.slice(0, limit);
  const { paths, cut } = pathsTo(
    looked,
    named.map((one) => one.instrumentId),
  );
  return {
    companies: named.map(({ instrumentId, name, words, pct }) => ({
      instrumentId,
      name,
      country: words.country,
      sector: words.sector,
      pct,
      paths: paths.get(instrumentId) ?? [],
    })),
    count: companies.length,
    cut,
  };
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
  const { companies, count, cut } = companiesOf(looked, limit);
  const days = funds.map((fund) => fund.asOf).filter((day) => day !== null);
  return {
    asOf: days.toSorted().at(-1) ?? null,
    basis: closures.basis,
    byRegion: weightsBy(looked, 'region'),
    bySector: weightsBy(looked, 'sector'),
    byCountry: weightsBy(looked, 'country'),
    byCurrency: weightsBy(looked, 'currency'),
    byAssetClass: weightsBy(looked, 'assetClass'),
    byCompany: companies,
    companyCount: count,
    coveragePct: sums.covered,
    unclassifiedPct: 100 - sums.total,
    concentration: concentrationOf([...equityByCompany(looked).values()]),
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
