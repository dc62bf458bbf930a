/** What holdings and portfolios were worth day by day, and what came and went meanwhile. */
export {
  holdingHistory,
  type DayMarket,
  type DayPrice,
  type HoldingDay,
  type HoldingHistory,
  type HoldingPast,
  type LedgerDay,
  type Transit,
} from './holding-days.ts';
export { lessDebts, type DayDebt } from './debt-days.ts';
export { dayNumber, dayOfNumber } from './day-number.ts';
export {
  CARRIED_DAYS,
  wholeHistory,
  type Part,
  type WholeDay,
  type WholePast,
  type WholeHistory,
} from './whole-days.ts';
