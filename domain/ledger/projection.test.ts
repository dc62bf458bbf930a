import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dec } from '@pm/domain/money';
import { applyTrade, averageCost, EMPTY_POSITION, replay } from './projection.ts';
import { makeTrade as trade } from '../../tests/support/trades/ledger-trades.ts';
import { inReplayOrder, tradeTotal, type LedgerTrade } from './trade.ts';

const positionOf = (trades: LedgerTrade[]) => {
  const result = replay(trades);
  if ('oversold' in result) throw new Error('oversold');
  return result.position;
};

describe('average cost', () => {
  it('keeps the whole cost of units bought at an endless average', () => {
    const position = positionOf([
      trade('buy', '2024-01-02', '3', '33.333333333333333333', { fees: '0.000000000000000001' }),
    ]);
    expect(position.cost.toFixed()).toBe('100');
    expect(averageCost(position)?.toFixed()).toBe('33.333333333333333333');
  });

  it('puts buying fees into the cost, at the rate of the trade', () => {
    const position = positionOf([trade('buy', '2024-01-02', '10', '50', { fees: '5', fxRate: '0.8' })]);
    expect(position.cost.toFixed()).toBe('404');
  });

  it('takes a proportional share on a partial sale and the whole remainder on the last', () => {
    const history = [
      trade('buy', '2024-01-02', '3', '10'),
      trade('buy', '2024-01-03', '4', '11'),
      trade('sell', '2024-01-04', '2', '20'),
    ];
    const after = positionOf(history);
    expect(after.qty.toFixed()).toBe('5');
    expect(after.cost.toFixed()).toBe('52.857142857142857143');
    expect(positionOf([...history, trade('sell', '2024-01-05', '5', '20')]).cost.toFixed()).toBe('0');
  });

  it('counts a sale’s proceeds less its fees', () => {
    expect(tradeTotal(trade('sell', '2024-01-02', '10', '50', { fees: '5', fxRate: '0.5' })).toFixed()).toBe(
      '247.5',
    );
  });

  it('refuses a sale that a back-dated sale made impossible, naming it and what was held', () => {
    const buy = trade('buy', '2024-01-02', '10', '1');
    const late = trade('sell', '2024-03-01', '8', '1');
    const backDated = trade('sell', '2024-02-01', '3', '1');
    expect(replay([buy, late, backDated])).toMatchObject({
      oversold: true,
      trade: { id: late.id },
      held: dec('7'),
    });
  });

  it('says no average where the cost was never given', () => {
    expect(averageCost(positionOf([trade('opening', '2024-01-02', '10', '0')]))).toBeNull();
    expect(averageCost(EMPTY_POSITION)).toBeNull();
  });
});

describe('replay', () => {
  const histories = fc.array(
    fc.record({
      type: fc.constantFrom('buy' as const, 'sell' as const),
      day: fc.integer({ min: 0, max: 30 }),
      qty: fc.integer({ min: 1, max: 1_000_000 }),
      price: fc.integer({ min: 1, max: 1_000_000 }),
    }),
    { maxLength: 30 },
  );

  const toTrades = (
    rows: { type: 'buy' | 'sell'; day: number; qty: number; price: number }[],
  ): LedgerTrade[] =>
    rows.map((row, index) => ({
      ...trade(row.type, '2024-01-01', '1', '1', { fees: '0.35', fxRate: '1.17' }),
      id: String(index),
      date: Temporal.PlainDate.from('2024-01-01').add({ days: row.day }),
      seq: index,
      qty: dec(BigInt(row.qty)).div(1000),
      price: dec(BigInt(row.price)).div(100),
    }));

  it('does not depend on the order in which trades are handed over, and equals applying them one by one', () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.integer()), (rows, order) => {
        const trades = toTrades(rows);
        const shuffled = trades.toSorted(() => (order.next().value ?? 0) % 2 || 1);
        const whole = replay(shuffled);
        let position = EMPTY_POSITION;
        let refused: string | undefined;
        for (const one of trades.toSorted(inReplayOrder)) {
          const step = applyTrade(position, one);
          if ('oversold' in step) {
            refused = step.trade.id;
            break;
          }
          position = step.position;
        }
        expect(refused ?? position).toEqual('oversold' in whole ? whole.trade.id : whole.position);
      }),
    );
  });

  it('never holds a negative quantity or cost, and no cost without units', () => {
    fc.assert(
      fc.property(histories, (rows) => {
        const result = replay(toTrades(rows));
        if ('oversold' in result) return;
        for (const { position } of result.steps) {
          expect(position.qty.isNegative()).toBe(false);
          expect(position.cost.isNegative()).toBe(false);
          expect(position.qty.isZero() && !position.cost.isZero()).toBe(false);
        }
      }),
    );
  });
});
