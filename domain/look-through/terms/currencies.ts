import { isCurrency } from '@pm/domain/money';
import { countryByCode } from './countries.ts';
import { CURRENCY_TABLE } from './currency-table.ts';
import { foldTerm, isBlankTerm } from './fold.ts';

/** Quote units and offshore lines that issuers put where a currency belongs. The row's exposure is to the currency. */
const UNITS: Readonly<Record<string, string>> = {
  GBX: 'GBP',
  GBp: 'GBP',
  ZAc: 'ZAR',
  ZAX: 'ZAR',
  ILA: 'ILS',
  CNH: 'CNY',
};

/** Currencies written out. */
const WORDS: ReadonlyMap<string, string> = new Map(
  CURRENCY_TABLE.trim()
    .split('\n')
    .flatMap((line) =>
      line
        .slice(4)
        .split('; ')
        .map((word): [string, string] => [foldTerm(word), line.slice(0, 3)]),
    ),
);

/** The country or area that cash in a currency belongs to, where the currency's own first two letters do not say it. */
const AREAS: Readonly<Record<string, string>> = {
  EUR: 'EU',
  XAF: 'CM',
  XOF: 'SN',
  XCD: 'AG',
  XPF: 'PF',
  ANG: 'CW',
};

/** A currency as published, as its ISO 4217 code; pence and cents become their currency. */
export const currencyOf = (
  published: string | null,
): { readonly currency: string | null; readonly known: boolean } => {
  if (published === null || isBlankTerm(published)) return { currency: null, known: true };
  const text = published.trim();
  const unit = Object.hasOwn(UNITS, text) ? UNITS[text] : undefined;
  const code = unit ?? WORDS.get(foldTerm(text)) ?? text.toUpperCase();
  return isCurrency(code) ? { currency: code, known: true } : { currency: null, known: false };
};

/** Canonical country of cash in a currency (USD → "United States", EUR → "European Union"), or "Unclassified". */
export const countryOfCurrency = (currency: string): string =>
  countryByCode(AREAS[currency] ?? currency.slice(0, 2)) ?? 'Unclassified';
