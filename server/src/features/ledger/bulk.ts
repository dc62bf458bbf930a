/**
 * Many trades at once, of many holdings: one replay, one statement for each table. For imports.
 *
 * Contents: recordInBulk · replayHoldings · takeBackImport
 */
import { randomUUIDv7 } from 'node:crypto';

import type { Tx } from '#platform/database/index.ts';
import { conflict } from '#platform/errors.ts';

import { changeBook, openBook } from './book.ts';
import * as deletions from './deletion-queries.ts';
import * as queries from './queries.ts';
import type { NewHolding } from './queries.ts';
import type { TradeValues } from './trade-queries.ts';

/**
 * Adds holdings and trades of them and of others, all or none, in the order of the trades. The caller has locked the
 * portfolio for change and has read every holding and amount as it is to be stored.
 * @throws {AppError} 422 `oversold` naming the day, `too_large`
 */
export const recordInBulk = async (
  tx: Tx,
  holdings: readonly NewHolding[],
  trades: readonly TradeValues[],
): Promise<void> => {
  if (holdings.length > 0) await queries.insertHoldings(tx, holdings);
  const [first, ...rest] = new Set(trades.map((one) => one.holding.id));
  if (first === undefined) return;
  await changeBook(tx, await openBook(tx, first, rest), { added: trades });
};

/** Moves the projections of holdings that were written by other means to what their trades say. @throws {AppError} 422 `oversold` */
export const replayHoldings = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  const [first, ...rest] = ids;
  if (first !== undefined) await changeBook(tx, await openBook(tx, first, rest), {});
};

/** What an import brought, and how the list of deletions calls it. */
export type BroughtByImport = {
  readonly importId: string;
  readonly portfolioId: string;
  readonly userId: string;
  readonly title: string;
};

/**
 * Deletes what an import brought, with whole events, and the holdings that it made where nothing else is in them. Can be
 * restored like any deletion.
 * @returns how many trades and holdings went; none when all were gone already
 * @throws {AppError} 409 `changed_meanwhile`; 422 `oversold` when what stays needs what goes
 */
export const takeBackImport = async (
  tx: Tx,
  brought: BroughtByImport,
  made: readonly string[],
): Promise<{ trades: number; holdings: number; deletionId: string | null }> => {
  const places = async () => deletions.placesOfImport(tx, brought.portfolioId, brought.importId);
  const [first, ...rest] = await places();
  if (first === undefined) return { trades: 0, holdings: 0, deletionId: null };
  const book = await openBook(tx, first, rest);
  if ((await places()).some((id) => !book.holdings.has(id))) {
    throw conflict('changed_meanwhile', 'This was changed in the meantime; try again.');
  }
  const going = new Set(await deletions.tradesOfImport(tx, brought.portfolioId, brought.importId));
  await changeBook(tx, book, { removed: (row) => going.has(row.id) });
  const deletionId = randomUUIDv7();
  await deletions.stampMany(tx, [...going], deletionId);
  const holdings = await deletions.stampEmpty(tx, made, deletionId);
  const { userId, portfolioId, title } = brought;
  await deletions.noteDeletion(tx, { id: deletionId, userId, portfolioId, kind: 'import', title });
  return { trades: going.size, holdings, deletionId };
};
