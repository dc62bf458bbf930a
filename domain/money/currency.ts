declare const currencyBrand: unique symbol;
/** An ISO 4217 currency code in use today or until recently. Pence (GBX) and cents (ZAc, ILA) are quote units, not currencies. */
export type Currency = string & { readonly [currencyBrand]: true };

/** Codes by number of minor-unit digits, ISO 4217 list one (funds codes and metals other than XAU/XAG left out). */
const BY_SCALE: Record<number, string> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY
    COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS
    INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN
    NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN
    SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF',
};

/** Currencies that ended but still stand in published rate histories. Scale 2 but for the lira and the krona-like ones. */
const ENDED: Record<string, number> = {
  CYP: 2,
  EEK: 2,
  LTL: 2,
  LVL: 2,
  MTL: 2,
  ROL: 2,
  SIT: 2,
  SKK: 2,
  TRL: 0,
  DEM: 2,
  FRF: 2,
  ITL: 0,
  ESP: 0,
  NLG: 2,
  BEF: 2,
  ATS: 2,
  FIM: 2,
  PTE: 0,
  IEP: 2,
  GRD: 0,
  LUF: 2,
};

const SCALES = new Map<string, number>(Object.entries(ENDED));
for (const [scale, codes] of Object.entries(BY_SCALE)) {
  for (const code of codes.split(/\s+/)) SCALES.set(code, Number(scale));
}

export const isCurrency = (code: string): code is Currency => SCALES.has(code);

/** Reads a currency code. Case matters: GBp is pence, not pounds, and is refused here. Throws on an unknown code. */
export const currency = (code: string): Currency => {
  if (!isCurrency(code)) throw new RangeError(`"${code.slice(0, 10)}" is not an ISO 4217 currency`);
  return code;
};

/** Minor-unit digits of a currency: JPY 0, GBP 2, KWD 3. */
export const currencyScale = (code: Currency): number => SCALES.get(code) ?? 2;

/** Every currency that the product knows, sorted. */
export const currencies = (): Currency[] => [...SCALES.keys()].filter(isCurrency).toSorted();
