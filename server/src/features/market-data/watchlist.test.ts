/** What people watch, what they put right about lines and prices, and who may. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { startProviderStub, yahooChart } from '../../../../tests/support/provider-stub.ts';
import type { ProviderStub } from '../../../../tests/support/provider-stub.ts';
import { listen } from '../../../../tests/support/stream.ts';
import { fixedClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import type { ProviderSettings } from '../../platform/config.ts';
import { withWorker } from '../../platform/database/index.ts';
import { silentLogger } from '../../platform/log.ts';
import { storePrices } from './feed-queries.ts';
import { fetchDuePrices } from './fetch-prices.ts';

const NOW = '2026-11-20T22:00:00Z';

let app: TestApp;
let stub: ProviderStub;
let settings: ProviderSettings;
let anna: TestPerson;
let made = 0;

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

const instrument = async (maker: TestPerson = app.admin) => {
  made += 1;
  const body = {
    type: 'ETF',
    name: `Fund ${made}`,
    ticker: `WA${made}`,
    exchange: 'XLON',
    currency: 'GBP',
    quoteUnit: 'GBX',
  } as const;
  const { id, listings } = await maker.expect(201, 'POST /api/instruments', { body });
  return { id, listingId: listings[0]?.id ?? '', ticker: `WA${made}` };
};
const store = async (listingId: string, close: string, at: string) =>
  withWorker(app.database.worker, async (tx) =>
    storePrices(tx, [
      {
        listingId,
        source: 'yahoo',
        at: Temporal.Instant.from(at),
        interval: 'quote',
        close,
        open: null,
        high: null,
        low: null,
        volume: null,
        currency: 'GBP',
      },
    ]),
  );
const fetchNow = async () =>
  fetchDuePrices({
    db: app.database.worker,
    settings,
    now: Temporal.Instant.from(NOW),
    log: silentLogger,
    timeoutMs: 500,
    buckets: new Map(),
  });
const pricesOf = async (id: string) =>
  (await anna.expect(200, 'GET /api/instruments/:id/prices', { params: { id } })).items.map(
    (one) => one.close,
  );

describe('the watchlist', () => {
  it('shows what is watched with its price and the change since yesterday, and is one’s own', async () => {
    const { id, listingId } = await instrument();
    await store(listingId, '80', '2026-11-19T16:30:00Z');
    await store(listingId, '82', '2026-11-20T16:30:00Z');
    const watched = await anna.expect(201, 'POST /api/watchlist', {
      body: { instrumentId: id, note: ' soon ' },
    });
    expect(watched).toMatchObject({
      instrumentId: id,
      note: 'soon',
      price: { close: '82', quoted: { close: '8200', unit: 'GBX' }, kind: 'live', stale: false },
      dayChange: { amount: '2', pct: 2.5, since: '2026-11-19T16:30:00Z' },
    });
    // Again: the same row with another note.
    const again = await anna.expect(201, 'POST /api/watchlist', { body: { instrumentId: id } });
    expect([again.id, again.note]).toEqual([watched.id, null]);
    expect((await anna.expect(200, 'GET /api/watchlist')).items).toHaveLength(1);
    const ben = await app.register();
    expect((await ben.expect(200, 'GET /api/watchlist')).items).toEqual([]);
    await ben.refused(404, 'DELETE /api/watchlist/:id', { params: { id: watched.id } });
    await anna.expect(204, 'DELETE /api/watchlist/:id', { params: { id: watched.id } });
    expect((await anna.expect(200, 'GET /api/watchlist')).items).toEqual([]);
  });

  it('does not know what the person does not see', async () => {
    const private_ = await instrument(anna);
    const ben = await app.register();
    const refusal = await ben.refused(404, 'POST /api/watchlist', { body: { instrumentId: private_.id } });
    expect(refusal.code).toBe('not_found');
  });

  it('has its prices fetched and told although nobody holds it', async () => {
    const { id, ticker } = await instrument();
    await anna.expect(201, 'POST /api/watchlist', { body: { instrumentId: id } });
    const address = await app.server.listen({ host: '127.0.0.1', port: 0 });
    const listener = await listen(address, anna.token);
    listener.send({ type: 'follow', held: true });
    expect((await listener.next('following')).instruments).toEqual([id]);
    const chart = yahooChart({ symbol: ticker, currency: 'GBp', price: 7512, at: Date.parse(NOW) / 1000 });
    stub.answer(`/v8/finance/chart/${ticker}.L`, { json: chart });
    expect(await fetchNow()).toMatchObject({ lines: 1, priced: 1 });
    expect((await listener.next('prices')).prices[0]?.price?.close).toBe('75.12');
    listener.close();
  });
});

describe('what providers call a line', () => {
  it('is written down by those whose line it is, and asked for at once', async () => {
    const { id, listingId } = await instrument();
    await anna.expect(201, 'POST /api/watchlist', { body: { instrumentId: id } });
    await fetchNow();
    const params = { id, listingId };
    const refusal = await anna.refused(403, 'PUT /api/instruments/:id/listings/:listingId/symbols', {
      params,
      body: { symbols: { yahoo: 'OTHER.L' } },
    });
    expect(refusal.code).toBe('admin_only');
    expect(
      await app.admin.expect(200, 'PUT /api/instruments/:id/listings/:listingId/symbols', {
        params,
        body: { symbols: { yahoo: ' OTHER.L ', stooq: null } },
      }),
    ).toEqual({ symbols: { yahoo: 'OTHER.L' } });
    const { lines } = await app.admin.expect(200, 'GET /api/instruments/:id/price-sources', {
      params: { id },
    });
    expect(lines[0]?.canEdit).toBe(true);
    expect(lines[0]?.symbols.find((one) => one.provider === 'yahoo')).toMatchObject({ written: 'OTHER.L' });
    const chart = yahooChart({ symbol: 'OTHER.L', currency: 'GBp', price: 500, at: Date.parse(NOW) / 1000 });
    stub.answer('/v8/finance/chart/OTHER.L', { json: chart });
    await fetchNow();
    expect(await pricesOf(id)).toEqual(['5']);
    const bad = await app.admin.refused(400, 'PUT /api/instruments/:id/listings/:listingId/symbols', {
      params,
      body: { symbols: { bloomberg: 'X', yahoo: 'a\nb' } },
    });
    expect(bad.errors?.map((one) => one.field)).toEqual(['symbols.bloomberg', 'symbols.yahoo']);
  });
});

describe('a stored price that is wrong', () => {
  it('is taken back or replaced by an administrator, kept as rejected, and can be brought back', async () => {
    const { id, listingId } = await instrument();
    await store(listingId, '80', '2026-11-19T16:30:00Z');
    await store(listingId, '800', '2026-11-20T16:30:00Z');
    const wrong = { listingId, dateTime: '2026-11-20T16:30:00Z', source: 'yahoo' };
    const key = 'POST /api/instruments/:id/prices/corrections';
    await anna.refused(403, key, { params: { id }, body: { ...wrong, close: null } });
    await app.admin.refused(404, key, { params: { id }, body: { ...wrong, source: 'stooq', close: null } });
    await app.admin.refused(400, key, { params: { id }, body: { ...wrong, close: '-1' } });
    expect(await app.admin.expect(200, key, { params: { id }, body: { ...wrong, close: null } })).toEqual({
      close: null,
    });
    expect(await pricesOf(id)).toEqual(['80']);
    const { rows } = await sql<{ close: string }>`
      select trim_scale(close)::text as close from pm.latest_prices where listing_id = ${listingId}`.execute(
      app.database.owner,
    );
    expect(rows).toEqual([{ close: '80' }]);
    const rejected = await app.admin.expect(200, 'GET /api/market-data/quarantine', {
      query: { status: 'rejected' },
    });
    const kept = rejected.items.find((one) => one.instrumentId === id);
    expect(kept?.close).toBe('800');
    const params = { id: kept?.id ?? '' };
    await anna.refused(403, 'POST /api/market-data/quarantine/:id/reopen', { params });
    await app.admin.expect(200, 'POST /api/market-data/quarantine/:id/reopen', { params });
    await app.admin.expect(200, 'POST /api/market-data/quarantine/:id/accept', { params });
    expect(await pricesOf(id)).toEqual(['800', '80']);
    // Accepted by mistake: taken back, it waits again and is stored no more.
    await app.admin.expect(200, 'POST /api/market-data/quarantine/:id/reopen', { params });
    expect(await pricesOf(id)).toEqual(['80']);
    await app.admin.refused(409, 'POST /api/market-data/quarantine/:id/reopen', { params });
    const older = { ...wrong, dateTime: '2026-11-19T16:30:00Z', close: '8100' };
    await app.admin.expect(200, key, { params: { id }, body: { ...older, quoteUnit: 'GBX' } });
    expect(await pricesOf(id)).toEqual(['81']);
  });

  it('of one’s own is replaced or deleted by the person', async () => {
    const { id } = await instrument();
    await anna.expect(201, 'POST /api/instruments/:id/prices', {
      params: { id },
      body: { dateTime: '2026-11-18T12:00:00Z', close: '9' },
    });
    const own = { listingId: null, dateTime: '2026-11-18T12:00:00Z', source: 'manual' };
    const key = 'POST /api/instruments/:id/prices/corrections';
    await app.admin.refused(404, key, { params: { id }, body: { ...own, close: null } });
    await anna.expect(200, key, { params: { id }, body: { ...own, close: '9.5', quoteUnit: 'GBP' } });
    expect(await pricesOf(id)).toEqual(['9.5']);
    await anna.expect(200, key, { params: { id }, body: { ...own, close: null } });
    expect(await pricesOf(id)).toEqual([]);
  });
});
