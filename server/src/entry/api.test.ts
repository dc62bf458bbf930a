import { routes } from '@pm/contracts';
import type { RouteContract } from '@pm/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../tests/support/app.ts';
import type { ProblemJson } from '#platform/http/problem.ts';

let app: TestApp;
let member: TestPerson;
beforeAll(async () => {
  app = await createTestApp();
  member = await app.register();
});
afterAll(async () => app.close());

const NOBODYS_ID = '0190a8b2-0000-7000-8000-000000000000';
const contracts = Object.entries(routes) as [key: string, contract: RouteContract][];
/** A request of the route with nobody's id wherever an id is needed, in the address and in its query. */
const partsOf = (key: string) => {
  const [method = '', path = ''] = key.split(' ');
  const query = (routes as Record<string, RouteContract>)[key]?.query;
  const needed: readonly string[] =
    query !== undefined && 'required' in query ? (query.required as string[]) : [];
  const asked = needed.map((name) => `${name}=${NOBODYS_ID}`).join('&');
  const url =
    path.replaceAll(':date', '2026-01-02').replaceAll(/:\w+/gu, NOBODYS_ID) +
    (asked === '' ? '' : `?${asked}`);
  return { method: method as 'GET' | 'POST', url };
};

describe('every route', () => {
  it('of the contracts is answered', () => {
    const missing = contracts.map(([key]) => key).filter((key) => !app.server.registeredRoutes.includes(key));
    expect(missing).toEqual([]);
  });

  it('under /api has a contract', () => {
    const documentation = /^\w+ \/api\/(?:openapi\.json$|docs(?:\/|$))/u;
    // A WebSocket: no request and answer, but messages, which contracts/stream.ts describes.
    const socket = 'GET /api/stream';
    const strangers = app.server.registeredRoutes.filter(
      (route) =>
        !route.startsWith('HEAD ') &&
        / \/api(?:\/|$)/u.test(route) &&
        !documentation.test(route) &&
        route !== socket &&
        !(route in routes),
    );
    expect(strangers).toEqual([]);
  });

  it.each(contracts.filter(([, { auth }]) => auth !== 'none').map(([key]) => key))(
    '%s refuses nobody in particular',
    async (key) => {
      const answer = await app.anonymous.raw({ ...partsOf(key), payload: 'whatever it is' });
      expect([answer.statusCode, answer.json<ProblemJson>().code]).toEqual([401, 'unauthorised']);
      const forged = await app.withToken('eyJhbGciOiJub25lIn0.e30.').raw(partsOf(key));
      expect([forged.statusCode, forged.json<ProblemJson>().code]).toEqual([401, 'token_invalid']);
    },
  );

  it.each(contracts.filter(([, { auth }]) => auth === 'admin').map(([key]) => key))(
    '%s is for administrators',
    async (key) => {
      const answer = await member.raw(partsOf(key));
      expect([answer.statusCode, answer.json<ProblemJson>().code]).toEqual([403, 'admin_only']);
    },
  );

  it.each(
    contracts
      .filter(([key, { auth }]) => /^(?:GET|DELETE) .*:/u.test(key) && auth === 'user')
      .map(([key]) => key),
  )('%s answers 404 for an id that is nobody’s and 400 for what is no id', async (key) => {
    const answer = await member.raw(partsOf(key));
    expect([answer.statusCode, answer.json<ProblemJson>().code]).toEqual([404, 'not_found']);
    const { method, url } = partsOf(key);
    const strange = await member.raw({ method, url: url.replace(NOBODYS_ID, 'not-an-id') });
    expect([strange.statusCode, strange.json<ProblemJson>().field]).toEqual([400, 'id']);
  });
});
