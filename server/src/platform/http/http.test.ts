import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';
import type { ProblemJson } from './problem.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());

const post = async (
  payload: string | Buffer,
  headers: Record<string, string> = {},
  url = '/api/portfolios',
) => {
  const answer = await app.admin.raw({
    method: 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: answer.statusCode, headers: answer.headers, problem: answer.json<ProblemJson>() };
};
const portfolioCount = async () => (await app.admin.expect(200, 'GET /api/portfolios')).items.length;

describe('bad bodies', () => {
  it.each([
    ['not JSON', '{"name": ', 400, 'not_json', undefined],
    ['a form', 'name=Ours', 400, 'not_json', undefined],
    ['deeply nested', `{"name":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400, 'too_deep', 'name'],
    ['an unknown field', '{"name":"Ours","colour":"red"}', 400, 'invalid_fields', 'colour'],
    [
      'an unknown field further down',
      '{"name":"Ours","lists":{"moods":[]}}',
      400,
      'invalid_fields',
      'lists.moods',
    ],
    ['a missing field', '{}', 400, 'invalid_fields', 'name'],
    ['the wrong type', '{"name":5}', 400, 'invalid_fields', 'name'],
    ['a prototype', '{"name":"Ours","__proto__":{"role":"admin"}}', 400, 'forbidden_key', '__proto__'],
    ['a NUL', '{"name":"Ou\\u0000rs"}', 400, 'invalid_character', 'name'],
    ['half a character', '{"name":"\\udc00"}', 400, 'invalid_character', 'name'],
    ['nothing at all', '', 400, 'invalid_fields', 'body'],
  ])('%s is refused by name and writes nothing', async (_what, payload, status, code, field) => {
    const before = await portfolioCount();
    const answer = await post(payload);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.problem).toMatchObject({
      type: 'about:blank',
      status,
      code,
      requestId: answer.headers['x-request-id'],
    });
    expect(answer.problem.field).toBe(field);
    expect(answer.problem.detail.length).toBeGreaterThan(10);
    expect(await portfolioCount()).toBe(before);
  });

  it('a body above the limit is refused with the limit', async () => {
    const { status, problem } = await post(JSON.stringify({ name: 'x'.repeat(1_048_576) }));
    expect(status).toBe(413);
    expect(problem).toMatchObject({ code: 'body_too_large' });
    expect(problem.detail).toContain('than the 1 MB allowed');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/csv'])(
    'as %s is refused with 415',
    async (type) => {
      const { status, problem } = await post('name=Ours', { 'content-type': type });
      expect([status, problem.code]).toEqual([415, 'unsupported_media_type']);
    },
  );

  it('that is compressed is refused, not misread', async () => {
    const { status, problem } = await post('{"name":"Ours"}', { 'content-encoding': 'gzip' });
    expect([status, problem.code]).toEqual([415, 'unsupported_encoding']);
  });

  it('a body or query where none is taken is refused by name', async () => {
    const body = await app.admin.raw({
      method: 'DELETE',
      url: `/api/me/tokens/${app.admin.id}`,
      payload: { all: true },
    });
    expect([body.statusCode, body.json<ProblemJson>().field]).toEqual([400, 'all']);
    const query = await app.admin.raw({ method: 'GET', url: '/api/me?fields=email' });
    expect([query.statusCode, query.json<ProblemJson>().field]).toEqual([400, 'fields']);
  });
});

describe('bad addresses', () => {
  it.each([
    ['/api/nothing', 404],
    ['/api', 404],
    ['/api/portfolios/not-an-id', 400],
    ['/api/portfolios/%00', 400],
    ['/api/portfolios/%zz', 400],
    [`/api/portfolios/${'9'.repeat(1_000)}`, 404],
    ['/api/portfolios?limit=0', 400],
    ['/api/portfolios?limit=201', 400],
    ['/api/portfolios?limit=1e3', 400],
    ['/api/portfolios?cursor=%00', 400],
    ['/api/portfolios?cursor=whatever', 400],
    ['/api/portfolios/0190a8b2-0000-7000-8000-000000000000', 404],
  ])('%.40s answers %i as a problem', async (url, status) => {
    const answer = await app.admin.raw({ method: 'GET', url });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json<ProblemJson>().requestId).toBe(answer.headers['x-request-id']);
  });

  it('a method that a route does not have is 404', async () => {
    expect((await app.admin.raw({ method: 'PUT', url: '/api/me', payload: {} })).statusCode).toBe(404);
  });
});

describe('every answer', () => {
  it('forbids what a data answer never needs, and is nobody else’s to keep', async () => {
    const { headers } = await app.admin.call('GET /api/portfolios');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('asks for TLS for ever only where there is TLS', async () => {
    const secure = await app.admin.raw({
      method: 'GET',
      url: '/api/me',
      headers: { 'x-forwarded-proto': 'https' },
    });
    expect(secure.headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains');
  });
});

describe('versions', () => {
  it('answer the ETag, take it back as If-Match and refuse a lost update', async () => {
    const person = await app.register();
    const first = await person.call('GET /api/me');
    expect(first.headers['etag']).toBe(`"${first.json<{ version: number }>().version}"`);
    const seen = first.json<{ version: number }>().version;

    const changed = await person.expect(200, 'PATCH /api/me', { body: { name: 'First' }, ifMatch: seen });
    expect(changed.version).toBe(seen + 1);
    const late = await person.refused(412, 'PATCH /api/me', { body: { name: 'Second' }, ifMatch: seen });
    expect(late.code).toBe('version_mismatch');
    expect((await person.expect(200, 'GET /api/me')).name).toBe('First');
    await person.refused(400, 'PATCH /api/me', {
      body: { name: 'Third' },
      headers: { 'if-match': 'yesterday' },
    });
  });

  it('are no cache key: the next person at the same browser must not see this one', async () => {
    const [first, second] = [await app.register(), await app.register()];
    const etag = String((await first.call('GET /api/me')).headers['etag']);
    const answer = await second.call('GET /api/me', { headers: { 'if-none-match': etag } });
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  });
});

describe('metrics', () => {
  const metrics = async (headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
    app.server.fastify.inject({ method: 'GET', url: '/metrics', headers, remoteAddress });

  it('are for this machine and for administrators', async () => {
    const member = await app.register();
    expect((await metrics()).payload).toContain('http_request_duration_seconds_bucket');
    expect((await metrics({}, '192.0.2.7')).statusCode).toBe(401);
    expect((await metrics({ 'x-forwarded-for': '192.0.2.7' })).statusCode).toBe(401);
    expect((await metrics({ authorization: `Bearer ${member.token}` }, '192.0.2.7')).statusCode).toBe(403);
    expect((await metrics({ authorization: `Bearer ${app.admin.token}` }, '192.0.2.7')).statusCode).toBe(200);
  });

  it('count by route pattern, never by address', async () => {
    await app.admin.call('GET /api/portfolios/:id', {
      params: { id: '0190a8b2-0000-7000-8000-00000000dead' },
    });
    const { payload } = await metrics();
    expect(payload).toContain('route="/api/portfolios/:id",status="404"');
    expect(payload).not.toContain('dead');
  });
});

describe('over a real socket', () => {
  let address: URL;
  beforeAll(async () => {
    address = new URL(await app.server.listen({ host: '127.0.0.1', port: 0 }));
  });

  const send = async (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(address.port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  it('what is not HTTP gets a problem too', async () => {
    const answer = await send('NONSENSE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /u);
    expect(answer).toContain('"code":"invalid_http"');
  });

  it('headers without end get 431', async () => {
    const answer = await send(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Filler: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /u);
  });

  it('closing lets the answer under way finish and takes no new one', async () => {
    const other = await createTestApp();
    const base = await other.server.listen({ host: '127.0.0.1', port: 0 });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: locked, resolve: lock } = Promise.withResolvers<void>();
    const holder = other.database.owner.transaction().execute(async (tx) => {
      await tx.selectFrom('users').select('id').where('id', '=', other.admin.id).forUpdate().execute();
      lock();
      await released;
    });
    await locked;
    const waiting = fetch(`${base}/api/me`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${other.admin.token}`, 'content-type': 'application/json' },
      body: '{"name":"In time"}',
    });
    await vi.waitFor(() => expect(other.server.load.inFlight).toBe(1));
    const closed = other.server.close();
    await expect(fetch(`${base}/healthz`)).rejects.toThrow('fetch failed');
    release();
    const answer = await waiting;
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ name: 'In time' })]);
    await Promise.all([holder, closed]);
    await other.close();
  });
});
