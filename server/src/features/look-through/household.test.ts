/** All portfolios looked through together: one's own, and those shared with one. Every figure was worked out by hand. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
let ben: TestPerson;
let carl: TestPerson;
let world: string;
let bens: string;

const HEAD = 'Ticker,Name,Sector,Asset Class,Weight (%),Location,Exchange,Market Currency';
const ACME = 'ACME,ACME TOOLS INC,Industrials,Equity,';
const AT_HOME = ',United States,New York Stock Exchange Inc.,USD';
const BOLT = 'BOLT,BOLT MOTORS PLC,Industrials,Equity,40.00,United Kingdom,London Stock Exchange,GBP';
const CRUX = 'CRUX,CRUX PEARLS KK,Materials,Equity,100.00,Japan,Tokyo Stock Exchange,JPY';

const importAs = async (person: TestPerson, id: string, ...rows: readonly string[]): Promise<void> => {
  const body = Buffer.from(`${[HEAD, ...rows].join('\n')}\n`);
  const query = { asOf: '2024-03-01' };
  await person.expect(201, 'POST /api/instruments/:id/constituents', { params: { id }, query, body });
};
const price = async (person: TestPerson, id: string, close: string): Promise<void> => {
  const dateTime = Temporal.Now.instant().subtract({ hours: 1 }).toString();
  await person.expect(201, 'POST /api/instruments/:id/prices', { params: { id }, body: { dateTime, close } });
};
const fund = async (person: TestPerson, ticker: string): Promise<string> => {
  const body = { type: 'ETF' as const, ticker, name: `Fund ${ticker}`, exchange: 'XLON', currency: 'GBP' };
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};
const portfolio = async (person: TestPerson, name: string, extras: object = {}): Promise<string> =>
  (await person.expect(201, 'POST /api/portfolios', { body: { name, ...extras } })).id;
const hold = async (person: TestPerson, id: string, instrumentId: string, qty: string): Promise<void> => {
  const body = { instrumentId, section: 'Core', theme: 'Global Equity', account: 'ISA', qty, avgCost: '1' };
  await person.expect(201, 'POST /api/portfolios/:id/holdings', { params: { id }, body });
};

beforeAll(async () => {
  app = await createTestApp();
  [anna, ben, carl] = [await app.register(), await app.register(), await app.register()];
  // 1 EUR = 1.25 USD = 0.80 GBP.
  const today = Temporal.Now.plainDateISO('Europe/London').toString();
  await app.admin.expect(201, 'POST /api/fx/import', {
    body: Buffer.from(`Date,USD,GBP,\n${today},1.25,0.80,\n`),
  });
  world = await fund(app.admin, 'WRLD');
  for (const person of [anna, ben]) await price(person, world, '10');
  await importAs(app.admin, world, `${ACME}60.00${AT_HOME}`, BOLT);
  await hold(anna, await portfolio(anna, 'Pounds'), world, '3');
  await hold(anna, await portfolio(anna, 'Dollars', { settings: { currency: 'USD' } }), world, '2');
  await hold(anna, await portfolio(anna, 'Idea', { type: 'draft' }), world, '1000');
  // Ben has a file of his own for the fund, and a fund that nobody else knows.
  await importAs(ben, world, `${ACME}100.00${AT_HOME}`);
  const pearls = await fund(ben, 'PRLS');
  await price(ben, pearls, '25');
  await importAs(ben, pearls, CRUX);
  bens = await portfolio(ben, 'Bens');
  await hold(ben, bens, world, '10');
  await hold(ben, bens, pearls, '2');
});
afterAll(async () => app.close());

const share = async (): Promise<void> => {
  const { id } = await ben.expect(201, 'POST /api/portfolios/:id/invitations', {
    params: { id: bens },
    body: { email: anna.email, role: 'view' },
  });
  await anna.expect(200, 'POST /api/invitations/:id/accept', { params: { id } });
};
const exposure = async (person: TestPerson, query: object = {}) =>
  person.expect(200, 'GET /api/exposure', { query });
const companies = async (person: TestPerson): Promise<Record<string, number>> =>
  Object.fromEntries((await exposure(person)).byCompany.map(({ name, pct }) => [name, pct]));

it('adds up one’s own portfolios, of any currency, and leaves drafts out', async () => {
  const answer = await exposure(anna);
  expect(answer.byCompany.map(({ name, pct }) => [name, pct])).toEqual([
    ['ACME TOOLS INC', expect.closeTo(60, 9)],
    ['BOLT MOTORS PLC', expect.closeTo(40, 9)],
  ]);
  expect(answer.byCountry).toMatchObject({ 'United States': expect.closeTo(60, 9) as number });
  expect(answer).toMatchObject({ coveragePct: expect.closeTo(100, 9) as number, missing: [] });
  expect(answer.funds).toMatchObject([{ instrumentId: world, ticker: 'WRLD', asOf: '2024-03-01' }]);
});

it('holds nothing of anybody else’s', async () => {
  expect(await exposure(carl)).toMatchObject({ byCompany: [], byCountry: {}, funds: [], coveragePct: 0 });
  // 100 of the fund by his own file, 50 of his own fund.
  expect(await companies(ben)).toEqual({
    'ACME TOOLS INC': expect.closeTo(200 / 3, 9) as number,
    'CRUX PEARLS KK': expect.closeTo(100 / 3, 9) as number,
  });
  expect(Object.keys(await companies(anna))).toEqual(['ACME TOOLS INC', 'BOLT MOTORS PLC']);
  const list = await anna.expect(200, 'GET /api/exposure/companies', { query: { q: 'crux' } });
  expect(list.items).toEqual([]);
  const [crux] = (await exposure(ben)).byCompany.filter((one) => one.name === 'CRUX PEARLS KK');
  const params = { id: crux?.instrumentId ?? '' };
  await anna.refused(404, 'GET /api/exposure/companies/:id', { params });
});

it('sees what is shared with its owner’s eyes, beside one’s own', async () => {
  await share();
  const answer = await exposure(anna, { currency: 'USD' });
  // Of 200: 50 of her own at 60 and 40, 100 by Ben's file, 50 in his fund.
  expect(answer.byCompany.map(({ name, pct }) => [name, pct])).toEqual([
    ['ACME TOOLS INC', expect.closeTo(65, 9)],
    ['CRUX PEARLS KK', expect.closeTo(25, 9)],
    ['BOLT MOTORS PLC', expect.closeTo(10, 9)],
  ]);
  expect(new Set(answer.funds.map(({ ticker }) => ticker))).toEqual(new Set(['PRLS', 'WRLD']));
  const { items, count } = await anna.expect(200, 'GET /api/exposure/companies', {});
  expect(count).toBe(3);
  expect(items[1]).toMatchObject({ ticker: 'CRUX', paths: [{ viaNames: ['Fund PRLS'] }] });
  const table = await anna.raw({ method: 'GET', url: '/api/exposure/companies.csv' });
  expect(table.payload).toContain('CRUX PEARLS KK');

  const acme = answer.byCompany[0]?.instrumentId ?? '';
  const params = { id: acme };
  const ways = await anna.expect(200, 'GET /api/exposure/companies/:id', { params });
  expect(ways.pct).toBeCloseTo(65, 9);
  expect(
    ways.items.map((way) => [
      way.pct,
      way.holdings.length,
      way.steps.map((step) => step.row?.weightPct ?? null),
    ]),
  ).toEqual([
    [expect.closeTo(50, 9), 1, [null, '100']],
    [expect.closeTo(15, 9), 2, [null, '60']],
  ]);
});

it('is one’s own again when the access is taken back', async () => {
  const { people } = await ben.expect(200, 'GET /api/portfolios/:id/access', { params: { id: bens } });
  const [access] = people;
  await ben.expect(204, 'DELETE /api/portfolios/:id/access/:userId', {
    params: { id: bens, userId: access?.userId ?? '' },
  });
  expect(Object.keys(await companies(anna))).toEqual(['ACME TOOLS INC', 'BOLT MOTORS PLC']);
});

it('refuses a currency that is none', async () => {
  expect(await anna.refused(422, 'GET /api/exposure', { query: { currency: 'ZZZ' } })).toMatchObject({
    field: 'currency',
  });
});

it('compares the funds of all portfolios that count, each once, with the eyes of whoever asks', async () => {
  const carla = await app.register();
  const [halves, shares] = [await fund(carla, 'HALF'), await fund(carla, 'SHRS')];
  await importAs(carla, halves, `${ACME}50.00${AT_HOME}`, CRUX.replace('100.00', '50.00'));
  await importAs(carla, shares, `${ACME}30.00${AT_HOME}`, CRUX.replace('100.00', '70.00'));
  const first = await portfolio(carla, 'First');
  await hold(carla, first, halves, '1');
  await hold(carla, await portfolio(carla, 'Second'), shares, '1');
  await hold(carla, await portfolio(carla, 'Third'), shares, '4');
  await hold(carla, await portfolio(carla, 'Idea', { type: 'draft' }), world, '1');
  const found = await carla.expect(200, 'GET /api/overlap');
  expect(found.instruments.map((one) => one.name).toSorted()).toEqual(['Fund HALF', 'Fund SHRS']);
  const [a = '', b = ''] = found.instruments.map((one) => one.key);
  // min(50, 30) + min(50, 70)
  expect(found.matrix[a]?.[b]).toBe(80);
  const { instruments } = await ben.expect(200, 'GET /api/overlap');
  expect(instruments.map((one) => one.name).toSorted()).toEqual(['Fund PRLS', 'Fund WRLD']);
  await hold(carla, first, world, '1');
  const then = await carla.expect(200, 'GET /api/overlap');
  expect(then.instruments).toHaveLength(3);
});
