/** The live flow over real HTTP: who is asked for what, what is believed, and what is written down about it. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { startProviderStub, yahooChart, YAHOO_UNKNOWN } from '../../../../tests/support/provider-stub.ts';
import type { ProviderStub } from '../../../../tests/support/provider-stub.ts';
import { fixedClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import type { ProviderSettings } from '../../platform/config.ts';
import { silentLogger } from '../../platform/log.ts';
import { fetchDuePrices } from './fetch-prices.ts';
import { fetchPricesJob } from './jobs.ts';
import { TokenBucket } from './provider-gate.ts';

const NOW = '2026-11-20T16:00:00Z';
const SECONDS = Date.parse(NOW) / 1000;
const KEY = 'k3y-that-nobody-may-see';

let app: TestApp;
let stub: ProviderStub;
let settings: ProviderSettings;
let anna: TestPerson;
const clock = fixedClock(NOW);

beforeAll(async () => {
  stub = await startProviderStub();
  settings = loadConfig({
    PM_PRICE_PROVIDERS: 'finnhub,yahoo',
    FINNHUB_API_KEY: KEY,
    FINNHUB_BASE_URL: stub.url,
    YAHOO_BASE_URL: stub.url,
  }).providers;
  // A clock of its own: access tokens end after a quarter of an hour.
  app = await createTestApp({ clock: fixedClock(NOW), providers: settings });
});
afterAll(async () => {
  await app.close();
  await stub.close();
});
beforeEach(async () => {
  clock.set(NOW);
  anna = await app.register();
});
afterEach(async () => {
  stub.reset();
  await asOwner(sql`delete from pm.portfolios`);
  await asOwner(sql`delete from pm.price_quarantine`);
  await asOwner(sql`delete from pm.price_fetches`);
  await asOwner(sql`delete from pm.prices`);
  await asOwner(sql`delete from pm.provider_states`);
});

const asOwner = async <T>(statement: ReturnType<typeof sql<T>>) =>
  app.database.owner.transaction().execute(async (tx) => (await statement.execute(tx)).rows);

const fetchNow = async () =>
  fetchDuePrices({
    db: app.database.worker,
    settings,
    now: clock.now(),
    log: silentLogger,
    timeoutMs: 500,
    buckets: new Map(),
  });

type Listed = { readonly exchange?: string; readonly currency?: string; readonly quoteUnit?: string };

let made = 0;
/** A shared instrument that a person holds ten of. */
const held = async (ticker: string, listed: Listed = {}, minutes = 10) => {
  made += 1;
  const { exchange = 'XLON', currency = 'GBP', quoteUnit = 'GBX' } = listed;
  const instrument = await app.admin.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: `Fund ${made}`, ticker: `${ticker}${made}`, exchange, currency, quoteUnit },
  });
  await hold(instrument.id, minutes);
  return { id: instrument.id, ticker: `${ticker}${made}` };
};
const hold = async (instrumentId: string, minutes: number) => {
  const { id } = await anna.expect(201, 'POST /api/portfolios', {
    body: { name: 'Ours', settings: { livePriceUpdateInterval: minutes } },
  });
  const place = { section: 'Core', theme: 'Global Equity', account: 'ISA' };
  return anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id },
    body: { instrumentId, ...place, qty: '10', avgCost: '1' },
  });
};
const chartOf = (ticker: string) => `/v8/finance/chart/${ticker}.L`;
const priceAnswer = (ticker: string, price: number, at = SECONDS) => ({
  json: yahooChart({ symbol: `${ticker}.L`, currency: 'GBp', price, at }),
});
const pricesOf = async (id: string) => {
  const { items } = await anna.expect(200, 'GET /api/instruments/:id/prices', { params: { id } });
  return items.map((price) => [price.close, price.source, price.dateTime]);
};
const attemptsOf = async (id: string) => {
  const { lines } = await anna.expect(200, 'GET /api/instruments/:id/price-sources', { params: { id } });
  return lines[0]?.attempts;
};
const statusOf = async (id: string) => {
  const { providers } = await anna.expect(200, 'GET /api/market-data/status');
  return providers.find((provider) => provider.id === id);
};
const heldPrices = async (client = app.admin) =>
  (await client.expect(200, 'GET /api/market-data/quarantine')).items;

describe('the first price of a line', () => {
  const unitless = (ticker: string, price: number) => ({
    // Without a currency the price is taken to be in the unit of the line.
    json: yahooChart({ symbol: `${ticker}.L`, currency: 'GBP', price, at: SECONDS }),
  });

  it('is held back when another provider says a hundredth of it', async () => {
    const { id, ticker } = await held('FIRST');
    await asOwner(sql`update pm.instrument_listings set provider_symbols = '{"finnhub": "FIRST"}'
      where instrument_id = ${id}`);
    // 75.12 taken for pence would be 0.7512 pounds.
    stub.answer('/quote?symbol=FIRST', { json: { c: 75.12, pc: 0, t: SECONDS } });
    stub.answer(chartOf(ticker), unitless(ticker, 75.12));
    expect(await fetchNow()).toMatchObject({ priced: 0, held: 1 });
    expect(await pricesOf(id)).toEqual([]);
    expect((await heldPrices())[0]).toMatchObject({
      source: 'finnhub',
      close: '0.7512',
      reason: 'jump_down_100',
      comparedWith: { close: '75.12' },
    });
  });

  it('is held against another line of the same security in the same currency', async () => {
    const { id, ticker } = await held('LINE');
    stub.answer(chartOf(ticker), unitless(ticker, 75));
    await fetchNow();
    const other = await app.admin.expect(201, 'POST /api/instruments/:id/listings', {
      params: { id },
      body: { ticker: `B${ticker}`, exchange: 'XDUB', currency: 'GBP', quoteUnit: 'GBX', isPrimary: true },
    });
    stub.answer(`/v8/finance/chart/B${ticker}.IR`, unitless(ticker, 7512));
    expect(await fetchNow()).toMatchObject({ priced: 0, held: 1 });
    expect((await heldPrices())[0]).toMatchObject({ listingId: other.id, reason: 'jump_up_100' });
  });
});

describe('the live flow', () => {
  it('takes the first provider that has a line, in currency units, and says why not the others', async () => {
    const { id, ticker } = await held('ACME');
    stub.answer(chartOf(ticker), priceAnswer(ticker, 7512));
    expect(await fetchNow()).toEqual({ lines: 1, priced: 1, held: 0, added: 1 });
    expect(await pricesOf(id)).toEqual([['75.12', 'yahoo', NOW]]);
    expect(await attemptsOf(id)).toEqual([
      { provider: 'finnhub', outcome: 'skipped', why: 'It does not cover this line.' },
      { provider: 'yahoo', outcome: 'used', why: null },
    ]);
    expect(await statusOf('yahoo')).toMatchObject({ state: 'ok', used: 1, lastSuccessAt: NOW });
    expect(await statusOf('finnhub')).toMatchObject({
      state: 'waiting',
      used: 0,
      skipped: [{ why: 'It does not cover this line.', lines: 1 }],
    });
    expect(await statusOf('stooq')).toMatchObject({ state: 'off' });
    const portfolio = (await anna.expect(200, 'GET /api/portfolios')).items[0];
    const summary = await anna.expect(200, 'GET /api/portfolios/:id/summary', {
      params: { id: portfolio?.id ?? '' },
    });
    expect(summary.value).toBe('751.2');
  });

  it('falls back when the first one does not have the line, and does not ask it again that day', async () => {
    const { id, ticker } = await held('NASD', { exchange: 'XNAS', currency: 'USD', quoteUnit: 'USD' });
    stub.answer(`/quote?symbol=${ticker}`, { json: { c: 0, h: 0, l: 0, o: 0, pc: 0, t: 0 } });
    const chart = yahooChart({ symbol: ticker, currency: 'USD', price: 12.5, at: SECONDS });
    stub.answer(`/v8/finance/chart/${ticker}`, { json: chart });
    await fetchNow();
    expect(await pricesOf(id)).toEqual([['12.5', 'yahoo', NOW]]);
    expect(await attemptsOf(id)).toEqual([
      { provider: 'finnhub', outcome: 'failed', why: 'Finnhub has no price of this line.' },
      { provider: 'yahoo', outcome: 'used', why: null },
    ]);
    const asked = () => stub.requests.filter((path) => path.startsWith('/quote')).length;
    clock.set('2026-11-20T17:00:00Z');
    await fetchNow();
    expect(asked()).toBe(1);
    expect((await attemptsOf(id))?.[0]).toEqual({
      provider: 'finnhub',
      outcome: 'skipped',
      why: 'Finnhub has no price of this line.',
    });
    clock.set('2026-11-21T16:30:00Z');
    await fetchNow();
    expect(asked()).toBe(2);
  });

  it('asks only for what somebody holds, and again after the shortest interval among those who do', async () => {
    const { id, ticker } = await held('OFTEN', {}, 30);
    await hold(id, 5);
    await app.admin.expect(201, 'POST /api/instruments', {
      body: { type: 'ETF', name: 'Nobody’s', ticker: `NO${made}`, exchange: 'XLON', currency: 'GBP' },
    });
    stub.answer(chartOf(ticker), priceAnswer(ticker, 100));
    const after = async (minutes: number) => {
      clock.set(Temporal.Instant.from(NOW).add({ minutes }).toString());
      return (await fetchNow()).lines;
    };
    expect([await after(0), await after(4), await after(5), await after(9), await after(10)]).toEqual([
      1, 0, 1, 0, 1,
    ]);
  });

  it('asks every minute though runs begin at other moments of it', async () => {
    const { ticker } = await held('MINUTE', {}, 1);
    stub.answer(chartOf(ticker), priceAnswer(ticker, 7512));
    clock.set('2026-11-20T16:00:00.900Z');
    expect(await fetchNow()).toMatchObject({ lines: 1 });
    clock.set('2026-11-20T16:00:20Z');
    expect(await fetchNow()).toMatchObject({ lines: 0 });
    clock.set('2026-11-20T16:01:00.100Z');
    expect(await fetchNow()).toMatchObject({ lines: 1 });
  });

  it('gives each line to one of several workers at a time', async () => {
    const { ticker } = await held('ONCE');
    stub.answer(chartOf(ticker), priceAnswer(ticker, 100));
    const runs = await Promise.all([fetchNow(), fetchNow(), fetchNow()]);
    expect(runs.map((run) => run.lines).toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
    expect(stub.requests).toHaveLength(1);
  });

  it('gives the lines of a worker that was killed to the next one soon', async () => {
    const { ticker } = await held('KILLED');
    stub.answer(chartOf(ticker), priceAnswer(ticker, 7512));
    await asOwner(sql`insert into pm.price_fetches (listing_id, claimed_until)
      select id, ${clock.now().add({ seconds: 120 })} from pm.instrument_listings where ticker = ${ticker}`);
    expect(await fetchNow()).toMatchObject({ lines: 0 });
    clock.set(clock.now().add({ seconds: 121 }).toString());
    expect(await fetchNow()).toMatchObject({ lines: 1, priced: 1 });
  });

  it('takes no price of a time that is still to come', async () => {
    const { id, ticker } = await held('AHEAD');
    stub.answer(chartOf(ticker), priceAnswer(ticker, 7512, SECONDS + 7_200));
    expect(await fetchNow()).toMatchObject({ priced: 0, held: 0 });
    expect(await attemptsOf(id)).toMatchObject([
      { provider: 'finnhub', outcome: 'skipped' },
      {
        provider: 'yahoo',
        outcome: 'failed',
        why: 'Yahoo Finance sent a price of a time that is still to come.',
      },
    ]);
  });

  it('leaves a provider alone that fails or asks for it, and says until when', async () => {
    const lines = [await held('A'), await held('B'), await held('C'), await held('D'), await held('E')];
    for (const { ticker } of lines) stub.answer(chartOf(ticker), { text: '<html>out of order</html>' });
    await fetchNow();
    expect(await statusOf('yahoo')).toMatchObject({
      state: 'failing',
      pausedUntil: '2026-11-20T16:05:00Z',
      detail: expect.stringContaining('Yahoo sent a web page where prices were expected.') as string,
    });
    const before = stub.requests.length;
    expect(before).toBeLessThanOrEqual(5);
    clock.set('2026-11-20T16:04:00Z');
    await asOwner(sql`update pm.price_fetches set asked_at = '2026-11-20T15:00:00Z'`);
    await fetchNow();
    expect(stub.requests).toHaveLength(before);
    expect((await attemptsOf(lines[0]?.id ?? ''))?.[1]).toEqual({
      provider: 'yahoo',
      outcome: 'skipped',
      why: 'It is left alone until 2026-11-20T16:05:00Z.',
    });
    clock.set('2026-11-20T16:30:00Z');
    for (const { ticker } of lines) stub.answer(chartOf(ticker), priceAnswer(ticker, 100));
    expect(await fetchNow()).toMatchObject({ priced: 5 });
    expect(await statusOf('yahoo')).toMatchObject({ state: 'ok', pausedUntil: null, used: 5 });
  });

  it('writes nothing, and wakes nobody, when the price is the one that is there', async () => {
    const { id, ticker } = await held('SAME');
    stub.answer(chartOf(ticker), priceAnswer(ticker, 7512));
    await fetchNow();
    clock.set('2026-11-20T16:20:00Z');
    expect(await fetchNow()).toEqual({ lines: 1, priced: 1, held: 0, added: 0 });
    expect(await pricesOf(id)).toHaveLength(1);
  });

  it('never shows a key, nor says which symbol was asked for', async () => {
    const { ticker } = await held('US', { exchange: 'XNYS', currency: 'USD', quoteUnit: 'USD' });
    stub.answer(`/quote?symbol=${ticker}`, { status: 401, json: { error: 'Invalid API key' } });
    stub.answer(`/v8/finance/chart/${ticker}`, { status: 404, json: YAHOO_UNKNOWN });
    await fetchNow();
    const stored = JSON.stringify([
      await asOwner(sql`select * from pm.price_fetches`),
      await asOwner(sql`select * from pm.provider_states`),
      await anna.expect(200, 'GET /api/market-data/status'),
    ]);
    expect(stored).toContain('does not accept the key');
    expect(stored).not.toContain(KEY);
    expect(stored).not.toContain(ticker);
    expect(await statusOf('finnhub')).toMatchObject({ state: 'failing' });
  });

  it('is a job that does nothing where no provider may be asked', async () => {
    await held('JOB');
    const run = async (env: Record<string, string>) =>
      fetchPricesJob.execute(
        {},
        {
          db: app.database.worker,
          app: app.database.app,
          log: silentLogger,
          clock,
          config: loadConfig({ YAHOO_BASE_URL: stub.url, ...env }),
        },
        { jobId: '1', attempt: 1, maxAttempts: 3, signal: new AbortController().signal },
      );
    await run({});
    expect(stub.requests).toEqual([]);
    expect(await asOwner(sql`select 1 from pm.price_fetches`)).toEqual([]);
    await run({ PM_PRICE_PROVIDERS: 'yahoo' });
    expect(stub.requests).toHaveLength(1);
  });
});

describe('prices held back', () => {
  const pounds = { quoteUnit: 'GBP' };
  /** A line at 75.12 whose provider then says 7512 pounds. */
  const jumped = async () => {
    const { id, ticker } = await held('JUMP', pounds);
    const answer = (price: number, at: number) => {
      const json = yahooChart({ symbol: ticker, currency: 'GBP', price, at });
      stub.answer(chartOf(ticker), { json });
    };
    answer(75.12, SECONDS);
    await fetchNow();
    clock.set('2026-11-20T16:30:00Z');
    answer(7512, SECONDS + 1700);
    expect(await fetchNow()).toMatchObject({ priced: 0, held: 1, added: 0 });
    return { id, answer };
  };

  it('are shown with what they were compared with, and value nothing', async () => {
    const { id } = await jumped();
    expect(await pricesOf(id)).toEqual([['75.12', 'yahoo', NOW]]);
    expect(await heldPrices()).toMatchObject([
      {
        instrumentId: id,
        source: 'yahoo',
        close: '7512',
        currency: 'GBP',
        reason: 'jump_up_100',
        comparedWith: { close: '75.12', dateTime: NOW },
        status: 'open',
        canDecide: true,
        canAccept: true,
      },
    ]);
    expect(await attemptsOf(id)).toMatchObject([{}, { provider: 'yahoo', outcome: 'held' }]);
  });

  it('count once an administrator accepts them, and so do those that follow', async () => {
    const { id, answer } = await jumped();
    const [one] = await heldPrices(anna);
    expect(one).toMatchObject({ canDecide: false, canAccept: false });
    const params = { id: one?.id ?? '' };
    await anna.refused(403, 'POST /api/market-data/quarantine/:id/accept', { params });
    const done = await app.admin.expect(200, 'POST /api/market-data/quarantine/:id/accept', { params });
    expect(done).toEqual({ decided: 1 });
    expect(await pricesOf(id)).toMatchObject([
      ['7512', 'yahoo', '2026-11-20T16:28:20Z'],
      ['75.12', 'yahoo', NOW],
    ]);
    expect(await heldPrices()).toEqual([]);
    const again = await app.admin.refused(409, 'POST /api/market-data/quarantine/:id/reject', { params });
    expect(again.code).toBe('already_decided');
    clock.set('2026-11-20T17:00:00Z');
    answer(7515, SECONDS + 3500);
    expect(await fetchNow()).toMatchObject({ priced: 1, held: 0 });
  });

  it('stay away once rejected, also when they are sent again', async () => {
    const { id } = await jumped();
    const [one] = await heldPrices();
    await app.admin.expect(200, 'POST /api/market-data/quarantine/:id/reject', {
      params: { id: one?.id ?? '' },
    });
    clock.set('2026-11-20T17:00:00Z');
    await fetchNow();
    expect(await heldPrices()).toEqual([]);
    expect(await pricesOf(id)).toHaveLength(1);
    const { items } = await app.admin.expect(200, 'GET /api/market-data/quarantine', {
      query: { status: 'rejected' },
    });
    expect(items).toHaveLength(1);
  });

  it('wait as one, however often the doubtful quote is renewed', async () => {
    const { answer } = await jumped();
    clock.set('2026-11-20T17:00:00Z');
    answer(7520, SECONDS + 3500);
    await fetchNow();
    expect((await heldPrices()).map((one) => one.close)).toEqual(['7520']);
  });

  it('cannot be accepted when they are no price of the line', async () => {
    const { ticker } = await held('EURO', pounds);
    const json = yahooChart({ symbol: ticker, currency: 'EUR', price: 80, at: SECONDS });
    stub.answer(chartOf(ticker), { json });
    await fetchNow();
    const [one] = await heldPrices();
    expect(one).toMatchObject({ reason: 'wrong_currency', close: '80', currency: 'EUR', canAccept: false });
    const params = { id: one?.id ?? '' };
    const refused = await app.admin.refused(422, 'POST /api/market-data/quarantine/:id/accept', { params });
    expect(refused.code).toBe('cannot_be_accepted');
    await app.admin.expect(200, 'POST /api/market-data/quarantine/:id/reject', { params });
  });

  it('of a person’s own line are theirs to see and to decide', async () => {
    made += 1;
    const ticker = `OWN${made}`;
    const own = await anna.expect(201, 'POST /api/instruments', {
      body: { type: 'ETF', name: 'Mine', ticker, exchange: 'XLON', currency: 'GBP', quoteUnit: 'GBP' },
    });
    await hold(own.id, 10);
    const json = yahooChart({ symbol: ticker, currency: 'GBP', price: 0, at: SECONDS });
    stub.answer(chartOf(ticker), { json });
    await fetchNow();
    expect(await heldPrices()).toEqual([]);
    const [one] = await heldPrices(anna);
    expect(one).toMatchObject({ reason: 'zero', canDecide: true, canAccept: false });
    const params = { id: one?.id ?? '' };
    await app.admin.refused(404, 'POST /api/market-data/quarantine/:id/reject', { params });
    await anna.expect(200, 'POST /api/market-data/quarantine/:id/reject', { params });
  });

  it('let the next provider be asked', async () => {
    const { id, ticker } = await held('BOTH', { exchange: 'XNAS', currency: 'USD', quoteUnit: 'USD' });
    stub.answer(`/quote?symbol=${ticker}`, { json: { c: 0, pc: 12, t: SECONDS } });
    const chart = yahooChart({ symbol: ticker, currency: 'USD', price: 12.5, at: SECONDS });
    stub.answer(`/v8/finance/chart/${ticker}`, { json: chart });
    expect(await fetchNow()).toMatchObject({ priced: 1, held: 1 });
    expect(await pricesOf(id)).toEqual([['12.5', 'yahoo', NOW]]);
  });
});

it('what is held back is listed page by page', async () => {
  const lines = [await held('P'), await held('P'), await held('P')];
  for (const { ticker } of lines) stub.answer(chartOf(ticker), priceAnswer(ticker, 0));
  await fetchNow();
  const page = async (cursor?: string) =>
    app.admin.expect(200, 'GET /api/market-data/quarantine', {
      query: { limit: 2, ...(cursor === undefined ? {} : { cursor }) },
    });
  const first = await page();
  const second = await page(first.nextCursor ?? '');
  const ids = [...first.items, ...second.items].map((one) => one.instrumentId);
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
  expect(ids.toSorted()).toEqual(lines.map((line) => line.id).toSorted());
  const bad = await app.admin.refused(400, 'GET /api/market-data/quarantine', { query: { cursor: 'x' } });
  expect(bad.code).toBe('bad_cursor');
});

it('a provider whose limit is used up is passed over', async () => {
  const lines = [await held('LIM'), await held('LIM')];
  for (const { ticker } of lines) stub.answer(chartOf(ticker), priceAnswer(ticker, 100));
  const buckets = new Map([['yahoo', new TokenBucket({ requests: 1, seconds: 3600 })] as const]);
  const parts = { db: app.database.worker, settings, now: clock.now(), log: silentLogger, buckets };
  expect(await fetchDuePrices(parts)).toMatchObject({ lines: 2, priced: 1 });
  const { providers } = await anna.expect(200, 'GET /api/market-data/status');
  expect(providers.find((provider) => provider.id === 'yahoo')).toMatchObject({
    used: 1,
    skipped: [{ why: 'Its limit of 30 requests in 60 seconds is used up for now.', lines: 1 }],
  });
});

it('sources that disagree are shown side by side', async () => {
  const { id, ticker } = await held('SRC');
  stub.answer(chartOf(ticker), priceAnswer(ticker, 10000));
  await fetchNow();
  await asOwner(sql`
    insert into pm.prices (listing_id, date_time, source, interval, close, currency)
    select listing_id, '2026-11-20T15:59:00Z', 'stooq', 'quote', 103, 'GBP' from pm.prices`);
  const { lines } = await anna.expect(200, 'GET /api/instruments/:id/price-sources', { params: { id } });
  expect(lines).toMatchObject([
    {
      provider: 'yahoo',
      // 103 is 3 % above 100.
      spreadPct: 3,
      disagree: true,
      sources: [
        { source: 'stooq', close: '103' },
        { source: 'yahoo', close: '100' },
      ],
    },
  ]);
});
