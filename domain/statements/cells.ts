/**
 * Cells of a statement: numbers with separators and signs, days in British, ISO and American order, split ratios.
 *
 * Contents: isBlank · foldHeader · readNumber · readWhen · orderOfDays · readSplit
 */
import { dec } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';

import type { DayOrder } from './kinds.ts';

/** What stands where there is nothing to say. */
const BLANK = /^(?:|-|–|—|n\/?a|null|none|not available)$/i;

export const isBlank = (text: string): boolean => BLANK.test(text.trim());

/** A header as it is compared: lower case, letters, digits and £ only, one blank between words. */
export const foldHeader = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\uFFFD/g, '£')
    .replace(/[^\p{L}\p{N}£]+/gu, ' ')
    .trim();

/** Digits before and after the point that a cell may have. */
const DIGITS_MAX = 40;

const NUMBER = {
  point: /^(?:\d+|\d{1,3}(?:[,\s'’]\d{3})+)?(?:\.\d*)?$/,
  comma: /^(?:\d+|\d{1,3}(?:[.\s'’]\d{3})+)?(?:,\d*)?$/,
} as const;

/** Nearly every cell. */
const PLAIN = /^\d{1,15}(?:\.\d{1,15})?$/;

/** A number as written, and whether it was marked as pence. */
export type NumberCell = { readonly value: Decimal; readonly inPence: boolean };

/**
 * Reads `1,234.50`, `£1,234.50`, `-12`, `(12)`, `12-`, `603.27p`, `USD 12.5`. Null for what is no number; blank cells are
 * the caller's to tell.
 */
export const readNumber = (text: string, sign: 'point' | 'comma'): NumberCell | null => {
  if (sign === 'point' && PLAIN.test(text)) return { value: dec(text), inPence: false };
  let body = text.trim().replaceAll('\u00a0', ' ').replaceAll('−', '-');
  const inBrackets = /^\((.+)\)$/.exec(body)?.[1];
  body = inBrackets ?? body;
  const isNegative = inBrackets !== undefined || /^[£$€\s]*-|-$/.test(body);
  const inPence = /\d\s?p$/i.test(body);
  body = body
    .replace(/^[£$€\s+-]+|[£$€\s%-]+$/g, '')
    .replace(/^[A-Z]{3}\s?(?=\d)|\s?[A-Z]{3}$/g, '')
    .replace(/\s?p$/i, '')
    .replace(/^[£$€\s]+/, '');
  if (!/\d/.test(body) || body.length > DIGITS_MAX || !NUMBER[sign].test(body)) return null;
  const plain = body
    .replace(sign === 'point' ? /[,\s'’]/g : /[.\s'’]/g, '')
    .replace(',', '.')
    .replace(/^\./, '0.')
    .replace(/\.$/, '');
  const value = dec(plain);
  return { value: isNegative ? value.neg() : value, inPence };
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const TIME = /(?:[T\s,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(?:Z|UTC|GMT)?$/i;

const two = (text: string): string => text.padStart(2, '0');

/** A year of two digits is one of this century up to 69. */
const yearOf = (text: string): string =>
  text.length === 4 ? text : Number(text) < 70 ? `20${two(text)}` : `19${two(text)}`;

const partsOf = (
  day: string,
  order: DayOrder | null,
): readonly [string, string, string] | 'ambiguous' | null => {
  const iso = /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})$/.exec(day);
  if (iso) return [iso[1] ?? '', iso[2] ?? '', iso[3] ?? ''];
  const named = /^(\d{1,2})(?:st|nd|rd|th)?[\s-]([A-Za-z]{3,9})\.?,?[\s-](\d{4}|\d{2})$/.exec(day);
  const american = /^([A-Za-z]{3,9})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})$/.exec(day);
  const word = named?.[2] ?? american?.[1];
  if (word !== undefined) {
    const month = MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1;
    if (month === 0) return null;
    return [yearOf(named?.[3] ?? american?.[3] ?? ''), String(month), named?.[1] ?? american?.[2] ?? ''];
  }
  const numeric = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(day);
  if (!numeric) return null;
  const [, first = '', second = '', year = ''] = numeric;
  if (order === 'mdy' && Number(first) <= 12) return [yearOf(year), first, second];
  if (order === 'dmy' || Number(first) > 12 || first === second) return [yearOf(year), second, first];
  if (Number(second) > 12) return [yearOf(year), first, second];
  return 'ambiguous';
};

/** A day, with the time where the cell has one, as text that sorts. */
export type WhenCell = { readonly date: Temporal.PlainDate; readonly at: string };

/**
 * Reads a day in British (31/12/2024, 31 Dec 2024), ISO (2024-12-31) or American (12/31/2024) form, with or without a
 * time. `ambiguous` where it can be two days and no order is known; null where it is none.
 */
export const readWhen = (text: string, order: DayOrder | null): WhenCell | 'ambiguous' | null => {
  const cell = text.trim();
  if (cell.length > 40) return null;
  const [matched = '', hour, minute, second] = TIME.exec(cell) ?? [];
  const parts = partsOf(cell.slice(0, cell.length - matched.length).trim(), order);
  if (parts === null || parts === 'ambiguous') return parts;
  const day = `${parts[0]}-${two(parts[1])}-${two(parts[2])}`;
  try {
    const date = Temporal.PlainDate.from(day, { overflow: 'reject' });
    const time = hour === undefined ? '' : ` ${two(hour)}:${minute ?? '00'}:${second ?? '00'}`;
    return { date, at: `${day}${time}` };
  } catch {
    return null;
  }
};

/** The order of day and month that a column proves by a day beyond twelve; null where none does, or they disagree. */
export const orderOfDays = (texts: readonly string[]): DayOrder | null => {
  const orders = new Set<DayOrder>();
  for (const text of texts) {
    const [, first = '0', second = '0'] = /^\s*(\d{1,2})[-/.](\d{1,2})[-/.]\d{2}/.exec(text) ?? [];
    if (Number(first) > 12) orders.add('dmy');
    if (Number(second) > 12) orders.add('mdy');
  }
  const [only = null] = orders;
  return orders.size === 1 ? only : null;
};

/** Reads `2:1`, `2 for 1`, `2/1`: units after for units before. */
export const readSplit = (text: string): { numerator: number; denominator: number } | null => {
  const [, after, before] = /^\s*(\d{1,7})\s*(?::|\/|for)\s*(\d{1,7})\s*$/i.exec(text) ?? [];
  if (after === undefined || before === undefined) return null;
  const [numerator, denominator] = [Number(after), Number(before)];
  const isRatio = [numerator, denominator].every((part) => part >= 1 && part <= 1_000_000);
  return isRatio && numerator !== denominator ? { numerator, denominator } : null;
};
