import { isCurrency } from '@pm/domain/money';
import { countryByCode } from './countries.ts';
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
  `US Dollar=USD;U.S. Dollar=USD;United States Dollar=USD;Dollar=USD;Euro=EUR;British Pound=GBP;Pound Sterling=GBP;
   UK Pound=GBP;Japanese Yen=JPY;Yen=JPY;Swiss Franc=CHF;Canadian Dollar=CAD;Australian Dollar=AUD;
   Hong Kong Dollar=HKD;Singapore Dollar=SGD;New Zealand Dollar=NZD;Swedish Krona=SEK;Norwegian Krone=NOK;
   Danish Krone=DKK;Chinese Yuan=CNY;Yuan Renminbi=CNY;Indian Rupee=INR;South Korean Won=KRW;Korean Won=KRW;
   New Taiwan Dollar=TWD;Taiwan Dollar=TWD;Brazilian Real=BRL;Mexican Peso=MXN;South African Rand=ZAR;
   Israeli Shekel=ILS;Polish Zloty=PLN;Turkish Lira=TRY;US Dollars=USD;U.S. Dollars=USD;Euros=EUR;British Pounds=GBP;
   Pounds Sterling=GBP;Sterling=GBP;Great British Pound=GBP;Swiss Francs=CHF;Canadian Dollars=CAD;Australian Dollars=AUD;
   Hong Kong Dollars=HKD;Singapore Dollars=SGD;Swedish Kronor=SEK;Norwegian Kroner=NOK;Danish Kroner=DKK;
   Chinese Renminbi=CNY;Renminbi=CNY;Chinese Yuan Renminbi=CNY;Indian Rupees=INR;Taiwanese Dollar=TWD;Mexican Pesos=MXN;
   Thai Baht=THB;Indonesian Rupiah=IDR;Malaysian Ringgit=MYR;Philippine Peso=PHP;Hungarian Forint=HUF;Czech Koruna=CZK;
   Chilean Peso=CLP;Colombian Peso=COP;Russian Ruble=RUB;Saudi Riyal=SAR;Saudi Arabian Riyal=SAR;Qatari Riyal=QAR;
   Kuwaiti Dinar=KWD;UAE Dirham=AED;Emirati Dirham=AED;Egyptian Pound=EGP;Pakistani Rupee=PKR;New Israeli Shekel=ILS;
   Dollaro USA=USD;Dollaro statunitense=USD;Sterlina britannica=GBP;Sterlina=GBP;Yen giapponese=JPY;Franco svizzero=CHF;
   Dólar estadounidense=USD;Dólar USA=USD;Libra esterlina=GBP;Yen japonés=JPY;Franco suizo=CHF;
   US-Dollar=USD;Britisches Pfund=GBP;Pfund Sterling=GBP;Japanischer Yen=JPY;Schweizer Franken=CHF;
   Dollar américain=USD;Dollar US=USD;Dollar des États-Unis=USD;Livre sterling=GBP;Yen japonais=JPY;Franc suisse=CHF`
    .split(';')
    .map((entry): [string, string] => {
      const [word = '', code = ''] = entry.split('=');
      return [foldTerm(word), code];
    }),
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
