/** Recurring plans through the API and the job: proposed once, confirmed at the real price, skipped, paused. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { proposeDue } from './plans.ts';

let app: TestApp;
let now = Temporal.Instant.from('2030-03-15T12:00:00Z');
let anna: TestPerson;
let portfolioId: string;
const holdings: Record<string, string> = {};
const instruments: Record<string, string> = {};

beforeAll(async () => {
  app = await createTestApp({ clock: { now: () => now } });
});
afterAll(async () => app.close());

const add = async (name: string, extras: { currency?: string; type?: 'ETF' | 'Cash'; qty?: string } = {}) => {
  const { currency = 'GBP', type = 'ETF', qty } = extras;
  const { id } = await anna.expect(201, 'POST /api/instruments', {
    body: { type, ticker: name, name, currency, scope: 'private' },
  });
  instruments[name] = id;
  const { id: holdingId } = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: {
      instrumentId: id,
      section: 'Core',
      theme: 'Global Equity',
      account: 'ISA',
      ...(qty !== undefined && { qty, date: '2030-01-02' }),
    },
  });
  holdings[name] = holdingId;
};
const price = async (name: string, dateTime: string, close: string, unit: object = {}) =>
  anna.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id: instruments[name] ?? '' },
    body: { dateTime, close, ...unit },
  });

beforeEach(async () => {
  now = Temporal.Instant.from('2030-03-15T12:00:00Z');
  anna = await app.register();
  portfolioId = (await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
  await add('ALPHA');
  await add('BETA');
  await price('ALPHA', '2030-01-30T16:30:00Z', '250', { quoteUnit: 'GBX' });
  await price('BETA', '2030-01-30T16:30:00Z', '8');
});

/** Another moment; whoever was signed in has to sign in again. */
const later = async (instant: string): Promise<void> => {
  now = Temporal.Instant.from(instant);
  const { email, password } = anna;
  const { token } = await app.anonymous.expect(200, 'POST /api/auth/login', { body: { email, password } });
  anna = { ...anna, ...app.withToken(token) };
};

const here = () => ({ params: { id: portfolioId } });
const split = (alpha: number, beta: number) => [
  { holdingId: holdings['ALPHA'] ?? '', percent: alpha },
  { holdingId: holdings['BETA'] ?? '', percent: beta },
];
const monthly = () => ({
  name: 'Savings',
  amount: '100',
  every: 'month' as const,
  day: 31,
  startsOn: '2030-01-31',
  parts: split(60, 40),
});
const make = async (changes: object = {}) =>
  anna.expect(201, 'POST /api/portfolios/:id/plans', { ...here(), body: { ...monthly(), ...changes } });
const proposals = async (status?: 'open' | 'confirmed' | 'skipped') =>
  (
    await anna.expect(200, 'GET /api/portfolios/:id/proposals', {
      ...here(),
      query: status === undefined ? {} : { status },
    })
  ).items;
const dues = async () => (await proposals('open')).map((one) => `${one.dueOn} → ${one.tradeOn}`);
const holding = async (name: string) =>
  anna.expect(200, 'GET /api/holdings/:id', { params: { id: holdings[name] ?? '' } });

describe('a plan', () => {
  it('proposes each of its days once, missed ones too, and moves a weekend to the Monday after', async () => {
    const plan = await make();
    expect(plan).toMatchObject({ account: 'ISA', currency: 'GBP', nextOn: '2030-03-31', openProposals: 2 });
    expect(await dues()).toEqual(['2030-01-31 → 2030-01-31', '2030-02-28 → 2030-02-28']);
    // 31 March 2030 is a Sunday: nothing yet on that day, nor late that evening in London.
    await later('2030-03-31T22:30:00Z');
    await proposeDue(app.database.worker, now);
    expect(await dues()).toHaveLength(2);
    // It is Monday in London, where the clocks went forward, and still Sunday by UTC.
    await later('2030-03-31T23:30:00Z');
    await Promise.all([proposeDue(app.database.worker, now), proposeDue(app.database.worker, now)]);
    await proposeDue(app.database.worker, now);
    expect(await dues()).toEqual([
      '2030-01-31 → 2030-01-31',
      '2030-02-28 → 2030-02-28',
      '2030-03-31 → 2030-04-01',
    ]);
    expect(await anna.expect(200, 'GET /api/plans/:id', { params: { id: plan.id } })).toMatchObject({
      nextOn: '2030-04-30',
      openProposals: 3,
    });
  });

  it('ends, pauses without making up for it, and follows what it is changed to', async () => {
    const plan = await make({ endsOn: '2030-02-28', day: 10, startsOn: '2030-01-01' });
    expect(plan.nextOn).toBeNull();
    expect(await dues()).toEqual(['2030-01-10 → 2030-01-10', '2030-02-10 → 2030-02-11']);
    const at = { params: { id: plan.id } };
    const longer = await anna.expect(200, 'PATCH /api/plans/:id', {
      ...at,
      ifMatch: plan.version,
      body: { endsOn: null, paused: true, amount: '200' },
    });
    expect(longer).toMatchObject({ endsOn: null, paused: true, nextOn: null, openProposals: 2 });
    expect((await proposals('open'))[0]?.lines.map((one) => one.amount)).toEqual(['120', '80']);
    await later('2030-05-05T12:00:00Z');
    await proposeDue(app.database.worker, now);
    expect(await dues()).toHaveLength(2);
    const again = await anna.expect(200, 'PATCH /api/plans/:id', { ...at, body: { paused: false } });
    expect(again.nextOn).toBe('2030-05-10');
    expect(await dues()).toHaveLength(2);
    await anna.refused(412, 'PATCH /api/plans/:id', { ...at, ifMatch: plan.version, body: { name: 'Late' } });
    await anna.expect(204, 'DELETE /api/plans/:id', { ...at, ifMatch: again.version });
    expect(await proposals()).toEqual([]);
    await anna.refused(404, 'GET /api/plans/:id', at);
  });

  it.each([
    [{ parts: [] }, 400, 'parts'],
    [{ day: 0 }, 400, 'day'],
    [{ every: 'week' as const, day: 8 }, 422, 'day'],
    [{ amount: '0' }, 422, 'amount'],
    [{ startsOn: '2030-02-30' }, 400, 'startsOn'],
    [{ endsOn: '2029-01-01' }, 422, 'endsOn'],
    [{ endsOn: '9999-12-31' }, 422, 'endsOn'],
    [{ name: ' ' }, 422, 'name'],
  ])('refuses %j', async (changes, status, field) => {
    const answer = await anna.refused(status, 'POST /api/portfolios/:id/plans', {
      ...here(),
      body: { ...monthly(), ...changes },
    });
    expect(answer.field ?? '').toContain(field);
  });

  it('refuses splits that are not whole, twice the same, cash, or in several accounts', async () => {
    await add('POUNDS', { type: 'Cash' });
    const codes: string[] = [];
    const [alpha = '', beta = '', cash = ''] = [holdings['ALPHA'], holdings['BETA'], holdings['POUNDS']];
    for (const parts of [
      split(60, 30),
      [
        { holdingId: alpha, percent: 50 },
        { holdingId: alpha, percent: 50 },
      ],
      [
        { holdingId: alpha, percent: 50 },
        { holdingId: beta, amount: '50' },
      ],
      [
        { holdingId: alpha, amount: '60' },
        { holdingId: beta, amount: '30' },
      ],
      [{ holdingId: alpha }],
      [{ holdingId: cash, percent: 100 }],
    ]) {
      const body = { ...monthly(), parts };
      codes.push((await anna.refused(422, 'POST /api/portfolios/:id/plans', { ...here(), body })).code);
    }
    expect(codes).toEqual([...Array.from({ length: 5 }, () => 'invalid_split'), 'not_bought']);
    await anna.expect(200, 'PATCH /api/holdings/:id', { params: { id: beta }, body: { account: 'SIPP' } });
    expect(
      await anna.refused(422, 'POST /api/portfolios/:id/plans', { ...here(), body: monthly() }),
    ).toMatchObject({ code: 'several_accounts' });
    const ben = await app.register();
    const other = await ben.expect(201, 'POST /api/portfolios', { body: { name: 'His' } });
    await ben.refused(404, 'POST /api/portfolios/:id/plans', { params: { id: other.id }, body: monthly() });
  });
});

describe('a proposal', () => {
  it('shows what its amount buys at the price of its day, and is confirmed by one click', async () => {
    await make();
    await price('ALPHA', '2030-02-28T16:30:00Z', '300', { quoteUnit: 'GBX' });
    const first = await anna.expect(200, 'GET /api/portfolios/:id/proposals', {
      ...here(),
      query: { limit: 1 },
    });
    const rest = { limit: 1, cursor: first.nextCursor ?? '' };
    const second = await anna.expect(200, 'GET /api/portfolios/:id/proposals', { ...here(), query: rest });
    expect(second.nextCursor).toBeNull();
    const [january, february] = [...first.items, ...second.items];
    // £60 at 250p, £40 at £8.
    expect(january).toMatchObject({
      planName: 'Savings',
      amount: '100',
      lines: [
        { name: 'ALPHA', amount: '60', price: '250', quoteUnit: 'GBX', fxRate: '1', qty: '24' },
        { name: 'BETA', amount: '40', price: '8', quoteUnit: 'GBP', qty: '5' },
      ],
    });
    expect(february?.lines[0]).toMatchObject({ price: '300', qty: '20' });
    const done = await anna.expect(200, 'POST /api/proposals/:id/confirm', {
      params: { id: january?.id ?? '' },
      body: {},
    });
    expect(done).toMatchObject({ status: 'confirmed', lines: [] });
    expect(done.tradeIds).toHaveLength(2);
    expect(await holding('ALPHA')).toMatchObject({ qty: '24', costBasis: '60' });
    const { items } = await anna.expect(200, 'GET /api/holdings/:id/trades', {
      params: { id: holdings['BETA'] ?? '' },
    });
    expect(items).toMatchObject([
      { type: 'buy', date: '2030-01-31', qty: '5', price: '8', notes: 'Savings' },
    ]);
    expect(await dues()).toEqual(['2030-02-28 → 2030-02-28']);
  });

  it('is confirmed at the real price, quantity and fees, without one of its holdings, paid from cash', async () => {
    await add('POUNDS', { type: 'Cash', qty: '1000' });
    await make();
    const [january] = await proposals('open');
    await anna.expect(200, 'POST /api/proposals/:id/confirm', {
      params: { id: january?.id ?? '' },
      body: {
        date: '2030-02-02',
        settle: true,
        lines: [
          { holdingId: holdings['ALPHA'] ?? '', price: '2.48', quoteUnit: 'GBP', qty: '24', fees: '1.5' },
          { holdingId: holdings['BETA'] ?? '', qty: '0' },
        ],
      },
    });
    expect(await holding('ALPHA')).toMatchObject({ qty: '24', costBasis: '61.02' });
    expect(await holding('BETA')).toMatchObject({ qty: '0' });
    expect(await holding('POUNDS')).toMatchObject({ qty: '938.98' });
  });

  it('is decided once, also by two at the same moment; what was skipped can wait again', async () => {
    await make();
    const [january, february] = await proposals('open');
    const at = { params: { id: january?.id ?? '' } };
    const twice = await Promise.all(
      [0, 1].map(async () => anna.call('POST /api/proposals/:id/confirm', { ...at, body: {} })),
    );
    expect(twice.map((one) => one.statusCode).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await holding('ALPHA')).toMatchObject({ qty: '24' });
    await anna.refused(409, 'POST /api/proposals/:id/skip', at);
    await anna.refused(409, 'POST /api/proposals/:id/reopen', at);
    const next = { params: { id: february?.id ?? '' } };
    expect(await anna.expect(200, 'POST /api/proposals/:id/skip', next)).toMatchObject({ status: 'skipped' });
    expect(await proposals('open')).toEqual([]);
    expect(await anna.expect(200, 'POST /api/proposals/:id/reopen', next)).toMatchObject({ status: 'open' });
  });

  it('says which price is missing, takes it by hand, and leaves nothing behind when one trade is refused', async () => {
    await add('GAMMA');
    await make({
      parts: [
        { holdingId: holdings['ALPHA'] ?? '', amount: '70' },
        { holdingId: holdings['GAMMA'] ?? '', amount: '30' },
      ],
    });
    const [january] = await proposals('open');
    expect(january?.lines).toMatchObject([{ qty: '28' }, { price: null, qty: null }]);
    const at = { params: { id: january?.id ?? '' } };
    const gamma = { holdingId: holdings['GAMMA'] ?? '', price: '3' };
    expect(await anna.refused(422, 'POST /api/proposals/:id/confirm', { ...at, body: {} })).toMatchObject({
      code: 'price_missing',
      field: 'lines.1.price',
    });
    await anna.refused(422, 'POST /api/proposals/:id/confirm', {
      ...at,
      body: { lines: [{ ...gamma, qty: '10', fees: '-1' }] },
    });
    expect(await holding('ALPHA')).toMatchObject({ qty: '0' });
    await anna.refused(422, 'POST /api/proposals/:id/confirm', {
      ...at,
      body: { lines: [{ holdingId: holdings['BETA'] ?? '', qty: '1' }] },
    });
    await anna.expect(200, 'POST /api/proposals/:id/confirm', {
      ...at,
      body: { lines: [{ ...gamma, qty: '10' }] },
    });
    expect([(await holding('ALPHA')).qty, (await holding('GAMMA')).qty]).toEqual(['28', '10']);
  });

  it('keeps the shares of the others when a holding of the plan is deleted', async () => {
    const plan = await make();
    await anna.expect(200, 'DELETE /api/holdings/:id', { params: { id: holdings['ALPHA'] ?? '' } });
    expect((await proposals('open'))[0]?.lines).toMatchObject([{ name: 'BETA', amount: '40' }]);
    await anna.expect(200, 'PATCH /api/plans/:id', { params: { id: plan.id }, body: { paused: true } });
    await anna.refused(404, 'PATCH /api/plans/:id', { params: { id: plan.id }, body: { amount: '50' } });
  });
});

describe('in a shared portfolio', () => {
  it('a guest sees plans, and decides when they may edit', async () => {
    const ben = await app.register();
    await make();
    const share = async (role: 'view' | 'edit'): Promise<void> => {
      const { id } = await anna.expect(201, 'POST /api/portfolios/:id/invitations', {
        ...here(),
        body: { email: ben.email, role },
      });
      await ben.expect(200, 'POST /api/invitations/:id/accept', { params: { id } });
    };
    await share('view');
    const { items } = await ben.expect(200, 'GET /api/portfolios/:id/proposals', { ...here(), query: {} });
    const at = { params: { id: items[0]?.id ?? '' } };
    expect(items[0]?.lines).toMatchObject([{ qty: '24' }, { qty: '5' }]);
    await ben.refused(403, 'POST /api/proposals/:id/confirm', { ...at, body: {} });
    await ben.refused(403, 'POST /api/portfolios/:id/plans', { ...here(), body: monthly() });
    await anna.expect(200, 'PATCH /api/portfolios/:id/access/:userId', {
      params: { id: portfolioId, userId: ben.id },
      body: { role: 'edit' },
    });
    await ben.expect(200, 'POST /api/proposals/:id/confirm', { ...at, body: {} });
    expect(await holding('ALPHA')).toMatchObject({ qty: '24' });
  });
});
