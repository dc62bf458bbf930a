import { FormatError } from './format-error.ts';
import { MAX_COLUMNS } from './limits.ts';

/** One record: its cells, the line on which it starts, and whether the file ends after it. */
export type CsvRecord = { readonly cells: readonly string[]; readonly line: number; readonly last: boolean };

const QUOTE = 34;
const LF = 10;
const CR = 13;

/** True for a record in which nothing is written; issuers separate with lines of no-break spaces. */
export const isBlankRecord = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

class Reader {
  private readonly text: string;
  private readonly delimiter: number;
  private at: number;
  private line: number;

  constructor(text: string, delimiter: string, offset: number, line: number) {
    this.text = text;
    this.delimiter = delimiter.charCodeAt(0);
    this.at = offset;
    this.line = line;
  }

  done(): boolean {
    return this.at >= this.text.length;
  }

  position(): number {
    return this.at;
  }

  /** Reads the next record. `openQuote` is true where the file ends inside a quoted cell. */
  next(): { cells: string[]; line: number; openQuote: boolean } {
    const line = this.line;
    const cells: string[] = [];
    for (;;) {
      const cell = this.text.charCodeAt(this.at) === QUOTE ? this.quoted() : this.plain();
      cells.push(cell.value);
      if (cell.open) return { cells, line, openQuote: true };
      if (cells.length > MAX_COLUMNS) {
        throw new FormatError('malformed_row', `Line ${line} has more than ${MAX_COLUMNS} columns.`, {
          rowNumber: line,
        });
      }
      const code = this.text.charCodeAt(this.at);
      if (code !== this.delimiter || this.done()) break;
      this.at += 1;
    }
    this.endLine();
    return { cells, line, openQuote: false };
  }

  private endLine(): void {
    if (this.text.charCodeAt(this.at) === CR) this.at += 1;
    if (this.text.charCodeAt(this.at) === LF) this.at += 1;
    this.line += 1;
  }

  private plain(): { value: string; open: boolean } {
    const start = this.at;
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code === this.delimiter || code === LF || code === CR) break;
      this.at += 1;
    }
    return { value: this.text.slice(start, this.at), open: false };
  }

  private quoted(): { value: string; open: boolean } {
    let value = '';
    let start = this.at + 1;
    for (;;) {
      const end = this.text.indexOf('"', start);
      if (end < 0) {
        value += this.text.slice(start);
        this.at = this.text.length;
        return { value, open: true };
      }
      value += this.text.slice(start, end);
      this.at = end + 1;
      if (this.text.charCodeAt(this.at) !== QUOTE) break;
      value += '"';
      start = this.at + 1;
    }
    this.line += lineBreaks(value);
    // Signs after a closing quote belong to the cell: `"A" Corp,` is A Corp.
    return { value: value + this.plain().value, open: false };
  }
}

const lineBreaks = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
};

/**
 * Reads records (RFC 4180, any delimiter, LF, CR LF or CR, quoted cells over several lines) one by one from `offset`,
 * so that a caller can stop early. `onOpenQuote` says what to do where the file ends inside a quoted cell.
 */
export const readRecords = (
  text: string,
  from: { readonly delimiter: string; readonly offset: number; readonly line: number },
  onRecord: (record: CsvRecord) => 'go on' | 'stop',
  onOpenQuote: (record: CsvRecord) => void,
): void => {
  const reader = new Reader(text, from.delimiter, from.offset, from.line);
  const end = text.trimEnd().length;
  while (!reader.done()) {
    const { cells, line, openQuote } = reader.next();
    const record = { cells, line, last: reader.position() >= end };
    if (openQuote) {
      onOpenQuote(record);
      return;
    }
    if (onRecord(record) === 'stop') return;
  }
};

/** Signs of a line that is looked at for a header. */
const LONGEST_LINE = 20_000;

/** The cells of one physical line, for looking at preambles: an open quote ends with the line. Prose has none. */
export const lineCells = (line: string, delimiter: string): string[] =>
  line.length > LONGEST_LINE || line.split(delimiter).length > MAX_COLUMNS
    ? []
    : new Reader(line, delimiter, 0, 1).next().cells;
