import type { PublishedRow, Warning } from '../published/index.ts';
import { joinRows, mergeRows } from './join.ts';
import type { KnownSecurity } from './known.ts';
import { matchSecurities, type Match } from './match.ts';
import { rowKeys, type Remembered } from './remembered.ts';

/** One constituent to store: a row (or several added up), and the security it is. */
export type PlannedConstituent = {
  readonly row: PublishedRow;
  readonly outcome: Match['outcome'];
  /** The known security for `same`; null where one is to be made (`new`, and `unsure` until decided). */
  readonly instrumentId: string | null;
  /** For `unsure`: the security that was made for the same row of an earlier file, where the question is still open. */
  readonly pendingId: string | null;
  readonly candidates: Match['candidates'];
  readonly evidence: string;
  readonly method: Match['method'];
};

const NUMBERS: ReadonlySet<Match['method']> = new Set(['isin', 'cusip', 'sedol', 'figi', 'cash', 'contract']);

/** What a person said about such a row counts before everything but a number. */
const withMemory = (match: Match, row: PublishedRow, remembered: Remembered): PlannedConstituent => {
  const planned = { ...match, row, pendingId: null };
  if (remembered.size === 0 || NUMBERS.has(match.method)) return planned;
  const { line, identifier } = rowKeys(row);
  const known = (identifier === null ? undefined : remembered.get(identifier)) ?? remembered.get(line);
  if (known === undefined) return planned;
  const { instrumentId, isOpen } = known;
  const decided = { ...planned, outcome: 'same' as const, instrumentId, candidates: [] };
  if (!isOpen) return { ...decided, evidence: 'A person said so', method: 'decision' };
  if (match.outcome !== 'unsure') return planned;
  const candidates = match.candidates.filter((one) => one.instrumentId !== instrumentId);
  return candidates.length === 0 ? decided : { ...planned, candidates, pendingId: instrumentId };
};

/**
 * From a file's rows to what is stored: rows of one security joined, each matched against what is known, and rows that
 * turned out to be one known security added up too. So no two entries share an `instrumentId`.
 * @param joined what `joinRows` makes of the rows, where the caller has it already
 * @param remembered what was said about such rows before, by `rowKeys`
 */
export const planConstituents = (
  rows: readonly PublishedRow[],
  known: readonly KnownSecurity[],
  joined: ReturnType<typeof joinRows> = joinRows(rows),
  remembered: Remembered = new Map(),
): { readonly constituents: readonly PlannedConstituent[]; readonly warnings: readonly Warning[] } => {
  const matches = matchSecurities(joined.rows, known);
  const constituents: PlannedConstituent[] = [];
  const byInstrument = new Map<string, number>();
  const warnings = [...joined.warnings];
  for (const match of matches) {
    const row = joined.rows[match.rowIndex];
    if (row === undefined) continue;
    const planned = withMemory(match, row, remembered);
    const id = planned.instrumentId ?? planned.pendingId;
    const at = id === null ? undefined : byInstrument.get(id);
    const before = at === undefined ? undefined : constituents[at];
    if (at !== undefined && before !== undefined) {
      const merged = mergeRows([before.row, row]);
      constituents[at] = { ...before, row: merged };
      warnings.push({
        code: 'identifier_repeats',
        message: `Rows ${merged.rowNumbers.join(', ')} are the same security (${merged.name}); their weights were added.`,
        rowNumbers: merged.rowNumbers,
      });
      continue;
    }
    if (id !== null) byInstrument.set(id, constituents.length);
    constituents.push(planned);
  }
  return { constituents, warnings: [...warnings, ...unsureWarning(constituents)] };
};

const unsureWarning = (constituents: readonly PlannedConstituent[]): Warning[] => {
  const rows = constituents.filter((constituent) => constituent.outcome === 'unsure').map(({ row }) => row);
  if (rows.length === 0) return [];
  const named = rows.slice(0, 5).map((row) => row.name);
  const more = rows.length - named.length;
  const subject = rows.length === 1 ? '1 row resembles' : `${rows.length} rows resemble`;
  return [
    {
      code: 'unsure_matches',
      message: `${subject} a known security without certainty and stay apart: ${named.join('; ')}${
        more > 0 ? ` and ${more} more` : ''
      }.`,
      rowNumbers: rows.flatMap((row) => row.rowNumbers).slice(0, 20),
    },
  ];
};
