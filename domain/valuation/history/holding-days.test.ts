import { dec, ONE, ZERO } from '@pm/domain/money';
import { describe, expect, it } from 'vitest';

import { makeTrade } from '../../../tests/support/trades/ledger-trades.ts';
import { dayNumber } from './day-number.ts';
import { holdingHistory, type DayMarket } from './holding-days.ts';
import { wholeHistory } from './whole-days.ts';

const day = (text: string): number => dayNumber(Temporal.PlainDate.from(text));
const FROM = day('2024-03-01');

type Closes = Readonly<Record<string, string>>;
/** The last close of the days given stands for later ones. */
const market = (closes: Closes, rates: Closes = {}, currency = 'GBP'): DayMarket => {
  const last = (list: Closes, at: number): [number, string] | null => {
    const known = Object.entries(list)
      .map(([text, value]): [number, string] => [day(text), value])
      .filter(([on]) => on <= at);
    return known.at(-1) ?? null;
  };
  return {
    price: (_id, at) => {
      const found = last(closes, at);
      return found === null ? null : { close: dec(found[1]), currency, day: found[0] };
    },
    rate: (code, at) => {
      if (code === 'GBP') return ONE;
      const found = last(rates, at)?.[1] ?? 'none';
      return found === 'none' ? null : dec(found);
    },
  };
};
const history = (trades: Parameters<typeof holdingHistory>[0]['trades'], prices: DayMarket, days = 4) =>
  holdingHistory(
    {
      id: 'h',
      position: { qty: ZERO, cost: ZERO },
      trades,
      splits: trades.filter((one) => one.type === 'split'),
    },
    prices,
    { from: FROM, to: FROM + days - 1 },
  ).days;
const shown = (days: ReturnType<typeof history>) =>
  days.map((one) => [one.value?.toString() ?? null, one.flow.toString()]);

describe('the days of a holding', () => {
  it('carry the last earlier price and never a later one', () => {
    const trades = [makeTrade('buy', '2024-03-01', '10', '9')];
    const days = history(trades, market({ '2024-02-28': '10', '2024-03-03': '12' }));
    expect(shown(days)).toEqual([
      ['100', '90'],
      ['100', '0'],
      ['120', '0'],
      ['120', '0'],
    ]);
    expect(days.map((one) => one.priceAge)).toEqual([2, 3, 0, 1]);
  });

  it('scale a price from before a split until there is one from after it', () => {
    const trades = [
      makeTrade('buy', '2024-03-01', '10', '10'),
      makeTrade('split', '2024-03-02', '', '', { split: ['2', '1'] }),
    ];
    const days = history(trades, market({ '2024-03-01': '10', '2024-03-04': '6' }));
    expect(shown(days)).toEqual([
      ['100', '100'],
      ['100', '0'],
      ['100', '0'],
      ['120', '0'],
    ]);
  });

  it('leave a holding out while nobody knows its value, without gain or loss', () => {
    const trades = [makeTrade('buy', '2024-03-01', '10', '10', { currency: 'USD', fxRate: '0.8' })];
    const prices = market(
      { '2024-03-01': '10', '2024-03-04': '20' },
      { '2024-03-01': '0.8', '2024-03-02': 'none', '2024-03-04': '0.9' },
      'USD',
    );
    expect(shown(history(trades, prices))).toEqual([
      ['80', '80'],
      [null, '-80'],
      [null, '0'],
      ['180', '180'],
    ]);
  });

  it('split a gain into price, currency and income, which add up', () => {
    // 10 at 10 USD and 0.80 are 80; at 11 USD and 0.90 they are 99: 10 × 10 × 0.10 = 10 by the rate, 9 by the price.
    const trades = [
      makeTrade('buy', '2024-03-01', '10', '10', { currency: 'USD', fxRate: '0.8' }),
      makeTrade('dividend', '2024-03-02', '', '', { amount: '5', currency: 'USD', fxRate: '0.9' }),
      // Sold at a rate paid of 0.95 on a day of 0.90: 55 × 0.05 = 2.75 by the rate.
      makeTrade('sell', '2024-03-03', '5', '11', { currency: 'USD', fxRate: '0.95' }),
    ];
    const prices = market(
      { '2024-03-01': '10', '2024-03-02': '11' },
      { '2024-03-01': '0.8', '2024-03-02': '0.9' },
      'USD',
    );
    const days = history(trades, prices);
    expect(shown(days)).toEqual([
      ['80', '80'],
      ['99', '-4.5'],
      ['49.5', '-52.25'],
      ['49.5', '0'],
    ]);
    expect(days.map((one) => [one.income.toString(), one.currency.toString()])).toEqual([
      ['0', '0'],
      ['4.5', '10'],
      ['0', '2.75'],
      ['0', '0'],
    ]);
  });

  it('value what comes and goes as units at the price of the day', () => {
    const trades = [
      makeTrade('opening', '2024-03-01', '10', '3'),
      makeTrade('transfer_out', '2024-03-03', '4', '', { carriedCost: '12' }),
    ];
    const days = history(trades, market({ '2024-03-01': '10', '2024-03-03': '11' }));
    expect(shown(days)).toEqual([
      ['100', '100'],
      ['100', '0'],
      ['66', '-44'],
      ['66', '0'],
    ]);
    expect(days.map((one) => one.position.cost.toString())).toEqual(['30', '30', '18', '18']);
  });
});

describe('the days of a portfolio', () => {
  const part = (id: string, days: ReturnType<typeof history>) => ({
    id,
    isCash: false,
    valueBefore: ZERO,
    days,
  });

  it('know no flow between its holdings, and name what has no value', () => {
    const fund = history(
      [makeTrade('buy', '2024-03-02', '10', '10')],
      market({ '2024-03-02': '10', '2024-03-03': '11' }),
    );
    const cash = history(
      [makeTrade('deposit', '2024-03-01', '100', '1'), makeTrade('sell', '2024-03-02', '100', '1')],
      market({ '2024-02-01': '1' }),
    );
    const unknown = history([makeTrade('buy', '2024-03-02', '1', '7')], market({}));
    const { days, contributions } = wholeHistory(
      { growth: 1 },
      [part('fund', fund), part('cash', cash), part('unknown', unknown)],
      4,
    );
    expect(days.map((one) => [one.value.toString(), one.flow.toString(), one.dayReturn])).toEqual([
      ['100', '100', 0],
      ['100', '0', 0],
      ['110', '0', expect.closeTo(0.1, 12)],
      ['110', '0', 0],
    ]);
    expect(days[0]).toMatchObject({ missing: [], carried: ['cash'] });
    expect(days[2]).toMatchObject({ missing: ['unknown'] });
    expect(contributions.get('fund')?.[2]).toBeCloseTo(0.1, 12);
  });

  it('begin anew after everything was lost, and say no return where none can be said', () => {
    const lost = history(
      [makeTrade('buy', '2024-03-01', '10', '10'), makeTrade('buy', '2024-03-03', '10', '5')],
      {
        ...market({}),
        price: (_id, at) => ({ close: dec(at === FROM + 1 ? '0' : '10'), currency: 'GBP', day: at }),
      },
    );
    const { days } = wholeHistory({ growth: 1 }, [part('lost', lost)], 4);
    expect(days.map((one) => [one.dayReturn, one.growth])).toEqual([
      [0, 1],
      [-1, 1],
      [expect.closeTo(3, 12), expect.closeTo(4, 12)],
      [0, expect.closeTo(4, 12)],
    ]);
  });
});
