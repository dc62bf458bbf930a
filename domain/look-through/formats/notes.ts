import type { Warning, WarningCode } from '../published/index.ts';

const MAX_ROWS_NAMED = 20;
const MAX_TERMS_NAMED = 50;

type TermCode = Extract<WarningCode, `unknown_${string}`>;
type CellCode = Extract<
  WarningCode,
  | 'invalid_identifier'
  | 'invalid_number'
  | 'formula_cell'
  | 'row_without_identity'
  | 'weight_missing'
  | 'weight_below_printed'
  | 'weight_beyond_100'
  | 'damaged_text'
>;

const TERM_WORDS: Readonly<Record<TermCode, readonly [string, string, string]>> = {
  unknown_sector: ['sector', 'sectors', 'counts as "Unclassified"'],
  unknown_industry: ['industry', 'industries', 'counts as "Unclassified"'],
  unknown_country: ['country', 'countries', 'counts as "Unclassified"'],
  unknown_currency: ['currency', 'currencies', 'counts as "Unclassified"'],
  unknown_exchange: ['exchange', 'exchanges', 'is kept as printed'],
  unknown_asset_class: ['asset class', 'asset classes', 'counts as "Unclassified"'],
};

const CELL_WORDS: Readonly<Record<CellCode, (count: number, sample: string) => string>> = {
  invalid_identifier: (count, sample) =>
    `${count} identifier${count === 1 ? ' was' : 's were'} left out because the check digit is wrong: ${sample}.`,
  invalid_number: (count, sample) =>
    `${count} cell${count === 1 ? '' : 's'} could not be read as a number and ${count === 1 ? 'is' : 'are'} left blank: ${sample}.`,
  formula_cell: (count, sample) =>
    `${count} cell${count === 1 ? ' holds a formula' : 's hold formulas'}; none is calculated, a name is kept as text and the rest left blank: ${sample}.`,
  row_without_identity: (count, sample) =>
    `${count} row${count === 1 ? ' has' : 's have'} a weight but no name, ticker or identifier and ${count === 1 ? 'is' : 'are'} left out, so that the share counts as "Unclassified": ${sample}.`,
  weight_missing: (count, sample) =>
    `${count} row${count === 1 ? ' has' : 's have'} no weight and ${count === 1 ? 'counts' : 'count'} as 0: ${sample}.`,
  weight_below_printed: (count, sample) =>
    `${count} row${count === 1 ? ' has' : 's have'} a weight that is only said to be very small and ${count === 1 ? 'counts' : 'count'} as 0: ${sample}.`,
  weight_beyond_100: (count, sample) =>
    `${count} row${count === 1 ? ' has' : 's have'} a weight beyond ±100 %: ${sample}.`,
  damaged_text: (count, sample) =>
    `${count} cell${count === 1 ? ' has' : 's have'} characters that were lost before the file reached us: ${sample}.`,
};

/** Collects what is odd about the rows of a file, and says it once for each kind. */
export class Notes {
  private readonly terms = new Map<TermCode, Map<string, number[]>>();
  private readonly cells = new Map<
    CellCode,
    { field: string; rows: number[]; samples: string[]; count: number }
  >();

  /** A word that no table has. */
  term(code: TermCode, word: string, row: number): void {
    const words = this.terms.get(code) ?? new Map<string, number[]>();
    this.terms.set(code, words);
    const rows = words.get(word);
    if (rows === undefined) words.set(word, [row]);
    else rows.push(row);
  }

  /** A cell that could not be taken as it stands. */
  cell(code: CellCode, field: string, sample: string, row: number): void {
    const note = this.cells.get(code) ?? { field, rows: [], samples: [], count: 0 };
    this.cells.set(code, note);
    note.count += 1;
    if (note.rows.length < MAX_ROWS_NAMED) note.rows.push(row);
    if (note.samples.length < 3) note.samples.push(`${sample} (line ${row})`);
  }

  warnings(): Warning[] {
    return [...[...this.cells].map(([code, note]) => cellWarning(code, note)), ...this.termWarnings()];
  }

  private termWarnings(): Warning[] {
    return [...this.terms].map(([code, words]): Warning => {
      const [one, many, effect] = TERM_WORDS[code];
      const named = [...words].slice(0, MAX_TERMS_NAMED);
      const list = named
        .map(([word, rows]) => `"${word}" (${rows.length} row${rows.length === 1 ? '' : 's'})`)
        .join(', ');
      const more = words.size - named.length;
      const subject = words.size === 1 ? `The ${one}` : `The ${many}`;
      return {
        code,
        message: `${subject} ${list}${more > 0 ? ` and ${more} more` : ''} ${
          words.size === 1 ? `is not known and ${effect}` : `are not known; each ${effect}`
        }.`,
        field: one,
        terms: named.map(([word]) => word),
        rowNumbers: named.flatMap(([, rows]) => rows).slice(0, MAX_ROWS_NAMED),
      };
    });
  }
}

const cellWarning = (
  code: CellCode,
  note: {
    readonly field: string;
    readonly rows: readonly number[];
    readonly samples: readonly string[];
    readonly count: number;
  },
): Warning => {
  const more = note.count - note.samples.length;
  const sample = note.samples.join(', ') + (more > 0 ? ` and ${more} more` : '');
  return { code, message: CELL_WORDS[code](note.count, sample), field: note.field, rowNumbers: note.rows };
};
