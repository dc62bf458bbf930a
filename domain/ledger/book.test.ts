import { describe, expect, it } from 'vitest';
import { dec } from '@pm/domain/money';

import { makeTrade } from '../../tests/support/trades/ledger-trades.ts';
import { COST_METHODS } from './cost-method.ts';
import { replay, replayBook, type HoldingReplay } from './projection.ts';
import type { LedgerTrade } from './trade.ts';

const replayed = (trades: LedgerTrade[], method: 'average' | 'fifo' = 'average'): HoldingReplay => {
  const result = replay(trades, { method: COST_METHODS[method] });
  if ('oversold' in result) throw new Error(`oversold on ${result.trade.date.toString()}`);
  return result;
};
const plain = ({ position }: HoldingReplay) => [position.qty.toFixed(), position.cost.toFixed()];
const totalsOf = ({ totals }: HoldingReplay) =>
  Object.fromEntries(Object.entries(totals).map(([name, value]) => [name, value.toFixed()]));

describe('every type of trade', () => {
  it('keeps what was paid, charged, received and realised apart', () => {
    const one = replayed([
      makeTrade('buy', '2024-01-02', '10', '100', { fees: '5', taxes: '5' }), // 1,010
      makeTrade('dividend', '2024-02-01', '', '', { amount: '30', taxes: '4.5' }), // 25.50
      makeTrade('dividend', '2024-02-02', '10', '0.5'), // 5
      makeTrade('interest', '2024-02-03', '', '', { amount: '2' }),
      makeTrade('fee', '2024-02-04', '', '', { amount: '7' }),
      makeTrade('tax', '2024-02-05', '', '', { amount: '3' }),
      makeTrade('sell', '2024-03-01', '4', '120', { fees: '6', taxes: '2' }), // 472 less 404
    ]);
    expect(plain(one)).toEqual(['6', '606']);
    expect(totalsOf(one)).toEqual({
      purchases: '1000',
      proceeds: '480',
      income: '37',
      fees: '18',
      taxes: '14.5',
      realised: '68',
      incomeGain: '22.5',
    });
  });

  it('replays a split before the other trades of its day, whatever was recorded first', () => {
    const buy = makeTrade('buy', '2024-01-02', '10', '30');
    const sell = makeTrade('sell', '2024-02-01', '15', '12');
    const split = makeTrade('split', '2024-02-01', '', '', { split: ['3', '1'] });
    expect(plain(replayed([buy, sell, split]))).toEqual(['15', '150']);
    expect(plain(replayed([buy, makeTrade('split', '2024-02-01', '', '', { split: ['1', '4'] })]))).toEqual([
      '2.5',
      '300',
    ]);
  });

  it('moves deposits and withdrawals of foreign cash at the rate of their day', () => {
    const one = replayed([
      makeTrade('deposit', '2024-01-02', '100', '', { fxRate: '0.8' }),
      makeTrade('withdrawal', '2024-02-01', '40', '', { fxRate: '0.9' }),
    ]);
    expect(plain(one)).toEqual(['60', '48']);
    expect(one.totals.realised.toFixed()).toBe('4');
  });
});

describe('overdrawn cash', () => {
  const deposit = makeTrade('deposit', '2024-01-02', '100', '');
  const paid = (overdraw: boolean) => makeTrade('sell', '2024-01-03', '150', '1', { overdraw });

  it('is refused unless asked for', () => {
    expect(replay([deposit, paid(false)])).toMatchObject({ oversold: true, held: dec('100') });
    expect(plain(replayed([deposit, paid(true)]))).toEqual(['-50', '-50']);
  });

  it('is filled by what comes in, and only then counts up', () => {
    const after = replayed([
      deposit,
      paid(true),
      makeTrade('buy', '2024-01-04', '30', '1'),
      makeTrade('buy', '2024-01-05', '30', '1'),
    ]);
    expect(plain(after)).toEqual(['10', '10']);
    expect(after.totals.realised.toFixed()).toBe('0');
  });

  it('realises what the currency did between the overdraft and its filling', () => {
    // 50 dollars short at 0.80, bought back at 0.90: 5 pounds lost; 10 more are held at 0.90.
    const after = replayed([
      makeTrade('sell', '2024-01-03', '50', '1', { overdraw: true, fxRate: '0.8' }),
      makeTrade('buy', '2024-01-04', '60', '1', { fxRate: '0.9' }),
    ]);
    expect(plain(after)).toEqual(['10', '9']);
    expect(after.totals.realised.toFixed()).toBe('-5');
  });
});

describe('transfers', () => {
  const history = (late: LedgerTrade[] = []): LedgerTrade[] => [
    makeTrade('buy', '2024-01-02', '10', '10', { holdingId: 'a' }),
    makeTrade('transfer_out', '2024-03-01', '4', '', { holdingId: 'a', eventId: 'e', carriedCost: '40' }),
    makeTrade('transfer_in', '2024-03-05', '4', '', {
      holdingId: 'b',
      eventId: 'e',
      leg: 'counterpart',
      fxRate: '1.25',
      carriedCost: '50',
    }),
    ...late,
  ];
  const bookOf = (trades: LedgerTrade[]) => {
    const book = replayBook(trades);
    if ('oversold' in book) throw new Error('oversold');
    return Object.fromEntries([...book].map(([id, one]) => [id, plain(one)]));
  };

  it('carry the cost to the other holding, at that day’s rate', () => {
    expect(bookOf(history())).toEqual({ a: ['6', '60'], b: ['4', '50'] });
  });

  it('carry another cost when an earlier trade comes to light', () => {
    const late = makeTrade('buy', '2024-01-01', '10', '20', { holdingId: 'a' });
    // 300 for 20: 60 for the four that left, 75 at 1.25.
    expect(bookOf(history([late]))).toEqual({ a: ['16', '240'], b: ['4', '75'] });
  });

  it('bring the cost that is stored when the other end is not replayed', () => {
    const [, , arrival] = history();
    if (!arrival) throw new Error('no arrival');
    expect(bookOf([arrival])).toEqual({ b: ['4', '50'] });
  });

  it('are no purchase and no gain', () => {
    const book = replayBook(history());
    if ('oversold' in book) throw new Error('oversold');
    expect(book.get('a')?.totals).toMatchObject({ proceeds: dec('40'), realised: dec('0') });
  });
});

describe('first in, first out', () => {
  const history = [
    makeTrade('buy', '2024-01-02', '10', '10'),
    makeTrade('buy', '2024-02-02', '10', '20'),
    makeTrade('sell', '2024-03-02', '15', '30'),
  ];

  it('sells the oldest units first, and keeps the day of those that are left', () => {
    const one = replayed(history, 'fifo');
    expect(plain(one)).toEqual(['5', '100']); // 450 less 100 and 100
    expect(one.totals.realised.toFixed()).toBe('250');
    expect(one.lots.map((lot) => [lot.date.toString(), lot.qty.toFixed(), lot.cost.toFixed()])).toEqual([
      ['2024-02-02', '5', '100'],
    ]);
    expect(replayed(history).totals.realised.toFixed()).toBe('225');
  });

  it('keeps the lots whole through a split that does not divide', () => {
    const split = makeTrade('split', '2024-02-15', '', '', { split: ['1', '3'] });
    const [first, second] = history;
    if (!first || !second) throw new Error('no history');
    const one = replayed([first, second, split], 'fifo');
    expect(one.lots.map((lot) => lot.qty.toFixed())).toEqual([
      '3.333333333333333333',
      '3.333333333333333334',
    ]);
    expect(plain(one)).toEqual(['6.666666666666666667', '300']);
  });
});
