import { dec, decimalText, HUNDRED } from '@pm/domain/money';
import type { ConstituentFile } from '../published/index.ts';
import type { Field } from './columns.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { readDay, type DateOrder } from './dates.ts';
import { dayOfColumn, orderIn, skipped, type Parts } from './delimited.ts';
import { languageOf, languageVotes, localeOf } from './locale.ts';
import { parsePublished, type DecimalSign } from './numbers.ts';
import type { DecimalSigns } from './row-builder.ts';
import { readPreamble, type Preamble } from './preamble.ts';
import { decimalSigns, NUMBERS, readSheet } from './sheet.ts';
import type { Source } from './source.ts';
import type { WorkbookTable } from './sheet-table.ts';
import { checkHeader, collectRows, type TableRow } from './table.ts';
import type { CsvRecord } from './csv.ts';
import type { WorkbookRow } from './workbook.ts';

/**
 * The decimal sign of each column's numbers that are written as text; numbers proper have none. `otherwise`: where no
 * cell tells.
 */
const signsOfTexts = (table: WorkbookTable, otherwise: DecimalSign): DecimalSigns =>
  decimalSigns({
    columns: table.header.columns,
    rows: table.rows.map(({ cells, kinds, line }) => ({
      cells: cells.map((cell, at) => (kinds[at] === 'text' ? cell : '')),
      line,
    })),
    decimalSign: null,
    decimalSignElse: otherwise,
  });

/** A number written as text, with a decimal point. What cannot be told stays text that is no number. */
const pointed = (cell: string, sign: DecimalSign | null): string =>
  sign === null && /[.,]/.test(cell) ? `'${cell}` : (parsePublished(cell, sign ?? 'point') ?? cell);

/** Brings the numbers of a row to one form: point, no exponent, per cent as the sheet shows it. */
const numbersOf = (
  { cells, kinds }: WorkbookRow,
  columns: ReadonlyMap<Field, number>,
  signs: DecimalSigns,
): readonly string[] => {
  const read = [...cells];
  for (const field of NUMBERS) {
    const column = columns.get(field) ?? -1;
    const cell = cells[column];
    if (cell === undefined || cell === '') continue;
    if (kinds[column] === 'text') read[column] = pointed(cell, signs(field));
    else if (kinds[column] === 'percent' && field === 'weight') {
      read[column] = decimalText(dec(cell).times(HUNDRED));
    }
  }
  return read;
};

/** The rows as records: as wide as the header, with a blank one where the sheet leaves rows free. */
function* records(table: WorkbookTable, signs: DecimalSigns): Generator<CsvRecord> {
  const width = table.header.printed.findLastIndex((cell) => cell !== '') + 1;
  const blank = Array.from({ length: width }, () => '');
  let before: number | null = null;
  for (const row of table.rows) {
    if (before !== null && row.line > before + 1) yield { cells: blank, line: before + 1, last: false };
    before = row.line;
    const cells = numbersOf(row, table.header.columns, signs);
    yield { cells: [...cells, ...blank].slice(0, Math.max(width, 1)), line: row.line, last: false };
  }
}

/** What an issuer's workbook has of its own. */
export type WorkbookOptions = {
  /** The issuer writes in several languages. */
  readonly withLocale: boolean;
  /** Rows as they count, made of rows as they stand. */
  readonly rows?: (rows: readonly TableRow[], columns: ReadonlyMap<Field, number>) => readonly TableRow[];
};

/** The day of the holdings: from the lines before the header, else from a column, else from the sheet's name. */
const dayOf = (sheetName: string, parts: Parts, order: DateOrder | null): Preamble => {
  const preamble = readPreamble(parts.preamble, order);
  if (preamble.asOf !== null) return preamble;
  const column = dayOfColumn(parts, order);
  if (column !== null) return { ...column, fundName: preamble.fundName };
  const named = readDay(sheetName, order);
  return named === null || named === 'ambiguous'
    ? preamble
    : { ...preamble, asOf: named.day, asOfText: sheetName, warnings: [] };
};

/** Reads a workbook whose table was found. */
export const readWorkbookTable = (
  format: Pick<ConstituentFormat, 'id' | 'title'>,
  source: Source,
  options: WorkbookOptions,
): ConstituentFile => {
  const table = source.sheetTable();
  if (table === null) throw new TypeError('Only a workbook with a table can be read as one');
  const { header, preamble } = table;
  checkHeader(header);
  const votes = languageVotes(header, table.rows);
  const language = languageOf(votes, null);
  const signs = signsOfTexts(table, language === null || language === 'en' ? 'point' : 'comma');
  const body = collectRows(header, records(table, signs));
  const parts: Parts = { columns: header.columns, body, preamble };
  const order = orderIn(parts, language);
  const day = dayOf(table.sheetName, parts, order);
  return readSheet({
    format: format.id,
    formatTitle: format.title,
    locale: options.withLocale ? localeOf(languageOf(votes, day.asOfText), day.asOfText, order) : null,
    asOf: day.asOf,
    fundName: day.fundName,
    columns: header.columns,
    rows: options.rows?.(body.rows, header.columns) ?? body.rows,
    decimalSign: 'point',
    decimalSignElse: 'point',
    warnings: [...day.warnings, ...skipped(body)],
    headings: [...preamble.flat(), ...header.printed, table.sheetName],
  });
};
