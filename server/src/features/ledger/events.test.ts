/** Every type of trade, its cash, transfers, and the legs of an event as one. Expected figures are reckoned by hand. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import type { BodyOf } from '#platform/http/index.ts';
import { verifyLedger } from '../../entry/commands/verify.ts';

let app: TestApp;
let alice: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  alice = await app.register();
  const ecb = 'Date,USD,GBP,JPY,\n2024-03-01,1.1,0.88,160,\n2024-03-08,1.2,0.84,168,\n';
  await app.admin.expect(201, 'POST /api/fx/import', { body: Buffer.from(ecb) });
});
afterAll(async () => app.close());

let made = 0;
const instrument = async (type: 'ETF' | 'Cash', currency: string): Promise<string> => {
  made += 1;
  const body = { type, ticker: `EVT${made}`, name: `${type} ${currency} ${made}`, currency };
  return (await alice.expect(201, 'POST /api/instruments', { body })).id;
};
const portfolio = async (currency = 'GBP'): Promise<string> =>
  (await alice.expect(201, 'POST /api/portfolios', { body: { name: 'Ours', settings: { currency } } })).id;
const holding = async (portfolioId: string, instrumentId: string, account = 'ISA') =>
  (
    await alice.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id: portfolioId },
      body: { instrumentId, section: 'Core', theme: 'Global Equity', account },
    })
  ).id;

type Body = BodyOf<'POST /api/holdings/:id/trades'>;
const record = async (id: string, body: Body) =>
  alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body });
const refused = async (id: string, body: Body) =>
  alice.refused(422, 'POST /api/holdings/:id/trades', { params: { id }, body });
const held = async (id: string) => {
  const { qty, costBasis, overdraft } = await alice.expect(200, 'GET /api/holdings/:id', { params: { id } });
  return overdraft ? [qty, costBasis, 'overdrawn'] : [qty, costBasis];
};
const typesOf = async (id: string) =>
  (await alice.expect(200, 'GET /api/holdings/:id/trades', { params: { id } })).items.map((one) => [
    one.type,
    one.leg,
    one.qty,
  ]);

/** A portfolio with a fund and cash in one account. */
const household = async (fundCurrency = 'GBP', cashCurrency = 'GBP') => {
  const id = await portfolio();
  const fund = await holding(id, await instrument('ETF', fundCurrency));
  const cash = await holding(id, await instrument('Cash', cashCurrency));
  return { id, fund, cash };
};
const DAY = '2024-03-01';

describe('money in and out', () => {
  it('is deposited into cash, withdrawn from it, and says where it came from', async () => {
    const { cash } = await household();
    const paid = await record(cash, { type: 'deposit', date: DAY, amount: '1000', source: 'employer' });
    expect(paid).toMatchObject({ type: 'deposit', qty: '1000', source: 'employer', total: '1000' });
    await record(cash, { type: 'withdrawal', date: '2024-03-04', amount: '300.5' });
    expect(await held(cash)).toEqual(['699.5', '699.5']);
    expect(await refused(cash, { type: 'withdrawal', date: '2024-03-05', amount: '700' })).toMatchObject({
      code: 'oversold',
      detail: 'Only 699.5 were held on 2024-03-05; 700 cannot be withdrawn.',
    });
  });

  it('is said as amount, or as quantity and price like any other trade', async () => {
    const { fund, cash } = await household();
    const base = { date: DAY, currency: 'GBP' } as const;
    await record(cash, { type: 'deposit', ...base, qty: '1000', price: '1' });
    await record(cash, { type: 'deposit', ...base, qty: '20.5' });
    await record(cash, { type: 'withdrawal', ...base, qty: '20', price: '1.00' });
    expect(await held(cash)).toEqual(['1000.5', '1000.5']);
    const interest = await record(cash, { type: 'interest', ...base, qty: '3', price: '0.5', settle: {} });
    expect(interest).toMatchObject({ amount: '1.5', total: '1.5' });
    await record(cash, { type: 'fee', ...base, qty: '1', price: '2', settle: {} });
    expect(await held(cash)).toEqual(['1000', '1000']);
    await record(fund, { type: 'transfer_in', ...base, qty: '4', price: '2.5' });
    expect(await held(fund)).toEqual(['4', '10']);

    const badly = async (id: string, body: Body) =>
      alice.refused(400, 'POST /api/holdings/:id/trades', { params: { id }, body });
    expect(await badly(cash, { type: 'deposit', date: DAY })).toMatchObject({ field: 'amount' });
    expect(await badly(cash, { type: 'deposit', date: DAY, price: '1' })).toMatchObject({ field: 'amount' });
    expect(await badly(cash, { type: 'deposit', date: DAY, amount: '5', qty: '5' })).toMatchObject({
      field: 'qty',
    });
    expect(await badly(fund, { type: 'tax', date: DAY, amount: '5', price: '1', qty: '5' })).toMatchObject({
      field: 'price',
    });
    expect(await badly(fund, { type: 'fee', date: DAY, qty: '5' })).toMatchObject({ field: 'amount' });
    expect(await badly(fund, { type: 'transfer_in', date: DAY, qty: '5' })).toMatchObject({ field: 'cost' });
    expect(await refused(cash, { type: 'deposit', date: DAY, qty: '5', price: '1.01' })).toMatchObject({
      code: 'cash_costs_one',
      field: 'price',
    });
    const dollars = { type: 'deposit', date: DAY, amount: '5', currency: 'USD' } as const;
    expect(await refused(cash, dollars)).toMatchObject({ code: 'currency_mismatch', field: 'currency' });
  });

  it('is refused for what is no cash', async () => {
    const { fund } = await household();
    expect(await refused(fund, { type: 'deposit', date: DAY, amount: '1' })).toMatchObject({
      code: 'not_cash',
    });
  });
});

describe('settlement', () => {
  it('pays a purchase with the account’s cash and puts a sale, a dividend and interest into it', async () => {
    const { fund, cash } = await household();
    await record(cash, { type: 'deposit', date: DAY, amount: '1000' });
    const bought = await record(fund, {
      type: 'buy',
      date: DAY,
      qty: '10',
      price: '50',
      fees: '5',
      taxes: '2.5',
      settle: {},
    });
    expect(bought.legs.map((leg) => [leg.type, leg.leg, leg.qty, leg.eventId === bought.eventId])).toEqual([
      ['buy', 'primary', '10', true],
      ['sell', 'settlement', '507.5', true],
    ]);
    expect(bought.holdings.map((one) => one.qty)).toEqual(['10', '492.5']);
    await record(fund, { type: 'sell', date: '2024-03-04', qty: '4', price: '60', fees: '5', settle: {} });
    await record(fund, { type: 'dividend', date: '2024-03-05', amount: '12', taxes: '1.2', settle: {} });
    await record(cash, { type: 'interest', date: '2024-03-06', amount: '0.7', settle: {} });
    await record(cash, { type: 'fee', date: '2024-03-07', amount: '9', settle: {} });
    // 492.5 + 235 + 10.8 + 0.7 − 9
    expect(await held(cash)).toEqual(['730', '730']);
    expect(await held(fund)).toEqual(['6', '304.5']);
  });

  it('overdraws only when asked, says so, and is refused in words otherwise', async () => {
    const { fund, cash } = await household();
    const buy = { type: 'buy', date: DAY, qty: '1', price: '80' } as const;
    const problem = await refused(fund, { ...buy, settle: { holdingId: cash } });
    expect(problem).toMatchObject({ code: 'oversold', field: 'settle' });
    expect(problem.detail).toContain('had only 0 GBP on 2024-03-01; 80 cannot be paid');
    const bought = await record(fund, { ...buy, settle: { overdraw: true } });
    expect(bought.legs[1]).toMatchObject({ leg: 'settlement', overdraw: true });
    expect(await held(cash)).toEqual(['-80', '-80', 'overdrawn']);
    await record(cash, { type: 'deposit', date: '2024-03-04', amount: '100' });
    expect(await held(cash)).toEqual(['20', '20']);
  });

  it('converts at the trade’s rate into the portfolio’s currency', async () => {
    const { fund, cash } = await household('USD', 'GBP');
    await record(cash, { type: 'deposit', date: DAY, amount: '1000' });
    // 0.88 / 1.1 = 0.8 pounds for a dollar
    const bought = await record(fund, { type: 'buy', date: DAY, qty: '10', price: '10', settle: {} });
    expect(bought).toMatchObject({ fxRate: '0.8', fxSource: 'ECB, 2024-03-01', total: '80' });
    expect(await held(cash)).toEqual(['920', '920']);
  });

  it('converts between two foreign currencies and neither makes nor loses anything', async () => {
    const { fund, cash } = await household('JPY', 'USD');
    await record(cash, { type: 'deposit', date: DAY, amount: '100' });
    expect(await held(cash)).toEqual(['100', '80']);
    // 1,600 yen at 1.1/160 dollars: 11 dollars, 8.80 pounds.
    await record(fund, { type: 'buy', date: DAY, qty: '1', price: '1600', settle: { holdingId: cash } });
    expect(await held(cash)).toEqual(['89', '71.2']);
    expect(await held(fund)).toEqual(['1', '8.8']);
  });

  it('says what is missing', async () => {
    const { id, fund } = await household('USD', 'GBP');
    const buy = { type: 'buy', date: '2010-01-04', qty: '1', price: '1' } as const;
    expect((await refused(fund, buy)).detail).toContain('There is no USD to GBP rate for 2010-01-04.');
    const lonely = await holding(id, await instrument('ETF', 'EUR'), 'SIPP');
    expect(await refused(lonely, { ...buy, date: DAY, settle: {} })).toMatchObject({
      code: 'no_cash',
      detail: 'There is no Cash holding in EUR or GBP in SIPP. Add one, or name one as settle.holdingId.',
    });
  });
});

describe('dividends and splits', () => {
  it('buys units with a dividend, and puts what is left into cash', async () => {
    const { fund, cash } = await household();
    await record(fund, { type: 'opening', date: '2024-01-02', qty: '100', price: '2' });
    const event = await record(fund, {
      type: 'dividend',
      date: DAY,
      price: '0.1',
      qty: '100',
      reinvest: { qty: '3', price: '3', fees: '0.5' },
      settle: {},
    });
    expect(event.legs.map((leg) => [leg.type, leg.leg, leg.total])).toEqual([
      ['dividend', 'primary', '10'],
      ['buy', 'reinvestment', '9.5'],
      ['buy', 'settlement', '0.5'],
    ]);
    expect([await held(fund), await held(cash)]).toEqual([
      ['103', '209.5'],
      ['0.5', '0.5'],
    ]);
  });

  it('splits what is held that day, dated back too', async () => {
    const { fund } = await household();
    await record(fund, { type: 'buy', date: '2024-01-02', qty: '10', price: '30' });
    await record(fund, { type: 'buy', date: '2024-02-02', qty: '5', price: '12' });
    await record(fund, { type: 'split', date: '2024-02-02', numerator: 5, denominator: 2 });
    expect(await held(fund)).toEqual(['30', '360']);
    expect(await refused(fund, { type: 'split', date: DAY, numerator: 2, denominator: 2 })).toMatchObject({
      code: 'no_split',
    });
  });

  it('takes an opening without a day as held before a split', async () => {
    const id = await portfolio();
    const made2 = await alice.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id },
      body: {
        instrumentId: await instrument('ETF', 'GBP'),
        section: 'Core',
        theme: 'Bonds',
        account: 'ISA',
        qty: '10',
        avgCost: '3',
      },
    });
    await record(made2.id, { type: 'split', date: '2024-02-02', numerator: 2, denominator: 1 });
    expect(await held(made2.id)).toEqual(['20', '30']);
  });
});

describe('transfers', () => {
  it('carry the cost to another account, made there when there is none, and are in transit for days', async () => {
    const { id, fund } = await household();
    await record(fund, { type: 'buy', date: '2024-01-02', qty: '10', price: '10' });
    const moved = await record(fund, {
      type: 'transfer_out',
      date: DAY,
      qty: '4',
      to: { account: 'SIPP' },
      arrives: '2024-03-06',
    });
    const arrival = moved.legs[1];
    expect(arrival).toMatchObject({ type: 'transfer_in', date: '2024-03-06', carriedCost: '40' });
    const there = arrival?.holdingId ?? '';
    expect([await held(fund), await held(there)]).toEqual([
      ['6', '60'],
      ['4', '40'],
    ]);
    // What comes to light at the one end is carried to the other.
    await record(fund, { type: 'buy', date: '2024-01-01', qty: '10', price: '20' });
    expect([await held(fund), await held(there)]).toEqual([
      ['16', '240'],
      ['4', '60'],
    ]);
    // And what is sold there keeps the units here.
    await record(there, { type: 'sell', date: '2024-03-07', qty: '3', price: '1' });
    const gone = await alice.refused(422, 'DELETE /api/trades/:id', { params: { id: moved.id } });
    expect(gone).toMatchObject({ code: 'oversold' });
    expect(gone.detail).toContain('on 2024-03-07');
    const holdings = await alice.expect(200, 'GET /api/portfolios/:id/holdings', { params: { id } });
    expect(holdings.items.map((one) => one.account)).toContain('SIPP');
  });

  it('between portfolios convert the cost at that day’s rate, both stored', async () => {
    const { fund } = await household();
    const other = await portfolio('USD');
    await record(fund, { type: 'buy', date: '2024-01-02', qty: '10', price: '10' });
    const moved = await record(fund, {
      type: 'transfer_out',
      date: DAY,
      qty: '10',
      to: { portfolioId: other },
    });
    // 1.1 / 0.88 dollars for a pound
    expect(moved.legs.map((leg) => [leg.carriedCost, leg.totalCurrency, leg.fxRate])).toEqual([
      ['100', 'GBP', '1'],
      ['125', 'USD', '1.25'],
    ]);
    expect(await held(moved.legs[1]?.holdingId ?? '')).toEqual(['10', '125']);
    // A week later the rate is 1.2 / 0.84.
    const later = await alice.expect(200, 'PATCH /api/trades/:id', {
      params: { id: moved.id },
      body: { date: '2024-03-08' },
    });
    expect(later.legs[1]).toMatchObject({ date: '2024-03-08', fxSource: 'ECB, 2024-03-08' });
    expect(Number(later.legs[1]?.carriedCost)).toBeCloseTo(142.857142857, 9);
  });

  it('come from elsewhere with their cost and leave for elsewhere with it', async () => {
    const { fund } = await household();
    await record(fund, { type: 'transfer_in', date: DAY, qty: '3', cost: '10', currency: 'USD' });
    expect(await held(fund)).toEqual(['3', '8']);
    const left = await record(fund, { type: 'transfer_out', date: '2024-03-04', qty: '1' });
    expect(left).toMatchObject({ carriedCost: '2.666666666666666667', eventId: null });
  });

  it('go to the same instrument of the same owner, elsewhere', async () => {
    const { fund, cash } = await household();
    await record(fund, { type: 'buy', date: DAY, qty: '1', price: '1' });
    const out = { type: 'transfer_out', date: DAY, qty: '1' } as const;
    for (const [to, code] of [
      [{ holdingId: fund }, 'same_holding'],
      [{ account: 'ISA' }, 'same_holding'],
      [{ holdingId: cash }, 'other_instrument'],
      [{ account: 'Nowhere' }, 'unknown_name'],
    ] as const) {
      expect([code, (await refused(fund, { ...out, to })).code]).toEqual([code, code]);
    }
    const arrived = await refused(fund, { ...out, to: { account: 'SIPP' }, arrives: '2024-02-01' });
    expect(arrived).toMatchObject({ code: 'invalid_date', field: 'arrives' });
  });
});

describe('the legs of an event', () => {
  it('are listed, corrected and deleted together', async () => {
    const { fund, cash } = await household();
    await record(cash, { type: 'deposit', date: DAY, amount: '1000' });
    const bought = await record(fund, { type: 'buy', date: DAY, qty: '10', price: '10', settle: {} });
    const read = await alice.expect(200, 'GET /api/trades/:id', { params: { id: bought.id } });
    expect(read.legs.map((leg) => leg.leg)).toEqual(['primary', 'settlement']);
    const cashLeg = read.legs[1]?.id ?? '';

    const changed = await alice.expect(200, 'PATCH /api/trades/:id', {
      params: { id: bought.id },
      body: { price: '20', date: '2024-03-04' },
    });
    expect(changed.legs.map((leg) => [leg.id, leg.date, leg.qty])).toEqual([
      [bought.id, '2024-03-04', '10'],
      [cashLeg, '2024-03-04', '200'],
    ]);
    expect([await held(fund), await held(cash)]).toEqual([
      ['10', '200'],
      ['800', '800'],
    ]);
    const leg = await alice.refused(422, 'PATCH /api/trades/:id', {
      params: { id: cashLeg },
      body: { qty: '1' },
    });
    expect(leg).toMatchObject({ code: 'not_primary' });

    const alone = await alice.expect(200, 'PATCH /api/trades/:id', {
      params: { id: bought.id },
      body: { settle: null },
    });
    expect([alone.eventId, alone.legs.length, await held(cash)]).toEqual([null, 1, ['1000', '1000']]);
    await alice.expect(200, 'PATCH /api/trades/:id', { params: { id: bought.id }, body: { settle: {} } });
    expect(await held(cash)).toEqual(['800', '800']);

    const deleted = await alice.expect(200, 'DELETE /api/trades/:id', { params: { id: bought.id } });
    expect(deleted.holdings.map((one) => one.qty).toSorted()).toEqual(['0', '1000']);
    expect([await typesOf(fund), await typesOf(cash)]).toEqual([[], [['deposit', 'primary', '1000']]]);
  });

  it('are deleted from either side', async () => {
    const { fund, cash } = await household();
    const sold = await record(fund, { type: 'opening', date: '2024-01-02', qty: '5', price: '1' });
    expect(sold.legs).toHaveLength(1);
    const event = await record(fund, { type: 'sell', date: DAY, qty: '5', price: '2', settle: {} });
    const cashLeg = event.legs[1]?.id ?? '';
    await alice.expect(200, 'DELETE /api/trades/:id', { params: { id: cashLeg } });
    expect([await held(fund), await held(cash)]).toEqual([
      ['5', '5'],
      ['0', '0'],
    ]);
  });

  it('stay as they are when a change oversells the cash', async () => {
    const { fund, cash } = await household();
    await record(cash, { type: 'deposit', date: DAY, amount: '100' });
    const bought = await record(fund, { type: 'buy', date: DAY, qty: '10', price: '10', settle: {} });
    const problem = await alice.refused(422, 'PATCH /api/trades/:id', {
      params: { id: bought.id },
      body: { price: '10.01' },
    });
    expect(problem).toMatchObject({ code: 'oversold', field: 'settle' });
    expect([await held(fund), await held(cash)]).toEqual([
      ['10', '100'],
      ['0', '0'],
    ]);
    const field = await alice.refused(422, 'PATCH /api/trades/:id', {
      params: { id: bought.id },
      body: { numerator: 2 },
    });
    expect(field).toMatchObject({ code: 'not_applicable', field: 'numerator' });
  });

  it('of every type can be corrected to what they are', async () => {
    const { fund, cash } = await household('USD', 'GBP');
    await record(cash, { type: 'deposit', date: DAY, amount: '1000', source: 'tax_relief_expected' });
    await record(cash, { type: 'withdrawal', date: DAY, amount: '10' });
    await record(fund, { type: 'opening', date: DAY, qty: '3', price: '4', fees: '1' });
    await record(fund, { type: 'buy', date: DAY, qty: '3', price: '4', taxes: '1', settle: {} });
    await record(fund, { type: 'sell', date: DAY, qty: '1', price: '4', settle: {} });
    const reinvest = { qty: '0.5', price: '3' };
    await record(fund, { type: 'dividend', date: DAY, amount: '2', reinvest, settle: {} });
    await record(fund, { type: 'dividend', date: DAY, qty: '2', price: '0.3', fxRate: '0.7' });
    await record(cash, { type: 'interest', date: DAY, amount: '1', taxes: '0.2', settle: {} });
    await record(fund, { type: 'fee', date: DAY, amount: '1', settle: {} });
    await record(fund, { type: 'tax', date: DAY, amount: '1' });
    await record(fund, { type: 'split', date: DAY, numerator: 3, denominator: 2 });
    await record(fund, { type: 'transfer_in', date: DAY, qty: '1', cost: '3' });
    await record(fund, {
      type: 'transfer_out',
      date: DAY,
      qty: '1',
      to: { account: 'SIPP' },
      arrives: '2024-03-05',
    });
    const before = [await held(fund), await held(cash)];
    for (const id of [fund, cash]) {
      const trades = await alice.expect(200, 'GET /api/holdings/:id/trades', { params: { id } });
      for (const { running: _running, realised: _realised, ...one } of trades.items) {
        if (one.leg !== 'primary') continue;
        const same = await alice.expect(200, 'PATCH /api/trades/:id', {
          params: { id: one.id },
          body: { date: one.date },
        });
        const { version: _was, ...fields } = one;
        expect(same).toMatchObject(fields);
      }
    }
    expect([await held(fund), await held(cash)]).toEqual(before);
  });
});

it('takes nothing from other people’s holdings and portfolios and puts nothing into them', async () => {
  const bob = await app.register();
  const { fund } = await household();
  const theirs = await bob.expect(201, 'POST /api/portfolios', { body: { name: 'Theirs' } });
  const { id: instrumentId } = await bob.expect(201, 'POST /api/instruments', {
    body: { type: 'Cash', name: 'Pounds', currency: 'GBP' },
  });
  const cash = await bob.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: theirs.id },
    body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA', qty: '100', avgCost: '1' },
  });
  await record(fund, { type: 'buy', date: DAY, qty: '1', price: '1' });
  const sell = { type: 'sell', date: DAY, qty: '1', price: '1' } as const;
  const out = { type: 'transfer_out', date: DAY, qty: '1' } as const;
  for (const body of [
    { ...sell, settle: { holdingId: cash.id } },
    { ...out, to: { holdingId: cash.id } },
    { ...out, to: { portfolioId: theirs.id } },
  ]) {
    const problem = await alice.refused(404, 'POST /api/holdings/:id/trades', { params: { id: fund }, body });
    expect(problem.code).toBe('not_found');
  }
  expect(await held(fund)).toEqual(['1', '1']);
});

it('leaves every holding what its trades give', async () => {
  const { holdings, differences } = await verifyLedger(app.database);
  expect(holdings).toBeGreaterThan(30);
  expect(differences).toEqual([]);
});

it('lets a guest change what stays in the portfolio that is shared, and nothing that a transfer carries out of it', async () => {
  const bob = await app.register();
  const { id, fund } = await household();
  await record(fund, { type: 'buy', date: '2024-01-02', qty: '10', price: '10' });
  const other = await portfolio();
  const out = { type: 'transfer_out', date: '2024-02-01', qty: '4', to: { portfolioId: other } } as const;
  const moved = await record(fund, out);
  await sql`insert into pm.portfolio_access (user_id, portfolio_id, owner_id, role)
    values (${bob.id}, ${id}, ${alice.id}, 'edit')`.execute(app.database.owner);
  const buy = { type: 'buy', date: '2024-03-01', qty: '1', price: '1' } as const;
  const params = { id: fund };
  await bob.expect(201, 'POST /api/holdings/:id/trades', { params, body: buy });
  const codes = [
    await bob.refused(422, 'POST /api/holdings/:id/trades', { params, body: { ...buy, date: '2024-01-01' } }),
    await bob.refused(422, 'PATCH /api/trades/:id', { params: { id: moved.id }, body: { qty: '3' } }),
    await bob.refused(422, 'DELETE /api/trades/:id', { params: { id: moved.id } }),
    await bob.refused(422, 'DELETE /api/holdings/:id', { params }),
  ].map((problem) => problem.code);
  expect(codes).toEqual(['linked_elsewhere', 'linked_elsewhere', 'linked_elsewhere', 'linked_elsewhere']);
  expect([await held(fund), await held(moved.legs[1]?.holdingId ?? '')]).toEqual([
    ['7', '61'],
    ['4', '40'],
  ]);
});
