export {
  ASSET_CLASSES,
  assetClassOf,
  isAssetClass,
  isDerivativeClass,
  type AssetClass,
} from './asset-classes.ts';
export {
  countries,
  countryByCode,
  countryCode,
  countryOf,
  regionOf,
  REGIONS,
  type Country,
  type Region,
} from './countries.ts';
export { countryOfCurrency, currencyOf } from './currencies.ts';
export { exchangeOf, micCountry } from './exchanges.ts';
export { foldTerm, isBlankTerm } from './fold.ts';
export { industries, industryOf, type Industry } from './industries.ts';
export { SECTORS, type Sector } from './sector-names.ts';
export { isSector, sectorOf } from './sectors.ts';
