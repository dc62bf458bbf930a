/**
 * The period that a person asks about.
 *
 * Contents: readPeriod
 */
import type { PERIOD_NAMES } from '@pm/contracts/valuation';
import { dayIn, endOfDay, isAfter, isBefore } from '@pm/domain/calendar';
import { periodOf } from '@pm/domain/valuation/performance';

import { checkDay } from '#features/ledger';
import { unprocessable } from '#platform/errors.ts';

type PeriodName = (typeof PERIOD_NAMES)[number];

export type PeriodAsked = {
  readonly from?: string;
  readonly to?: string;
  readonly period?: PeriodName;
  readonly now: Temporal.Instant;
  readonly timezone: string;
};

/** Counts from the evening of `from` to the evening of `to`, or to now where `to` is today. */
export type ReadPeriod = {
  readonly name: PeriodName | null;
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
  /** After this instant no price counts. */
  readonly until: Temporal.Instant;
};

/**
 * Days win over a name; without either the period is everything since the first trade.
 * @param first the day of the first trade; today when there is none
 * @throws {AppError} 422 naming `from`, `to` or `period`
 */
export const readPeriod = (asked: PeriodAsked, first: Temporal.PlainDate | null): ReadPeriod => {
  const today = dayIn(asked.now, asked.timezone);
  if (asked.from !== undefined && asked.period !== undefined) {
    throw unprocessable('two_periods', 'Give either from or period, not both.', 'period');
  }
  const to = asked.to === undefined ? today : checkDay('to', asked.to, today);
  const until = to.equals(today) ? asked.now : endOfDay(to, asked.timezone);
  const start = first === null || isAfter(first, to) ? to : first;
  if (asked.from === undefined) {
    const name = asked.period ?? 'start';
    return { name, ...periodOf(name, to, start), until };
  }
  const from = checkDay('from', asked.from, today);
  if (!isBefore(from, to)) {
    throw unprocessable(
      'invalid_period',
      'from must be before to: the period counts from its evening.',
      'from',
    );
  }
  return { name: null, from, to, until };
};
