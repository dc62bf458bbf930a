export { fxPairOf } from './fx-pair.ts';
export {
  cusipFromIsin,
  isinFromCusip,
  isinFromSedol,
  sedolFromIsin,
  validCusip,
  validFigi,
  validIsin,
  validLei,
  validSedol,
} from './identifiers.ts';
export { groupByIssuer, issuerKeys, type IssuedSecurity, type Issuer, type IssuerTraits } from './issuer.ts';
export { joinRows, mergeRows } from './join.ts';
export type { KnownListing, KnownNumber, KnownSecurity } from './known.ts';
export { matchSecurities, type Candidate, type Match, type MatchMethod } from './match.ts';
export { namesAgree, normaliseName } from './names.ts';
export { planConstituents, type PlannedConstituent } from './plan.ts';
export { rowKeys, type Remembered } from './remembered.ts';
export { normaliseTicker } from './tickers.ts';
