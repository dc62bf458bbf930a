import { afterEach, describe, expect, it, vi } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestAppOptions } from '../../../../tests/support/app.ts';
import { poolUsage } from '#platform/database/index.ts';

import { RATE_LIMITS } from './limits.ts';
import type { ProblemJson } from './problem.ts';

const apps: TestApp[] = [];
const start = async (options: TestAppOptions): Promise<TestApp> => {
  const app = await createTestApp(options);
  apps.push(app);
  return app;
};
afterEach(async () => {
  await Promise.all(apps.splice(0).map(async (app) => app.close()));
});

const few = { max: 3, windowSeconds: 60 };
const many = { max: 1_000, windowSeconds: 60 };
const unlimited = {
  general: many,
  signInByAddress: many,
  signInByEmail: many,
  register: many,
  refresh: many,
};

describe('too many requests', () => {
  it('from one address get 429 with Retry-After, others do not', async () => {
    const app = await start({ empty: true, rateLimits: { ...unlimited, general: few } });
    const ask = async (remoteAddress: string) =>
      app.server.fastify.inject({ method: 'GET', url: '/api/auth/options', remoteAddress });
    const answers = [];
    for (let index = 0; index < 4; index += 1) answers.push(await ask('192.0.2.1'));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429]);
    const last = answers[3];
    expect(last?.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(last?.json<ProblemJson>()).toMatchObject({ code: 'too_many_requests', status: 429 });
    const wait = Number(last?.headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect((await ask('192.0.2.2')).statusCode).toBe(200);
    expect(
      (await app.server.fastify.inject({ method: 'GET', url: '/healthz', remoteAddress: '192.0.2.1' }))
        .statusCode,
    ).toBe(200);
  });

  it('are not counted for a program on this machine, but for what comes through a proxy on it', async () => {
    const app = await start({ empty: true, rateLimits: { ...unlimited, general: few } });
    const ask = async (headers: Record<string, string>) =>
      (
        await app.server.fastify.inject({
          method: 'GET',
          url: '/api/auth/options',
          remoteAddress: '127.0.0.1',
          headers,
        })
      ).statusCode;
    for (let index = 0; index < 6; index += 1) expect(await ask({})).toBe(200);
    const proxied = [];
    for (let index = 0; index < 4; index += 1) proxied.push(await ask({ 'x-forwarded-for': '192.0.2.1' }));
    expect(proxied).toEqual([200, 200, 200, 429]);
    expect(await ask({ 'x-forwarded-for': '192.0.2.2' })).toBe(200);
  });

  it('to sign in to one account are stopped wherever they come from, whatever the letter case', async () => {
    const app = await start({ rateLimits: { ...unlimited, signInByEmail: few } });
    const guess = async (email: string, remoteAddress: string) =>
      (
        await app.server.fastify.inject({
          method: 'POST',
          url: '/api/auth/login',
          payload: { email, password: 'a wrong guess' },
          remoteAddress,
        })
      ).statusCode;
    expect(await guess('admin@example.test', '192.0.2.1')).toBe(401);
    expect(await guess('ADMIN@example.test', '192.0.2.2')).toBe(401);
    expect(await guess('Admin@Example.test', '192.0.2.3')).toBe(401);
    expect(await guess('admin@example.test', '192.0.2.4')).toBe(429);
    expect(await guess('somebody@example.test', '192.0.2.4')).toBe(401);
  });

  it.each([
    ['signInByAddress', 'POST', '/api/auth/login', { email: 'a@example.test', password: 'x' }],
    ['register', 'POST', '/api/auth/register', { email: 'a@example.test', password: 'short' }],
    ['refresh', 'POST', '/api/auth/refresh', { refreshToken: 'pmr_x' }],
  ] as const)('have a limit of their own: %s', async (name, method, url, payload) => {
    const app = await start({ rateLimits: { ...unlimited, [name]: few } });
    const statuses = [];
    for (let index = 0; index < 4; index += 1) {
      const answer = await app.server.fastify.inject({ method, url, payload, remoteAddress: '192.0.2.9' });
      statuses.push(answer.statusCode);
    }
    expect(statuses.slice(0, 3)).not.toContain(429);
    expect(statuses[3]).toBe(429);
  });

  it('are stricter for sign-in than for the rest', () => {
    for (const name of ['signInByAddress', 'signInByEmail', 'register', 'refresh'] as const) {
      expect(RATE_LIMITS[name].max).toBeLessThanOrEqual(120);
    }
  });
});

describe('overload', () => {
  it('answers 503 with Retry-After at once, and counts correctly afterwards', async () => {
    const app = await start({ inFlightMax: 4 });
    const answers = await Promise.all(
      Array.from({ length: 12 }, async () => app.admin.call('GET /api/portfolios')),
    );
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
    const refused = answers.filter(({ statusCode }) => statusCode === 503);
    expect(refused).toHaveLength(8);
    expect(refused[0]?.headers['retry-after']).toBe('2');
    expect(refused[0]?.json<ProblemJson>().code).toBe('unavailable');
    expect(app.server.load.inFlight).toBe(0);
    await app.admin.expect(200, 'GET /api/portfolios');
  });

  it('a full pool is 503, not 500', async () => {
    const app = await start({ pool: { max: 2, connectionTimeoutMillis: 2_000 } });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: locked, resolve: lock } = Promise.withResolvers<void>();
    const holder = app.database.owner.transaction().execute(async (tx) => {
      await tx.selectFrom('users').select('id').where('id', '=', app.admin.id).forUpdate().execute();
      lock();
      await released;
    });
    await locked;
    // Two writers wait for the row and hold both connections; the third request gets none.
    const writers = [1, 2].map(async (n) =>
      app.admin.call('PATCH /api/me', { body: { name: `Writer ${n}` } }),
    );
    await vi.waitFor(() => expect(poolUsage(app.db)).toMatchObject({ total: 2, idle: 0 }));
    const answer = await app.admin.call('GET /api/me');
    expect([answer.statusCode, answer.json<ProblemJson>().code]).toEqual([503, 'unavailable']);
    expect(answer.headers).toHaveProperty('retry-after');
    release();
    expect((await Promise.all(writers)).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    await holder;
  });
});
