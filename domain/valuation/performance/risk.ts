/** How rough the way was: drawdown, volatility, best and worst months, all from the index of the time-weighted return. */
import { daysBetween } from '@pm/domain/calendar';

import type { IndexPoint } from './time-weighted.ts';

/** The deepest fall from a height. */
export type Drawdown = {
  /** Negative: −0.25 is a fall by a quarter. */
  readonly depth: number;
  readonly peak: Temporal.PlainDate;
  readonly trough: Temporal.PlainDate;
  /** The first day at the old height again; null while below it. */
  readonly recovered: Temporal.PlainDate | null;
};

/** The deepest one (the first of equals); null when the index never fell. */
export const maxDrawdown = (points: readonly IndexPoint[]): Drawdown | null => {
  let peak = points[0];
  let worst: (Omit<Drawdown, 'recovered'> & { readonly height: number; readonly at: number }) | undefined;
  for (const [at, point] of points.entries()) {
    if (peak === undefined || point.index >= peak.index) {
      peak = point;
      continue;
    }
    const depth = point.index / peak.index - 1;
    if (worst === undefined || depth < worst.depth) {
      worst = { depth, peak: peak.day, trough: point.day, height: peak.index, at };
    }
  }
  if (worst === undefined) return null;
  const { height, at, ...fall } = worst;
  const back = points.slice(at).find(({ index }) => index >= height);
  return { ...fall, recovered: back?.day ?? null };
};

const DAYS_PER_YEAR = 365;
/** Fewer returns than this say nothing about how much they scatter. */
const LEAST_RETURNS = 20;

/**
 * Standard deviation of the daily returns, per year: the sample's (n − 1), times √365 because calendar days are
 * counted, weekends with a return of nothing among them. Null for fewer than 20 days, and where a day is missing.
 */
export const volatility = (points: readonly IndexPoint[]): number | null => {
  const returns: number[] = [];
  for (const [at, point] of points.entries()) {
    const before = points[at - 1];
    if (before === undefined) continue;
    if (daysBetween(before.day, point.day) !== 1 || before.index === 0) return null;
    returns.push(point.index / before.index - 1);
  }
  if (returns.length < LEAST_RETURNS) return null;
  const mean = returns.reduce((sum, one) => sum + one, 0) / returns.length;
  const squares = returns.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return Math.sqrt((squares / (returns.length - 1)) * DAYS_PER_YEAR);
};

/** The return of a calendar month; `whole` is false where the index begins or ends within it. */
export type MonthReturn = {
  readonly month: Temporal.PlainYearMonth;
  readonly return: number;
  readonly whole: boolean;
};

/** Month by month; together they chain to the whole. A month without any point is left out. */
export const monthReturns = (points: readonly IndexPoint[]): MonthReturn[] => {
  const [start, ...days] = points;
  if (start === undefined) return [];
  const byMonth = Map.groupBy(days, ({ day }) => day.toPlainYearMonth().toString());
  const months: MonthReturn[] = [];
  let before = start;
  for (const [name, own] of byMonth) {
    const last = own.at(-1);
    if (last === undefined) continue;
    const month = Temporal.PlainYearMonth.from(name);
    const lastDay = month.toPlainDate({ day: month.daysInMonth });
    const whole =
      before.day.add({ days: 1 }).equals(month.toPlainDate({ day: 1 })) && last.day.equals(lastDay);
    if (before.index !== 0) months.push({ month, return: last.index / before.index - 1, whole });
    before = last;
  }
  return months;
};
