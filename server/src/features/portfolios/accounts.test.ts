/** What is known of accounts: wrapper, owner, provider, opened and closed. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
let portfolioId: string;

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());
beforeEach(async () => {
  anna = await app.register();
  const lists = { accounts: ['Anna’s ISA', 'Ben’s ISA', 'Pension SIPP', 'Broker'] };
  portfolioId = (await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours', lists } })).id;
});

const list = async (person = anna) =>
  (await person.expect(200, 'GET /api/portfolios/:id/accounts', { params: { id: portfolioId } })).items;
const first = async (): Promise<string> => (await list())[0]?.id ?? '';

it('are listed in the portfolio’s order, the wrapper read from the name at first', async () => {
  expect((await list()).map((one) => [one.name, one.wrapper])).toEqual([
    ['Anna’s ISA', 'ISA'],
    ['Ben’s ISA', 'ISA'],
    ['Pension SIPP', 'SIPP'],
    ['Broker', 'other'],
  ]);
});

it('are said to be what they are, and forget it again', async () => {
  const at = { params: { id: await first() } };
  const body = {
    wrapper: 'LISA' as const,
    owner: ' Anna ',
    provider: 'A broker',
    openedOn: '2015-04-06',
    closedOn: '2024-04-05',
  };
  const said = await anna.expect(200, 'PATCH /api/accounts/:id', { ...at, ifMatch: 1, body });
  expect(said).toMatchObject({ ...body, owner: 'Anna', version: 2 });
  await anna.refused(412, 'PATCH /api/accounts/:id', { ...at, ifMatch: 1, body: { provider: 'Other' } });
  const less = await anna.expect(200, 'PATCH /api/accounts/:id', {
    ...at,
    body: { owner: null, closedOn: null },
  });
  expect(less).toMatchObject({ wrapper: 'LISA', owner: null, provider: 'A broker', closedOn: null });
});

it.each([
  [{ openedOn: '2200-01-01' }, 'openedOn'],
  [{ openedOn: '2024-01-01', closedOn: '2023-01-01' }, 'closedOn'],
  [{ provider: '  ' }, 'provider'],
])('refuses %j', async (body, field) => {
  const refused = await anna.refused(422, 'PATCH /api/accounts/:id', { params: { id: await first() }, body });
  expect(refused.field).toBe(field);
});

it('are not closed while they hold something', async () => {
  const { id: instrumentId } = await anna.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', ticker: 'HELD', name: 'Held', currency: 'GBP', scope: 'private' },
  });
  await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: {
      instrumentId,
      section: 'Core',
      theme: 'Global Equity',
      account: 'Anna’s ISA',
      qty: '1',
      avgCost: '1',
    },
  });
  const at = { params: { id: await first() }, body: { closedOn: '2024-04-05' } };
  expect(await anna.refused(422, 'PATCH /api/accounts/:id', at)).toMatchObject({ code: 'account_in_use' });
  expect((await list())[0]).toMatchObject({ holdingCount: 1, closedOn: null });
});

it('are a guest’s to read, and to change when they may edit', async () => {
  const ben = await app.register();
  const { id } = await anna.expect(201, 'POST /api/portfolios/:id/invitations', {
    params: { id: portfolioId },
    body: { email: ben.email, role: 'view' },
  });
  const at = { params: { id: await first() }, body: { provider: 'A broker' } };
  await ben.refused(404, 'PATCH /api/accounts/:id', at);
  await ben.expect(200, 'POST /api/invitations/:id/accept', { params: { id } });
  expect(await list(ben)).toHaveLength(4);
  await ben.refused(403, 'PATCH /api/accounts/:id', at);
  await anna.expect(200, 'PATCH /api/portfolios/:id/access/:userId', {
    params: { id: portfolioId, userId: ben.id },
    body: { role: 'edit' },
  });
  expect(await ben.expect(200, 'PATCH /api/accounts/:id', at)).toMatchObject({ provider: 'A broker' });
});
