import { foldTerm } from '../terms/index.ts';
import { hasIdentity, readHeader, type Header } from './columns.ts';
import { isBlankRecord, lineCells, readRecords, type CsvRecord } from './csv.ts';
import { FormatError } from './format-error.ts';
import { MAX_PREAMBLE_LINES, MAX_ROWS } from './limits.ts';
import { looksNumeric } from './numbers.ts';

const DELIMITERS = [',', ';', '\t', '|'];

/** Where a text's table begins, before its rows are read. */
export type TableHead = {
  readonly delimiter: string;
  readonly header: Header;
  /** Cells of each line before the header, blank lines left out. */
  readonly preamble: ReadonlyArray<readonly string[]>;
  /** Where the first row starts. */
  readonly offset: number;
  readonly line: number;
};

/** One constituent's cells and the line on which they stand. */
export type TableRow = { readonly cells: readonly string[]; readonly line: number };

type Line = { readonly text: string; readonly end: number };

const firstLines = (text: string): Line[] => {
  const lines: Line[] = [];
  const lineEnd = /\r\n|\n|\r|$/g;
  let start = 0;
  while (lines.length < MAX_PREAMBLE_LINES && start < text.length) {
    lineEnd.lastIndex = start;
    const found = lineEnd.exec(text);
    const stop = found?.index ?? text.length;
    const end = stop + (found?.[0].length ?? 0);
    lines.push({ text: text.slice(start, stop), end });
    start = end;
  }
  return lines;
};

type Candidate = {
  readonly delimiter: string;
  readonly at: number;
  readonly header: Header;
  readonly score: number;
};

const candidatesIn = (lines: readonly Line[]): Candidate[] =>
  lines.flatMap(({ text }, at) =>
    DELIMITERS.flatMap((delimiter) => {
      if (!text.includes(delimiter)) return [];
      const header = readHeader(lineCells(text, delimiter));
      const score = headerScore(header);
      return score > 0 ? [{ delimiter, at, header, score }] : [];
    }),
  );

/** A table of a fund's holdings has at least so many columns that are understood. */
const FEWEST = 4;

/**
 * Whether a table begins here, above the header with the most columns: a fund of funds may say more of what its funds
 * hold, further down, than of what it holds itself.
 */
const beginsAbove = (one: Candidate, best: Candidate, lines: readonly Line[]): boolean => {
  const { columns } = one.header;
  const weight = columns.get('weight');
  if (one.at >= best.at || one.delimiter !== best.delimiter || weight === undefined) return false;
  const next = lineCells(lines[one.at + 1]?.text ?? '', one.delimiter);
  return (
    hasIdentity(one.header) &&
    columns.size >= FEWEST &&
    next.length >= one.header.printed.length &&
    looksNumeric(next[weight] ?? '')
  );
};

/**
 * Finds the header row: among the first lines, read with each delimiter, the one with the most columns that are
 * understood, unless a table begins above it. Null where no line has two of them.
 */
export const findTable = (text: string): TableHead | null => {
  const lines = firstLines(text);
  const candidates = candidatesIn(lines);
  const most = Math.max(...candidates.map((one) => one.score));
  const best = candidates.find((one) => one.score === most);
  if (best === undefined) return null;
  const { delimiter, at, header } = candidates.find((one) => beginsAbove(one, best, lines)) ?? best;
  const preamble = lines
    .slice(0, at)
    .map((line) => lineCells(line.text, delimiter).map((cell) => cell.trim()))
    .filter((cells) => !isBlankRecord(cells));
  return { delimiter, header, preamble, offset: lines[at]?.end ?? 0, line: at + 2 };
};

/** Refuses a header that cannot be used, in words. */
export const checkHeader = (header: Header): void => {
  const printed = header.printed.filter((cell) => cell !== '').join(', ');
  if (!header.columns.has('weight')) {
    throw new FormatError(
      'no_weight_column',
      `The file has no column of weights. Its columns are: ${printed}.`,
      {
        field: 'weight',
      },
    );
  }
  if (!hasIdentity(header)) {
    throw new FormatError(
      'no_identity_column',
      `The file has no column that says what each row is (ISIN, ticker or name). Its columns are: ${printed}.`,
      { field: 'name' },
    );
  }
  const [field] = header.doubled;
  if (field !== undefined) {
    const at = header.columns.get(field) ?? 0;
    throw new FormatError(
      'duplicate_column',
      `The column "${header.printed[at] ?? field}" stands twice in the header; which one counts cannot be known.`,
      { field },
    );
  }
};

/** A sum of rows, by itself or of what it is the sum: "Total", "Total net assets", "Gesamtsumme", "Fund total". */
const TOTAL =
  /^(?:(?:sub|grand |fund |portfolio |net )?totals?|total(?:e|i|es)?(?: general(?:e)?)?|gesamt(?:summe|betrag|wert)?|summe|suma|somme|insgesamt)(?: (?:of |del |della |du |de |des )?(?:net |all |the )?(?:assets?|nav|fund|portfolio|holdings?|investments?|securities|weights?|market value|equity|equities|fixed income|positions?|fondo|portafoglio|attivi|patrimonio|titoli|cartera|activos|fondos|fonds|actifs?|actif net|portefeuille|fondsvermogen|portfolios))?(?: in (?:securities|net assets))?$|^net assets$/;

/** The only cell that passes, or null where none or several do: rows have several, so few cells are looked at. */
const onlyCell = (cells: readonly string[], passes: (cell: string) => boolean): string | null => {
  const at = cells.findIndex(passes);
  if (at < 0 || cells.some((cell, i) => i > at && passes(cell))) return null;
  return cells[at] ?? null;
};

const isWord = (cell: string): boolean => cell.trim() !== '' && cell.trim() !== '-' && !looksNumeric(cell);

const isTotal = (cells: readonly string[]): boolean => {
  const word = onlyCell(cells, isWord);
  return word !== null && word.length < 60 && TOTAL.test(foldTerm(word));
};

/** A line of prose rather than of cells: one cell, and more than a few words. */
const isNote = (cells: readonly string[]): boolean => {
  const written = onlyCell(cells, (cell) => cell.trim() !== '');
  return written !== null && written.trim().split(/\s+/).length >= 4;
};

/** Reads the rows under a header, and what follows them, one record after the other. */
export class RowCollector {
  readonly rows: TableRow[] = [];
  readonly skippedTotals: number[] = [];
  secondSection: number | null = null;
  private state: 'rows' | 'gap' | 'notes' = 'rows';
  private readonly header: Header;
  /** Trailing columns without a name are padding of a spreadsheet. */
  private readonly width: number;
  private readonly weightAt: number;

  /** `started` false: rows are still to be found, and what is none is passed over. */
  constructor(header: Header, started = true) {
    this.header = header;
    if (!started) this.state = 'gap';
    this.width = header.printed.findLastIndex((cell) => cell !== '') + 1;
    this.weightAt = header.columns.get('weight') ?? 0;
  }

  take(record: CsvRecord): 'go on' | 'stop' {
    const { cells, line } = record;
    if (isBlankRecord(cells)) {
      if (this.rows.length > 0 && this.state === 'rows') this.state = 'gap';
      return 'go on';
    }
    if (this.repeatsHeader(cells)) {
      this.secondSection = line;
      return 'stop';
    }
    if (this.state !== 'rows' && !this.isRow(cells)) {
      this.state = 'notes';
      return 'go on';
    }
    if (isNote(cells) || isTotal(cells)) {
      if (isTotal(cells)) this.skippedTotals.push(line);
      return 'go on';
    }
    this.refuseWidth(record);
    this.state = 'rows';
    this.rows.push({ cells, line });
    if (this.rows.length > MAX_ROWS) {
      throw new FormatError(
        'too_many_rows',
        `The file has more than ${MAX_ROWS.toLocaleString('en-GB')} rows; no fund holds that many securities.`,
      );
    }
    return 'go on';
  }

  /** A file that ends inside quotes is cut off, unless only its legal footer is. */
  takeOpen(record: CsvRecord): void {
    if (this.state !== 'rows' && isBlankRecord(record.cells.slice(0, -1))) return;
    throw new FormatError(
      'truncated',
      `The file ends inside a quoted cell that starts on line ${record.line}: it is cut off.`,
      { rowNumber: record.line },
    );
  }

  /** True for cells that fit the header and have a weight. */
  isRow(cells: readonly string[]): boolean {
    return cells.length >= this.width && looksNumeric(cells[this.weightAt] ?? '') && !this.hasExtra(cells);
  }

  private hasExtra(cells: readonly string[]): boolean {
    return cells.slice(this.width).some((cell) => cell.trim() !== '');
  }

  private repeatsHeader(cells: readonly string[]): boolean {
    if (cells.length < 2 || looksNumeric(cells[this.weightAt] ?? '')) return false;
    const { columns } = readHeader(cells);
    return columns.has('weight') && columns.size * 2 >= this.header.columns.size && columns.size >= 2;
  }

  private refuseWidth({ cells, line, last }: CsvRecord): void {
    if (cells.length < this.width) {
      const found = `Line ${line} has ${cells.length} of ${this.width} columns`;
      throw last
        ? new FormatError('truncated', `${found} and is the last: the file is cut off.`, { rowNumber: line })
        : new FormatError('malformed_row', `${found}.`, { rowNumber: line });
    }
    if (this.hasExtra(cells)) {
      throw new FormatError(
        'malformed_row',
        `Line ${line} has more columns than the header (${this.width}): a name or number with a separator in it must stand in quotes.`,
        { rowNumber: line },
      );
    }
  }
}

/** The rows of a table, and the lines that were passed over. */
export type TableBody = {
  readonly rows: readonly TableRow[];
  readonly skippedTotals: readonly number[];
  /** Line of a second header, under which an issuer repeats the holdings looked through; not read. */
  readonly secondSection: number | null;
};

/** Collects the rows under a header from records that were read already, such as those of a workbook's sheet. */
export const collectRows = (header: Header, records: Iterable<CsvRecord>): TableBody => {
  checkHeader(header);
  const collector = new RowCollector(header);
  for (const record of records) {
    if (collector.take(record) === 'stop') break;
  }
  return collector;
};

/** How well a line serves as header: the columns that are understood, weights above all; 0 for too few of them. */
export const headerScore = (header: Header): number =>
  header.columns.size < 2 ? 0 : header.columns.size + (header.columns.has('weight') ? 2 : 0);

/** Reads the rows of a table. Throws on rows that do not fit the header, on a file cut off and on one too long. */
export const readTable = (text: string, head: TableHead): TableBody => {
  checkHeader(head.header);
  const collector = new RowCollector(head.header);
  readRecords(
    text,
    head,
    (record) => collector.take(record),
    (record) => collector.takeOpen(record),
  );
  return collector;
};
