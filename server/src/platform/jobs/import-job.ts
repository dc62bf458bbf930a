/**
 * Large files are taken in by the worker, as the person who sent them: the same rows are seen and written as in a
 * request, and the same words refuse.
 *
 * Contents: defineImportJob
 */
import { dayIn } from '@pm/domain/calendar';
import Type from 'typebox';

import type { Tx } from '../database/database.ts';
import { withTenant } from '../database/transaction.ts';
import type { TenantFacts } from '../database/transaction.ts';
import { AppError, isAppError } from '../errors.ts';
import { defineJob } from './define.ts';
import type { Job } from './define.ts';
import { failRun, finishRun, reportProgress, takeRun } from './runs.ts';
import type { TakenRun } from './runs.ts';

/** What the person is told when every try failed: not why, since that is ours to mend. */
const FAILED = new AppError(
  500,
  'internal_error',
  'Something went wrong on our side. It has been recorded; nothing of the file was taken in.',
);

/** In whose name, and when: the moment, and the day of the person's calendar. */
type Importer = {
  readonly id: string;
  readonly role: TenantFacts['role'];
  readonly today: Temporal.PlainDate;
  readonly now: Temporal.Instant;
};

/** How a feature takes in a file that was put aside with `createRun`. */
export type ImportJob<File> = {
  /** `<feature>.<what-it-does>`. */
  readonly name: string;
  /** @throws {AppError} when the file is refused */
  readonly read: (run: TakenRun) => File;
  readonly rowsOf: (file: File) => number;
  /** Writes all of the file, in one transaction of the person's. @returns what the person is shown of it */
  readonly record: (tx: Tx, file: File, run: TakenRun, importer: Importer) => Promise<object>;
};

/** Makes the job of an import; a second run of it finds the run ended and does nothing. */
export const defineImportJob = <File>({ name, read, rowsOf, record }: ImportJob<File>): Job =>
  defineJob({
    name,
    schema: Type.Object({ runId: Type.String() }),
    run: async ({ payload, app, clock, log, helpers }) => {
      const userId = helpers.requestedBy;
      if (userId === null) throw new Error('An import is always asked for by a person.');
      const tenant = { userId };
      const run = await withTenant(app, tenant, async (tx) => takeRun(tx, payload.runId));
      if (run === null) return;
      try {
        const file = read(run);
        const rows = rowsOf(file);
        await withTenant(app, tenant, async (tx) => reportProgress(tx, run.id, Math.floor(rows / 2), rows));
        await withTenant(app, tenant, async (tx, person) => {
          const now = clock.now();
          const importer = { id: userId, role: person.role, today: dayIn(now, person.timezone), now };
          await finishRun(tx, run.id, await record(tx, file, run, importer));
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
