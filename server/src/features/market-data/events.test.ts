/** Splits and dividends: from providers, files and people; which count; and what they make of prices and series. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { startProviderStub, yahooChart } from '../../../../tests/support/provider-stub.ts';
import type { ProviderStub } from '../../../../tests/support/provider-stub.ts';
import { fixedClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import type { ProviderSettings } from '../../platform/config.ts';
import { withTenant } from '../../platform/database/index.ts';
import { silentLogger } from '../../platform/log.ts';
import { corporateEvents } from './events.ts';
import { fetchMissingCloses } from './fetch-closes.ts';
import { fetchDuePrices } from './fetch-prices.ts';

const NOW = '2026-11-20T22:00:00Z';
const seconds = (text: string) => Date.parse(text) / 1000;
const DAY = { mon: '2026-11-16T08:00:00Z', tue: '2026-11-17T08:00:00Z', wed: '2026-11-18T08:00:00Z' };

let app: TestApp;
let stub: ProviderStub;
let settings: ProviderSettings;
let anna: TestPerson;
let ticker = 0;

beforeAll(async () => {
  stub = await startProviderStub();
  settings = loadConfig({ PM_PRICE_PROVIDERS: 'yahoo', YAHOO_BASE_URL: stub.url }).providers;
  app = await createTestApp({ clock: fixedClock(NOW), providers: settings });
  anna = await app.register();
});
afterAll(async () => {
  await app.close();
  await stub.close();
});
beforeEach(async () => {
  stub.reset();
  await sql`delete from pm.portfolios`.execute(app.database.owner);
});

const parts = () => ({
  db: app.database.worker,
  settings,
  now: Temporal.Instant.from(NOW),
  log: silentLogger,
  timeoutMs: 500,
  buckets: new Map(),
});
/** A shared instrument in pence that Anna holds. */
const held = async () => {
  ticker += 1;
  const { id } = await app.admin.expect(201, 'POST /api/instruments', {
    body: {
      type: 'Stock',
      name: `Company ${ticker}`,
      ticker: `EV${ticker}`,
      exchange: 'XLON',
      currency: 'GBP',
      quoteUnit: 'GBX',
    },
  });
  const portfolio = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } });
  await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolio.id },
    body: {
      instrumentId: id,
      section: 'Core',
      theme: 'Global Equity',
      account: 'ISA',
      qty: '10',
      avgCost: '1',
    },
  });
  return { id, path: `/v8/finance/chart/EV${ticker}.L`, symbol: `EV${ticker}.L` };
};
const eventsOf = async (id: string, person: TestPerson = anna) => {
  const { items } = await person.expect(200, 'GET /api/instruments/:id/events', { params: { id } });
  return items.map((one) => [
    one.date,
    one.split === null
      ? `${one.dividend?.amount ?? '?'} ${one.dividend?.currency ?? '?'}`
      : `${one.split.numerator}:${one.split.denominator}`,
    one.source,
  ]);
};
const seriesOf = async (id: string, adjust: 'none' | 'splits' | 'all') => {
  const series = await anna.expect(200, 'GET /api/instruments/:id/price-series', {
    params: { id },
    query: { adjust, from: '2026-11-01', to: '2026-11-20' },
  });
  return series.points.map((point) => [point.date, point.close]);
};
const SPLIT = {
  splits: { a: { date: seconds(DAY.wed), numerator: 4, denominator: 1, splitRatio: '4:1' } },
  dividends: { b: { date: seconds(DAY.tue), amount: 0.5 } },
};

describe('events of providers', () => {
  it('come with the closes, both as they were before the provider divided them by a later split', async () => {
    const { id, path, symbol } = await held();
    // As the source shows them: 400, 396 and 101 pence, the first two divided by the four for one of the last day.
    const bars = [
      [seconds(DAY.mon), 100],
      [seconds(DAY.tue), 99],
      [seconds(DAY.wed), 101],
    ] as const;
    stub.answer(path, { json: yahooChart({ symbol, currency: 'GBp', bars, events: SPLIT }) });
    expect(await fetchMissingCloses(parts())).toEqual({ lines: 1, added: 3, held: 0 });
    // 0.5 pence shown is 2 pence paid: 0.02 pounds.
    expect(await eventsOf(id)).toEqual([
      ['2026-11-18', '4:1', 'yahoo'],
      ['2026-11-17', '0.02 GBP', 'yahoo'],
    ]);
    expect(await seriesOf(id, 'none')).toEqual([
      ['2026-11-16', '4'],
      ['2026-11-17', '3.96'],
      ['2026-11-18', '1.01'],
    ]);
    expect(await seriesOf(id, 'splits')).toEqual([
      ['2026-11-16', '1'],
      ['2026-11-17', '0.99'],
      ['2026-11-18', '1.01'],
    ]);
    // 1 − 0.02/4 = 0.995 of what lies before the seventeenth.
    expect((await seriesOf(id, 'all'))[0]).toEqual(['2026-11-16', '0.995']);
    expect(await fetchMissingCloses(parts())).toMatchObject({ added: 0, held: 0 });
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('are asked for when a price jumps, so that a split is no doubt', async () => {
    const { id, path, symbol } = await held();
    stub.answer(path, { json: yahooChart({ symbol, currency: 'GBp', price: 400, at: seconds(DAY.tue) }) });
    await fetchDuePrices(parts());
    await sql`update pm.price_fetches set asked_at = null`.execute(app.database.owner);
    stub.answer(
      path,
      { json: yahooChart({ symbol, currency: 'GBp', price: 101, at: seconds(DAY.wed) + 3600 }) },
      { json: yahooChart({ symbol, currency: 'GBp', events: SPLIT }) },
    );
    expect(await fetchDuePrices(parts())).toMatchObject({ priced: 1, held: 0 });
    expect((await eventsOf(id))[0]).toEqual(['2026-11-18', '4:1', 'yahoo']);
  });

  it('with an amount that cannot be right are shown with the doubt and count nowhere', async () => {
    const { id, path, symbol } = await held();
    const events = { dividends: { a: { date: seconds(DAY.tue), amount: 300 } } };
    const bars = [
      [seconds(DAY.mon), 400],
      [seconds(DAY.tue), 399],
    ] as const;
    stub.answer(path, { json: yahooChart({ symbol, currency: 'GBp', bars, events }) });
    await fetchMissingCloses(parts());
    const { items } = await anna.expect(200, 'GET /api/instruments/:id/events', { params: { id } });
    expect(items[0]?.doubt).toContain('more than half of the price');
    expect((await seriesOf(id, 'all'))[0]).toEqual(['2026-11-16', '4']);
    const counting = await withTenant(app.db, { userId: anna.id }, async (tx) => corporateEvents(tx, [id]));
    expect(counting.get(id)).toEqual({ splits: [], dividends: [] });
  });
});

describe('a jump without a recorded split', () => {
  it('is held back with the split that would explain it, which is recorded when it is accepted so', async () => {
    const { id, path, symbol } = await held();
    stub.answer(path, { json: yahooChart({ symbol, currency: 'GBp', price: 400, at: seconds(DAY.tue) }) });
    await fetchDuePrices(parts());
    await sql`update pm.price_fetches set asked_at = null`.execute(app.database.owner);
    stub.answer(
      path,
      { json: yahooChart({ symbol, currency: 'GBp', price: 101, at: seconds(DAY.wed) + 3600 }) },
      { json: yahooChart({ symbol, currency: 'GBp' }) },
    );
    expect(await fetchDuePrices(parts())).toMatchObject({ priced: 0, held: 1 });
    const waiting = (await app.admin.expect(200, 'GET /api/market-data/quarantine')).items.find(
      (one) => one.instrumentId === id,
    );
    expect(waiting?.proposedSplit).toEqual({ numerator: '4', denominator: '1' });
    await app.admin.expect(200, 'POST /api/market-data/quarantine/:id/accept', {
      params: { id: waiting?.id ?? '' },
      body: { recordSplit: true },
    });
    expect(await eventsOf(id)).toEqual([['2026-11-18', '4:1', 'manual']]);
    expect(await seriesOf(id, 'splits')).toEqual([
      ['2026-11-17', '1'],
      ['2026-11-18', '1.01'],
    ]);
  });
});

describe('events of people', () => {
  it('count for all when an administrator gives them, else for the person alone and before all others', async () => {
    const { id } = await held();
    const ben = await app.register();
    const given = { type: 'dividend', date: '2026-11-16', amount: '12.5', quoteUnit: 'GBX' } as const;
    const shared = await app.admin.expect(201, 'POST /api/instruments/:id/events', {
      params: { id },
      body: given,
    });
    expect(shared).toMatchObject({
      scope: 'shared',
      dividend: { amount: '0.125', currency: 'GBP', payDate: null },
    });
    await anna.expect(201, 'POST /api/instruments/:id/events', {
      params: { id },
      body: { ...given, amount: '13', payDate: '2026-12-01' },
    });
    expect(await eventsOf(id)).toEqual([['2026-11-16', '0.13 GBP', 'manual']]);
    expect(await eventsOf(id, ben)).toEqual([['2026-11-16', '0.125 GBP', 'manual']]);
    const params = { id, eventId: shared.id };
    expect((await ben.refused(403, 'DELETE /api/instruments/:id/events/:eventId', { params })).code).toBe(
      'forbidden',
    );
    await app.admin.expect(204, 'DELETE /api/instruments/:id/events/:eventId', { params });
    expect(await eventsOf(id, ben)).toEqual([]);
  });

  it('are refused field by field', async () => {
    const { id } = await held();
    const split = { type: 'split', date: '2026-02-28', numerator: '0', denominator: '-1' } as const;
    const refusal = await anna.refused(400, 'POST /api/instruments/:id/events', {
      params: { id },
      body: split,
    });
    expect(refusal.errors?.map((one) => one.field)).toEqual(['numerator', 'denominator']);
    const dividend = { type: 'dividend', date: '2026-02-03', amount: '1', quoteUnit: 'XXX' } as const;
    const other = await anna.refused(400, 'POST /api/instruments/:id/events', {
      params: { id },
      body: dividend,
    });
    expect(other.errors?.map((one) => one.field)).toEqual(['quoteUnit']);
  });

  it('come from files, once however often they are sent', async () => {
    const { id } = await held();
    const file = Buffer.from('Date,Dividends,Stock Splits\n2026-03-02,2.5,0\n2026-03-03,0,1:10\n');
    const send = async () =>
      app.admin.expect(201, 'POST /api/instruments/:id/events/import', { params: { id }, body: file });
    expect(await send()).toEqual({ rows: 2, added: 2, corrected: 0, scope: 'shared' });
    expect(await send()).toEqual({ rows: 2, added: 0, corrected: 0, scope: 'shared' });
    expect(await eventsOf(id)).toEqual([
      ['2026-03-03', '1:10', 'file'],
      ['2026-03-02', '0.025 GBP', 'file'],
    ]);
    const bad = await app.admin.refused(422, 'POST /api/instruments/:id/events/import', {
      params: { id },
      body: Buffer.from('Date,Close\n2026-03-02,2.5\n'),
    });
    expect(bad.code).toBe('not_an_event_file');
  });
});
