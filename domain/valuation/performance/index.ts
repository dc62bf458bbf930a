/** How an investment did: returns, risk and the periods they are asked for. */
export {
  moneyWeighted,
  type ExternalFlow,
  type MoneyWeighted,
  type MoneyWeightedInput,
  type MoneyWeightedRate,
} from './money-weighted.ts';
export { periodOf, PERIODS, taxYearStart, type Period, type PeriodName } from './periods.ts';
export { maxDrawdown, monthReturns, volatility, type Drawdown, type MonthReturn } from './risk.ts';
export {
  annualised,
  contributionsOf,
  dayGrowth,
  timeWeighted,
  type Contributions,
  type IndexPoint,
  type TimeWeighted,
  type ValuedDay,
} from './time-weighted.ts';
