import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());

it('makes a household in two currencies that is whole: valued, looked through, marked as demo, and nobody else’s', async () => {
  const person = await app.register();
  const { portfolios } = await person.expect(201, 'POST /api/demo');
  expect(portfolios.map((one) => one.name)).toEqual(['Demo household', 'Demo savings in euros']);
  for (const { id } of portfolios) {
    const portfolio = await person.expect(200, 'GET /api/portfolios/:id', { params: { id } });
    expect(portfolio.isDemo).toBe(true);
    const summary = await person.expect(200, 'GET /api/portfolios/:id/summary', { params: { id } });
    expect(summary).toMatchObject({ complete: true, missing: [], currency: portfolio.baseCurrency });
    expect(Number(summary.value)).toBeGreaterThan(10_000);
    const exposure = await person.expect(200, 'GET /api/portfolios/:id/exposure', { params: { id } });
    expect(exposure.coveragePct).toBeGreaterThan(98);
  }
  const [household] = portfolios;
  const params = { id: household?.id ?? '' };
  const exposure = await person.expect(200, 'GET /api/portfolios/:id/exposure', { params });
  const apple = exposure.byCompany.find((company) => company.name === 'Northwind Devices Inc');
  // Held through the world fund (directly and in the mix) and the fund of American shares: one company, three ways.
  const nameOf = new Map(exposure.funds.map((fund) => [fund.instrumentId, fund.name]));
  expect(apple?.paths.map(({ via }) => via.map((id) => nameOf.get(id)))).toEqual(
    expect.arrayContaining([
      ['Demo World Shares ETF'],
      ['Demo US Shares ETF'],
      ['Demo Global Mix Fund', 'Demo World Shares ETF'],
    ]),
  );
  expect(await person.refused(409, 'POST /api/demo')).toMatchObject({ code: 'demo_exists' });
  const other = await app.register();
  expect((await other.expect(200, 'GET /api/instruments', { query: { query: 'Demo World' } })).items).toEqual(
    [],
  );
});

it('is made once when it is asked for twice at once, and again after its portfolios were deleted', async () => {
  const person = await app.register();
  const answers = await Promise.all([person.call('POST /api/demo'), person.call('POST /api/demo')]);
  const refused = answers.find((one) => one.statusCode !== 201);
  expect(answers.filter((one) => one.statusCode === 201)).toHaveLength(1);
  expect(refused?.json()).toMatchObject({ status: 409, code: 'demo_exists' });
  const { items } = await person.expect(200, 'GET /api/portfolios');
  expect(items).toHaveLength(2);
  const instruments = async () =>
    (await person.expect(200, 'GET /api/instruments', { query: { limit: 200 } })).items
      .filter((one) => one.metadata.demo === true)
      .map((one) => one.id);
  const before = await instruments();
  for (const { id } of items) await person.expect(200, 'DELETE /api/portfolios/:id', { params: { id } });
  const { portfolios } = await person.expect(201, 'POST /api/demo');
  expect(await instruments()).toEqual(before);
  const params = { id: portfolios[0]?.id ?? '' };
  expect(await person.expect(200, 'GET /api/portfolios/:id/summary', { params })).toMatchObject({
    complete: true,
  });
});
