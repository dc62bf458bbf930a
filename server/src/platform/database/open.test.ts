import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { loadConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { silentLogger } from '../log.ts';
import { readMigrations } from './migrate.ts';
import { openDatabases } from './open.ts';
import { withTenant, withWorker, withoutTenant } from './transaction.ts';

const NOBODY = '11111111-1111-7111-8111-111111111111';

let database: TestDatabase;
let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pm-open-'));
  database = await createTestDatabase({ empty: true });
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
  await database.drop();
});

const config = (more: Record<string, string> = {}): Config =>
  loadConfig({
    PM_DATA_DIR: dataDir,
    DATABASE_URL: database.ownerUrl,
    DATABASE_APP_URL: database.appUrl,
    DATABASE_WORKER_URL: database.workerUrl,
    ...more,
  });

describe('openDatabases with an own server', () => {
  it('makes an empty database ready, and does nothing the second time', async () => {
    const first = await openDatabases(config(), silentLogger);
    const names = (await readMigrations()).map(({ name }) => name);
    expect(first.migrations.applied).toEqual(names);
    expect(first.embedded).toBe(false);
    const users = await withWorker(first.worker, async (tx) => tx.selectFrom('users').selectAll().execute());
    expect(users).toEqual([]);
    await expect(withTenant(first.app, { userId: NOBODY }, async () => 'never')).rejects.toMatchObject({
      code: 'session_ended',
    });
    const { rows } = await withoutTenant(first.app, async (tx) =>
      sql`select current_user as role`.execute(tx),
    );
    expect(rows).toEqual([{ role: 'app' }]);
    await first.close();

    const second = await openDatabases(config(), silentLogger);
    expect(second.migrations).toEqual({ applied: [], version: first.migrations.version });
    await second.close();
  });

  it('reports its statements', async () => {
    let statements = 0;
    const opened = await openDatabases(config(), silentLogger, { onStatement: () => void (statements += 1) });
    await withoutTenant(opened.app, async (tx) => sql`select 1`.execute(tx));
    expect(statements).toBeGreaterThan(0);
    await opened.close();
  });

  it('refuses to answer requests as the owner of the tables', async () => {
    await expect(
      openDatabases(config({ DATABASE_APP_URL: database.ownerUrl }), silentLogger),
    ).rejects.toThrow('DATABASE_APP_URL is refused: the role owner');
  });

  it('refuses to answer requests as a superuser', async () => {
    await expect(
      openDatabases(config({ DATABASE_APP_URL: database.adminUrl }), silentLogger),
    ).rejects.toThrow('is a superuser, so row-level security would not protect one user from another');
  });
});
