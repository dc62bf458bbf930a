/**
 * Gain that adds up (docs/calculations.md, "Gain of a holding").
 *
 * Contents: Gain · gainOn · addGains · GainSplit · splitGain · addSplits
 */
import { roundAmount, ZERO, type Decimal } from '@pm/domain/money';

import type { HoldingReplay, Terms, Totals } from './projection.ts';

/** What a holding or a portfolio has gained, with what went in and came out, all in one currency. */
export type Gain = Omit<Totals, 'realised' | 'incomeGain'> & {
  readonly value: Decimal;
  readonly cost: Decimal;
  readonly realised: Decimal;
  /** Value less cost, of what is held. */
  readonly unrealised: Decimal;
  readonly incomeGain: Decimal;
  /** value + proceeds + income − purchases − fees − taxes, which is realised + unrealised + incomeGain exactly. */
  readonly total: Decimal;
};

export const gainOn = ({ totals, position }: HoldingReplay, value: Decimal): Gain => {
  const unrealised = value.minus(position.cost);
  const { realised, incomeGain, ...sums } = totals;
  const out = sums.purchases.plus(sums.fees).plus(sums.taxes);
  const total = value.plus(sums.proceeds).plus(sums.income).minus(out);
  return { ...sums, value, cost: position.cost, realised, unrealised, incomeGain, total };
};

const NO_GAIN: Gain = {
  purchases: ZERO,
  proceeds: ZERO,
  income: ZERO,
  fees: ZERO,
  taxes: ZERO,
  value: ZERO,
  cost: ZERO,
  realised: ZERO,
  unrealised: ZERO,
  incomeGain: ZERO,
  total: ZERO,
};

/** The sum of gains of one currency. */
export const addGains = (gains: readonly Gain[]): Gain =>
  gains.reduce(
    (sum, gain) => ({
      purchases: sum.purchases.plus(gain.purchases),
      proceeds: sum.proceeds.plus(gain.proceeds),
      income: sum.income.plus(gain.income),
      fees: sum.fees.plus(gain.fees),
      taxes: sum.taxes.plus(gain.taxes),
      value: sum.value.plus(gain.value),
      cost: sum.cost.plus(gain.cost),
      realised: sum.realised.plus(gain.realised),
      unrealised: sum.unrealised.plus(gain.unrealised),
      incomeGain: sum.incomeGain.plus(gain.incomeGain),
      total: sum.total.plus(gain.total),
    }),
    NO_GAIN,
  );

/** Where a gain came from, in the portfolio's currency; the three add up to it exactly. */
export type GainSplit = { readonly price: Decimal; readonly currency: Decimal; readonly income: Decimal };

/** A history replayed in the portfolio's currency and in the holding's own, with what is held valued in both. */
export type InBoth = {
  readonly ours: HoldingReplay;
  readonly local: HoldingReplay;
  /** The terms of `ours` and `local`. */
  readonly terms: { readonly ours: Terms; readonly local: Terms };
  readonly value: { readonly ours: Decimal; readonly local: Decimal };
  /** Units of the portfolio's currency for one of the holding's own, now. */
  readonly rate: Decimal;
};

/**
 * Splits a gain: what the price did is the gain in the holding's own currency at the rate of the day on which it was
 * made; what the currency did is the rest.
 */
export const splitGain = ({ ours, local, terms, value, rate }: InBoth): GainSplit => {
  const unrealised = value.ours.minus(ours.position.cost);
  let price = roundAmount(value.local.minus(local.position.cost).times(rate));
  for (const step of local.steps) {
    if (step.realised.isZero()) continue;
    const onTheDay = terms.ours.rateOf(step.trade).div(terms.local.rateOf(step.trade));
    price = price.plus(roundAmount(step.realised.times(onTheDay)));
  }
  const made = ours.totals.realised.plus(unrealised);
  return { price, currency: made.minus(price), income: ours.totals.incomeGain };
};

export const addSplits = (splits: readonly GainSplit[]): GainSplit =>
  splits.reduce(
    (sum, split) => ({
      price: sum.price.plus(split.price),
      currency: sum.currency.plus(split.currency),
      income: sum.income.plus(split.income),
    }),
    { price: ZERO, currency: ZERO, income: ZERO },
  );
