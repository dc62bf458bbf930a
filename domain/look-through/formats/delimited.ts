import type { ConstituentFile, Warning } from '../published/index.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import type { Field, Language } from './columns.ts';
import { orderOf, readDay, type DateOrder } from './dates.ts';
import { languageOf, languageVotes, localeOf } from './locale.ts';
import { readPreamble, type Preamble } from './preamble.ts';
import { readSections, type Sectioned } from './sections.ts';
import { readSheet } from './sheet.ts';
import type { Source } from './source.ts';
import { readTable, type TableBody } from './table.ts';

/** What was passed over among the rows, in words. */
export const skipped = (body: TableBody): Warning[] => {
  const warnings: Warning[] = [];
  if (body.skippedTotals.length > 0) {
    warnings.push({
      code: 'total_row_skipped',
      message: `Line ${body.skippedTotals.join(', ')} is a total and was left out.`,
      rowNumbers: body.skippedTotals,
    });
  }
  if (body.secondSection !== null) {
    warnings.push({
      code: 'second_section_skipped',
      message: `From line ${body.secondSection} the file lists holdings a second time (those of funds in it, looked through); they were left out so that nothing counts twice.`,
      rowNumbers: [body.secondSection],
    });
  }
  return warnings;
};

/** The day that a column gives, where every row gives the same one. */
export const dayOfColumn = ({ columns, body }: Parts, order: DateOrder | null): Preamble | null => {
  const [only, another] = new Set(cellsOf(columns, body, 'asOf'));
  if (only === undefined || another !== undefined) return null;
  const reading = readDay(only, order);
  if (reading === null || reading === 'ambiguous') return null;
  return { asOf: reading.day, fundName: null, warnings: [], asOfText: only };
};

const cellsOf = (columns: Parts['columns'], body: TableBody, field: Field): string[] => {
  const column = columns.get(field);
  if (column === undefined) return [];
  return body.rows.map((row) => (row.cells[column] ?? '').trim()).filter((text) => text !== '');
};

/** A table brought to columns and rows, whatever it was in. */
export type Parts = Pick<Sectioned, 'columns' | 'body' | 'preamble'>;

/** The order of day and month: day before month but in English, where only dates that can be read in one way tell. */
export const orderIn = ({ columns, body, preamble }: Parts, language: Language | null): DateOrder | null => {
  if (language !== null && language !== 'en') return 'dmy';
  return orderOf([
    ...preamble.flat(),
    ...cellsOf(columns, body, 'asOf'),
    ...cellsOf(columns, body, 'maturity'),
  ]);
};

type Options = {
  /** The issuer writes in several languages. */
  readonly withLocale: boolean;
  /** The order of day and month, where the issuer always writes one. */
  readonly order?: DateOrder;
  /** The file has sections with a header each. */
  readonly sections?: boolean;
};

/** Reads a delimited text whose header was understood. */
export const readDelimited = (
  format: Pick<ConstituentFormat, 'id' | 'title'>,
  source: Source,
  options: Options,
): ConstituentFile => {
  const text = source.text();
  const head = source.table();
  if (text === null || head === null) throw new TypeError('Only a text with a table can be read as one');
  const parts: Parts =
    options.sections === true
      ? readSections(text, head)
      : { columns: head.header.columns, body: readTable(text, head), preamble: head.preamble };
  const { columns, body } = parts;
  const votes = languageVotes({ votes: head.header.votes, columns }, body.rows);
  const order = options.order ?? orderIn(parts, languageOf(votes, null));
  const preamble = readPreamble(parts.preamble, order);
  const day = preamble.asOf === null ? (dayOfColumn(parts, order) ?? preamble) : preamble;
  const finalLanguage = languageOf(votes, day.asOfText);
  const continental = head.delimiter === ';' || (finalLanguage !== null && finalLanguage !== 'en');
  return readSheet({
    format: format.id,
    formatTitle: format.title,
    locale: options.withLocale ? localeOf(finalLanguage, day.asOfText, order) : null,
    asOf: day.asOf,
    fundName: preamble.fundName,
    columns,
    rows: body.rows,
    decimalSign: null,
    decimalSignElse: continental ? 'comma' : 'point',
    warnings: [...day.warnings, ...skipped(body)],
    headings: [...parts.preamble.flat(), ...head.header.printed],
  });
};
