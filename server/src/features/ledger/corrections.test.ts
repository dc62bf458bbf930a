/** What correcting the ledger must not change, and what happens when several write at once. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { verifyLedger } from '../../entry/commands/verify.ts';

let app: TestApp;
let anna: TestPerson;

const RATES = (dollars: string): Buffer => Buffer.from(`Date,USD,GBP,\n2024-02-23,${dollars},0.80,\n`);

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  await app.admin.expect(201, 'POST /api/fx/import', { body: RATES('1.25') });
});
afterAll(async () => app.close());

let made = 0;
const instrument = async (currency = 'GBP'): Promise<string> => {
  made += 1;
  const body = { type: 'ETF' as const, ticker: `CO${made}`, name: `Corrected fund ${made}`, currency };
  return (await anna.expect(201, 'POST /api/instruments', { body })).id;
};
const portfolio = async (): Promise<string> =>
  (await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
const names = { section: 'Core', theme: 'Global Equity', account: 'ISA' };
const holding = async (
  extras: { qty?: string; avgCost?: string } = {},
  portfolioId?: string,
  currency?: string,
): Promise<string> =>
  (
    await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id: portfolioId ?? (await portfolio()) },
      body: { instrumentId: await instrument(currency), ...names, ...extras },
    })
  ).id;
const buy = { type: 'buy' as const, date: '2024-02-23', price: '10', qty: '1' };
const trade = async (id: string, extras: object = {}) =>
  anna.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: { ...buy, ...extras } });
const read = async (id: string) => anna.expect(200, 'GET /api/holdings/:id', { params: { id } });

describe('correcting a trade', () => {
  it('keeps its rate while its day stays, whatever was published since', async () => {
    const id = await holding({}, undefined, 'USD');
    const bought = await trade(id, { price: '100' });
    expect(bought).toMatchObject({ total: '64', fxSource: 'ECB, 2024-02-23' });
    await app.admin.expect(201, 'POST /api/fx/import', { body: RATES('2') });
    const noted = await anna.expect(200, 'PATCH /api/trades/:id', {
      params: { id: bought.id },
      body: { notes: 'Bought at last' },
    });
    expect(noted).toMatchObject({ total: '64', fxRate: '0.64', fxSource: 'ECB, 2024-02-23' });
    // 0.80 / 2: on another day the rate is looked up anew, and carried forward.
    const moved = await anna.expect(200, 'PATCH /api/trades/:id', {
      params: { id: bought.id },
      body: { date: '2024-02-25' },
    });
    expect(moved).toMatchObject({ total: '40', fxRate: '0.4', fxSource: 'ECB, 2024-02-23' });
  });

  it('is refused when the total of a sale could not be kept', async () => {
    const id = await holding({ qty: '99999999999999999999', avgCost: '0' });
    const sale = {
      ...buy,
      type: 'sell' as const,
      price: '99999999999999999999',
      qty: '99999999999999999999',
    };
    const problem = await anna.refused(422, 'POST /api/holdings/:id/trades', { params: { id }, body: sale });
    expect(problem).toMatchObject({ code: 'too_large', field: 'price' });
  });
});

describe('restating an opening position', () => {
  it('keeps the trade, its notes and, while no other cost is given, its fees', async () => {
    const id = await holding({ qty: '10', avgCost: '2' });
    const openings = async () =>
      (await anna.expect(200, 'GET /api/holdings/:id/trades', { params: { id } })).items;
    const [opening] = await openings();
    await anna.expect(200, 'PATCH /api/trades/:id', {
      params: { id: opening?.id ?? '' },
      body: { fees: '5', notes: 'From the old broker' },
    });
    const more = await anna.expect(200, 'PATCH /api/holdings/:id', { params: { id }, body: { qty: '20' } });
    expect(more).toMatchObject({ qty: '20', costBasis: '45', avgCost: '2.25' });
    const dearer = await anna.expect(200, 'PATCH /api/holdings/:id', {
      params: { id },
      body: { avgCost: '3' },
    });
    expect(dearer).toMatchObject({ qty: '20', costBasis: '60', avgCost: '3' });
    expect(await openings()).toMatchObject([{ id: opening?.id, notes: 'From the old broker', fees: '0' }]);
  });

  it('to nothing takes it away, and to something again makes a new one', async () => {
    const id = await holding({ qty: '10', avgCost: '2' });
    await anna.expect(200, 'PATCH /api/holdings/:id', { params: { id }, body: { qty: '0' } });
    expect(await read(id)).toMatchObject({ qty: '0', costBasis: '0', avgCost: null });
    await anna.expect(200, 'PATCH /api/holdings/:id', { params: { id }, body: { qty: '1', avgCost: '7' } });
    expect(await read(id)).toMatchObject({ qty: '1', costBasis: '7' });
  });

  it('to a cost that cannot be kept is refused by name', async () => {
    const id = await holding({ qty: '99999999999999999999' });
    const problem = await anna.refused(422, 'PATCH /api/holdings/:id', {
      params: { id },
      body: { avgCost: '99999999999999999999' },
    });
    expect(problem).toMatchObject({ code: 'too_large', field: 'avgCost' });
  });
});

describe('several at once', () => {
  it('correct, delete, buy and sell without overselling, without a deadlock and without a drift', async () => {
    const id = await holding();
    const bought = await Promise.all(Array.from({ length: 6 }, async () => trade(id, { qty: '2' })));
    const answers = await Promise.all([
      ...bought.map(async (one) => anna.call('DELETE /api/trades/:id', { params: { id: one.id } })),
      ...bought.map(async (one) =>
        anna.call('PATCH /api/trades/:id', { params: { id: one.id }, body: { qty: '3' } }),
      ),
      ...Array.from({ length: 8 }, async () =>
        anna.call('POST /api/holdings/:id/trades', {
          params: { id },
          body: { ...buy, type: 'sell', date: '2024-03-01', qty: '2' },
        }),
      ),
    ]);
    for (const one of answers) expect([200, 201, 404, 422]).toContain(one.statusCode);
    const { items } = await anna.expect(200, 'GET /api/holdings/:id/trades', { params: { id } });
    const signed = items.map((one) => Number(one.qty) * (one.type === 'sell' ? -1 : 1));
    const left = signed.reduce((sum, qty) => sum + qty, 0);
    expect(left).toBeGreaterThanOrEqual(0);
    expect((await read(id)).qty).toBe(String(left));
    expect((await verifyLedger(app.database)).differences).toEqual([]);
  });

  it('add the same holding: one is added, the others are told that it is there', async () => {
    const [id, instrumentId] = [await portfolio(), await instrument()];
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () =>
        anna.call('POST /api/portfolios/:id/holdings', { params: { id }, body: { instrumentId, ...names } }),
      ),
    );
    expect(answers.map((one) => one.statusCode).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
    for (const one of answers.filter((answer) => answer.statusCode === 409)) {
      expect(one.json()).toMatchObject({ code: 'holding_exists', field: 'instrumentId' });
    }
    const first = answers.find((one) => one.statusCode === 201)?.json<{ id: string }>().id ?? '';
    await anna.expect(200, 'DELETE /api/holdings/:id', { params: { id: first } });
    await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id },
      body: { instrumentId, ...names },
    });
  });

  it('never leave a cost in a currency that the portfolio no longer has', async () => {
    for (let round = 0; round < 6; round += 1) {
      const portfolioId = await portfolio();
      const id = await holding({}, portfolioId);
      const [changed] = await Promise.all([
        anna.call('PATCH /api/portfolios/:id', {
          params: { id: portfolioId },
          body: { settings: { currency: 'USD' } },
        }),
        trade(id).catch(() => undefined),
      ]);
      const after = await read(id);
      // Either the trade came first and the currency stayed, or it was converted: 10 GBP × 2 / 0.80 are 25 USD.
      expect([changed.statusCode, after.costCurrency, after.costBasis]).toEqual(
        changed.statusCode === 200 ? [200, 'USD', '25'] : [422, 'GBP', '10'],
      );
    }
  });

  it('never leave a living row under a portfolio that is deleted meanwhile', async () => {
    for (let round = 0; round < 6; round += 1) {
      const portfolioId = await portfolio();
      const id = await holding({}, portfolioId);
      const instrumentId = await instrument();
      const answers = await Promise.all([
        anna.call('POST /api/holdings/:id/trades', { params: { id }, body: buy }),
        anna.call('DELETE /api/portfolios/:id', { params: { id: portfolioId } }),
        anna.call('POST /api/portfolios/:id/holdings', {
          params: { id: portfolioId },
          body: { instrumentId, ...names, qty: '1' },
        }),
      ]);
      for (const one of answers) expect([200, 201, 404]).toContain(one.statusCode);
      expect(answers[1]?.statusCode).toBe(200);
      const { rows } = await app.database.owner.transaction().execute(async (tx) =>
        sql`select id from pm.trades where portfolio_id = ${portfolioId} and deleted_at is null
          union all select id from pm.holdings where portfolio_id = ${portfolioId} and deleted_at is null`.execute(
          tx,
        ),
      );
      expect(rows).toEqual([]);
    }
  });
});
