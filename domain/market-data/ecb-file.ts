import { parse } from 'csv-parse/sync';
import { XMLParser } from 'fast-xml-parser';
import { parseDay } from '@pm/domain/calendar';
import { currency, isCurrency, type Currency } from '@pm/domain/money';
import { publishedRate } from './rates.ts';

/** One published rate: units of `to` for one unit of its publisher's base (the ECB's euro), as text exactly as published. */
export type FileRate = { readonly to: Currency; readonly rate: string; readonly date: string };
export type RateFile = { readonly rates: FileRate[]; readonly warnings: string[] };

/** A rate file that cannot be taken, in words for the person who sent it. */
export class RateFileError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
    this.name = 'RateFileError';
  }
}

/** The most rates taken from one file: the whole history since 1999 has under 300,000. */
export const MAX_RATES = 1_000_000;
const FIRST_DAY = '1999-01-04';

/**
 * Reads the ECB's euro reference rates in any of their four published forms: the history and the day as CSV
 * (currencies across, `N/A` where a currency had ended, an empty last column), the data service's CSV (one rate a
 * line) and the XML of the day, of 90 days or of the whole history. The whole file is taken or none of it.
 */
export const readEcbFile = (bytes: Uint8Array): RateFile => {
  const text = decode(bytes).trim();
  if (text === '') throw new RateFileError('empty_file', 'The file is empty');
  const file = /^(<\?xml|<gesmes)/.test(text) ? readXml(text) : readCsv(text);
  if (file.rates.length === 0) throw new RateFileError('no_rates', 'The file has no rates in it');
  if (file.rates.length > MAX_RATES) {
    throw new RateFileError('too_many_rates', `The file has more than ${MAX_RATES} rates`);
  }
  return file;
};

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RateFileError(
      'wrong_encoding',
      'The file is not text in UTF-8; send the ECB’s file as it was downloaded',
    );
  }
};

const UNKNOWN_FILE =
  'This is not a rate file of the ECB: expected its CSV (first column Date, or CURRENCY,TIME_PERIOD,OBS_VALUE) or its XML';

const readCsv = (text: string): RateFile => {
  if (text.startsWith('<')) {
    throw new RateFileError('not_a_rate_file', 'This is a web page, not a rate file of the ECB');
  }
  let records: string[][];
  try {
    records = parse(text, { trim: true, skip_empty_lines: true, relax_column_count: true, to: MAX_RATES });
  } catch {
    throw new RateFileError('not_a_rate_file', UNKNOWN_FILE);
  }
  const [header = [], ...rows] = records;
  if (header[0] === 'Date' && header.length > 1) return readWide(header, rows);
  if (['CURRENCY', 'TIME_PERIOD', 'OBS_VALUE'].every((name) => header.includes(name))) {
    return readLong(header, rows);
  }
  throw new RateFileError('not_a_rate_file', UNKNOWN_FILE);
};

const readWide = (header: string[], rows: string[][]): RateFile => {
  const out = new Collector();
  const width = header.at(-1) === '' ? header.length - 1 : header.length;
  rows.forEach((row, index) => {
    if (row.length < width) throw truncated(index + 2);
    const date = readDay(row[0] ?? '', index + 2);
    for (let column = 1; column < width; column += 1) {
      out.add(header[column] ?? '', date, row[column] ?? '', index + 2);
    }
  });
  return out.file();
};

const readLong = (header: string[], rows: string[][]): RateFile => {
  const out = new Collector();
  const at = (name: string) => header.indexOf(name);
  const [code, period, value] = [at('CURRENCY'), at('TIME_PERIOD'), at('OBS_VALUE')];
  rows.forEach((row, index) => {
    if (row.length < header.length) throw truncated(index + 2);
    out.add(row[code] ?? '', readDay(row[period] ?? '', index + 2), row[value] ?? '', index + 2);
  });
  return out.file();
};

const XML = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseAttributeValue: false,
  processEntities: false,
  isArray: (name) => name === 'Cube',
});

type Cube = { time?: string; currency?: string; rate?: string; Cube?: Cube[] };

const readXml = (text: string): RateFile => {
  if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY')) {
    throw new RateFileError(
      'not_a_rate_file',
      'The file declares XML entities, which a rate file of the ECB never does',
    );
  }
  if (/<(?:\w+:)?Envelope[\s>]/.test(text) && !/<\/(?:\w+:)?Envelope>$/.test(text)) {
    throw new RateFileError('truncated', 'The file is not complete XML; download it again');
  }
  const root = parseXml(text);
  const out = new Collector();
  for (const day of (root.Envelope?.Cube ?? []).flatMap((cube) => cube.Cube ?? [])) {
    const date = readDay(day.time ?? '', 0);
    for (const one of day.Cube ?? []) out.add(one.currency ?? '', date, one.rate ?? '', 0);
  }
  return out.file();
};

/** The parser throws errors of its own for what is not well formed, nested too deep or named to do harm. */
const parseXml = (text: string): { readonly Envelope?: { readonly Cube?: Cube[] } } => {
  try {
    return XML.parse(text) as { Envelope?: { Cube?: Cube[] } };
  } catch {
    throw new RateFileError('not_a_rate_file', UNKNOWN_FILE);
  }
};

class Collector {
  readonly #rates: FileRate[] = [];
  readonly #unknown = new Set<string>();

  add(code: string, date: string, text: string, line: number): void {
    if (text === '' || text === 'N/A' || text === 'NaN') return;
    if (!isCurrency(code)) {
      this.#unknown.add(code);
      return;
    }
    if (!publishedRate(text)) {
      throw new RateFileError('bad_rate', `${where(line)}: “${text.slice(0, 30)}” is not a rate for ${code}`);
    }
    this.#rates.push({ to: currency(code), rate: text, date });
  }

  file(): RateFile {
    const warnings = [...this.#unknown].map(
      (code) => `“${code.slice(0, 20)}” is not a currency this product knows; its rates were left out`,
    );
    return { rates: this.#rates, warnings };
  }
}

const where = (line: number): string => (line > 0 ? `Line ${line}` : 'The XML');
const truncated = (line: number) =>
  new RateFileError('truncated', `Line ${line} ends early; the file is not complete, download it again`);

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const readDay = (text: string, line: number): string => {
  const long = /^(\d{1,2}) ([A-Za-z]+) (\d{4})$/.exec(text);
  const month = long ? MONTHS.indexOf((long[2] ?? '').toLowerCase()) + 1 : 0;
  const iso =
    long && month > 0
      ? `${long[3]}-${String(month).padStart(2, '0')}-${(long[1] ?? '').padStart(2, '0')}`
      : text;
  if (!parseDay(iso) || iso < FIRST_DAY) {
    throw new RateFileError(
      'bad_date',
      `${where(line)}: “${text.slice(0, 30)}” is not a day on which the ECB published rates`,
    );
  }
  return iso;
};
