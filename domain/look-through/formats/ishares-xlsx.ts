import type { ConstituentFormat } from './constituent-format.ts';
import { isIsharesHeader } from './ishares-csv.ts';
import { readWorkbookTable } from './workbook-format.ts';

const title = 'iShares workbook';
const id = 'ishares-xlsx';

/**
 * The holdings of BlackRock's iShares as a workbook: a real one, or "XML Spreadsheet 2003" under the name .xls, in which
 * the sheet of holdings stands beside those of history, performance and distributions. The columns are those of the CSV.
 */
export const isharesXlsx: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const table = source.sheetTable();
    return table !== null && isIsharesHeader(table.header);
  },
  read: (source) => readWorkbookTable({ id, title }, source, { withLocale: true }),
};
