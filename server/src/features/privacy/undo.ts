/**
 * Taking an act back: what was deleted is brought back, what was changed is put as it was before, what was added is
 * deleted again. Each goes the way that a person would go, so that all rules of the ledger hold.
 *
 * Contents: WayBack · howOf · wayBack · noWayBack
 */
import type { LogRow, PlainTable } from './activity-queries.ts';
import { actionOf, kindOf } from './activity-words.ts';

/** Fields of portfolios and holdings that can be put back as they were. */
const PLAIN: Readonly<Record<string, ReadonlySet<string>>> = {
  portfolios: new Set(['name', 'settings', 'lists', 'budgets', 'model_id']),
  holdings: new Set(['section', 'theme', 'account', 'target_pct', 'include', 'notes']),
};
/** Of a trade; what else changes with it follows. */
const TRADED: ReadonlySet<string> = new Set(['date', 'qty', 'price', 'amount', 'fees', 'taxes', 'notes']);
const FOLLOWS: ReadonlySet<string> = new Set(['qty', 'cost_basis', 'overdraft', 'carried_cost']);

/** Most holdings that changing a list has moved, for the change to be taken back. */
const REFILED_MAX = 200;

export type WayBack =
  | { readonly how: 'restore'; readonly deletionId: string }
  | { readonly how: 'revert'; readonly row: LogRow; readonly fields: readonly string[] }
  | { readonly how: 'remove'; readonly row: LogRow; readonly trades: readonly string[] }
  /** A row of a plain table that was taken away. */
  | { readonly how: 'again'; readonly row: LogRow; readonly table: PlainTable }
  /** A section or theme that was renamed or merged, with the holdings that followed it. */
  | { readonly how: 'refile'; readonly row: LogRow; readonly holdings: readonly LogRow[] }
  | { readonly how: 'statement'; readonly row: LogRow };

/** As a person is told. */
export const howOf = ({ how }: WayBack): 'restore' | 'revert' | 'remove' => {
  if (how === 'again') return 'restore';
  if (how === 'refile') return 'revert';
  return how === 'statement' ? 'remove' : how;
};

const PLAIN_TABLES: readonly PlainTable[] = ['manual_prices', 'holding_debts', 'watched_instruments'];
export const plainTable = (row: LogRow): PlainTable | undefined =>
  PLAIN_TABLES.find((table) => table === row.table_name);

/** Tables of which an act concerns one row, and what of it can be put back; null for whatever changed. */
const SINGLE: Readonly<Record<string, ReadonlySet<string> | null>> = {
  manual_prices: null,
  holding_debts: null,
  watched_instruments: null,
  accounts: new Set(['wrapper', 'owner_name', 'provider', 'opened_on', 'closed_on']),
  recurring_plans: new Set(['name', 'amount', 'every', 'day', 'starts_on', 'ends_on', 'settle', 'paused']),
  portfolio_access: new Set(),
};
/** What follows from a change of its row. */
const DERIVED: ReadonlySet<string> = new Set(['next_on']);

const singleOf = (rows: readonly LogRow[]): WayBack | null => {
  const [row] = rows;
  const allowed = SINGLE[row?.table_name ?? ''];
  if (row === undefined || allowed === undefined) return null;
  if (rows.some((one) => one.row_id !== row.row_id || one.table_name !== row.table_name)) return null;
  const table = plainTable(row);
  if (rows.some((one) => one.action === 'delete')) {
    return rows.length === 1 && table !== undefined ? { how: 'again', row, table } : null;
  }
  if (row.action === 'insert') {
    return row.table_name === 'accounts' ? null : { how: 'remove', row, trades: [] };
  }
  const fields = fieldsOf(row).filter((field) => !DERIVED.has(field));
  const isKnown = allowed === null || fields.every((field) => allowed.has(field));
  return isKnown && fields.length > 0 ? { how: 'revert', row, fields } : null;
};

const REFILED: ReadonlySet<string> = new Set(['section', 'theme']);
const LISTED: ReadonlySet<string> = new Set(['lists', 'budgets']);

const refileOf = (rows: readonly LogRow[]): WayBack | null => {
  const holdings = rows.filter((row) => row.table_name === 'holdings');
  const [row, other] = rows.filter((one) => one.table_name === 'portfolios');
  if (row === undefined || other !== undefined || holdings.length + 1 !== rows.length) return null;
  const isRefiled = (one: LogRow, fields: ReadonlySet<string>): boolean =>
    one.action === 'update' && fieldsOf(one).every((field) => fields.has(field));
  if (holdings.length === 0 || holdings.length > REFILED_MAX || !isRefiled(row, LISTED)) return null;
  return holdings.every((one) => isRefiled(one, REFILED)) ? { how: 'refile', row, holdings } : null;
};

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
  if (rows.some((row) => actionOf(row) === 'deleted' && row.action === 'update')) {
    return restoreOf(rows, restorable);
  }
  const statement = rows.find((row) => row.action === 'import_statement');
  if (statement !== undefined) return { how: 'statement', row: statement };
  const single = singleOf(rows) ?? refileOf(rows);
  if (single !== null) return single;
  if (rows.some((row) => row.action === 'delete' || actionOf(row) === 'restored')) return null;
  if (rows.some((row) => row.action === 'insert' && row.table_name !== 'accounts')) return removeOf(rows);
  return revertOf(rows);
};

export type NoWayBack = 'noChange' | 'isUndo' | 'over' | 'notKept' | 'tooMuch' | 'several';

const NOT_MINE: ReadonlySet<string> = new Set(['action', 'session', 'token', 'profile', 'alert']);

/** Why an act cannot be taken back. */
export const noWayBack = (rows: readonly LogRow[], total: number): NoWayBack => {
  if (rows.every((row) => NOT_MINE.has(kindOf(row)))) return 'noChange';
  if (rows.some((row) => actionOf(row) === 'restored')) return 'isUndo';
  if (rows.some((row) => actionOf(row) === 'deleted' && row.action === 'update')) return 'over';
  if (rows.some((row) => row.action === 'delete')) return 'notKept';
  return total > rows.length ? 'tooMuch' : 'several';
};
