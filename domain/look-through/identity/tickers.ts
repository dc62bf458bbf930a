/** Exchange suffixes after a point, as data vendors write them (VUSA.L, SAP.DE, 0700.HK). Single letters but L and T are share classes. */
const POINT_SUFFIXES = new Set(
  'L DE F PA AS MI MC SW HK TO AX NS BO KS KQ TW TWO SS SZ SA MX ST OL CO HE BR LS VI WA IR SI NZ JK BK KL TA SR'.split(
    ' ',
  ),
);

/** Exchange codes after a blank, as terminals write them (VOD LN, SAP GY). */
const BLANK_SUFFIXES = new Set(
  'US UN UW UQ LN GR GY FP NA IM SM SW SE SS DC FH NO BB PL PW AV ID HK JP JT CN CT AU AT NZ SP TT KS KP IN IS BZ MM SJ TI IT TB MK IJ PM'.split(
    ' ',
  ),
);

/** Reads `.T` as Tokyo only after a Japanese code: elsewhere one letter after a point is a share class. */
const isTokyo = (base: string, suffix: string): boolean => suffix === 'T' && /^\d[0-9A-Z]{3}$/.test(base);

const withoutSuffix = (ticker: string): string => {
  const words = ticker.replace(/\s+(?:EQUITY|CORP|COMDTY|INDEX|CURNCY)$/, '').split(/\s+/);
  const last = words.at(-1) ?? '';
  if (words.length > 1 && BLANK_SUFFIXES.has(last)) return words.slice(0, -1).join(' ');
  const joined = words.join(' ');
  const point = joined.lastIndexOf('.');
  if (point <= 0) return joined;
  const base = joined.slice(0, point);
  const suffix = joined.slice(point + 1);
  return POINT_SUFFIXES.has(suffix) || isTokyo(base, suffix) ? base : joined;
};

const LETTERS_ONLY = /^[A-Z]+$/;

/**
 * A ticker as it is compared: upper case, without exchange suffix, blanks and punctuation, and numbers without leading
 * zeros (spreadsheets drop them). `BRK.B`, `BRK/B`, `BRK B` and `BRKB` are one. Empty when there is none (`-`).
 */
export const normaliseTicker = (ticker: string | null): string => {
  if (ticker === null) return '';
  // Nearly every one, and the same whatever is done to it.
  if (LETTERS_ONLY.test(ticker)) return ticker;
  const plain = withoutSuffix(ticker.trim().toUpperCase()).replace(/[^\p{L}\p{N}]+/gu, '');
  return /^\d+$/.test(plain) ? plain.replace(/^0+(?=\d)/, '') : plain;
};
