import type { ConstituentFormat } from './constituent-format.ts';
import type { ConstituentFile, Warning } from '../published/index.ts';
import { hasIdentity, readHeader, type Header } from './columns.ts';
import { readDay } from './dates.ts';
import { FormatError } from './format-error.ts';
import { readSheet } from './sheet.ts';
import { JsonNumber, type JsonObject, type JsonValue, type Source } from './source.ts';
import { checkHeader } from './table.ts';

const title = 'JSON with a list of constituents';
const id = 'generic-json';

const LISTS = ['constituents', 'holdings', 'positions', 'rows', 'items', 'data'];
const DAYS = ['asOf', 'as_of', 'asOfDate', 'date'];
const NAMES = ['fundName', 'fund_name', 'fund', 'name'];

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

type Found = { readonly rows: readonly JsonObject[]; readonly about: JsonObject };

const objectsOf = (value: JsonValue | undefined): readonly JsonObject[] | null => {
  if (!Array.isArray(value) || value.length === 0) return null;
  const list = value as readonly JsonValue[];
  const objects = list.filter((entry) => isObject(entry));
  return objects.length === list.length ? objects : null;
};

const findRows = (value: JsonValue | undefined): Found | null => {
  const direct = objectsOf(value);
  if (direct !== null) return { rows: direct, about: {} };
  if (!isObject(value)) return null;
  for (const key of LISTS) {
    const rows = objectsOf(value[key]);
    if (rows !== null) return { rows, about: value };
  }
  return null;
};

const textOf = (value: JsonValue | undefined): string => {
  if (typeof value === 'string') return value;
  if (value instanceof JsonNumber) return value.text;
  return '';
};

const firstText = (about: JsonObject, keys: readonly string[]): string | null => {
  const text = keys.map((key) => textOf(about[key]).trim()).find((found) => found !== '');
  return text ?? null;
};

const headerOf = (rows: readonly JsonObject[]): Header =>
  readHeader([...new Set(rows.flatMap((row) => Object.keys(row)))]);

/** Numbers in quotes may have a decimal comma; plain JSON numbers never do. Mixing the two is for the vote to refuse. */
const hasQuotedWeights = (rows: readonly JsonObject[], key: string): boolean =>
  rows.some((row) => typeof row[key] === 'string');

const readJson = (source: Source): ConstituentFile => {
  const found = findRows(source.json());
  if (found === null) throw new FormatError('not_recognised', 'The JSON has no list of constituents.');
  const header = headerOf(found.rows);
  checkHeader(header);
  const weightKey = header.printed[header.columns.get('weight') ?? 0] ?? '';
  const dayText = firstText(found.about, DAYS);
  const reading = dayText === null ? null : readDay(dayText, null);
  const asOf = reading === null || reading === 'ambiguous' ? null : reading.day;
  const warnings: Warning[] =
    asOf !== null
      ? []
      : [
          {
            code: reading === 'ambiguous' ? 'as_of_ambiguous' : 'as_of_missing',
            field: 'asOf',
            message:
              reading === 'ambiguous'
                ? `The day "${dayText ?? ''}" can be read in two ways; write it as 2024-12-06.`
                : 'The file does not say of which day its holdings are.',
          },
        ];
  return readSheet({
    format: id,
    formatTitle: title,
    locale: null,
    asOf,
    fundName: firstText(found.about, NAMES),
    columns: header.columns,
    rows: found.rows.map((row, index) => ({
      cells: header.printed.map((key) => textOf(row[key])),
      line: index + 1,
    })),
    decimalSign: hasQuotedWeights(found.rows, weightKey) ? null : 'point',
    decimalSignElse: 'point',
    warnings,
  });
};

/**
 * A JSON array of constituents, or an object that has one under `constituents` (or `holdings`, `positions`, `rows`,
 * `items`, `data`) beside `asOf` and `fundName`. Numbers keep every digit printed. Rows are counted from 1.
 */
export const genericJson: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const found = findRows(source.json());
    if (found === null) return false;
    const header = headerOf(found.rows);
    return header.columns.has('weight') && hasIdentity(header);
  },
  read: readJson,
};
