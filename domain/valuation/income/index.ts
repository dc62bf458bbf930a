/** What holdings pay: what is due by what was announced, and what last year lets expect. */
export {
  entitledUnits,
  estimatedDividends,
  matchedPayments,
  type AnnouncedDividend,
  type EstimatedDividend,
  type PaymentMade,
  type UnitSplit,
} from './expected.ts';
export {
  INCOME_PERIODS,
  incomePeriod,
  taxYearName,
  type IncomePeriod,
  type IncomePeriodName,
} from './periods.ts';
