import { dec, HUNDRED, ZERO } from '@pm/domain/money';
import type { Basis, FundVersion } from './graph.ts';

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

const byMarketValue = (fund: FundVersion): FundWeights => {
  const values = fund.marketValue.map((value) => (value === null ? null : dec(value)));
  const sum = values.reduce((total, value) => (value === null ? total : (total ?? ZERO).plus(value)), ZERO);
  if (sum === null || sum.lte(0)) {
    return { pct: normalised(fund.weightPct).pct, problem: 'market_values_missing' };
  }
  const pct = new Float64Array(fund.weightPct.length);
  let missing = false;
  for (const [i, value] of values.entries()) {
    pct[i] = value === null ? 0 : value.times(HUNDRED).div(sum).toNumber();
    missing ||= value === null && fund.weightPct[i] !== 0;
  }
  return { pct, problem: missing ? 'some_market_values_missing' : null };
};

/**
 * A fund's weights on a basis, in per cent of the fund. Where a basis cannot be used, `problem` says so: a fund without
 * market values falls back to its normalised weights, one whose weights sum to nothing to the published ones.
 */
export const weightsOn = (fund: FundVersion, basis: Basis): FundWeights => {
  if (basis === 'published') return { pct: fund.weightPct, problem: null };
  return basis === 'normalised' ? normalised(fund.weightPct) : byMarketValue(fund);
};
