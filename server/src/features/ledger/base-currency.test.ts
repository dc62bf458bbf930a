/** Another currency for a portfolio that has trades: everything at historic rates in one transaction, or refused. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import type { BodyOf } from '../../platform/http/index.ts';

let app: TestApp;
let anna: TestPerson;
let id: string;
let made = 0;

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  // 1 EUR = 1.25 USD = 0.80 GBP on the first day, so 1 USD = 0.64 GBP; 1.20 USD = 0.90 GBP on the second: 0.75 GBP.
  const today = Temporal.Now.plainDateISO('UTC').toString();
  const file = `Date,USD,GBP,\n${today},1.25,0.80,\n2024-03-01,1.20,0.90,\n2024-02-23,1.25,0.80,\n`;
  await app.admin.expect(201, 'POST /api/fx/import', { body: Buffer.from(file) });
});
afterAll(async () => app.close());
beforeEach(async () => {
  ({ id } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } }));
});

const hold = async (extras: object = {}, portfolioId = id, currency = 'GBP') => {
  made += 1;
  const { id: instrumentId } = await anna.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: `Currency fund ${made}`, ticker: `CF${made}`, currency },
  });
  return anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA', ...extras },
  });
};
type Trade = BodyOf<'POST /api/holdings/:id/trades'>;
const record = async (holdingId: string, body: Trade) =>
  anna.expect(201, 'POST /api/holdings/:id/trades', { params: { id: holdingId }, body });
const cost = async (holdingId: string) => {
  const holding = await anna.expect(200, 'GET /api/holdings/:id', { params: { id: holdingId } });
  return `${holding.qty} ${holding.costBasis} ${holding.costCurrency}`;
};
const patch = async (settings: NonNullable<BodyOf<'PATCH /api/portfolios/:id'>['settings']>) =>
  anna.expect(200, 'PATCH /api/portfolios/:id', { params: { id }, body: { settings } });
const rates = async (holdingId: string) => {
  const { items } = await anna.expect(200, 'GET /api/holdings/:id/trades', { params: { id: holdingId } });
  return items.map((one) => `${one.type} ${one.currency} ${one.fxRate} ${one.fxSource}`).toSorted();
};

describe('another currency', () => {
  it('counts each trade at the rate of its day, a rate given by hand times that of the day', async () => {
    const pounds = await hold();
    await record(pounds.id, { type: 'buy', date: '2024-02-23', price: '64', qty: '1' });
    await record(pounds.id, { type: 'buy', date: '2024-03-01', price: '75', qty: '1' });
    const dollars = await hold({}, id, 'USD');
    await record(dollars.id, { type: 'buy', date: '2024-02-23', price: '10', qty: '2' });
    const francs = await hold();
    const bought = { type: 'buy' as const, date: '2024-03-01', price: '15', qty: '1', currency: 'CHF' };
    await record(francs.id, { ...bought, fxRate: '0.5' });
    expect(await cost(dollars.id)).toBe('2 12.8 GBP');
    expect((await patch({ currency: 'USD' })).baseCurrency).toBe('USD');
    // 64 ÷ 0.64 and 75 ÷ 0.75; 20 are 20; 15 × 0.5 = 7.5 GBP ÷ 0.75.
    expect(await Promise.all([pounds, dollars, francs].map((one) => cost(one.id)))).toEqual([
      '2 200 USD',
      '2 20 USD',
      '1 10 USD',
    ]);
    expect(await rates(dollars.id)).toEqual(['buy USD 1 identity']);
    expect((await rates(pounds.id)).map((one) => one.slice(0, 16))).toEqual([
      'buy GBP 1.333333',
      'buy GBP 1.5625 E',
    ]);
    await patch({ currency: 'GBP' });
    expect(await Promise.all([pounds, dollars].map((one) => cost(one.id)))).toEqual([
      '2 139 GBP',
      '2 12.8 GBP',
    ]);
  });

  it('is refused with the missing rates named, and changes nothing', async () => {
    const holding = await hold();
    await record(holding.id, { type: 'buy', date: '2023-05-05', price: '10', qty: '1' });
    await record(holding.id, { type: 'buy', date: '2024-02-23', price: '10', qty: '1' });
    const before = await anna.expect(200, 'GET /api/portfolios/:id', { params: { id } });
    const body = { settings: { currency: 'USD' } };
    const said = await anna.refused(422, 'PATCH /api/portfolios/:id', { params: { id }, body });
    expect(said).toMatchObject({ code: 'rate_missing', field: 'settings.currency' });
    expect(said.detail).toContain('GBP to USD on 2023-05-05');
    expect(said.detail).not.toContain('2024-02-23');
    expect(await anna.expect(200, 'GET /api/portfolios/:id', { params: { id } })).toEqual(before);
    expect(await cost(holding.id)).toBe('2 20 GBP');
  });

  it('takes transfers along, within the portfolio and to and from others', async () => {
    const other = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Other' } });
    const here = await hold();
    await record(here.id, { type: 'buy', date: '2024-02-23', price: '64', qty: '4' });
    const inside = { account: 'SIPP', section: 'Core', theme: 'Bonds' };
    await record(here.id, { type: 'transfer_out', date: '2024-03-01', qty: '1', to: inside });
    const there = { ...inside, portfolioId: other.id };
    await record(here.id, { type: 'transfer_out', date: '2024-03-01', qty: '1', to: there });
    const brought = await hold();
    await record(brought.id, { type: 'transfer_in', date: '2024-03-01', qty: '1', cost: '75' });
    await patch({ currency: 'USD' });
    const costs = async (portfolioId: string) => {
      const { items } = await anna.expect(200, 'GET /api/portfolios/:id/holdings', {
        params: { id: portfolioId },
      });
      return items.map((one) => `${one.account} ${one.qty} ${one.costBasis}`).toSorted();
    };
    // 64 ÷ 0.64 each; what came from elsewhere 75 ÷ 0.75.
    expect(await costs(id)).toEqual(['ISA 1 100', 'ISA 2 200', 'SIPP 1 100']);
    // It left with 100 dollars and arrived at 0.75.
    expect(await costs(other.id)).toEqual(['SIPP 1 75']);
  });

  it('restates what is deleted and can be brought back', async () => {
    const holding = await hold();
    await record(holding.id, { type: 'buy', date: '2024-02-23', price: '64', qty: '1' });
    await anna.expect(200, 'DELETE /api/holdings/:id', { params: { id: holding.id } });
    await patch({ currency: 'USD' });
    const { items } = await anna.expect(200, 'GET /api/deletions');
    await anna.expect(200, 'POST /api/deletions/:id/restore', { params: { id: items[0]?.id ?? '' } });
    const { rows } = await app.database.owner.transaction().execute(async (tx) =>
      sql<{ rate: string }>`select trim_scale(fx_rate)::text as rate from pm.trades
        where holding_id = ${holding.id}`.execute(tx),
    );
    expect(rows).toEqual([{ rate: '1.5625' }]);
  });

  it('converts the totals aimed for and budgets that are amounts, unless they are given anew', async () => {
    await anna.expect(200, 'PATCH /api/portfolios/:id', {
      params: { id },
      body: { budgets: { accounts: { ISA: { amount: '64' } } } },
    });
    const moved = await patch({ currency: 'USD' });
    expect(moved.budgets.accounts).toEqual({ ISA: { amount: '100' } });
    await patch({ targetPortfolioValue: '1000', lockedTotal: '2000' });
    const back = await patch({ currency: 'GBP', lockedTotal: '500' });
    expect(back.settings).toMatchObject({ targetPortfolioValue: '640', lockedTotal: '500' });
    expect(back.budgets.sections['Core']).toEqual({ percent: 60, amount: '384' });
  });
});
