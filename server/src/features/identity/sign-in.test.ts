import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';

describe('signing in', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp();
  });
  afterAll(async () => app.close());

  it('registers with 201, the token and the user', async () => {
    const answer = await app.anonymous.expect(201, 'POST /api/auth/register', {
      body: { email: 'ada@example.test', password: 'a long password', name: 'Ada' },
    });
    expect(answer.user).toMatchObject({ email: 'ada@example.test', name: 'Ada', role: 'member', locale: 'en-GB' });
    expect(answer).not.toHaveProperty('refreshToken');
    const me = await app.withToken(answer.token).expect(200, 'GET /api/me');
    expect(me.id).toBe(answer.user.id);
  });
});
