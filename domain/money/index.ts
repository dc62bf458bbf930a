export { currencies, currency, currencyScale, isCurrency, type Currency } from './currency.ts';
export {
  AMOUNT_INTEGER_DIGITS,
  AMOUNT_SCALE,
  dec,
  Decimal,
  decimalProblem,
  decimalText,
  HUNDRED,
  isStorable,
  ONE,
  RATE_SCALE,
  roundAmount,
  roundRate,
  ZERO,
  type DecimalLike,
} from './decimal.ts';
export { Money } from './money.ts';
export { isQuoteUnit, quoteUnit, toCurrencyUnits, type QuoteUnit } from './quote-unit.ts';
