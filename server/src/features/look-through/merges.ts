/**
 * Two instruments that were found to be one become one, and can be parted again.
 *
 * The moving itself is the database's: what points to a shared instrument is other people's too, which nobody but the
 * owner of the schema may touch. Contents: previewMerge · mergeInstruments · undoMerge · listMerges
 */
import { randomUUIDv7 } from 'node:crypto';

import type { IdentityMerge, MergeObstacle, MergePreview } from '@pm/contracts/look-through';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import { readInstrument } from '#features/instruments';
import type { InstrumentAnswer, Writer } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import {
  conflict,
  forbidden,
  isAppError,
  notFound,
  preconditionFailed,
  unprocessable,
} from '#platform/errors.ts';
import { enqueue } from '#platform/jobs/index.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import { REFRESH_FUNDS } from './refresh.ts';
import { mustExist, securityTraits } from './traits.ts';

type Answer = Static<typeof IdentityMerge>;
type Obstacle = Static<typeof MergeObstacle>;

/** Into which instrument, and whether different numbers are no reason against it. */
export type MergeRequest = { readonly into: string; readonly renamed?: boolean };

const readInto = async (tx: Tx, id: string): Promise<InstrumentAnswer> => {
  try {
    return await readInstrument(tx, id);
  } catch (error) {
    if (isAppError(error) && error.status === 404) throw notFound('instrument to merge into');
    throw error;
  }
};

/** Money and contracts are only ever what they say they are; a fund and a share may be a misprint of one another. */
const kindOf = (type: string): string => (type === 'Cash' || type === 'Derivative' ? type : 'security');

const checkPair = (person: Writer, from: InstrumentAnswer, into: InstrumentAnswer): void => {
  if (from.id === into.id) {
    throw unprocessable('same_instrument', 'An instrument cannot be merged into itself.', 'into');
  }
  if (from.scope === 'shared' && person.role !== 'admin') {
    throw forbidden(
      'admin_only',
      `“${from.name}” is shared by everybody, so only an administrator can merge it. You can merge a private one of yours into it.`,
    );
  }
  if (from.scope === 'shared' && into.scope === 'private') {
    throw unprocessable(
      'shared_into_private',
      'What everybody sees cannot be merged into something private; merge the private one into it instead.',
      'into',
    );
  }
  if (kindOf(from.type) !== kindOf(into.type) || (from.type === 'Cash' && from.currency !== into.currency)) {
    throw unprocessable(
      'kinds_differ',
      `“${from.name}” (${from.type}, ${from.currency}) and “${into.name}” (${into.type}, ${into.currency}) cannot be one.`,
      'into',
    );
  }
};

type ObstacleRow = {
  readonly code: 'numbers_differ' | 'holds_other' | 'held_twice';
  readonly first: string | null;
  readonly second: string | null;
  readonly scheme: string | null;
};

const obstacleText = ({ code, first, second, scheme }: ObstacleRow): string => {
  if (code === 'numbers_differ') {
    return `They have different ${(scheme ?? '').toUpperCase()}s, ${first ?? ''} and ${second ?? ''}. If that is because it was renamed or moved, send renamed=true; else they are two.`;
  }
  if (code === 'holds_other') return 'One is a fund that holds the other, so they are two.';
  return first === null
    ? 'Somebody holds both in one account. Those two holdings must be made one by their owner first.'
    : `Both are held in the account “${first}” of “${second ?? ''}”. Move one holding to another account, or delete it and enter its trades in the other, and merge then.`;
};

const obstaclesTo = async (tx: Tx, from: string, request: MergeRequest): Promise<Obstacle[]> => {
  const { rows } = await sql<ObstacleRow>`
    select code, first, second, scheme
    from pm.merge_obstacles(${from}::uuid, ${request.into}::uuid, ${request.renamed ?? false}::boolean)`.execute(
    tx,
  );
  return rows.map((row) => ({ code: row.code, detail: obstacleText(row) }));
};

/** The words for what follows an instrument. */
const KIND_OF_TABLE: Readonly<Record<string, string>> = {
  constituents: 'constituents',
  constituent_imports: 'constituentImports',
  holdings: 'holdings',
  instrument_identifiers: 'identifiers',
  instrument_listings: 'listings',
  instrument_names: 'otherNames',
  manual_prices: 'manualPrices',
  events: 'events',
  identity_reviews: 'reviews',
};
const camel = (table: string): string =>
  table.replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());
const kindOfTable = (table: string): string => KIND_OF_TABLE[table] ?? camel(table);

/** Rows that refer to the instrument now, as far as the person may see them. */
const referencesTo = async (tx: Tx, id: string): Promise<Record<string, number>> => {
  const { rows: places } = await sql<{ table_name: string; column_name: string }>`
    select table_name, column_name from pm.instrument_references()
    where table_name <> 'pm.instruments' and has_table_privilege(table_name, 'SELECT')`.execute(tx);
  const counts = places.map(
    ({ table_name: table, column_name: column }) => sql`
      select ${table.replace('pm.', '')}::text as table_name, count(*)::int as count
      from ${sql.table(table)} t where t.${sql.ref(column)} = ${id}::uuid`,
  );
  const { rows } = await sql<{
    table_name: string;
    count: number;
  }>`${sql.join(counts, sql` union all `)}`.execute(tx);
  return countsByKind(rows);
};

const countsByKind = (rows: ReadonlyArray<{ table_name: string; count: number }>): Record<string, number> => {
  const byKind: Record<string, number> = {};
  for (const { table_name: table, count } of rows) {
    if (count > 0) byKind[kindOfTable(table)] = (byKind[kindOfTable(table)] ?? 0) + count;
  }
  return byKind;
};

/** What a merge would move and what stands in its way. @throws {AppError} as `mergeInstruments`, but for obstacles */
export const previewMerge = async (
  tx: Tx,
  person: Writer,
  fromId: string,
  request: MergeRequest,
): Promise<Static<typeof MergePreview>> => {
  const from = await readInstrument(tx, fromId);
  const into = await readInto(tx, request.into);
  checkPair(person, from, into);
  const traits = await securityTraits(tx, [from.id, into.id]);
  const [one, other] = [traits.get(from.id), traits.get(into.id)];
  if (one === undefined || other === undefined) throw notFound('instrument');
  return {
    from: one,
    into: other,
    moves: await referencesTo(tx, from.id),
    obstacles: await obstaclesTo(tx, from.id, request),
  };
};

/**
 * Gives one instrument up for another, with everything that points to it, in everybody's data. Rows of one import that
 * are one security now are added up, so no total changes.
 * @throws {AppError} 404; 403 `admin_only`; 412; 422 `same_instrument`, `shared_into_private`, `kinds_differ`;
 *   409 with the first obstacle: `numbers_differ`, `holds_other`, `held_twice`
 */
export const mergeInstruments = async (
  tx: Tx,
  person: Writer,
  fromId: string,
  request: MergeRequest,
  ifMatch?: number,
): Promise<Answer> => {
  await lockPair(tx, fromId, request.into);
  const from = await readInstrument(tx, fromId);
  const into = await readInto(tx, request.into);
  checkPair(person, from, into);
  if (ifMatch !== undefined && ifMatch !== from.version) throw preconditionFailed();
  const [obstacle] = await obstaclesTo(tx, from.id, request);
  if (obstacle !== undefined) throw conflict(obstacle.code, obstacle.detail, 'into');
  const id = randomUUIDv7();
  await sql`
    select pm.merge_instruments(${id}::uuid, ${from.id}::uuid, ${into.id}::uuid, ${request.renamed ?? false}::boolean)`.execute(
    tx,
  );
  await recomputeSoon(tx);
  return readMerge(tx, person, id);
};

/** The imports that a merge or its undoing changed have new versions; what is kept of them is made anew by the worker. */
const recomputeSoon = async (tx: Tx): Promise<void> => {
  await enqueue(tx, REFRESH_FUNDS, {}, { key: 'merged' });
};

/** Waits for imports and merges under way, however long they take; the statement's own limit bounds it. */
const lockPair = async (tx: Tx, one: string, other: string): Promise<void> => {
  await sql`select set_config('lock_timeout', '0', true)`.execute(tx);
  await sql`select pm.lock_for_merge(${one}::uuid, ${other}::uuid)`.execute(tx);
};

type MergeRow = {
  readonly id: string;
  readonly owner_user_id: string | null;
  readonly from_id: string;
  readonly from_name: string;
  readonly into_id: string;
  readonly into_name: string;
  readonly renamed: boolean;
  readonly merged_by: string | null;
  readonly created_at: Temporal.Instant;
  readonly undone_at: Temporal.Instant | null;
  readonly version: number;
  readonly moved: ReadonlyArray<{ table_name: string; count: number }>;
  readonly evidence: Answer['evidence'];
};

/** Rows in doubt that are told of one merge; a security may stand in hundreds of files. */
const MAX_EVIDENCE = 5;

const mergeRows = sql`
  select m.id, m.owner_user_id, m.from_instrument_id as from_id, f.name as from_name, m.into_instrument_id as into_id,
    i.name as into_name, m.renamed, m.merged_by, m.created_at, m.undone_at, m.version,
    coalesce((select json_agg(json_build_object('table_name', v.table_name, 'count', v.count)) from (
      select v.table_name, count(*)::int as count from pm.identity_merge_moves v
      where v.merge_id = m.id and v.action in ('moved', 'removed') group by v.table_name) v), '[]') as moved,
    coalesce((select json_agg(e) from (
      select r.id as "reviewId", r.row_number as "rowNumber", p.file_name as "fileName",
        p.as_of as "asOf", json_build_object('instrumentId', d.id, 'name', d.name) as fund,
        coalesce((select one ->> 'why' from jsonb_path_query(r.evidence, '$.candidates[*]') one
          where one ->> 'instrumentId' = m.into_instrument_id::text limit 1), r.evidence ->> 'evidence', '') as why
      from pm.identity_reviews r
      join pm.constituent_imports p on p.id = r.import_id
      join pm.instruments d on d.id = p.parent_instrument_id
      where r.merge_id = m.id order by r.id limit ${MAX_EVIDENCE}) e), '[]') as evidence
  from pm.identity_merges m
  join pm.instruments f on f.id = m.from_instrument_id
  join pm.instruments i on i.id = m.into_instrument_id`;

const mayUndo = (row: MergeRow, person: Writer): boolean =>
  row.owner_user_id === person.id || (row.owner_user_id === null && person.role === 'admin');

const mergeAnswer = (row: MergeRow, person: Writer): Answer => ({
  id: row.id,
  scope: row.owner_user_id === null ? 'shared' : 'private',
  from: { instrumentId: row.from_id, name: row.from_name },
  into: { instrumentId: row.into_id, name: row.into_name },
  renamed: row.renamed,
  moved: countsByKind(row.moved),
  evidence: row.evidence,
  mergedByYou: row.merged_by === person.id,
  mergedAt: row.created_at.toString(),
  undoneAt: row.undone_at?.toString() ?? null,
  mayUndo: row.undone_at === null && mayUndo(row, person),
  version: row.version,
});

const findMerge = async (tx: Tx, id: string): Promise<MergeRow> => {
  const { rows } = await sql<MergeRow>`${mergeRows} where m.id = ${id}::uuid`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw notFound('merge');
  return row;
};

const readMerge = async (tx: Tx, person: Writer, id: string): Promise<Answer> =>
  mergeAnswer(await findMerge(tx, id), person);

/**
 * Undoes a merge: what it moved goes back where it was, what the survivor got since stays with it.
 * @throws {AppError} 404; 403 `admin_only`; 412; 409 `already_undone`, or `later_merge` naming the one to undo first
 */
export const undoMerge = async (tx: Tx, person: Writer, id: string, ifMatch?: number): Promise<Answer> => {
  const seen = await findMerge(tx, id);
  if (!mayUndo(seen, person)) {
    throw forbidden('admin_only', 'This merge counts for everybody, so only an administrator can undo it.');
  }
  await lockPair(tx, seen.from_id, seen.into_id);
  const row = await findMerge(tx, id);
  if (ifMatch !== undefined && ifMatch !== row.version) throw preconditionFailed();
  if (row.undone_at !== null) throw conflict('already_undone', 'This merge was undone before.');
  const { rows } = await sql<{ after: string | null }>`select pm.merge_after(${id}::uuid) as after`.execute(
    tx,
  );
  const after = rows[0]?.after ?? null;
  if (after !== null) {
    const later = await findMerge(tx, after);
    throw conflict(
      'later_merge',
      `“${later.from_name}” was merged into “${later.into_name}” afterwards (merge ${later.id}); undo that first.`,
    );
  }
  await sql`select pm.undo_merge(${id}::uuid)`.execute(tx);
  await recomputeSoon(tx);
  return readMerge(tx, person, id);
};

type ListQuery = { readonly limit?: number; readonly cursor?: string; readonly instrumentId?: string };

/** Merges that the person may see, the newest first. @throws {AppError} 404 for a filter of nothing; 400 `bad_cursor` */
export const listMerges = async (tx: Tx, person: Writer, query: ListQuery) => {
  if (query.instrumentId !== undefined) await mustExist(tx, 'instruments', query.instrumentId);
  const limit = query.limit ?? DEFAULT_PAGE;
  const before = readCursor(query.cursor);
  const about = query.instrumentId ?? null;
  const { rows } = await sql<MergeRow>`${mergeRows}
    where (${before}::uuid is null or m.id < ${before}::uuid)
      and (${about}::uuid is null or ${about}::uuid in (m.from_instrument_id, m.into_instrument_id))
    order by m.id desc limit ${limit + 1}`.execute(tx);
  const page = pageOf(rows, limit);
  return { items: page.items.map((row) => mergeAnswer(row, person)), nextCursor: page.nextCursor };
};
