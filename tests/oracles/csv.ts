// A CSV reader of forty lines: quotes, doubled quotes, line breaks inside quotes, LF and CRLF. Nothing else.

import { Fraction } from './fraction.ts';

/** Splits CSV text into rows of cells. A byte order mark at the start is dropped. */
export function parseCsv(text: string): string[][] {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < source.length; i++) {
    const ch = source[i];
    if (quoted) {
      if (ch !== '"') cell += ch;
      else if (source[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (ch === '"') quoted = true;
    else if (ch === ',') {
      row.push(cell);
      cell = '';
    } else if (ch === '\n') {
      row.push(cell);
      rows.push(row);
      row = [];
      cell = '';
    } else if (ch !== '\r') cell += ch;
  }
  if (quoted) throw new SyntaxError('a quote is never closed');
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

export type Locale = 'en' | 'it';

const GROUPED = { en: /^-?\d{1,3}(,\d{3})*(\.\d+)?$/, it: /^-?\d{1,3}(\.\d{3})*(,\d+)?$/ };

/** Reads "1,234.50" (en) or "1.234,50" (it) exactly; empty and "-" mean "not published" (null). */
export function parseNumber(text: string, locale: Locale): Fraction | null {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '-') return null;
  if (!GROUPED[locale].test(trimmed)) {
    throw new SyntaxError(`not a number in ${locale}: ${JSON.stringify(text)}`);
  }
  return Fraction.of(
    locale === 'en' ? trimmed.replaceAll(',', '') : trimmed.replaceAll('.', '').replace(',', '.'),
  );
}
