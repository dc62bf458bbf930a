/**
 * The time-weighted return: what a pound that was there all the time became, whatever came and went meanwhile.
 *
 * Convention: what comes in on a day is there from its morning, what goes out leaves in its evening. So the first
 * purchase and the last sale fall into days that have something to earn on, and a day's own dealing gain counts.
 * Sums are exact decimals, returns are JavaScript numbers (0.1 is 10 %).
 */
import { ZERO, type Decimal } from '@pm/domain/money';

/** One calendar day of a holding, an account or a portfolio, in the currency of the return. */
export type ValuedDay = {
  readonly day: Temporal.PlainDate;
  /** Value in the evening; null when it is not known, because a price or rate is missing. */
  readonly value: Decimal | null;
  /** What came in on this day, not negative. */
  readonly inflow: Decimal;
  /** What went out on this day, not negative. */
  readonly outflow: Decimal;
};

/** The growth of one pound up to the evening of a day. */
export type IndexPoint = { readonly day: Temporal.PlainDate; readonly index: number };

export type TimeWeighted = {
  /** Return over the whole time; null when a day could not be counted. */
  readonly period: number | null;
  /** One for the evening before the first day, then one for each day whose value is known. */
  readonly points: readonly IndexPoint[];
  /** Days without a value: the step over them is taken as one, from the last value before to the next one after. */
  readonly bridged: readonly Temporal.PlainDate[];
  /** Days that end with a value although nothing was put in, or start below zero: no return can be said for them. */
  readonly undefinedDays: readonly Temporal.PlainDate[];
};

/** A step from one known value to the next. */
type Step = {
  readonly day: Temporal.PlainDate;
  readonly before: Decimal;
  readonly value: Decimal;
  readonly inflow: Decimal;
  readonly outflow: Decimal;
};

/** Growth of a step; null when it cannot be said. A step with nothing in it grows by nothing. */
const factorOf = ({ before, value, inflow, outflow }: Step): number | null => {
  const start = before.plus(inflow);
  const end = value.plus(outflow);
  if (start.isZero()) return end.isZero() ? 1 : null;
  if (start.isNegative() || end.isNegative()) return null;
  return end.div(start).toNumber();
};

/** Below this there is nothing at work: what rounding leaves where everything is gone. */
const NOTHING_AT_WORK = '0.000000000001';

/**
 * Growth of one day by its net flow: what comes in is there from the morning, what goes out leaves in the evening. Null
 * when it cannot be said.
 */
export const dayGrowth = ({
  before,
  value,
  flow,
}: {
  readonly before: Decimal;
  readonly value: Decimal;
  readonly flow: Decimal;
}): number | null => {
  const [start, end] = flow.isNegative() ? [before, value.minus(flow)] : [before.plus(flow), value];
  if (start.abs().lessThan(NOTHING_AT_WORK)) return end.abs().lessThan(NOTHING_AT_WORK) ? 1 : null;
  if (start.isNegative() || end.isNegative()) return null;
  return start.equals(end) ? 1 : end.div(start).toNumber();
};

/** Joins days into steps between known values. */
const stepsOf = (
  startValue: Decimal,
  days: readonly ValuedDay[],
): { readonly steps: readonly Step[]; readonly bridged: readonly Temporal.PlainDate[] } => {
  const steps: Step[] = [];
  const bridged: Temporal.PlainDate[] = [];
  let before = startValue;
  let [inflow, outflow] = [ZERO, ZERO];
  for (const one of days) {
    inflow = inflow.plus(one.inflow);
    outflow = outflow.plus(one.outflow);
    if (one.value === null) {
      bridged.push(one.day);
      continue;
    }
    steps.push({ day: one.day, before, value: one.value, inflow, outflow });
    before = one.value;
    [inflow, outflow] = [ZERO, ZERO];
  }
  return { steps, bridged };
};

/**
 * Chains the days. `startValue` is the value in the evening before the first of them, ZERO where nothing was held.
 * Days that end without a value (at the end too) are named in `bridged` and leave the return as of the last known one.
 */
export const timeWeighted = (startValue: Decimal, days: readonly ValuedDay[]): TimeWeighted => {
  const { steps, bridged } = stepsOf(startValue, days);
  const [first] = days;
  const undefinedDays: Temporal.PlainDate[] = [];
  let index = 1;
  const points: IndexPoint[] = first === undefined ? [] : [{ day: first.day.subtract({ days: 1 }), index }];
  for (const step of steps) {
    const factor = factorOf(step);
    if (factor === null) undefinedDays.push(step.day);
    else index *= factor;
    points.push({ day: step.day, index });
  }
  return { period: undefinedDays.length === 0 ? index - 1 : null, points, bridged, undefinedDays };
};

const DAYS_PER_YEAR = 365;

/** Return per year; null for a year or less, because a short run scaled up says what nobody earned. */
export const annualised = (period: number, days: number): number | null =>
  days <= DAYS_PER_YEAR ? null : Math.expm1((Math.log1p(period) * DAYS_PER_YEAR) / days);

/** What each part added to the return of the whole, by key. */
export type Contributions = ReadonlyMap<string, number>;

/**
 * Splits the return of the whole among its parts so that the parts add up to it: each part's gain of a step, over what
 * the whole had at work in that step, times what a pound in the whole had become by then. All parts and the whole have
 * the same days, and the whole is their sum; flows between parts count as flows of the parts.
 * @param whole the sum of the parts, with the flows from and to the outside only
 */
export const contributionsOf = (
  startValues: ReadonlyMap<string, Decimal>,
  parts: ReadonlyMap<string, readonly ValuedDay[]>,
  whole: { readonly startValue: Decimal; readonly days: readonly ValuedDay[] },
): Contributions => {
  const { steps } = stepsOf(whole.startValue, whole.days);
  const { points } = timeWeighted(whole.startValue, whole.days);
  const added = new Map<string, number>();
  for (const [key, days] of parts) {
    const own = new Map(
      stepsOf(startValues.get(key) ?? ZERO, onDays(days, steps)).steps.map((step) => [
        step.day.toString(),
        step,
      ]),
    );
    let sum = 0;
    for (const [at, step] of steps.entries()) {
      const part = own.get(step.day.toString());
      const atWork = step.before.plus(step.inflow);
      if (part === undefined || atWork.isZero()) continue;
      const gain = part.value.plus(part.outflow).minus(part.before).minus(part.inflow);
      sum += gain.div(atWork).toNumber() * (points[at]?.index ?? 1);
    }
    added.set(key, sum);
  }
  return added;
};

/** The days of a part, without a value where the whole has none: steps of both then end on the same days. */
const onDays = (days: readonly ValuedDay[], steps: readonly Step[]): ValuedDay[] => {
  const known = new Set(steps.map(({ day }) => day.toString()));
  return days.map((one) => (known.has(one.day.toString()) ? one : { ...one, value: null }));
};
