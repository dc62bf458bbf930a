/** Daily closes over real HTTP: two years the first time, then from the newest one on. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';
import { startProviderStub, yahooChart } from '../../../../tests/support/provider-stub.ts';
import type { ProviderStub } from '../../../../tests/support/provider-stub.ts';
import { fixedClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import { silentLogger } from '../../platform/log.ts';
import { fetchClosesJob } from './jobs.ts';

const clock = fixedClock('2026-11-19T22:40:00Z');
let app: TestApp;
let stub: ProviderStub;
beforeAll(async () => {
  [app, stub] = await Promise.all([createTestApp(), startProviderStub()]);
});
afterAll(async () => {
  await app.close();
  await stub.close();
});

const run = async (): Promise<void> =>
  fetchClosesJob.execute(
    {},
    {
      db: app.database.worker,
      app: app.database.app,
      log: silentLogger,
      clock,
      config: loadConfig({ YAHOO_BASE_URL: stub.url, PM_PRICE_PROVIDERS: 'finnhub,yahoo' }),
    },
    { jobId: '1', attempt: 1, maxAttempts: 3, signal: new AbortController().signal },
  );

it('come once for what is held, in currency units, and what looks wrong waits', async () => {
  const listing = { ticker: 'ACME', exchange: 'XLON', currency: 'GBP', quoteUnit: 'GBX' };
  const body = { type: 'ETF' as const, name: 'Fund', ...listing };
  const { id } = await app.admin.expect(201, 'POST /api/instruments', { body });
  await run();
  expect(stub.requests).toEqual([]);
  const portfolio = await app.admin.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } });
  await app.admin.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolio.id },
    body: {
      instrumentId: id,
      section: 'Core',
      theme: 'Global Equity',
      account: 'ISA',
      qty: '1',
      avgCost: '1',
    },
  });
  const open = (day: string) => Date.parse(`${day}T08:00:00Z`) / 1000;
  const answer = (...bars: readonly (readonly [number, number | null])[]) =>
    stub.answer('/v8/finance/chart/ACME.L', {
      json: yahooChart({ symbol: 'ACME.L', currency: 'GBp', bars }),
    });
  answer([open('2026-11-17'), 7400], [open('2026-11-18'), 74.5], [open('2026-11-19'), 7512]);
  await run();
  const prices = async () => {
    const page = await app.admin.expect(200, 'GET /api/instruments/:id/prices', { params: { id } });
    return page.items.map((price) => [price.dateTime, price.close, price.source]);
  };
  const first = [
    ['2026-11-19T16:30:00Z', '75.12', 'yahoo'],
    ['2026-11-17T16:30:00Z', '74', 'yahoo'],
  ];
  expect(await prices()).toEqual(first);
  const held = await app.admin.expect(200, 'GET /api/market-data/quarantine');
  expect(held.items).toMatchObject([{ close: '0.745', reason: 'jump_down_100' }]);
  const asked = new URL(stub.requests[0] ?? '', stub.url).searchParams;
  // Two years before the day: midnight in London.
  expect(asked.get('period1')).toBe(String(Date.parse('2024-11-19T00:00:00Z') / 1000));

  await run();
  expect(stub.requests).toHaveLength(1);
  clock.set('2026-11-20T22:40:00Z');
  answer([open('2026-11-19'), 7512], [open('2026-11-20'), 7520]);
  await run();
  expect(await prices()).toEqual([['2026-11-20T16:30:00Z', '75.2', 'yahoo'], ...first]);
  const again = new URL(stub.requests[1] ?? '', stub.url).searchParams;
  expect(again.get('period1')).toBe(String(Date.parse('2026-11-19T00:00:00Z') / 1000));
});
