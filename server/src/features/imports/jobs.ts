/** Jobs of imports: what is too large for one request. */
import { dayIn } from '@pm/domain/calendar';
import Type from 'typebox';

import { withTenant } from '#platform/database/index.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import { defineJob, failRun, finishRun, reportProgress, takeRun } from '#platform/jobs/index.ts';

import type { StatementRequest } from './statement-work.ts';
import { readFile, recordStatement } from './statements.ts';

/** Name of the job that records large statements. */
export const RECORD_STATEMENT = 'imports.record-statement';

/** What the person is told when every try failed: not why, since that is ours to mend. */
const FAILED = new AppError(
  500,
  'internal_error',
  'Something went wrong on our side. It has been recorded; nothing of the file was taken in.',
);

/** Records a statement that was put aside; a second run of the job finds the run ended and does nothing. */
export const recordStatementJob = defineJob({
  name: RECORD_STATEMENT,
  schema: Type.Object({ runId: Type.String() }),
  run: async ({ payload, app, clock, log, helpers }) => {
    const userId = helpers.requestedBy;
    if (userId === null) throw new Error('An import is always asked for by a person.');
    const tenant = { userId };
    const run = await withTenant(app, tenant, async (tx) => takeRun(tx, payload.runId));
    if (run === null) return;
    try {
      const file = readFile(run.bytes);
      const rows = file.rows.length;
      await withTenant(app, tenant, async (tx) => reportProgress(tx, run.id, Math.floor(rows / 2), rows));
      await withTenant(app, tenant, async (tx, person) => {
        const recorder = { id: userId, role: person.role, today: dayIn(clock.now(), person.timezone) };
        await finishRun(
          tx,
          run.id,
          await recordStatement(tx, run.options as StatementRequest, file, recorder),
        );
      });
    } catch (error) {
      const isRefused = isAppError(error) && error.status < 500;
      if (!isRefused && helpers.attempt < helpers.maxAttempts) throw error;
      const said = isRefused ? error : FAILED;
      log.info({ runId: run.id, code: said.code }, 'Import refused');
      await withTenant(app, tenant, async (tx) => failRun(tx, run.id, said));
      if (!isRefused) throw error;
    }
  },
});
