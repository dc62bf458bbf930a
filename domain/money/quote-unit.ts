import { currency, isCurrency, type Currency } from './currency.ts';
import { dec, type Decimal } from './decimal.ts';

/** How a listing's prices are written: a currency itself, or a hundredth of one. */
export type QuoteUnit = {
  readonly code: string;
  readonly currency: Currency;
  readonly perCurrencyUnit: Decimal;
};

/** Quote units in use on exchanges that are not currencies. Provider spellings on the left, ours on the right. */
const MINOR_UNITS: Record<string, { code: string; currency: string }> = {
  GBX: { code: 'GBX', currency: 'GBP' },
  GBp: { code: 'GBX', currency: 'GBP' },
  ZAc: { code: 'ZAc', currency: 'ZAR' },
  ZAX: { code: 'ZAc', currency: 'ZAR' },
  ILA: { code: 'ILA', currency: 'ILS' },
  ILa: { code: 'ILA', currency: 'ILS' },
};

/** Reads a quote unit such as GBX, GBp, ZAc or USD, exactly as written (GBp is never upper-cased). Throws on an unknown one. */
export const quoteUnit = (code: string): QuoteUnit => {
  const minor = MINOR_UNITS[code];
  if (minor) return { code: minor.code, currency: currency(minor.currency), perCurrencyUnit: dec('100') };
  return { code, currency: currency(code), perCurrencyUnit: dec('1') };
};

export const isQuoteUnit = (code: string): boolean => Object.hasOwn(MINOR_UNITS, code) || isCurrency(code);

/** A price written in `unit` as an amount of the unit's currency: 7,512 GBX is 75.12 GBP. */
export const toCurrencyUnits = (price: Decimal, unit: QuoteUnit): Decimal => price.div(unit.perCurrencyUnit);
