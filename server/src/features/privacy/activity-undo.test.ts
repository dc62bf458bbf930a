/** What a person may take back beside the ledger: prices, accounts, lists, sharing, debts, plans, what is watched, files. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

const AT = '2024-03-01T12:00:00Z';
const STATEMENT = Buffer.from('Date,Type,Amount\n2024-02-20,Deposit,100\n');

let app: TestApp;
let anna: TestPerson;
let portfolioId: string;
let instrumentId: string;
let holdingId: string;

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  ({ id: portfolioId } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } }));
  ({ id: instrumentId } = await anna.expect(201, 'POST /api/instruments', {
    body: { type: 'Fund', name: 'World', ticker: 'WRLD', currency: 'GBP', scope: 'private' },
  }));
  ({ id: holdingId } = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA', qty: '3', avgCost: '2' },
  }));
});
afterAll(async () => app.close());

const newest = async () => {
  const { items } = await anna.expect(200, 'GET /api/me/activity', { query: { limit: 1 } });
  const [entry] = items;
  if (!entry) throw new Error('nothing was done');
  return entry;
};
/** Takes the newest act back, and says how. */
const undo = async () => {
  const { id, undo: how } = await newest();
  expect(await anna.expect(200, 'POST /api/me/activity/:id/undo', { params: { id } })).toEqual({
    undone: how,
  });
  return how;
};
const closes = async () =>
  (
    await anna.expect(200, 'GET /api/instruments/:id/prices', {
      params: { id: instrumentId },
      query: { from: '2024-02-01', to: '2024-04-01' },
    })
  ).items.map((one) => one.close);
const lists = async () =>
  (await anna.expect(200, 'GET /api/portfolios/:id', { params: { id: portfolioId } })).lists;

it('prices given by hand: added, given anew, taken away', async () => {
  const give = async (close: string) =>
    anna.expect(201, 'POST /api/instruments/:id/prices', {
      params: { id: instrumentId },
      body: { dateTime: AT, close },
    });
  await give('12');
  expect(await undo()).toBe('remove');
  expect(await closes()).toEqual([]);
  await give('12.5');
  await give('13');
  const { items } = await newest();
  expect(items[0]).toMatchObject({
    kind: 'price',
    title: 'World',
    changes: [{ field: 'close', before: '12.5', after: '13' }],
  });
  expect(await undo()).toBe('revert');
  expect(await closes()).toEqual(['12.5']);
  await anna.expect(200, 'POST /api/instruments/:id/prices/corrections', {
    params: { id: instrumentId },
    body: { dateTime: AT, source: 'manual', listingId: null, close: null },
  });
  expect(await closes()).toEqual([]);
  expect(await undo()).toBe('restore');
  expect(await closes()).toEqual(['12.5']);
});

it('what is known of an account', async () => {
  const accounts = await anna.expect(200, 'GET /api/portfolios/:id/accounts', {
    params: { id: portfolioId },
  });
  const [isa] = accounts.items;
  const change = async (body: { provider?: string | null; openedOn?: string }) =>
    anna.expect(200, 'PATCH /api/accounts/:id', { params: { id: isa?.id ?? '' }, body });
  await change({ provider: 'Birch', openedOn: '2020-04-06' });
  await change({ provider: 'Oak' });
  expect(await undo()).toBe('revert');
  const after = await anna.expect(200, 'GET /api/portfolios/:id/accounts', { params: { id: portfolioId } });
  expect(after.items[0]).toMatchObject({ provider: 'Birch', openedOn: '2020-04-06' });
});

it('a merged and a renamed theme, with the holdings that followed', async () => {
  const before = await lists();
  const theme = async () =>
    (await anna.expect(200, 'GET /api/holdings/:id', { params: { id: holdingId } })).theme;
  const change = async (body: object) =>
    anna.expect(200, 'POST /api/portfolios/:id/lists', { params: { id: portfolioId }, body: body as never });
  await change({ type: 'merge', list: 'themes', name: 'Bonds', to: 'Global Equity' });
  expect(await theme()).toBe('Global Equity');
  expect(await undo()).toBe('revert');
  expect([await theme(), await lists()]).toEqual(['Bonds', before]);
  await change({ type: 'rename', list: 'themes', name: 'Bonds', to: 'Gilts' });
  expect(await theme()).toBe('Gilts');
  const renamed = await newest();
  await anna.expect(200, 'PATCH /api/holdings/:id', {
    params: { id: holdingId },
    body: { theme: 'UK Equity' },
  });
  const refusal = await anna.refused(409, 'POST /api/me/activity/:id/undo', { params: { id: renamed.id } });
  expect(refusal.code).toBe('changed_since');
  await undo();
});

it('debts, what is watched, and plans', async () => {
  const owe = { params: { id: holdingId }, body: { date: '2024-03-01', amount: '210000' } };
  const { id: debtId } = await anna.expect(201, 'POST /api/holdings/:id/debts', owe);
  await anna.expect(200, 'PATCH /api/debts/:id', { params: { id: debtId }, body: { amount: '200000' } });
  expect((await newest()).items[0]).toMatchObject({ kind: 'debt', title: 'World · ISA' });
  expect(await undo()).toBe('revert');
  await anna.expect(204, 'DELETE /api/debts/:id', { params: { id: debtId } });
  expect(await undo()).toBe('restore');
  const debts = await anna.expect(200, 'GET /api/holdings/:id/debts', { params: { id: holdingId } });
  expect(debts.items.map((one) => one.amount)).toEqual(['210000']);

  const { id: watched } = await anna.expect(201, 'POST /api/watchlist', {
    body: { instrumentId, note: 'Cheap?' },
  });
  await anna.expect(204, 'DELETE /api/watchlist/:id', { params: { id: watched } });
  expect((await newest()).items[0]).toMatchObject({ kind: 'watch', action: 'deleted', title: 'World' });
  expect(await undo()).toBe('restore');
  expect((await anna.expect(200, 'GET /api/watchlist', {})).items[0]?.note).toBe('Cheap?');

  const plan = await anna.expect(201, 'POST /api/portfolios/:id/plans', {
    params: { id: portfolioId },
    body: { name: 'Savings', amount: '50', every: 'month', day: 1, parts: [{ holdingId, percent: 100 }] },
  });
  expect((await newest()).items[0]).toMatchObject({ kind: 'plan', action: 'added', title: 'Savings' });
  await anna.expect(200, 'PATCH /api/plans/:id', {
    params: { id: plan.id },
    body: { amount: '75', paused: true },
  });
  expect(await undo()).toBe('revert');
  const back = await anna.expect(200, 'GET /api/plans/:id', { params: { id: plan.id } });
  expect([back.amount, back.paused]).toEqual(['50', false]);
  await anna.expect(204, 'DELETE /api/plans/:id', { params: { id: plan.id } });
  expect(await newest()).toMatchObject({ undo: null, noUndo: 'notKept' });
});

it('sharing, and what a guest did under the guest’s name', async () => {
  const ben = await app.register();
  await ben.expect(200, 'PATCH /api/me', { body: { name: 'Ben Birch' } });
  const share = async () => {
    await anna.expect(201, 'POST /api/portfolios/:id/invitations', {
      params: { id: portfolioId },
      body: { email: ben.email, role: 'edit' },
    });
    const { items } = await ben.expect(200, 'GET /api/invitations');
    await ben.expect(200, 'POST /api/invitations/:id/accept', { params: { id: items[0]?.id ?? '' } });
  };
  await share();
  const accepted = await newest();
  expect(accepted).toMatchObject({ by: { kind: 'other', name: 'Ben Birch' }, undo: 'remove' });
  await ben.expect(200, 'PATCH /api/holdings/:id', {
    params: { id: holdingId },
    body: { notes: 'from Ben' },
  });
  expect(await newest()).toMatchObject({
    by: { kind: 'other', name: 'Ben Birch' },
    items: [{ kind: 'holding', changes: [{ field: 'notes', before: null, after: 'from Ben' }] }],
  });
  // Ben's own trail does not have it.
  const his = await ben.expect(200, 'GET /api/me/activity');
  expect(JSON.stringify(his.items)).not.toContain('from Ben');
  await anna.expect(200, 'POST /api/me/activity/:id/undo', { params: { id: accepted.id } });
  await ben.refused(404, 'GET /api/portfolios/:id', { params: { id: portfolioId } });
  expect(await newest()).toMatchObject({ undo: null, noUndo: 'notKept' });
  // Who did it is still told when they are gone.
  const { items } = await anna.expect(200, 'GET /api/me/activity', { query: { limit: 3 } });
  expect(items.some((one) => one.by.name === 'Ben Birch')).toBe(true);
});

it('a statement that was recorded, told with its file and taken back as a whole', async () => {
  await anna.expect(201, 'POST /api/imports/statements', {
    query: { portfolioId, account: 'ISA', fileName: 'broker.csv' },
    body: STATEMENT,
  });
  const entry = await newest();
  expect(entry.items[0]).toMatchObject({ kind: 'action', action: 'import_statement', title: 'broker.csv' });
  expect(entry.items[0]?.changes).toContainEqual({ field: 'account', before: null, after: 'ISA' });
  expect(await undo()).toBe('remove');
  const held = await anna.expect(200, 'GET /api/portfolios/:id/holdings', { params: { id: portfolioId } });
  expect(held.items.map((one) => one.qty)).toEqual(['3']);
  const { items } = await anna.expect(200, 'GET /api/me/activity', { query: { kind: 'action' } });
  expect(items.find((one) => one.items[0]?.action === 'import_statement')).toBeDefined();
});

it('says why something cannot be taken back', async () => {
  const { items } = await anna.expect(200, 'GET /api/me/activity', { query: { kind: 'session' } });
  expect(items[0]).toMatchObject({ undo: null, noUndo: 'noChange' });
});
