/** What the ledger keeps is enough for other methods: HMRC's example, recorded through the API and read back as rows. */
import { DISPOSAL_METHODS } from '@pm/domain/ledger';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';
import { ledgerTrade } from './answers.ts';
import { tradesOfHoldings } from './trade-queries.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());

it('gives the gains of HS284 example 3 by section 104, and those of the other methods, from the rows alone', async () => {
  const anna = await app.register();
  const { id: portfolioId } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } });
  const { id: instrumentId } = await anna.expect(201, 'POST /api/instruments', {
    body: { type: 'Stock', name: 'Lobster plc', ticker: 'LOB', currency: 'GBP', quoteUnit: 'GBX' },
  });
  const { id: holdingId } = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, section: 'Core', theme: 'Global Equity', account: 'GIA' },
  });
  // The later ones first: what counts is the day, not when it was recorded.
  for (const [type, date, qty, price, fees] of [
    ['buy', '2018-09-01', '500', '410', '80'],
    ['buy', '2015-04-01', '1000', '400', '150'],
    ['sell', '2024-02-01', '400', '520', '105'],
    ['sell', '2023-05-01', '700', '480', '100'],
  ] as const) {
    await anna.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id: holdingId },
      body: { type, date, qty, price, fees, quoteUnit: 'GBX' },
    });
  }
  const rows = await app.database.owner
    .transaction()
    .execute(async (tx) => tradesOfHoldings(tx, [holdingId]));
  const gains = (method: keyof typeof DISPOSAL_METHODS) => {
    const result = DISPOSAL_METHODS[method](rows.map(ledgerTrade));
    return 'oversold' in result ? [] : result.disposals.map((one) => one.gain.toFixed(2));
  };
  // 3,260 and 1,975 net, less 700 and 400 of 1,500 shares that cost 6,280.
  expect(gains('section104')).toEqual(['329.33', '300.33']);
  // No purchase between the sales, so the running average is the same.
  expect(gains('average')).toEqual(['329.33', '300.33']);
  // 700 and 300 of the first thousand at 4.15, then 100 at 4.26.
  expect(gains('fifo')).toEqual(['355.00', '304.00']);
});
