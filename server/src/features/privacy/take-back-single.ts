/**
 * Taking back what concerns one row, and what changing a list did to the holdings in it.
 *
 * Contents: revertSingle · removeSingle · refileBack
 */
import type { PortfolioLists, PortfolioPatch } from '@pm/contracts/portfolios';
import { dec, decimalText } from '@pm/domain/money';
import type { Static } from 'typebox';

import { changeHolding, changePlan, changePortfolio, deletePlan } from '#features/ledger';
import { changeAccount, readPortfolio, removePerson } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { notFound } from '#platform/errors.ts';

import * as queries from './activity-queries.ts';
import type { LogRow } from './activity-queries.ts';
import { plainTable } from './undo.ts';

const before = (row: LogRow, field: string): unknown => row.old_values?.[field] ?? null;
const textBefore = (row: LogRow, field: string): string | null => {
  const value = before(row, field);
  return typeof value === 'string' ? value : null;
};

/** The fields of accounts and plans as requests have them. */
const REQUESTED: Readonly<Record<string, string>> = {
  owner_name: 'owner',
  opened_on: 'openedOn',
  closed_on: 'closedOn',
  starts_on: 'startsOn',
  ends_on: 'endsOn',
};

const patchOf = (row: LogRow, fields: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    fields.map((field) => {
      const value = before(row, field);
      const name = REQUESTED[field] ?? field;
      if (field === 'amount') return [name, decimalText(dec(textBefore(row, field) ?? '0'))];
      return [name, field === 'day' ? Number(value) : value];
    }),
  );

/** Puts fields of one row back. @throws {AppError} what stands in the way of the change itself */
export const revertSingle = async (
  tx: Tx,
  row: LogRow,
  fields: readonly string[],
  { today }: { readonly today: Temporal.PlainDate },
): Promise<void> => {
  const id = row.row_id ?? '';
  const table = plainTable(row);
  if (table !== undefined) {
    const values = Object.fromEntries(fields.map((field) => [field, before(row, field)]));
    if (!(await queries.putBack(tx, table, id, values))) throw notFound('what was changed');
  } else if (row.table_name === 'accounts') {
    await changeAccount(tx, id, patchOf(row, fields), undefined, today);
  } else await changePlan(tx, id, patchOf(row, fields), undefined, today);
};

/** Takes one row away again: a price, a debt, a plan, somebody's access. */
export const removeSingle = async (tx: Tx, row: LogRow, userId: string): Promise<void> => {
  const id = row.row_id ?? '';
  const table = plainTable(row);
  if (table !== undefined) await queries.takeAway(tx, table, id);
  else if (row.table_name === 'recurring_plans') await deletePlan(tx, id, undefined);
  else {
    const guest = row.new_values?.['user_id'];
    await removePerson(tx, id, typeof guest === 'string' ? guest : '', userId);
  }
};

type Lists = Static<typeof PortfolioLists>;

/** Names of both, so that every holding has its place while it moves. */
const together = (now: Lists, then: Lists): Lists => ({
  sections: [...new Set([...now.sections, ...then.sections])],
  themes: [...new Set([...now.themes, ...then.themes])],
  accounts: now.accounts,
  themeSections: { ...then.themeSections, ...now.themeSections },
});

/** Puts the lists of a portfolio back, and the holdings that followed their names. */
export const refileBack = async (
  tx: Tx,
  row: LogRow,
  holdings: readonly LogRow[],
  today: Temporal.PlainDate,
): Promise<void> => {
  const id = row.row_id ?? '';
  const { lists } = await readPortfolio(tx, id);
  // As they were stored, which is as the contract had them.
  const then = row.old_values as Static<typeof PortfolioPatch>;
  const old = { ...lists, ...then.lists };
  await changePortfolio(tx, id, { lists: together(lists, old) }, undefined, today);
  for (const holding of holdings) {
    const patch = Object.fromEntries(
      Object.keys(holding.new_values ?? {}).map((field) => [field, textBefore(holding, field) ?? '']),
    );
    await changeHolding(tx, holding.row_id ?? '', patch, undefined, today);
  }
  await changePortfolio(tx, id, { ...then, lists: old }, undefined, today);
};
