import { dec, decimalText } from '@pm/domain/money';
import {
  totalsOf,
  type ConstituentFile,
  type PublishedRow,
  type Totals,
  type Warning,
} from '../published/index.ts';
import { FormatError } from './format-error.ts';
import { MAX_WEIGHT_SUM_PCT, MIN_WEIGHT_SUM_PCT } from './limits.ts';
import { buildRow, termTables, type DecimalSigns } from './row-builder.ts';
import type { Field } from './columns.ts';
import { Notes } from './notes.ts';
import { partialProblem } from './partial.ts';
import { DecimalSignVote, type DecimalSign } from './numbers.ts';

/** A file brought to columns and cells, from whatever it was. Every format that has rows ends here. */
export type Sheet = {
  readonly format: string;
  readonly formatTitle: string;
  readonly locale: string | null;
  readonly asOf: Temporal.PlainDate | null;
  readonly fundName: string | null;
  readonly columns: ReadonlyMap<Field, number>;
  readonly rows: ReadonlyArray<{ readonly cells: readonly string[]; readonly line: number }>;
  /** The decimal sign where the format fixes it; null: the cells decide. */
  readonly decimalSign: DecimalSign | null;
  /** The decimal sign to use where no cell decides. */
  readonly decimalSignElse: DecimalSign;
  readonly warnings: readonly Warning[];
  /** Headings of the file, in which "Top 10 holdings" may stand. */
  readonly headings?: readonly string[];
};

/** The columns that hold numbers. */
export const NUMBERS: readonly Field[] = ['weight', 'marketValue', 'notional', 'quantity', 'price'];

const voteOf = (sheet: Pick<Sheet, 'rows'>, field: Field, column: number): DecimalSign | null => {
  const vote = new DecimalSignVote();
  for (const row of sheet.rows) vote.add(row.cells[column] ?? '', field === 'weight');
  const { sign, conflict } = vote.result();
  if (conflict !== null) {
    throw new FormatError(
      'ambiguous_numbers',
      `The ${field} column writes numbers in two ways ("${conflict[0]}" and "${conflict[1]}"), so that none can be trusted.`,
      { field },
    );
  }
  return sign;
};

/**
 * Decides the decimal sign of each column from all its cells. A column in which no cell tells ("1,234") follows the
 * others where they agree; where they do not, it stays undecided and its doubtful numbers are left blank.
 */
export const decimalSigns = (
  sheet: Pick<Sheet, 'columns' | 'rows' | 'decimalSign' | 'decimalSignElse'>,
): DecimalSigns => {
  const fixed = sheet.decimalSign;
  if (fixed !== null) return () => fixed;
  const decided = new Map<Field, DecimalSign | null>();
  for (const field of NUMBERS) {
    const column = sheet.columns.get(field);
    if (column !== undefined) decided.set(field, voteOf(sheet, field, column));
  }
  const signs = new Set([...decided.values()].filter((sign) => sign !== null));
  const [only = sheet.decimalSignElse] = signs;
  const others = signs.size > 1 ? null : only;
  return (field) => decided.get(field) ?? others;
};

/**
 * What is wrong with a file's weight sum, in words, or null where it is 98–102 %. The caller refuses the file unless a
 * person insists: a list of the ten largest holdings must never look like a whole fund.
 */
export const weightSumProblem = (totals: Pick<Totals, 'rows' | 'weightSumPct'>): string | null => {
  const sum = dec(totals.weightSumPct);
  if (sum.gte(MIN_WEIGHT_SUM_PCT) && sum.lte(MAX_WEIGHT_SUM_PCT)) return null;
  const hint =
    sum.gte('0.9') && sum.lte('1.1')
      ? ' They look like fractions of one: percentages are needed.'
      : sum.lt(MIN_WEIGHT_SUM_PCT) && totals.rows <= FEW_ROWS
        ? ' It looks like a list of the largest holdings only.'
        : '';
  return `The weights of the ${totals.rows} rows sum to ${decimalText(sum)} %, not to about 100 %.${hint}`;
};

/** Lists of the largest holdings have ten rows, or twenty-five. */
const FEW_ROWS = 25;

/**
 * Makes the published rows of a sheet. Throws `no_rows`, and `invalid_number` for a weight that is none. A wrong weight
 * sum is a warning with the code `weights_do_not_sum`.
 */
export const readSheet = (sheet: Sheet): ConstituentFile => {
  if (sheet.rows.length === 0) throw new FormatError('no_rows', 'The file has a header but no rows.');
  const notes = new Notes();
  const context = { columns: sheet.columns, decimalSign: decimalSigns(sheet), notes, terms: termTables() };
  const rows: PublishedRow[] = [];
  for (const row of sheet.rows) {
    const built = buildRow(context, row.cells, row.line);
    if (built !== null) rows.push(built);
  }
  if (rows.length === 0) throw new FormatError('no_rows', 'No row of the file says what it is.');
  const totals = totalsOf(rows);
  const warnings = [...sheet.warnings, ...notes.warnings()];
  const problem = weightSumProblem(totals);
  if (problem !== null) warnings.unshift({ code: 'weights_do_not_sum', message: problem, field: 'weight' });
  const partial = partialProblem(totals, sheet.fundName, sheet.headings ?? []);
  if (partial !== null) warnings.unshift(partial);
  const { format, formatTitle, locale, asOf, fundName } = sheet;
  return { format, formatTitle, locale, asOf, fundName, rows, warnings, totals };
};
