import type { ConstituentFormat } from './constituent-format.ts';
import { hasIdentity } from './columns.ts';
import { readDelimited } from './delimited.ts';

const title = 'CSV with a header';
const id = 'generic-csv';

/**
 * Any delimited text with a header that has a weight and something that says what each row is. Columns, spellings and
 * the optional `as_of` line are documented in docs/guides/issuer-file-format.md.
 */
export const genericCsv: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const head = source.table();
    return head !== null && head.header.columns.has('weight') && hasIdentity(head.header);
  },
  read: (source) => readDelimited({ id, title }, source, { withLocale: false }),
};
