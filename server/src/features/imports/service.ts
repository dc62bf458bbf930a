/** Import runs as their owner sees them. Contents: readRun */
import type { ImportRun } from '@pm/contracts/imports';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { notFound } from '#platform/errors.ts';

type RunAnswer = Static<typeof ImportRun>;

/** A run with its result. @throws {AppError} 404 */
export const readRun = async (tx: Tx, id: string): Promise<RunAnswer> => {
  const row = await tx
    .selectFrom('import_runs')
    .select([
      'id',
      'kind',
      'status',
      'rows_total',
      'rows_done',
      'result',
      'error',
      'created_at',
      'finished_at',
    ])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw notFound('import');
  return {
    importId: row.id,
    kind: row.kind,
    state: row.status as RunAnswer['state'],
    progressPct:
      row.status === 'succeeded' ? 100 : progress(Number(row.rows_done), Number(row.rows_total ?? 0)),
    error: row.error as RunAnswer['error'],
    result: (row.kind === 'constituents' ? row.result : null) as RunAnswer['result'],
    statement: (row.kind === 'trades' ? row.result : null) as RunAnswer['statement'],
    prices: (row.kind === 'prices' ? row.result : null) as RunAnswer['prices'],
    createdAt: row.created_at.toString(),
    finishedAt: row.finished_at?.toString() ?? null,
  };
};

/** A run that has not ended is never shown as whole. */
const progress = (done: number, total: number): number =>
  total === 0 ? 0 : Math.min(99, Math.floor((done / total) * 100));
