/** The stretches of time that income is shown for. Contents: incomePeriod · taxYearName */
import { taxYearStart } from '@pm/domain/valuation/performance';

/** Names of periods: twelve months back and ahead, this and the last tax year, the coming twelve months, everything. */
export const INCOME_PERIODS = ['around', 'taxYear', 'lastTaxYear', 'ahead', 'start'] as const;
export type IncomePeriodName = (typeof INCOME_PERIODS)[number];

/** First and last day; null where it begins with the first payment. */
export type IncomePeriod = { readonly from: Temporal.PlainDate | null; readonly to: Temporal.PlainDate };

/** The period of that name as it stands on a day. */
export const incomePeriod = (name: IncomePeriodName, today: Temporal.PlainDate): IncomePeriod => {
  const [thisYear, ahead] = [taxYearStart(today), today.add({ years: 1 })];
  switch (name) {
    case 'around':
      return { from: today.subtract({ years: 1 }).add({ days: 1 }), to: ahead };
    case 'taxYear':
      return { from: thisYear, to: thisYear.add({ years: 1 }).subtract({ days: 1 }) };
    case 'lastTaxYear':
      return { from: thisYear.subtract({ years: 1 }), to: thisYear.subtract({ days: 1 }) };
    case 'ahead':
      return { from: today, to: ahead };
    case 'start':
      return { from: null, to: ahead };
  }
};

/** 2024/25 is the tax year of the United Kingdom from 6 April 2024. */
export const taxYearName = (day: Temporal.PlainDate): string => {
  const { year } = taxYearStart(day);
  return `${year}/${String((year + 1) % 100).padStart(2, '0')}`;
};
