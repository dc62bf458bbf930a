/** How all portfolios together did, in one currency, through the API; figures by hand. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
const DAYS = ['2024-01-01', '2024-01-02', '2024-01-03'] as const;

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  // A dollar is £0.60, £0.65 and £0.60.
  await app.admin.expect(201, 'POST /api/fx/import', {
    body: Buffer.from('Date,USD,GBP,\n2024-01-01,1.25,0.75,\n2024-01-02,1.2,0.78,\n2024-01-03,1.2,0.72,\n'),
  });
}, 120_000);
afterAll(async () => app.close());

/** Ten units bought on the first day, with the closes of all three. */
const holding = async (name: string, currency: string, closes: readonly string[]) => {
  const { id } = await anna.expect(201, 'POST /api/portfolios', { body: { name, settings: { currency } } });
  const { id: instrumentId } = await anna.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: `${name} fund`, ticker: `ALL${currency}`, currency, scope: 'private' },
  });
  for (const [at, close] of closes.entries()) {
    await anna.expect(201, 'POST /api/instruments/:id/prices', {
      params: { id: instrumentId },
      body: { dateTime: `${DAYS[at] ?? ''}T16:00:00Z`, close },
    });
  }
  const held = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id },
    body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA' },
  });
  const buy = async (date: string, qty: string, price: string) =>
    anna.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id: held.id },
      body: { type: 'buy', date, qty, price },
    });
  await buy(DAYS[0], '10', closes[0] ?? '');
  return { id, buy };
};

it('adds up portfolios in two currencies at the rates of each evening', async () => {
  const pounds = await holding('Pounds', 'GBP', ['10', '11', '12']);
  const dollars = await holding('Dollars', 'USD', ['20', '21', '22']);
  await pounds.buy(DAYS[2], '5', '12');
  // Drafts do not count.
  await anna.expect(201, 'POST /api/portfolios/:id/draft', {
    params: { id: pounds.id },
    body: { name: 'Idea' },
  });
  const found = await anna.expect(200, 'GET /api/performance', {
    query: { currency: 'GBP', from: '2023-12-31', to: DAYS[2] },
  });
  expect(found).toMatchObject({
    portfolioId: null,
    currency: 'GBP',
    startValue: '0',
    // 15 × £12 and 10 × $22 × 0.6.
    endValue: '312',
    // £100 and $200 × 0.6 on the first day, £60 on the last.
    netFlow: '280',
    gain: '32',
    flows: [
      { date: DAYS[0], amount: '220' },
      { date: DAYS[2], amount: '60' },
    ],
  });
  // 220 → 110 + $210 × 0.65 = 246.5; with 60 more, 306.5 → 312.
  expect(found.series.map(({ value }) => value)).toEqual(['0', '220', '246.5', '312']);
  expect(found.timeWeighted.pct).toBeCloseTo((246.5 / 220) * (312 / 306.5) * 100 - 100, 8);
  // 220 for two of the three days, 60 for none of them: 220·g^(2/3) = 252.
  expect(found.moneyWeighted.kind).toBe('one');
  expect(found.moneyWeighted.pct).toBeCloseTo(22.593315322, 7);
  const parts = new Map(found.contributions.map((one) => [one.id, one]));
  expect(parts.get(pounds.id)).toMatchObject({ name: 'Pounds', netFlow: '160', endValue: '180', gain: '20' });
  expect(parts.get(dollars.id)).toMatchObject({
    name: 'Dollars',
    netFlow: '120',
    endValue: '132',
    gain: '12',
  });
  // £10 of 220, then £10 of 306.5 × 1.12045; £16.50 of 220, then −£4.50 of 306.5 × 1.12045.
  expect(parts.get(pounds.id)?.contributionPct).toBeCloseTo(8.201097434, 8);
  expect(parts.get(dollars.id)?.contributionPct).toBeCloseTo(5.8549607, 8);
});
