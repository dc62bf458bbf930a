/**
 * Import runs: a file that the worker takes in, its progress, and how it ended. Every feature that imports uses these.
 *
 * Contents: createRun · takeRun · reportProgress · finishRun · failRun
 */
import { randomUUIDv7 } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

import { sql } from 'kysely';

import type { AppError } from '../errors.ts';
import type { Tx } from '../database/database.ts';

export type NewRun = {
  readonly userId: string;
  readonly kind: 'constituents' | 'prices' | 'trades' | 'local_storage' | 'archive';
  readonly fileName: string | null;
  readonly contentType: string | null;
  /** What the person asked for besides the file. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
};

/** Puts a file aside for the worker, in the transaction of the request. @returns the run's id */
export const createRun = async (tx: Tx, run: NewRun): Promise<string> => {
  const id = randomUUIDv7();
  await tx
    .insertInto('import_runs')
    .values({
      id,
      user_id: run.userId,
      kind: run.kind,
      file_name: run.fileName,
      content_type: run.contentType,
      options: JSON.stringify(run.options),
      payload: gzipSync(run.bytes, { level: 1 }),
      payload_encoding: 'gzip',
    })
    .execute();
  return id;
};

/** A run as the worker takes it. */
export type TakenRun = {
  readonly id: string;
  readonly fileName: string | null;
  readonly contentType: string | null;
  readonly options: unknown;
  readonly bytes: Buffer;
};

/** Marks a run as running and hands over its file; null when it has ended already (the job ran twice). */
export const takeRun = async (tx: Tx, id: string): Promise<TakenRun | null> => {
  const row = await tx
    .updateTable('import_runs')
    .set({ status: 'running', started_at: sql<Temporal.Instant>`coalesce(started_at, now())` })
    .where('id', '=', id)
    .where('status', 'in', ['queued', 'running'])
    .returning(['id', 'file_name', 'content_type', 'options', 'payload'])
    .executeTakeFirst();
  if (!row?.payload) return null;
  return {
    id: row.id,
    fileName: row.file_name,
    contentType: row.content_type,
    options: row.options,
    bytes: gunzipSync(row.payload),
  };
};

/** Says how far a run is; in a transaction of its own, so that it is seen at once. */
export const reportProgress = async (tx: Tx, id: string, done: number, total: number): Promise<void> => {
  await tx
    .updateTable('import_runs')
    .set({ rows_done: String(done), rows_total: String(total) })
    .where('id', '=', id)
    .execute();
};

/** Ends a run well, in the transaction that wrote its result. The file itself is kept by the import. */
export const finishRun = async (tx: Tx, id: string, result: object): Promise<void> => {
  await tx
    .updateTable('import_runs')
    .set({
      status: 'succeeded',
      result: JSON.stringify(result),
      payload: null,
      finished_at: sql<Temporal.Instant>`now()`,
    })
    .where('id', '=', id)
    .execute();
};

/** Ends a run with the words that the person would have got at once. */
export const failRun = async (
  tx: Tx,
  id: string,
  error: Pick<AppError, 'code' | 'detail' | 'field'>,
): Promise<void> => {
  const said = { code: error.code, detail: error.detail, field: error.field ?? null };
  await tx
    .updateTable('import_runs')
    .set({
      status: 'failed',
      error: JSON.stringify(said),
      payload: null,
      finished_at: sql<Temporal.Instant>`now()`,
    })
    .where('id', '=', id)
    .execute();
};
