import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let alice: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  alice = await app.register();
});
afterAll(async () => app.close());

let made = 0;
const instrument = async (currency = 'GBP', quoteUnit?: string): Promise<string> => {
  made += 1;
  const body = {
    type: 'ETF' as const,
    ticker: `TST${made}`,
    name: `Test fund ${made}`,
    exchange: 'XLON',
    currency,
  };
  const one = await alice.expect(201, 'POST /api/instruments', {
    body: quoteUnit === undefined ? body : { ...body, quoteUnit },
  });
  return one.id;
};

const portfolio = async (): Promise<string> =>
  (await alice.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;

type HoldingExtras = { qty?: string; avgCost?: string; date?: string; account?: string };
const holding = async (portfolioId: string, instrumentId: string, extras: HoldingExtras = {}) =>
  alice.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, section: 'Core', theme: 'Global Equity', account: 'ISA', ...extras },
  });

const anyHolding = async (extras: HoldingExtras = {}): Promise<string> =>
  (await holding(await portfolio(), await instrument(), extras)).id;

const buy = { type: 'buy' as const, date: '2024-03-01', price: '10', qty: '10' };
const sell = { type: 'sell' as const, date: '2024-06-03', price: '12', qty: '4' };

describe('recording trades', () => {
  it('moves quantity and average cost with buys, fees and a partial sale', async () => {
    const id = await anyHolding();
    const bought = await alice.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { ...buy, fees: '5' },
    });
    expect(bought).toMatchObject({
      total: '105',
      totalCurrency: 'GBP',
      fxRate: '1',
      holding: { qty: '10', costBasis: '105', avgCost: '10.5' },
    });
    const sold = await alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: sell });
    expect(sold.holding).toMatchObject({ qty: '6', costBasis: '63', avgCost: '10.5' });
  });

  it('keeps a pence price a pence price and stores pounds', async () => {
    const { id } = await holding(await portfolio(), await instrument('GBP', 'GBX'));
    const trade = await alice.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { ...buy, price: '7512.5', qty: '2', quoteUnit: 'GBX' },
    });
    expect(trade).toMatchObject({
      price: '75.125',
      currency: 'GBP',
      quoted: { price: '7512.5', unit: 'GBX' },
      total: '150.25',
    });
  });

  it('takes the listing’s currency, not its quote unit, when no unit is given', async () => {
    const { id } = await holding(await portfolio(), await instrument('GBP', 'GBX'));
    const trade = await alice.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { ...buy, price: '75.125', qty: '2' },
    });
    expect(trade.total).toBe('150.25');
  });

  it('converts at the rate given, and asks for one where none is known', async () => {
    const { id } = await holding(await portfolio(), await instrument('USD'));
    const problem = await alice.refused(422, 'POST /api/holdings/:id/trades', { params: { id }, body: buy });
    expect(problem).toMatchObject({ code: 'rate_missing', field: 'fxRate' });
    const trade = await alice.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { ...buy, fxRate: '0.79' },
    });
    expect(trade).toMatchObject({
      currency: 'USD',
      fxRate: '0.79',
      fxSource: 'given',
      holding: { costBasis: '79' },
    });
  });

  it('uses the published rate of the trade’s day, and says which', async () => {
    const ecb = 'Date,USD,GBP,\n2024-02-29,1.0826,0.85550,\n';
    await app.admin.expect(201, 'POST /api/fx/import', { body: Buffer.from(ecb) });
    const { id } = await holding(await portfolio(), await instrument('USD'));
    const trade = await alice.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { ...buy, qty: '1', price: '1082.6' },
    });
    // 1082.6 USD at 0.85550 / 1.0826 GBP for 1 USD: 855.5 GBP but for the rate's twentieth place.
    expect(Number(trade.total)).toBeCloseTo(855.5, 12);
    expect(trade.fxSource).toBe('ECB, 2024-02-29');
  });

  it('carries a 28-digit amount through every layer unharmed', async () => {
    const id = await anyHolding();
    const qty = '1234567890.123456789012345678';
    const trade = await alice.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { ...buy, price: '1', qty },
    });
    expect(trade.holding).toMatchObject({ qty, costBasis: qty });
    const read = await alice.expect(200, 'GET /api/holdings/:id', { params: { id } });
    expect(read).toMatchObject({ qty, costBasis: qty });
  });
});

describe('overselling', () => {
  it('is refused when more is sold than held', async () => {
    const id = await anyHolding();
    await alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: buy });
    const problem = await alice.refused(422, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { ...sell, qty: '10.000000000000000001' },
    });
    expect(problem).toMatchObject({ code: 'oversold', field: 'qty' });
    expect((await alice.expect(200, 'GET /api/holdings/:id', { params: { id } })).qty).toBe('10');
  });

  it('is refused at every point of the history: a back-dated sale, an earlier buy deleted or moved', async () => {
    const id = await anyHolding();
    const first = await alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: buy });
    await alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: { ...sell, qty: '8' } });
    for (const [body, words] of [
      [{ ...sell, date: '2024-02-01', qty: '1' }, 'Only 0 were held on 2024-02-01'],
      [{ ...sell, date: '2024-05-01', qty: '3' }, 'would exceed the 7 held'],
    ] as const) {
      const problem = await alice.refused(422, 'POST /api/holdings/:id/trades', { params: { id }, body });
      expect(problem.detail).toContain(words);
    }
    expect(await alice.refused(422, 'DELETE /api/trades/:id', { params: { id: first.id } })).toMatchObject({
      code: 'oversold',
    });
    expect(
      await alice.refused(422, 'PATCH /api/trades/:id', {
        params: { id: first.id },
        body: { date: '2024-07-01' },
      }),
    ).toMatchObject({ code: 'oversold' });
    const trades = await alice.expect(200, 'GET /api/holdings/:id/trades', { params: { id } });
    expect(trades.items.map((one) => [one.type, one.date, one.running.qty])).toEqual([
      ['sell', '2024-06-03', '2'],
      ['buy', '2024-03-01', '10'],
    ]);
  });

  it('lets one of two simultaneous sales of the last share through', async () => {
    const id = await anyHolding();
    await alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: { ...buy, qty: '1' } });
    const body = { ...sell, qty: '1' };
    const answers = await Promise.all(
      [1, 2, 3, 4].map(async () => alice.call('POST /api/holdings/:id/trades', { params: { id }, body })),
    );
    expect(answers.map((one) => one.statusCode).toSorted((a, b) => a - b)).toEqual([201, 422, 422, 422]);
    expect((await alice.expect(200, 'GET /api/holdings/:id', { params: { id } })).qty).toBe('0');
  });

  it('loses and doubles nothing among simultaneous buys', async () => {
    const id = await anyHolding();
    await Promise.all(
      Array.from({ length: 12 }, async () =>
        alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: { ...buy, qty: '1' } }),
      ),
    );
    expect(await alice.expect(200, 'GET /api/holdings/:id', { params: { id } })).toMatchObject({
      qty: '12',
      costBasis: '120',
    });
  });
});

describe('corrections', () => {
  it('replays the holding when a trade is corrected or deleted, in any order', async () => {
    const id = await anyHolding();
    const first = await alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: buy });
    const second = await alice.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { ...buy, date: '2024-01-02', price: '20' },
    });
    await alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: sell });
    // (10×10 + 10×20) × 16/20 = 240
    expect((await alice.expect(200, 'GET /api/holdings/:id', { params: { id } })).costBasis).toBe('240');
    const corrected = await alice.expect(200, 'PATCH /api/trades/:id', {
      params: { id: first.id },
      body: { price: '15' },
      ifMatch: first.version,
    });
    expect(corrected.holding).toMatchObject({ qty: '16', costBasis: '280' });
    expect(
      (
        await alice.refused(412, 'PATCH /api/trades/:id', {
          params: { id: first.id },
          body: { price: '16' },
          ifMatch: first.version,
        })
      ).code,
    ).toBe('version_mismatch');
    const deleted = await alice.expect(200, 'DELETE /api/trades/:id', { params: { id: second.id } });
    expect(deleted.holding).toMatchObject({ qty: '6', costBasis: '90' });
  });
});

describe('an opening position', () => {
  it('is a trade of its own and can be restated while it is the only one', async () => {
    const id = await anyHolding({ qty: '3', avgCost: '33.333333333333333333' });
    const restated = await alice.expect(200, 'PATCH /api/holdings/:id', {
      params: { id },
      body: { qty: '4', avgCost: '25' },
    });
    expect(restated).toMatchObject({ qty: '4', costBasis: '100', avgCost: '25' });
    await alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: buy });
    expect(
      await alice.refused(422, 'PATCH /api/holdings/:id', { params: { id }, body: { qty: '5' } }),
    ).toMatchObject({ code: 'has_trades', field: 'qty' });
  });

  it('without a day was there before any trade', async () => {
    const id = await anyHolding({ qty: '10', avgCost: '1' });
    const sold = await alice.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { ...sell, date: '2020-01-02' },
    });
    expect(sold.holding.qty).toBe('6');
    const trades = await alice.expect(200, 'GET /api/holdings/:id/trades', { params: { id } });
    expect(trades.items.at(-1)).toMatchObject({ type: 'opening', date: '2020-01-02' });
  });

  it('with a day was not there before it', async () => {
    const id = await anyHolding({ qty: '10', avgCost: '1', date: '2024-01-02' });
    expect(
      await alice.refused(422, 'POST /api/holdings/:id/trades', {
        params: { id },
        body: { ...sell, date: '2020-01-02' },
      }),
    ).toMatchObject({ code: 'oversold' });
  });

  it('whose cost was not given has no average cost and no gain', async () => {
    const id = await anyHolding({ qty: '10' });
    const read = await alice.expect(200, 'GET /api/holdings/:id', { params: { id } });
    expect(read.avgCost).toBeNull();
    expect(read.valuation).toMatchObject({ value: null, gain: null, missing: 'price' });
  });
});

describe('bad input names the field and writes nothing', () => {
  it.each([
    [{ ...buy, price: '0' }, 422, 'price'],
    [{ ...buy, price: 'NaN' }, 400, 'price'],
    [{ ...buy, price: '-1' }, 422, 'price'],
    [{ ...buy, qty: '0' }, 422, 'qty'],
    [{ ...buy, qty: '1'.repeat(30) }, 422, 'qty'],
    [{ ...buy, qty: '0.1234567890123456789' }, 422, 'qty'],
    [{ ...buy, qty: '1e5' }, 400, 'qty'],
    [{ ...buy, fees: '-0.01' }, 422, 'fees'],
    [{ ...buy, fxRate: '1.1' }, 422, 'fxRate'],
    [{ ...buy, date: '1800-01-01' }, 422, 'date'],
    [{ ...buy, date: '2999-01-01' }, 422, 'date'],
    [{ ...buy, date: '2024-02-30' }, 400, 'date'],
    [{ ...buy, quoteUnit: 'USX' }, 422, 'quoteUnit'],
    [{ ...buy, quoteUnit: 'ILA', currency: 'GBP' }, 422, 'quoteUnit'],
    [{ ...buy, currency: 'GBX' }, 422, 'currency'],
    [{ ...buy, price: '99999999999999999999', qty: '99999999999999999999' }, 422, 'price'],
  ])('%j', async (body, status, field) => {
    const id = await anyHolding();
    const problem = await alice.refused(status, 'POST /api/holdings/:id/trades', { params: { id }, body });
    expect(problem.field).toBe(field);
    expect((await alice.expect(200, 'GET /api/holdings/:id/trades', { params: { id } })).items).toEqual([]);
  });

  it('a JSON number where an exact decimal belongs', async () => {
    const id = await anyHolding();
    const answer = await alice.raw({
      method: 'POST',
      url: `/api/holdings/${id}/trades`,
      payload: { ...buy, price: 12.5 },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ field: 'price' });
  });

  it('a holding under a name that the lists lack, of an instrument that is not there, or twice', async () => {
    const portfolioId = await portfolio();
    const instrumentId = await instrument();
    const body = { instrumentId, section: 'Core', theme: 'Global Equity', account: 'ISA' };
    const refuse = async (status: number, change: object) =>
      alice.refused(status, 'POST /api/portfolios/:id/holdings', {
        params: { id: portfolioId },
        body: { ...body, ...change },
      });
    expect(await refuse(422, { section: 'Cor' })).toMatchObject({ code: 'unknown_name', field: 'section' });
    expect(await refuse(404, { instrumentId: portfolioId })).toMatchObject({ field: 'instrumentId' });
    await holding(portfolioId, instrumentId);
    expect(await refuse(409, {})).toMatchObject({ code: 'holding_exists' });
    await holding(portfolioId, instrumentId, { account: 'SIPP' });
  });
});

describe('another person’s ledger', () => {
  it('is not there: reading, writing and using its ids answer 404', async () => {
    const portfolioId = await portfolio();
    const { id } = await holding(portfolioId, await instrument(), { qty: '5', avgCost: '2' });
    const trade = await alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: buy });
    const bob = await app.register();
    const theirs = { params: { id } };
    for (const refusal of [
      bob.refused(404, 'GET /api/portfolios/:id', { params: { id: portfolioId } }),
      bob.refused(404, 'PATCH /api/portfolios/:id', { params: { id: portfolioId }, body: { name: 'Mine' } }),
      bob.refused(404, 'DELETE /api/portfolios/:id', { params: { id: portfolioId } }),
      bob.refused(404, 'GET /api/portfolios/:id/summary', { params: { id: portfolioId } }),
      bob.refused(404, 'GET /api/portfolios/:id/holdings', { params: { id: portfolioId } }),
      bob.refused(404, 'GET /api/holdings/:id', theirs),
      bob.refused(404, 'PATCH /api/holdings/:id', { ...theirs, body: { include: false } }),
      bob.refused(404, 'DELETE /api/holdings/:id', theirs),
      bob.refused(404, 'GET /api/holdings/:id/trades', theirs),
      bob.refused(404, 'POST /api/holdings/:id/trades', { ...theirs, body: buy }),
      bob.refused(404, 'PATCH /api/trades/:id', { params: { id: trade.id }, body: { qty: '1' } }),
      bob.refused(404, 'DELETE /api/trades/:id', { params: { id: trade.id } }),
    ]) {
      expect((await refusal).code).toBe('not_found');
    }
    expect(await alice.expect(200, 'GET /api/holdings/:id', theirs)).toMatchObject({
      qty: '15',
      include: true,
    });
  });
});

describe('deleting', () => {
  it('takes a holding with its trades, and a portfolio with its holdings', async () => {
    const portfolioId = await portfolio();
    const { id } = await holding(portfolioId, await instrument(), { qty: '5', avgCost: '2' });
    await alice.expect(200, 'DELETE /api/holdings/:id', { params: { id } });
    await alice.refused(404, 'GET /api/holdings/:id', { params: { id } });
    await alice.refused(404, 'GET /api/holdings/:id/trades', { params: { id } });
    const other = await holding(portfolioId, await instrument(), { qty: '5', avgCost: '2' });
    await alice.expect(200, 'DELETE /api/portfolios/:id', { params: { id: portfolioId } });
    await alice.refused(404, 'GET /api/holdings/:id', { params: { id: other.id } });
    const late = await alice.refused(404, 'POST /api/holdings/:id/trades', {
      params: { id: other.id },
      body: buy,
    });
    expect(late.code).toBe('not_found');
  });
});
