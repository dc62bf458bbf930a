/** Trades over a real WebSocket: who is followed, what is stored of what comes, and that one listens however many there are. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { startTradeStub } from '../../../../tests/support/trade-stub.ts';
import type { TradeStub } from '../../../../tests/support/trade-stub.ts';
import { fixedClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import { silentLogger } from '../../platform/log.ts';
import { startLiveTrades } from './live-trades.ts';

const NOW = '2026-11-20T16:00:00Z';
const AT = Date.parse(NOW) - 5_000;
const KEY = 'k3y-that-nobody-may-see';
const PACE = { storeMs: 50, lookMs: 100, retryMs: 20, askMs: 50 };

const settingsOf = (more: Readonly<Record<string, string>>) =>
  loadConfig({ PM_PRICE_PROVIDERS: 'finnhub', FINNHUB_API_KEY: KEY, ...more }).providers;

let app: TestApp;
let stub: TradeStub;
let anna: TestPerson;
let stops: (() => Promise<void>)[];
beforeAll(async () => {
  app = await createTestApp({ clock: fixedClock(NOW), providers: settingsOf({}) });
  anna = await app.register();
});
afterAll(async () => app.close());
beforeEach(async () => {
  stub = await startTradeStub();
  stops = [];
});
afterEach(async () => {
  await Promise.all(stops.map(async (stop) => stop()));
  await stub.close();
  await asOwner(sql`delete from pm.watched_instruments`);
});

const asOwner = async (statement: ReturnType<typeof sql>) =>
  app.database.owner.transaction().execute(async (tx) => statement.execute(tx));

const start = (more: Readonly<Record<string, string>> = {}): void => {
  const settings = settingsOf({ FINNHUB_STREAM_URL: stub.url, ...more });
  const { worker, workerUrl } = app.database;
  const parts = { db: worker, workerUrl, settings, clock: fixedClock(NOW), log: silentLogger, pace: PACE };
  const { stop } = startLiveTrades(parts);
  stops.push(stop);
};

let made = 0;
/** A share in New York that is watched, with a first price of 75. */
const watched = async (firstPrice: string | null = '75') => {
  made += 1;
  const ticker = `TRADE${made}`;
  const listed = { ticker, exchange: 'XNYS', currency: 'USD', quoteUnit: 'USD' };
  const { id } = await app.admin.expect(201, 'POST /api/instruments', {
    body: { type: 'Stock', name: `Traded ${made}`, ...listed },
  });
  const entry = await anna.expect(201, 'POST /api/watchlist', { body: { instrumentId: id } });
  if (firstPrice !== null) {
    await asOwner(sql`select pm.ensure_price_partition('2026-11-20')`);
    await asOwner(sql`insert into pm.prices (listing_id, date_time, source, close, currency)
      select id, '2026-11-20T14:00:00Z', 'finnhub', ${firstPrice}, 'USD' from pm.instrument_listings where ticker = ${ticker}`);
  }
  await asOwner(sql`insert into pm.price_fetches (listing_id, asked_at, attempts)
    select id, '2026-11-20T14:00:00Z', '[]' from pm.instrument_listings where ticker = ${ticker}`);
  return {
    id,
    ticker,
    unwatch: async () => anna.expect(204, 'DELETE /api/watchlist/:id', { params: { id: entry.id } }),
  };
};
const trade = (s: string, p: number, t = AT) => ({ type: 'trade', data: [{ c: [], p, s, t, v: 10 }] });
const pricesOf = async (id: string) => {
  const { items } = await anna.expect(200, 'GET /api/instruments/:id/prices', { params: { id } });
  return items.map(({ close, dateTime }) => [close, dateTime]);
};
const patiently = async (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 15_000, interval: 50 });
const statusOf = async () => {
  const { providers } = await anna.expect(200, 'GET /api/market-data/status');
  return providers.find(({ id }) => id === 'finnhub-trades');
};

describe('trades as they happen', () => {
  it('are stored once however often they come, the newest of those that came together', async () => {
    const { id, ticker } = await watched();
    start();
    await stub.followed(ticker);
    stub.push({ type: 'ping' });
    stub.push('no json at all');
    stub.push({ type: 'error', msg: 'Invalid symbol' });
    stub.push({
      type: 'trade',
      data: [
        { s: ticker, p: 75.2, t: AT + 400, v: 1 },
        { s: ticker, p: 75.1, t: AT, v: 1 },
      ],
    });
    stub.push({ type: 'trade', data: [{ s: ticker, p: 75.2, t: AT + 400, v: 1 }] });
    await patiently(async () => expect((await pricesOf(id))[0]).toEqual(['75.2', '2026-11-20T15:59:55.4Z']));
    const lines = (await anna.expect(200, 'GET /api/instruments/:id/price-sources', { params: { id } }))
      .lines;
    // Its quote need not be asked for now.
    expect(lines[0]).toMatchObject({
      askedAt: NOW,
      provider: 'finnhub',
      attempts: [{ outcome: 'used', why: null }],
    });
    expect(await statusOf()).toMatchObject({ state: 'ok', lastSuccessAt: NOW });
  });

  it('in seconds are of the same time as in milliseconds', async () => {
    const { id, ticker } = await watched();
    start();
    await stub.followed(ticker);
    stub.push(trade(ticker, 75.3, AT / 1000));
    await patiently(async () => expect((await pricesOf(id))[0]).toEqual(['75.3', '2026-11-20T15:59:55Z']));
  });

  it('that cannot be right wait for somebody’s word; those of a time to come and of lines without a price are not taken', async () => {
    const [one, other] = [await watched(), await watched(null)];
    start();
    await stub.followed(one.ticker);
    await stub.followed(other.ticker);
    stub.push(trade(other.ticker, 12));
    stub.push(trade(one.ticker, 75.4, AT + 3_600_000));
    stub.push(trade(one.ticker, 0));
    stub.push(trade(one.ticker, 7_512));
    await patiently(async () => {
      const { items } = await app.admin.expect(200, 'GET /api/market-data/quarantine');
      expect(items.filter(({ instrumentId }) => instrumentId === one.id)).toMatchObject([
        { close: '7512', reason: 'jump_up_100', source: 'finnhub' },
      ]);
    });
    expect(await pricesOf(one.id)).toEqual([['75', '2026-11-20T14:00:00Z']]);
    expect(await pricesOf(other.id)).toEqual([]);
  });
});

describe('listening to trades', () => {
  it('is for what is held or watched at the moment', async () => {
    const first = await watched();
    start();
    await stub.followed(first.ticker);
    const second = await watched();
    await stub.followed(second.ticker);
    await first.unwatch();
    await patiently(async () => expect(stub.symbols()).toEqual([second.ticker]));
  });

  it('begins again when the connection is lost, and says so meanwhile', async () => {
    const { id, ticker } = await watched();
    start();
    await stub.followed(ticker);
    stub.refuse(true);
    stub.drop();
    await patiently(async () => expect(await statusOf()).toMatchObject({ state: 'failing' }));
    const said = JSON.stringify(await statusOf());
    expect(said).not.toContain(KEY);
    stub.refuse(false);
    await stub.followed(ticker);
    stub.push(trade(ticker, 75.5));
    await patiently(async () => expect((await pricesOf(id))[0]).toEqual(['75.5', '2026-11-20T15:59:55Z']));
    await patiently(async () => expect(await statusOf()).toMatchObject({ state: 'ok' }));
  });

  it('is for one of several processes, and another one takes over', async () => {
    const { ticker } = await watched();
    start();
    start();
    start();
    await stub.followed(ticker);
    const before = stub.connections;
    expect(stub.open).toBe(1);
    const open = stops.splice(0);
    // Whichever leads is among those that stop; the last one is left to take over.
    await Promise.all(open.slice(0, 2).map(async (stop) => stop()));
    stops.push(...open.slice(2));
    await stub.followed(ticker);
    expect(stub.open).toBe(1);
    expect(stub.connections).toBeGreaterThanOrEqual(before);
  });

  it('is not begun without a key, nor where the settings do not name the provider', async () => {
    await watched();
    start({ PM_PRICE_PROVIDERS: 'yahoo' });
    start({ FINNHUB_API_KEY: '' });
    await Promise.all(stops.splice(0).map(async (stop) => stop()));
    expect(stub.addresses).toEqual([]);
  });
});
