/** Answers shared between sessions and processes: through two servers on one database and, where there is one, a real Redis. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestClient, TestPerson } from '../../../../tests/support/app.ts';
import { startRedis } from '../../../../tests/support/redis.ts';
import type { TestRedis } from '../../../../tests/support/redis.ts';

let redis: TestRedis;
let one: TestApp;
let other: TestApp;
let now: Temporal.Instant;
let anna: TestPerson;
let fund: string;
let portfolio: string;

/** Where it is tried that answers are found, Redis may take its time on a busy machine. */
const PATIENT_MS = 10_000;

const file = (japan: number): Buffer =>
  Buffer.from(`Ticker,Name,Sector,Asset Class,Weight,Country,Currency
AAA,Aaa Corp,Energy,Equity,${japan},Japan,JPY
BBB,Bbb Corp,Energy,Equity,${100 - japan},France,EUR
`);
const send = async (japan: number): Promise<void> => {
  await anna.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id: fund },
    query: { asOf: '2024-03-01' },
    body: file(japan),
  });
};
const fundAt = async (client: TestClient, query: { asOf?: string } = {}) =>
  (await client.expect(200, 'GET /api/instruments/:id/exposure', { params: { id: fund }, query })).byCountry;
const there = (): TestClient => other.withToken(anna.token);
const outcomes = async (app: TestApp): Promise<Record<string, number>> => {
  const all = await app.metrics.registry.getSingleMetric('cache_lookups_total')?.get();
  const shared = (all?.values ?? []).filter(({ labels }) => labels['kind'] === 'exposure');
  return Object.fromEntries(shared.map(({ labels, value }) => [String(labels['outcome']), value]));
};
const hitsIn = async (app: TestApp, ask: () => Promise<unknown>): Promise<number> => {
  const before = (await outcomes(app))['hit'] ?? 0;
  await ask();
  return ((await outcomes(app))['hit'] ?? 0) - before;
};

const start = async (redisTimeoutMs?: number): Promise<void> => {
  // Ten minutes into a quarter of an hour: six more lead into the next, and signing in lasts longer.
  const quarter = 15 * 60 * 1000;
  const begun = Math.floor(Temporal.Now.instant().epochMilliseconds / quarter) * quarter;
  now = Temporal.Instant.fromEpochMilliseconds(begun).add({ minutes: 10 });
  redis = await startRedis();
  const options = {
    redisUrl: redis.url,
    clock: { now: () => now },
    ...(redisTimeoutMs !== undefined && { redisTimeoutMs }),
  };
  one = await createTestApp(options);
  other = await createTestApp({ ...options, beside: one });
  // Processes that began at different moments share nothing before both have heard one change of what is everybody's.
  const body = { type: 'Stock' as const, ticker: 'ALL', name: 'For all', exchange: 'XLON', currency: 'GBP' };
  await one.admin.expect(201, 'POST /api/instruments', { body });
  await vi.waitFor(
    async () => {
      for (const { cache } of [one, other]) {
        const key = 'user:ready:preferences' as Parameters<typeof cache.set>[0];
        await cache.set(key, 'ready', 'hot');
        expect(await cache.get(key)).toBe('ready');
      }
    },
    { timeout: 20_000 },
  );
};
const stop = async (): Promise<void> => {
  await other.close();
  await one.close();
  await redis.kill();
};

const setUp = async (): Promise<void> => {
  anna = await one.register();
  const body = {
    type: 'ETF' as const,
    ticker: 'SHR',
    name: 'Shared fund',
    exchange: 'XLON',
    currency: 'GBP',
  };
  fund = (await anna.expect(201, 'POST /api/instruments', { body })).id;
  portfolio = (await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
  await send(60);
};

describe('answers in the cache', () => {
  beforeAll(async () => start(PATIENT_MS), 60_000);
  afterAll(stop);
  beforeEach(setUp);

  it('stand under the specification’s keys, with all that they come from', async () => {
    const day = '2024-03-02';
    await fundAt(anna, { asOf: day });
    await anna.expect(200, 'GET /api/portfolios/:id/overlap', {
      params: { id: portfolio },
      query: { asOf: day },
    });
    await anna.expect(200, 'GET /api/portfolios/:id/summary', { params: { id: portfolio } });
    const keys = await redis.keys();
    expect(keys.some((key) => key.startsWith(`exposure:${fund}:${day}:`))).toBe(true);
    expect(keys.some((key) => key.startsWith(`overlap:${portfolio}:${day}:`))).toBe(true);
    expect(keys.some((key) => key.startsWith(`portfolio:${portfolio}:summary:`))).toBe(true);
  });

  it('hold a person’s preferences until these change', async () => {
    const { id } = await anna.expect(200, 'GET /api/me');
    expect((await redis.keys()).some((key) => key.startsWith(`user:${id}:preferences:`))).toBe(true);
    for (const theme of ['dark', 'light'] as const) {
      await Promise.all([anna.expect(200, 'GET /api/me'), there().expect(200, 'GET /api/me')]);
      await anna.expect(200, 'PATCH /api/me', { body: { preferences: { theme } } });
      const seen = await Promise.all([anna.raw({ url: '/api/me' }), there().raw({ url: '/api/me' })]);
      for (const answer of seen) {
        const { preferences, version } = answer.json<{ preferences: object; version: number }>();
        expect(preferences).toMatchObject({ theme });
        expect(answer.headers['etag']).toBe(`"${version}"`);
      }
    }
  });

  it('are used by another process and another session, and never by another person', async () => {
    const first = await fundAt(anna);
    expect(await hitsIn(other, async () => expect(await fundAt(there())).toEqual(first))).toBe(1);
    const login = await one.anonymous.expect(200, 'POST /api/auth/login', {
      body: { email: anna.email, password: anna.password },
    });
    await fundAt(other.withToken(login.token));
    const ben = await one.register();
    await other
      .withToken(ben.token)
      .refused(404, 'GET /api/instruments/:id/exposure', { params: { id: fund } });
    await anna.expect(204, 'POST /api/auth/logout');
    await there().refused(401, 'GET /api/instruments/:id/exposure', { params: { id: fund } });
  });

  it('give way to a change at once, in the process that made it and in every other', async () => {
    for (const japan of [50, 40, 30]) {
      await Promise.all([fundAt(anna), fundAt(there())]);
      await send(japan);
      expect((await fundAt(anna))['Japan']).toBe(japan);
      expect((await fundAt(there()))['Japan']).toBe(japan);
    }
  });

  it('of today are computed again after a while, because prices grow old; those of a day that is over are not', async () => {
    await Promise.all([fundAt(anna), fundAt(anna, { asOf: '2024-03-02' })]);
    now = now.add({ minutes: 6 });
    expect(await hitsIn(other, async () => fundAt(there()))).toBe(0);
    expect(await hitsIn(other, async () => fundAt(there(), { asOf: '2024-03-02' }))).toBe(1);
  });

  it('that are refusals are not kept, and a day that is none is refused as ever', async () => {
    const before = (await redis.keys()).length;
    await anna.refused(422, 'GET /api/instruments/:id/exposure', {
      params: { id: fund },
      query: { asOf: '2999-01-01' },
    });
    const odd = await anna.raw({ url: `/api/instruments/${fund}/exposure?asOf=2024-02-31` });
    expect([400, 422]).toContain(odd.statusCode);
    await anna.refused(404, 'GET /api/instruments/:id/exposure', { params: { id: portfolio } });
    expect((await redis.keys()).length).toBe(before);
  });
});

describe('a Redis that fails', () => {
  beforeEach(async () => {
    await start();
    await setUp();
  });
  afterEach(stop);

  const right = async (): Promise<void> => {
    expect((await fundAt(anna))['Japan']).toBe(60);
    expect((await fundAt(there()))['Japan']).toBe(60);
    await send(20);
    expect((await fundAt(there()))['Japan']).toBe(20);
    expect((await fundAt(anna))['Japan']).toBe(20);
  };

  it.each<[string, () => Promise<void>]>([
    ['hangs', async () => redis.hang()],
    ['is full', async () => redis.fill()],
    ['is killed', async () => redis.kill()],
    [
      'lies',
      async () => {
        await Promise.all([fundAt(anna), fundAt(anna, { asOf: '2024-03-02' })]);
        await anna.expect(200, 'GET /api/portfolios/:id/overlap', { params: { id: portfolio } });
        await redis.lie();
      },
    ],
  ])('because it %s costs time and nothing else', async (_how, fail) => {
    await fail();
    const startedAt = performance.now();
    await right();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
