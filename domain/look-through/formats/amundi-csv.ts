import { foldTerm } from '../terms/index.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { readDelimited } from './delimited.ts';

const title = 'Amundi CSV';
const id = 'amundi-csv';

/**
 * The composition file of Amundi's European sites: semicolons, an empty first column, a page of text before the header
 * (the fund's name and ISIN, the day inside a sentence) and another behind the rows. Weights have a decimal point and a
 * per cent sign where the text around them has decimal commas; money has no name but its asset class and currency.
 */
export const amundiCsv: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const head = source.table();
    if (head === null) return false;
    const { columns } = head.header;
    return (
      columns.has('weight') &&
      columns.has('isin') &&
      head.preamble.some((cells) => cells.some((cell) => /\bamundi\b/.test(foldTerm(cell.slice(0, 200)))))
    );
  },
  read: (source) => readDelimited({ id, title }, source, { withLocale: true }),
};
