import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';

type Line = Record<string, unknown>;

const lines: string[] = [];
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ logLines: lines });
});
beforeEach(() => {
  lines.length = 0;
});
afterAll(async () => app.close());

const logged = (): Line[] => lines.map((line) => JSON.parse(line) as Line);

describe('the log', () => {
  it('has one line a request: its id, the person, the route, the status and the duration', async () => {
    const answer = await app.admin.call('GET /api/portfolios', { query: { limit: 7 } });
    const [line, ...rest] = logged();
    expect(rest).toEqual([]);
    expect(line).toMatchObject({
      level: 'info',
      msg: 'request',
      requestId: answer.headers['x-request-id'],
      userId: app.admin.id,
      method: 'GET',
      route: '/api/portfolios',
      status: 200,
    });
    expect(line?.['durationMs']).toBeTypeOf('number');
  });

  it('shows neither addresses nor queries, bodies, passwords, tokens or cookies', async () => {
    await app.admin.raw({ method: 'GET', url: '/api/instruments?query=secret-search' });
    await app.admin.raw({ method: 'GET', url: '/api/portfolios/0190a8b2-0000-7000-8000-00000000beef' });
    const body = { email: 'secret-person@example.test', password: 'secret-password' };
    await app.anonymous.raw({ method: 'POST', url: '/api/auth/register', payload: body });
    await app.anonymous.raw({
      method: 'POST',
      url: '/api/auth/login',
      payload: { ...body, password: 'secret-guess' },
    });
    await app.admin.raw({
      method: 'GET',
      url: '/nowhere/secret-place',
      cookies: { pm_access: 'secret-cookie' },
    });
    expect(lines).toHaveLength(5);
    expect(lines.join('\n')).not.toMatch(/secret|00000000beef|Bearer|eyJ/u);
  });
});
