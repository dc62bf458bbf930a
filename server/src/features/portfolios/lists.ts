/**
 * The sections, themes and accounts of a portfolio, changed one by one: holdings and budgets follow.
 *
 * Contents: changeList
 */
import type { ListChange, ListsChanged } from '@pm/contracts/portfolios';
import { changeLists } from '@pm/domain/portfolios';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { preconditionFailed, unprocessable } from '#platform/errors.ts';

import { checkDocuments, settledBudgets } from './documents.ts';
import type { Budgets, Lists } from './documents.ts';
import * as queries from './queries.ts';
import type { FiledUnder } from './queries.ts';
import { accountRows, lockedPortfolio, readPortfolio } from './service.ts';

type Change = Static<typeof ListChange>;

const COLUMN = { sections: 'section', themes: 'theme', accounts: 'account' } as const;
const WORD = { sections: 'section', themes: 'theme', accounts: 'account' } as const;

/** Which holdings are filed elsewhere by a change: from a name to another, of one theme only where it is its section. */
type Refiling = {
  readonly column: FiledUnder;
  readonly from: string;
  readonly to: string;
  readonly theme?: string;
};

/** A holding is not in a section by its theme alone: one that was put elsewhere stays there. */
const refilingOf = (change: Change, lists: Lists): Refiling | null => {
  switch (change.type) {
    case 'rename':
    case 'merge':
      return { column: COLUMN[change.list], from: change.name, to: change.to };
    case 'remove':
      return change.moveTo === undefined
        ? null
        : { column: COLUMN[change.list], from: change.name, to: change.moveTo };
    case 'section':
      return {
        column: 'section',
        from: lists.themeSections[change.name] ?? '',
        to: change.to,
        theme: change.name,
      };
    default:
      return null;
  }
};

/** @throws {AppError} 422 `name_in_use` when holdings are filed under a name that goes, and nobody said where they go */
const refuseInUse = async (tx: Tx, id: string, change: Change): Promise<void> => {
  if (change.type !== 'remove' || change.moveTo !== undefined) return;
  const count = await queries.countFiled(tx, id, COLUMN[change.list], change.name);
  if (count === 0) return;
  const holdings = count === 1 ? 'A holding is' : `${count} holdings are`;
  const detail = `${holdings} filed under “${change.name}”; name another ${WORD[change.list]} that they move to.`;
  throw unprocessable('name_in_use', detail, 'moveTo');
};

/** @throws {AppError} 422 `held_in_both` when an instrument is held in both accounts: two holdings cannot become one */
const refuseTwins = async (tx: Tx, id: string, { column, from, to }: Refiling): Promise<void> => {
  if (column !== 'account') return;
  const twin = await queries.heldInBoth(tx, id, from, to);
  if (twin === undefined) return;
  throw unprocessable(
    'held_in_both',
    `“${from}” and “${to}” both hold ${twin}; transfer it from one to the other first.`,
    'to',
  );
};

const moveAccountRow = async (tx: Tx, id: string, change: Change): Promise<void> => {
  if (!('list' in change) || change.list !== 'accounts') return;
  if (change.type === 'rename' && change.name !== change.to) {
    // A row of that name may be left from an account that was taken off the list.
    await queries.deleteAccount(tx, id, change.to);
    await queries.renameAccount(tx, id, change.name, change.to);
  }
  if (change.type === 'merge' || change.type === 'remove') await queries.deleteAccount(tx, id, change.name);
};

/**
 * Changes one list of a portfolio. Holdings that are filed under a name follow it, those that are deleted too, so that
 * restoring them finds a place; budgets follow and are settled anew.
 * @throws {AppError} 404; 400 naming the field; 412; 422 `read_only`, `name_in_use`, `held_in_both`
 */
export const changeList = async (
  tx: Tx,
  id: string,
  change: Change,
  ifMatch: number | undefined,
): Promise<Static<typeof ListsChanged>> => {
  const before = await lockedPortfolio(tx, id, 'change');
  if (ifMatch !== undefined && ifMatch !== before.version) throw preconditionFailed();
  const outcome = changeLists(before, change);
  if ('problem' in outcome) {
    throw unprocessable('list_refused', `${outcome.problem.message}.`, outcome.problem.field);
  }
  const lists = outcome.lists as Lists;
  const given = outcome.budgets as Budgets;
  checkDocuments(before.settings, lists, given);
  const budgets = settledBudgets(given, { lists, settings: before.settings });
  await refuseInUse(tx, id, change);
  const refiling = refilingOf(change, before.lists);
  const isMoving = refiling !== null && refiling.from !== refiling.to;
  if (isMoving) await refuseTwins(tx, id, refiling);
  if (!(await queries.updatePortfolio(tx, id, before.version, { lists, budgets }))) {
    throw preconditionFailed();
  }
  const owner = await queries.enterPortfolio(tx, id);
  await moveAccountRow(tx, id, change);
  if (owner !== null) await queries.insertAccounts(tx, { id, userId: owner }, accountRows(lists));
  const holdingsMoved = isMoving ? await queries.refile(tx, id, refiling) : 0;
  return { portfolio: await readPortfolio(tx, id), holdingsMoved };
};
