import type { ConstituentFile, Warning } from '../published/index.ts';
import type { Field } from './columns.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { readDay } from './dates.ts';
import { doubleText } from './doubles.ts';
import { FormatError } from './format-error.ts';
import { readSheet } from './sheet.ts';
import { JsonNumber, type JsonObject, type JsonValue, type Source } from './source.ts';

const title = 'Finnhub ETF holdings';
const id = 'finnhub-json';

/** The provider's names for what a row has. */
const KEYS: Readonly<Partial<Record<Field, string>>> = {
  ticker: 'symbol',
  name: 'name',
  isin: 'isin',
  cusip: 'cusip',
  assetClass: 'assetType',
  weight: 'percent',
  quantity: 'share',
  marketValue: 'value',
};
const FIELDS = Object.keys(KEYS) as Field[];
const COLUMNS = new Map(FIELDS.map((field, at) => [field, at]));

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

const textOf = (value: JsonValue | undefined): string => {
  if (value instanceof JsonNumber) return doubleText(value.text) ?? value.text;
  return typeof value === 'string' ? value : '';
};

/** The answer's rows, or null where it is no answer about holdings. */
const holdingsOf = (
  value: JsonValue | undefined,
): { about: JsonObject; rows: readonly JsonObject[] } | null => {
  if (!isObject(value) || !Array.isArray(value['holdings']) || !('symbol' in value)) return null;
  const list = value['holdings'] as readonly JsonValue[];
  const rows = list.filter((row) => isObject(row));
  if (rows.length !== list.length || !rows.every((row) => 'percent' in row)) return null;
  return 'atDate' in value || 'numberOfHoldings' in value ? { about: value, rows } : null;
};

const warningsOf = (about: JsonObject, rows: number, dated: boolean): Warning[] => {
  const warnings: Warning[] = [];
  if (!dated) {
    const message = 'The file does not say of which day its holdings are.';
    warnings.push({ code: 'as_of_missing', field: 'asOf', message });
  }
  const said = textOf(about['numberOfHoldings']);
  if (/^\d{1,9}$/.test(said) && Number(said) > rows) {
    const message = `The fund has ${said} holdings, of which the file lists ${rows}.`;
    warnings.push({ code: 'rows_missing', field: 'holdings', message });
  }
  return warnings;
};

const read = (source: Source): ConstituentFile => {
  const found = holdingsOf(source.json());
  if (found === null) throw new FormatError('not_recognised', 'The JSON has no list of constituents.');
  const { about, rows } = found;
  if (rows.length === 0) {
    const symbol = textOf(about['symbol']).slice(0, 40);
    throw new FormatError(
      'no_rows',
      `Finnhub knows no holdings of ${symbol === '' ? 'this symbol' : symbol}.`,
    );
  }
  const reading = readDay(textOf(about['atDate']), null);
  const asOf = reading === null || reading === 'ambiguous' ? null : reading.day;
  return readSheet({
    format: id,
    formatTitle: title,
    locale: null,
    asOf,
    fundName: textOf(about['symbol']).trim() || null,
    columns: COLUMNS,
    rows: rows.map((row, at) => ({
      cells: FIELDS.map((field) => textOf(row[KEYS[field] ?? ''])),
      line: at + 1,
    })),
    decimalSign: 'point',
    decimalSignElse: 'point',
    warnings: warningsOf(about, rows.length, asOf !== null),
  });
};

/**
 * The answer of Finnhub's `/etf/holdings`: `{symbol, atDate, holdings: [{symbol, name, isin, cusip, share, percent, value,
 * assetType}], numberOfHoldings}`. Numbers are floats, read as `doubleText` says. Rows are counted from 1.
 */
export const finnhubJson: ConstituentFormat = {
  id,
  title,
  recognise: (source) => holdingsOf(source.json()) !== null,
  read,
};
