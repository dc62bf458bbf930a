import { dec, decimalText, HUNDRED, ZERO } from '@pm/domain/money';
import { foldTerm } from '../terms/index.ts';
import type { Field } from './columns.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { parsePublished } from './numbers.ts';
import type { TableRow } from './table.ts';
import { readWorkbookTable } from './workbook-format.ts';

const title = 'Xtrackers workbook';
const id = 'xtrackers-xlsx';

/** Columns that no other issuer has side by side, as DWS prints them, whatever the language of the page. */
const TELLING = ['type of security', 'rating', 'primary listing', 'industry classification', 'weighting'];
const ENOUGH_TELLING = 3;

const PLAIN = /^-?\d+(?:\.\d+)?$/;

/** Whether weights are fractions of one: together they make about 1, not about 100. */
const areFractions = (weights: readonly string[]): boolean => {
  const sum = weights.reduce((total, weight) => total.plus(PLAIN.test(weight) ? dec(weight) : ZERO), ZERO);
  return sum.gte('0.9') && sum.lte('1.1');
};

/**
 * Weights are fractions of one (0.0512) in most years. Money and contracts have numbers of DWS's own in the column of
 * ISINs (`_CURRENCYEUR`, `___ADI2V9YR9`), which are left out.
 */
const rowsOf = (rows: readonly TableRow[], columns: ReadonlyMap<Field, number>): readonly TableRow[] => {
  const [isin, weight] = [columns.get('isin') ?? -1, columns.get('weight') ?? -1];
  const written = rows.map(({ cells }) => parsePublished(cells[weight] ?? '', 'point') ?? '');
  const fractions = areFractions(written);
  return rows.map(({ cells, line }, at) => ({
    line,
    cells: cells.map((cell, column) => {
      if (column === isin && cell.startsWith('_')) return '';
      const read = written[at] ?? '';
      return column === weight && fractions && read !== '' ? decimalText(dec(read).times(HUNDRED)) : cell;
    }),
  }));
};

/** The constituents of DWS's Xtrackers funds. */
export const xtrackersXlsx: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const header = source.sheetTable()?.header;
    if (header === undefined || !header.columns.has('weight') || !header.columns.has('isin')) return false;
    const printed = new Set(header.printed.map((cell) => foldTerm(cell)));
    return TELLING.filter((words) => printed.has(words)).length >= ENOUGH_TELLING;
  },
  read: (source) => readWorkbookTable({ id, title }, source, { withLocale: false, rows: rowsOf }),
};
