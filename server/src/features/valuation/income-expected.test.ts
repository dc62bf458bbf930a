/** Dividends that are due and likely, confirmed, dismissed and taken back, through the API; figures by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { fixedClock } from '../../platform/clock.ts';

/** Noon, so that it is the same day wherever people are asked about. */
const now = Temporal.Now.zonedDateTimeISO('Europe/London').with({ hour: 12 }).toInstant();
const today = now.toZonedDateTimeISO('Europe/London').toPlainDate();
const ago = (days: number): string => today.subtract({ days }).toString();
const ahead = (days: number): string => today.add({ days }).toString();

let app: TestApp;
let anna: TestPerson;
beforeAll(async () => {
  app = await createTestApp({ clock: fixedClock(now) });
  anna = await app.register();
});
afterAll(async () => app.close());

let made = 0;
const instrument = async (person: TestPerson, currency = 'GBP'): Promise<string> => {
  made += 1;
  const body = {
    type: 'ETF',
    name: `Payer ${made}`,
    ticker: `PAY${made}`,
    currency,
    scope: 'private',
  } as const;
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};
const pays = async (instrumentId: string, date: string, amount: string, more: object = {}) =>
  anna.expect(201, 'POST /api/instruments/:id/events', {
    params: { id: instrumentId },
    body: { type: 'dividend', date, amount, ...more } as never,
  });
const portfolio = async (): Promise<string> =>
  (await anna.expect(201, 'POST /api/portfolios', { body: { name: `Ours ${made}` } })).id;
const hold = async (id: string, instrumentId: string, account = 'ISA'): Promise<string> =>
  (
    await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id },
      body: { instrumentId, section: 'Core', theme: 'Bonds', account },
    })
  ).id;
const record = async (holding: string, body: object) =>
  anna.expect(201, 'POST /api/holdings/:id/trades', { params: { id: holding }, body: body as never });
const payments = async (id: string, query: object = {}) =>
  (await anna.expect(200, 'GET /api/portfolios/:id/income/payments', { params: { id }, query })).items;
const income = async (id: string, query: object = {}) =>
  anna.expect(200, 'GET /api/portfolios/:id/income', { params: { id }, query });

/** A fund bought a year and more ago that paid twice in the last year and announced a third time. */
const payer = async () => {
  const instrumentId = await instrument(anna);
  const id = await portfolio();
  const holding = await hold(id, instrumentId);
  await record(holding, { type: 'buy', date: ago(500), qty: '100', price: '2' });
  await pays(instrumentId, ago(280), '0.05', { payDate: ago(250) });
  await pays(instrumentId, ago(100), '0.07', { payDate: ago(70) });
  await pays(instrumentId, ahead(20), '0.06', { payDate: ahead(50) });
  return { id, instrumentId, holding };
};

describe('what is expected', () => {
  it('is ex-date × what was held, then announced, then what last year paid', async () => {
    const { id, holding } = await payer();
    await record(holding, { type: 'buy', date: ago(100), qty: '50', price: '2' });
    const found = await payments(id);
    expect(
      found.map((one) => [one.status, one.exDate, one.payDate, one.qty, one.perUnit, one.amount]),
    ).toEqual([
      ['waiting', ago(280), ago(250), '100', '0.05', '5'],
      // Bought on the ex-date, the fifty are not paid.
      ['waiting', ago(100), ago(70), '100', '0.07', '7'],
      ['announced', ahead(20), ahead(50), '150', '0.06', '9'],
      ['estimated', yearAfter(280), yearAfter(250), '150', '0.05', '7.5'],
      ['estimated', yearAfter(100), yearAfter(70), '150', '0.07', '10.5'],
    ]);
    const sums = await income(id);
    expect(sums).toMatchObject({
      from: null,
      waiting: 2,
      total: { net: '0', expected: '21', estimated: '18' },
      // 9 announced and 18 likely, on a cost of 300.
      coming: { gross: '27', expected: '9', estimated: '18', onCostPct: 9 },
      yearly: { net: '0' },
      missing: [],
    });
    const lastMonths = await income(id, { from: ago(270), to: ago(1) });
    expect(lastMonths.total).toMatchObject({ expected: '12', estimated: '0' });
    expect(lastMonths.byAccount).toMatchObject([{ name: 'ISA', expected: '12' }]);
  });

  it('counts units after the splits of the ex-date', async () => {
    const instrumentId = await instrument(anna);
    const id = await portfolio();
    const holding = await hold(id, instrumentId);
    await record(holding, { type: 'buy', date: ago(50), qty: '10', price: '2' });
    await record(holding, { type: 'split', date: ago(30), numerator: 3, denominator: 1 });
    await pays(instrumentId, ago(30), '0.1');
    const [only] = await payments(id, { status: 'waiting' });
    expect(only).toMatchObject({ qty: '30', gross: '3', payDate: ago(30), payDateKnown: false });
  });

  it('does not propose what the ledger has, nor before anything was held', async () => {
    const { id, holding, instrumentId } = await payer();
    await pays(instrumentId, ago(600), '9');
    await record(holding, { type: 'dividend', date: ago(248), amount: '4.98' });
    const found = await payments(id, { to: today.toString() });
    expect(found.map((one) => [one.status, one.exDate])).toEqual([
      ['received', ago(280)],
      ['waiting', ago(100)],
    ]);
  });

  it('says what has no rate, and leaves it out', async () => {
    const instrumentId = await instrument(anna, 'USD');
    const id = await portfolio();
    const holding = await hold(id, instrumentId);
    await record(holding, { type: 'buy', date: ago(50), qty: '10', price: '2', fxRate: '0.8' });
    await pays(instrumentId, ago(30), '0.1');
    const [only] = await payments(id, { status: 'waiting' });
    expect(only).toMatchObject({ paidIn: 'USD', gross: '1', amount: null, rate: null });
    const sums = await income(id);
    expect(sums.total.expected).toBe('0');
    expect(sums.missing).toEqual([expect.stringContaining('no rate for USD')]);
  });

  it('expects again what the ledger alone knows of', async () => {
    const instrumentId = await instrument(anna);
    const id = await portfolio();
    const holding = await hold(id, instrumentId);
    await record(holding, { type: 'buy', date: ago(400), qty: '10', price: '2' });
    await record(holding, { type: 'dividend', date: ago(90), amount: '6' });
    await record(holding, { type: 'buy', date: ago(20), qty: '5', price: '2' });
    const [only] = await payments(id, { status: 'estimated' });
    // 6 on ten units, for fifteen.
    expect(only).toMatchObject({ exDate: null, payDate: yearAfter(90), amount: '9' });
  });
});

/** The day a year after the one so many days ago. */
const yearAfter = (days: number): string => today.subtract({ days }).add({ years: 1 }).toString();

describe('deciding', () => {
  const at = (holding: string, days: number) => ({ params: { id: holding, date: ago(days) }, body: {} });

  it('confirms with the proposed amount, once', async () => {
    const { id, holding } = await payer();
    const first = await anna.expect(200, 'POST /api/holdings/:id/dividends/:date/confirm', at(holding, 100));
    expect(first).toMatchObject({
      status: 'received',
      confirmed: true,
      payDate: ago(70),
      amount: '7',
      exDate: ago(100),
    });
    const again = await anna.expect(200, 'POST /api/holdings/:id/dividends/:date/confirm', at(holding, 100));
    expect(again.tradeId).toBe(first.tradeId);
    const { items } = await anna.expect(200, 'GET /api/holdings/:id/trades', { params: { id: holding } });
    expect(items.filter(({ type }) => type === 'dividend')).toMatchObject([{ amount: '7', date: ago(70) }]);
    expect(await income(id)).toMatchObject({ waiting: 1, yearly: { net: '7' } });
  });

  it('confirms with the real amount and day, and takes it back', async () => {
    const { id, holding } = await payer();
    const real = await anna.expect(200, 'POST /api/holdings/:id/dividends/:date/confirm', {
      params: { id: holding, date: ago(280) },
      body: { amount: '5.02', taxes: '0.5', date: ago(200) },
    });
    expect(real).toMatchObject({ gross: '5.02', amount: '4.52', payDate: ago(200) });
    await anna.expect(200, 'POST /api/holdings/:id/dividends/:date/reopen', at(holding, 280));
    expect(await income(id)).toMatchObject({ waiting: 2, from: null });
    // Deleting the trade by itself does the same.
    const once = await anna.expect(200, 'POST /api/holdings/:id/dividends/:date/confirm', at(holding, 280));
    await anna.expect(200, 'DELETE /api/trades/:id', { params: { id: once.tradeId ?? '' } });
    expect((await payments(id, { status: 'waiting' })).map((one) => one.exDate)).toEqual([
      ago(280),
      ago(100),
    ]);
  });

  it('dismisses until it is let wait again', async () => {
    const { id, holding } = await payer();
    const dismiss = async () =>
      anna.expect(200, 'POST /api/holdings/:id/dividends/:date/dismiss', at(holding, 280));
    expect(await dismiss()).toMatchObject({ status: 'dismissed' });
    await dismiss();
    expect(await income(id)).toMatchObject({ waiting: 1, total: { expected: '13' } });
    const refused = await anna.refused(
      409,
      'POST /api/holdings/:id/dividends/:date/confirm',
      at(holding, 280),
    );
    expect(refused.code).toBe('already_decided');
    await anna.expect(200, 'POST /api/holdings/:id/dividends/:date/reopen', at(holding, 280));
    expect(await income(id)).toMatchObject({ waiting: 2 });
  });

  it('records one trade when two confirm together', async () => {
    const { holding } = await payer();
    await Promise.all(
      [1, 2, 3].map(async () =>
        anna.expect(200, 'POST /api/holdings/:id/dividends/:date/confirm', at(holding, 100)),
      ),
    );
    const { items } = await anna.expect(200, 'GET /api/holdings/:id/trades', { params: { id: holding } });
    expect(items.filter(({ type }) => type === 'dividend')).toHaveLength(1);
  });

  it('refuses what is no dividend of the holding, and other people', async () => {
    const { id, holding } = await payer();
    await anna.refused(404, 'POST /api/holdings/:id/dividends/:date/confirm', at(holding, 99));
    const ben = await app.register();
    await ben.refused(404, 'POST /api/holdings/:id/dividends/:date/confirm', at(holding, 100));
    await ben.refused(404, 'GET /api/portfolios/:id/income/payments', { params: { id } });
    expect((await ben.expect(200, 'GET /api/income/payments')).items).toEqual([]);
    const wrong = await anna.refused(422, 'GET /api/portfolios/:id/income', {
      params: { id },
      query: { from: ahead(2), to: ago(2) },
    });
    expect(wrong.field).toBe('from');
  });
});

it('adds all portfolios up, page by page', async () => {
  const eve = anna;
  const before = await eve.expect(200, 'GET /api/income', { query: { currency: 'GBP' } });
  await payer();
  const after = await eve.expect(200, 'GET /api/income', { query: { currency: 'GBP' } });
  expect(after.waiting - before.waiting).toBe(2);
  // 5 and 7 that wait, 6 that were announced.
  expect(Number(after.total.expected) - Number(before.total.expected)).toBe(18);
  const first = await eve.expect(200, 'GET /api/income/payments', { query: { limit: 3 } });
  const rest = await eve.expect(200, 'GET /api/income/payments', {
    query: { limit: 200, cursor: first.nextCursor ?? '' },
  });
  const whole = await eve.expect(200, 'GET /api/income/payments', { query: { limit: 200 } });
  expect([...first.items, ...rest.items]).toEqual(whole.items);
  expect(rest.nextCursor).toBeNull();
  await eve.refused(400, 'GET /api/income/payments', { query: { cursor: 'nowhere' } });
});
