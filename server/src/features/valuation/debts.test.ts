/** What is owed against a holding: recorded by day, counted against its value everywhere, and shown beside it. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
let portfolioId: string;
let house: string;

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());

/** A house bought for 300,000 on 1 March 2024, worth 450,000 since 10 March; and a fund worth 60,000. */
beforeEach(async () => {
  anna = await app.register();
  portfolioId = (await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
  const add = async (type: 'Property' | 'Fund', theme: string, qty: string, avgCost: string) => {
    const instrument = await anna.expect(201, 'POST /api/instruments', {
      body: { type, name: type, ticker: type, currency: 'GBP', scope: 'private' },
    });
    const { id } = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id: portfolioId },
      body: {
        instrumentId: instrument.id,
        section: type === 'Fund' ? 'Core' : 'Satellite',
        theme,
        account: type === 'Fund' ? 'ISA' : 'GIA',
        qty,
        avgCost,
        date: '2024-03-01',
      },
    });
    return { id, instrumentId: instrument.id };
  };
  const price = async (id: string, day: string, close: string) =>
    anna.expect(201, 'POST /api/instruments/:id/prices', {
      params: { id },
      body: { dateTime: `${day}T12:00:00Z`, close },
    });
  const home = await add('Property', 'UK Equity', '1', '300000');
  house = home.id;
  await price(home.instrumentId, '2024-03-01', '300000');
  await price(home.instrumentId, '2024-03-10', '450000');
  const fund = await add('Fund', 'Global Equity', '100', '500');
  await price(fund.instrumentId, '2024-03-01', '600');
});

const owe = async (date: string, amount: string, more: { currency?: string; notes?: string } = {}) =>
  anna.expect(201, 'POST /api/holdings/:id/debts', {
    params: { id: house },
    body: { date, amount, ...more },
  });
const refuse = async (status: number, body: { date: string; amount: string; currency?: string }) =>
  anna.refused(status, 'POST /api/holdings/:id/debts', { params: { id: house }, body });
const summary = async (asOf?: string) =>
  anna.expect(200, 'GET /api/portfolios/:id/summary', {
    params: { id: portfolioId },
    query: asOf === undefined ? {} : { asOf },
  });

describe('amounts that are owed', () => {
  it('are listed newest first, corrected and taken away', async () => {
    const first = await owe('2024-03-01', '240000', { notes: 'Mortgage' });
    expect(first).toMatchObject({ amount: '240000', currency: 'GBP', notes: 'Mortgage', holdingId: house });
    const second = await owe('2024-06-01', '210000');
    const list = async (query = {}) =>
      anna.expect(200, 'GET /api/holdings/:id/debts', { params: { id: house }, query });
    expect((await list()).items.map((one) => one.date)).toEqual(['2024-06-01', '2024-03-01']);
    const page = await list({ limit: 1 });
    expect((await list({ limit: 1, cursor: page.nextCursor ?? '' })).items[0]?.id).toBe(first.id);
    const changed = await anna.expect(200, 'PATCH /api/debts/:id', {
      params: { id: second.id },
      body: { amount: '205000.5', date: '2024-07-01', notes: 'less' },
    });
    expect(changed).toMatchObject({ amount: '205000.5', date: '2024-07-01', notes: 'less' });
    await anna.expect(204, 'DELETE /api/debts/:id', { params: { id: second.id } });
    expect((await list()).items).toHaveLength(1);
    await anna.refused(404, 'PATCH /api/debts/:id', { params: { id: second.id }, body: { amount: '1' } });
  });

  it('are refused in words where they cannot be', async () => {
    await owe('2024-03-01', '240000');
    expect(await refuse(409, { date: '2024-03-01', amount: '1' })).toMatchObject({ code: 'debt_exists' });
    expect(await refuse(422, { date: '2999-01-01', amount: '1' })).toMatchObject({ field: 'date' });
    expect(await refuse(422, { date: '2024-03-02', amount: '-1' })).toMatchObject({ field: 'amount' });
    expect(await refuse(422, { date: '2024-03-02', amount: '1', currency: 'ABC' })).toMatchObject({
      field: 'currency',
    });
  });

  it('are their owner’s, or for guests to see and for those who edit to change', async () => {
    const { id } = await owe('2024-03-01', '240000');
    const ben = await app.register();
    const patch = { params: { id }, body: { amount: '1' } };
    await ben.refused(404, 'PATCH /api/debts/:id', patch);
    await ben.refused(404, 'GET /api/holdings/:id/debts', { params: { id: house } });
    await anna.expect(201, 'POST /api/portfolios/:id/invitations', {
      params: { id: portfolioId },
      body: { email: ben.email, role: 'view' },
    });
    const { items } = await ben.expect(200, 'GET /api/invitations');
    await ben.expect(200, 'POST /api/invitations/:id/accept', { params: { id: items[0]?.id ?? '' } });
    const seen = await ben.expect(200, 'GET /api/portfolios/:id/summary', { params: { id: portfolioId } });
    expect(seen).toMatchObject({ value: '270000', debt: '240000' });
    await ben.refused(403, 'PATCH /api/debts/:id', patch);
  });
});

describe('what is owed', () => {
  it('counts against the value, and is shown beside it', async () => {
    await owe('2024-03-01', '240000');
    await owe('2024-06-01', '210000');
    expect(await summary()).toMatchObject({
      value: '300000',
      assets: '510000',
      debt: '210000',
      cost: '350000',
      gain: '160000',
      bySection: { Core: '60000', Satellite: '240000' },
      byAccount: { ISA: '60000', GIA: '240000' },
      byCurrency: { GBP: '300000' },
    });
    expect(await summary('2024-03-05')).toMatchObject({ value: '120000', assets: '360000', debt: '240000' });
    const { valuation } = await anna.expect(200, 'GET /api/holdings/:id', { params: { id: house } });
    expect(valuation).toMatchObject({
      value: '240000',
      assets: '450000',
      owed: { amount: '210000', currency: 'GBP', since: '2024-06-01', value: '210000' },
      gain: '150000',
    });
    const all = await anna.expect(200, 'GET /api/summary');
    expect(all).toMatchObject({
      value: '300000',
      assets: '510000',
      debt: '210000',
      byWrapper: { GIA: '240000' },
    });
    const allocation = await anna.expect(200, 'GET /api/portfolios/:id/allocation', {
      params: { id: portfolioId },
    });
    expect(allocation.sections.map((one) => [one.name, one.value, one.actualPct])).toEqual([
      ['Core', '60000', 20],
      ['Satellite', '240000', 80],
      ['Cash', '0', 0],
    ]);
    const exposure = await anna.expect(200, 'GET /api/portfolios/:id/exposure', {
      params: { id: portfolioId },
    });
    expect(exposure.funds.map((one) => one.instrumentId)).toHaveLength(1);
    const gain = await anna.expect(200, 'GET /api/portfolios/:id/gain', { params: { id: portfolioId } });
    expect(gain.gain).toMatchObject({ value: '510000', total: '160000' });
  });

  it('is no gain when it is borrowed or repaid, in a history', async () => {
    await owe('2024-03-01', '240000');
    await owe('2024-06-01', '210000');
    const performance = await anna.expect(200, 'GET /api/portfolios/:id/performance', {
      params: { id: portfolioId },
      query: { from: '2024-03-05', to: '2024-06-30' },
    });
    // 120,000 became 300,000: 150,000 by the price of the house, 30,000 were repaid.
    expect(performance).toMatchObject({
      startValue: '120000',
      endValue: '300000',
      netFlow: '30000',
      gain: '150000',
      flows: [{ date: '2024-06-01', amount: '30000' }],
    });
    const day = await anna.expect(200, 'GET /api/portfolios/:id/performance/days/:date', {
      params: { id: portfolioId, date: '2024-06-01' },
    });
    expect(day).toMatchObject({ value: '300000', valueBefore: '270000', flow: '30000', pct: 0 });
    expect(day.rows.find((one) => one.holdingId === house)).toMatchObject({
      value: '240000',
      owed: { amount: '210000' },
    });
  });

  it('has no value without a rate for it, and says which', async () => {
    await owe('2024-03-01', '100000', { currency: 'XOF' });
    const { value, complete, missing } = await summary();
    expect([value, complete]).toEqual(['60000', false]);
    expect(missing[0]).toMatchObject({ holdingId: house, what: 'rate' });
    expect(missing[0]?.detail).toContain('XOF to GBP');
  });

  it('ends with what it is owed for', async () => {
    await owe('2024-03-01', '240000');
    await anna.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id: house },
      body: { type: 'sell', date: '2024-04-01', qty: '1', price: '450000' },
    });
    expect(await summary()).toMatchObject({ value: '60000', assets: '60000', debt: '0' });
  });

  it('goes along into a copy, and is in the list of summaries', async () => {
    await owe('2024-03-01', '240000');
    await owe('2024-06-01', '210000');
    const draft = await anna.expect(201, 'POST /api/portfolios/:id/draft', { params: { id: portfolioId } });
    const copied = await anna.expect(200, 'GET /api/portfolios/:id/summary', { params: { id: draft.id } });
    expect(copied).toMatchObject({ value: '300000', debt: '210000' });
    await sql`select pm.refresh_portfolio_summaries()`.execute(app.database.worker);
    const { rows } = await sql<{ total: string }>`
      select trim_scale(total_value)::text as total from pm.portfolio_summaries where portfolio_id = ${portfolioId}::uuid`.execute(
      app.database.worker,
    );
    expect(rows).toEqual([{ total: '300000' }]);
  });
});
