import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';
import { systemClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import { silentLogger } from '../../platform/log.ts';
import { importConstituents } from './jobs.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());

it('an import that fails at every try ends as failed, without saying why, and is not said to run for ever', async () => {
  const anna = await app.register();
  const { id } = await anna.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: 'Fund', ticker: 'FUND', currency: 'GBP' },
  });
  const { importId } = await anna.expect(202, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf: '2024-03-01' },
    body: Buffer.from('Ticker,Name,Weight\nACME,ACME TOOLS INC,100\n'),
    headers: { prefer: 'respond-async' },
  });
  // A fault of ours: what was put aside cannot be read back.
  await app.database.owner
    .transaction()
    .execute(async (tx) =>
      sql`update pm.import_runs set options = '{"fundId": "nonsense"}' where id = ${importId}`.execute(tx),
    );
  const { app: db, worker } = app.database;
  const services = { db: worker, app: db, log: silentLogger, clock: systemClock, config: loadConfig({}) };
  const run = async (attempt: number): Promise<void> =>
    importConstituents.execute({ runId: importId, _requestedBy: anna.id }, services, {
      jobId: '1',
      attempt,
      maxAttempts: 3,
      signal: new AbortController().signal,
    });
  const state = async () => anna.expect(200, 'GET /api/imports/:id', { params: { id: importId } });
  await expect(run(1)).rejects.toThrow('uuid');
  expect(await state()).toMatchObject({ state: 'running', error: null });
  await expect(run(3)).rejects.toThrow('uuid');
  const ended = await state();
  expect(ended).toMatchObject({ state: 'failed', result: null, error: { code: 'internal_error' } });
  expect(JSON.stringify(ended)).not.toContain('nonsense');
});
