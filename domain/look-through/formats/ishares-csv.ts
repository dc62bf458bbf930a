import { foldTerm } from '../terms/index.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import type { Field, Header } from './columns.ts';
import { readDelimited } from './delimited.ts';
import type { TableHead } from './table.ts';

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

/** What stands before the header of its files in any language, beside the fund's name. */
const BEFORE =
  /\bishares\b|^(?:fund )?holdings (?:detail )?as of\b|^fondsposition(?:en)? |^positionen zum\b|^posizioni al\b|^a fecha\b/;

/** Whether a table without "(%)" is one of theirs by what stands before it. */
const saysIshares = ({ header: { columns }, preamble }: TableHead): boolean =>
  columns.has('weight') &&
  columns.has('name') &&
  columns.has('assetClass') &&
  TELLING.filter((field) => columns.has(field)).length > 1 &&
  preamble.some((cells) => cells.some((cell) => BEFORE.test(foldTerm(cell.slice(0, 200)))));

/**
 * The holdings file of BlackRock's iShares, as the sites of the United States, the United Kingdom, Italy, Spain,
 * Germany and France offer it. Known by its set of columns and by its weight column, which is written with "(%)", or
 * by what stands before the header; the columns' names, order and number changed over the years.
 */
export const isharesCsv: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const head = source.table();
    return head !== null && (isIsharesHeader(head.header) || saysIshares(head));
  },
  read: (source) => readDelimited({ id, title }, source, { withLocale: true }),
};
