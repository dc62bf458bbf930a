/** Sharing a portfolio through the API: asked, accepted, changed, left, revoked; and what nobody learns on the way. */
import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
let ben: TestPerson;
let carl: TestPerson;
let portfolioId: string;

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  await anna.expect(200, 'PATCH /api/me', { body: { name: 'Anna' } });
});
afterAll(async () => app.close());
beforeEach(async () => {
  [ben, carl] = [await app.register(), await app.register()];
  portfolioId = (await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Household' } })).id;
});

const here = () => ({ params: { id: portfolioId } });
const personHere = (userId: string) => ({ params: { id: portfolioId, userId } });
const invite = async (email: string, role: 'view' | 'edit' = 'view') =>
  anna.expect(201, 'POST /api/portfolios/:id/invitations', { ...here(), body: { email, role } });
const share = async (person: TestPerson, role: 'view' | 'edit' = 'view') => {
  const { id } = await invite(person.email, role);
  await person.expect(200, 'POST /api/invitations/:id/accept', { params: { id } });
};

describe('an invitation', () => {
  it('waits until the person with that address accepts it, whatever the case of its letters', async () => {
    const { id } = await invite(ben.email.toUpperCase(), 'edit');
    await ben.refused(404, 'GET /api/portfolios/:id', here());
    const { items } = await ben.expect(200, 'GET /api/invitations');
    expect(items).toMatchObject([
      { id, portfolioName: 'Household', owner: { name: 'Anna', email: anna.email }, role: 'edit' },
    ]);
    const accepted = await ben.expect(200, 'POST /api/invitations/:id/accept', { params: { id } });
    expect(accepted).toMatchObject({
      id: portfolioId,
      access: 'edit',
      owner: { name: 'Anna', email: anna.email },
    });
    expect((await ben.expect(200, 'GET /api/invitations')).items).toEqual([]);
    expect((await ben.expect(200, 'GET /api/portfolios')).items).toMatchObject([
      { id: portfolioId, owner: { name: 'Anna' } },
    ]);
    expect(await anna.expect(200, 'GET /api/portfolios/:id', here())).toMatchObject({
      access: 'owner',
      owner: null,
    });
    const access = await anna.expect(200, 'GET /api/portfolios/:id/access', here());
    expect(access).toMatchObject({
      owner: { userId: anna.id },
      people: [{ userId: ben.id, email: ben.email, role: 'edit' }],
      invitations: [],
    });
    // A second time there is nothing to accept.
    await ben.refused(404, 'POST /api/invitations/:id/accept', { params: { id } });
  });

  it('says and shows the same whether or not anybody has the address', async () => {
    const stranger = `${randomUUID()}@example.test`;
    const [known, unknown] = [await invite(carl.email), await invite(stranger)];
    expect(Object.keys(known)).toEqual(Object.keys(unknown));
    const { people, invitations } = await anna.expect(200, 'GET /api/portfolios/:id/access', here());
    expect(people).toEqual([]);
    expect(invitations.map(({ email, role }) => [email, role])).toEqual([
      [carl.email, 'view'],
      [stranger, 'view'],
    ]);
  });

  it('reaches somebody who registers later', async () => {
    const email = `${randomUUID()}@example.test`;
    const { id } = await invite(email);
    const late = await app.register(email);
    await late.expect(200, 'POST /api/invitations/:id/accept', { params: { id } });
    expect(await late.expect(200, 'GET /api/portfolios/:id', here())).toMatchObject({ access: 'view' });
  });

  it('is nobody else’s to see, to take or to end', async () => {
    const { id } = await invite(ben.email);
    expect((await carl.expect(200, 'GET /api/invitations')).items).toEqual([]);
    await carl.refused(404, 'POST /api/invitations/:id/accept', { params: { id } });
    await carl.refused(404, 'DELETE /api/invitations/:id', { params: { id } });
    await anna.refused(404, 'POST /api/invitations/:id/accept', { params: { id } });
    await ben.expect(200, 'POST /api/invitations/:id/accept', { params: { id } });
  });

  it('can be turned down by one and withdrawn by the other', async () => {
    const first = { params: { id: (await invite(ben.email)).id } };
    await ben.expect(204, 'DELETE /api/invitations/:id', first);
    await ben.refused(404, 'POST /api/invitations/:id/accept', first);
    const second = { params: { id: (await invite(ben.email)).id } };
    await anna.expect(204, 'DELETE /api/invitations/:id', second);
    await ben.refused(404, 'POST /api/invitations/:id/accept', second);
    await ben.refused(404, 'GET /api/portfolios/:id', here());
    expect((await anna.expect(200, 'GET /api/portfolios/:id/access', here())).invitations).toEqual([]);
  });

  it('takes the place of an earlier one to the same address', async () => {
    const first = await invite(ben.email, 'edit');
    const second = await invite(ben.email.toUpperCase(), 'view');
    await ben.refused(404, 'POST /api/invitations/:id/accept', { params: { id: first.id } });
    const accepted = await ben.expect(200, 'POST /api/invitations/:id/accept', { params: { id: second.id } });
    expect(accepted.access).toBe('view');
  });

  it('is gone after 30 days, and with its portfolio', async () => {
    const { id } = await invite(ben.email);
    await app.database.owner
      .transaction()
      .execute(async (tx) =>
        sql`update pm.portfolio_invitations set expires_at = now() - interval '1 second' where id = ${id}`.execute(
          tx,
        ),
      );
    expect((await ben.expect(200, 'GET /api/invitations')).items).toEqual([]);
    await ben.refused(404, 'POST /api/invitations/:id/accept', { params: { id } });
    expect((await anna.expect(200, 'GET /api/portfolios/:id/access', here())).invitations).toEqual([]);
    const other = await invite(ben.email);
    await anna.expect(200, 'DELETE /api/portfolios/:id', here());
    await ben.refused(404, 'POST /api/invitations/:id/accept', { params: { id: other.id } });
  });

  it('is not sent to oneself, nor to somebody who is there already, nor to everybody', async () => {
    const body = (email: string) => ({ ...here(), body: { email, role: 'view' as const } });
    const route = 'POST /api/portfolios/:id/invitations';
    expect(await anna.refused(422, route, body(anna.email))).toMatchObject({ code: 'own_address' });
    await share(ben);
    expect(await anna.refused(409, route, body(ben.email))).toMatchObject({ code: 'already_shared' });
    for (let at = 0; at < 49; at += 1) await invite(`somebody${at}@example.test`);
    const tooMany = await anna.refused(422, route, body('one-more@example.test'));
    expect(tooMany).toMatchObject({ code: 'too_many_people', field: 'email' });
    await invite('somebody7@example.test');
  });
});

describe('a guest', () => {
  it('knows the owner and themselves, and decides about nobody else', async () => {
    await share(ben, 'edit');
    await share(carl);
    await invite('dora@example.test');
    const seen = await ben.expect(200, 'GET /api/portfolios/:id/access', here());
    expect(seen).toMatchObject({ access: 'edit', owner: { userId: anna.id, name: 'Anna' }, invitations: [] });
    expect(seen.people.map((one) => one.userId)).toEqual([ben.id]);
    const refused = [
      await ben.refused(403, 'POST /api/portfolios/:id/invitations', {
        ...here(),
        body: { email: 'eve@example.test', role: 'edit' },
      }),
      await ben.refused(403, 'PATCH /api/portfolios/:id/access/:userId', {
        ...personHere(ben.id),
        body: { role: 'edit' },
      }),
      await ben.refused(403, 'DELETE /api/portfolios/:id/access/:userId', personHere(carl.id)),
    ];
    expect(refused.map((one) => one.code)).toEqual(['not_owner', 'not_owner', 'not_owner']);
  });

  it('may do what their role says from the next request on', async () => {
    await share(ben);
    const rename = { ...here(), body: { name: 'Ours' } };
    expect(await ben.refused(403, 'PATCH /api/portfolios/:id', rename)).toMatchObject({ code: 'read_only' });
    const changed = await anna.expect(200, 'PATCH /api/portfolios/:id/access/:userId', {
      ...personHere(ben.id),
      body: { role: 'edit' },
    });
    expect(changed).toMatchObject({ userId: ben.id, role: 'edit' });
    expect(await ben.expect(200, 'PATCH /api/portfolios/:id', rename)).toMatchObject({ name: 'Ours' });
    await anna.expect(200, 'PATCH /api/portfolios/:id/access/:userId', {
      ...personHere(ben.id),
      body: { role: 'view' },
    });
    await ben.refused(403, 'PATCH /api/portfolios/:id', rename);
  });

  it('sees nothing from the moment of revocation, kept answers included', async () => {
    await share(ben);
    const summary = async (status: 200 | 404) =>
      status === 200
        ? ben.expect(200, 'GET /api/portfolios/:id/summary', here())
        : ben.refused(404, 'GET /api/portfolios/:id/summary', here());
    await summary(200);
    await summary(200);
    await anna.expect(204, 'DELETE /api/portfolios/:id/access/:userId', personHere(ben.id));
    await summary(404);
    await ben.refused(404, 'GET /api/portfolios/:id/access', here());
    expect((await ben.expect(200, 'GET /api/portfolios')).items.map((one) => one.id)).not.toContain(
      portfolioId,
    );
    await anna.refused(404, 'DELETE /api/portfolios/:id/access/:userId', personHere(ben.id));
  });

  it('leaves by themselves; the owner cannot', async () => {
    await share(ben);
    await ben.expect(204, 'DELETE /api/portfolios/:id/access/:userId', personHere(ben.id));
    await ben.refused(404, 'GET /api/portfolios/:id', here());
    await ben.refused(404, 'DELETE /api/portfolios/:id/access/:userId', personHere(ben.id));
    expect((await anna.expect(200, 'GET /api/portfolios/:id/access', here())).people).toEqual([]);
    await anna.refused(404, 'DELETE /api/portfolios/:id/access/:userId', personHere(anna.id));
  });
});

it('forgets the address of somebody who was erased', async () => {
  const dora = await app.register();
  await invite(dora.email);
  await app.database.owner.transaction().execute(async (tx) => {
    await sql`update pm.users set deleted_at = now() where id = ${dora.id}`.execute(tx);
    await sql`select pm.erase_user(${dora.id})`.execute(tx);
  });
  expect((await anna.expect(200, 'GET /api/portfolios/:id/access', here())).invitations).toEqual([]);
});
