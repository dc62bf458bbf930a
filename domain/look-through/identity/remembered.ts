/**
 * What a person said about a row, for later files with the same one. Contents: rowKeys · Remembered
 */
import type { PublishedRow } from '../published/index.ts';
import { normaliseName } from './names.ts';
import { normaliseTicker } from './tickers.ts';

/** Longer ones are cut: names of that length do not differ behind it. */
const MAX_KEY = 500;

/**
 * By what a row is recognised in a later file: its number, where it has one, and its line, which is ticker, place and
 * name as they are compared. Neither the weight nor the spelling of the issuer's words counts.
 */
export const rowKeys = (row: PublishedRow): { readonly line: string; readonly identifier: string | null } => {
  const parts = [normaliseTicker(row.ticker), row.mic ?? '', row.country, normaliseName(row.name)];
  const number = (['isin', 'cusip', 'sedol', 'figi'] as const).find((scheme) => row[scheme] !== null);
  return {
    line: parts.join('|').slice(0, MAX_KEY),
    identifier: number === undefined ? null : `${number} ${row[number] ?? ''}`,
  };
};

/**
 * What is known of rows with a key: the security that a person said it is (the one chosen, or, where it is none of
 * those offered, the one made for the row); or, while the question is open, the one that was made for the row.
 */
export type Remembered = ReadonlyMap<string, { readonly instrumentId: string; readonly isOpen: boolean }>;
