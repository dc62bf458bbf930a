/**
 * When the European Central Bank publishes its euro reference rates. Pure.
 *
 * On every TARGET working day around 16:00 Frankfurt time. TARGET is closed on Saturdays, Sundays, New Year's Day, Good
 * Friday, Easter Monday, 1 May, 25 and 26 December (ECB, "TARGET closing days", the same since 2002).
 * Contents: isEcbDay · newestExpectedDay · countEcbDays
 */

/** Where the ECB's day begins and ends. */
const FRANKFURT = 'Europe/Berlin';
/** Rates come around 16:00; a little later they are not late yet. */
const PUBLISHED_BY = Temporal.PlainTime.from('16:15');
const SATURDAY = 6;

/** True when the ECB publishes rates on this day. */
export const isEcbDay = (day: Temporal.PlainDate): boolean => {
  if (day.dayOfWeek >= SATURDAY) return false;
  if (['01-01', '05-01', '12-25', '12-26'].includes(day.toString().slice(5))) return false;
  const fromEaster = easterSunday(day.year).until(day, { largestUnit: 'days' }).days;
  return fromEaster !== -2 && fromEaster !== 1;
};

/** The newest day whose rates should have been published by now. */
export const newestExpectedDay = (now: Temporal.Instant): Temporal.PlainDate => {
  const local = now.toZonedDateTimeISO(FRANKFURT);
  const isPublished = Temporal.PlainTime.compare(local.toPlainTime(), PUBLISHED_BY) >= 0;
  let day = isPublished ? local.toPlainDate() : local.toPlainDate().subtract({ days: 1 });
  while (!isEcbDay(day)) day = day.subtract({ days: 1 });
  return day;
};

/** How many days with rates lie after `from`, up to and including `to`; counts to `max` at most. */
export const countEcbDays = (from: Temporal.PlainDate, to: Temporal.PlainDate, max: number): number => {
  let count = 0;
  for (
    let day = from.add({ days: 1 });
    Temporal.PlainDate.compare(day, to) <= 0 && count < max;
    day = day.add({ days: 1 })
  ) {
    if (isEcbDay(day)) count += 1;
  }
  return count;
};

/** Easter Sunday of the Gregorian calendar (Meeus/Jones/Butcher). */
const easterSunday = (year: number): Temporal.PlainDate => {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
  const h = (19 * a + d + 15) % 30;
  const k = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * k) / 451);
  const n = h + k - 7 * m + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(n / 31), day: (n % 31) + 1 });
};
