/** How portfolios did, through the API; figures by hand, and random histories judged by the oracle. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Fraction, ZERO } from '../../../../tests/oracles/fraction.ts';
import { growth, yearlyRates } from '../../../../tests/oracles/performance.ts';
import { addedBy, daysOf } from '../../../../tests/oracles/returns.ts';
import type { Act, OracleDay } from '../../../../tests/oracles/returns.ts';
import { storyFrom } from '../../../../tests/oracles/portfolio-lives.ts';
import type { Story } from '../../../../tests/oracles/portfolio-lives.ts';
import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { withWorker } from '../../platform/database/index.ts';
import { duePortfolios, refreshPortfolio, waitingHistories } from './snapshots.ts';

let app: TestApp;
let anna: TestPerson;

const START = Temporal.PlainDate.from('2024-01-01');
const dayText = (at: number): string => START.add({ days: at }).toString();

/** Pounds for a dollar rise and fall in steps; through the euro, as the ECB publishes. */
const DAYS = 150;
const euroInDollars = (at: number): string => (1.05 + ((at * 7) % 11) / 100).toFixed(2);
const POUNDS_A_EURO = '0.84';

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  const lines = Array.from(
    { length: DAYS },
    (_, at) => `${dayText(at)},${euroInDollars(at)},${POUNDS_A_EURO},`,
  );
  await app.admin.expect(201, 'POST /api/fx/import', {
    body: Buffer.from(`Date,USD,GBP,\n${lines.join('\n')}\n`),
  });
}, 60_000);
afterAll(async () => app.close());

let made = 0;
const instrument = async (type: 'ETF' | 'Cash', currency: string): Promise<string> => {
  made += 1;
  const body = { type, name: `Performer ${made}`, ticker: `PF${made}`, currency };
  return (await anna.expect(201, 'POST /api/instruments', { body })).id;
};
const portfolio = async (): Promise<string> =>
  (await anna.expect(201, 'POST /api/portfolios', { body: { name: `Ours ${made}` } })).id;
const hold = async (id: string, instrumentId: string, account = 'ISA'): Promise<string> =>
  (
    await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id },
      body: { instrumentId, section: 'Core', theme: 'Bonds', account },
    })
  ).id;
const price = async (id: string, day: string, close: string) =>
  anna.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id },
    body: { dateTime: `${day}T16:00:00Z`, close },
  });
const record = async (id: string, body: object) =>
  anna.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: body as never });
type Query = { from?: string; to?: string; scope?: string; benchmark?: string };
const performance = async (id: string, query: Query) =>
  anna.expect(200, 'GET /api/portfolios/:id/performance', { params: { id }, query });

/** Brings all snapshots up to date, as the worker does every minute. */
const keep = async (): Promise<number> => {
  const worker = app.database.worker;
  let days = 0;
  const due = await withWorker(worker, async (tx) => duePortfolios(tx, Temporal.Now.instant(), null, 100));
  for (const one of due) {
    days += await withWorker(worker, async (tx) => refreshPortfolio(tx, one), {
      isolationLevel: 'repeatable read',
    });
  }
  return days;
};

describe('a portfolio worked out by hand', () => {
  let id: string;
  let fund: string;
  let holding: string;
  const period = { from: '2024-02-29', to: '2024-03-06' };

  beforeAll(async () => {
    id = await portfolio();
    fund = await instrument('ETF', 'GBP');
    holding = await hold(id, fund);
    await price(fund, '2024-03-01', '10');
    await price(fund, '2024-03-04', '11');
    await price(fund, '2024-03-05', '12');
    await price(fund, '2024-03-06', '9');
    await record(holding, { type: 'buy', date: '2024-03-01', qty: '10', price: '10' });
    await record(holding, { type: 'buy', date: '2024-03-05', qty: '10', price: '11.5' });
    await record(holding, { type: 'dividend', date: '2024-03-06', amount: '5' });
  });

  // 100 → 110 → (110 + 115) becomes 240 → 180 with 5 taken out: 1.1 × 240/225 × 185/240 = 0.90444…
  const expected = {
    startValue: '0',
    endValue: '180',
    netFlow: '210',
    gain: '-30',
    split: { price: '-35', currency: '0', income: '5' },
    flowDays: 3,
    days: 6,
  };

  it('has the return, the gain with its parts, and the flows', async () => {
    const found = await performance(id, period);
    expect(found).toMatchObject(expected);
    expect(found.timeWeighted.pct).toBeCloseTo(-9.555555555, 8);
    expect(found.timeWeighted.annualisedPct).toBeNull();
    // The rate that was found makes what was paid in come to what is there; g is the growth of all six days.
    expect(found.moneyWeighted).toMatchObject({ kind: 'one' });
    const g = 1 + (found.moneyWeighted.pct ?? 0) / 100;
    expect(100 * g ** (5 / 6) + 115 * g ** (1 / 6) - 5).toBeCloseTo(180, 7);
    expect(found.drawdown).toMatchObject({ peak: '2024-03-05', trough: '2024-03-06', recovered: null });
    expect(found.drawdown?.pct).toBeCloseTo(-22.916666666, 8);
    expect(found.contributions).toMatchObject([{ id: holding, gain: '-30' }]);
    expect(found.contributions[0]?.contributionPct).toBeCloseTo(found.timeWeighted.pct ?? 0, 8);
    expect(found.series.map((point) => point.value)).toEqual(['0', '100', '100', '100', '110', '240', '180']);
    expect(found.completeness).toEqual({ complete: true, missing: [], carried: [], changedFrom: null });
  });

  it('is the same from what is kept, and right at once after something in the past changed', async () => {
    const before = await performance(id, period);
    expect(await keep()).toBeGreaterThan(0);
    expect(await performance(id, period)).toEqual(before);
    expect(await keep()).toBe(0);
    await record(holding, { type: 'sell', date: '2024-03-04', qty: '5', price: '11' });
    const changed = await performance(id, period);
    // 100 → (5 × 11 + 55) 110 → 55 + 115 becomes 15 × 12 = 180 → 135 + 5.
    expect(changed).toMatchObject({ endValue: '135', netFlow: '155', gain: '-20' });
    expect(changed.timeWeighted.pct).toBeCloseTo((1.1 * (180 / 170) * (140 / 180) - 1) * 100, 8);
    expect(changed.completeness.changedFrom).toBe('2024-03-04');
    const waiting = await withWorker(app.database.worker, waitingHistories);
    expect(waiting).toMatchObject({ portfolios: 1, from: Temporal.PlainDate.from('2024-03-04') });
    // From 4 March 2024 to the last day that is over: 303 days of that year, then all since.
    expect(waiting.days).toBeGreaterThanOrEqual(303 + 365);
    expect(await keep()).toBeGreaterThan(0);
    const done = await withWorker(app.database.worker, waitingHistories);
    expect(done).toEqual({ portfolios: 0, from: null, days: 0 });
    expect(await performance(id, period)).toEqual({
      ...changed,
      completeness: { ...changed.completeness, changedFrom: null },
    });
  });

  it('counts a price that arrives late from its own day on', async () => {
    await price(fund, '2024-03-03', '10.5');
    const found = await performance(id, period);
    expect(found.series.map((point) => point.value)).toEqual(['0', '100', '100', '105', '55', '180', '135']);
    expect(found.completeness.changedFrom).toBe('2024-03-02');
    expect(await keep()).toBeGreaterThan(0);
    expect((await performance(id, period)).series).toEqual(found.series);
  });

  it('says which evening rests on which price, and what was done that day', async () => {
    const day = await anna.expect(200, 'GET /api/portfolios/:id/performance/days/:date', {
      params: { id, date: '2024-03-05' },
      query: {},
    });
    expect(day).toMatchObject({ value: '180', valueBefore: '55', flow: '115', currency: 'GBP' });
    expect(day.rows).toMatchObject([{ holdingId: holding, qty: '15', value: '180', price: { close: '12' } }]);
    expect(day.trades).toMatchObject([{ type: 'buy', total: '115' }]);
  });

  it('compares with a fixed rate and with an instrument', async () => {
    const rate = await performance(id, { ...period, benchmark: 'rate:5' });
    expect(rate.benchmark?.pct).toBeCloseTo((1.05 ** (6 / 365) - 1) * 100, 8);
    const own = await performance(id, {
      from: '2024-03-01',
      to: '2024-03-06',
      benchmark: `instrument:${fund}`,
    });
    expect(own.benchmark?.pct).toBeCloseTo(-10, 8);
    const problem = await anna.refused(422, 'GET /api/portfolios/:id/performance', {
      params: { id },
      query: { benchmark: 'nothing' },
    });
    expect(problem).toMatchObject({ code: 'invalid_benchmark', field: 'benchmark' });
  });

  it('reinvests what the benchmark paid, counts its splits, and weighs a blend', async () => {
    const paid = { params: { id: fund } };
    await anna.expect(201, 'POST /api/instruments/:id/events', {
      ...paid,
      body: { type: 'dividend', date: '2024-03-04', amount: '1.1' },
    });
    await anna.expect(201, 'POST /api/instruments/:id/events', {
      ...paid,
      body: { type: 'split', date: '2024-03-06', numerator: '2', denominator: '1' },
    });
    const span = { from: '2024-03-01', to: '2024-03-06' };
    // 10 → 11 with 1.1 put into a tenth of a unit more → 9 for each of 2.2 units: 19.8.
    const own = await performance(id, { ...span, benchmark: `instrument:${fund}` });
    expect(own.benchmark?.pct).toBeCloseTo(98, 8);
    const other = await instrument('ETF', 'GBP');
    await price(other, '2024-03-01', '100');
    await price(other, '2024-03-06', '110');
    const blend = await performance(id, { ...span, benchmark: `blend:${other}*100` });
    expect(blend.benchmark?.pct).toBeCloseTo(10, 8);
    // The fund is worth 10, 10.5, 12.1, 13.2 and 19.8; half of each is put right every evening.
    const half = await performance(id, { ...span, benchmark: `blend:${fund}*50,${other}*50` });
    const halves = 1.025 * ((1 + 12.1 / 10.5) / 2) * ((1 + 13.2 / 12.1) / 2) * 1.3;
    expect(half.benchmark?.pct).toBeCloseTo((halves - 1) * 100, 8);
  });

  it('is nobody else’s', async () => {
    const ben = await app.register();
    const problem = await ben.refused(404, 'GET /api/portfolios/:id/performance', {
      params: { id },
      query: {},
    });
    expect(problem).toMatchObject({ code: 'not_found' });
    await ben.refused(404, 'GET /api/portfolios/:id/performance/days/:date', {
      params: { id, date: '2024-03-05' },
      query: {},
    });
  });
});

/** As the product crosses it: both legs through the euro, to twenty places. */
const poundsADollar = (day: number): string => {
  const scale = 10n ** 20n;
  const dollars = BigInt(euroInDollars(day).replace('.', ''));
  const numerator = 84n * scale;
  const floor = numerator / dollars;
  const rest = (numerator % dollars) * 2n;
  const up = rest > dollars || (rest === dollars && floor % 2n === 1n);
  const text = String(floor + (up ? 1n : 0n)).padStart(21, '0');
  return `${text.slice(0, -20)}.${text.slice(-20)}`;
};

const bodyOf = (act: Act): object => {
  const { what, qty, price: each, fees } = act;
  const common = { type: what, date: dayText(act.day), ...(act.settles ? { settle: {} } : {}) };
  if (what === 'buy' || what === 'sell') return { ...common, qty, price: each, fees };
  if (what === 'split') return { type: 'split', date: dayText(act.day), numerator: 2, denominator: 1 };
  if (what === 'dividend' || what === 'fee') return { ...common, amount: qty };
  return { type: what, date: dayText(act.day), amount: qty };
};

/** Tells a story to the API. @returns the holdings by instrument, cash last */
const tell = async (id: string, { acts, market }: Story): Promise<string[]> => {
  const holdings: string[] = [];
  for (const [at, closes] of market.close.entries()) {
    const instrumentId = await instrument('ETF', market.foreign[at] === true ? 'USD' : 'GBP');
    holdings.push(await hold(id, instrumentId));
    for (const [day, close] of closes.entries()) {
      if (close !== undefined) await price(instrumentId, dayText(day), close);
    }
  }
  holdings.push(await hold(id, await instrument('Cash', 'GBP')));
  for (const act of acts) await record(holdings[act.instrument] ?? holdings.at(-1) ?? '', bodyOf(act));
  return holdings;
};

const near = (found: string, expected: Fraction, what: string): void => {
  const off = Fraction.of(found).minus(expected);
  const size = off.compare(ZERO) < 0 ? ZERO.minus(off) : off;
  expect(size.compare(Fraction.of('0.00000000000001')), `${what}: ${found}`).toBeLessThan(1);
};
const numberOf = (fraction: Fraction): number => Number((fraction.n * 10n ** 24n) / fraction.d) / 1e24;
const evenings = (days: readonly OracleDay[], pick: (day: OracleDay) => [Fraction, Fraction]) =>
  days.map((day) => {
    const [value, flow] = pick(day);
    const text = (one: Fraction): string => plain(one);
    return {
      value: text(value),
      inflow: flow.compare(ZERO) > 0 ? text(flow) : '0',
      outflow: flow.compare(ZERO) < 0 ? text(ZERO.minus(flow)) : '0',
    };
  });
/** Thirty places are more than any of these fractions needs to be told apart. */
const plain = (one: Fraction): string => {
  const digits = ((one.n * 10n ** 30n) / one.d).toString();
  const sign = digits.startsWith('-') ? '-' : '';
  const padded = digits.replace('-', '').padStart(31, '0');
  return `${sign}${padded.slice(0, -30)}.${padded.slice(-30)}`;
};

/** Another currency and back again: every trade at the rates of its own day, so nothing is different. */
const thereAndBack = async (id: string): Promise<void> => {
  for (const currency of ['USD', 'GBP']) {
    await anna.expect(200, 'PATCH /api/portfolios/:id', { params: { id }, body: { settings: { currency } } });
  }
};

/** The parts of a portfolio are its holdings: asked for one by one and together, they say the same. */
const asOneAndAsParts = async (id: string): Promise<void> => {
  const whole = await performance(id, { from: dayText(3), to: dayText(50) });
  const together = await performance(id, { from: dayText(3), to: dayText(50), scope: 'account:ISA' });
  expect(together).toMatchObject({
    startValue: whole.startValue,
    endValue: whole.endValue,
    gain: whole.gain,
  });
  expect(together.timeWeighted.pct).toBeCloseTo(whole.timeWeighted.pct ?? Number.NaN, 8);
  for (const part of together.contributions) {
    const own = whole.contributions.find((one) => one.id === part.id);
    expect(part).toMatchObject({ gain: own?.gain, split: own?.split });
    expect(part.contributionPct).toBeCloseTo(own?.contributionPct ?? Number.NaN, 8);
  }
};

describe('random histories', () => {
  const LENGTH = 60;
  it.each([1, 2, 3, 4])(
    'agree with the oracle, reckoned at once and kept (%i)',
    async (seed) => {
      const id = await portfolio();
      const story = storyFrom(seed, LENGTH, poundsADollar);
      const holdings = await tell(id, story);
      const days = daysOf(story.acts, story.market, LENGTH - 1);
      const check = async (from: number, to: number): Promise<void> => {
        const found = await performance(id, { from: dayText(from), to: dayText(to) });
        const start = days[from]?.value ?? ZERO;
        const own = days.slice(from + 1, to + 1);
        near(found.startValue, start, 'start');
        near(found.endValue, own.at(-1)?.value ?? ZERO, 'end');
        near(
          found.netFlow,
          own.reduce((sum, day) => sum.plus(day.flow), ZERO),
          'flow',
        );
        const whole = growth(
          plain(start),
          evenings(own, (day) => [day.value, day.flow]),
        );
        expect((found.timeWeighted.pct ?? Number.NaN) / 100 + 1).toBeCloseTo(numberOf(whole ?? ZERO), 9);
        const payments = own.flatMap((day, at) =>
          day.flow.isZero() ? [] : [{ at: at + 1, amount: numberOf(day.flow) }],
        );
        const rates = yearlyRates(numberOf(start), payments, to - from, numberOf(own.at(-1)?.value ?? ZERO));
        expect(found.moneyWeighted.rates.length).toBe(rates.length);
        for (const [at, rate] of rates.entries()) {
          expect(
            ((found.moneyWeighted.rates[at]?.annualPct ?? 0) / 100 - rate) / Math.max(1, rate),
          ).toBeCloseTo(0, 8);
        }
        const added = addedBy(days, from, to);
        const total = found.contributions.reduce((sum, one) => sum + (one.contributionPct ?? Number.NaN), 0);
        expect(total).toBeCloseTo(found.timeWeighted.pct ?? Number.NaN, 7);
        for (const one of found.contributions) {
          const at = holdings.indexOf(one.id);
          const income = own.reduce((sum, day) => sum.plus(day.income[at] ?? ZERO), ZERO);
          near(one.split?.income ?? '', income, 'income');
          expect((one.contributionPct ?? Number.NaN) / 100).toBeCloseTo(numberOf(added[at] ?? ZERO), 9);
          near(
            one.netFlow,
            own.reduce((sum, day) => sum.plus(day.flows[at] ?? ZERO), ZERO),
            'flow of a part',
          );
        }
      };
      const spans = [
        [0, LENGTH - 1],
        [10, 40],
        [31, LENGTH - 1],
        [5, 6],
      ] as const;
      for (const [from, to] of spans) await check(from, to);
      await keep();
      for (const [from, to] of spans) await check(from, to);
      await thereAndBack(id);
      await check(10, 40);
      await asOneAndAsParts(id);
    },
    60_000,
  );
});
