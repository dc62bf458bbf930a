import { dec, HUNDRED, ZERO } from '@pm/domain/money';
import type { Basis, FundColumns } from './graph.ts';

/** Why a basis could not be used for a fund. */
export type WeightProblem = 'sum_is_not_positive' | 'market_values_missing' | 'some_market_values_missing';

export type FundWeights = { readonly pct: Float64Array; readonly problem: WeightProblem | null };

/** A sum below this cannot be divided by without making noise of it. */
const LEAST_SUM_PCT = 1e-6;

const normalised = (published: Float64Array): FundWeights => {
  const sum = published.reduce((total, weight) => total + weight, 0);
  if (!(sum > LEAST_SUM_PCT)) return { pct: published, problem: 'sum_is_not_positive' };
  return { pct: published.map((weight) => (weight * 100) / sum), problem: null };
};

/** Each row's share of the fund's market values. */
export type MarketShares = { readonly pct: Float64Array | null; readonly hasGaps: boolean };

/**
 * Divides market values by their sum, exactly, before they become percentages. `pct` is null where they do not sum to
 * more than nothing; `hasGaps` where a row has a weight and no value.
 * @param values decimal strings in one currency
 */
export const marketShares = (values: ReadonlyArray<string | null>, weightPct: Float64Array): MarketShares => {
  const exact = values.map((value) => (value === null ? null : dec(value)));
  const sum = exact.reduce((total, value) => (value === null ? total : (total ?? ZERO).plus(value)), ZERO);
  if (sum === null || sum.lte(0)) return { pct: null, hasGaps: false };
  const pct = new Float64Array(values.length);
  let hasGaps = false;
  for (const [i, value] of exact.entries()) {
    pct[i] = value === null ? 0 : value.times(HUNDRED).div(sum).toNumber();
    hasGaps ||= value === null && weightPct[i] !== 0;
  }
  return { pct, hasGaps };
};

/**
 * A fund's weights on a basis, in per cent of the fund. Where a basis cannot be used, `problem` says so: a fund without
 * market values falls back to its normalised weights, one whose weights sum to nothing to the published ones.
 */
export const weightsOn = (fund: FundColumns, basis: Basis): FundWeights => {
  if (basis === 'published') return { pct: fund.weightPct, problem: null };
  if (basis === 'normalised') return normalised(fund.weightPct);
  if (fund.marketPct === null) {
    return { pct: normalised(fund.weightPct).pct, problem: 'market_values_missing' };
  }
  return { pct: fund.marketPct, problem: fund.hasMarketGaps ? 'some_market_values_missing' : null };
};
