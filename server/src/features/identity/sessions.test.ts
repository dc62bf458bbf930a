import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { fixedClock } from '#platform/clock.ts';
import type { ProblemJson } from '#platform/http/problem.ts';
import { createSecrets } from '#platform/secrets.ts';
import { createAccessTokens } from '#platform/tokens.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());

const HOST = 'portfolio.example.test';
const SAME_ORIGIN = { host: HOST, origin: `http://${HOST}` };

type Jar = { readonly pm_access?: string | undefined; readonly pm_refresh?: string | undefined };
type SetCookie = { readonly name: string; readonly value: string };
const jarOf = (cookies: readonly SetCookie[]): Jar =>
  Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
const present = (jar: Jar): Record<string, string> =>
  Object.fromEntries(
    Object.entries(jar).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** A browser: it has cookies and no Authorization header. */
const browse = async (
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  jar: Jar,
  headers: object = SAME_ORIGIN,
  payload?: object,
) =>
  app.anonymous.raw({
    method,
    url,
    cookies: present(jar),
    headers: { ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
const signIn = async (person: TestPerson): Promise<Jar> => {
  const { email, password } = person;
  const answer = await browse('POST', '/api/auth/login', {}, SAME_ORIGIN, { email, password });
  return jarOf(answer.cookies);
};
const refresh = async (refreshToken: string) =>
  app.anonymous.call('POST /api/auth/refresh', { body: { refreshToken } });
const age = async (person: TestPerson, interval: string): Promise<void> => {
  await app.database.owner.transaction().execute(async (tx) => {
    await sql`update pm.session_tokens set superseded_at = superseded_at - ${interval}::interval
      where user_id = ${person.id}`.execute(tx);
  });
};

describe('signing in', () => {
  it('answers a token, the user and when they last signed in', async () => {
    const { email, password } = await app.register();
    const first = await app.anonymous.expect(200, 'POST /api/auth/login', {
      body: { email: email.toUpperCase(), password },
    });
    expect(first.user.email).toBe(email);
    expect(Date.parse(first.user.lastLoginAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(Date.parse(first.expiresAt) - Date.now()).toBeGreaterThan(14 * 60_000);
    expect(Date.parse(first.expiresAt) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    expect(first).not.toHaveProperty('refreshToken');
  });

  it('says the same of a wrong password and an unknown person', async () => {
    const { email } = await app.register();
    const wrong = await app.anonymous.refused(401, 'POST /api/auth/login', {
      body: { email, password: 'not this one' },
    });
    const unknown = await app.anonymous.refused(401, 'POST /api/auth/login', {
      body: { email: 'nobody@example.test', password: 'not this one' },
    });
    expect(wrong.code).toBe('wrong_credentials');
    expect({ ...unknown, requestId: '' }).toEqual({ ...wrong, requestId: '' });
  });

  it('sets cookies that scripts cannot read and other sites cannot send', async () => {
    const { email, password } = await app.register();
    const answer = await browse('POST', '/api/auth/login', {}, SAME_ORIGIN, { email, password });
    expect(answer.cookies).toEqual([
      expect.objectContaining({ name: 'pm_access', path: '/api', httpOnly: true, sameSite: 'Strict' }),
      expect.objectContaining({ name: 'pm_refresh', path: '/api/auth', httpOnly: true, sameSite: 'Strict' }),
    ]);
    for (const cookie of answer.cookies) expect(cookie).not.toHaveProperty('secure');
    const secure = await browse(
      'POST',
      '/api/auth/login',
      {},
      { ...SAME_ORIGIN, 'x-forwarded-proto': 'https' },
      { email, password },
    );
    for (const cookie of secure.cookies) expect(cookie).toMatchObject({ secure: true });
  });

  it('leaves no cookie with a script that asks for the refresh token in the body', async () => {
    const { email, password } = await app.register();
    const answer = await app.anonymous.call('POST /api/auth/login', {
      query: { refreshToken: 'body' },
      body: { email, password },
    });
    expect(answer.cookies).toEqual([]);
    expect(answer.json<{ refreshToken: string }>().refreshToken).toMatch(/^pmr_/u);
  });
});

describe('an access token', () => {
  const me = async (authorization: string) =>
    app.anonymous.raw({ method: 'GET', url: '/api/me', headers: { authorization } });
  const refusal = async (authorization: string) => {
    const answer = await me(authorization);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    return [answer.statusCode, answer.json<ProblemJson>().code];
  };

  it('is needed', async () => {
    expect((await app.anonymous.refused(401, 'GET /api/me')).code).toBe('unauthorised');
    expect(await refusal('Basic YTpi')).toEqual([401, 'token_invalid']);
    expect(await refusal('Bearer')).toEqual([401, 'token_invalid']);
  });

  it('that expired, was forged, or is unsigned is refused', async () => {
    const person = await app.register();
    const [head = '', payload = ''] = person.token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    expect(await refusal(`Bearer ${none}.${payload}.`)).toEqual([401, 'token_invalid']);
    expect(await refusal(`Bearer ${head}.${payload}.AAAA`)).toEqual([401, 'token_invalid']);

    const claims = { userId: person.id, sessionId: crypto.randomUUID() };
    const stranger = await createAccessTokens(
      createSecrets(['s'.repeat(40)]),
      fixedClock(Temporal.Now.instant()),
    ).issue(claims);
    expect(await refusal(`Bearer ${stranger.token}`)).toEqual([401, 'token_invalid']);
    expect(await refusal(`Bearer ${person.token}${'x'.repeat(3_000)}`)).toEqual([401, 'token_invalid']);
  });

  it('that is genuine but of a session that never was is refused', async () => {
    const person = await app.register();
    const { token } = await app.server.accessTokens.issue({
      userId: person.id,
      sessionId: crypto.randomUUID(),
    });
    expect(await refusal(`Bearer ${token}`)).toEqual([401, 'session_ended']);
  });

  it('expires', async () => {
    const clock = fixedClock(Temporal.Now.instant());
    const other = await createTestApp({ clock });
    await other.admin.expect(200, 'GET /api/me');
    clock.advance({ minutes: 15 });
    expect((await other.admin.refused(401, 'GET /api/me')).code).toBe('token_expired');
    await other.close();
  });
});

describe('the access cookie', () => {
  it('reads from anywhere and writes from this site only', async () => {
    const person = await app.register();
    const jar = await signIn(person);
    const rename = async (headers: object) => browse('PATCH', '/api/me', jar, headers, { name: 'Renamed' });
    expect((await browse('GET', '/api/me', jar, {})).statusCode).toBe(200);
    for (const headers of [
      {},
      { host: HOST, origin: 'https://evil.example' },
      { host: HOST, origin: 'null' },
      { host: HOST, origin: `http://${HOST}.evil.example` },
      { ...SAME_ORIGIN, 'sec-fetch-site': 'cross-site' },
      { ...SAME_ORIGIN, 'sec-fetch-site': 'same-site' },
    ]) {
      const answer = await rename(headers);
      expect([headers, answer.statusCode, answer.json<ProblemJson>().code]).toEqual([
        headers,
        403,
        'cross_site_request',
      ]);
    }
    expect((await person.expect(200, 'GET /api/me')).name).toBeNull();
    expect((await rename(SAME_ORIGIN)).statusCode).toBe(200);
    expect((await rename({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200);
  });

  it('does not help a bad Authorization header', async () => {
    const jar = await signIn(await app.register());
    expect((await browse('GET', '/api/me', jar, { authorization: 'Bearer nonsense' })).statusCode).toBe(401);
  });
});

describe('refreshing', () => {
  it('exchanges the token for a new pair, in the carrier it came in', async () => {
    const person = await app.register();
    const answer = await refresh(person.refreshToken);
    const body = answer.json<{ token: string; refreshToken: string }>();
    expect(answer.cookies).toEqual([]);
    expect(body.refreshToken).not.toBe(person.refreshToken);
    expect((await app.withToken(body.token).expect(200, 'GET /api/me')).id).toBe(person.id);
    expect((await refresh(body.refreshToken)).statusCode).toBe(200);

    const jar = await signIn(person);
    const renewed = await browse('POST', '/api/auth/refresh', jar);
    expect(renewed.json()).not.toHaveProperty('refreshToken');
    expect(jarOf(renewed.cookies).pm_refresh).not.toBe(jar.pm_refresh);
  });

  it('tolerates two tabs within 20 seconds', async () => {
    const person = await app.register();
    const both = await Promise.all([refresh(person.refreshToken), refresh(person.refreshToken)]);
    expect(both.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    await age(person, '19 seconds');
    expect((await refresh(person.refreshToken)).statusCode).toBe(200);
    for (const answer of both) {
      const { refreshToken } = answer.json<{ refreshToken: string }>();
      expect((await refresh(refreshToken)).statusCode).toBe(200);
    }
  });

  it('takes a token used again later for stolen and ends that session for good, and only that one', async () => {
    const person = await app.register();
    const elsewhere = await signIn(person);
    const newer = (await refresh(person.refreshToken)).json<{ token: string; refreshToken: string }>();
    await age(person, '21 seconds');
    const stolen = await refresh(person.refreshToken);
    expect([stolen.statusCode, stolen.json<ProblemJson>().code]).toEqual([401, 'session_ended']);
    // The refusal did not undo the revocation.
    expect((await refresh(newer.refreshToken)).statusCode).toBe(401);
    expect((await app.withToken(newer.token).refused(401, 'GET /api/me')).code).toBe('session_ended');
    expect((await person.refused(401, 'GET /api/me')).code).toBe('session_ended');
    expect((await browse('GET', '/api/me', elsewhere)).statusCode).toBe(200);
  });

  it('refuses unknown, missing and expired tokens and forgets the cookies', async () => {
    expect((await app.anonymous.refused(401, 'POST /api/auth/refresh')).code).toBe('unauthorised');
    const unknown = await browse('POST', '/api/auth/refresh', { pm_refresh: 'pmr_unknown' });
    expect([unknown.statusCode, unknown.json<ProblemJson>().code]).toEqual([401, 'session_ended']);
    expect(jarOf(unknown.cookies)).toEqual({ pm_access: '', pm_refresh: '' });

    const person = await app.register();
    await app.database.owner.transaction().execute(async (tx) => {
      await sql`update pm.sessions set expires_at = now() - interval '1 second' where user_id = ${person.id}`.execute(
        tx,
      );
    });
    expect((await refresh(person.refreshToken)).statusCode).toBe(401);
    expect((await person.refused(401, 'GET /api/me')).code).toBe('session_ended');
  });

  it('by cookie needs to come from this site', async () => {
    const jar = await signIn(await app.register());
    const answer = await browse('POST', '/api/auth/refresh', jar, {
      host: HOST,
      origin: 'https://evil.example',
    });
    expect([answer.statusCode, answer.json<ProblemJson>().code]).toEqual([403, 'cross_site_request']);
    expect((await browse('POST', '/api/auth/refresh', jar)).statusCode).toBe(200);
  });
});

describe('signing out', () => {
  it('ends the session at once, by cookie', async () => {
    const jar = await signIn(await app.register());
    const answer = await browse('POST', '/api/auth/logout', jar);
    expect(answer.statusCode).toBe(204);
    expect(jarOf(answer.cookies)).toEqual({ pm_access: '', pm_refresh: '' });
    expect((await browse('GET', '/api/me', jar)).json<ProblemJson>().code).toBe('session_ended');
    expect((await browse('POST', '/api/auth/refresh', jar)).statusCode).toBe(401);
    expect((await browse('POST', '/api/auth/logout', jar)).statusCode).toBe(204);
  });

  it('ends it by refresh token in the body, or by access token', async () => {
    const first = await app.register();
    await app.anonymous.expect(204, 'POST /api/auth/logout', { body: { refreshToken: first.refreshToken } });
    await first.refused(401, 'GET /api/me');
    const second = await app.register();
    await second.expect(204, 'POST /api/auth/logout');
    await second.refused(401, 'GET /api/me');
    expect((await refresh(second.refreshToken)).statusCode).toBe(401);
  });

  it('with nothing to end is fine', async () => {
    expect(await app.anonymous.expect(204, 'POST /api/auth/logout')).toBeNull();
  });

  it('cannot be caused by another site', async () => {
    const jar = await signIn(await app.register());
    expect((await browse('POST', '/api/auth/logout', jar, {})).statusCode).toBe(403);
    expect((await browse('GET', '/api/me', jar)).statusCode).toBe(200);
  });
});

describe('the list of sessions', () => {
  it('shows living ones, newest first, a page at a time, and which one this is', async () => {
    const person = await app.register();
    const jar = await signIn(person);
    const all = await person.expect(200, 'GET /api/me/sessions');
    expect(all.items.map(({ current }) => current)).toEqual([false, true]);
    expect(all.items[0]?.userAgent).toBe('lightMyRequest');
    const first = await person.expect(200, 'GET /api/me/sessions', { query: { limit: 1 } });
    const second = await person.expect(200, 'GET /api/me/sessions', {
      query: { limit: 1, cursor: first.nextCursor ?? '' },
    });
    expect([...first.items, ...second.items]).toEqual(all.items);
    expect(second.nextCursor).toBeNull();
    await browse('POST', '/api/auth/logout', jar);
    expect((await person.expect(200, 'GET /api/me/sessions')).items).toHaveLength(1);
  });

  it('ends another of one’s own, and nobody else’s', async () => {
    const [person, stranger] = [await app.register(), await app.register()];
    const jar = await signIn(person);
    const [session] = (await person.expect(200, 'GET /api/me/sessions')).items;
    const params = { id: session?.id ?? '' };
    expect((await stranger.refused(404, 'DELETE /api/me/sessions/:id', { params })).code).toBe('not_found');
    expect((await browse('GET', '/api/me', jar)).statusCode).toBe(200);
    await person.expect(204, 'DELETE /api/me/sessions/:id', { params });
    expect((await browse('GET', '/api/me', jar)).statusCode).toBe(401);
    await person.refused(404, 'DELETE /api/me/sessions/:id', { params });
    await person.expect(200, 'GET /api/me');
  });
});
