/** Takes one act back. Contents: undoAct */
import type { HoldingPatch, TradePatch } from '@pm/contracts/ledger';
import type { PortfolioPatch } from '@pm/contracts/portfolios';
import { dec, decimalText } from '@pm/domain/money';
import type { Static } from 'typebox';

import {
  changeHolding,
  changePortfolio,
  correctTrade,
  deleteHolding,
  deletePortfolio,
  deleteTrade,
  restoreDeletion,
} from '#features/ledger';
import { undoStatement } from '#features/imports';
import type { Tx } from '#platform/database/index.ts';
import { conflict } from '#platform/errors.ts';

import { readAct } from './activity.ts';
import * as queries from './activity-queries.ts';
import type { LogRow } from './activity-queries.ts';
import { refileBack, removeSingle, revertSingle } from './take-back-single.ts';
import { howOf, wayBack } from './undo.ts';
import type { WayBack } from './undo.ts';

/** Rows of an act that are looked at; whatever has more is no single act of a person. */
const ROWS_MAX = 2_000;

type Who = { readonly userId: string; readonly today: Temporal.PlainDate };

const before = (row: LogRow, field: string): unknown => row.old_values?.[field] ?? null;

const textBefore = (row: LogRow, field: string): string | null => {
  const value = before(row, field);
  return typeof value === 'string' ? value : null;
};

const portfolioPatch = (row: LogRow, fields: readonly string[]): Static<typeof PortfolioPatch> =>
  // As they were stored, which is as the contract had them; a model is given by its id.
  Object.fromEntries(fields.map((field) => [field === 'model_id' ? 'modelId' : field, before(row, field)]));

const holdingPatch = (row: LogRow, fields: readonly string[]): Static<typeof HoldingPatch> =>
  Object.fromEntries(
    fields.map((field) => {
      if (field !== 'target_pct') return [field, before(row, field)];
      const pct = textBefore(row, field);
      return ['targetPct', pct === null ? null : dec(pct).toNumber()];
    }),
  );

/** Trades that are given by their sum. */
const SUMMED: ReadonlySet<string> = new Set(['dividend', 'interest', 'fee', 'tax']);

/** A trade's own words for its sum: cash that moves has an amount where others have a quantity. */
const tradePatch = async (
  tx: Tx,
  row: LogRow,
  fields: readonly string[],
): Promise<Static<typeof TradePatch>> => {
  const title = (
    await queries.titlesOf(tx, { portfolios: [], holdings: [], trades: [row.row_id ?? ''] })
  ).get(row.row_id ?? '');
  const isCash = title?.type === 'deposit' || title?.type === 'withdrawal';
  const unit = fields.includes('price')
    ? { quoteUnit: await queries.currencyOfTrade(tx, row.row_id ?? '') }
    : {};
  const patch = fields.flatMap((field): [string, string | null][] => {
    const value = textBefore(row, field);
    if (field === 'date' || field === 'notes') return [[field, value]];
    // What a purchase sums to follows from quantity and price, to the last digit that these can say.
    if (value === null || (field === 'amount' && !SUMMED.has(title?.type ?? ''))) return [];
    return [[field === 'qty' && isCash ? 'amount' : field, decimalText(dec(value))]];
  });
  return { ...Object.fromEntries(patch), ...unit };
};

/** Columns whose later change stands in the way; null for anything. */
const touchedBy = (way: WayBack): readonly string[] | null => {
  if (way.how === 'revert') return way.fields;
  if (way.how === 'refile') return ['lists', 'budgets', 'section', 'theme'];
  // A plan moves on by itself.
  return way.how !== 'restore' && way.row.table_name === 'recurring_plans'
    ? ['name', 'amount', 'every', 'day']
    : null;
};

const requireUntouched = async (tx: Tx, rows: readonly LogRow[], way: WayBack): Promise<void> => {
  if (way.how === 'restore' || way.how === 'again') return;
  const last = rows.at(-1)?.id ?? '0';
  const ids = [
    way.row.row_id ?? '',
    ...(way.how === 'remove' ? way.trades : []),
    ...(way.how === 'refile' ? way.holdings.flatMap((row) => row.row_id ?? []) : []),
  ];
  if (await queries.touchedSince(tx, ids, last, touchedBy(way))) {
    throw conflict('changed_since', 'This was changed again since then; take the later change back first.');
  }
};

const revert = async (tx: Tx, { row, fields }: WayBack & { how: 'revert' }, who: Who): Promise<void> => {
  const { today } = who;
  const id = row.row_id ?? '';
  if (row.table_name === 'portfolios') {
    await changePortfolio(tx, id, portfolioPatch(row, fields), undefined, today);
  } else if (row.table_name === 'holdings') {
    await changeHolding(tx, id, holdingPatch(row, fields), undefined, today);
  } else if (row.table_name === 'trades') {
    await correctTrade(tx, id, await tradePatch(tx, row, fields), undefined, today);
  } else await revertSingle(tx, row, fields, who);
};

const remove = async (
  tx: Tx,
  { row, trades }: WayBack & { how: 'remove' },
  { userId }: Who,
): Promise<void> => {
  const id = row.row_id ?? '';
  if (row.table_name === 'portfolios') await deletePortfolio(tx, id, undefined, userId);
  else if (row.table_name === 'holdings') await deleteHolding(tx, id, undefined);
  else if (row.table_name !== 'trades') await removeSingle(tx, row, userId);
  else {
    if ((await queries.eventsAmong(tx, trades)) > 1) throw cannot();
    await deleteTrade(tx, id, undefined);
  }
};

const cannot = () =>
  conflict(
    'cannot_undo',
    'This cannot be taken back from here: it is too much at once, or it is over for good.',
  );

const takeBack = async (tx: Tx, way: WayBack, who: Who): Promise<void> => {
  switch (way.how) {
    case 'restore':
      await restoreDeletion(tx, way.deletionId);
      break;
    case 'revert':
      await revert(tx, way, who);
      break;
    case 'remove':
      await remove(tx, way, who);
      break;
    case 'refile':
      await refileBack(tx, way.row, way.holdings, who.today);
      break;
    case 'statement':
      await undoStatement(tx, way.row.row_id ?? '');
      break;
    case 'again':
      if (!(await queries.addAgain(tx, way.table, way.row.old_values ?? {}))) {
        throw conflict('changed_since', 'Something else stands in its place by now.');
      }
  }
};

/**
 * Takes an act of the person's own trail back.
 * @throws {AppError} 404; 409 `cannot_undo`, `changed_since`, or what stands in the way of the deletion or change itself
 */
export const undoAct = async (
  tx: Tx,
  id: string,
  who: Who,
): Promise<{ undone: ReturnType<typeof howOf> }> => {
  const rows = await readAct(tx, id, ROWS_MAX + 1);
  const restorable = await queries.restorableAmong(tx, [
    ...new Set(
      rows.flatMap((row) => {
        const deletion = row.new_values?.['deletion_id'];
        return typeof deletion === 'string' ? [deletion] : [];
      }),
    ),
  ]);
  const way = wayBack(rows, restorable);
  if (way === null || (rows.length > ROWS_MAX && way.how !== 'restore' && way.how !== 'statement')) {
    throw cannot();
  }
  await requireUntouched(tx, rows, way);
  await takeBack(tx, way, who);
  return { undone: howOf(way) };
};
