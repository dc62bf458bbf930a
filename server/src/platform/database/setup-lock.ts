import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from 'pg';

import { withConnection } from './connection.ts';
import { DatabaseSetupError } from './setup-error.ts';

/** "pm" and "setup", read as a number: the key of the lock under which the schema is changed. */
const SETUP_LOCK_KEY = 0x70_6d_73_65;
/** Another process may be migrating a large table. */
const SETUP_LOCK_WAIT_MS = 10 * 60_000;
const SETUP_LOCK_POLL_MS = 200;

/**
 * Runs `fn` on a direct connection while no other process prepares the same database.
 * The lock belongs to the session, so it is gone when the process dies.
 * @throws {DatabaseSetupError} when another process holds it for longer than ten minutes
 */
export const withSetupLock = async <T>(ownerUrl: string, fn: (client: Client) => Promise<T>): Promise<T> =>
  withConnection(ownerUrl, async (client) => {
    const deadline = performance.now() + SETUP_LOCK_WAIT_MS;
    while (!(await tryLock(client))) {
      if (performance.now() > deadline) {
        throw new DatabaseSetupError(
          'Another process has been preparing the database for ten minutes; stop it first.',
        );
      }
      await sleep(SETUP_LOCK_POLL_MS);
    }
    return fn(client);
  });

const tryLock = async (client: Client): Promise<boolean> => {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    SETUP_LOCK_KEY,
  ]);
  return rows[0]?.locked === true;
};
