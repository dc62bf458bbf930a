/**
 * Who changed what, act by act.
 *
 * Contents: listActivity · readAct
 */
import type { ActivityEntry, ActivityItem } from '@pm/contracts/privacy';
import { dec, decimalText } from '@pm/domain/money';
import type { Static } from 'typebox';

import { readPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { notFound } from '#platform/errors.ts';
import { badCursor, DEFAULT_PAGE } from '#platform/paging.ts';

import * as queries from './activity-queries.ts';
import type { LogRow } from './activity-queries.ts';
import { actionOf, changesOf, kindOf, tablesOf } from './activity-words.ts';
import { howOf, noWayBack, wayBack } from './undo.ts';

type Item = Static<typeof ActivityItem>;
type Entry = Static<typeof ActivityEntry>;
type Query = {
  readonly limit?: number;
  readonly cursor?: string;
  readonly portfolioId?: string;
  readonly kind?: Item['kind'];
};

/** Rows told of one act; an import has thousands. */
const ITEMS_MAX = 40;
/** What an act is mainly about: the first of these that it touched. */
const MAIN: readonly Item['kind'][] = [
  'action',
  'portfolio',
  'holding',
  'trade',
  'price',
  'debt',
  'plan',
  'watch',
  'alert',
  'access',
  'token',
  'profile',
  'session',
  'account',
];
const AFTER_ROWS = 10;

/** What only follows from a trade does not come first. */
const weight = (item: Item): number => {
  const follows =
    item.kind === 'holding' &&
    item.action === 'changed' &&
    item.changes.every(({ field }) => FOLLOWS.has(field));
  return (follows ? AFTER_ROWS : 0) + MAIN.indexOf(item.kind);
};
const FOLLOWS: ReadonlySet<string> = new Set(['qty', 'cost_basis']);

const readCursorTime = (cursor: string | undefined): Temporal.Instant | null => {
  if (cursor === undefined) return null;
  const moment = instantIn(cursor);
  if (moment === null || Temporal.Instant.compare(moment, NO_CURSOR_BEFORE) < 0) throw badCursor();
  if (Temporal.Instant.compare(moment, NO_CURSOR_AFTER) > 0) throw badCursor();
  return moment;
};

/** Cursors are moments at which something was recorded; outside of these the database has no such moment. */
const NO_CURSOR_BEFORE = Temporal.Instant.from('1970-01-01T00:00:00Z');
const NO_CURSOR_AFTER = Temporal.Instant.from('9999-01-01T00:00:00Z');

const instantIn = (text: string): Temporal.Instant | null => {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return null;
  }
};

const idsIn = (rows: readonly LogRow[], table: string): string[] => [
  ...new Set(rows.flatMap((row) => (row.table_name === table && row.row_id !== null ? [row.row_id] : []))),
];

type Known = {
  readonly titles: ReadonlyMap<string, queries.Titled>;
  readonly instruments: ReadonlyMap<string, string>;
  readonly restorable: ReadonlySet<string>;
  readonly people: ReadonlyMap<string, string>;
  readonly subjects: ReadonlyMap<string, queries.Subject>;
};

const wordOf = (row: LogRow, field: string): string | null => {
  const value = row.new_values?.[field] ?? row.old_values?.[field];
  return typeof value === 'string' ? value : null;
};

/** What a row is about, from the trail where it says so, else from the row. */
const aboutOf = (row: LogRow, subjects: ReadonlyMap<string, queries.Subject>) => {
  const subject = subjects.get(row.row_id ?? '');
  return {
    instrument: wordOf(row, 'instrument_id') ?? subject?.instrument_id ?? '',
    holding: wordOf(row, 'holding_id') ?? subject?.holding_id ?? '',
    name: wordOf(row, 'name') ?? subject?.name ?? null,
  };
};

const titleOf = (row: LogRow, { titles, instruments, subjects }: Known): string | null => {
  const about = aboutOf(row, subjects);
  switch (row.table_name) {
    case null:
      return wordOf(row, 'file_name');
    case 'manual_prices':
    case 'watched_instruments':
      return instruments.get(about.instrument) ?? null;
    case 'sessions':
      return wordOf(row, 'user_agent');
    case 'personal_access_tokens':
    case 'accounts':
    case 'recurring_plans':
      return about.name;
    case 'holding_debts':
      return titles.get(about.holding)?.title ?? null;
    default:
      return titles.get(row.row_id ?? '')?.title ?? null;
  }
};

const itemOf = (row: LogRow, known: Known): Item => {
  const trade = row.table_name === 'trades' ? known.titles.get(row.row_id ?? '') : undefined;
  return {
    kind: kindOf(row),
    action: actionOf(row),
    rowId: row.row_id,
    title: titleOf(row, known),
    trade:
      trade === undefined || trade.type === null || trade.date === null
        ? null
        : {
            type: trade.type,
            date: trade.date.toString(),
            qty: trade.qty === null ? null : decimalText(dec(trade.qty)),
          },
    changes: changesOf(row),
  };
};

/** Tables of which a change alone does not say what it is about. */
const SUBJECTS: readonly string[] = [
  'manual_prices',
  'watched_instruments',
  'holding_debts',
  'accounts',
  'recurring_plans',
];

const knownOf = async (tx: Tx, userId: string, rows: readonly LogRow[]): Promise<Known> => {
  const plain = rows.filter((row) => SUBJECTS.includes(row.table_name ?? ''));
  const subjects = await queries.subjectsOf(tx, [...new Set(plain.flatMap((row) => row.row_id ?? []))]);
  const about = plain.map((row) => aboutOf(row, subjects));
  const given = (ids: readonly string[]): string[] => [...new Set(ids.filter((id) => id !== ''))];
  return {
    subjects,
    people: await queries.peopleWhoActed(tx, [
      ...new Set(rows.flatMap(({ actor_id: actor }) => (actor === null || actor === userId ? [] : [actor]))),
    ]),
    titles: await queries.titlesOf(tx, {
      portfolios: [...new Set(rows.flatMap((row) => row.portfolio_id ?? []))],
      holdings: given([...idsIn(rows, 'holdings'), ...about.map((one) => one.holding)]),
      trades: idsIn(rows, 'trades'),
    }),
    instruments: await queries.instrumentNames(tx, given(about.map((one) => one.instrument))),
    restorable: await queries.restorableAmong(tx, [
      ...new Set(
        rows.flatMap((row) => (actionOf(row) === 'deleted' ? (wordOf(row, 'deletion_id') ?? []) : [])),
      ),
    ]),
  };
};

const entryOf = (userId: string, rows: readonly LogRow[], total: number, known: Known): Entry => {
  const [first] = rows;
  if (!first) throw new Error('an act without rows');
  const items = rows.map((row) => itemOf(row, known)).toSorted((a, b) => weight(a) - weight(b));
  const places = new Set(rows.flatMap((row) => row.portfolio_id ?? []));
  const [place] = places;
  const name = place === undefined ? undefined : known.titles.get(place)?.title;
  const way = wayBack(rows, known.restorable);
  const undo = way === null || (total > rows.length && way.how !== 'restore') ? null : howOf(way);
  return {
    id: first.id,
    at: first.at.toString(),
    by: {
      kind: first.actor_id === null ? 'system' : first.actor_id === userId ? 'you' : 'other',
      name: known.people.get(first.actor_id ?? '') ?? null,
    },
    portfolio: places.size === 1 && place !== undefined && name != null ? { id: place, name } : null,
    items,
    itemCount: total,
    undo,
    noUndo: undo === null ? noWayBack(rows, total) : null,
  };
};

/** The person's own trail, newest act first. @throws {AppError} 404 for a portfolio that they may not see; 400 `bad_cursor` */
export const listActivity = async (tx: Tx, userId: string, query: Query) => {
  const limit = query.limit ?? DEFAULT_PAGE;
  if (query.portfolioId !== undefined) await readPortfolio(tx, query.portfolioId);
  const filter = {
    portfolioId: query.portfolioId ?? null,
    tables: query.kind === undefined ? null : tablesOf(query.kind),
  };
  const found = await queries.momentsBefore(tx, readCursorTime(query.cursor), filter, limit + 1);
  const moments = found.slice(0, limit);
  const rows = await queries.rowsOfMoments(tx, moments, ITEMS_MAX);
  const known = await knownOf(tx, userId, rows);
  const acts = Map.groupBy(rows, (row) => row.at.toString());
  return {
    items: [...acts.values()].map((act) => entryOf(userId, act, act[0]?.total ?? act.length, known)),
    nextCursor: found.length > limit ? (moments.at(-1)?.toString() ?? null) : null,
  };
};

/** All rows of one act of the person's own trail. @throws {AppError} 404 */
export const readAct = async (tx: Tx, id: string, limit: number): Promise<readonly LogRow[]> => {
  const at = await queries.momentOf(tx, id);
  if (at === null) throw notFound('entry');
  return queries.rowsOfMoments(tx, [at], limit);
};
