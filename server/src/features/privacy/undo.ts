/**
 * Taking an act back: what was deleted is brought back, what was changed is put as it was before, what was added is
 * deleted again. Each goes the way that a person would go, so that all rules of the ledger hold.
 *
 * Contents: wayBack
 */
import type { LogRow } from './activity-queries.ts';
import { actionOf } from './activity-words.ts';

/** Fields of portfolios and holdings that can be put back as they were. */
const PLAIN: Readonly<Record<string, ReadonlySet<string>>> = {
  portfolios: new Set(['name', 'settings', 'lists', 'budgets', 'model_id']),
  holdings: new Set(['section', 'theme', 'account', 'target_pct', 'include', 'notes']),
};
/** Of a trade; what else changes with it follows. */
const TRADED: ReadonlySet<string> = new Set(['date', 'qty', 'price', 'amount', 'fees', 'taxes', 'notes']);
const FOLLOWS: ReadonlySet<string> = new Set(['qty', 'cost_basis', 'overdraft', 'carried_cost']);

export type WayBack =
  | { readonly how: 'restore'; readonly deletionId: string }
  | { readonly how: 'revert'; readonly row: LogRow; readonly fields: readonly string[] }
  | { readonly how: 'remove'; readonly row: LogRow; readonly trades: readonly string[] };

const fieldsOf = (row: LogRow): string[] => Object.keys(row.new_values ?? {});

const restoreOf = (rows: readonly LogRow[], restorable: ReadonlySet<string>): WayBack | null => {
  const ids = new Set(
    rows.map((row) => row.new_values?.['deletion_id']).filter((id) => typeof id === 'string'),
  );
  const [deletionId] = ids;
  return ids.size === 1 && deletionId !== undefined && restorable.has(deletionId)
    ? { how: 'restore', deletionId }
    : null;
};

const removeOf = (rows: readonly LogRow[]): WayBack | null => {
  const added = (table: string) => rows.filter((row) => row.action === 'insert' && row.table_name === table);
  const trades = added('trades').flatMap((row) => row.row_id ?? []);
  for (const table of ['portfolios', 'holdings']) {
    const [row, more] = added(table);
    if (row !== undefined) return more === undefined ? { how: 'remove', row, trades } : null;
  }
  const [trade] = added('trades');
  return trade === undefined ? null : { how: 'remove', row: trade, trades };
};

const revertOf = (rows: readonly LogRow[]): WayBack | null => {
  const changed = rows.filter((row) => row.action === 'update');
  const trades = changed.filter((row) => row.table_name === 'trades');
  const [trade, otherTrade] = trades;
  if (trade !== undefined) {
    const rest = changed.filter((row) => row.table_name !== 'trades');
    const isAlone =
      otherTrade === undefined &&
      rest.every(
        (row) => row.table_name === 'holdings' && fieldsOf(row).every((field) => FOLLOWS.has(field)),
      );
    const fields = fieldsOf(trade);
    return isAlone && fields.every((field) => TRADED.has(field))
      ? { how: 'revert', row: trade, fields }
      : null;
  }
  const [row, other] = changed;
  const fields = row === undefined ? [] : fieldsOf(row);
  const plain = PLAIN[row?.table_name ?? ''];
  return row !== undefined &&
    other === undefined &&
    plain !== undefined &&
    fields.every((field) => plain.has(field))
    ? { how: 'revert', row, fields }
    : null;
};

/** How an act could be taken back, as far as its rows say; null where it cannot. */
export const wayBack = (rows: readonly LogRow[], restorable: ReadonlySet<string>): WayBack | null => {
  if (rows.some((row) => actionOf(row) === 'deleted')) return restoreOf(rows, restorable);
  if (rows.some((row) => row.action === 'delete' || actionOf(row) === 'restored')) return null;
  if (rows.some((row) => row.action === 'insert' && row.table_name !== 'accounts')) return removeOf(rows);
  return revertOf(rows);
};
