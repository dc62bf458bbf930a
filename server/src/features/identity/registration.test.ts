import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestAppOptions } from '../../../../tests/support/app.ts';

const apps: TestApp[] = [];
const start = async (options: TestAppOptions = {}): Promise<TestApp> => {
  const app = await createTestApp(options);
  apps.push(app);
  return app;
};
afterEach(async () => {
  await Promise.all(apps.splice(0).map(async (app) => app.close()));
});

const ADA = { email: 'ada@example.test', password: 'a long password' };
const register = async (app: TestApp, body: object) =>
  app.anonymous.raw({ method: 'POST', url: '/api/auth/register', payload: body });
const rowCount = async (app: TestApp): Promise<number> => {
  const { rows } = await app.database.owner
    .transaction()
    .execute(async (tx) => sql<{ n: number }>`select count(*)::int as n from pm.users`.execute(tx));
  return rows[0]?.n ?? -1;
};

describe('registering', () => {
  it('answers 201 with an access token and the user, and never the password or its hash', async () => {
    const app = await start({ empty: true });
    const answer = await register(app, { ...ADA, name: 'Ada', locale: 'de-ch', timezone: 'europe/zurich' });
    expect(answer.statusCode).toBe(201);
    const body = answer.json<{ token: string; user: { id: string } }>();
    expect(body.user).toMatchObject({
      email: 'ada@example.test',
      name: 'Ada',
      role: 'admin',
      locale: 'de-CH',
      timezone: 'Europe/Zurich',
      expertiseLevel: 'beginner',
      preferences: {},
    });
    expect(Object.keys(body).toSorted()).toEqual(['expiresAt', 'token', 'user']);
    expect(answer.payload).not.toMatch(/password|hash|\$2b\$/u);
    expect((await app.withToken(body.token).expect(200, 'GET /api/me')).id).toBe(body.user.id);
  });

  it('stores bcrypt of cost 12 outside tests', async () => {
    const { createPasswords } = await import('./index.ts');
    expect(await createPasswords().hash('a long password', 'ada@example.test')).toMatch(/^\$2b\$12\$/u);
  });

  it('makes exactly one admin of two simultaneous first people', async () => {
    const app = await start({ empty: true });
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => register(app, { ...ADA, email: `${name}@example.test` })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201, 201]);
    const roles = answers.map((answer) => answer.json<{ user: { role: string } }>().user.role);
    expect(roles.toSorted()).toEqual(['admin', 'member', 'member', 'member']);
  });

  it('takes an address once, whatever its letter case, also when two ask at once', async () => {
    const app = await start({ empty: true });
    const both = await Promise.all([
      register(app, ADA),
      register(app, { ...ADA, email: 'ADA@Example.Test' }),
    ]);
    expect(both.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const again = await register(app, ADA);
    expect(again.json()).toMatchObject({ status: 409, code: 'email_taken', field: 'email' });
    expect(await rowCount(app)).toBe(1);
  });

  it('when closed still takes the first person, and nobody after', async () => {
    const app = await start({ empty: true, registration: 'closed' });
    expect(await app.anonymous.expect(200, 'GET /api/auth/options')).toEqual({ registrationOpen: true });
    expect((await register(app, ADA)).statusCode).toBe(201);
    expect(await app.anonymous.expect(200, 'GET /api/auth/options')).toEqual({ registrationOpen: false });
    const second = await register(app, { ...ADA, email: 'bob@example.test' });
    expect(second.json()).toMatchObject({ status: 403, code: 'registration_closed' });
    expect(await rowCount(app)).toBe(1);
  });

  it('takes exactly 72 bytes', async () => {
    const app = await start({ empty: true });
    const password = 'é'.repeat(36);
    expect((await register(app, { ...ADA, password })).statusCode).toBe(201);
    await app.anonymous.expect(200, 'POST /api/auth/login', { body: { ...ADA, password } });
    // bcrypt would ignore what follows the 72nd byte.
    await app.anonymous.refused(401, 'POST /api/auth/login', { body: { ...ADA, password: `${password}x` } });
  });
});

describe('a registration that cannot be', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ empty: true });
  });
  afterAll(async () => app.close());

  it.each([
    ['no address', { password: 'a long password' }, 'invalid_fields', 'email'],
    ['no e-mail address', { ...ADA, email: 'ada' }, 'invalid_fields', 'email'],
    ['an endless address', { ...ADA, email: `${'a'.repeat(250)}@example.test` }, 'invalid_fields', 'email'],
    ['seven characters', { ...ADA, password: 'seven77' }, 'invalid_fields', 'password'],
    ['eight characters that are four', { ...ADA, password: '😀😀😀😀' }, 'invalid_fields', 'password'],
    ['73 bytes', { ...ADA, password: 'x'.repeat(73) }, 'password_too_long', 'password'],
    ['37 characters of two bytes', { ...ADA, password: 'é'.repeat(37) }, 'password_too_long', 'password'],
    ['blanks', { ...ADA, password: ' '.repeat(12) }, 'weak_password', 'password'],
    ['the address itself', { ...ADA, password: 'ADA@example.test' }, 'weak_password', 'password'],
    ['a role', { ...ADA, role: 'admin' }, 'invalid_fields', 'role'],
    ['an unknown locale', { ...ADA, locale: 'xx-XX' }, 'unknown_locale', 'locale'],
    ['an underscored locale', { ...ADA, locale: 'en_GB' }, 'unknown_locale', 'locale'],
    ['an unknown time zone', { ...ADA, timezone: 'Mars/Olympus' }, 'unknown_timezone', 'timezone'],
    ['an offset for a time zone', { ...ADA, timezone: '+01:00' }, 'unknown_timezone', 'timezone'],
  ])('refuses %s by name and stores nobody', async (_what, body, code, field) => {
    const answer = await register(app, body);
    expect(answer.json()).toMatchObject({ status: 400, code, field });
    expect(await rowCount(app)).toBe(0);
  });
});
