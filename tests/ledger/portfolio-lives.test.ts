/**
 * The days and returns of random lives against the slow model, and what must not make a difference to them.
 *
 * `npm run model -- --of returns --steps 5000 --seed 1` tells thousands of them; here some.
 */
import { EMPTY_POSITION, inReplayOrder } from '@pm/domain/ledger';
import type { LedgerTrade } from '@pm/domain/ledger';
import { dec, ONE, roundAmount, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { dayNumber, dayOfNumber, holdingHistory, wholeHistory } from '@pm/domain/valuation/history';
import type { DayMarket, HoldingHistory, WholeDay } from '@pm/domain/valuation/history';
import { moneyWeighted } from '@pm/domain/valuation/performance';
import { expect, it } from 'vitest';

import { ZERO as NOTHING } from '../oracles/fraction.ts';
import type { Fraction } from '../oracles/fraction.ts';
import { growth, yearlyRates } from '../oracles/performance.ts';
import { storyFrom } from '../oracles/portfolio-lives.ts';
import type { Story } from '../oracles/portfolio-lives.ts';
import { daysOf } from '../oracles/returns.ts';
import type { Act, OracleDay } from '../oracles/returns.ts';

const LENGTH = 45;
const FIRST = dayNumber(Temporal.PlainDate.from('2024-01-01'));
const LIVES = Number(process.env['PM_RETURNS_LIVES'] ?? '40');
const SEED = Number(process.env['PM_RETURNS_SEED'] ?? '1');
const CASH = 'cash';

const poundsOn = (day: number): string => (0.7 + ((day * 7) % 13) / 100).toFixed(2);
const idOf = (act: Act): string => (act.instrument < 0 ? CASH : `fund ${act.instrument}`);

let seq = 0;
const trade = (act: Act, of: Partial<LedgerTrade>): LedgerTrade => {
  seq += 1;
  return {
    id: String(seq),
    holdingId: idOf(act),
    type: act.what,
    date: dayOfNumber(FIRST + act.day),
    seq,
    qty: ZERO,
    price: ZERO,
    amount: null,
    fees: ZERO,
    taxes: ZERO,
    currency: 'GBP',
    fxRate: ONE,
    split: null,
    carriedCost: null,
    eventId: null,
    leg: 'primary',
    overdraw: true,
    ...of,
  };
};

/** An act as the ledger has it: the trade, and its cash where it settles. `part` of it where a holding is divided. */
const tradesOf = (act: Act, market: Story['market'], part = ONE, suffix = ''): LedgerTrade[] => {
  const isForeign = market.foreign[act.instrument] === true;
  const fxRate = isForeign ? dec(market.pounds[act.day] ?? '0') : ONE;
  const [qty, price, fees] = [dec(act.qty).times(part), dec(act.price), dec(act.fees).times(part)];
  const common = { currency: isForeign ? 'USD' : 'GBP', fxRate, holdingId: `${idOf(act)}${suffix}` };
  if (act.what === 'split') {
    return [trade(act, { ...common, split: { numerator: dec(act.qty), denominator: ONE } })];
  }
  if (act.instrument < 0) return [trade(act, { qty })];
  const isDeal = act.what === 'buy' || act.what === 'sell';
  const own = trade(act, { ...common, fees, ...(isDeal ? { qty, price } : { amount: qty }) });
  if (!act.settles) return [own];
  const isOutlay = act.what === 'buy' || act.what === 'fee';
  const gross = isDeal ? qty.times(price) : qty;
  const paid = (isOutlay ? gross.plus(fees) : gross.minus(fees)).times(fxRate);
  const cash = { holdingId: CASH, type: isOutlay ? 'sell' : 'buy', qty: paid, price: ONE, leg: 'settlement' };
  return [own, trade(act, cash as Partial<LedgerTrade>)];
};

const marketOf = ({ market }: Story): DayMarket => ({
  price: (id, day) => {
    if (id === CASH) return { close: ONE, currency: 'GBP', day };
    const at = Number(id.split(' ')[1]);
    for (let back = day - FIRST; back >= 0; back -= 1) {
      const close = market.close[at]?.[back];
      if (close !== undefined) {
        return {
          close: dec(close),
          currency: market.foreign[at] === true ? 'USD' : 'GBP',
          day: FIRST + back,
        };
      }
    }
    return null;
  },
  rate: (code, day) => (code === 'GBP' ? ONE : dec(market.pounds[day - FIRST] ?? '0')),
});

type Told = { readonly days: readonly WholeDay[]; readonly parts: ReadonlyMap<string, HoldingHistory> };

/** Every day of the life, or those after some of which only what was held is known. */
const daysFrom = (story: Story, trades: readonly LedgerTrade[], start = 0, before?: Told): Told => {
  const market = marketOf(story);
  const byHolding = Map.groupBy(trades.toSorted(inReplayOrder), (one) => one.holdingId);
  const parts = new Map<string, HoldingHistory>();
  for (const [id, own] of byHolding) {
    const position = before?.parts.get(id)?.days[start - 1]?.position ?? EMPTY_POSITION;
    const past = {
      id,
      position,
      trades: own.filter(({ date }) => dayNumber(date) >= FIRST + start),
      splits: own.filter(({ type }) => type === 'split'),
    };
    parts.set(id, holdingHistory(past, market, { from: FIRST + start, to: FIRST + LENGTH - 1 }));
  }
  const list = [...parts].map(([id, { valueBefore, days }]) => ({
    id,
    isCash: id === CASH,
    valueBefore,
    days,
  }));
  return { parts, days: wholeHistory({ growth: 1 }, list, LENGTH - start).days };
};

const all = (story: Story, part = ONE, suffix = ''): LedgerTrade[] =>
  story.acts.flatMap((act) => tradesOf(act, story.market, part, suffix));

const numberOf = (one: Fraction): number => Number((one.n * 10n ** 24n) / one.d) / 1e24;
const plain = (one: Fraction): string => {
  const scaled = (one.n * 10n ** 30n) / one.d;
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(31, '0');
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -30)}.${digits.slice(-30)}`;
};

const near = (found: Decimal, expected: Decimal | string, what: string): void => {
  expect(found.minus(expected).abs().lessThan('0.000000000001'), `${what}: ${found.toString()}`).toBe(true);
};

const grown = (days: readonly WholeDay[]): number =>
  days.reduce((total, { dayReturn }) => total * (1 + (dayReturn ?? Number.NaN)), 1);

/** The slow model looks no further than this for a year's growth, by its logarithm; days scaled up to a year may. */
const SEARCHED = 5.9;
const isSearched = ({ perYear }: { readonly perYear: number }): boolean =>
  Math.abs(Math.log1p(perYear)) < SEARCHED;
const slowRates = (...asked: Parameters<typeof yearlyRates>): number[] =>
  yearlyRates(...asked).filter((perYear) => isSearched({ perYear }));

/** Both returns of a stretch, from the fast way and from the slow one. */
const compareReturns = (told: Told, oracle: readonly OracleDay[], from: number, what: string): void => {
  const own = oracle.slice(from + 1);
  const start = oracle[from]?.value ?? NOTHING;
  const evenings = own.map(({ value, flow }) => ({
    value: plain(value),
    inflow: flow.compare(NOTHING) > 0 ? plain(flow) : '0',
    outflow: flow.compare(NOTHING) < 0 ? plain(NOTHING.minus(flow)) : '0',
  }));
  const expected = growth(plain(start), evenings);
  expect(
    Math.abs(grown(told.days.slice(from + 1)) - numberOf(expected ?? NOTHING)),
    `${what}: growth`,
  ).toBeLessThan(1e-8);
  const day = (at: number): Temporal.PlainDate => dayOfNumber(FIRST + at);
  const found = moneyWeighted({
    from: day(from),
    startValue: told.days[from]?.value ?? ZERO,
    flows: told.days.flatMap(({ flow }, at) =>
      at <= from || flow.isZero() ? [] : [{ day: day(at), amount: flow }],
    ),
    to: day(LENGTH - 1),
    endValue: told.days.at(-1)?.value ?? ZERO,
  });
  const payments = own.flatMap(({ flow }, at) =>
    flow.isZero() ? [] : [{ at: at + 1, amount: numberOf(flow) }],
  );
  const rates = slowRates(
    numberOf(start),
    payments,
    LENGTH - 1 - from,
    numberOf(own.at(-1)?.value ?? NOTHING),
  );
  const solved = (found.kind === 'one' ? [found] : found.kind === 'several' ? found.rates : []).filter(
    isSearched,
  );
  expect(solved.length, `${what}: rates`).toBe(rates.length);
  for (const [at, rate] of rates.entries()) {
    const off = Math.abs((solved[at]?.perYear ?? Number.NaN) - rate) / Math.max(1, Math.abs(rate));
    expect(off, `${what}: money-weighted`).toBeLessThan(1e-8);
  }
};

const sameDays = (one: readonly WholeDay[], other: readonly WholeDay[], what: string): void => {
  expect(one.length).toBe(other.length);
  for (const [at, day] of one.entries()) {
    near(day.value, other[at]?.value ?? ZERO, `${what}, value of day ${at}`);
    near(day.flow, other[at]?.flow ?? ZERO, `${what}, flow of day ${at}`);
    expect(Math.abs((day.dayReturn ?? Number.NaN) - (other[at]?.dayReturn ?? Number.NaN))).toBeLessThan(
      1e-10,
    );
  }
};

/** Recorded the other way round, as far as what is held allows it. */
const reordered = (trades: readonly LedgerTrade[]): LedgerTrade[] =>
  trades.map((one) => ({
    ...one,
    seq: (one.type === 'buy' || one.type === 'deposit' ? 0 : 1_000_000) - one.seq,
  }));

/** Every holding but the cash as two, three tenths in one and the rest in the other; the cash of both is one. */
const divided = (story: Story): LedgerTrade[] =>
  story.acts.flatMap((act) =>
    act.instrument < 0
      ? tradesOf(act, story.market)
      : [...tradesOf(act, story.market, dec('0.3'), ' a'), ...tradesOf(act, story.market, dec('0.7'), ' b')],
  );

/** Growth in another currency, and from there back, by the rates of each day. */
const thereAndBack = (days: readonly WholeDay[]): number => {
  const rate = (at: number): Decimal => dec(poundsOn(at));
  let [before, total] = [ZERO, 1];
  for (const [at, { value, flow }] of days.entries()) {
    const back = (amount: Decimal): Decimal => roundAmount(roundAmount(amount.div(rate(at))).times(rate(at)));
    const [now, moved] = [back(value), back(flow)];
    const [start, end] = moved.isNegative() ? [before, now.minus(moved)] : [before.plus(moved), now];
    if (!start.isZero()) total *= end.div(start).toNumber();
    before = now;
  }
  return total;
};

it(
  `${LIVES} random lives agree with the slow model, and with themselves told in other ways`,
  () => {
    for (let seed = SEED; seed < SEED + LIVES; seed += 1) {
      const what = `life ${seed}`;
      const story = storyFrom(seed, LENGTH, poundsOn);
      const trades = all(story);
      const told = daysFrom(story, trades);
      const oracle = daysOf(story.acts, story.market, LENGTH - 1);
      for (const [at, { value, flow }] of oracle.entries()) {
        near(told.days[at]?.value ?? ZERO, plain(value), `${what}, value of day ${at}`);
        near(told.days[at]?.flow ?? ZERO, plain(flow), `${what}, flow of day ${at}`);
      }
      compareReturns(told, oracle, 0, what);
      const cut = 5 + (seed % 30);
      compareReturns(told, oracle, cut, `${what} after day ${cut}`);
      sameDays(daysFrom(story, trades, cut, told).days, told.days.slice(cut), `${what}, in two parts`);
      sameDays(
        daysFrom(story, reordered(trades)).days,
        told.days,
        `${what}, in another order within its days`,
      );
      sameDays(daysFrom(story, divided(story)).days, told.days, `${what}, its holdings in two`);
      expect(Math.abs(thereAndBack(told.days) - grown(told.days)), `${what}, currencies`).toBeLessThan(1e-10);
    }
  },
  60_000 + LIVES * 2_000,
);
