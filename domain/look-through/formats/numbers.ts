import { dec, Decimal, decimalText } from '@pm/domain/money';

/** Which sign stands before the decimals. Decided for a whole column, never for a cell. */
export type DecimalSign = 'point' | 'comma';

/** More digits than this are no published figure. */
const MAX_DIGITS = 40;
const MAX_EXPONENT = 30;

type Shape = { readonly negative: boolean; readonly body: string; readonly exponent: number };

const MONEY = String.raw`(?:US\$|[$€£¥]|USD|EUR|GBP|CHF|JPY)`;
const SHAPE = new RegExp(
  String.raw`^(?:${MONEY}\s?)?([+-])?(?:${MONEY}\s?)?([\d.,]+)(?:[eE]([+-]?\d{1,4}))?\s?(?:%|${MONEY})?$`,
);

/** Blanks and apostrophes group digits in French and Swiss files. */
const GROUPING = /(?<=\d)[\s\u00a0\u2009\u202f'’](?=\d{3}(?:\D|$))/g;

/** Nearly every cell: a sign at most, digits and separators, at least one of them a digit. */
const PLAIN = /^-?[.,]*\d[\d.,]*$/;

const shapeOf = (cell: string): Shape | null => {
  const text = cell.trim();
  if (PLAIN.test(text)) {
    const negative = text.startsWith('-');
    return { negative, body: negative ? text.slice(1) : text, exponent: 0 };
  }
  return /\d/.test(text) ? unusualShape(text) : null;
};

/** Numbers in brackets, with a trailing sign, grouped by blanks, with a currency sign, per cent sign or exponent. */
const unusualShape = (text: string): Shape | null => {
  const plain = text.replace(/^[−–-]\s*(?=[\d.,])/, '-').replace(GROUPING, '');
  const [, bracketed, percent = ''] = /^\((.+)\)\s?(%?)$/.exec(plain) ?? [];
  const inBrackets = bracketed === undefined ? undefined : bracketed + percent;
  const trailing = inBrackets ?? /^([\d.,]+)-$/.exec(plain)?.[1];
  const [, sign, body = '', exponent] = SHAPE.exec(trailing ?? plain) ?? [];
  if (!/\d/.test(body)) return null;
  return {
    negative: trailing !== undefined || sign === '-',
    body,
    exponent: exponent === undefined ? 0 : Number(exponent),
  };
};

/** "<0.01%": less than the issuer prints. */
const LESS_THAN = /^\s*[<≤]\s*(?=[\d.,])/;

/** True for a weight that is only said to be less than something: "<0.01%". */
export const isLessThan = (cell: string): boolean => LESS_THAN.test(cell) && looksNumeric(cell);

/** True for text that is written like a number in one of the two conventions. */
export const looksNumeric = (cell: string): boolean => shapeOf(cell.replace(LESS_THAN, '')) !== null;

/**
 * What one cell says about the decimal sign, or null where it fits both. `isWeight`: a weight of a thousand or more
 * does not exist, so "4,541" in a weight column has decimals.
 */
const evidenceOf = (cell: string, isWeight: boolean): DecimalSign | null => {
  const body = shapeOf(cell.replace(LESS_THAN, ''))?.body;
  if (body === undefined) return null;
  const point = body.lastIndexOf('.');
  const comma = body.lastIndexOf(',');
  if (point >= 0 && comma >= 0) return point > comma ? 'point' : 'comma';
  const at = Math.max(point, comma);
  if (at < 0) return null;
  const mine: DecimalSign = point >= 0 ? 'point' : 'comma';
  if (body.indexOf(body.charAt(at)) !== at) return mine === 'point' ? 'comma' : 'point';
  const looksGrouped = body.length - at === 4 && at > 0 && at <= 3 && body !== `0${body.slice(at)}`;
  return looksGrouped && !isWeight ? null : mine;
};

/** Collects what the cells of a column say about its decimal sign. */
export class DecimalSignVote {
  private readonly samples = new Map<DecimalSign, string>();

  add(cell: string, isWeight: boolean): void {
    if (this.samples.size === 2) return;
    const sign = evidenceOf(cell, isWeight);
    if (sign !== null && !this.samples.has(sign)) this.samples.set(sign, cell.trim());
  }

  /** The column's decimal sign; null where no cell tells; both samples where cells contradict each other. */
  result(): { readonly sign: DecimalSign | null; readonly conflict: readonly [string, string] | null } {
    const point = this.samples.get('point');
    const comma = this.samples.get('comma');
    if (point !== undefined && comma !== undefined) return { sign: null, conflict: [point, comma] };
    return { sign: point !== undefined ? 'point' : comma !== undefined ? 'comma' : null, conflict: null };
  }
}

const PATTERN: Readonly<Record<DecimalSign, RegExp>> = {
  point: /^(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?$/,
  comma: /^(?:\d+|\d{1,3}(?:\.\d{3})+)?(?:,\d*)?$/,
};

/** Digits with a point before the decimals, without grouping and needless zeros at the front. */
const plainDigits = (body: string, sign: DecimalSign): string => {
  const ungrouped = body.replaceAll(sign === 'point' ? ',' : '.', '').replace(',', '.');
  const trimmed = ungrouped.endsWith('.') ? ungrouped.slice(0, -1) : ungrouped;
  const full = trimmed.startsWith('.') ? `0${trimmed}` : trimmed;
  return full.startsWith('0') && full.length > 1 ? full.replace(/^0+(?=\d)/, '') : full;
};

/**
 * A published number as an exact decimal string with the digits as printed, or null for what is none (`NaN`, `#REF!`,
 * `1e309`, a formula, groups of digits that fit the file's convention nowhere).
 */
export const parsePublished = (cell: string, sign: DecimalSign): string | null => {
  const shape = shapeOf(cell);
  if (shape === null || !PATTERN[sign].test(shape.body)) return null;
  const digits = plainDigits(shape.body, sign);
  if (digits.length > MAX_DIGITS || Math.abs(shape.exponent) > MAX_EXPONENT) return null;
  const unsigned =
    shape.exponent === 0 ? digits : decimalText(dec(digits).times(new Decimal(10).pow(shape.exponent)));
  return shape.negative && /[1-9]/.test(unsigned) ? `-${unsigned}` : unsigned;
};
