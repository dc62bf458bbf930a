/** Gains through the API; expected figures are reckoned by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import type { BodyOf } from '#platform/http/index.ts';

let app: TestApp;
let alice: TestPerson;

/** Dollars at 0.8 pounds on 1 March 2024, at 0.7 on the 8th, at 0.9 today. */
const TODAY = Temporal.Now.plainDateISO('UTC').toString();
beforeAll(async () => {
  app = await createTestApp();
  alice = await app.register();
  const ecb = `Date,USD,GBP,\n2024-03-01,1.1,0.88,\n2024-03-08,1.2,0.84,\n${TODAY},1,0.9,\n`;
  await app.admin.expect(201, 'POST /api/fx/import', { body: Buffer.from(ecb) });
});
afterAll(async () => app.close());

let made = 0;
const instrument = async (currency: string, price?: string, type: 'ETF' | 'Cash' = 'ETF') => {
  made += 1;
  const { id } = await alice.expect(201, 'POST /api/instruments', {
    body: { type, ticker: `GAI${made}`, name: `Fund ${made}`, currency },
  });
  if (price !== undefined) {
    await alice.expect(201, 'POST /api/instruments/:id/prices', {
      params: { id },
      body: { dateTime: `${TODAY}T00:00:00Z`, close: price },
    });
  }
  return id;
};
const portfolio = async () =>
  (await alice.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
const holding = async (portfolioId: string, instrumentId: string, extras: object = {}) =>
  (
    await alice.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id: portfolioId },
      body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA', ...extras },
    })
  ).id;
const record = async (id: string, body: BodyOf<'POST /api/holdings/:id/trades'>) =>
  alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body });
const gainOf = async (id: string, query: { method?: 'average' | 'fifo'; asOf?: string } = {}) =>
  alice.expect(200, 'GET /api/holdings/:id/gain', { params: { id }, query });

const PEER_CASE = [
  ['buy', '2024-01-02', '10', '100'],
  ['sell', '2024-02-02', '5', '150'],
  ['buy', '2024-03-02', '5', '200'],
  ['sell', '2024-04-02', '5', '250'],
] as const;

describe('the gain of a holding', () => {
  it('is 1,250 whatever the order of buys, partial sales and rebuys', async () => {
    const id = await holding(await portfolio(), await instrument('GBP', '250'));
    for (const [type, date, qty, price] of PEER_CASE) await record(id, { type, date, qty, price });
    const average = await gainOf(id);
    expect(average.gain).toEqual({
      currency: 'GBP',
      value: '1250',
      cost: '750',
      purchases: '2000',
      proceeds: '2000',
      income: '0',
      fees: '0',
      taxes: '0',
      realised: '750',
      unrealised: '500',
      incomeGain: '0',
      total: '1250',
    });
    expect(average.split).toEqual({ price: '1250', currency: '0', income: '0' });
    expect(average.rows.map((row) => [row.type, row.count, row.total, row.realised])).toEqual([
      ['buy', 2, '2000', '0'],
      ['sell', 2, '2000', '750'],
    ]);
    // First in, first out sells both fives of the first ten.
    const fifo = await gainOf(id, { method: 'fifo' });
    expect(fifo.gain).toMatchObject({ cost: '1000', realised: '1000', unrealised: '250', total: '1250' });
    const then = await gainOf(id, { asOf: '2024-02-15' });
    expect(then.gain).toMatchObject({ purchases: '1000', realised: '250', value: null, total: null });
    expect(then.splitMissing).toBe('The value is missing.');
  });

  it('is split into price, currency and income, in the instrument’s own currency too', async () => {
    const id = await holding(await portfolio(), await instrument('USD', '15'));
    await record(id, { type: 'buy', date: '2024-03-01', qty: '10', price: '10' }); // 100 dollars, 80 pounds
    await record(id, { type: 'sell', date: '2024-03-08', qty: '5', price: '12' }); // 60 dollars, 42 pounds
    await record(id, { type: 'dividend', date: '2024-03-08', amount: '10', taxes: '1' }); // 6.30 pounds
    const { gain, own, split, rate } = await gainOf(id);
    // 5 × 15 dollars × 0.9 = 67.50 less 40; 42 less 40
    expect(gain).toMatchObject({
      value: '67.5',
      realised: '2',
      unrealised: '27.5',
      incomeGain: '6.3',
      total: '35.8',
    });
    expect(own).toMatchObject({
      currency: 'USD',
      realised: '10',
      unrealised: '25',
      incomeGain: '9',
      total: '44',
    });
    // Price: 25 dollars at 0.9 and 10 at 0.7. Currency: 50 dollars gained 0.1 each and lost 0.1 each.
    expect(split).toEqual({ price: '29.5', currency: '0', income: '6.3' });
    expect(rate).toMatchObject({ from: 'USD', to: 'GBP', rate: '0.9' });
  });

  it('takes an opening in the portfolio’s currency at the rate of its day, or says that there is none', async () => {
    const id = await portfolio();
    const dated = { qty: '10', avgCost: '8', date: '2024-03-01' };
    const known = await gainOf(await holding(id, await instrument('USD', '15'), dated));
    expect(known.own).toMatchObject({ currency: 'USD', cost: '100', total: '50' });
    expect(known.split).toEqual({ price: '45', currency: '10', income: '0' });
    const early = { ...dated, date: '2010-01-04' };
    const unknown = await gainOf(await holding(id, await instrument('USD', '15'), early));
    expect(unknown).toMatchObject({
      gain: { total: '55' },
      own: null,
      split: null,
      splitMissing: 'There is no GBP to USD rate for 2010-01-04.',
    });
  });

  it('follows units and their own cost through a transfer', async () => {
    const from = await portfolio();
    const id = await holding(from, await instrument('USD', '15'));
    await record(id, { type: 'buy', date: '2024-03-01', qty: '10', price: '10' });
    const to = await portfolio();
    const moved = await record(id, {
      type: 'transfer_out',
      date: '2024-03-08',
      qty: '10',
      to: { portfolioId: to },
    });
    expect((await gainOf(id)).gain).toMatchObject({ purchases: '80', proceeds: '80', total: '0' });
    const there = await gainOf(moved.legs[1]?.holdingId ?? '');
    expect(there.gain).toMatchObject({ purchases: '80', value: '135', total: '55' });
    expect(there.own).toMatchObject({ purchases: '100', total: '50' });
    expect(there.split).toEqual({ price: '45', currency: '10', income: '0' });
  });
});

describe('the gain of a portfolio', () => {
  it('is the sum of its holdings, cash and those that are sold included', async () => {
    const id = await portfolio();
    const cash = await holding(id, await instrument('GBP', undefined, 'Cash'));
    await record(cash, { type: 'deposit', date: '2024-01-01', amount: '1000' });
    const one = await holding(id, await instrument('GBP', '30'));
    await record(one, { type: 'buy', date: '2024-01-02', qty: '10', price: '20', fees: '5', settle: {} });
    const sold = await holding(id, await instrument('GBP'));
    await record(sold, { type: 'buy', date: '2024-01-02', qty: '1', price: '100', settle: {} });
    await record(sold, { type: 'sell', date: '2024-01-03', qty: '1', price: '90', taxes: '1', settle: {} });
    await record(cash, { type: 'interest', date: '2024-01-04', amount: '3', settle: {} });
    const all = await alice.expect(200, 'GET /api/portfolios/:id/gain', { params: { id } });
    // 1,000 paid in; 300 of the fund and 787 of cash are there.
    expect(all.gain).toMatchObject({
      value: '1087',
      realised: '-11',
      unrealised: '95',
      incomeGain: '3',
      total: '87',
    });
    expect(all).toMatchObject({
      complete: true,
      holdingCount: 3,
      missing: [],
      split: { price: '84', currency: '0', income: '3' },
    });
  });

  it('leaves out whole, and names, what has no value', async () => {
    const id = await portfolio();
    await holding(id, await instrument('GBP', '30'), { qty: '1', avgCost: '10' });
    const blind = await holding(id, await instrument('GBP'), { qty: '1', avgCost: '10' });
    const all = await alice.expect(200, 'GET /api/portfolios/:id/gain', { params: { id } });
    expect(all.gain).toMatchObject({ cost: '10', total: '20' });
    expect([all.complete, all.missing.map((one) => one.holdingId)]).toEqual([false, [blind]]);
  });
});

describe('the gains of a list', () => {
  it('come a page at a time, each as that of its holding', async () => {
    const id = await portfolio();
    const risen = await holding(id, await instrument('GBP', '250'));
    const unpriced = await holding(id, await instrument('GBP'));
    for (const [type, date, qty, price] of PEER_CASE) await record(risen, { type, date, qty, price });
    await record(unpriced, { type: 'buy', date: '2024-01-02', qty: '1', price: '10' });
    const list = (cursor?: string) =>
      alice.expect(200, 'GET /api/portfolios/:id/gains', {
        params: { id },
        query: { limit: 1, ...(cursor === undefined ? {} : { cursor }) },
      });
    const first = await list();
    // Sold 750 + 1,250 of what cost 500 + 750: 750; the five left are worth 1,250 and cost 750.
    expect(first.items).toMatchObject([
      { holdingId: risen, gain: { realised: '750', unrealised: '500', total: '1250' } },
    ]);
    const second = await list(first.nextCursor ?? '');
    expect(second.items).toMatchObject([
      { holdingId: unpriced, gain: { value: null, total: null, purchases: '10' }, split: null },
    ]);
    expect(second.nextCursor).toBeNull();
  });
});

describe('a list of holdings', () => {
  it('can be of one type of instrument', async () => {
    const id = await portfolio();
    await holding(id, await instrument('GBP'));
    const cash = await holding(id, await instrument('GBP', undefined, 'Cash'));
    const { items } = await alice.expect(200, 'GET /api/portfolios/:id/holdings', {
      params: { id },
      query: { type: 'Cash' },
    });
    expect(items.map((one) => one.id)).toEqual([cash]);
  });
});
