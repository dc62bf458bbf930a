/**
 * Days as whole numbers, for sums over years of them: day 0 is 1 January 1970.
 *
 * Plain arithmetic on the calendar's fields, many times quicker than asking the calendar for each of thousands of days.
 * Source: H. Hinnant, chrono-Compatible Low-Level Date Algorithms, days_from_civil and civil_from_days.
 */
const DAYS_PER_ERA = 146_097;
const YEARS_PER_ERA = 400;
/** Days from 1 March of the year 0 to 1 January 1970. */
const EPOCH = 719_468;
const MARCH = 3;

/** Days since 1 January 1970. */
export const dayNumber = ({ year, month, day }: Temporal.PlainDate): number => {
  const marchYear = month < MARCH ? year - 1 : year;
  const era = Math.floor(marchYear / YEARS_PER_ERA);
  const yearOfEra = marchYear - era * YEARS_PER_ERA;
  const dayOfYear = Math.floor((153 * (month + (month < MARCH ? 9 : -3)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - EPOCH;
};

/** The day of that number. */
export const dayOfNumber = (number: number): Temporal.PlainDate => {
  const shifted = number + EPOCH;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + MARCH : shiftedMonth - 9;
  const year = yearOfEra + era * YEARS_PER_ERA + (month < MARCH ? 1 : 0);
  return new Temporal.PlainDate(year, month, day);
};
