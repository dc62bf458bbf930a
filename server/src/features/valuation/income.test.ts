/** What portfolios received, through the API; figures by hand. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
});
afterAll(async () => app.close());

it('adds dividends and interest up by month, tax year and account, with the yields of the last year', async () => {
  const { id } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } });
  const { id: instrumentId } = await anna.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: 'Payer', ticker: 'PAYS', currency: 'GBP' },
  });
  const { id: holding } = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id },
    body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA' },
  });
  await anna.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id: instrumentId },
    body: { dateTime: Temporal.Now.instant().subtract({ hours: 1 }).toString(), close: '25' },
  });
  const record = async (body: object) =>
    anna.expect(201, 'POST /api/holdings/:id/trades', { params: { id: holding }, body: body as never });
  await record({ type: 'buy', date: '2024-03-01', qty: '10', price: '20' });
  await record({ type: 'dividend', date: '2024-04-05', amount: '7', taxes: '2' });
  await record({ type: 'dividend', date: '2024-04-06', amount: '3' });
  await record({ type: 'interest', date: '2024-04-20', amount: '1.5' });
  const recent = Temporal.Now.plainDateISO().subtract({ days: 30 }).toString();
  await record({ type: 'dividend', date: recent, amount: '12.5' });
  const found = await anna.expect(200, 'GET /api/portfolios/:id/income', { params: { id } });
  expect(found).toMatchObject({
    currency: 'GBP',
    from: '2024-04-05',
    total: { dividends: '22.5', interest: '1.5', charges: '2', net: '22' },
    byAccount: [{ name: 'ISA', net: '22' }],
    byHolding: [{ holdingId: holding, name: 'Payer', net: '22' }],
    // 12.5 on a cost of 200 and a value of 250.
    yearly: { net: '12.5', onCostPct: 6.25, onValuePct: 5 },
  });
  // The tax year ends on 5 April.
  expect(found.byTaxYear.slice(-2)).toMatchObject([
    { name: '2024/25', dividends: '3', interest: '1.5', net: '4.5' },
    { name: '2023/24', dividends: '7', charges: '2', net: '5' },
  ]);
  expect(found.byMonth.at(-1)).toMatchObject({ name: '2024-04', net: '9.5' });
  const ben = await app.register();
  await ben.refused(404, 'GET /api/portfolios/:id/income', { params: { id } });
});
