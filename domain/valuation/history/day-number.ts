/** Days as whole numbers, for sums over years of them: day 0 is 1 January 1970. */
const DAY_ZERO = Temporal.PlainDate.from('1970-01-01');
const MS_PER_DAY = 86_400_000;

/** Days since 1 January 1970. */
export const dayNumber = (day: Temporal.PlainDate): number =>
  day.toZonedDateTime('UTC').epochMilliseconds / MS_PER_DAY;

/** The day of that number. */
export const dayOfNumber = (number: number): Temporal.PlainDate => DAY_ZERO.add({ days: number });
