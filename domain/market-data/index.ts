export { BOE_SERIES, readBoeFile } from './boe-file.ts';
export { readEcbFile, RateFileError, type RateFile } from './ecb-file.ts';
export {
  MAX_CARRY_DAYS,
  PIVOTS,
  SOURCE_ORDER,
  publishedRate,
  rateOn,
  type MissingRate,
  type PublishedRate,
  type Rate,
} from './rates.ts';
export {
  adjustSeries,
  rawSeries,
  splitRatio,
  splitsAmong,
  type Adjustment,
  type Dividend,
  type PublishedEvent,
  type SeriesPoint,
  type Split,
} from './corporate-events.ts';
export { ratesThrough } from './rates-through.ts';
export { closeOfDay, exchangeZone } from './exchange-close.ts';
export {
  checkPrices,
  splitBetween,
  type CheckedPrices,
  type GoodPrice,
  type HeldPrice,
  type HoldReason,
  type PriceLine,
  type ReferencePrice,
} from './price-check.ts';
export { exactNumber, instantOfEpoch, type PriceInterval, type PublishedPrice } from './published-price.ts';
export { readEventFile } from './event-file.ts';
export { momentsOf, PriceFileError, readPriceFile, type PriceFile } from './price-file.ts';
