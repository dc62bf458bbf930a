import { currencyOf, foldTerm } from '../terms/index.ts';
import { isCashName } from './classify.ts';
import { hasIdentity, readHeader, type Header } from './columns.ts';
import { isBlankRecord, readRecords, type CsvRecord } from './csv.ts';
import { FormatError } from './format-error.ts';
import { FIELDS, type Field } from './header-words.ts';
import { MAX_ROWS } from './limits.ts';
import { looksNumeric } from './numbers.ts';
import { checkHeader, RowCollector, type TableBody, type TableHead, type TableRow } from './table.ts';

/** What the rows under a section's title are, where no column says it. */
const TITLES: ReadonlyMap<string, 'Equity' | 'Fixed Income' | 'Derivative' | 'reserves'> = new Map(
  Object.entries({
    Equity:
      'equity; equities; equity holdings; stock; stocks; stock holdings; aktien; azioni; actions; acciones',
    'Fixed Income':
      'fixed income; bond; bonds; bond holdings; fixed income holdings; anleihen; obbligazioni; obligations; bonos',
    Derivative: 'derivatives; derivative holdings; futures',
    reserves:
      'short term reserves; short term reserve; short term reserve holdings; short term reserves holdings; cash; cash holdings; currency; currencies; temporary cash',
  } as const).flatMap(([kind, words]) =>
    words
      .split('; ')
      .map((word): [string, 'Equity' | 'Fixed Income' | 'Derivative' | 'reserves'] => [
        word,
        kind as 'Equity',
      ]),
  ),
);

const titleOf = (cells: readonly string[]): string | null => {
  const written = cells.filter((cell) => cell.trim() !== '');
  const [first = ''] = written;
  if (written.length === 0 || written.length > 3) return null;
  const word = foldTerm(first.split(/ as (?:of|at) /i)[0] ?? '').replace(/^holdings? details? /, '');
  return TITLES.has(word) ? word : null;
};

const isHeader = (cells: readonly string[]): Header | null => {
  if (cells.length < 3 || cells.some((cell) => cell.length > 80)) return null;
  const header = readHeader(cells);
  const weight = cells[header.columns.get('weight') ?? -1];
  const fits =
    weight !== undefined && !looksNumeric(weight) && hasIdentity(header) && header.columns.size >= 3;
  return fits ? header : null;
};

type Section = { readonly title: string; readonly header: Header; readonly collector: RowCollector };

/** Collects the sections of a file: a title, a header of its own, rows. */
class Sections {
  readonly all: Section[] = [];
  readonly preamble: string[][] = [];
  private title = '';
  private open: Section | null = null;

  take(record: CsvRecord): void {
    const { cells } = record;
    if (this.open?.collector.isRow(cells) === true) {
      this.open.collector.take(record);
      return;
    }
    const header = isHeader(cells);
    const title = titleOf(cells);
    if (header !== null) {
      checkHeader(header);
      this.start(header, true);
    } else if (title !== null) {
      this.title = title;
      // Its header usually follows; where none does, the one before it still holds.
      if (this.open !== null) this.start(this.open.header, false);
    } else this.open?.collector.take(record);
    if (header === null && this.all.length === 0 && !isBlankRecord(cells)) {
      this.preamble.push(cells.map((cell) => cell.trim()));
    }
  }

  private start(header: Header, started: boolean): void {
    this.open = { title: this.title, header, collector: new RowCollector(header, started) };
    this.all.push(this.open);
  }

  takeOpen(record: CsvRecord): void {
    this.open?.collector.takeOpen(record);
  }
}

/** The asset class of a row of a section that has no such column. */
const assetClassIn = ({ title, header }: Section, cell: (field: Field) => string): string => {
  if (isCashName(cell('name').trim())) return 'Cash';
  // A table of companies has sectors, one of bonds has days of maturity.
  const companies = header.columns.has('sector') && !header.columns.has('maturity');
  const kind = TITLES.get(title) ?? (companies ? 'Equity' : '');
  if (kind !== 'reserves') return kind;
  // Money in each currency, a money market fund of the issuer's, bills that are nearly due.
  if (currencyOf(cell('name').trim()).currency !== null) return 'Cash';
  return looksNumeric(cell('maturity').slice(-4)) ? 'Fixed Income' : 'Money Market';
};

const rowsOf = (section: Section): TableRow[] =>
  section.collector.rows.map(({ cells, line }) => {
    const { columns } = section.header;
    const cell = (field: Field): string => cells[columns.get(field) ?? -1] ?? '';
    return {
      line,
      cells: FIELDS.map((field) =>
        field === 'assetClass' && !columns.has(field) ? assetClassIn(section, cell) : cell(field),
      ),
    };
  });

export type Sectioned = {
  readonly columns: ReadonlyMap<Field, number>;
  readonly body: TableBody;
  readonly preamble: ReadonlyArray<readonly string[]>;
};

/** Reads a file whose sections (equities, bonds, reserves) each have a header of their own, as one table. */
export const readSections = (text: string, { delimiter }: TableHead): Sectioned => {
  const sections = new Sections();
  readRecords(
    text,
    { delimiter, offset: 0, line: 1 },
    (record) => {
      sections.take(record);
      return 'go on';
    },
    (record) => sections.takeOpen(record),
  );
  const rows = sections.all.flatMap((section) => rowsOf(section));
  if (rows.length > MAX_ROWS) {
    throw new FormatError(
      'too_many_rows',
      `The file has more than ${MAX_ROWS.toLocaleString('en-GB')} rows; no fund holds that many securities.`,
    );
  }
  const used = new Set(sections.all.flatMap(({ header }) => [...header.columns.keys()]));
  used.add('assetClass');
  return {
    columns: new Map(
      [...FIELDS.entries()].filter(([, field]) => used.has(field)).map(([i, field]) => [field, i]),
    ),
    body: {
      rows,
      skippedTotals: sections.all.flatMap(({ collector }) => collector.skippedTotals),
      secondSection: null,
    },
    preamble: sections.preamble,
  };
};
