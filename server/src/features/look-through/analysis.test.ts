import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let ada: TestPerson;

/** World: 50 Orchard, 30 Hangang, 20 dollars. America: 60 Orchard A, 30 Orchard C, 9 Granite. Ada holds 600 and 300 of them and Granite for 100. */
const WORLD = [
  'ORC,Orchard Systems Inc Class A,US0378331005,Information Technology,Equity,50.00,United States,Nasdaq,USD',
  'HAN,Hangang Electronics,KR7005930003,Information Technology,Equity,30.00,South Korea,Korea Exchange,KRW',
  'USD,USD CASH,,Cash and/or Derivatives,Cash,20.00,United States,-,USD',
];
const AMERICA = [
  'ORC,Orchard Systems Inc Class A,US0378331005,Information Technology,Equity,60.00,United States,Nasdaq,USD',
  'ORCC,Orchard Systems Inc Class C,US0378331104,Information Technology,Equity,30.00,United States,Nasdaq,USD',
  'GRA,Granite Mills Corp,US5949181045,Materials,Equity,9.00,United States,Nasdaq,USD',
];
const file = (rows: readonly string[]): Buffer =>
  Buffer.from(`Ticker,Name,ISIN,Sector,Asset Class,Weight,Country,Exchange,Currency\n${rows.join('\n')}\n`);

let world = '';
let america = '';
let granite = '';
let portfolio = '';

const fund = async (ticker: string, name: string, rows: readonly string[]): Promise<string> => {
  const { id } = await ada.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', ticker, name, exchange: 'XLON', currency: 'GBP' },
  });
  await ada.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf: '2024-03-01', fileName: `${ticker}.csv` },
    body: file(rows),
  });
  return id;
};

const hold = async (instrumentId: string, qty: string, account = 'ISA'): Promise<string> => {
  await ada.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id: instrumentId },
    body: { dateTime: '2024-03-01T12:00:00Z', close: '1', currency: 'GBP' },
  });
  const { id } = await ada.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolio },
    body: {
      instrumentId,
      section: 'Core',
      theme: 'Global Equity',
      account,
      qty,
      avgCost: '1',
      date: '2024-01-02',
    },
  });
  return id;
};

let worldHolding = '';

beforeAll(async () => {
  app = await createTestApp();
  ada = await app.register();
  ({ id: portfolio } = await ada.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } }));
  world = await fund('WRLD', 'World fund', WORLD);
  america = await fund('AMER', 'America fund', AMERICA);
  const found = await ada.expect(200, 'GET /api/instruments', { query: { query: 'US5949181045' } });
  granite = found.items[0]?.id ?? '';
  worldHolding = await hold(world, '600');
  await hold(america, '300', 'SIPP');
  await hold(granite, '100');
});
afterAll(async () => app.close());

const idOf = async (name: string): Promise<string> =>
  (await companies({ q: name })).items[0]?.instrumentId ?? '';

type Query = Parameters<typeof companiesOf>[1];
const companiesOf = async (
  id: string,
  query: {
    q?: string;
    country?: string;
    sector?: string;
    currency?: string;
    kinds?: 'companies' | 'everything';
    sort?: 'pct' | 'name';
    order?: 'asc' | 'desc';
    limit?: number;
    cursor?: string;
    asOf?: string;
  },
) => ada.expect(200, 'GET /api/portfolios/:id/exposure/companies', { params: { id }, query });
const companies = async (query: Query = {}) => companiesOf(portfolio, query);

describe('an exposure', () => {
  it('crosses two dimensions, and says how concentrated it is by company and by issuer', async () => {
    const answer = await ada.expect(200, 'GET /api/portfolios/:id/exposure', {
      params: { id: portfolio },
      query: { by: 'sector,country', issuers: 10 },
    });
    expect(answer.cross).toMatchObject({
      by: ['sector', 'country'],
      cells: [
        // World: 30 of Orchard in America's 18 + 9: 0.6 × 50 + 0.3 × 90
        { a: 'Information Technology', b: 'United States', pct: 57 },
        { a: 'Information Technology', b: 'South Korea', pct: 18 },
        { a: 'Materials', b: 'United States', pct: 12.7 },
        { a: 'Cash and derivatives', b: 'United States', pct: 12 },
        { a: 'Unclassified', b: 'Unclassified' },
      ],
    });
    // 48 of Orchard A, 18 of Hangang, 12.7 of Granite, 9 of Orchard C
    expect(answer.byIssuer).toMatchObject([
      { name: 'Orchard Systems Inc', pct: 57, companies: [{ ticker: 'ORC', pct: 48 }, { pct: 9 }] },
      { pct: 18 },
      { pct: 12.7 },
    ]);
    const { companies: byCompany, issuers } = answer.concentration;
    expect(byCompany.equityPct).toBeCloseTo(87.7, 9);
    expect(byCompany.effectiveCount).toBeCloseTo(87.7 ** 2 / (48 ** 2 + 18 ** 2 + 12.7 ** 2 + 9 ** 2), 9);
    expect(issuers?.effectiveCount).toBeCloseTo(87.7 ** 2 / (57 ** 2 + 18 ** 2 + 12.7 ** 2), 9);
    expect(issuers?.top.find((one) => one.count === 1)?.pct).toBeCloseTo(57, 9);
  });

  it.each(['sector', 'sector,sector', 'sector,colour', 'sector,country,region', ','])(
    'cannot be crossed by “%s”',
    async (by) => {
      const problem = await ada.refused(400, 'GET /api/portfolios/:id/exposure', {
        params: { id: portfolio },
        query: { by },
      });
      expect(problem).toMatchObject({ field: 'by' });
      expect(problem.detail).toContain('region');
    },
  );

  it('asks for issuers and crosses only when told to', async () => {
    const answer = await ada.expect(200, 'GET /api/instruments/:id/exposure', { params: { id: world } });
    expect(answer).toMatchObject({ cross: null, byIssuer: null, concentration: { issuers: null } });
  });
});

describe('the companies of a portfolio', () => {
  it('are found by name, ticker and ISIN, and under any word', async () => {
    const names = async (query: Query): Promise<string[]> =>
      (await companies(query)).items.map((one) => one.name);
    expect(await names({})).toEqual([
      'Orchard Systems Inc Class A',
      'Hangang Electronics',
      'Granite Mills Corp',
      'Orchard Systems Inc Class C',
    ]);
    expect(await names({ q: 'class orchard' })).toHaveLength(2);
    expect(await names({ q: 'han' })).toEqual(['Hangang Electronics']);
    expect(await names({ q: 'us594' })).toEqual(['Granite Mills Corp']);
    expect(await names({ q: 'nothing like it' })).toEqual([]);
    expect(await names({ q: '%%' })).toEqual([]);
    expect(await names({ country: 'South Korea' })).toEqual(['Hangang Electronics']);
    expect(await names({ sector: 'Materials', currency: 'USD' })).toEqual(['Granite Mills Corp']);
    expect(await names({ sort: 'name', order: 'desc', limit: 1 })).toEqual(['Orchard Systems Inc Class C']);
  });

  it('come with the figure that is looked into, and with their ways', async () => {
    const answer = await companies({ country: 'United States' });
    expect(answer.pct).toBeCloseTo(81.7, 9);
    expect(answer.count).toBe(3);
    expect(answer.items[0]).toMatchObject({
      ticker: 'ORC',
      isin: 'US0378331005',
      region: 'US',
      pathCount: 2,
      paths: [
        { viaNames: ['World fund'], pct: 30 },
        { viaNames: ['America fund'], pct: 18 },
      ],
    });
    const all = await companies({ country: 'United States', kinds: 'everything' });
    expect(all.items.map((one) => one.kind)).toContain('cash');
  });

  it.each([
    { sort: 'pct' as const },
    { sort: 'pct' as const, order: 'asc' as const },
    { sort: 'name' as const },
  ])('come page by page, each once: %j', async (query) => {
    const whole = (await companies(query)).items.map((one) => one.instrumentId);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof companies>> = await companies({
        ...query,
        limit: 1,
        ...(cursor !== null && { cursor }),
      });
      seen.push(...page.items.map((one) => one.instrumentId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(whole);
    expect(seen).toHaveLength(4);
  });

  it('come as a table without formulas', async () => {
    const evil = await fund('EVIL', 'Evil fund', [
      '"=HYPERLINK(1)","=1+1 Evil Works",,Industrials,Equity,101.50,Canada,-,CAD',
      'CAD,CAD CASH,,Cash and/or Derivatives,Cash,-1.50,Canada,-,CAD',
    ]);
    const answer = await ada.raw({
      method: 'GET',
      url: `/api/instruments/${evil}/exposure/companies.csv?kinds=everything`,
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toContain('companies.csv');
    const [head, first = '', second = ''] = answer.payload.split('\r\n');
    expect(head).toContain('Name,Ticker,ISIN,Kind');
    expect(first).toContain("'=1+1 Evil Works");
    expect(first).not.toMatch(/(?:^|,)"?=/);
    expect(second).toContain(',-1.500000,');
    const ofPortfolio = await ada.raw({
      method: 'GET',
      url: `/api/portfolios/${portfolio}/exposure/companies.csv?country=South%20Korea`,
    });
    expect(ofPortfolio.payload.split('\r\n')).toHaveLength(3);
    expect(ofPortfolio.payload).toContain('World fund 18.000000');
  });

  it('refuse a cursor of another order', async () => {
    const { nextCursor } = await companies({ limit: 1 });
    const problem = await ada.refused(400, 'GET /api/portfolios/:id/exposure/companies', {
      params: { id: portfolio },
      query: { sort: 'name', cursor: nextCursor ?? '' },
    });
    expect(problem.code).toBe('bad_cursor');
  });

  it('are those of the day asked for', async () => {
    const before = await companies({ asOf: '2024-02-29' });
    expect(before).toMatchObject({ asOf: '2024-02-29', count: 0, items: [], pct: 0 });
  });

  it('are those of one holding or fund too', async () => {
    const ofHolding = await ada.expect(200, 'GET /api/holdings/:id/exposure/companies', {
      params: { id: worldHolding },
    });
    expect(ofHolding.items.map((one) => one.pct)).toEqual([50, 30]);
    const ofFund = await ada.expect(200, 'GET /api/instruments/:id/exposure/companies', {
      params: { id: america },
      query: { q: 'granite' },
    });
    expect(ofFund.items).toMatchObject([{ pct: 9, paths: [{ via: [america] }] }]);
  });
});

describe('one company', () => {
  it('is explained way by way down to the line of the file', async () => {
    const instrumentId = await idOf('Orchard Systems Inc Class A');
    const answer = await ada.expect(200, 'GET /api/portfolios/:id/exposure/companies/:instrumentId', {
      params: { id: portfolio, instrumentId },
    });
    expect(answer).toMatchObject({ pct: 48, pathCount: 2, nextCursor: null });
    expect(answer.items[0]).toMatchObject({
      pct: 30,
      holdings: [{ holdingId: worldHolding, account: 'ISA', pct: 60 }],
      steps: [
        { instrumentId: world, inFundId: null, pct: 60, row: null },
        {
          instrumentId,
          inFundId: world,
          pct: 50,
          row: {
            asOf: '2024-03-01',
            fileName: 'WRLD.csv',
            rowNumbers: [2],
            weightPct: '50',
            name: 'Orchard Systems Inc Class A',
            publishedSector: 'Information Technology',
          },
        },
      ],
    });
    const second = await ada.expect(200, 'GET /api/portfolios/:id/exposure/companies/:instrumentId', {
      params: { id: portfolio, instrumentId },
      query: { limit: 1, cursor: '1' },
    });
    expect(second.items).toEqual(answer.items.slice(1));
  });

  it('held directly and through a fund has a way without a file', async () => {
    const answer = await ada.expect(200, 'GET /api/portfolios/:id/exposure/companies/:instrumentId', {
      params: { id: portfolio, instrumentId: granite },
    });
    expect(answer.pct).toBeCloseTo(12.7, 9);
    expect(answer.items[0]?.steps).toMatchObject([{ instrumentId: granite, pct: 10, row: null }]);
  });

  it('that is not held has no ways, and one that is not there is not found', async () => {
    const stranger = await ada.expect(200, 'GET /api/instruments/:id/exposure/companies/:instrumentId', {
      params: { id: world, instrumentId: granite },
    });
    expect(stranger).toMatchObject({ pct: 0, pathCount: 0, items: [] });
    await ada.refused(404, 'GET /api/holdings/:id/exposure/companies/:instrumentId', {
      params: { id: worldHolding, instrumentId: '019cd000-0000-7000-8000-000000000000' },
    });
  });
});

describe('overlap', () => {
  const ASIA = [
    'HAN,Hangang Electronics,KR7005930003,Information Technology,Equity,40.00,South Korea,Korea Exchange,KRW',
    'RAIL,Tokyo Rail KK,JP3783600004,Industrials,Equity,50.00,Japan,Tokyo Stock Exchange,JPY',
    'JPY,JPY CASH,,Cash and/or Derivatives,Cash,10.00,Japan,-,JPY',
  ];
  let asia = '';
  beforeAll(async () => {
    asia = await fund('ASIA', 'Asia fund', ASIA);
  });

  it('names the companies behind a cell, page by page', async () => {
    const ask = async (query: { limit?: number; cursor?: string } = {}) =>
      ada.expect(200, 'GET /api/overlap/shared', { query: { a: world, b: america, ...query } });
    expect(await ask()).toMatchObject({
      a: { instrumentId: world, name: 'World fund', asOf: '2024-03-01', coveragePct: 100 },
      overlapPct: 50,
      count: 1,
      items: [{ ticker: 'ORC', pctA: 50, pctB: 60, sharedPct: 50 }],
      nextCursor: null,
    });
    const alone = async (query: { of: 'onlyA' | 'onlyB'; q?: string; limit?: number; cursor?: string }) =>
      ada.expect(200, 'GET /api/overlap/shared', { query: { a: america, b: world, ...query } });
    expect(await alone({ of: 'onlyA', limit: 1 })).toMatchObject({
      count: 1,
      onlyA: { count: 2, pct: 39 },
      found: 2,
      items: [{ pctA: 30, pctB: 0, sharedPct: 0 }],
    });
    const { nextCursor } = await alone({ of: 'onlyA', limit: 1 });
    expect(await alone({ of: 'onlyA', limit: 1, cursor: nextCursor ?? '' })).toMatchObject({
      items: [{ pctA: 9 }],
      nextCursor: null,
    });
    expect(await alone({ of: 'onlyA', q: 'nothing like it' })).toMatchObject({ found: 0, items: [] });
    expect((await alone({ of: 'onlyA', q: 'granite' })).items.map((row) => row.name)).toEqual([
      'Granite Mills Corp',
    ]);
    const one = { a: america, b: america, limit: 2 };
    const first = await ada.expect(200, 'GET /api/overlap/shared', { query: one });
    const second = await ada.expect(200, 'GET /api/overlap/shared', {
      query: { ...one, cursor: first.nextCursor ?? '' },
    });
    expect(first).toMatchObject({ overlapPct: 100, count: 3 });
    expect([...first.items, ...second.items].map((row) => row.pctA)).toEqual([60, 30, 9]);
    const early = await ada.expect(200, 'GET /api/overlap/shared', {
      query: { a: world, b: america, asOf: '2024-02-29' },
    });
    expect(early).toMatchObject({ asOf: '2024-02-29', overlapPct: 0, count: 0 });
  });

  it('says what a candidate would add', async () => {
    const answer = await ada.expect(200, 'GET /api/portfolios/:id/overlap/candidate', {
      params: { id: portfolio },
      query: { instrument: asia },
    });
    expect(answer).toMatchObject({
      instrument: { instrumentId: asia, ticker: 'ASIA' },
      equityPct: 90,
      alreadyHeldPct: 40,
      newPct: 50,
      newCompanyCount: 1,
      newCompanies: [{ name: 'Tokyo Rail KK', ticker: 'RAIL', pct: 50 }],
      newByCountry: { Japan: 50 },
      newBySector: { Industrials: 50 },
      byHeld: [
        { instrumentId: world, overlapPct: 30, alreadyHeldPct: 40 },
        { instrumentId: america, overlapPct: 0, alreadyHeldPct: 0 },
      ],
      purchase: null,
    });
    // It has 40 of Hangang, the portfolio 18.
    expect(answer.overlapPct).toBeCloseTo(18, 9);
  });

  it('shows what the portfolio would hold after buying for an amount', async () => {
    const { purchase } = await ada.expect(200, 'GET /api/portfolios/:id/overlap/candidate', {
      params: { id: portfolio },
      query: { instrument: asia, amount: '1000.00' },
    });
    expect(purchase).toMatchObject({
      amount: '1000',
      currency: 'GBP',
      portfolioValue: '1000',
      heldPctBefore: 0,
      heldPctAfter: 50,
    });
    expect(purchase?.before?.byCountry['Japan']).toBeUndefined();
    // Half of it is the fund: Tokyo Rail 25 and yen 5.
    expect(purchase?.after.byCountry['Japan']).toBeCloseTo(30, 9);
    expect(purchase?.byCompany.map((one) => [one.pctBefore, one.pctAfter])).toEqual([
      [18, 29],
      [0, 25],
      [48, 24],
      [expect.closeTo(12.7, 9), expect.closeTo(6.35, 9)],
      [9, 4.5],
    ]);
  });

  it.each(['0', '-5', '1e5', '1.2345678901234567891', 'ten'])('refuses the amount %s', async (amount) => {
    const answer = await ada.raw({
      method: 'GET',
      url: `/api/portfolios/${portfolio}/overlap/candidate?instrument=${asia}&amount=${amount}`,
    });
    expect(answer.json()).toMatchObject({ field: 'amount' });
    expect([400, 422]).toContain(answer.statusCode);
  });

  it('finds the fewest funds that hold most of what all of them hold', async () => {
    const ask = async (target?: number) =>
      ada.expect(200, 'GET /api/portfolios/:id/overlap/cover', {
        params: { id: portfolio },
        query: target === undefined ? {} : { target },
      });
    const eighty = await ask(80);
    // Orchard 48 and Hangang 18 of those, Orchard C 9 and Granite 2.7 through funds
    expect(eighty.equityPct).toBeCloseTo(77.7, 9);
    expect(eighty.coveredPct).toBeCloseTo((66 / 77.7) * 100, 9);
    expect(eighty).toMatchObject({
      exact: true,
      targetPct: 80,
      funds: [{ instrumentId: world, name: 'World fund', heldPct: 60, addsCompanies: 2 }],
      others: [{ instrumentId: america, heldPct: 30 }],
    });
    expect(eighty.others[0]?.coveredPct).toBeCloseTo((60 / 99) * 100, 9);
    const ninety = await ask();
    expect(ninety.funds.map((one) => one.ticker)).toEqual(['WRLD', 'AMER']);
    expect(ninety.coveredPct).toBeCloseTo(100, 9);
  });
});
