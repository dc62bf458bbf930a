import { dec, ONE, ZERO } from '@pm/domain/money';
import { describe, expect, it } from 'vitest';

import { makeTrade } from '../../../tests/support/trades/ledger-trades.ts';
import { dayNumber } from './day-number.ts';
import { lessDebts, type DayDebt } from './debt-days.ts';
import { holdingHistory, type DayMarket } from './holding-days.ts';

const FROM = dayNumber(Temporal.PlainDate.from('2024-03-01'));
const on = (text: string): number => dayNumber(Temporal.PlainDate.from(`2024-03-${text}`));
const owed = (text: string, amount: string, currency = 'GBP'): DayDebt => ({
  day: on(text),
  amount: dec(amount),
  currency,
});

/** A close for each day from the first on, and a rate of dollars, which may be missing. */
const market = (closes: readonly string[], rates: readonly (string | null)[] = []): DayMarket => ({
  price: (_id, day) => {
    const close = closes[day - FROM];
    return close === undefined ? null : { close: dec(close), currency: 'GBP', day };
  },
  rate: (code, day) => {
    if (code === 'GBP') return ONE;
    const rate = rates[day - FROM] ?? null;
    return rate === null ? null : dec(rate);
  },
});

const net = (
  trades: readonly ReturnType<typeof makeTrade>[],
  debts: readonly DayDebt[],
  prices: DayMarket,
  days: number,
) => {
  const past = { id: 'h', position: { qty: ZERO, cost: ZERO }, trades, splits: [] };
  const assets = holdingHistory(past, prices, { from: FROM, to: FROM + days - 1 });
  return lessDebts(assets, debts, prices, { from: FROM, isHeldBefore: false }).days.map((day) => [
    day.value?.toString() ?? null,
    day.flow.toString(),
    day.currency.toString(),
  ]);
};

describe('a holding with a debt', () => {
  it('gains what the house gains; borrowing and repaying are flows, and the debt ends with the house', () => {
    const trades = [
      makeTrade('buy', '2024-03-01', '1', '300000'),
      makeTrade('sell', '2024-03-04', '1', '310000'),
    ];
    const debts = [owed('01', '240000'), owed('03', '230000')];
    expect(net(trades, debts, market(['300000', '310000', '310000', '310000', '310000']), 5)).toEqual([
      ['60000', '60000', '0'],
      ['70000', '0', '0'],
      ['80000', '10000', '0'],
      ['0', '-80000', '0'],
      ['0', '0', '0'],
    ]);
  });

  it('tells what the rate did to the debt from what was repaid', () => {
    const trades = [makeTrade('buy', '2024-03-01', '1', '2000')];
    const debts = [owed('01', '1000', 'USD'), owed('03', '600', 'USD'), owed('04', '0', 'USD')];
    const prices = market(['2000', '2000', '2000', '2000'], ['0.8', '0.75', '0.75', '0.7']);
    // 800 and 750 are owed; 400 dollars are repaid at 0.75, the last 600 at 0.70, by which they cost 30 less.
    expect(net(trades, debts, prices, 4)).toEqual([
      ['1200', '1200', '0'],
      ['1250', '0', '50'],
      ['1550', '300', '0'],
      ['2000', '420', '30'],
    ]);
  });

  it('has no value without a rate for the debt, and neither gains nor loses meanwhile', () => {
    const trades = [makeTrade('buy', '2024-03-01', '1', '2000')];
    const prices = market(['2000', '2000', '2100'], ['0.8', null, '0.8']);
    expect(net(trades, [owed('01', '1000', 'USD')], prices, 3)).toEqual([
      ['1200', '1200', '0'],
      [null, '-1200', '0'],
      ['1300', '1300', '0'],
    ]);
  });

  it('may be worth less than nothing', () => {
    const trades = [makeTrade('buy', '2024-03-02', '1', '100')];
    // It is owed since before the first day, and counts from the day on which something is held.
    const debts = [{ ...owed('01', '120'), day: FROM - 40 }];
    expect(net(trades, debts, market(['100', '100', '90']), 3)).toEqual([
      ['0', '0', '0'],
      ['-20', '-20', '0'],
      ['-30', '0', '0'],
    ]);
  });
});
