/**
 * What a holding is due by what its issuer announced, and what the last year lets expect.
 *
 * Contents: entitledUnits · matchedPayments · estimatedDividends
 */
import { daysBetween, isAfter, isBefore } from '@pm/domain/calendar';
import type { LedgerStep } from '@pm/domain/ledger';
import { ZERO, type Decimal } from '@pm/domain/money';

/** A dividend that is known of. */
export type AnnouncedDividend = {
  /** Whoever holds it the evening before is paid. */
  readonly exDate: Temporal.PlainDate;
  /** Of several of one security and day, which; from 1. */
  readonly place: number;
  readonly payDate: Temporal.PlainDate | null;
  /** For one unit as it was on the ex-date, in `currency`. */
  readonly perUnit: Decimal;
  readonly currency: string;
};

/** `numerator` new units for `denominator` old ones, from the start of `day` on. */
export type UnitSplit = {
  readonly day: Temporal.PlainDate;
  readonly numerator: Decimal;
  readonly denominator: Decimal;
};

/** A payment as it was recorded. */
export type PaymentMade = { readonly id: string; readonly date: Temporal.PlainDate };

/** What the last year lets expect: the same again a year later. */
export type EstimatedDividend = Omit<AnnouncedDividend, 'payDate' | 'place'> & {
  readonly payDate: Temporal.PlainDate;
  /** The ex-date of the dividend that it repeats. */
  readonly after: Temporal.PlainDate;
};

/**
 * Units that a dividend is paid for: those held the evening before its ex-date, after the splits of that day. Who buys on
 * the ex-date is not paid, who sells on it is (the meaning of “ex-dividend” on every exchange).
 * @param steps the holding's replay, in order
 */
export const entitledUnits = (steps: readonly LedgerStep[], exDate: Temporal.PlainDate): Decimal => {
  const last = steps.findLast(
    ({ trade }) => isBefore(trade.date, exDate) || (trade.type === 'split' && trade.date.equals(exDate)),
  );
  const units = last?.position.qty ?? ZERO;
  return units.isNegative() ? ZERO : units;
};

/** A payment is booked at most so long before the announced day, in days. */
const EARLY_DAYS = 7;
/** And at most so long after it. */
const LATE_DAYS = 30;
/** Where no day of payment was announced: so long after the ex-date. */
const UNKNOWN_DAYS = 75;

const isPaymentOf = (dividend: AnnouncedDividend, { date }: PaymentMade): boolean => {
  const { exDate, payDate } = dividend;
  const after = daysBetween(payDate ?? exDate, date);
  return payDate === null
    ? after >= 0 && after <= UNKNOWN_DAYS
    : after >= -EARLY_DAYS && after <= LATE_DAYS && !isBefore(date, exDate);
};

/**
 * Which recorded payment paid which dividend, so that none is proposed that is in the ledger already: dividends in the
 * order of their ex-dates each take the first payment within the days that payments need.
 * @returns for each dividend, by its index, the id of its payment
 */
export const matchedPayments = (
  dividends: readonly AnnouncedDividend[],
  payments: readonly PaymentMade[],
): ReadonlyMap<number, string> => {
  const left = payments.toSorted((a, b) => Temporal.PlainDate.compare(a.date, b.date));
  const order = dividends
    .map((dividend, at) => ({ dividend, at }))
    .toSorted((a, b) => Temporal.PlainDate.compare(a.dividend.exDate, b.dividend.exDate) || a.at - b.at);
  const matched = new Map<number, string>();
  for (const { dividend, at } of order) {
    const found = left.findIndex((payment) => isPaymentOf(dividend, payment));
    const [payment] = found < 0 ? [] : left.splice(found, 1);
    if (payment !== undefined) matched.set(at, payment.id);
  }
  return matched;
};

/** Dividends of so many days make the pattern of a year. */
const PATTERN_DAYS = 365;
/** Dates of two years that differ by no more than this are the same dividend, unless dividends are closer together. */
const SAME_DAYS = 45;

/** Half the shortest time between two dividends, so that those of a monthly payer are told apart. */
const nearDays = (days: readonly Temporal.PlainDate[]): number =>
  days.reduce((near, day, at) => {
    const before = days[at - 1];
    const gap = before === undefined ? 0 : daysBetween(before, day);
    return gap === 0 ? near : Math.min(near, Math.floor(gap / 2));
  }, SAME_DAYS);

/** What a unit of `day` has become by `until`. */
const unitsSince = (
  splits: readonly UnitSplit[],
  day: Temporal.PlainDate,
  until: Temporal.PlainDate,
): Decimal | null =>
  splits
    .filter((split) => isAfter(split.day, day) && !isAfter(split.day, until))
    .reduce<Decimal | null>(
      (ratio, { numerator, denominator }) =>
        ratio === null ? numerator.div(denominator) : ratio.times(numerator).div(denominator),
      null,
    );

/**
 * Dividends to be expected by the pattern of the last year: each one that went ex in the 365 days up to `today` again a
 * year later, at the same amount for what was then one unit. One that was announced in its place is left out.
 * @param known all dividends that are known of, those to come too
 */
export const estimatedDividends = (
  known: readonly AnnouncedDividend[],
  splits: readonly UnitSplit[],
  today: Temporal.PlainDate,
): EstimatedDividend[] => {
  const start = today.subtract({ days: PATTERN_DAYS });
  const pattern = known
    .filter(({ exDate }) => isAfter(exDate, start) && !isAfter(exDate, today))
    .toSorted((a, b) => Temporal.PlainDate.compare(a.exDate, b.exDate));
  const near = nearDays(pattern.map(({ exDate }) => exDate));
  return pattern.flatMap((one): EstimatedDividend[] => {
    const exDate = one.exDate.add({ years: 1 });
    if (!isAfter(exDate, today)) return [];
    if (known.some((other) => Math.abs(daysBetween(other.exDate, exDate)) <= near)) return [];
    const ratio = unitsSince(splits, one.exDate, today);
    return [
      {
        exDate,
        payDate: one.payDate === null ? exDate : one.payDate.add({ years: 1 }),
        perUnit: ratio === null ? one.perUnit : one.perUnit.div(ratio),
        currency: one.currency,
        after: one.exDate,
      },
    ];
  });
};
