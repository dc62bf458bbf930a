export {
  choosePrice,
  FRESH_LIVE_HOURS,
  FRESH_MANUAL_HOURS,
  isStale,
  totalsBy,
  valueOf,
  type PriceQuote,
  type Unvalued,
  type Valued,
} from './value.ts';
