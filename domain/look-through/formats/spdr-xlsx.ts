import { foldTerm } from '../terms/index.ts';
import type { Field } from './columns.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import type { TableRow } from './table.ts';
import { readWorkbookTable } from './workbook-format.ts';

const title = 'SPDR workbook';
const id = 'spdr-xlsx';

/** What State Street writes where it has no number for a row. */
const NO_CODE = /^unassigned$/i;

const rowsOf = (rows: readonly TableRow[], columns: ReadonlyMap<Field, number>): readonly TableRow[] => {
  const codes = new Set([columns.get('isin'), columns.get('sedol'), columns.get('identifier')]);
  return rows.map(({ cells, line }) => ({
    cells: cells.map((cell, at) => (codes.has(at) && NO_CODE.test(cell) ? '' : cell)),
    line,
  }));
};

const LABEL = /^(?:fund name|holdings(?: as of)?)$/;

/**
 * The daily holdings of State Street's SPDR funds: the American file (CUSIP under "Identifier", "Shares Held", sector
 * always "-") and the European one (ISIN, "Percent of Fund", "Trade Country Name"). Known by those columns and by the
 * label "Fund Name:" before them.
 */
export const spdrXlsx: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const table = source.sheetTable();
    if (table === null || !table.header.columns.has('weight')) return false;
    const printed = new Set(table.header.printed.map((cell) => foldTerm(cell)));
    const labelled = table.preamble.some(([first = '']) => LABEL.test(foldTerm(first)));
    const american = printed.has('identifier') && printed.has('sedol');
    const european = printed.has('percent of fund') && printed.has('security name');
    return labelled && (american || european);
  },
  read: (source) => readWorkbookTable({ id, title }, source, { withLocale: false, rows: rowsOf }),
};
