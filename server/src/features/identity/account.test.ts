import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let person: TestPerson;
beforeAll(async () => {
  app = await createTestApp();
});
beforeEach(async () => {
  person = await app.register();
});
afterAll(async () => app.close());

const patch = async (body: object) => person.raw({ method: 'PATCH', url: '/api/me', payload: body });

describe('the account', () => {
  it('changes what is given and keeps the rest', async () => {
    const before = await person.expect(200, 'GET /api/me');
    const after = await person.expect(200, 'PATCH /api/me', {
      body: { name: 'Ada', locale: 'fr-FR', timezone: 'America/New_York', expertiseLevel: 'advanced' },
    });
    expect(after).toEqual({
      ...before,
      name: 'Ada',
      locale: 'fr-FR',
      timezone: 'America/New_York',
      expertiseLevel: 'advanced',
      version: before.version + 1,
    });
    const cleared = await person.expect(200, 'PATCH /api/me', { body: { name: null } });
    expect(cleared).toMatchObject({ name: null, locale: 'fr-FR' });
  });

  it('merges preferences, and replaces lists in them', async () => {
    await person.expect(200, 'PATCH /api/me', {
      body: {
        preferences: {
          currency: 'GBP',
          notifications: { email: true, digest: 'daily' },
          research: { preferredSources: ['FT', 'Bloomberg'], excludedSources: ['Rumours'] },
        },
      },
    });
    const { preferences } = await person.expect(200, 'PATCH /api/me', {
      body: {
        preferences: { theme: 'dark', notifications: { push: false }, research: { preferredSources: [] } },
      },
    });
    expect(preferences).toEqual({
      currency: 'GBP',
      theme: 'dark',
      notifications: { email: true, push: false, digest: 'daily' },
      research: { preferredSources: [], excludedSources: ['Rumours'] },
    });
  });

  it('does not grow a version for nothing', async () => {
    const { version } = await person.expect(200, 'GET /api/me');
    expect((await person.expect(200, 'PATCH /api/me', { body: {} })).version).toBe(version);
  });

  it.each([
    [{ email: 'other@example.test' }, 'invalid_fields', 'email'],
    [{ role: 'admin' }, 'invalid_fields', 'role'],
    [{ name: '' }, 'invalid_fields', 'name'],
    [{ name: 'x'.repeat(256) }, 'invalid_fields', 'name'],
    [{ locale: 'klingon' }, 'unknown_locale', 'locale'],
    [{ timezone: 'Europe/Atlantis' }, 'unknown_timezone', 'timezone'],
    [{ expertiseLevel: 'guru' }, 'invalid_fields', 'expertiseLevel'],
    [{ preferences: { theme: 'pink' } }, 'invalid_fields', 'preferences.theme'],
    [{ preferences: { currency: 'GBX' } }, 'unknown_currency', 'preferences.currency'],
    [
      { preferences: { notifications: { digest: 'hourly' } } },
      'invalid_fields',
      'preferences.notifications.digest',
    ],
    [{ preferences: { notifications: { sms: true } } }, 'invalid_fields', 'preferences.notifications.sms'],
    [
      { preferences: { research: { preferredSources: [5] } } },
      'invalid_fields',
      'preferences.research.preferredSources.0',
    ],
    [{ preferences: null }, 'invalid_fields', 'preferences'],
  ])('refuses %j by name', async (body, code, field) => {
    const before = await person.expect(200, 'GET /api/me');
    expect((await patch(body)).json()).toMatchObject({ status: 400, code, field });
    expect(await person.expect(200, 'GET /api/me')).toEqual(before);
  });

  it('of a deleted person is gone at once', async () => {
    await app.database.owner.transaction().execute(async (tx) => {
      await sql`update pm.users set deleted_at = now() where id = ${person.id}`.execute(tx);
    });
    expect((await person.refused(401, 'GET /api/me')).code).toBe('session_ended');
    await app.anonymous.refused(401, 'POST /api/auth/login', {
      body: { email: person.email, password: person.password },
    });
    await app.register(person.email);
  });
});

describe('personal access tokens', () => {
  const make = async (expiresInDays?: number) =>
    person.expect(201, 'POST /api/me/tokens', {
      body: { name: 'nightly script', ...(expiresInDays === undefined ? {} : { expiresInDays }) },
    });

  it('are shown once, act for their owner, and note when they were used', async () => {
    const made = await make(30);
    expect(made.token).toMatch(/^pmt_[\w-]{43}$/u);
    expect(Date.parse(made.expiresAt ?? '') - Date.now()).toBeGreaterThan(29.9 * 86_400_000);
    const script = app.withToken(made.token);
    expect((await script.expect(200, 'GET /api/me')).id).toBe(person.id);
    const [listed] = (await person.expect(200, 'GET /api/me/tokens')).items;
    expect(listed).toMatchObject({ id: made.id, name: 'nightly script' });
    expect(listed?.lastUsedAt).not.toBeNull();
    expect(listed).not.toHaveProperty('token');
  });

  it('outlive the session that made them, until they are revoked', async () => {
    const { id, token } = await make();
    await person.expect(204, 'POST /api/auth/logout');
    await app.withToken(token).expect(200, 'GET /api/me');
    const again = await app.anonymous.expect(200, 'POST /api/auth/login', {
      body: { email: person.email, password: person.password },
    });
    await app.withToken(again.token).expect(204, 'DELETE /api/me/tokens/:id', { params: { id } });
    expect((await app.withToken(token).refused(401, 'GET /api/me')).code).toBe('token_invalid');
    expect((await app.withToken(again.token).expect(200, 'GET /api/me/tokens')).items).toEqual([]);
  });

  it('expire', async () => {
    const { token } = await make(1);
    await app.database.owner.transaction().execute(async (tx) => {
      await sql`update pm.personal_access_tokens set expires_at = now() - interval '1 second'
        where user_id = ${person.id}`.execute(tx);
    });
    expect((await app.withToken(token).refused(401, 'GET /api/me')).code).toBe('token_invalid');
  });

  it('can neither make more of themselves nor end sessions', async () => {
    const made = await make();
    const script = app.withToken(made.token);
    const [session] = (await script.expect(200, 'GET /api/me/sessions')).items;
    const refusals = [
      await script.refused(403, 'POST /api/me/tokens', { body: { name: 'another' } }),
      await script.refused(403, 'DELETE /api/me/tokens/:id', { params: { id: made.id } }),
      await script.refused(403, 'DELETE /api/me/sessions/:id', { params: { id: session?.id ?? '' } }),
    ];
    expect(refusals.map(({ code }) => code)).toEqual(['session_needed', 'session_needed', 'session_needed']);
    expect(session?.current).toBe(false);
  });

  it('of somebody else do not exist', async () => {
    const { id } = await make();
    const stranger = await app.register();
    await stranger.refused(404, 'DELETE /api/me/tokens/:id', { params: { id } });
    expect((await stranger.expect(200, 'GET /api/me/tokens')).items).toEqual([]);
    expect((await person.expect(200, 'GET /api/me/tokens')).items).toHaveLength(1);
  });

  it('are refused when invented', async () => {
    expect((await app.withToken(`pmt_${'A'.repeat(43)}`).refused(401, 'GET /api/me')).code).toBe(
      'token_invalid',
    );
  });

  it('are at most a hundred', async () => {
    await app.database.owner.transaction().execute(async (tx) => {
      await sql`insert into pm.personal_access_tokens (user_id, id, name, token_hash)
        select ${person.id}, gen_random_uuid(), 'x', sha256(('token' || n)::bytea) from generate_series(1, 100) n`.execute(
        tx,
      );
    });
    const problem = await person.refused(422, 'POST /api/me/tokens', { body: { name: 'one too many' } });
    expect(problem.code).toBe('too_many_tokens');
  });
});
