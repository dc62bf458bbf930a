/**
 * Files of splits and dividends: Yahoo's, and any table with a day and an amount or a ratio. The whole file is read or none.
 *
 * Contents: readEventFile
 */
import { dec } from '@pm/domain/money';

import type { PublishedEvent } from './corporate-events.ts';
import { decode, parseRows, PriceFileError, readDay } from './price-file.ts';
import { exactNumber } from './published-price.ts';

const COLUMNS = {
  day: ['date', 'day', 'ex-date', 'exdate', 'ex date', 'ex-dividend date', 'ex dividend date'],
  amount: ['dividends', 'dividend', 'amount', 'distribution', 'dividend amount'],
  ratio: ['stock splits', 'split', 'splits', 'ratio', 'split ratio'],
  unit: ['currency', 'unit', 'quote unit'],
  payDate: ['pay date', 'paydate', 'payment date', 'payable date'],
} as const;
const NONE = ['', '0', '0.0', 'null', 'n/a', 'nan', '-'];
const MAX_HEADER = 20_000;

/**
 * Reads a table with a header. A ratio is `4:1`, `4/1` or, as Yahoo's histories have it, `4.0`; new units for old ones.
 * Rows with neither an amount nor a ratio are passed over.
 * @throws {PriceFileError}
 */
export const readEventFile = (bytes: Uint8Array): readonly PublishedEvent[] => {
  const text = decode(bytes);
  const [head = ''] = text.slice(0, MAX_HEADER).split(/\r?\n/u);
  const delimiter = [';', '\t', '|', ','].find((sign) => head.includes(sign)) ?? ',';
  const names = head.split(delimiter).map((name) => name.trim().replaceAll('"', '').toLowerCase());
  const at = (wanted: keyof typeof COLUMNS): number =>
    names.findIndex((name) => COLUMNS[wanted].some((word) => word === name));
  if (at('day') === -1 || (at('amount') === -1 && at('ratio') === -1)) {
    throw new PriceFileError(
      'not_an_event_file',
      'This is not a table of splits or dividends: expected a header with a column Date and a column Dividends or Stock Splits',
    );
  }
  const hasCommas = delimiter !== ',';
  return parseRows(text, delimiter).flatMap((row, index) => {
    const cell = (column: keyof typeof COLUMNS): string => row[at(column)]?.trim() ?? '';
    const line = index + 2;
    const day = readDay(
      cell('day')
        .slice(0, 11)
        .split(/[ T](?=\d\d:|$)/u)[0] ?? '',
    );
    if (day === null) throw refuse('bad_date', line, cell('day'), 'is not a day such as 2024-02-23');
    const [amount, ratio] = [cell('amount'), cell('ratio')].map((one) =>
      hasCommas ? one.replace(',', '.') : one,
    );
    return [
      ...(amount === undefined || NONE.includes(amount.toLowerCase())
        ? []
        : [dividendOf(amount, day, cell('unit'), cell('payDate'), line)]),
      ...(ratio === undefined || NONE.includes(ratio.toLowerCase()) ? [] : [splitOf(ratio, day, line)]),
    ];
  });
};

const refuse = (code: string, line: number, cell: string, what: string): PriceFileError =>
  new PriceFileError(code, `Line ${line}: “${cell.slice(0, 30)}” ${what}`);

const dividendOf = (
  amount: string,
  day: Temporal.PlainDate,
  unit: string,
  paid: string,
  line: number,
): PublishedEvent => {
  const figure = exactNumber(amount);
  if (figure === null || !dec(figure).greaterThan(0)) {
    throw refuse('bad_amount', line, amount, 'is not an amount above 0');
  }
  const payDate = paid === '' ? null : readDay(paid);
  return { kind: 'dividend', day, amount: figure, unit: unit === '' ? null : unit, payDate };
};

const splitOf = (ratio: string, day: Temporal.PlainDate, line: number): PublishedEvent => {
  const [first = '', second = '1', ...more] = ratio.split(/[:/]/u);
  const [numerator, denominator] = [exactNumber(first), exactNumber(second)];
  const isRatio =
    more.length === 0 &&
    numerator !== null &&
    denominator !== null &&
    dec(numerator).greaterThan(0) &&
    dec(denominator).greaterThan(0);
  if (!isRatio) throw refuse('bad_ratio', line, ratio, 'is not a ratio such as 4:1');
  return { kind: 'split', day, numerator, denominator };
};
