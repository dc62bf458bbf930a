import { FormatError } from './format-error.ts';
import { MAX_CELL_CHARS, MAX_COLUMNS, MAX_PREAMBLE_LINES, MAX_ROWS } from './limits.ts';

/**
 * What a cell holds: text, a number (decimal point, written out), or a number that the sheet shows as a percentage
 * (0.0512 shown as 5.12 %).
 */
export type CellKind = 'text' | 'number' | 'percent';

/** A row of a sheet. A date is text, as 2024-12-06; a merged cell's value stands in its first cell. */
export type WorkbookRow = {
  /** Row number as the spreadsheet shows it. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly kinds: readonly CellKind[];
};

export type Worksheet = {
  readonly name: string;
  /** Rows in which something is written. */
  readonly rows: readonly WorkbookRow[];
};

/** A spreadsheet file's visible sheets, whatever it was written as. Formulas are never calculated: their last result counts. */
export type Workbook = { readonly sheets: readonly Worksheet[] };

/** Lines of a legal footer and the like; they are no constituents. */
const MORE_ROWS = MAX_PREAMBLE_LINES + 1_000;

/** Collects the cells of a sheet row by row, within the limits. */
export class RowsOfSheet {
  readonly rows: WorkbookRow[] = [];
  #cells: string[] = [];
  #kinds: CellKind[] = [];
  #line = 0;

  /** Starts the row of this number, or the one after the last. */
  start(line: number | null): void {
    this.#cells = [];
    this.#kinds = [];
    this.#line = line ?? this.#line + 1;
  }

  /** The column after the last one written, counted from 0. */
  next(): number {
    return this.#cells.length;
  }

  /** Writes a cell. Columns after the 200th are passed over: no issuer's file has them. */
  put(column: number, text: string, kind: CellKind): void {
    if (column >= MAX_COLUMNS || column < 0) return;
    while (this.#cells.length < column) this.#push('', 'text');
    const written = text.length > MAX_CELL_CHARS ? text.slice(0, MAX_CELL_CHARS + 1) : text;
    if (column < this.#cells.length) {
      this.#cells[column] = written;
      this.#kinds[column] = kind;
    } else this.#push(written, kind);
  }

  end(): void {
    if (this.#cells.every((cell) => cell === '')) return;
    this.rows.push({ line: this.#line, cells: this.#cells, kinds: this.#kinds });
    if (this.rows.length > MAX_ROWS + MORE_ROWS) {
      throw new FormatError(
        'too_many_rows',
        `A sheet has more than ${MAX_ROWS.toLocaleString('en-GB')} rows; no fund holds that many securities.`,
      );
    }
  }

  #push(text: string, kind: CellKind): void {
    this.#cells.push(text);
    this.#kinds.push(kind);
  }
}
