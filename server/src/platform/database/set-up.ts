import { installJobs } from '../jobs/install.ts';
import type { Logger } from '../log.ts';
import { migrateWith, readMigrations } from './migrate.ts';
import type { MigrationResult } from './migrate.ts';
import { withSetupLock } from './setup-lock.ts';

/**
 * Migrations and job queue, while no other process does the same.
 * @throws {DatabaseSetupError} as `migrate` does
 */
export const setUpDatabase = async (
  ownerUrl: string,
  log: Logger,
  folder?: string,
): Promise<MigrationResult> => {
  const migrations = await readMigrations(folder);
  return withSetupLock(ownerUrl, async (client) => {
    const result = await migrateWith(client, migrations, log);
    await installJobs({ ownerUrl, log });
    return result;
  });
};
