/**
 * Statements: the table found in the file, its writer recognised by its headers, its rows read.
 *
 * Contents: STATEMENT_PRESETS · StatementFile · StatementMapping · openStatement · readStatement
 */
import { parse } from 'csv-parse/sync';

import { foldHeader, isBlank, orderOfDays } from './cells.ts';
import { entryOf } from './entry.ts';
import type { Memory } from './entry.ts';
import { StatementError } from './kinds.ts';
import type { Conventions, DayOrder, RowProblem, StatementEntry, StatementPreset } from './kinds.ts';
import { ajBell, ajBellCash } from './presets/aj-bell.ts';
import { freetrade } from './presets/freetrade.ts';
import { generalPreset, guessColumns } from './presets/general.ts';
import type { ColumnMapping } from './presets/general.ts';
import { hargreavesLansdown } from './presets/hargreaves-lansdown.ts';
import { interactiveInvestor } from './presets/interactive-investor.ts';
import { investEngine } from './presets/investengine.ts';
import { trading212 } from './presets/trading-212.ts';
import { vanguardUk, vanguardUkTrades } from './presets/vanguard-uk.ts';

/** Every writer of statements that is recognised, those with more headers to tell them first. */
export const STATEMENT_PRESETS: readonly StatementPreset[] = [
  freetrade,
  interactiveInvestor,
  trading212,
  ajBell,
  hargreavesLansdown,
  investEngine,
  vanguardUkTrades,
  ajBellCash,
  vanguardUk,
];

/** The most rows of one statement. */
export const MAX_STATEMENT_ROWS = 200_000;
/** A header stands within so many lines. */
const HEADER_LINES = 40;
const MAX_HEADERS = 100;

/** The table of a statement, before anybody says what its columns mean. */
export type StatementFile = {
  readonly headers: readonly string[];
  /** The headers as one text: by it, what a person chose for such files is remembered. */
  readonly signature: string;
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[];
  /** The preset whose headers are there; null for a table that no preset knows. */
  readonly recognised: StatementPreset | null;
};

/** What a person says about a table. */
export type StatementMapping = {
  /** A preset's id, or `general`; without it the recognised one. */
  readonly preset?: string | undefined;
  readonly columns?: ColumnMapping | undefined;
  readonly dayOrder?: DayOrder | undefined;
  readonly decimalSign?: 'point' | 'comma' | undefined;
  readonly currency?: string | undefined;
  readonly priceUnit?: string | undefined;
};

const delimiterOf = (text: string): string => {
  const head = text.slice(0, 20_000);
  const counts = [',', ';', '\t'].map((sign) => [sign, head.split(sign).length] as const);
  return counts.toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? ',';
};

/** UTF-8 or UTF-16 by its mark, else UTF-8, else Windows-1252 as older British exports have it. */
const decode = (bytes: Uint8Array): string => {
  const [first, second] = bytes;
  const marked =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;
  try {
    return new TextDecoder(marked ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
};

/** Control characters that no text file has. */
const CONTROLS = /[^\P{Cc}\t\n\v\f\r\u0085]/u;

type Line = { readonly row: number; readonly cells: readonly string[] };

/** Cells of a text without quotation marks: every line is a row. */
const plainLines = (text: string, delimiter: string): Line[] =>
  text.split(/\r\n|\n|\r/u).map((line, at) => ({ row: at + 1, cells: line.split(delimiter) }));

const quotedLines = (text: string, delimiter: string): Line[] => {
  try {
    const records: unknown = parse(text, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      info: true,
    });
    // What the parser answers when it is asked for the line of each record; its types do not say so.
    const told = records as readonly {
      readonly record: string[];
      readonly info: { readonly lines: number };
    }[];
    return told.map(({ record, info }) => ({ row: info.lines, cells: record }));
  } catch {
    throw new StatementError('not_a_statement', 'The table cannot be read: a quotation mark is not closed');
  }
};

const linesOf = (text: string): Line[] => {
  if (CONTROLS.test(text)) {
    throw new StatementError('not_a_statement', 'This is not a text file: it contains control characters');
  }
  const delimiter = delimiterOf(text);
  const lines = text.includes('"') ? quotedLines(text, delimiter) : plainLines(text, delimiter);
  const written = lines.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (written.length <= MAX_STATEMENT_ROWS + HEADER_LINES) return written;
  throw new StatementError(
    'too_many_rows',
    `The file has more than ${MAX_STATEMENT_ROWS} rows; send it in parts`,
  );
};

const recognise = (headers: readonly string[]): StatementPreset | null => {
  const there = new Set(headers.map(foldHeader));
  return (
    STATEMENT_PRESETS.find((preset) =>
      preset.headers.some((form) => form.every((name) => there.has(name))),
    ) ?? null
  );
};

/** The line that is a header: one that a preset knows, else the one with most of the usual words. */
const headerAt = (lines: readonly Line[]): number => {
  const candidates = lines.slice(0, HEADER_LINES);
  const known = candidates.findIndex((line) => recognise(line.cells) !== null);
  if (known >= 0) return known;
  const words = candidates.map((line) => Object.keys(guessColumns(line.cells)).length);
  const most = Math.max(0, ...words);
  return most >= 2 ? words.indexOf(most) : 0;
};

/**
 * Opens a statement: the header may stand below some lines about the account.
 * @throws {StatementError}
 */
export const openStatement = (bytes: Uint8Array): StatementFile => {
  const lines = linesOf(decode(bytes));
  const at = headerAt(lines);
  const headers = (lines[at]?.cells ?? []).map((cell) => cell.trim().slice(0, 200));
  const rows = lines.slice(at + 1);
  if (headers.length < 2 || headers.length > MAX_HEADERS || rows.length === 0) {
    throw new StatementError(
      'not_a_statement',
      'This is not a table of transactions: expected a header with a column for the day, and rows below it',
    );
  }
  return { headers, signature: headers.map(foldHeader).join('|'), rows, recognised: recognise(headers) };
};

/** What was read, and how. */
export type StatementReading = {
  readonly preset: StatementPreset;
  readonly columns: ColumnMapping;
  readonly conventions: Conventions;
  readonly entries: readonly StatementEntry[];
  readonly problems: readonly RowProblem[];
  readonly leftOut: readonly { readonly row: number; readonly reason: string }[];
};

const presetFor = (
  file: StatementFile,
  mapping: StatementMapping,
): { preset: StatementPreset; columns: ColumnMapping } => {
  const chosen = STATEMENT_PRESETS.find((one) => one.id === mapping.preset);
  const preset = chosen ?? (mapping.preset === 'general' ? null : file.recognised);
  if (preset !== null) return { preset, columns: guessColumns(file.headers) };
  const columns = { ...guessColumns(file.headers), ...mapping.columns };
  const days =
    columns.date === undefined
      ? []
      : file.rows.map((row) => row.cells[file.headers.indexOf(columns.date ?? '')] ?? '');
  const conventions: Conventions = {
    dayOrder: mapping.dayOrder ?? orderOfDays(days),
    decimalSign: mapping.decimalSign ?? 'point',
    currency: mapping.currency ?? 'GBP',
  };
  return { preset: generalPreset(columns, conventions, mapping.priceUnit), columns };
};

/** A total or balance under the table: hardly anything is filled in, and no day. */
const isFooter = (cells: readonly string[]): boolean => {
  let filled = 0;
  for (const cell of cells) {
    if (cell !== '' && !isBlank(cell)) filled += 1;
    if (filled > 2) return false;
  }
  return true;
};

/** Reads every row. Nothing is guessed: what cannot be read is a problem with its row and field. */
export const readStatement = (file: StatementFile, mapping: StatementMapping): StatementReading => {
  const { preset, columns } = presetFor(file, mapping);
  const places = new Map(file.headers.map((header, at) => [foldHeader(header), at]));
  const entries: StatementEntry[] = [];
  const problems: RowProblem[] = [];
  const leftOut: { row: number; reason: string }[] = [];
  const memory: Memory = { days: new Map(), securities: new Map() };
  for (const { row, cells } of file.rows) {
    if (isFooter(cells)) {
      leftOut.push({ row, reason: 'a line about the table, not a transaction' });
      continue;
    }
    const reading = preset.read((header) => {
      const at = places.get(header);
      return at === undefined ? '' : (cells[at] ?? '').trim();
    });
    if ('leftOut' in reading) leftOut.push({ row, reason: reading.leftOut });
    else if ('problem' in reading) problems.push({ row, ...reading.problem });
    else {
      const entry = entryOf(row, reading, preset.conventions, memory);
      if ('message' in entry) problems.push(entry);
      else entries.push(entry);
    }
  }
  return { preset, columns, conventions: preset.conventions, entries: inOrder(entries), problems, leftOut };
};

/** Money comes in before it is spent on the same day; the rest stays as the file has it. */
const RANK: Readonly<Record<StatementEntry['type'], number>> = {
  split: 0,
  deposit: 1,
  interest: 2,
  dividend: 2,
  buy: 3,
  sell: 3,
  tax: 4,
  fee: 4,
  withdrawal: 5,
};

const inOrder = (entries: readonly StatementEntry[]): StatementEntry[] => {
  const [first, last] = [entries[0], entries.at(-1)];
  // Brokers list the newest row first; then what stands lower happened earlier.
  const isNewestFirst = first !== undefined && last !== undefined && first.at > last.at;
  const oldestFirst = isNewestFirst ? entries.toReversed() : [...entries];
  const dayOf = (entry: StatementEntry): string => entry.at.slice(0, 10);
  return oldestFirst.toSorted((a, b) => {
    if (dayOf(a) !== dayOf(b)) return dayOf(a) < dayOf(b) ? -1 : 1;
    if (a.at.length > 10 && b.at.length > 10 && a.at !== b.at) return a.at < b.at ? -1 : 1;
    return a.at.length > 10 && b.at.length > 10 ? 0 : RANK[a.type] - RANK[b.type];
  });
};
