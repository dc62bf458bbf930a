/** What a portfolio is worth, through the API. Every figure here was worked out by hand. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { Fraction } from '../../../../tests/oracles/fraction.ts';
import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;

const RATE_DAYS = ['2024-03-01', '2024-02-29', '2024-02-01'];

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  // 1 EUR = 1.25 USD = 0.80 GBP = 3 CHF: 1 USD = 0.64 GBP, 1 CHF = 0.26666666666666666667 GBP.
  const lines = RATE_DAYS.map((day) => `${day},1.25,0.80,3,`);
  const file = `Date,USD,GBP,CHF,\n${lines.join('\n')}\n`;
  await app.admin.expect(201, 'POST /api/fx/import', { body: Buffer.from(file) });
});
afterAll(async () => app.close());

let made = 0;
type Line = { readonly currency?: string; readonly quoteUnit?: string };
const instrument = async (line: Line = {}, person = anna): Promise<string> => {
  made += 1;
  const body = {
    type: 'ETF' as const,
    ticker: `VA${made}`,
    name: `Valued ${made}`,
    exchange: 'XLON',
    currency: 'GBP',
  };
  return (await person.expect(201, 'POST /api/instruments', { body: { ...body, ...line } })).id;
};
const price = async (id: string, dateTime: string, close: string, line: Line = {}) =>
  anna.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id },
    body: { dateTime, close, ...line },
  });
/** A price of the feed, for the shared line of an instrument. */
const feed = async (id: string, dateTime: string, close: string): Promise<void> => {
  await app.database.owner.transaction().execute(async (tx) => {
    await sql`select pm.ensure_price_partition(${dateTime}::timestamptz::date)`.execute(tx);
    await sql`insert into pm.prices (listing_id, date_time, source, close, currency)
      select id, ${dateTime}, 'feed', ${close}, currency from pm.instrument_listings
      where instrument_id = ${id}`.execute(tx);
  });
};
const hoursAgo = (hours: number): string => Temporal.Now.instant().subtract({ hours }).toString();

let portfolioId: string;
beforeEach(async () => {
  portfolioId = (await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
});

const hold = async (
  instrumentId: string,
  qty: string,
  extras: { avgCost?: string; include?: boolean; account?: string; date?: string } = {},
) =>
  anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: {
      instrumentId,
      section: 'Core',
      theme: 'Bonds',
      account: 'ISA',
      qty,
      date: '2024-01-02',
      ...extras,
    },
  });
const summary = async (asOf?: string) =>
  anna.expect(200, 'GET /api/portfolios/:id/summary', {
    params: { id: portfolioId },
    query: asOf === undefined ? {} : { asOf },
  });
const holdings = async (asOf?: string) =>
  (
    await anna.expect(200, 'GET /api/portfolios/:id/holdings', {
      params: { id: portfolioId },
      query: asOf === undefined ? {} : { asOf },
    })
  ).items;

describe('a value', () => {
  it('of dollars in pounds is crossed through the euro, and shows price, rate and both legs', async () => {
    const id = await instrument({ currency: 'USD' });
    await price(id, '2024-03-01T16:00:00Z', '10.50');
    await hold(id, '3', { avgCost: '5' });
    const [holding] = await holdings('2024-03-01');
    // 3 × 10.50 USD × 0.64 = 20.16 GBP; 3 × 5 GBP were paid.
    expect(holding?.valuation).toMatchObject({
      currency: 'GBP',
      value: '20.16',
      cost: '15',
      gain: '5.16',
      gainPct: 34.4,
      price: { close: '10.5', currency: 'USD', kind: 'manual', stale: false },
      rate: { rate: '0.64', method: 'cross', date: '2024-03-01', carriedForward: false },
    });
    expect(holding?.valuation.rate?.legs.map((leg) => [leg.from, leg.to, leg.rate])).toEqual([
      ['EUR', 'USD', '1.25'],
      ['EUR', 'GBP', '0.8'],
    ]);
    // Three days on the rate is carried forward and says so; eight days on there is none.
    expect((await holdings('2024-03-04'))[0]?.valuation.rate).toMatchObject({ carriedForward: true });
    expect((await holdings('2024-03-09'))[0]?.valuation).toMatchObject({ value: null, missing: 'rate' });
  });

  it('of a price in pence is in pounds, and the price stays one in pence', async () => {
    const id = await instrument({ quoteUnit: 'GBX' });
    await price(id, '2024-03-01T16:00:00Z', '7512.5', { quoteUnit: 'GBX' });
    await hold(id, '2');
    expect(await holdings('2024-03-01')).toMatchObject([
      {
        valuation: {
          value: '150.25',
          price: { close: '75.125', currency: 'GBP', quoted: { close: '7512.5', unit: 'GBX' } },
        },
      },
    ]);
  });

  it('of a portfolio is exactly the sum of its holdings, however many places they have', async () => {
    for (const [currency, close, qty] of [
      ['CHF', '1.000000000000000001', '0.123456789012345678'],
      ['USD', '123456.123456789012345678', '98765.432109876543210987'],
      ['GBP', '0.000000000000000003', '0.5'],
    ] as const) {
      const id = await instrument({ currency });
      await price(id, '2024-03-01T16:00:00Z', close);
      await hold(id, qty, { avgCost: '0.333333333333333333' });
    }
    const parts = await holdings('2024-03-01');
    const whole = await summary('2024-03-01');
    const sum = (texts: readonly (string | null)[]) =>
      texts.reduce((total, text) => total.plus(Fraction.of(text ?? '')), Fraction.of('0'));
    for (const [total, texts] of [
      [whole.value, parts.map((one) => one.valuation.value)],
      [whole.cost, parts.map((one) => one.valuation.cost)],
      [whole.gain, parts.map((one) => one.valuation.gain)],
    ] as const) {
      expect(sum(texts).compare(Fraction.of(total ?? ''))).toBe(0);
    }
    expect(whole.bySection).toEqual({ Core: whole.value });
  });
});

describe('which price', () => {
  it('a fresh live one before one given by hand, that one before a stale live one', async () => {
    const id = await instrument({}, app.admin);
    await hold(id, '1');
    const used = async () => {
      const { stale } = await summary();
      const [holding] = await holdings();
      return [holding?.valuation.price?.kind ?? null, holding?.valuation.value ?? null, stale.length];
    };
    expect(await used()).toEqual([null, null, 0]);
    await feed(id, hoursAgo(100), '7');
    expect(await used()).toEqual(['live', '7', 1]);
    await price(id, hoursAgo(200), '8');
    expect(await used()).toEqual(['manual', '8', 1]);
    await price(id, hoursAgo(50), '9');
    expect(await used()).toEqual(['manual', '9', 0]);
    await feed(id, hoursAgo(60), '10');
    expect(await used()).toEqual(['live', '10', 0]);
  });

  it('none after the day asked for, which ends where the person is', async () => {
    const id = await instrument();
    await hold(id, '1');
    // 23:30 in London is half past twelve of the next day in Auckland.
    await price(id, '2024-03-01T23:30:00Z', '5');
    await price(id, '2024-03-02T00:00:00Z', '6');
    expect((await summary('2024-03-01')).value).toBe('5');
    expect((await summary('2024-03-02')).value).toBe('6');
    await anna.expect(200, 'PATCH /api/me', { body: { timezone: 'Pacific/Auckland' } });
    expect(await summary('2024-03-01')).toMatchObject({ value: '0', missing: [{ what: 'price' }] });
    expect((await summary('2024-03-02')).value).toBe('6');
    await anna.expect(200, 'PATCH /api/me', { body: { timezone: 'Europe/London' } });
  });
});

describe('what is missing', () => {
  it('is named and left out, and so is what its owner leaves out; the rest adds up', async () => {
    const [priced, unpriced, francs, left, sold] = [
      await instrument(),
      await instrument(),
      await instrument({ currency: 'JPY' }),
      await instrument(),
      await instrument(),
    ];
    for (const id of [priced, left, sold]) await price(id, '2024-03-01T16:00:00Z', '4');
    await price(francs, '2024-03-01T16:00:00Z', '100');
    await hold(priced, '10', { avgCost: '3' });
    const noPrice = await hold(unpriced, '1', { avgCost: '100' });
    const noRate = await hold(francs, '1', { avgCost: '100' });
    const excluded = await hold(left, '10', { avgCost: '1', include: false });
    await hold(sold, '0');
    const whole = await summary('2024-03-01');
    expect(whole).toMatchObject({
      value: '40',
      // What was paid for all that is counted, priced or not; the gain compares like with like.
      cost: '230',
      gain: '10',
      holdingCount: 4,
      complete: false,
      byAccount: { ISA: '40' },
      byCurrency: { GBP: '40' },
      byWrapper: { ISA: '40' },
      excluded: [{ holdingId: excluded.id }],
    });
    expect(whole.gainPct).toBeCloseTo(100 / 3, 9);
    expect(whole.missing.map((one) => [one.holdingId, one.what])).toEqual([
      [noPrice.id, 'price'],
      [noRate.id, 'rate'],
    ]);
    for (const one of whole.missing) expect(one.detail).toContain('left out');
  });

  it('of a cost leaves the value in and says no gain', async () => {
    const id = await instrument();
    await price(id, '2024-03-01T16:00:00Z', '4');
    await hold(id, '2');
    expect(await summary('2024-03-01')).toMatchObject({ value: '8', cost: '0', gain: null, gainPct: null });
  });
});

describe('a past day', () => {
  it('shows the quantity and cost of that day beside their value', async () => {
    const id = await instrument();
    await price(id, '2024-02-01T16:00:00Z', '4');
    const { id: holdingId } = await hold(id, '10', { avgCost: '2', date: '2024-01-02' });
    await anna.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id: holdingId },
      body: { type: 'buy', date: '2024-02-15', price: '6', qty: '10' },
    });
    expect(await holdings('2024-02-01')).toMatchObject([
      { qty: '10', avgCost: '2', costBasis: '20', valuation: { value: '40', cost: '20', gain: '20' } },
    ]);
    expect(await holdings('2024-02-15')).toMatchObject([
      { qty: '20', avgCost: '4', costBasis: '80', valuation: { value: '80', cost: '80', gain: '0' } },
    ]);
    expect(await holdings('2023-12-31')).toMatchObject([{ qty: '0', avgCost: null, costBasis: '0' }]);
  });

  it.each(['1899-12-31', '0001-01-01', '2999-01-01', '9999-12-31'])(
    'that none can mean is refused by name: %s',
    async (asOf) => {
      const id = await instrument();
      await price(id, '2024-02-01T16:00:00Z', '4');
      await hold(id, '1');
      for (const key of [
        'GET /api/portfolios/:id/summary',
        'GET /api/portfolios/:id/holdings',
        'GET /api/portfolios/:id/exposure',
        'GET /api/portfolios/:id/overlap',
      ] as const) {
        const problem = await anna.refused(422, key, { params: { id: portfolioId }, query: { asOf } });
        expect(problem).toMatchObject({ code: 'invalid_date', field: 'asOf' });
      }
    },
  );
});

describe('a price from before a split', () => {
  const split = async (holdingId: string, date: string, numerator: number, denominator: number) =>
    anna.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id: holdingId },
      body: { type: 'split', date, numerator, denominator },
    });

  it('counts per unit after it, in the summary as in the performance, and says so', async () => {
    const id = await instrument();
    const { id: holdingId } = await hold(id, '10', { avgCost: '100' });
    await feed(id, hoursAgo(60), '120');
    const yesterday = Temporal.Now.zonedDateTimeISO('Europe/London').toPlainDate().subtract({ days: 1 });
    await split(holdingId, yesterday.toString(), 4, 1);
    // 10 at 120 were 1,200; 40 at 30 are.
    expect(await summary()).toMatchObject({ value: '1200', gain: '200', dayChange: '0' });
    const [one] = await holdings();
    expect(one).toMatchObject({
      qty: '40',
      valuation: {
        value: '1200',
        price: { close: '30', quoted: { close: '30' } },
        formula: 'quantity × price × rate; the price is of before a split, for a unit after it',
      },
    });
    const performance = await anna.expect(200, 'GET /api/portfolios/:id/performance', {
      params: { id: portfolioId },
    });
    expect(performance).toMatchObject({ endValue: '1200' });
    // A price of after the split is one already.
    await feed(id, hoursAgo(1), '31');
    expect(await summary()).toMatchObject({ value: '1240' });
  });

  it('counts as it is on the days before the split', async () => {
    const id = await instrument();
    const { id: holdingId } = await hold(id, '10');
    await feed(id, '2024-02-01T16:30:00Z', '120');
    await split(holdingId, '2024-02-29', 3, 2);
    expect(await summary('2024-02-28')).toMatchObject({ value: '1200' });
    // 15 at 80.
    expect(await summary('2024-02-29')).toMatchObject({ value: '1200' });
    expect((await holdings('2024-02-29'))[0]).toMatchObject({
      qty: '15',
      valuation: { price: { close: '80' } },
    });
  });
});

describe('a price of a time that is still to come', () => {
  it('counts from then on, in the summary as in the performance', async () => {
    const id = await instrument();
    await hold(id, '10', { avgCost: '5' });
    await price(id, hoursAgo(3), '7');
    await price(id, hoursAgo(-20), '9');
    expect(await summary()).toMatchObject({ value: '70' });
    const performance = await anna.expect(200, 'GET /api/portfolios/:id/performance', {
      params: { id: portfolioId },
    });
    expect(performance).toMatchObject({ endValue: '70' });
  });
});
