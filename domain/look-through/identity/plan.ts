import type { PublishedRow, Warning } from '../published/index.ts';
import { joinRows, mergeRows } from './join.ts';
import type { KnownSecurity } from './known.ts';
import { matchSecurities, type Match } from './match.ts';

/** One constituent to store: a row (or several added up), and the security it is. */
export type PlannedConstituent = {
  readonly row: PublishedRow;
  readonly outcome: Match['outcome'];
  /** The known security for `same`; null where one is to be made (`new`, and `unsure` until decided). */
  readonly instrumentId: string | null;
  readonly candidates: Match['candidates'];
  readonly evidence: string;
};

/**
 * From a file's rows to what is stored: rows of one security joined, each matched against what is known, and rows that
 * turned out to be one known security added up too. So no two entries share an `instrumentId`.
 * @param joined what `joinRows` makes of the rows, where the caller has it already
 */
export const planConstituents = (
  rows: readonly PublishedRow[],
  known: readonly KnownSecurity[],
  joined: ReturnType<typeof joinRows> = joinRows(rows),
): { readonly constituents: readonly PlannedConstituent[]; readonly warnings: readonly Warning[] } => {
  const matches = matchSecurities(joined.rows, known);
  const constituents: PlannedConstituent[] = [];
  const byInstrument = new Map<string, number>();
  const warnings = [...joined.warnings];
  for (const { rowIndex, outcome, instrumentId, candidates, evidence } of matches) {
    const row = joined.rows[rowIndex];
    if (row === undefined) continue;
    const at = instrumentId === null ? undefined : byInstrument.get(instrumentId);
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
    if (instrumentId !== null) byInstrument.set(instrumentId, constituents.length);
    constituents.push({ row, outcome, instrumentId, candidates, evidence });
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
