import { currencies } from '@pm/domain/money';
import { useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';

const COMMON = ['GBP', 'EUR', 'USD', 'CHF', 'JPY', 'CAD', 'AUD', 'SEK', 'NOK', 'DKK', 'HKD', 'SGD'];
/** Ended currencies still stand in rate histories, but nobody starts a portfolio in them. */
const ENDED = new Set([
  'CYP',
  'EEK',
  'LTL',
  'LVL',
  'MTL',
  'ROL',
  'SIT',
  'SKK',
  'TRL',
  'DEM',
  'FRF',
  'ITL',
  'ESP',
  'NLG',
  'BEF',
  'ATS',
  'FIM',
  'PTE',
  'IEP',
  'GRD',
  'LUF',
  'HRK',
]);

/** Every currency with its name in the person's language, the usual ones first. */
export const useCurrencyOptions = (): { value: string; label: string }[] => {
  const { locale } = useFormat();
  return useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: 'currency', fallback: 'code' });
    const rest = currencies().filter((code) => !COMMON.includes(code) && !ENDED.has(code));
    return [...COMMON, ...rest].map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }));
  }, [locale]);
};

/** Hundredths of a currency in which some exchanges quote. */
export const QUOTE_UNITS: Readonly<Record<string, readonly string[]>> = {
  GBP: ['GBP', 'GBX'],
  ZAR: ['ZAR', 'ZAc'],
  ILS: ['ILS', 'ILA'],
};

/** The units in which a line trading in `currency` may be quoted. */
export const quoteUnitsOf = (currency: string): readonly string[] => QUOTE_UNITS[currency] ?? [currency];
