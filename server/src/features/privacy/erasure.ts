/**
 * Leaving, and leaving nothing behind. A person confirms and is signed out everywhere at once; the worker then notes a
 * hash of their id outside the database and erases everything that is theirs, the log last.
 *
 * Contents: previewErasure · confirmPerson · requestErasure · eraseLeavers · replayErasures
 */
import type { ErasurePreview } from '@pm/contracts/privacy';
import type { Static } from 'typebox';

import { checkCredentials } from '#features/identity';
import type { IdentityDeps } from '#features/identity';
import { withWorker } from '#platform/database/index.ts';
import type { Db, Tx } from '#platform/database/index.ts';
import { forbidden, isAppError, unprocessable } from '#platform/errors.ts';
import { enqueue } from '#platform/jobs/index.ts';

import { listErasures, noteErasure } from './erasure-list.ts';
import * as queries from './erasure-queries.ts';

export const ERASE_LEAVERS = 'privacy.erase-leavers';
/** People erased in one go; the rest follow in the next. */
const BATCH = 20;
/** Backups of the install are kept so long. */
const BACKUP_DAYS = 35;

export const previewErasure = async (tx: Tx, userId: string): Promise<Static<typeof ErasurePreview>> => ({
  ...(await queries.countOwned(tx, userId)),
  shared: [...(await queries.sharedByMe(tx, userId))],
  lastAdministrator: await queries.isLastAdministrator(tx),
  backupDays: BACKUP_DAYS,
});

/**
 * That it is the person, at their own keyboard: a session, their address and their password.
 * @throws {AppError} 403 `session_needed`; 422 naming `email` or `password`
 */
export const confirmPerson = async (
  deps: IdentityDeps,
  user: { readonly id: string; readonly sessionId: string | null },
  given: { readonly email: string; readonly password: string },
): Promise<void> => {
  if (user.sessionId === null) {
    throw forbidden('session_needed', 'Sign in to do this: a personal access token is not enough.');
  }
  try {
    const found = await checkCredentials(deps, given);
    if (found === user.id) return;
  } catch (error) {
    if (!isAppError(error) || error.code !== 'wrong_credentials') throw error;
  }
  throw unprocessable(
    'not_confirmed',
    'This is not your e-mail address with your password. Nothing was erased.',
    'password',
  );
};

/** The person leaves: signed out everywhere with this transaction, erased soon after. */
export const requestErasure = async (tx: Tx, userId: string): Promise<void> => {
  await queries.requestErasure(tx, userId);
  await enqueue(tx, ERASE_LEAVERS, {});
};

/** The list first: on it without being erased does no harm, erased without being on it would come back. */
const eraseOne = async (worker: Db, folder: string, userId: string, now: Temporal.Instant): Promise<void> => {
  await noteErasure(folder, userId, now);
  await withWorker(worker, async (tx) => queries.erase(tx, userId));
};

/**
 * Erases everybody who has left.
 * @param folder of the list, which lies outside the database
 * @returns how many
 */
export const eraseLeavers = async (worker: Db, folder: string, now: Temporal.Instant): Promise<number> => {
  let erased = 0;
  for (;;) {
    const left = await withWorker(worker, async (tx) => queries.peopleWhoLeft(tx, BATCH));
    for (const id of left) await eraseOne(worker, folder, id, now);
    erased += left.length;
    if (left.length < BATCH) break;
  }
  await withWorker(worker, async (tx) => queries.forgetJobs(tx));
  return erased;
};

/**
 * Erases again whom a restored backup has brought back. Runs at every start.
 * @returns how many
 */
export const replayErasures = async (worker: Db, folder: string, now: Temporal.Instant): Promise<number> => {
  const marks = await listErasures(folder);
  if (marks.length === 0) return 0;
  const back = await withWorker(worker, async (tx) => queries.peopleMarked(tx, marks));
  for (const id of back) {
    await withWorker(worker, async (tx) => queries.markLeft(tx, id));
    await eraseOne(worker, folder, id, now);
  }
  return back.length;
};
