import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';
import { createDatabase } from '#platform/database/database.ts';

import { checkReadiness } from './service.ts';
import type { OperationsDeps } from './service.ts';

let app: TestApp;
let deps: OperationsDeps;
beforeAll(async () => {
  app = await createTestApp();
  deps = {
    db: app.database.app,
    worker: app.database.worker,
    version: '1.2.3',
    startedAt: Temporal.Instant.from('2024-02-23T12:00:00Z'),
    databaseKind: 'embedded',
    schemaVersion: 1,
    cache: async () => ({ kind: 'in-process', hitRate: null }),
  };
});
afterAll(async () => app.close());

describe('health', () => {
  it('is answered without a database', async () => {
    expect(await app.anonymous.expect(200, 'GET /healthz')).toEqual({ status: 'ok' });
  });
});

describe('readiness', () => {
  it('is given when the database is there with the schema that this program needs', async () => {
    const { status, checks } = await app.anonymous.expect(200, 'GET /readyz');
    expect(status).toBe('ready');
    expect(checks).toHaveLength(1);
    expect(checks[0]).toMatchObject({ name: 'database', ok: true });
    expect(checks[0]?.detail).toMatch(/^Reachable, schema \d+\.$/u);
  });

  it('is not given with another schema', async () => {
    const { ready, checks } = await checkReadiness(deps);
    expect(ready).toBe(false);
    expect(checks[0]?.detail).toMatch(/^The schema is \d+, this program needs 1\.$/u);
  });

  it('is not given, and says so in words, when the database is away', async () => {
    const gone = createDatabase({ url: 'postgres://app:secret-word@127.0.0.1:1/pm' });
    const answer = await checkReadiness({ ...deps, db: gone });
    expect(answer).toEqual({
      ready: false,
      checks: [{ name: 'database', ok: false, detail: 'The database cannot be reached.' }],
    });
    await gone.destroy();
  });

  it('needs every other part as well', async () => {
    const { schemaVersion } = { schemaVersion: await currentSchema() };
    const stuck = async () => ({ name: 'worker', ok: false, detail: 'No sign of life for 90 s.' });
    expect((await checkReadiness({ ...deps, schemaVersion })).ready).toBe(true);
    expect((await checkReadiness({ ...deps, schemaVersion, checks: [stuck] })).ready).toBe(false);
  });

  const currentSchema = async (): Promise<number> => {
    const { checks } = await app.anonymous.expect(200, 'GET /readyz');
    return Number(/schema (\d+)/u.exec(checks[0]?.detail ?? '')?.[1]);
  };
});

describe('status', () => {
  it('tells an administrator how the install is doing', async () => {
    const status = await app.admin.expect(200, 'GET /api/operations/status');
    expect(status).toMatchObject({
      version: '0.0.0-test',
      database: { kind: 'embedded' },
      cache: { kind: 'in-process' },
      jobs: { waiting: 0, failed: 0 },
    });
    expect(status.database.version).toMatch(/^1[5-9]/u);
    expect(Number(status.database.sizeBytes)).toBeGreaterThan(1_000_000);
    expect(status.pool.total).toBeGreaterThan(0);
    expect(status.checks[0]?.ok).toBe(true);
  });

  it('counts jobs that wait and jobs that gave up', async () => {
    await app.database.owner.transaction().execute(async (tx) => {
      await sql`select graphile_worker.add_job('test.waits', '{}'::json)`.execute(tx);
      await sql`select graphile_worker.add_job('test.waits-too', '{}'::json)`.execute(tx);
      await sql`select graphile_worker.add_job('test.gives-up', '{}'::json, max_attempts := 1)`.execute(tx);
      await sql`update graphile_worker._private_jobs set attempts = 1 where max_attempts = 1`.execute(tx);
    });
    expect((await app.admin.expect(200, 'GET /api/operations/status')).jobs).toEqual({
      waiting: 2,
      failed: 1,
    });
  });
});
