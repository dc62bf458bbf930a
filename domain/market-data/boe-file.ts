/**
 * The Bank of England's daily spot rates as CSV of its database.
 *
 * Contents: BOE_SERIES · readBoeFile
 */
import { parseDay } from '@pm/domain/calendar';
import { currency } from '@pm/domain/money';

import { RateFileError } from './ecb-file.ts';
import type { RateFile } from './ecb-file.ts';
import { publishedRate } from './rates.ts';

/**
 * Series of the database by currency: units of it for one pound sterling, as the Bank publishes them ("Spot exchange
 * rate, … into Sterling").
 */
export const BOE_SERIES: Readonly<Record<string, string>> = {
  XUDLUSS: 'USD',
  XUDLERS: 'EUR',
  XUDLJYS: 'JPY',
  XUDLCDS: 'CAD',
  XUDLSFS: 'CHF',
  XUDLADS: 'AUD',
  XUDLNDS: 'NZD',
  XUDLNKS: 'NOK',
  XUDLSKS: 'SEK',
  XUDLDKS: 'DKK',
  XUDLHDS: 'HKD',
  XUDLSGS: 'SGD',
  XUDLSRS: 'SAR',
  XUDLZRS: 'ZAR',
  XUDLTWS: 'TWD',
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = /^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})$/u;
const NO_RATE = ['', 'n/a', '..'];

/**
 * Reads the Bank's CSV: a column `DATE` (`17 Mar 2026`) and one for each series, quoted per pound. Days without a figure
 * are left out; unknown series too, with a warning. The whole file is taken or none of it.
 * @throws {RateFileError}
 */
export const readBoeFile = (text: string): RateFile => {
  const [head = '', ...lines] = text.trim().split(/\r?\n/u);
  const [first, ...series] = head.split(',').map((name) => name.trim());
  if (first !== 'DATE' || series.length === 0) {
    throw new RateFileError(
      'not_a_rate_file',
      'This is not a rate file of the Bank of England: expected CSV whose first column is DATE',
    );
  }
  const currencies = series.map((name) => (Object.hasOwn(BOE_SERIES, name) ? BOE_SERIES[name] : undefined));
  const rates = lines.flatMap((line, index) => readLine(line, index + 2, currencies));
  const unknown = series.filter((_, at) => currencies[at] === undefined);
  const warnings = unknown.map(
    (name) => `“${name.slice(0, 20)}” is no series that this product knows; it was left out`,
  );
  return { rates, warnings };
};

const readLine = (
  line: string,
  number: number,
  currencies: readonly (string | undefined)[],
): RateFile['rates'] => {
  const [dayText = '', ...cells] = line.split(',').map((cell) => cell.trim());
  const date = readDay(dayText);
  if (date === null) {
    throw new RateFileError(
      'bad_date',
      `Line ${number}: “${dayText.slice(0, 30)}” is not a day such as 17 Mar 2026`,
    );
  }
  if (cells.length < currencies.length) {
    throw new RateFileError('truncated', `Line ${number} ends early; the file is not complete`);
  }
  return currencies.flatMap((code, at) => {
    const rate = cells[at] ?? '';
    if (code === undefined || NO_RATE.includes(rate.toLowerCase())) return [];
    if (publishedRate(rate) === null) {
      throw new RateFileError('bad_rate', `Line ${number}: “${rate.slice(0, 30)}” is not a rate for ${code}`);
    }
    return [{ to: currency(code), rate, date }];
  });
};

const readDay = (text: string): string | null => {
  const [, day = '', month = '', year = ''] = DAY.exec(text) ?? [];
  const iso = `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
  return parseDay(iso)?.toString() ?? null;
};
