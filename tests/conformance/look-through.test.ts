/**
 * Issuers' files: the real ones where their folder stands beside the checkout, else the made-up ones of the same
 * formats that are committed. What must hold of any file is checked of both.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ASSET_CLASSES,
  countries,
  normaliseTicker,
  planConstituents,
  readConstituentFile,
  SECTORS,
  type ConstituentFile,
  type PublishedRow,
} from '@pm/domain/look-through';
import { hasReal, Install, pathOf, readFile, REAL } from './look-through-install.ts';

const IT = pathOf('ishares-it.csv', 'ishares_SWDA_2024-02-23_it.csv');
const EN = pathOf('ishares-en-us.csv', 'ishares_IVV_2024-12-06.csv');
const ES = pathOf('ishares-es-cp1252.csv', 'ishares_CNDX_2021-02-05_es_cp1252.csv');
const EM = pathOf('ishares-de.csv', 'ishares_EIMI_2024-02-23_it.csv');

type Expected = { key: string; path: string; asOf: string; locale: string; rows: number; sum: string };

const REAL_FILES: readonly Expected[] = [
  { key: 'SWDA', path: IT, asOf: '2024-02-23', locale: 'it', rows: 1515, sum: '100' },
  { key: 'EIMI', path: EM, asOf: '2024-02-23', locale: 'it', rows: 3224, sum: '98.86' },
  { key: 'IVV', path: EN, asOf: '2024-12-06', locale: 'en-US', rows: 508, sum: '99.98' },
  { key: 'CNDX', path: ES, asOf: '2021-02-05', locale: 'es', rows: 102, sum: '99.92' },
];
const MADE_UP_FILES: readonly Expected[] = [
  { key: 'SWDA', path: IT, asOf: '2024-02-23', locale: 'it', rows: 19, sum: '99' },
  { key: 'EIMI', path: EM, asOf: '2026-06-19', locale: 'de', rows: 5, sum: '99.83' },
  { key: 'IVV', path: EN, asOf: '2024-12-06', locale: 'en-US', rows: 9, sum: '99.97' },
  { key: 'CNDX', path: ES, asOf: '2021-02-05', locale: 'es', rows: 4, sum: '99.92' },
];
/** Securities in common were counted by ticker, exchange and name with another program; the doubtful ones by eye. */
const REAL_EXPECTED = {
  files: REAL_FILES,
  common: { 'SWDA IVV': 484, 'SWDA CNDX': 87 },
  unsure: ['BXP', 'DOC', 'GE', 'LH', 'PDD'],
  nestedFunds: ['4BRZ', 'IKSA'],
  doubleTickers: 37,
};
const MADE_UP_EXPECTED = {
  files: MADE_UP_FILES,
  common: { 'SWDA IVV': 2, 'SWDA CNDX': 1 },
  unsure: [] as string[],
  nestedFunds: ['4XBR'],
  doubleTickers: 1,
};
const EXPECTED = hasReal ? REAL_EXPECTED : MADE_UP_EXPECTED;

const files = new Map<string, ConstituentFile>(EXPECTED.files.map(({ key, path }) => [key, readFile(path)]));
const install = new Install();
for (const [key, file] of files) install.import(key, file);

const equities = (key: string): PublishedRow[] =>
  (files.get(key)?.rows ?? []).filter((row) => row.assetClass === 'Equity');
const which = hasReal ? 'real files' : 'made-up files, the real ones are not beside the checkout';

describe(`issuers’ files (${which})`, () => {
  it.each(EXPECTED.files)('$key has its day, its rows and its sum', ({ key, asOf, locale, rows, sum }) => {
    const file = files.get(key);
    expect(file).toMatchObject({ format: 'ishares-csv', locale });
    expect(file?.asOf?.toString()).toBe(asOf);
    expect(file?.totals).toMatchObject({ rows, weightSumPct: sum });
  });

  it('every sector, country, asset class, currency and exchange in them is known', () => {
    const names = new Set<string>(countries().map((country) => country.name));
    const rows = [...files.values()].flatMap((file) => file.rows);
    const warnings = [...files.values()].flatMap((file) => file.warnings);
    expect(warnings.filter((warning) => warning.code.startsWith('unknown'))).toEqual([]);
    expect(rows.filter((row) => !SECTORS.includes(row.sector))).toEqual([]);
    expect(rows.filter((row) => !ASSET_CLASSES.includes(row.assetClass))).toEqual([]);
    expect(rows.filter((row) => row.countryPublished !== null && !names.has(row.country))).toEqual([]);
    expect(rows.filter((row) => row.currency === null)).toEqual([]);
  });

  it('companies meet across files, also those of a file with ISINs and one without', () => {
    const ids = (key: string): Set<string> => new Set(equities(key).map((row) => install.idOf(key, row)));
    const common = Object.keys(EXPECTED.common).map((pair): [string, number] => {
      const [a = '', b = ''] = pair.split(' ');
      return [pair, ids(a).intersection(ids(b)).size];
    });
    expect(Object.fromEntries(common)).toEqual(EXPECTED.common);
  });

  it('a ticker that occurs twice in a file is two securities', () => {
    const byTicker = Map.groupBy(equities('SWDA'), (row) => normaliseTicker(row.ticker));
    byTicker.delete('');
    const twice = [...byTicker.values()].filter((rows) => rows.length > 1);
    expect(twice).toHaveLength(EXPECTED.doubleTickers);
    const merged = twice.filter(
      (rows) => new Set(rows.map((row) => install.idOf('SWDA', row))).size < rows.length,
    );
    expect(merged).toEqual([]);
  });

  it('what is unsure is little and stays apart', () => {
    const tickers = install.unsure.map((row) => row.ticker ?? '');
    expect(new Set(tickers)).toEqual(new Set(EXPECTED.unsure));
    expect(tickers).toHaveLength(EXPECTED.unsure.length);
  });

  it('importing a file again finds every security and makes none', () => {
    const again = [...files.values()].flatMap(
      (file) => planConstituents(file.rows, install.known).constituents,
    );
    expect(again.filter((planned) => planned.outcome === 'new')).toEqual([]);
  });

  it('nested funds that the issuer marks as equity are funds', () => {
    const nested = [...files.keys()].flatMap((key) => equities(key).filter((row) => row.kind === 'fund'));
    expect(nested.map((row) => row.ticker)).toEqual(EXPECTED.nestedFunds);
  });

  it('a web page in place of holdings is refused in words', () => {
    const page = hasReal
      ? readFileSync(join(REAL, 'vanguard_VOO_html_inside_json.json'))
      : Buffer.from(JSON.stringify({ response: 'error - <html>\n<head></head></html>' }));
    expect(() => readConstituentFile(page)).toThrow('This is a web page, not a list of holdings');
  });
});
