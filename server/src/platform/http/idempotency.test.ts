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

const create = async (key: string, name: string, who: TestPerson = person) =>
  who.call('POST /api/portfolios', { body: { name }, idempotencyKey: key });
const names = async (who: TestPerson = person) =>
  (await who.expect(200, 'GET /api/portfolios')).items.map(({ name }) => name);

describe('an idempotency key', () => {
  it('does the same request once and answers it the same', async () => {
    const [first, second] = [await create('key-1', 'Ours'), await create('key-1', 'Ours')];
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    expect(second.json()).toEqual(first.json());
    expect(second.headers['etag']).toBe(first.headers['etag']);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(await names()).toEqual(['Ours']);
  });

  it('lets concurrent twins wait for each other', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, async () => create('key-2', 'Ours')));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201, 201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.json<{ id: string }>().id)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    expect(await names()).toEqual(['Ours']);
  });

  it('refuses another body, address or method under the same key', async () => {
    await create('key-3', 'Ours');
    const body = await person.refused(422, 'POST /api/portfolios', {
      body: { name: 'Mine' },
      idempotencyKey: 'key-3',
    });
    expect(body).toMatchObject({ code: 'idempotency_key_reused', field: 'Idempotency-Key' });
    const method = await person.refused(422, 'PATCH /api/me', {
      body: { name: 'Ours' },
      idempotencyKey: 'key-3',
    });
    expect(method.code).toBe('idempotency_key_reused');
    expect(await names()).toEqual(['Ours']);
    expect((await person.expect(200, 'GET /api/me')).name).toBeNull();
  });

  it('belongs to one person', async () => {
    const other = await app.register();
    await create('key-4', 'Ours');
    expect((await create('key-4', 'Theirs', other)).statusCode).toBe(201);
    expect(await names(other)).toEqual(['Theirs']);
  });

  it('is free again when the request failed', async () => {
    const before = await person.expect(200, 'GET /api/me');
    const stale = { body: { name: 'New' }, ifMatch: before.version + 7, idempotencyKey: 'key-5' };
    await person.refused(412, 'PATCH /api/me', stale);
    const again = await person.call('PATCH /api/me', { ...stale, ifMatch: before.version });
    expect([again.statusCode, again.headers['idempotent-replayed']]).toEqual([200, undefined]);
  });

  it('also holds for answers without a body', async () => {
    const { id } = await person.expect(201, 'POST /api/me/tokens', { body: { name: 'Gone' } });
    const remove = async () =>
      person.call('DELETE /api/me/tokens/:id', { params: { id }, idempotencyKey: 'key-6' });
    const [first, second] = [await remove(), await remove()];
    expect([first.statusCode, second.statusCode]).toEqual([204, 204]);
    expect(second.headers['idempotent-replayed']).toBe('true');
    await person.refused(404, 'DELETE /api/me/tokens/:id', { params: { id } });
  });

  it('is forgotten after a day', async () => {
    await create('key-7', 'Ours');
    await app.database.owner.transaction().execute(async (tx) => {
      await sql`update pm.idempotency_keys set expires_at = now() - interval '1 second'`.execute(tx);
    });
    const later = await create('key-7', 'Another');
    expect([later.statusCode, later.headers['idempotent-replayed']]).toEqual([201, undefined]);
    expect(await names()).toHaveLength(2);
  });

  it('stores no answer with a secret in it', async () => {
    const make = async () =>
      person.expect(201, 'POST /api/me/tokens', { body: { name: 'ci' }, idempotencyKey: 'key-8' });
    const [first, second] = [await make(), await make()];
    expect(second.token).not.toBe(first.token);
    const { rows } = await app.database.owner
      .transaction()
      .execute(async (tx) =>
        sql<{ body: string }>`select body from pm.idempotency_keys where user_id = ${person.id}`.execute(tx),
      );
    expect(rows).toEqual([]);
  });

  it.each(['', 'two words', 'é', 'x'.repeat(201)])('is refused as %j', async (key) => {
    // Node's client writes header values as Latin-1, so an accented key arrives as it was sent.
    const problem = await person.refused(400, 'POST /api/portfolios', {
      body: { name: 'Ours' },
      idempotencyKey: key,
    });
    expect(problem.code).toBe('invalid_idempotency_key');
    expect(await names()).toEqual([]);
  });
});
