/** All portfolios together, one's own and those shared with one. Every figure here was worked out by hand. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
let ben: TestPerson;
const portfolios: Record<string, string> = {};

const make = async (person: TestPerson, name: string, extras: object = {}): Promise<void> => {
  portfolios[name] = (await person.expect(201, 'POST /api/portfolios', { body: { name, ...extras } })).id;
};
/** A private fund with a price of an hour ago, held in an account. */
const hold = async (
  person: TestPerson,
  name: string,
  {
    currency,
    close,
    ...holding
  }: { currency: string; close: string; qty: string; avgCost: string; account: string },
): Promise<void> => {
  const { id } = await person.expect(201, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      ticker: `H${name}`.toUpperCase(),
      name: `Fund of ${name}`,
      currency,
      scope: 'private',
    },
  });
  await person.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id },
    body: { dateTime: Temporal.Now.instant().subtract({ hours: 1 }).toString(), close, currency },
  });
  await person.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolios[name] ?? '' },
    body: { instrumentId: id, section: 'Core', theme: 'Global Equity', ...holding },
  });
};

beforeAll(async () => {
  app = await createTestApp();
  [anna, ben] = [await app.register(), await app.register()];
  // 1 EUR = 1.25 USD = 0.80 GBP, so 1 USD = 0.64 GBP and 1 GBP = 1.5625 USD.
  const today = Temporal.Now.plainDateISO('Europe/London').toString();
  await app.admin.expect(201, 'POST /api/fx/import', {
    body: Buffer.from(`Date,USD,GBP,\n${today},1.25,0.80,\n`),
  });
  await make(anna, 'Pounds');
  await hold(anna, 'Pounds', { currency: 'GBP', close: '3', qty: '10', avgCost: '2', account: 'ISA' });
  await make(anna, 'Dollars', { settings: { currency: 'USD' } });
  await hold(anna, 'Dollars', { currency: 'USD', close: '10', qty: '2', avgCost: '7.5', account: 'SIPP' });
  await make(anna, 'Idea', { type: 'draft' });
  await hold(anna, 'Idea', { currency: 'GBP', close: '1000', qty: '1', avgCost: '1', account: 'ISA' });
  await make(ben, 'Bens');
  await hold(ben, 'Bens', { currency: 'GBP', close: '100', qty: '1', avgCost: '90', account: 'GIA' });
  const { id } = await ben.expect(201, 'POST /api/portfolios/:id/invitations', {
    params: { id: portfolios['Bens'] ?? '' },
    body: { email: anna.email, role: 'view' },
  });
  await anna.expect(200, 'POST /api/invitations/:id/accept', { params: { id } });
});
afterAll(async () => app.close());

const all = async (query: { currency?: string; asOf?: string } = {}, person = anna) =>
  person.expect(200, 'GET /api/summary', { query });

it('adds up what is one’s own and what is shared with one, and leaves drafts out of the sums', async () => {
  const summary = await all();
  // 30 + 20 dollars at 0.64 + 100; costs 20 + 15 dollars at 0.64 + 90.
  expect(summary).toMatchObject({
    currency: 'GBP',
    value: '142.8',
    cost: '119.6',
    gain: '23.2',
    complete: true,
    byWrapper: { ISA: '30', SIPP: '12.8', GIA: '100' },
    rates: [{ from: 'USD', to: 'GBP', rate: '0.64' }],
  });
  expect(summary.gainPct).toBeCloseTo(19.397_993, 5);
  expect(summary.portfolios).toMatchObject([
    { name: 'Pounds', counted: true, access: 'owner', owner: null, value: '30', cost: '20', gain: '10' },
    { name: 'Dollars', own: { value: '20', cost: '15', gain: '5' }, value: '12.8', cost: '9.6', gain: '3.2' },
    { name: 'Idea', counted: false, type: 'draft', value: '1000' },
    { name: 'Bens', access: 'view', owner: { email: ben.email }, value: '100', gain: '10', missing: [] },
  ]);
});

it('is said in any currency, the preferred one where none is asked for', async () => {
  // 46.875 + 20 + 156.25
  expect(await all({ currency: 'USD' })).toMatchObject({ currency: 'USD', value: '223.125', complete: true });
  await anna.expect(200, 'PATCH /api/me', { body: { preferences: { currency: 'USD' } } });
  expect(await all()).toMatchObject({ currency: 'USD', value: '223.125' });
  await anna.expect(200, 'PATCH /api/me', { body: { preferences: { currency: 'GBP' } } });
  expect(await anna.refused(422, 'GET /api/summary', { query: { currency: 'ZZZ' } })).toMatchObject({
    field: 'currency',
  });
});

it('leaves out what has no rate, and says so', async () => {
  const summary = await all({ currency: 'JPY' });
  expect(summary).toMatchObject({ value: '0', gain: null, complete: false });
  expect(summary.portfolios[0]).toMatchObject({ own: { value: '30' }, value: null, rate: null });
});

it('is as of a past day with the quantities of that day', async () => {
  const yesterday = Temporal.Now.plainDateISO('Europe/London').subtract({ days: 1 }).toString();
  expect(await all({ asOf: yesterday })).toMatchObject({ asOf: yesterday, value: '0' });
});

it('is without a portfolio from the moment its owner takes it back', async () => {
  expect(await all({}, ben)).toMatchObject({ value: '100', portfolios: [{ name: 'Bens', access: 'owner' }] });
  await ben.expect(204, 'DELETE /api/portfolios/:id/access/:userId', {
    params: { id: portfolios['Bens'] ?? '', userId: anna.id },
  });
  const summary = await all();
  expect(summary.value).toBe('42.8');
  expect(summary.portfolios.map((one) => one.name)).toEqual(['Pounds', 'Dollars', 'Idea']);
});

it('is nothing for somebody who has nothing', async () => {
  expect(await all({}, await app.register())).toMatchObject({
    currency: 'GBP',
    value: '0',
    gain: null,
    complete: true,
    portfolios: [],
  });
});
