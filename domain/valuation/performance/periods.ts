/** The stretches of time that people ask about, each as the evening it starts from and its last day. */

/** Names of periods; a custom one is given by its days. */
export const PERIODS = ['day', 'week', 'month', 'quarter', 'taxYear', 'year', 'start'] as const;
export type PeriodName = (typeof PERIODS)[number];

/** Returns count from the evening of `from` to the evening of `to`. */
export type Period = { readonly from: Temporal.PlainDate; readonly to: Temporal.PlainDate };

/** The United Kingdom's tax year begins on 6 April (Income Tax Act 2007, section 4). */
const TAX_YEAR_START = { month: 4, day: 6 } as const;

/** The first day of the tax year that `day` is in. */
export const taxYearStart = (day: Temporal.PlainDate): Temporal.PlainDate => {
  const start = day.with(TAX_YEAR_START);
  return Temporal.PlainDate.compare(start, day) <= 0 ? start : start.subtract({ years: 1 });
};

/** First day of the present week (Monday), month, quarter, tax year or calendar year. */
const firstDay = (name: Exclude<PeriodName, 'start'>, today: Temporal.PlainDate): Temporal.PlainDate => {
  switch (name) {
    case 'day':
      return today;
    case 'week':
      return today.subtract({ days: today.dayOfWeek - 1 });
    case 'month':
      return today.with({ day: 1 });
    case 'quarter':
      return today.with({ month: today.month - ((today.month - 1) % 3), day: 1 });
    case 'taxYear':
      return taxYearStart(today);
    case 'year':
      return today.with({ month: 1, day: 1 });
  }
};

/**
 * The period of that name that `today` is in, up to today; never before there was anything.
 * @param firstDayHeld the day of the first trade: `start` begins the evening before
 */
export const periodOf = (
  name: PeriodName,
  today: Temporal.PlainDate,
  firstDayHeld: Temporal.PlainDate,
): Period => {
  const earliest = firstDayHeld.subtract({ days: 1 });
  if (name === 'start') return { from: earliest, to: today };
  const from = firstDay(name, today).subtract({ days: 1 });
  return { from: Temporal.PlainDate.compare(from, earliest) < 0 ? earliest : from, to: today };
};
