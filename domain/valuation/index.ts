export {
  choosePrice,
  FRESH_LIVE_HOURS,
  FRESH_MANUAL_HOURS,
  isStale,
  lessDebt,
  totalsBy,
  valueOf,
  type Debt,
  type Owed,
  type PriceQuote,
  type Unvalued,
  type Valued,
} from './value.ts';
