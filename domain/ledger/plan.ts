/**
 * Recurring plans: the days on which one is due, and how its amount is split. A plan's day is a day of the calendar; a
 * Saturday or Sunday is moved to the Monday after for the trade. Public holidays are not known here.
 *
 * Contents: PlanSchedule · plannedDays · nextPlannedDay · tradingDay · splitAmount
 */
import { isAfter, isBefore } from '@pm/domain/calendar';
import { HUNDRED, type Decimal } from '@pm/domain/money';

/** Monthly on a day from 1 to 31, the last day where a month has fewer; weekly on a day from 1 (Monday) to 7. */
export type PlanSchedule = { readonly every: 'month' | 'week'; readonly day: number };

const FRIDAY = 5;
const DAYS_A_WEEK = 7;

const inMonth = ({ year, month }: Temporal.PlainYearMonth, day: number): Temporal.PlainDate =>
  Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' });

/** The first day on or after `from` on which a plan is due. */
export const nextPlannedDay = (
  { every, day }: PlanSchedule,
  from: Temporal.PlainDate,
): Temporal.PlainDate => {
  if (every === 'week') return from.add({ days: (day - from.dayOfWeek + DAYS_A_WEEK) % DAYS_A_WEEK });
  const month = from.toPlainYearMonth();
  const inThis = inMonth(month, day);
  return isBefore(inThis, from) ? inMonth(month.add({ months: 1 }), day) : inThis;
};

/** Every day from `from` up to and including `until` on which a plan is due, at most `max` of them. */
export const plannedDays = (
  schedule: PlanSchedule,
  {
    from,
    until,
    max,
  }: { readonly from: Temporal.PlainDate; readonly until: Temporal.PlainDate; readonly max: number },
): Temporal.PlainDate[] => {
  const days: Temporal.PlainDate[] = [];
  let day = nextPlannedDay(schedule, from);
  while (!isAfter(day, until) && days.length < max) {
    days.push(day);
    day = nextPlannedDay(schedule, day.add({ days: 1 }));
  }
  return days;
};

/** The day of the trade: the planned day, or the Monday after where that is a Saturday or a Sunday. */
export const tradingDay = (day: Temporal.PlainDate): Temporal.PlainDate =>
  day.dayOfWeek > FRIDAY ? day.add({ days: DAYS_A_WEEK + 1 - day.dayOfWeek }) : day;

/** A part of a plan: a share of its amount in percent, or an amount of its own. */
export type PlanPart = { readonly percent: Decimal } | { readonly amount: Decimal };

/** The amount of each part; of percentages to the places of the currency, the last one taking what rounding leaves. */
export const splitAmount = (amount: Decimal, parts: readonly PlanPart[], places: number): Decimal[] => {
  let left = amount;
  return parts.map((part, at) => {
    if ('amount' in part) return part.amount;
    const share = amount.times(part.percent).div(HUNDRED).toDecimalPlaces(places);
    const taken = at === parts.length - 1 || share.greaterThan(left) ? left : share;
    left = left.minus(taken);
    return taken;
  });
};
