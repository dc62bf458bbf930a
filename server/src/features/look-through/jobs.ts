/**
 * Large files are taken in by the worker, as the person who sent them: the same rows are seen and written as in a
 * request, and the same words refuse.
 *
 * Contents: importConstituents
 */
import { dayIn } from '@pm/domain/calendar';
import Type from 'typebox';

import { withTenant } from '#platform/database/index.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import { defineJob, failRun, finishRun, reportProgress, takeRun } from '#platform/jobs/index.ts';

import { importFile, readFile } from './import-file.ts';
import type { ImportRequest } from './import-file.ts';

export const IMPORT_CONSTITUENTS = 'look-through.import-constituents';

/** What the person is told when every try failed: not why, since that is ours to mend. */
const FAILED = new AppError(
  500,
  'internal_error',
  'Something went wrong on our side. It has been recorded; nothing of the file was taken in.',
);

/** Takes in a file that was put aside; a second run of the job finds the run ended and does nothing. */
export const importConstituents = defineJob({
  name: IMPORT_CONSTITUENTS,
  schema: Type.Object({ runId: Type.String() }),
  run: async ({ payload, app, clock, log, helpers }) => {
    const userId = helpers.requestedBy;
    if (userId === null) throw new Error('An import is always asked for by a person.');
    const tenant = { userId };
    const run = await withTenant(app, tenant, async (tx) => takeRun(tx, payload.runId));
    if (run === null) return;
    const request = run.options as ImportRequest;
    try {
      const read = readFile(run.bytes, {
        fileName: run.fileName ?? undefined,
        contentType: run.contentType ?? undefined,
      });
      const rows = read.file.rows.length;
      await withTenant(app, tenant, async (tx) => reportProgress(tx, run.id, Math.floor(rows / 2), rows));
      await withTenant(app, tenant, async (tx, person) => {
        const importer = {
          id: userId,
          role: person.role,
          today: dayIn(clock.now(), person.timezone),
        };
        await finishRun(tx, run.id, await importFile(tx, request, read, importer));
      });
    } catch (error) {
      const isRefused = isAppError(error) && error.status < 500;
      if (!isRefused && helpers.attempt < helpers.maxAttempts) throw error;
      const said = isRefused ? error : FAILED;
      log.info({ runId: run.id, code: said.code }, 'Import refused');
      await withTenant(app, tenant, async (tx) => failRun(tx, run.id, said));
      // The person knows by now; the queue's own record is for whoever looks after the install.
      if (!isRefused) throw error;
    }
  },
});
