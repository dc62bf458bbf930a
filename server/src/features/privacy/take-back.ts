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
import type { Tx } from '#platform/database/index.ts';
import { conflict } from '#platform/errors.ts';

import { readAct } from './activity.ts';
import * as queries from './activity-queries.ts';
import type { LogRow } from './activity-queries.ts';
import { wayBack } from './undo.ts';
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

const requireUntouched = async (tx: Tx, rows: readonly LogRow[], way: WayBack): Promise<void> => {
  if (way.how === 'restore') return;
  const last = rows.at(-1)?.id ?? '0';
  const ids = [way.row.row_id ?? '', ...(way.how === 'remove' ? way.trades : [])];
  if (await queries.touchedSince(tx, ids, last, way.how === 'revert' ? way.fields : null)) {
    throw conflict('changed_since', 'This was changed again since then; take the later change back first.');
  }
};

const revert = async (
  tx: Tx,
  { row, fields }: WayBack & { how: 'revert' },
  { today }: Who,
): Promise<void> => {
  const id = row.row_id ?? '';
  if (row.table_name === 'portfolios') {
    await changePortfolio(tx, id, portfolioPatch(row, fields), undefined, today);
  } else if (row.table_name === 'holdings') {
    await changeHolding(tx, id, holdingPatch(row, fields), undefined, today);
  } else await correctTrade(tx, id, await tradePatch(tx, row, fields), undefined, today);
};

const remove = async (
  tx: Tx,
  { row, trades }: WayBack & { how: 'remove' },
  { userId }: Who,
): Promise<void> => {
  const id = row.row_id ?? '';
  if (row.table_name === 'portfolios') await deletePortfolio(tx, id, undefined, userId);
  else if (row.table_name === 'holdings') await deleteHolding(tx, id, undefined);
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

/**
 * Takes an act of the person's own trail back.
 * @throws {AppError} 404; 409 `cannot_undo`, `changed_since`, or what stands in the way of the deletion or change itself
 */
export const undoAct = async (tx: Tx, id: string, who: Who): Promise<{ undone: WayBack['how'] }> => {
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
  if (way === null || (rows.length > ROWS_MAX && way.how !== 'restore')) throw cannot();
  await requireUntouched(tx, rows, way);
  if (way.how === 'restore') await restoreDeletion(tx, way.deletionId);
  else if (way.how === 'revert') await revert(tx, way, who);
  else await remove(tx, way, who);
  return { undone: way.how };
};
