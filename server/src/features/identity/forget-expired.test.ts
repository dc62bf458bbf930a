import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';
import { forgetExpired } from './service.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());

it('forgets what ended a month ago and keeps everything that is in use', async () => {
  const person = await app.register();
  const old = await person.expect(201, 'POST /api/me/tokens', { body: { name: 'old' } });
  const kept = await person.expect(201, 'POST /api/me/tokens', { body: { name: 'kept' } });
  await person.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' }, idempotencyKey: 'past' });
  await person.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' }, idempotencyKey: 'today' });
  await app.anonymous.expect(200, 'POST /api/auth/login', {
    body: { email: person.email, password: person.password },
  });
  await app.database.owner.transaction().execute(async (tx) => {
    await sql`update pm.personal_access_tokens set revoked_at = now() - interval '31 days' where id = ${old.id}`.execute(
      tx,
    );
    await sql`update pm.personal_access_tokens set revoked_at = now() - interval '29 days' where id = ${kept.id}`.execute(
      tx,
    );
    await sql`update pm.idempotency_keys set expires_at = now() - interval '1 second' where key = 'past'`.execute(
      tx,
    );
    await sql`update pm.sessions set expires_at = now() - interval '31 days'
      where id = (select id from pm.sessions where user_id = ${person.id} order by id desc limit 1)`.execute(
      tx,
    );
  });
  expect(await forgetExpired(app.database.worker)).toEqual({ sessions: 1, tokens: 1, answers: 1 });
  expect(await forgetExpired(app.database.worker)).toEqual({ sessions: 0, tokens: 0, answers: 0 });
  expect((await person.expect(200, 'GET /api/me/sessions')).items).toHaveLength(1);
  const again = await person.call('POST /api/portfolios', {
    body: { name: 'Ours' },
    idempotencyKey: 'today',
  });
  expect(again.headers['idempotent-replayed']).toBe('true');
});
