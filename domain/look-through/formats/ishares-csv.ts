import type { ConstituentFormat } from './constituent-format.ts';
import type { Field, Header } from './columns.ts';
import { readDelimited } from './delimited.ts';

/** Fields of which every iShares file of any year and language has at least this many besides name and weight. */
const TELLING: readonly Field[] = ['assetClass', 'sector', 'country', 'exchange', 'marketValue', 'notional'];
const ENOUGH_TELLING = 3;

/** Whether a header is one of iShares': the weight is written with "(%)", and there are columns that only they have. */
export const isIsharesHeader = ({ columns, printed }: Header): boolean => {
  const weight = printed[columns.get('weight') ?? -1] ?? '';
  const telling = TELLING.filter((field) => columns.has(field)).length;
  return columns.has('name') && weight.endsWith('(%)') && telling >= ENOUGH_TELLING;
};

const title = 'iShares CSV';
const id = 'ishares-csv';

/**
 * The holdings file of BlackRock's iShares, as the sites of the United States, the United Kingdom, Italy, Spain,
 * Germany and France offer it. Known by its weight column, which is written with "(%)", and by its set of columns;
 * their names, order and number changed over the years.
 */
export const isharesCsv: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const head = source.table();
    return head !== null && isIsharesHeader(head.header);
  },
  read: (source) => readDelimited({ id, title }, source, { withLocale: true }),
};
