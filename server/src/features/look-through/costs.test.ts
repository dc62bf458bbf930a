/** What a portfolio cost, through the API; figures by hand. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { systemClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import { silentLogger } from '../../platform/log.ts';
import { keepSnapshotsJob } from '../valuation/index.ts';

let app: TestApp;
let anna: TestPerson;
beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  // A dollar was 0.75 ÷ 1.25 = £0.60.
  await app.admin.expect(201, 'POST /api/fx/import', {
    body: Buffer.from('Date,USD,GBP,\n2024-03-01,1.25,0.75,\n'),
  });
}, 120_000);
afterAll(async () => app.close());

let made = 0;
const fund = async (name: string, metadata: object = {}, isin?: string): Promise<string> => {
  made += 1;
  const { id } = await anna.expect(201, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      name,
      ticker: `COST${made}`,
      currency: 'GBP',
      scope: 'private',
      metadata,
      ...(isin !== undefined && { isin }),
    },
  });
  await anna.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id },
    body: { dateTime: '2024-01-01T12:00:00Z', close: '10' },
  });
  return id;
};
const hold = async (portfolioId: string, instrumentId: string, qty: string, more: object = {}) => {
  const { id } = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA' },
  });
  await record(id, { type: 'buy', date: '2024-01-01', qty, price: '10', ...more });
  return id;
};
const record = async (holding: string, body: object) =>
  anna.expect(201, 'POST /api/holdings/:id/trades', { params: { id: holding }, body: body as never });

it('adds up charges by the day, fees, taxes and margins, and says what it does not know', async () => {
  const { id } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Dear' } });
  const known = await fund('Known', { ocf: 0.5 }, 'IE00B4L5Y983');
  const holding = await hold(id, known, '100', { fees: '5', taxes: '2' });
  await hold(id, await fund('Silent'), '10');
  await record(holding, { type: 'fee', date: '2024-06-03', amount: '12' });
  // $100 for which £59 came: by the day's rate it was £60.
  await record(holding, {
    type: 'dividend',
    date: '2024-03-01',
    amount: '100',
    currency: 'USD',
    fxRate: '0.59',
  });
  const costs = async () => anna.expect(200, 'GET /api/portfolios/:id/costs', { params: { id } });
  const reckoned = await costs();
  const year = reckoned.years.find((one) => one.year === 2024);
  expect(year).toMatchObject({
    from: '2024-01-01',
    to: '2024-12-31',
    // £1,000 and £100 on each of 366 evenings.
    averageValue: '1100',
    fundCharges: '5',
    platformFees: '12',
    dealingFees: '5',
    dealingTaxes: '2',
    exchangeMargin: '1',
    total: '25',
    // 25 of 1,100
    pct: 2.2727272727,
    funds: [
      { name: 'Silent', from: 'unknown', ocfPct: null, charge: '0', averageValue: '100' },
      { name: 'Known', from: 'own', ocfPct: 0.5, charge: '5', averageValue: '1000' },
    ],
    exchanges: [{ paid: '0.59', published: '0.6', publishedOn: '2024-03-01', margin: '1', currency: 'USD' }],
    missing: ['Silent: its ongoing charge is not known; enter it at the instrument.'],
  });
  // 0.5 % of ten elevenths.
  expect(reckoned.now).toMatchObject({ ocfPct: 0.4545454545, knownPct: 90.9090909091, unknown: ['Silent'] });
  // The same from what is kept.
  await keepSnapshotsJob.execute(
    {},
    { db: app.database.worker, app: app.db, log: silentLogger, clock: systemClock, config: loadConfig({}) },
    { jobId: '1', attempt: 1, maxAttempts: 1, signal: new AbortController().signal },
  );
  await anna.expect(200, 'PATCH /api/portfolios/:id', { params: { id }, body: { name: 'Still dear' } });
  expect((await costs()).years.find((one) => one.year === 2024)).toEqual(year);
  const ben = await app.register();
  await ben.refused(404, 'GET /api/portfolios/:id/costs', { params: { id } });
});

it('charges a fund of funds by the funds inside where its own charge is not known', async () => {
  const { id } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Mixed' } });
  const mix = await fund('Mix');
  await anna.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id: mix },
    query: { asOf: '2024-02-01', fileName: 'mix.csv' },
    body: Buffer.from(
      'ISIN,Ticker,Name,Weight,Country\nIE00B4L5Y983,COST1,Known,60,Ireland\n,ACME,ACME TOOLS INC,40,United States\n',
    ),
  });
  await hold(id, mix, '10');
  const { years } = await anna.expect(200, 'GET /api/portfolios/:id/costs', { params: { id } });
  // 60 % at 0.5 %, of £100 for a year.
  expect(years.find((one) => one.year === 2024)).toMatchObject({
    fundCharges: '0.3',
    funds: [{ from: 'inside', ocfPct: 0.3, knownPct: 100, asOf: '2024-02-01', charge: '0.3' }],
    missing: [],
  });
});
