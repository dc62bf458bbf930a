import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let ada: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  ada = await app.register();
});
afterAll(async () => app.close());

/** One issuer names sub-industries, another nothing but sectors; a third not even these. */
const FINE = `Ticker,Name,ISIN,Sector,Industry,Asset Class,Weight,Country,Currency
ORC,Orchard Systems Inc,US0378331005,Information Technology,Systems Software,Equity,50,United States,USD
HAN,Hangang Electronics,KR7005930003,Information Technology,Semiconductors,Equity,30,South Korea,KRW
GRA,Granite Wands Corp,US5949181045,Materials,Wand making,Equity,19,United States,USD
USD,USD CASH,,Cash and/or Derivatives,,Cash,1,United States,USD
`;
const COARSE = `Ticker,Name,ISIN,Sector,Asset Class,Weight,Country,Currency
ORC,Orchard Systems Inc,US0378331005,Information Technology,Equity,40,United States,USD
HLM,Helm & Mast plc,GB0005405286,Financials,Equity,60,United Kingdom,GBP
`;
const BARE = `Name,Ticker,ISIN,Weight
Orchard Systems Inc,ORC,US0378331005,100
`;

let made = 0;
const fund = async (file: string, person: TestPerson = ada): Promise<{ id: string; warnings: string[] }> => {
  made += 1;
  const { id } = await person.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', ticker: `IND${made}`, name: `Fund ${made}`, exchange: 'XLON', currency: 'GBP' },
  });
  const { warnings } = await person.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf: '2024-03-01' },
    body: Buffer.from(file),
  });
  return { id, warnings };
};
const exposure = async (id: string, by?: string, person: TestPerson = ada) =>
  person.expect(200, 'GET /api/instruments/:id/exposure', {
    params: { id },
    query: by === undefined ? {} : { by },
  });

describe('industries', () => {
  it('are kept as the issuer words them and counted as GICS industries; an invented one is named and unclassified', async () => {
    const { id, warnings } = await fund(FINE);
    expect(warnings).toContain(
      'The industry "Wand making" (1 row) is not known and counts as "Unclassified".',
    );
    const { byIndustry, cross } = await exposure(id, 'industry,country');
    expect(byIndustry).toEqual({
      Software: 50,
      'Semiconductors & Semiconductor Equipment': 30,
      Unclassified: 19,
      'Cash and derivatives': 1,
    });
    expect(cross?.cells.map(({ a, b, pct }) => [a, b, pct])).toEqual([
      ['Software', 'United States', 50],
      ['Semiconductors & Semiconductor Equipment', 'South Korea', 30],
      ['Unclassified', 'United States', 19],
      ['Cash and derivatives', 'United States', 1],
    ]);
    const { items } = await ada.expect(200, 'GET /api/instruments/:id/constituents', { params: { id } });
    expect(items.map((row) => [row.ticker, row.industry, row.publishedIndustry])).toEqual([
      ['ORC', 'Software', 'Systems Software'],
      ['HAN', 'Semiconductors & Semiconductor Equipment', 'Semiconductors'],
      ['GRA', 'Unclassified', 'Wand making'],
      ['USD', 'Unclassified', null],
    ]);
  });

  it.each([
    ['after', [FINE, COARSE, BARE]],
    ['before', [BARE, COARSE, FINE]],
  ])('are known of a company whose other files leave them out, imported %s it', async (_when, files) => {
    const person = await app.register();
    const byFile = new Map<string, string>();
    for (const file of files) byFile.set(file, (await fund(file, person)).id);
    const coarse = await exposure(byFile.get(COARSE) ?? '', undefined, person);
    expect(coarse.byIndustry).toEqual({ Unclassified: 60, Software: 40 });
    const bare = await exposure(byFile.get(BARE) ?? '', undefined, person);
    expect(bare.byIndustry).toEqual({ Software: 100, Unclassified: 0 });
    expect(bare.bySector).toEqual({ 'Information Technology': 100, Unclassified: 0 });
    expect(bare.byCountry).toEqual({ 'United States': 100, Unclassified: 0 });
  });

  it('narrow the search of companies, and stand in its table', async () => {
    const { id } = await fund(FINE);
    const found = await ada.expect(200, 'GET /api/instruments/:id/exposure/companies', {
      params: { id },
      query: { industry: 'Software' },
    });
    expect(found.items.map((one) => [one.name, one.industry, one.pct])).toEqual([
      ['Orchard Systems Inc', 'Software', 50],
    ]);
  });

  it('of one’s own instrument are made canonical, as sectors are', async () => {
    const { metadata } = await ada.expect(201, 'POST /api/instruments', {
      body: {
        type: 'Stock',
        ticker: 'OWN',
        name: 'Own share',
        exchange: 'XLON',
        currency: 'GBP',
        metadata: { sector: 'Technology', industry: 'Application Software' },
      },
    });
    expect(metadata).toMatchObject({ sector: 'Information Technology', industry: 'Software' });
  });
});
