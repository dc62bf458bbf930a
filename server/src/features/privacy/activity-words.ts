/**
 * Rows of the audit trail as a person reads them: what they are about, and which fields went from what to what.
 *
 * Contents: kindOf · tablesOf · actionOf · changesOf
 */
import type { ActivityItem } from '@pm/contracts/privacy';
import { dec, decimalText } from '@pm/domain/money';
import type { Static } from 'typebox';

import type { LogRow } from './activity-queries.ts';

type Item = Static<typeof ActivityItem>;
type Kind = Item['kind'];

const KINDS: Readonly<Record<string, Kind>> = {
  portfolios: 'portfolio',
  holdings: 'holding',
  trades: 'trade',
  manual_prices: 'price',
  accounts: 'account',
  portfolio_access: 'access',
  alerts: 'alert',
  holding_debts: 'debt',
  recurring_plans: 'plan',
  watched_instruments: 'watch',
  users: 'profile',
  sessions: 'session',
  personal_access_tokens: 'token',
};

export const kindOf = (row: Pick<LogRow, 'table_name'>): Kind => KINDS[row.table_name ?? ''] ?? 'action';

/** The tables of a kind; actions have none. */
export const tablesOf = (kind: Kind): string[] => {
  const tables = Object.entries(KINDS).flatMap(([table, one]) => (one === kind ? [table] : []));
  return tables.length === 0 ? [''] : tables;
};

const ACTIONS: Readonly<Record<string, string>> = { insert: 'added', update: 'changed', delete: 'deleted' };

/** A soft delete is an update that stamps, its undoing one that takes the stamp away. */
export const actionOf = (row: LogRow): string => {
  if (row.action === 'update' && row.new_values !== null && 'deletion_id' in row.new_values) {
    return row.new_values['deletion_id'] === null ? 'restored' : 'deleted';
  }
  return ACTIONS[row.action] ?? row.action;
};

/** Ids and stamps say nothing to a person. */
const UNTOLD: ReadonlySet<string> = new Set([
  'id',
  'user_id',
  'owner_id',
  'portfolio_id',
  'holding_id',
  'instrument_id',
  'parent_id',
  'event_id',
  'deletion_id',
  'deleted_at',
  'created_at',
  'updated_at',
  'version',
  'seq',
  'leg',
  'date_assumed',
  'is_demo',
  'overdraft',
  'fx_source',
  'position',
  'token_prefix',
  'next_on',
  'last_used_at',
  'last_login_at',
  'expires_at',
  'ip',
]);
/** The most fields told of one row. */
const CHANGES_MAX = 30;
const DEPTH_MAX = 4;
const DECIMAL = /^-?\d+\.\d+$/u;

const textOf = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return DECIMAL.test(value) ? decimalText(dec(value)) : value;
  if (Array.isArray(value)) return value.map((one) => textOf(one) ?? '').join(', ');
  return JSON.stringify(value);
};

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every leaf of a document by its path. */
const leaves = (value: unknown, path: string, depth: number, found: Map<string, string | null>): void => {
  if (isPlain(value) && depth < DEPTH_MAX) {
    for (const [key, one] of Object.entries(value)) {
      leaves(one, path === '' ? key : `${path}.${key}`, depth + 1, found);
    }
    return;
  }
  found.set(path, textOf(value));
};

const leavesOf = (values: LogRow['old_values']): ReadonlyMap<string, string | null> => {
  const told = Object.fromEntries(Object.entries(values ?? {}).filter(([key]) => !UNTOLD.has(key)));
  const found = new Map<string, string | null>();
  leaves(told, '', 0, found);
  return found;
};

/** What went from what to what, field by field; documents leaf by leaf. */
export const changesOf = (row: LogRow): Item['changes'] => {
  if (row.table_name === null && row.new_values === null) return [];
  const [before, after] = [leavesOf(row.old_values), leavesOf(row.new_values)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((field) => ({ field, before: before.get(field) ?? null, after: after.get(field) ?? null }))
    .filter((change) => change.before !== change.after)
    .slice(0, CHANGES_MAX);
};
