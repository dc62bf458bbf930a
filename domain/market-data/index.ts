export { readEcbFile, RateFileError, type EcbFile, type EcbRate } from './ecb-file.ts';
export {
  MAX_CARRY_DAYS,
  PIVOTS,
  publishedRate,
  rateOn,
  type MissingRate,
  type PublishedRate,
  type Rate,
} from './rates.ts';
