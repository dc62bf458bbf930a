import { sql } from 'kysely';

import type { Tx } from '../database/database.ts';
import type { EnqueueableJob } from './names.ts';

/** Options of `enqueue`. */
export type EnqueueOptions = {
  /** A job of the same name, person and key that still waits is replaced instead of doubled. */
  readonly key?: string;
  /** Not before this moment; at once when absent. */
  readonly runAt?: Temporal.Instant;
};

/**
 * Asks for a job, as part of the transaction: when it rolls back, nothing was asked for.
 * @param payload what the job needs to know, as JSON, at most 64 KiB; large things stay in tables
 * @returns the job's number
 */
export const enqueue = async (
  tx: Tx,
  name: EnqueueableJob,
  payload: Readonly<Record<string, unknown>>,
  options: EnqueueOptions = {},
): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    select pm.enqueue_job(${name}, ${JSON.stringify(payload)}::json, ${options.key ?? null},
      ${options.runAt ?? null}::timestamptz) as id`.execute(tx);
  // The function returns a number or raises.
  return rows[0]?.id ?? '';
};
