// Returns, the slow and obvious way. Growth day by day in exact fractions; rates by looking everywhere.

import { Fraction, ONE, ZERO } from './fraction.ts';

/** An evening's value with what came in that morning and went out that evening. Plain decimal text. */
export interface Evening {
  value: string;
  inflow: string;
  outflow: string;
}

/** The exact growth of one pound through all days; undefined where a day has nothing to grow from. */
export function growth(start: string, evenings: readonly Evening[]): Fraction | undefined {
  let before = Fraction.of(start);
  let total = ONE;
  for (const { value, inflow, outflow } of evenings) {
    const morning = before.plus(Fraction.of(inflow));
    const evening = Fraction.of(value).plus(Fraction.of(outflow));
    if (morning.isZero()) {
      if (!evening.isZero()) return undefined;
    } else {
      total = total.times(evening.over(morning));
    }
    before = Fraction.of(value);
  }
  return total;
}

/** What each part gained in money each day, over what the whole had that morning, grown from then to the end of the day before. */
export function contributions(
  start: readonly string[],
  parts: ReadonlyArray<readonly Evening[]>,
): Fraction[] {
  const days = parts[0]?.length ?? 0;
  const sums = parts.map(() => ZERO);
  let index = ONE;
  for (let day = 0; day < days; day += 1) {
    const mornings = parts.map((part, at) => {
      const before = day === 0 ? start[at] : part[day - 1]?.value;
      return Fraction.of(before ?? '0').plus(Fraction.of(part[day]?.inflow ?? '0'));
    });
    const evenings = parts.map((part) =>
      Fraction.of(part[day]?.value ?? '0').plus(Fraction.of(part[day]?.outflow ?? '0')),
    );
    const whole = mornings.reduce((sum, one) => sum.plus(one), ZERO);
    if (whole.isZero()) continue;
    let gained = ZERO;
    for (const [at, evening] of evenings.entries()) {
      const gain = evening.minus(mornings[at] ?? ZERO).over(whole);
      sums[at] = (sums[at] ?? ZERO).plus(gain.times(index));
      gained = gained.plus(gain);
    }
    index = index.times(ONE.plus(gained));
  }
  return sums;
}

/** Money paid in (positive) or taken out (negative), `at` days after the start. */
export interface Payment {
  at: number;
  amount: number;
}

/**
 * Every yearly rate (ACT/365) in a wide range at which the payments, grown to the last day, come to the end value:
 * steps through the range in 20,000 small steps of the logarithm and halves each one in which the sign turns.
 */
export function yearlyRates(
  start: number,
  payments: readonly Payment[],
  days: number,
  end: number,
): number[] {
  const surplus = (logYearly: number): number => {
    let sum = start * Math.exp((logYearly * days) / 365) - end;
    for (const { at, amount } of payments) sum += amount * Math.exp((logYearly * (days - at)) / 365);
    return sum;
  };
  const found: number[] = [];
  const [low, high, steps] = [-6, 6, 20_000];
  const width = (high - low) / steps;
  for (let step = 0; step < steps; step += 1) {
    let [from, to] = [low + step * width, low + (step + 1) * width];
    const sign = Math.sign(surplus(from));
    if (sign === 0 || sign === Math.sign(surplus(to))) continue;
    for (let halving = 0; halving < 60; halving += 1) {
      const middle = (from + to) / 2;
      if (Math.sign(surplus(middle)) === sign) from = middle;
      else to = middle;
    }
    found.push(Math.exp(from) - 1);
  }
  return found;
}
