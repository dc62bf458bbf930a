import { validCusip, validFigi, validIsin, validSedol } from '../identity/index.ts';
import type { Field } from './columns.ts';

const VALIDATORS = { isin: validIsin, cusip: validCusip, sedol: validSedol, figi: validFigi } as const;
type Scheme = keyof typeof VALIDATORS;
const SCHEMES: readonly Scheme[] = ['isin', 'cusip', 'sedol', 'figi'];

/** Spreadsheets drop the leading zeros of numeric codes; each scheme has one length. */
const restored = (scheme: Scheme, cell: string): string => {
  if (scheme === 'cusip' && /^\d{6,8}$/.test(cell)) return cell.padStart(9, '0');
  return scheme === 'sedol' && /^\d{4,6}$/.test(cell) ? cell.padStart(7, '0') : cell;
};

/** The scheme whose form and check digit a code of unknown scheme fits. */
const recognised = (cell: string): readonly [Scheme, string] | null => {
  for (const scheme of SCHEMES) {
    const valid = VALIDATORS[scheme](cell);
    if (valid !== null) return [scheme, valid];
  }
  const padded = /^\d{8}$/.test(cell) ? validCusip(cell.padStart(9, '0')) : null;
  return padded === null ? null : ['cusip', padded];
};

export type Codes = Readonly<Record<Scheme, string | null>>;

/**
 * The identifiers of a row. A code in the column of another scheme (bonds' CUSIPs under "SEDOL"), or in a column of no
 * particular scheme, counts as what its check digit says. `rejected`: codes that fit no scheme.
 */
export const readCodes = (
  cellOf: (field: Field) => string | null,
): {
  readonly codes: Codes;
  readonly rejected: ReadonlyArray<{ readonly field: Field; readonly cell: string }>;
} => {
  const codes: Record<Scheme, string | null> = { isin: null, cusip: null, sedol: null, figi: null };
  const strays: Array<{ field: Field; cell: string }> = [];
  for (const scheme of SCHEMES) {
    const cell = cellOf(scheme);
    if (cell === null) continue;
    codes[scheme] = VALIDATORS[scheme](restored(scheme, cell));
    if (codes[scheme] === null) strays.push({ field: scheme, cell });
  }
  const unsorted = cellOf('identifier');
  if (unsorted !== null) strays.push({ field: 'identifier', cell: unsorted });
  const rejected = strays.filter(({ cell }) => {
    const found = recognised(cell);
    if (found !== null) codes[found[0]] ??= found[1];
    return found === null;
  });
  return { codes, rejected };
};
