import type { ConstituentFile, Warning } from '../published/index.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { readDay, type DateOrder } from './dates.ts';
import { languageOf, languageVotes, localeOf } from './locale.ts';
import { readPreamble, type Preamble } from './preamble.ts';
import { readSheet } from './sheet.ts';
import type { Source } from './source.ts';
import { readTable, type TableBody, type TableHead } from './table.ts';

const skipped = (body: TableBody): Warning[] => {
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
const dayOfColumn = (head: TableHead, body: TableBody, order: DateOrder | null): Preamble | null => {
  const column = head.header.columns.get('asOf');
  if (column === undefined) return null;
  const texts = new Set(
    body.rows.map((row) => (row.cells[column] ?? '').trim()).filter((text) => text !== ''),
  );
  const [only] = texts;
  if (texts.size !== 1 || only === undefined) return null;
  const reading = readDay(only, order);
  if (reading === null || reading === 'ambiguous') return null;
  return { asOf: reading.day, fundName: null, warnings: [], asOfText: only };
};

/** Reads a delimited text whose header was understood. `withLocale`: the issuer writes in several languages. */
export const readDelimited = (
  format: Pick<ConstituentFormat, 'id' | 'title'>,
  source: Source,
  { withLocale }: { readonly withLocale: boolean },
): ConstituentFile => {
  const text = source.text();
  const head = source.table();
  if (text === null || head === null) throw new TypeError('Only a text with a table can be read as one');
  const body = readTable(text, head);
  const votes = languageVotes(head.header, body.rows);
  const language = languageOf(votes, null);
  const order = language === null || language === 'en' ? null : 'dmy';
  const preamble = readPreamble(head.preamble, order);
  const day = preamble.asOf === null ? (dayOfColumn(head, body, order) ?? preamble) : preamble;
  const finalLanguage = languageOf(votes, day.asOfText);
  return readSheet({
    format: format.id,
    formatTitle: format.title,
    locale: withLocale ? localeOf(finalLanguage, day.asOfText) : null,
    asOf: day.asOf,
    fundName: preamble.fundName,
    columns: head.header.columns,
    rows: body.rows,
    decimalSign: null,
    decimalSignElse: head.delimiter === ';' || order === 'dmy' ? 'comma' : 'point',
    warnings: [...day.warnings, ...skipped(body)],
  });
};
