import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { currency } from '@pm/domain/money';

import { createTestDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { ECB_90_DAYS, ECB_DAILY, ecbXml, startEcbStub } from '../../../../tests/support/ecb-stub.ts';
import type { EcbAnswer, EcbStub } from '../../../../tests/support/ecb-stub.ts';
import { fixedClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import { withWorker } from '../../platform/database/index.ts';
import { silentLogger } from '../../platform/log.ts';
import type { DownloadLimits } from './ecb-download.ts';
import { fetchEcbRates, requestEcbRatesWhenStale } from './ecb-fetch.ts';
import { fetchEcbRatesJob } from './jobs.ts';
import { marketDataStatus } from './market-status.ts';
import { findRate } from './rates.ts';

/** A Friday evening, when that day's rates are published. */
const FRIDAY = '2024-02-23T18:00:00Z';
const FRIDAY_RATES = { USD: '1.0834', GBP: '0.85465', JPY: '163.06' };
const THURSDAY_RATES = { USD: '1.0844', GBP: '0.85623', JPY: '163.11' };

let database: TestDatabase;
let ecb: EcbStub;
const clock = fixedClock(FRIDAY);

beforeAll(async () => {
  [database, ecb] = await Promise.all([createTestDatabase(), startEcbStub()]);
});
afterAll(async () => {
  await ecb.close();
  await database.drop();
});
beforeEach(() => clock.set(FRIDAY));
afterEach(async () => {
  ecb.reset();
  await asOwner(sql`delete from pm.fx_rates`);
  await asOwner(sql`delete from pm.provider_states`);
  await asOwner(sql`delete from graphile_worker._private_jobs`);
});

const asOwner = async <T>(statement: ReturnType<typeof sql<T>>) =>
  database.owner.transaction().execute(async (tx) => (await statement.execute(tx)).rows);

const fetchNow = async (limits: DownloadLimits = {}) =>
  fetchEcbRates({ db: database.worker, baseUrl: ecb.url, now: clock.now(), log: silentLogger, limits });
const status = async () => {
  const { providers } = await withWorker(database.worker, async (tx) =>
    marketDataStatus(tx, loadConfig({}).providers, clock.now()),
  );
  return providers[0];
};
const storedRates = async () =>
  Number((await asOwner(sql<{ n: string }>`select count(*) as n from pm.fx_rates`))[0]?.n);
const withThursday = async () => {
  ecb.answer(ECB_90_DAYS, { body: ecbXml({ '2024-02-22': THURSDAY_RATES }) });
  clock.set('2024-02-22T18:00:00Z');
  await fetchNow();
  clock.set(FRIDAY);
  ecb.reset();
};

describe('fetching the ECB’s rates', () => {
  it('takes the file of 90 days when there are no rates yet', async () => {
    ecb.answer(ECB_90_DAYS, { body: ecbXml({ '2024-02-23': FRIDAY_RATES, '2024-02-22': THURSDAY_RATES }) });
    expect(await fetchNow()).toMatchObject({
      rows: 6,
      added: 6,
      corrected: 0,
      pairs: 3,
      from: '2024-02-22',
      to: '2024-02-23',
    });
    expect(ecb.requests).toEqual([ECB_90_DAYS]);
    expect(await status()).toMatchObject({
      state: 'ok',
      newest: '2024-02-23',
      lastSuccessAt: FRIDAY,
      lastAttemptAt: FRIDAY,
    });
    const day = Temporal.PlainDate.from('2024-02-23');
    const rate = await withWorker(database.worker, async (tx) =>
      findRate(tx, currency('GBP'), currency('USD'), day),
    );
    // 1.0834 ÷ 0.85465, by hand.
    expect('missing' in rate ? '' : rate.rate.toFixed()).toMatch(/^1\.26765342/u);
    expect(rate).toMatchObject({ method: 'cross', source: 'ECB', carriedForward: false });
  });

  it('takes the file of the day when only that day is missing', async () => {
    await withThursday();
    ecb.answer(ECB_DAILY, { body: ecbXml({ '2024-02-23': FRIDAY_RATES }) });
    expect(await fetchNow()).toMatchObject({ rows: 3, added: 3 });
    expect(ecb.requests).toEqual([ECB_DAILY]);
  });

  it('takes the file of 90 days over a longer gap, and stores only what is new or corrected', async () => {
    await withThursday();
    clock.set('2024-02-26T18:00:00Z');
    const corrected = { ...THURSDAY_RATES, GBP: '0.85624' };
    const days = { '2024-02-26': FRIDAY_RATES, '2024-02-23': FRIDAY_RATES, '2024-02-22': corrected };
    ecb.answer(ECB_90_DAYS, { body: ecbXml(days) });
    expect(await fetchNow()).toMatchObject({ rows: 9, added: 6, corrected: 1 });
    expect(ecb.requests).toEqual([ECB_90_DAYS]);
  });

  it('asks for nothing when nothing is missing', async () => {
    await withThursday();
    clock.set('2024-02-23T09:00:00Z');
    expect(await fetchNow()).toBeNull();
    expect(ecb.requests).toEqual([]);
  });

  it('waits, without failing, when the ECB is late', async () => {
    await withThursday();
    ecb.answer(ECB_DAILY, { body: ecbXml({ '2024-02-22': THURSDAY_RATES }) });
    expect(await fetchNow()).toMatchObject({ added: 0, corrected: 0 });
    expect(await status()).toMatchObject({ state: 'waiting', newest: '2024-02-22' });
  });
});

describe('a fetch that fails', () => {
  const whole = ecbXml({ '2024-02-23': FRIDAY_RATES });
  const page = '<!DOCTYPE html><html><body>Maintenance</body></html>';
  it.each<[string, EcbAnswer, DownloadLimits, RegExp]>([
    ['status 500', { status: 500, body: 'oops' }, {}, /status 500/u],
    ['status 404 with a page', { status: 404, body: page }, {}, /status 404/u],
    ['a page instead of the file', { contentType: 'text/html', body: page }, {}, /web page/u],
    ['garbage', { body: new Uint8Array([0xff, 0xfe, 0x00, 0x9c]) }, {}, /UTF-8/u],
    ['an empty body', { body: '' }, {}, /empty/u],
    ['XML without rates', { body: '<?xml version="1.0"?><a/>' }, {}, /no rates/u],
    ['half a file', { body: whole.slice(0, whole.length / 2) }, {}, /complete XML/u],
    ['a rate that is none', { body: ecbXml({ '2024-02-23': { USD: '-1.08' } }) }, {}, /not a rate/u],
    ['a day to come', { body: ecbXml({ '2024-03-23': FRIDAY_RATES }) }, {}, /still to come/u],
    ['no answer', { manner: 'never' }, { timeoutMs: 300 }, /within 0\.3 seconds/u],
    [
      'an answer that stops half-way',
      { body: whole, manner: 'half' },
      { timeoutMs: 300 },
      /within 0\.3 seconds/u,
    ],
    ['a connection that is cut', { body: whole, manner: 'cut' }, {}, /could not be reached/u],
    ['a body without end', { manner: 'endless' }, { maxBytes: 1_000_000 }, /more than 1000000 bytes/u],
  ])('stores nothing and says why: %s', async (_what, answer, limits, why) => {
    await withThursday();
    ecb.answer(ECB_DAILY, answer);
    await expect(fetchNow(limits)).rejects.toThrow(why);
    expect(await storedRates()).toBe(3);
    const shown = await status();
    expect(shown).toMatchObject({
      state: 'failing',
      lastAttemptAt: FRIDAY,
      lastSuccessAt: '2024-02-22T18:00:00Z',
    });
    expect(shown?.detail).toMatch(why);
    expect(shown?.detail).toContain(`Failing since ${FRIDAY}`);
  });

  it('says so when nobody listens there', async () => {
    const gone = await startEcbStub();
    await gone.close();
    const parts = { db: database.worker, baseUrl: gone.url, now: clock.now(), log: silentLogger };
    await expect(fetchEcbRates(parts)).rejects.toThrow(/ECONNREFUSED/u);
    expect(await status()).toMatchObject({ state: 'failing' });
  });

  it('remembers since when, and forgets it with the first success', async () => {
    await withThursday();
    ecb.answer(ECB_DAILY, { status: 503 });
    await expect(fetchNow()).rejects.toThrow(/503/u);
    clock.set('2024-02-23T19:00:00Z');
    await expect(fetchNow()).rejects.toThrow(/503/u);
    expect((await status())?.detail).toContain(`Failing since ${FRIDAY}`);
    ecb.answer(ECB_DAILY, { body: whole });
    await fetchNow();
    expect(await status()).toMatchObject({ state: 'ok', lastSuccessAt: '2024-02-23T19:00:00Z' });
  });

  it('ends at once when the job is ended', async () => {
    ecb.answer(ECB_90_DAYS, { manner: 'never' });
    const stop = new AbortController();
    const fetching = fetchNow({ signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(fetching).rejects.toThrow(/interrupted/u);
  });
});

describe('the job', () => {
  const run = async (payload: object) =>
    fetchEcbRatesJob.execute(
      payload,
      {
        db: database.worker,
        app: database.app,
        log: silentLogger,
        clock,
        config: loadConfig({ ECB_BASE_URL: `${ecb.url}/` }),
      },
      { jobId: '1', attempt: 1, maxAttempts: 1, signal: new AbortController().signal },
    );
  const queued = async () =>
    asOwner(sql<{ run_at: Temporal.Instant; payload: object }>`
      select j.run_at, j.payload from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'market-data.fetch-ecb-rates'`);

  it('fetches from the address in the settings', async () => {
    ecb.answer(ECB_90_DAYS, { body: ecbXml({ '2024-02-23': FRIDAY_RATES }) });
    await run({ immediately: true });
    expect(await storedRates()).toBe(3);
  });

  it('chooses a moment of its own within ten minutes when it is scheduled', async () => {
    await run({});
    expect(ecb.requests).toEqual([]);
    const jobs = await queued();
    expect(jobs).toHaveLength(1);
    expect(jobs[0]?.payload).toMatchObject({ immediately: true });
    const wait = clock
      .now()
      .until(jobs[0]?.run_at ?? clock.now())
      .total('seconds');
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThanOrEqual(600);
  });

  it('is asked for at the start when rates are missing, once', async () => {
    expect(await requestEcbRatesWhenStale(database.worker, clock.now())).toBe(true);
    expect(await requestEcbRatesWhenStale(database.worker, clock.now())).toBe(true);
    expect(await queued()).toHaveLength(1);
    ecb.answer(ECB_90_DAYS, { body: ecbXml({ '2024-02-23': FRIDAY_RATES }) });
    await fetchNow();
    expect(await requestEcbRatesWhenStale(database.worker, clock.now())).toBe(false);
  });
});
