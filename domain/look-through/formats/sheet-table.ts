import { foldTerm } from '../terms/index.ts';
import { hasIdentity, readHeader, type Header } from './columns.ts';
import { FormatError } from './format-error.ts';
import { MAX_PREAMBLE_LINES } from './limits.ts';
import { headerScore } from './table.ts';
import type { Workbook, WorkbookRow, Worksheet } from './workbook.ts';

/** The table of constituents in a workbook. */
export type WorkbookTable = {
  readonly sheetName: string;
  readonly header: Header;
  readonly preamble: ReadonlyArray<readonly string[]>;
  /** Everything under the header. */
  readonly rows: readonly WorkbookRow[];
};

const tableOf = (sheet: Worksheet): WorkbookTable | null => {
  let best: { at: number; header: Header; score: number } | null = null;
  for (const [at, row] of sheet.rows.slice(0, MAX_PREAMBLE_LINES).entries()) {
    const header = readHeader(row.cells);
    const score = headerScore(header);
    if (score > (best?.score ?? 0)) best = { at, header, score };
  }
  if (best === null) return null;
  const { at, header } = best;
  const preamble = sheet.rows.slice(0, at).map(({ cells }) => cells);
  return { sheetName: sheet.name, header, preamble, rows: sheet.rows.slice(at + 1) };
};

/** Names that issuers give to the sheet of constituents among others. */
const HOLDINGS_SHEETS = new Set(
  'Holdings;All Holdings;Fund Holdings;Constituents;Portfolio;Positions;Posizioni;Titoli in portafoglio;Partecipazioni;Posiciones;Cartera;Bestände;Fondspositionen;Fondszusammensetzung;Positionen;Composition du fonds;Titres'
    .split(';')
    .map((name) => foldTerm(name)),
);

/**
 * The table of constituents: on the only visible sheet that has one, or among several on the one that is named so.
 * Null where no sheet has a header. @throws {FormatError} `several_sheets` where a choice would be a guess
 */
export const findWorkbookTable = (workbook: Workbook): WorkbookTable | null => {
  const tables = workbook.sheets.map((sheet) => tableOf(sheet)).filter((table) => table !== null);
  const whole = tables.filter(
    ({ header, rows }) => header.columns.has('weight') && hasIdentity(header) && rows.length > 0,
  );
  if (whole.length <= 1) return whole[0] ?? tables[0] ?? null;
  const named = whole.filter(({ sheetName }) => HOLDINGS_SHEETS.has(foldTerm(sheetName)));
  const [only] = named;
  if (named.length === 1 && only !== undefined) return only;
  const names = whole.slice(0, 10).map(({ sheetName }) => `“${sheetName.slice(0, 40)}”`);
  throw new FormatError(
    'several_sheets',
    `Several sheets list holdings (${names.join(', ')}), and which of them the fund's are cannot be known. Keep only that one.`,
  );
};
