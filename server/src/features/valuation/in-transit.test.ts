/** Transfers between accounts, in specie and in cash, while they are on their way: counted, said, and no gain or loss. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { withWorker } from '../../platform/database/index.ts';
import { duePortfolios, refreshPortfolio } from './snapshots.ts';

let app: TestApp;
let anna: TestPerson;
let portfolioId: string;
let fund: string;
let cash: string;
const today = Temporal.Now.plainDateISO('Europe/London');

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());

const hold = async (body: {
  type: 'ETF' | 'Cash';
  name: string;
}): Promise<{ id: string; instrumentId: string }> => {
  const { id: instrumentId } = await anna.expect(201, 'POST /api/instruments', {
    body: { ...body, ticker: body.name, currency: 'GBP', scope: 'private' },
  });
  const { id } = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, section: 'Core', theme: 'Global Equity', account: 'ISA' },
  });
  return { id, instrumentId };
};
const record = async (id: string, body: object) =>
  anna.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: body as never });
const refused = async (id: string, body: object) =>
  anna.refused(422, 'POST /api/holdings/:id/trades', { params: { id }, body: body as never });

beforeEach(async () => {
  anna = await app.register();
  portfolioId = (await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
  const made = await hold({ type: 'ETF', name: 'FUND' });
  fund = made.id;
  for (const dateTime of ['2024-02-20T12:00:00Z', Temporal.Now.instant().subtract({ hours: 1 }).toString()]) {
    await anna.expect(201, 'POST /api/instruments/:id/prices', {
      params: { id: made.instrumentId },
      body: { dateTime, close: '12' },
    });
  }
  cash = (await hold({ type: 'Cash', name: 'POUNDS' })).id;
  await record(fund, { type: 'buy', date: '2024-01-02', qty: '10', price: '10' });
});

const summary = async (asOf?: string) =>
  anna.expect(200, 'GET /api/portfolios/:id/summary', {
    params: { id: portfolioId },
    query: asOf === undefined ? {} : { asOf },
  });

it('units are counted with the account they go to from the day they leave, and said to be on their way', async () => {
  await record(fund, {
    type: 'transfer_out',
    date: '2024-02-23',
    qty: '4',
    to: { account: 'SIPP' },
    arrives: '2024-03-06',
  });
  expect(await summary('2024-02-22')).toMatchObject({
    value: '120',
    byAccount: { ISA: '120' },
    inTransit: [],
  });
  for (const day of ['2024-02-23', '2024-03-05']) {
    expect(await summary(day)).toMatchObject({
      value: '120',
      cost: '100',
      gain: '20',
      byAccount: { ISA: '72', SIPP: '48' },
      inTransit: [
        {
          name: 'FUND',
          fromAccount: 'ISA',
          toAccount: 'SIPP',
          qty: '4',
          leftOn: '2024-02-23',
          arrivesOn: '2024-03-06',
          value: '48',
        },
      ],
    });
  }
  expect(await summary('2024-03-06')).toMatchObject({ value: '120', inTransit: [] });
  const gain = await anna.expect(200, 'GET /api/portfolios/:id/gain', {
    params: { id: portfolioId },
    query: { asOf: '2024-03-01' },
  });
  // Nothing was realised, and the transfer is no money paid in.
  expect(gain.gain).toMatchObject({ value: '120', realised: '0', unrealised: '20', total: '20' });
});

it('cash that is expected in days counts today, and cannot be spent before it is there', async () => {
  await record(cash, { type: 'deposit', date: '2024-01-05', amount: '100' });
  const left = today.subtract({ days: 1 });
  const arrives = today.add({ days: 4 });
  const moved = await record(cash, {
    type: 'transfer_out',
    date: left.toString(),
    qty: '60',
    to: { account: 'SIPP' },
    arrives: arrives.toString(),
  });
  const now = await summary();
  expect(now).toMatchObject({
    value: '220',
    byAccount: { ISA: '160', SIPP: '60' },
    inTransit: [{ name: 'POUNDS', qty: '60', value: '60', arrivesOn: arrives.toString() }],
  });
  const there = moved.legs[1]?.holdingId ?? '';
  expect(await refused(there, { type: 'withdrawal', date: today.toString(), amount: '1' })).toMatchObject({
    code: 'oversold',
  });
  // It came a day early, and later still it never left.
  await anna.expect(200, 'PATCH /api/trades/:id', {
    params: { id: moved.id },
    body: { arrives: today.toString() },
  });
  expect(await summary()).toMatchObject({ value: '220', inTransit: [] });
  await record(there, { type: 'withdrawal', date: today.toString(), amount: '1' });
  expect(await summary()).toMatchObject({ value: '219' });
});

it('an arrival is expected within a year, and within one portfolio', async () => {
  const out = { type: 'transfer_out', date: '2024-02-23', qty: '1' };
  const far = { to: { account: 'SIPP' }, arrives: today.add({ days: 367 }).toString() };
  expect(await refused(fund, { ...out, ...far })).toMatchObject({ code: 'invalid_date', field: 'arrives' });
  const { id: other } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Another' } });
  const elsewhere = {
    to: { portfolioId: other, account: 'ISA' },
    arrives: today.add({ days: 3 }).toString(),
  };
  expect(await refused(fund, { ...out, ...elsewhere })).toMatchObject({ field: 'arrives' });
});

/** What the worker does every minute. */
const keep = async (): Promise<void> => {
  const { worker } = app.database;
  const due = await withWorker(worker, async (tx) => duePortfolios(tx, Temporal.Now.instant(), null, 100));
  for (const one of due) {
    await withWorker(worker, async (tx) => refreshPortfolio(tx, one), { isolationLevel: 'repeatable read' });
  }
};
const days = async (id: string, from: string, to: string) =>
  anna.expect(200, 'GET /api/portfolios/:id/performance', { params: { id }, query: { from, to } });
type Performance = Awaited<ReturnType<typeof days>>;
const valuesOf = ({ series }: Performance): string[] => [...new Set(series.map((one) => one.value))];

it('the daily series neither dips nor takes a transfer for money paid in or out', async () => {
  const out = { type: 'transfer_out', date: '2024-02-23', qty: '4', to: { account: 'SIPP' } };
  await record(fund, { ...out, arrives: '2024-03-06' });
  const whole = await days(portfolioId, '2024-02-21', '2024-03-10');
  expect([valuesOf(whole), whole.flows, whole.gain]).toEqual([['120'], [], '0']);
  const isa = await anna.expect(200, 'GET /api/portfolios/:id/performance', {
    params: { id: portfolioId },
    query: { from: '2024-02-21', to: '2024-03-10', scope: 'account:SIPP' },
  });
  // In the account that it goes to from the day on which it leaves, once.
  expect([isa.flows, isa.endValue]).toEqual([[{ date: '2024-02-23', amount: '48' }], '48']);
});

it('between two portfolios it counts where it goes, so that the household keeps its value', async () => {
  const { id: other } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Another' } });
  const moved = await record(fund, {
    type: 'transfer_out',
    date: '2024-02-23',
    qty: '4',
    to: { portfolioId: other, account: 'SIPP' },
    arrives: '2024-03-06',
  });
  const household = async (asOf: string) => anna.expect(200, 'GET /api/summary', { query: { asOf } });
  for (const day of ['2024-02-22', '2024-02-23', '2024-03-05', '2024-03-06']) {
    expect([day, (await household(day)).value]).toEqual([day, '120']);
  }
  const there = await anna.expect(200, 'GET /api/portfolios/:id/summary', {
    params: { id: other },
    query: { asOf: '2024-03-01' },
  });
  expect(there).toMatchObject({
    value: '48',
    cost: '40',
    gain: '8',
    inTransit: [
      { fromPortfolio: 'Ours', fromAccount: 'ISA', toAccount: 'SIPP', qty: '4', arrivesOn: '2024-03-06' },
    ],
  });
  const gain = await anna.expect(200, 'GET /api/portfolios/:id/gain', {
    params: { id: other },
    query: { asOf: '2024-03-01' },
  });
  expect(gain.gain).toMatchObject({ value: '48', cost: '40', unrealised: '8', total: '8' });
  const received = await days(other, '2024-02-22', '2024-03-10');
  expect([received.flows, received.endValue, received.gain]).toEqual([
    [{ date: '2024-02-23', amount: '48' }],
    '48',
    '0',
  ]);
  const all = await anna.expect(200, 'GET /api/performance', {
    query: { from: '2024-02-21', to: '2024-03-10' },
  });
  expect([valuesOf(all), all.flows]).toEqual([['120'], []]);

  // Kept by the worker over the end of a month while it was on its way, and the same again; also when its day changes.
  await keep();
  expect(valuesOf(await days(other, '2024-02-23', '2024-03-10'))).toEqual(['48']);
  await anna.expect(200, 'PATCH /api/trades/:id', {
    params: { id: moved.id },
    body: { date: '2024-02-20', arrives: '2024-03-06' },
  });
  const before = await days(other, '2024-02-19', '2024-03-10');
  await keep();
  const after = await days(other, '2024-02-19', '2024-03-10');
  expect(before.flows).toEqual([{ date: '2024-02-20', amount: '48' }]);
  expect([after.flows, after.series]).toEqual([before.flows, before.series]);
});
