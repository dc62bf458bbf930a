// Reads an iShares holdings file (English or Italian) into plain rows, with exact numbers.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Locale } from './csv.ts';
import { parseCsv, parseNumber } from './csv.ts';
import type { Fraction } from './fraction.ts';
import type { Kind } from './tables.ts';
import { ASSET_CLASSES, COUNTRIES, SECTORS, currencyCode } from './tables.ts';

/** One line of a fund. `weight` is the published percentage, null where none is published. */
export interface Row {
  ticker: string;
  name: string;
  isin: string | null;
  exchange: string | null;
  kind: Kind | 'fund';
  sector: string | null;
  country: string | null;
  currency: string | null;
  weight: Fraction | null;
  marketValue: Fraction | null;
  /** Key of the fund that this line is a holding in, when it is one. */
  fund: string | null;
}

export interface Fund {
  key: string;
  asOf: string;
  rows: Row[];
  warnings: string[];
  /** SHA-256 of the file's bytes; null for a fund written by hand. */
  checksum: string | null;
}

const HEADINGS = {
  en: {
    ticker: 'Ticker',
    name: 'Name',
    sector: 'Sector',
    assetClass: 'Asset Class',
    marketValue: 'Market Value',
    weight: 'Weight (%)',
    location: 'Location',
    exchange: 'Exchange',
    currency: 'Market Currency',
  },
  it: {
    ticker: "Ticker dell'emittente",
    name: 'Nome',
    sector: 'Settore',
    assetClass: 'Asset Class',
    marketValue: 'Valore di mercato',
    weight: 'Ponderazione (%)',
    location: 'Area Geografica',
    exchange: 'Cambio',
    currency: 'Valuta di mercato',
  },
} as const;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function readAsOf(preamble: string[][], locale: Locale): string {
  const label = locale === 'it' ? 'Al' : 'Fund Holdings as of';
  const text = preamble.find((row) => row[0] === label)?.[1] ?? '';
  const italian = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text);
  if (italian !== null) return `${italian[3]}-${italian[2]}-${italian[1]}`;
  const english = /^([A-Z][a-z]{2}) (\d\d), (\d{4})$/.exec(text);
  const month = MONTHS.indexOf(english?.[1] ?? '') + 1;
  if (english === null || month === 0) throw new Error(`no as-of date in ${JSON.stringify(text)}`);
  return `${english[3]}-${String(month).padStart(2, '0')}-${english[2]}`;
}

function lookUp(
  table: Readonly<Record<string, string | null>>,
  word: string,
  what: string,
  warnings: string[],
): string | null {
  const found = table[word];
  if (found === undefined) warnings.push(`unknown ${what}: ${word}`);
  return found ?? null;
}

/** Reads the text of an iShares holdings file. Throws when it is not one. */
export function readIssuerText(key: string, text: string, checksum: string | null = null): Fund {
  const rows = parseCsv(text);
  const headingAt = rows.findIndex((row) => row[0] === HEADINGS.en.ticker || row[0] === HEADINGS.it.ticker);
  const heading = rows[headingAt];
  if (heading === undefined) throw new Error('no heading line');
  const locale: Locale = heading[0] === HEADINGS.it.ticker ? 'it' : 'en';
  const names = HEADINGS[locale];
  const column = (what: keyof typeof names): number => {
    const at = heading.indexOf(names[what]);
    if (at < 0) throw new Error(`no column ${names[what]}`);
    return at;
  };
  const body = rows.slice(headingAt + 1);
  const end = body.findIndex((row) => row.length !== heading.length || (row[1] ?? '').trim() === '');
  const data = end < 0 ? body : body.slice(0, end);
  if (
    end >= 0 &&
    body.slice(end).some((row) => row.length === heading.length && (row[1] ?? '').trim() !== '')
  ) {
    throw new Error('holdings after the end of the table');
  }
  const warnings: string[] = [];
  const at = (row: string[], what: keyof typeof names): string => (row[column(what)] ?? '').trim();
  return {
    key,
    asOf: readAsOf(rows.slice(0, headingAt), locale),
    checksum,
    warnings,
    rows: data.map((row): Row => {
      const kind = ASSET_CLASSES[at(row, 'assetClass')];
      if (kind === undefined) throw new Error(`unknown asset class ${at(row, 'assetClass')}`);
      const exchange = at(row, 'exchange');
      return {
        ticker: at(row, 'ticker'),
        name: at(row, 'name'),
        isin: null,
        exchange: exchange === '-' || exchange === '' ? null : exchange,
        kind,
        sector: lookUp(SECTORS, at(row, 'sector'), 'sector', warnings),
        country: lookUp(COUNTRIES, at(row, 'location'), 'country', warnings),
        currency: currencyCode(at(row, 'currency')),
        weight: parseNumber(at(row, 'weight'), locale),
        marketValue: parseNumber(at(row, 'marketValue'), locale),
        fund: null,
      };
    }),
  };
}

/** Reads an iShares holdings file from disk and notes its checksum. */
export function readIssuerFile(key: string, path: string): Fund {
  const bytes = readFileSync(path);
  return readIssuerText(key, bytes.toString('utf8'), createHash('sha256').update(bytes).digest('hex'));
}
