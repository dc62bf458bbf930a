/**
 * Files of past prices: Yahoo's, Stooq's, and any table with a day and a price. The whole file is read or none of it.
 *
 * Contents: PriceFileError · PriceFile · readPriceFile · momentsOf
 */
import { parseDay } from '@pm/domain/calendar';
import { parse } from 'csv-parse/sync';

import { closeOfDay, exchangeZone } from './exchange-close.ts';
import { exactNumber } from './published-price.ts';
import type { PublishedPrice } from './published-price.ts';

/** A price file that cannot be taken, in words for the person who sent it. */
export class PriceFileError extends Error {
  override readonly name = 'PriceFileError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A day of the exchange, a moment, or what its clock showed. */
type When = Temporal.PlainDate | Temporal.Instant | Temporal.PlainDateTime;

type FilePrice = Omit<PublishedPrice, 'at' | 'interval' | 'unit'> & { readonly when: When };

/** A file as read; which line of trading it is for, and in what unit, it does not say. */
export type PriceFile = {
  readonly form: 'yahoo' | 'stooq' | 'generic';
  readonly prices: readonly FilePrice[];
};

/** The most rows of one file: forty years of days, or two years of minutes. */
export const MAX_PRICES = 500_000;
const MAX_HEADER = 20_000;

/** Words of headers, in English and as Stooq writes them in Polish and in its text files. */
const COLUMNS = {
  when: ['date', 'datetime', 'day', 'timestamp', 'data', '<date>'],
  time: ['time', 'czas', '<time>'],
  open: ['open', 'otwarcie', '<open>'],
  high: ['high', 'najwyzszy', '<high>'],
  low: ['low', 'najnizszy', '<low>'],
  close: ['close', 'zamkniecie', '<close>', 'price', 'nav', 'last', 'close price'],
  volume: ['volume', 'wolumen', '<vol>'],
} as const;
const OF_YAHOO = ['adj close', 'stock splits'];
const OF_STOOQ = ['<ticker>', 'zamkniecie'];
/** What stands where there is no price. */
const NO_PRICE = ['', 'null', 'n/a', 'n/d', 'nan', '-'];

/**
 * Reads a table of prices with a header: separated by comma, semicolon, tab or bar, days as 2024-02-23, 20240223 or
 * 23 Feb 2024, times as ISO 8601. Adjusted closes are not read: raw ones are kept.
 * @throws {PriceFileError}
 */
export const readPriceFile = (bytes: Uint8Array): PriceFile => {
  const text = decode(bytes);
  const [head = '', second = ''] = text.slice(0, MAX_HEADER).split(/\r?\n/u);
  const delimiter = [';', '\t', '|', ','].find((sign) => head.includes(sign)) ?? ',';
  const names = head.split(delimiter).map((name) => name.trim().replaceAll('"', '').toLowerCase());
  const at = (wanted: keyof typeof COLUMNS): number =>
    names.findIndex((name) => COLUMNS[wanted].some((word) => word === name));
  if (at('when') === -1 || at('close') === -1 || second === '') {
    throw new PriceFileError(
      'not_a_price_file',
      'This is not a table of prices: expected a header with a column Date and a column Close (or Price), and rows below it',
    );
  }
  const rows = parseRows(text, delimiter);
  const hasCommas = delimiter !== ',' && rows.some((row) => row[at('close')]?.includes(',') === true);
  const places = {
    when: at('when'),
    time: at('time'),
    open: at('open'),
    high: at('high'),
    low: at('low'),
    close: at('close'),
    volume: at('volume'),
  };
  const prices = rows.map((row, index) => readRow(row, places, hasCommas, index + 2));
  return { form: formOf(names), prices: once(prices) };
};

const formOf = (names: readonly string[]): PriceFile['form'] => {
  if (names.some((name) => OF_YAHOO.includes(name))) return 'yahoo';
  if (names.some((name) => OF_STOOQ.includes(name))) return 'stooq';
  return names.join() === 'date,open,high,low,close,volume' ? 'stooq' : 'generic';
};

/** The text of a file. @throws {PriceFileError} when it is not UTF-8 */
export const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch {
    throw new PriceFileError('wrong_encoding', 'The file is not text in UTF-8');
  }
};

/** The rows below the header. @throws {PriceFileError} for a broken or too long table */
export const parseRows = (text: string, delimiter: string): string[][] => {
  let rows: string[][];
  try {
    rows = parse(text, {
      delimiter,
      from_line: 2,
      to: MAX_PRICES + 1,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
    });
  } catch {
    throw new PriceFileError('not_a_price_file', 'The table cannot be read: a quotation mark is not closed');
  }
  if (rows.length <= MAX_PRICES) return rows;
  throw new PriceFileError('too_many_prices', `The file has more than ${MAX_PRICES} rows; send it in parts`);
};

type Places = Readonly<Record<keyof typeof COLUMNS, number>>;

const readRow = (row: readonly string[], places: Places, hasCommas: boolean, line: number): FilePrice => {
  const figure = (column: 'close' | 'open' | 'high' | 'low' | 'volume'): string | null => {
    const cell = row[places[column]] ?? '';
    if (NO_PRICE.includes(cell.toLowerCase())) return null;
    const number = exactNumber(hasCommas ? cell.replace(',', '.') : cell);
    if (number !== null) return number;
    throw new PriceFileError('bad_price', `Line ${line}: “${cell.slice(0, 30)}” is not a number`);
  };
  return {
    when: readWhen(row[places.when] ?? '', row[places.time] ?? '', line),
    close: figure('close'),
    open: figure('open'),
    high: figure('high'),
    low: figure('low'),
    volume: figure('volume'),
  };
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const readWhen = (text: string, time: string, line: number): When => {
  const day = readDay(text);
  const clock = /^(\d\d):?(\d\d):?(\d\d)?$/u.exec(time);
  try {
    // Midnight is what sources write where they know no time.
    if (day !== null && clock !== null && !/^[0:]+$/u.test(time)) {
      const [, hour = '', minute = '', second = '00'] = clock;
      return day.toPlainDateTime(Temporal.PlainTime.from(`${hour}:${minute}:${second}`));
    }
    if (day !== null) return day;
    if (/(?:Z|[+-]\d\d:?\d\d)$/u.test(text)) return Temporal.Instant.from(text);
    if (/\d[ T]\d\d:\d\d/u.test(text)) return Temporal.PlainDateTime.from(text.replace(' ', 'T'));
  } catch {
    // Said below.
  }
  throw new PriceFileError(
    'bad_date',
    `Line ${line}: “${text.slice(0, 30)}” is not a day such as 2024-02-23 or 23 Feb 2024 (23/02/2024 could be read in two ways)`,
  );
};

/** A day as 2024-02-23, 20240223 or 23 Feb 2024; null for anything else. */
export const readDay = (text: string): Temporal.PlainDate | null => {
  const joined = /^(\d{4})(\d\d)(\d\d)$/u.exec(text);
  if (joined !== null) return parseDay(joined.slice(1).join('-'));
  const [, day = '', month = '', year = ''] =
    /^(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})$/u.exec(text) ?? [];
  const number = MONTHS.indexOf(month.toLowerCase()) + 1;
  return parseDay(number === 0 ? text : `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`);
};

/** Each moment once. Two prices of one moment are a mistake that only the sender can resolve. */
const once = (prices: readonly FilePrice[]): FilePrice[] => {
  const byWhen = new Map<string, FilePrice>();
  for (const price of prices) {
    const key = price.when.toString();
    const before = byWhen.get(key);
    if (before !== undefined && before.close !== price.close) {
      const both = `${before.close ?? 'none'} and ${price.close ?? 'none'}`;
      throw new PriceFileError('conflicting_prices', `The file gives two prices for ${key}: ${both}`);
    }
    byWhen.set(key, price);
  }
  return [...byWhen.values()];
};

/** The prices with the moments that they have on a market; days become the market's close. */
export const momentsOf = (
  file: PriceFile,
  mic: string | null,
  unit: string | null,
): readonly PublishedPrice[] =>
  file.prices.map(({ when, ...price }) => {
    if (when instanceof Temporal.PlainDate) {
      return { ...price, unit, at: closeOfDay(when, mic), interval: '1d' };
    }
    const at = when instanceof Temporal.Instant ? when : when.toZonedDateTime(exchangeZone(mic)).toInstant();
    return { ...price, unit, at, interval: 'quote' };
  });
