/** SQL of what a person watches. Contents: pageOfWatched · addWatched · removeWatched · countWatched */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

export type WatchedRow = {
  readonly id: string;
  readonly instrument_id: string;
  readonly note: string | null;
  readonly created_at: Temporal.Instant;
};

/** What the person watches, in the order of adding; one more than `limit` when there are more. */
export const pageOfWatched = async (
  tx: Tx,
  page: { readonly limit: number; readonly after: string | null },
): Promise<WatchedRow[]> => {
  const { rows } = await sql<WatchedRow>`
    select w.id, w.instrument_id, w.note, w.created_at from pm.watched_instruments w
    where ${page.after}::uuid is null or w.id > ${page.after}::uuid
    order by w.id limit ${page.limit + 1}`.execute(tx);
  return rows;
};

export const countWatched = async (tx: Tx): Promise<number> => {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::integer as count from pm.watched_instruments`.execute(tx);
  return rows[0]?.count ?? 0;
};

/** Adds an instrument, or changes the note of one that is watched already. */
export const addWatched = async (
  tx: Tx,
  of: {
    readonly userId: string;
    readonly id: string;
    readonly instrumentId: string;
    readonly note: string | null;
  },
): Promise<WatchedRow | null> => {
  const { rows } = await sql<WatchedRow>`
    insert into pm.watched_instruments as w (user_id, id, instrument_id, note)
    values (${of.userId}, ${of.id}, ${of.instrumentId}, ${of.note})
    on conflict (user_id, instrument_id) do update set note = excluded.note
    returning w.id, w.instrument_id, w.note, w.created_at`.execute(tx);
  return rows[0] ?? null;
};

/** @returns false when nothing of that id is watched */
export const removeWatched = async (tx: Tx, id: string): Promise<boolean> => {
  const { rows } = await sql<{
    id: string;
  }>`delete from pm.watched_instruments where id = ${id} returning id`.execute(tx);
  return rows.length > 0;
};
