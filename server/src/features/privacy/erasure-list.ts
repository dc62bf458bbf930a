/**
 * Whom we have erased, as hashes in a file outside the database: a restored backup brings people back, and the list says
 * who must go again. An id cannot be found from its hash: it has 74 random bits.
 *
 * Contents: erasureMark · noteErasure · listErasures
 */
import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

import { readPrivateFile } from '#platform/private-file.ts';

const FILE = 'erasures.txt';
const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
/** A day and a hash. */
const LINE = /^\d{4}-\d{2}-\d{2} ([0-9a-f]{64})$/u;

/** SHA-256 of an id, as `encode(sha256(id::text::bytea), 'hex')` gives it in SQL. */
export const erasureMark = (userId: string): string => createHash('sha256').update(userId).digest('hex');

/** Adds a person to the list, on disk before this returns; twice is once. */
export const noteErasure = async (folder: string, userId: string, now: Temporal.Instant): Promise<void> => {
  const mark = erasureMark(userId);
  if ((await listErasures(folder)).includes(mark)) return;
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  const file = await open(join(folder, FILE), 'a', OWNER_ONLY_FILE);
  try {
    await file.appendFile(`${now.toZonedDateTimeISO('UTC').toPlainDate().toString()} ${mark}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** The hashes of everybody on the list; a line that a power cut has torn is passed over. */
export const listErasures = async (folder: string): Promise<readonly string[]> => {
  const text = (await readPrivateFile(join(folder, FILE))) ?? '';
  return text.split('\n').flatMap((line) => LINE.exec(line)?.[1] ?? []);
};
