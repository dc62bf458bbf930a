/**
 * Check digits and conversions of security identifiers. Sources: ISO 6166 (ISIN), ANSI X9.6 (CUSIP), the London Stock
 * Exchange's SEDOL Masterfile guide, OMG Financial Instrument Global Identifier 1.0 (FIGI), ISO 17442 (LEI).
 */

const digitOf = (char: string): number => {
  const code = char.charCodeAt(0);
  return code <= 57 ? code - 48 : code - 55;
};

const upper = (text: string): string => text.trim().toUpperCase();

/** The check digit of an ISIN whose first eleven characters are given: Luhn over digits with A = 10 … Z = 35. */
const isinCheck = (body: string): number => {
  let digits = '';
  for (const char of body) digits += digitOf(char).toString();
  let sum = 0;
  for (let i = digits.length - 1, double = true; i >= 0; i -= 1, double = !double) {
    const digit = digits.charCodeAt(i) - 48;
    const value = double ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return (10 - (sum % 10)) % 10;
};

/** An ISIN in upper case when its form and check digit hold, else null. */
export const validIsin = (text: string): string | null => {
  const isin = upper(text);
  if (!/^[A-Z]{2}[A-Z0-9]{9}\d$/.test(isin)) return null;
  return isinCheck(isin.slice(0, 11)) === digitOf(isin.slice(11)) ? isin : null;
};

const CUSIP_SIGNS: Readonly<Record<string, number>> = { '*': 36, '@': 37, '#': 38 };

const cusipCheck = (body: string): number => {
  let sum = 0;
  for (let i = 0; i < 8; i += 1) {
    const char = body.charAt(i);
    const value = (CUSIP_SIGNS[char] ?? digitOf(char)) * (i % 2 === 0 ? 1 : 2);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return (10 - (sum % 10)) % 10;
};

/** A CUSIP (or CINS) in upper case when its form and check digit hold, else null. */
export const validCusip = (text: string): string | null => {
  const cusip = upper(text);
  if (!/^[A-Z0-9]{3}[A-Z0-9*@#]{5}\d$/.test(cusip)) return null;
  return cusipCheck(cusip.slice(0, 8)) === digitOf(cusip.slice(8)) ? cusip : null;
};

const SEDOL_WEIGHTS = [1, 3, 1, 7, 3, 9];

const sedolCheck = (body: string): number => {
  const sum = SEDOL_WEIGHTS.reduce((total, weight, i) => total + weight * digitOf(body.charAt(i)), 0);
  return (10 - (sum % 10)) % 10;
};

/** A SEDOL in upper case when its form (no vowels) and check digit hold, else null. */
export const validSedol = (text: string): string | null => {
  const sedol = upper(text);
  if (!/^[0-9B-DF-HJ-NP-TV-Z]{6}\d$/.test(sedol)) return null;
  return sedolCheck(sedol.slice(0, 6)) === digitOf(sedol.slice(6)) ? sedol : null;
};

/** Prefixes that a FIGI may not have, because an ISIN could. */
const NOT_FIGI = new Set(['BS', 'BM', 'GG', 'GB', 'GH', 'KY', 'VG']);

/** A FIGI in upper case when its form and check digit hold, else null. */
export const validFigi = (text: string): string | null => {
  const figi = upper(text);
  if (!/^[B-DF-HJ-NP-TV-Z]{2}G[0-9B-DF-HJ-NP-TV-Z]{8}\d$/.test(figi)) return null;
  if (NOT_FIGI.has(figi.slice(0, 2))) return null;
  let sum = 0;
  for (let i = 0; i < 11; i += 1) {
    const value = digitOf(figi.charAt(i)) * (i % 2 === 0 ? 1 : 2);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return (10 - (sum % 10)) % 10 === digitOf(figi.slice(11)) ? figi : null;
};

/** A legal entity identifier in upper case when its form and its two check digits (ISO 7064, MOD 97-10) hold, else null. */
export const validLei = (text: string): string | null => {
  const lei = upper(text);
  if (!/^[A-Z0-9]{18}\d{2}$/.test(lei)) return null;
  let rest = 0;
  for (const char of lei) {
    const digit = digitOf(char);
    rest = (rest * (digit > 9 ? 100 : 10) + digit) % 97;
  }
  return rest === 1 ? lei : null;
};

const withCheck = (body: string): string => `${body}${isinCheck(body)}`;

/**
 * The ISIN that a CUSIP is the middle of: `US` or `CA` + CUSIP + check digit. Null for a CINS (first character a
 * letter): its ISIN belongs to another numbering agency and cannot be derived.
 */
export const isinFromCusip = (cusip: string, country: 'US' | 'CA' = 'US'): string | null => {
  const valid = validCusip(cusip);
  return valid === null || !/^\d[A-Z0-9]{8}$/.test(valid) ? null : withCheck(`${country}${valid}`);
};

/** The ISIN of a British or Irish security: `GB00` or `IE00` + SEDOL + check digit. */
export const isinFromSedol = (sedol: string, country: 'GB' | 'IE' = 'GB'): string | null => {
  const valid = validSedol(sedol);
  return valid === null ? null : withCheck(`${country}00${valid}`);
};

/** The CUSIP inside a US or Canadian ISIN, or null. */
export const cusipFromIsin = (isin: string): string | null =>
  /^(?:US|CA)/.test(isin) ? validCusip(isin.slice(2, 11)) : null;

/** The SEDOL inside an ISIN of the United Kingdom, its islands or Ireland, or null. */
export const sedolFromIsin = (isin: string): string | null =>
  /^(?:GB|IE|GG|JE|IM)00/.test(isin) ? validSedol(isin.slice(4, 11)) : null;
