/** Prices, exchange rates, and the providers that they come from. */
export { marketDataRoutes } from './routes.ts';
export {
  fetchBoeRatesJob,
  fetchClosesJob,
  fetchEcbRatesJob,
  fetchPricesJob,
  forgetStreamJob,
  importPricesJob,
  tidyPricesJob,
} from './jobs.ts';
export { corporateEvents, dividendCalendars } from './events.ts';
export type { CorporateEvents, DividendCalendar } from './events.ts';
export { livePrices } from './live-prices.ts';
export { startLiveTrades } from './live-trades.ts';
export { movePrices, tidyPrices } from './retention.ts';
export { importPrices, readPrices } from './price-import.ts';
export { requestEcbRatesWhenStale } from './ecb-fetch.ts';
export { dailyQuotes, dailyRates, type DailyQuote, type DailyQuotes } from './daily.ts';
export { findRate, findRatesOn, rateAnswer } from './rates.ts';
export type { CurrencyPair, Rates } from './rates.ts';
export { givePrice, pricesAt } from './prices.ts';
export type { PricesOfInstrument } from './prices.ts';
export { importRateFile } from './rate-import.ts';
export type { RateImport } from './rate-import.ts';
