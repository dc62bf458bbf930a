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
  expect(apple?.paths.map((path) => path.viaNames)).toEqual(
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
