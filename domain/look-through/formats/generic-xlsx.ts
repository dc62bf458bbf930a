import { hasIdentity } from './columns.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { readWorkbookTable } from './workbook-format.ts';

const title = 'Excel workbook with a header';
const id = 'generic-xlsx';

/**
 * Any workbook with a sheet whose header has a weight and something that says what each row is: one's own, or of an
 * issuer whose workbooks need no reading of their own. Columns as in the generic CSV.
 */
export const genericXlsx: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const header = source.sheetTable()?.header;
    return header !== undefined && header.columns.has('weight') && hasIdentity(header);
  },
  read: (source) => readWorkbookTable({ id, title }, source, { withLocale: false }),
};
