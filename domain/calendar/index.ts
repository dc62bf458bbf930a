/**
 * Ledger days are `Temporal.PlainDate`, quotes and events are `Temporal.Instant`. A portfolio's day ends in its
 * owner's time zone; a trade's day is the exchange's.
 */

/** The first day that the ledger accepts: older dates are typing errors far more often than old certificates. */
export const FIRST_LEDGER_DAY = Temporal.PlainDate.from('1900-01-01');

/** The calendar day that it is in `timeZone` at `instant`. */
export const dayIn = (instant: Temporal.Instant, timeZone: string): Temporal.PlainDate =>
  instant.toZonedDateTimeISO(timeZone).toPlainDate();

/** The last microsecond, the finest that is stored, of `day` in `timeZone`: what "as of that day" means. */
export const endOfDay = (day: Temporal.PlainDate, timeZone: string): Temporal.Instant =>
  day.add({ days: 1 }).toZonedDateTime({ timeZone }).toInstant().subtract({ microseconds: 1 });

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: Temporal.PlainDate, to: Temporal.PlainDate): number =>
  from.until(to, { largestUnit: 'days' }).days;

export const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) < 0;
export const isAfter = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) > 0;

/** Reads an ISO day, or null when the text is not one (2023-02-30 is not). */
export const parseDay = (text: string): Temporal.PlainDate | null => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return null;
  }
};
