/**
 * Deleting, undoing and forgetting. One deletion takes a holding or a portfolio with its trades, and every event that they
 * take part in whole; what stays is replayed in the same transaction. Undoing brings back exactly that, or says why not.
 *
 * Contents: deleteHolding · deletePortfolio · listDeletions · restoreDeletion · purgeDeleted
 */
import { randomUUIDv7 } from 'node:crypto';

import type { Deletion } from '@pm/contracts/ledger';
import type { Static } from 'typebox';

import {
  lockedPortfolio,
  lockPortfolio,
  markPortfolioDeleted,
  readEditablePortfolio,
  readPortfolio,
} from '#features/portfolios';
import { withWorker } from '#platform/database/index.ts';
import type { Db, Tx } from '#platform/database/index.ts';
import { conflict, forbidden, isAppError, notFound, preconditionFailed } from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import { changeBook, openBook } from './book.ts';
import * as queries from './deletion-queries.ts';
import type { DeletionRow, Going, StampedHolding } from './deletion-queries.ts';
import { linkedElsewhere, nameOfHolding } from './ledger-words.ts';
import * as holdings from './queries.ts';

const HOURS_A_DAY = 24;
/** Deletions purged in one transaction. */
const PURGE_BATCH = 100;

/** Takes what goes out of the books of what stays, and stamps all of it. */
const take = async (
  tx: Tx,
  going: Going,
  goingHoldings: ReadonlySet<string>,
  open: (others: readonly string[]) => Promise<Parameters<typeof changeBook>[1] | null>,
): Promise<string> => {
  const places = (legs: readonly { holdingId: string }[]) => [...new Set(legs.map((leg) => leg.holdingId))];
  const book = await open(places(await queries.legsOutside(tx, going)));
  // Read again: a trade may have been settled between the look and the lock.
  const legs = await queries.legsOutside(tx, going);
  const deletionId = randomUUIDv7();
  if (book !== null) {
    if (legs.some((leg) => !book.holdings.has(leg.holdingId))) {
      throw conflict('changed_meanwhile', 'This was changed in the meantime; try again.');
    }
    const ids = new Set(legs.map((leg) => leg.id));
    const removed = (row: { id: string; holding_id: string }): boolean =>
      ids.has(row.id) || goingHoldings.has(row.holding_id);
    await changeBook(tx, book, { removed, going: goingHoldings });
  }
  await queries.stampTrades(
    tx,
    legs.map((leg) => leg.id),
    deletionId,
  );
  await queries.stampGoing(tx, going, deletionId);
  return deletionId;
};

/**
 * Deletes a holding with its trades and the other legs of their events: cash comes back.
 * @returns the deletion, by which it can be undone
 * @throws {AppError} 404; 403 `read_only`; 412; 422 `oversold` when what stays needs what goes, `linked_elsewhere`
 */
export const deleteHolding = async (tx: Tx, id: string, ifMatch: number | undefined): Promise<string> => {
  const going = { holdingId: id };
  let title = '';
  let place = { userId: '', portfolioId: '' };
  const deletionId = await take(tx, going, new Set([id]), async (others) => {
    const book = await openBook(tx, id, others);
    if (ifMatch !== undefined && ifMatch !== book.primary.version) throw preconditionFailed();
    if (await queries.hasHiddenEnd(tx, going)) throw linkedElsewhere();
    title = `${nameOfHolding(book.primary)}, ${book.primary.account}`;
    place = { userId: book.primary.user_id, portfolioId: book.primary.portfolio_id };
    return book;
  });
  await queries.noteDeletion(tx, { id: deletionId, ...place, kind: 'holding', title });
  return deletionId;
};

/**
 * Deletes a portfolio with its holdings and trades, and the other ends of its transfers.
 * @returns the deletion, by which it can be undone
 * @throws {AppError} 404; 403 `not_owner`; 412; 422 `oversold`
 */
export const deletePortfolio = async (
  tx: Tx,
  id: string,
  ifMatch: number | undefined,
  userId: string,
): Promise<string> => {
  const { access } = await readPortfolio(tx, id);
  if (access !== 'owner') throw forbidden('not_owner', 'Only the owner can delete a portfolio.');
  const before = await lockedPortfolio(tx, id, 'change');
  if (ifMatch !== undefined && ifMatch !== before.version) throw preconditionFailed();
  const inside = new Set((await holdings.listHoldings(tx, id)).map((row) => row.id));
  const deletionId = await take(tx, { portfolioId: id }, inside, async (others) => {
    const [first, ...rest] = others;
    return first === undefined ? null : openBook(tx, first, rest);
  });
  if (!(await markPortfolioDeleted(tx, id, before.version, deletionId))) throw preconditionFailed();
  await queries.noteDeletion(tx, {
    id: deletionId,
    userId,
    portfolioId: id,
    kind: 'portfolio',
    title: before.name,
  });
  return deletionId;
};

const deletionAnswer = (row: DeletionRow): Static<typeof Deletion> => ({
  id: row.id,
  kind: row.kind as Static<typeof Deletion>['kind'],
  title: row.title,
  portfolioId: row.portfolio_id,
  deletedAt: row.deleted_at.toString(),
  restorableUntil: row.deleted_at.add({ hours: queries.RESTORABLE_DAYS * HOURS_A_DAY }).toString(),
});

export const listDeletions = async (tx: Tx, query: { limit?: number; cursor?: string }) => {
  const limit = query.limit ?? DEFAULT_PAGE;
  const rows = await queries.listDeletions(tx, { limit, after: readCursor(query.cursor) });
  const page = pageOf(rows, limit);
  return { items: page.items.map(deletionAnswer), nextCursor: page.nextCursor };
};

/** Keeps the portfolios of what is to come back. @throws {AppError} 409 when one was deleted since; 403 `read_only` */
const keepPortfolios = async (tx: Tx, stamped: readonly StampedHolding[]): Promise<void> => {
  const lost = stamped.find((one) => one.portfolioDeletion !== null);
  if (lost) {
    throw conflict(
      'portfolio_deleted',
      `The portfolio “${lost.portfolioName}” was deleted too; restore it first.`,
    );
  }
  for (const id of [...new Set(stamped.map((one) => one.portfolioId))].toSorted()) {
    if (!(await lockPortfolio(tx, id, 'kept'))) await readEditablePortfolio(tx, id);
  }
};

/** @throws {AppError} 409 saying what stands in the way */
const requireRoom = async (tx: Tx, deletionId: string): Promise<void> => {
  const [taken] = await queries.takenPlaces(tx, deletionId);
  if (taken) {
    const detail = `The same instrument is held in ${taken.account} again; delete that holding first.`;
    throw conflict('holding_exists', detail);
  }
  for (const filed of await queries.filedUnder(tx, deletionId)) {
    const { lists } = await readPortfolio(tx, filed.portfolioId);
    const missing = (
      [
        [filed.section, lists.sections],
        [filed.theme, lists.themes],
        [filed.account, lists.accounts],
      ] as const
    ).find(([name, list]) => !list.includes(name));
    if (missing) {
      throw conflict(
        'unknown_name',
        `“${missing[0]}” is no longer in the portfolio’s lists; add it there first.`,
      );
    }
  }
};

/** Replays what came back together with all that it feeds. @throws {AppError} 409 `cannot_restore` */
const replayRestored = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  const [first, ...rest] = ids;
  if (first === undefined) return;
  try {
    await changeBook(tx, await openBook(tx, first, rest), {});
  } catch (error) {
    if (isAppError(error) && error.code === 'oversold') {
      throw conflict('cannot_restore', `It does not fit what was recorded since. ${error.detail}`);
    }
    throw error;
  }
};

/**
 * Brings back exactly what one deletion took.
 * @throws {AppError} 404 when there is none, or not any more after 30 days; 409 saying what stands in the way; 403
 *   `read_only`
 */
export const restoreDeletion = async (tx: Tx, id: string) => {
  const deletion = await queries.getDeletion(tx, id);
  if (!deletion) throw notFound('deletion that can be undone');
  if (deletion.kind === 'portfolio') await queries.unstampPortfolio(tx, id);
  const stamped = await queries.stampedHoldings(tx, id);
  await keepPortfolios(tx, stamped);
  const lost = stamped.find((one) => one.holdingDeletion !== null && one.holdingDeletion !== id);
  if (lost) {
    throw conflict('holding_deleted', 'The holding of these trades was deleted too; restore it first.');
  }
  await requireRoom(tx, id);
  const restored = await queries.unstamp(tx, id);
  await replayRestored(
    tx,
    stamped.map((one) => one.id),
  );
  await queries.forgetDeletion(tx, id);
  return { kind: deletionAnswer(deletion).kind, portfolioId: deletion.portfolio_id, ...restored };
};

/** Purges what can no longer be undone, in transactions of bounded size. What is kept does not change by it. */
export const purgeDeleted = async (worker: Db, now: Temporal.Instant) => {
  const before = now.subtract({ hours: queries.RESTORABLE_DAYS * HOURS_A_DAY });
  const purged = { deletions: 0, trades: 0 };
  for (;;) {
    const some = await withWorker(worker, async (tx) => queries.purgeSome(tx, before, PURGE_BATCH));
    if (some.deletions === 0) return purged;
    purged.deletions += some.deletions;
    purged.trades += some.trades;
  }
};
