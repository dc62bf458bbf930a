/** Jobs of imports: what is too large for one request. */
import { defineImportJob } from '#platform/jobs/index.ts';

import type { StatementRequest } from './statement-work.ts';
import { readFile, recordStatement } from './statements.ts';

/** Name of the job that records large statements. */
export const RECORD_STATEMENT = 'imports.record-statement';

/** Records a statement that was put aside. */
export const recordStatementJob = defineImportJob({
  name: RECORD_STATEMENT,
  read: (run) => readFile(run.bytes),
  rowsOf: (file) => file.rows.length,
  record: async (tx, file, run, recorder) =>
    recordStatement(tx, run.options as StatementRequest, file, recorder),
});
