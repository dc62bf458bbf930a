/**
 * The money-weighted return: the one growth at which everything paid in and taken out comes to what is there at the end.
 *
 * A rate is a percentage and no sum of money, so it is a JavaScript number; the sums come in as exact decimals.
 */
import { daysBetween } from '@pm/domain/calendar';
import { ZERO, type Decimal } from '@pm/domain/money';

/** Money that comes in (positive) or goes out (negative) on a day, in the currency of the return. */
export type ExternalFlow = { readonly day: Temporal.PlainDate; readonly amount: Decimal };

/** What a period started with, what moved, and what was there at its end. */
export type MoneyWeightedInput = {
  /** The evening before the first day counted: from here the time runs. */
  readonly from: Temporal.PlainDate;
  readonly startValue: Decimal;
  /** Within (from, to]. Those of the last day still count, with no time to grow. */
  readonly flows: readonly ExternalFlow[];
  readonly to: Temporal.PlainDate;
  readonly endValue: Decimal;
};

/** A solution: growth over the whole period (0.1 is 10 %), and per year by ACT/365. */
export type MoneyWeightedRate = { readonly period: number; readonly perYear: number };

export type MoneyWeighted =
  | ({ readonly kind: 'one' } & MoneyWeightedRate)
  /** More than one rate fits, as can happen when money goes in and out by turns: none of them is the return. */
  | { readonly kind: 'several'; readonly rates: readonly MoneyWeightedRate[] }
  | {
      readonly kind: 'none';
      readonly reason: 'nothing_invested' | 'no_time' | 'no_rate_fits' | 'too_many_turns';
    };

/** A coefficient and the share of the period that is left for it to grow: Σ c·g^u = 0 is solved for the growth g. */
type Term = { readonly c: number; readonly u: number };

const DAYS_PER_YEAR = 365;

/**
 * Solves `startValue·g + Σ flow·g^(time left ÷ whole time) = endValue` for every growth g > 0.
 *
 * All solutions are found, not the nearest to a guess: the number of sign changes bounds that of the roots (Descartes;
 * for real exponents, Laguerre 1883), and between the roots of a suitable derivative there is at most one.
 */
export const moneyWeighted = (input: MoneyWeightedInput): MoneyWeighted => {
  const days = daysBetween(input.from, input.to);
  if (days <= 0) return { kind: 'none', reason: 'no_time' };
  const terms = termsOf(input, days);
  if (terms.length === 0) return { kind: 'none', reason: 'nothing_invested' };
  const rateOf = (logGrowth: number): MoneyWeightedRate => ({
    period: Math.expm1(logGrowth),
    perYear: Math.expm1((logGrowth * DAYS_PER_YEAR) / days),
  });
  // Nothing is left of what was paid in, and nothing was ever taken out.
  if (input.endValue.isZero() && terms.every(({ c }) => c > 0)) return { kind: 'one', ...rateOf(-Infinity) };
  const sure = onlyRoot(terms);
  if (sure !== null) return { kind: 'one', ...rateOf(sure) };
  if (workOf(terms) > WORK_MAX) return { kind: 'none', reason: 'too_many_turns' };
  const roots = rootsOf(terms);
  const [only] = roots;
  if (only === undefined) return { kind: 'none', reason: 'no_rate_fits' };
  return roots.length === 1
    ? { kind: 'one', ...rateOf(only) }
    : { kind: 'several', rates: roots.map(rateOf) };
};

/** One term for each day with money, by rising time left. */
const termsOf = ({ from, startValue, flows, to, endValue }: MoneyWeightedInput, days: number): Term[] => {
  const byTimeLeft = new Map<number, Decimal>();
  const add = (daysLeft: number, amount: Decimal): void => {
    byTimeLeft.set(daysLeft, (byTimeLeft.get(daysLeft) ?? ZERO).plus(amount));
  };
  add(days, startValue);
  add(0, endValue.negated());
  for (const { day, amount } of flows) {
    const left = daysBetween(day, to);
    if (left < 0 || left >= days) {
      throw new RangeError(
        `The flow of ${day.toString()} is not after ${from.toString()} and by ${to.toString()}`,
      );
    }
    add(left, amount);
  }
  return [...byTimeLeft]
    .filter(([, amount]) => !amount.isZero())
    .toSorted(([a], [b]) => a - b)
    .map(([left, amount]) => ({ c: amount.toNumber(), u: left / days }));
};

/**
 * The root that is certainly the only one, or null where that is not certain: the rate at which, grown from the first
 * day on, something is invested all the time. At any higher rate more would be left at the end, at any lower one less.
 * Source: C. Soper, The Marginal Efficiency of Capital: A Further Note, Economic Journal 1959.
 */
const onlyRoot = (terms: readonly Term[]): number | null => {
  const [first, last] = [signAt(terms, -Infinity), signAt(terms, Infinity)];
  if (first === 0 || last === 0 || first === last) return null;
  const root = bisect(terms, -Infinity, Infinity);
  let balance = 0;
  let left = Number.NaN;
  for (const { c, u } of terms.toReversed()) {
    if (balance < 0) return null;
    balance = (balance === 0 ? 0 : balance * Math.exp((left - u) * root)) + c;
    left = u;
  }
  return root;
};

/** Steps of the search for all roots that are still quick: beyond that a history turns too often for it. */
const WORK_MAX = 20_000_000;
const STEPS_PER_ROOT = 50;

/** Every turn of sign may be a root, at each of as many derivatives. */
const workOf = (terms: readonly Term[]): number => {
  const turns = terms.filter(({ c }, at) => at > 0 && c > 0 !== (terms[at - 1]?.c ?? c) > 0).length;
  return turns * turns * terms.length * STEPS_PER_ROOT;
};

/** Natural logarithms of all positive roots, rising. */
const rootsOf = (terms: readonly Term[]): number[] => {
  const turn = terms.findIndex(({ c }, index) => index > 0 && c > 0 !== (terms[index - 1]?.c ?? c) > 0);
  if (turn === -1) return [];
  // Divided by g^τ with τ between the terms where the sign first turns, the derivative turns once less.
  const tau = ((terms[turn - 1]?.u ?? 0) + (terms[turn]?.u ?? 0)) / 2;
  const critical = rootsOf(terms.map(({ c, u }) => ({ c: c * (u - tau), u })));
  const bounds = [-Infinity, ...critical, Infinity];
  const roots: number[] = [];
  for (const [index, high] of bounds.entries()) {
    const low = bounds[index - 1];
    if (low === undefined) continue;
    const [before, after] = [signAt(terms, low), signAt(terms, high)];
    // The curve touches zero at a turning point: two roots that are one.
    if (before === 0) roots.push(low);
    else if (after !== 0 && before !== after) roots.push(bisect(terms, low, high));
  }
  return roots;
};

/** Relative to the sum of the absolute terms, nearer to zero than doubles can tell. */
const ZERO_TOLERANCE = 1e-14;

/** The sign of the sum at the growth e^x; scaled so that nothing overflows, however near x is to a total loss. */
const signAt = (terms: readonly Term[], x: number): -1 | 0 | 1 => {
  if (x === -Infinity) return Math.sign(terms[0]?.c ?? 0) as -1 | 0 | 1;
  if (x === Infinity) return Math.sign(terms.at(-1)?.c ?? 0) as -1 | 0 | 1;
  const highest = x > 0 ? (terms.at(-1)?.u ?? 0) : (terms[0]?.u ?? 0);
  let sum = 0;
  let size = 0;
  for (const { c, u } of terms) {
    const part = c * Math.exp((u - highest) * x);
    sum += part;
    size += Math.abs(part);
  }
  if (Math.abs(sum) <= ZERO_TOLERANCE * size) return 0;
  return sum > 0 ? 1 : -1;
};

/** First step from a finite end towards an infinite one, doubled until the sign turns. */
const FIRST_STEP = 1;

/** The one root between two points of different sign, either of which may be infinite. */
const bisect = (terms: readonly Term[], from: number, to: number): number => {
  const below = signAt(terms, from);
  let low = from;
  let high = to;
  for (let step = FIRST_STEP; low === -Infinity; step *= 2) {
    const probe = (Number.isFinite(high) ? high : 0) - step;
    if (signAt(terms, probe) === below) low = probe;
    else high = probe;
  }
  for (let step = FIRST_STEP; high === Infinity; step *= 2) {
    const probe = low + step;
    if (signAt(terms, probe) === below) low = probe;
    else high = probe;
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (signAt(terms, middle) === below) low = middle;
    else high = middle;
  }
};
