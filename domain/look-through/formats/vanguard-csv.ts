import { foldTerm } from '../terms/index.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { readDelimited } from './delimited.ts';
import type { TableHead } from './table.ts';

const title = 'Vanguard CSV';
const id = 'vanguard-csv';

const says = (cells: readonly string[], what: RegExp): boolean =>
  cells.some((cell) => what.test(foldTerm(cell.slice(0, 200))));

const weightHeader = ({ header }: TableHead): string =>
  header.printed[header.columns.get('weight') ?? -1] ?? '';

/** The American files have footnotes at their headers ("% OF FUNDS*") and a column for depositary receipts. */
const isAmerican = (head: TableHead): boolean =>
  weightHeader(head).endsWith('*') || says(head.header.printed, /^security ?deposit[oa]ry ?receipt ?type$/);

/**
 * The holdings file of Vanguard: in the United States "Holdings details", a section each for equity, fixed income and
 * short-term reserves with a header of its own, SEDOLs, the sub-industry; in Europe one table with "% of assets", sector
 * and region. Known by a weight header that begins with the per cent sign, and by what stands before or beside it.
 */
export const vanguardCsv: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const head = source.table();
    if (head === null || !head.header.columns.has('name')) return false;
    if (!weightHeader(head).startsWith('%')) return false;
    return (
      isAmerican(head) || head.preamble.some((cells) => says(cells, /^holdings? details?\b|\bvanguard\b/))
    );
  },
  read: (source) => {
    const head = source.table();
    return readDelimited({ id, title }, source, {
      withLocale: true,
      sections: true,
      ...(head !== null && isAmerican(head) ? { order: 'mdy' as const } : {}),
    });
  },
};
