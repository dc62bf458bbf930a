import { AMOUNT_SCALE, Decimal, decimalText } from '@pm/domain/money';

/** Digits that Excel shows and keeps of a number. */
const SHOWN_DIGITS = 15;
const LONGEST = 64;
const WRITTEN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,3}))?$/;
const MAX_EXPONENT = 30;

/**
 * The decimal that a program meant when it wrote a binary double. Up to 15 significant digits are kept as written; the
 * digits after those are what the double could not hold (0.070000000000000007 is 0.07), and Excel neither shows nor
 * keeps them. Exponents are written out; 18 decimal places are kept, as everywhere in the product. Null for what is
 * no number or beyond 10^±30.
 */
export const doubleText = (written: string): string | null => {
  const text = written.trim();
  const exponent = text.length > LONGEST ? null : WRITTEN.exec(text);
  if (exponent === null || Math.abs(Number(exponent[1] ?? 0)) > MAX_EXPONENT) return null;
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/[^\d]/g, '')
    .replace(/^0+/, '');
  const places = /\.(\d*)$/.exec(text)?.[1]?.length ?? 0;
  if (
    exponent[1] === undefined &&
    digits.length <= SHOWN_DIGITS &&
    places <= AMOUNT_SCALE &&
    /^-?\d/.test(text)
  ) {
    return text.endsWith('.') ? text.slice(0, -1) : text;
  }
  const value = new Decimal(text).toSignificantDigits(SHOWN_DIGITS, Decimal.ROUND_HALF_UP);
  return decimalText(value.toDecimalPlaces(AMOUNT_SCALE, Decimal.ROUND_HALF_UP));
};
