/** Jobs of look-through: files too large for one request. */
import { defineImportJob } from '#platform/jobs/index.ts';

import { importFile, readFile } from './import-file.ts';
import type { ImportRequest } from './import-file.ts';

/** Name of the job that takes in large files of constituents. */
export const IMPORT_CONSTITUENTS = 'look-through.import-constituents';

/** Takes in a file of constituents that was put aside. */
export const importConstituents = defineImportJob({
  name: IMPORT_CONSTITUENTS,
  read: ({ bytes, fileName, contentType }) =>
    readFile(bytes, { fileName: fileName ?? undefined, contentType: contentType ?? undefined }),
  rowsOf: (read) => read.file.rows.length,
  record: async (tx, read, run, importer) => importFile(tx, run.options as ImportRequest, read, importer),
});
