/** Two portfolios side by side, with figures reckoned by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
const ids: Record<string, string> = {};

const fund = async (key: string, ocf: number | undefined, price: string, file: string): Promise<void> => {
  const { id } = await anna.expect(201, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      name: `${key} fund`,
      ticker: `CMP${key}`,
      currency: 'GBP',
      scope: 'private',
      ...(ocf === undefined ? {} : { metadata: { ocf } }),
    },
  });
  await anna.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id },
    body: { dateTime: Temporal.Now.instant().toString(), close: price },
  });
  await anna.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf: '2024-03-01', force: true },
    body: Buffer.from(`Ticker,Name,Weight,Country,Sector\n${file}\n`),
  });
  ids[key] = id;
};

const hold = async (portfolioId: string, key: string, qty: string | undefined, more: object = {}) =>
  anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: {
      instrumentId: ids[key] ?? '',
      section: 'Core',
      theme: 'Bonds',
      account: 'ISA',
      ...(qty === undefined ? {} : { qty, avgCost: '1' }),
      ...more,
    },
  });

const portfolio = async (name: string, more: object = {}): Promise<string> =>
  (await anna.expect(201, 'POST /api/portfolios', { body: { name, ...more } })).id;

const diff = async (id: string, against?: string) =>
  anna.expect(200, 'GET /api/portfolios/:id/diff', {
    params: { id },
    query: against === undefined ? {} : { against },
  });

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  await fund(
    'World',
    0.2,
    '10',
    'ACME,ACME TOOLS INC,80,United States,Industrials\nBETA,BETA BANK PLC,20,United Kingdom,Financials',
  );
  await fund('Home', 0.1, '5', 'BETA,BETA BANK PLC,100,United Kingdom,Financials');
  ids['left'] = await portfolio('Now', {
    budgets: { sections: { Core: { percent: 70 }, Satellite: { percent: 30 } } },
  });
  // 60 in the world fund and 40 at home.
  await hold(ids['left'], 'World', '6');
  await hold(ids['left'], 'Home', '8', { section: 'Satellite' });
  // 30 and 170.
  ids['right'] = await portfolio('Then', { budgets: { sections: {} } });
  await hold(ids['right'], 'World', '3');
  await hold(ids['right'], 'Home', '34');
});
afterAll(async () => app.close());

describe('two portfolios side by side', () => {
  it('differ in value, weights, exposure and cost', async () => {
    const found = await diff(ids['left'] ?? '', ids['right']);
    expect(found).toMatchObject({
      currency: 'GBP',
      rate: null,
      left: { name: 'Now', value: '100', holdingCount: 2, weightsFrom: 'value', ocfKnownPct: 100 },
      right: { name: 'Then', value: '200', driftPct: null },
      movedPct: 45,
      holdingCount: 2,
    });
    // 0.6 × 0.2 + 0.4 × 0.1 of 100; 0.15 × 0.2 + 0.85 × 0.1 of 200.
    expect([found.left.ocfPct, found.left.yearlyCost]).toEqual([0.16, '0.16']);
    expect([found.right.ocfPct, found.right.yearlyCost]).toEqual([0.115, '0.23']);
    // 60 of 70 in Core, 40 of 30 in Satellite.
    expect(found.left.driftPct).toBeCloseTo(10, 9);
    expect(
      found.holdings.map(({ name, left, right, differencePct }) => [name, left, right, differencePct]),
    ).toEqual([
      ['Home fund', 40, 85, 45],
      ['World fund', 60, 15, -45],
    ]);
    expect(found.bySection).toEqual([
      { name: 'Core', left: 60, right: 100, differencePct: 40, leftTargetPct: 70, rightTargetPct: null },
      { name: 'Satellite', left: 40, right: 0, differencePct: -40, leftTargetPct: 30, rightTargetPct: null },
    ]);
    // Acme: 60 × 0.8 and 15 × 0.8; Beta: 60 × 0.2 + 40 and 15 × 0.2 + 85.
    const rounded = (rows: readonly { name: string; left: number; right: number }[]) =>
      rows.map(({ name, left, right }) => [name, Number(left.toFixed(6)), Number(right.toFixed(6))]);
    expect(rounded(found.companies)).toEqual([
      ['BETA BANK PLC', 52, 88],
      ['ACME TOOLS INC', 48, 12],
    ]);
    expect(rounded(found.byCountry)).toEqual([
      ['United Kingdom', 52, 88],
      ['United States', 48, 12],
    ]);
    expect(found.overlap.holdingsPct).toBeCloseTo(55, 9);
    expect(found.overlap.companiesPct).toBeCloseTo(64, 9);
  });

  it('are the same compared with themselves', async () => {
    const found = await diff(ids['left'] ?? '', ids['left']);
    expect([found.movedPct, found.overlap.holdingsPct]).toEqual([0, 100]);
    expect(found.holdings.every(({ differencePct }) => differencePct === 0)).toBe(true);
  });

  it('are compared in the first one’s currency, and say when there is no rate', async () => {
    const dollars = await portfolio('Dollars', { settings: { currency: 'USD' } });
    const before = await diff(ids['left'] ?? '', dollars);
    expect([before.right.ownValue, before.right.value, before.rate]).toEqual(['0', null, null]);
    await sql`insert into pm.fx_rates (from_currency, to_currency, rate, date, source)
      values ('EUR', 'GBP', 0.8, current_date, 'ECB'), ('EUR', 'USD', 1.6, current_date, 'ECB')`.execute(
      app.database.owner,
    );
    await hold(dollars, 'World', '2');
    const after = await diff(ids['left'] ?? '', dollars);
    // 20 pounds are 40 dollars, and 20 pounds again.
    expect([after.right.ownValue, after.right.value, after.rate?.rate]).toEqual(['40', '20', '0.5']);
  });
});

describe('without saying against what', () => {
  it('a draft is compared with its origin, and a portfolio with the model that it follows', async () => {
    const left = ids['left'] ?? '';
    const draft = await anna.expect(201, 'POST /api/portfolios/:id/draft', { params: { id: left } });
    expect((await diff(draft.id)).right.portfolioId).toBe(left);
    expect(await anna.refused(422, 'GET /api/portfolios/:id/diff', { params: { id: left } })).toMatchObject({
      code: 'nothing_to_compare',
      field: 'against',
    });
    const model = await portfolio('Fifty-fifty', { type: 'model' });
    await hold(model, 'World', undefined, { targetPct: 50 });
    await hold(model, 'Home', undefined, { targetPct: 50, account: 'SIPP' });
    await anna.expect(200, 'PATCH /api/portfolios/:id', { params: { id: left }, body: { modelId: model } });
    const found = await diff(left);
    expect(found.right).toMatchObject({ portfolioId: model, weightsFrom: 'targets', missing: [] });
    expect(found.holdings.map(({ name, left: a, right: b }) => [name, a, b])).toEqual([
      ['World fund', 60, 50],
      ['Home fund', 40, 50],
    ]);
    expect(found.movedPct).toBe(10);
  });

  it('finds nothing of somebody else’s', async () => {
    const ben = await app.register();
    const own = (await ben.expect(201, 'POST /api/portfolios', { body: { name: 'Ben' } })).id;
    const request = { params: { id: own }, query: { against: ids['left'] ?? '' } };
    expect((await ben.refused(404, 'GET /api/portfolios/:id/diff', request)).code).toBe('not_found');
  });
});
