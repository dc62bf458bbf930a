import { foldTerm } from '../terms/index.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { readDelimited } from './delimited.ts';

const title = 'Invesco CSV';
const id = 'invesco-csv';

/** Headers that only Invesco writes; each of its files has at least two, in any order and year. */
const OWN = new Set(['fund ticker', 'holding ticker', 'security identifier']);
const ENOUGH_OWN = 2;

/**
 * The holdings file of Invesco's American site: a row for each holding with the fund's ticker, the CUSIP (or another
 * code) under "Security Identifier", the ticker padded with blanks, and the day in a column, month first. Bond funds
 * write "PercentageOfFund" and "PositionDate".
 */
export const invescoCsv: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const head = source.table();
    if (head === null || !head.header.columns.has('weight')) return false;
    return head.header.printed.filter((cell) => OWN.has(foldTerm(cell))).length >= ENOUGH_OWN;
  },
  read: (source) => readDelimited({ id, title }, source, { withLocale: true, order: 'mdy' }),
};
