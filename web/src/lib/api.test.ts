import { afterEach, expect, test, vi } from 'vitest';
import { addressOf, api, ApiOffline, ApiProblem, whenSignedOut } from './api.ts';

type Sent = {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: unknown;
};

const answer = (status: number, body?: unknown): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });

/** A server that gives these answers in turn, and what it was sent. */
const serve = (...answers: (Response | Error)[]): Sent[] => {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    sent.push({ url, method: init.method ?? 'GET', headers: new Headers(init.headers), body: init.body });
    const next = answers.shift() ?? answer(200, { status: 'ok' });
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  });
  return sent;
};

afterEach(() => {
  vi.unstubAllGlobals();
  whenSignedOut(() => undefined);
});

const ID = '0190a000-0000-7000-8000-000000000001';

test('fills the path and the query, and leaves out what is not given', () => {
  const address = addressOf(
    '/api/portfolios/:id/summary',
    { id: 'a/b' },
    { asOf: '2024-02-23', basis: undefined, force: true },
  );
  expect(address).toBe('/api/portfolios/a%2Fb/summary?asOf=2024-02-23&force=true');
});

test('a write carries its idempotency key and its body as JSON', async () => {
  const sent = serve(answer(201, { id: ID }));
  await api('POST /api/portfolios', { body: { name: 'Long term' }, idempotencyKey: 'k1' });
  expect(sent[0]?.url).toBe('/api/portfolios');
  expect(sent[0]?.headers.get('idempotency-key')).toBe('k1');
  expect(sent[0]?.body).toBe('{"name":"Long term"}');
});

test('a change carries the version last seen', async () => {
  const sent = serve(answer(200, {}));
  await api('PATCH /api/holdings/:id', { params: { id: ID }, version: 7, body: { theme: 'Bonds' } });
  expect(sent[0]?.headers.get('if-match')).toBe('"7"');
});

test('an expired session is renewed once for all waiting requests, and each goes again with its own key', async () => {
  const sent = serve(
    answer(401, {}),
    answer(401, {}),
    answer(200, {}),
    answer(201, { id: 'a' }),
    answer(200, { items: [], nextCursor: null }),
  );
  await Promise.all([api('POST /api/portfolios', { body: { name: 'A' } }), api('GET /api/portfolios')]);
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /api/portfolios',
    'GET /api/portfolios',
    'POST /api/auth/refresh',
    'POST /api/portfolios',
    'GET /api/portfolios',
  ]);
  expect(sent[0]?.headers.get('idempotency-key')).toBe(sent[3]?.headers.get('idempotency-key'));
});

test('a session that cannot be renewed is over', async () => {
  const over = vi.fn<() => void>();
  whenSignedOut(over);
  serve(answer(401, {}), answer(401, {}));
  await expect(api('GET /api/me')).rejects.toThrow(ApiProblem);
  expect(over).toHaveBeenCalledOnce();
});

test('a refusal tells which field is wrong, in words', async () => {
  const problem = {
    status: 422,
    title: 'No',
    detail: 'You cannot sell more than you hold.',
    code: 'trade.oversold',
    field: 'qty',
  };
  serve(answer(422, problem));
  const error = await api('GET /api/portfolios/:id', { params: { id: ID } }).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(ApiProblem);
  expect((error as ApiProblem).code).toBe('trade.oversold');
  expect((error as ApiProblem).fieldMessage('qty')).toBe('You cannot sell more than you hold.');
});

test('a lost connection is its own error', async () => {
  serve(new TypeError('Failed to fetch'));
  await expect(api('GET /api/portfolios')).rejects.toThrow(ApiOffline);
});
