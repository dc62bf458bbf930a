import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dec, ZERO } from '@pm/domain/money';

import { makeTrade } from '../../tests/support/trades/ledger-trades.ts';
import type { Disposals } from './disposal.ts';
import { DISPOSAL_METHODS } from './disposals.ts';
import type { LedgerTrade } from './trade.ts';

const identified = (
  trades: readonly LedgerTrade[],
  method: keyof typeof DISPOSAL_METHODS = 'section104',
): Disposals => {
  const result = DISPOSAL_METHODS[method](trades);
  if ('oversold' in result) throw new Error('oversold');
  return result;
};
const told = ({ disposals, held }: Disposals) => ({
  disposals: disposals.map((one) => [
    one.date.toString(),
    one.qty.toFixed(),
    one.gain.toFixed(),
    ...one.matches.map((match) => `${match.rule} ${match.qty.toFixed()} ${match.cost.toFixed()}`),
  ]),
  held: [held.qty.toFixed(), held.cost.toFixed()],
});
const toThePound = (amount: { toFixed: (places: number) => string } | undefined) => amount?.toFixed(0);

describe('HMRC helpsheet HS284, Shares and Capital Gains Tax', () => {
  it('example 2, “bed and breakfasting”: 500 of 4,000 go with the shares bought twelve days later', () => {
    // The helpsheet gives no cost of the 9,500; 1,850 is ours, and its share 3,500/9,500 of it.
    const result = identified([
      makeTrade('opening', '2010-01-04', '9500', '0.194736842105263158'),
      makeTrade('sell', '2020-08-30', '4000', '1.5'),
      makeTrade('buy', '2020-09-11', '500', '1.7'),
    ]);
    const [sale] = result.disposals;
    expect(sale?.matches.map((one) => [one.rule, one.qty.toFixed(), one.acquired?.toString()])).toEqual([
      ['within 30 days', '500', '2020-09-11'],
      ['section 104', '3500', undefined],
    ]);
    // Proceeds of 750 for the 500, which have cost 850: a loss of 100.
    expect(sale?.matches[0]?.cost.toFixed()).toBe('850');
    expect(sale?.gain.toFixed(2)).toBe('4468.42');
    expect(result.held.qty.toFixed()).toBe('6000');
  });

  it('example 3, a section 104 holding: gains of £329 and £300', () => {
    const result = identified([
      makeTrade('buy', '2015-04-01', '1000', '4', { fees: '150' }),
      makeTrade('buy', '2018-09-01', '500', '4.1', { fees: '80' }),
      makeTrade('sell', '2023-05-01', '700', '4.8', { fees: '100' }),
      makeTrade('sell', '2024-02-01', '400', '5.2', { fees: '105' }),
    ]);
    const [first, second] = result.disposals;
    expect([toThePound(first?.cost), toThePound(first?.gain)]).toEqual(['2931', '329']);
    // The helpsheet rounds the cost of the second up to £1,675, and so its gain down to £300.
    expect([second?.cost.toFixed(2), second?.gain.toFixed(2)]).toEqual(['1674.67', '300.33']);
    expect([result.held.qty.toFixed(), result.held.cost.toFixed(2)]).toEqual(['400', '1674.67']);
  });
});

describe('section 104', () => {
  it('takes the same day before the thirty days, and these before the pool', () => {
    const result = identified([
      makeTrade('buy', '2024-01-02', '100', '1'),
      makeTrade('sell', '2024-03-01', '60', '5'),
      makeTrade('buy', '2024-03-01', '10', '4'),
      // Bought 30 days later, and 31 days later.
      makeTrade('buy', '2024-03-31', '20', '3'),
      makeTrade('buy', '2024-04-01', '20', '2'),
    ]);
    // 300 − 40 − 60 − 30; what stays is 70 at 1 and 20 at 2.
    expect(told(result)).toEqual({
      disposals: [['2024-03-01', '60', '170', 'same day 10 40', 'within 30 days 20 60', 'section 104 30 30']],
      held: ['90', '110'],
    });
  });

  it('counts all purchases of a day as one, and all sales', () => {
    const result = identified([
      makeTrade('buy', '2024-01-02', '10', '1'),
      makeTrade('sell', '2024-02-01', '5', '3'),
      makeTrade('buy', '2024-02-01', '5', '1'),
      makeTrade('buy', '2024-02-01', '5', '3'),
      makeTrade('sell', '2024-02-01', '5', '5'),
    ]);
    expect(told(result)).toEqual({
      disposals: [['2024-02-01', '10', '20', 'same day 10 20']],
      held: ['10', '10'],
    });
  });

  it('identifies an earlier sale with a later purchase first, and leaves what a sale of its own day needs', () => {
    const result = identified([
      makeTrade('buy', '2024-01-02', '100', '1'),
      makeTrade('sell', '2024-02-01', '10', '2'),
      makeTrade('sell', '2024-02-05', '10', '2'),
      makeTrade('buy', '2024-02-10', '12', '3'),
      makeTrade('sell', '2024-02-10', '5', '3'),
    ]);
    // Of the twelve five are sold that day; the other seven go with the first sale.
    expect(told(result).disposals).toEqual([
      ['2024-02-01', '10', '-4', 'within 30 days 7 21', 'section 104 3 3'],
      ['2024-02-05', '10', '10', 'section 104 10 10'],
      ['2024-02-10', '5', '0', 'same day 5 15'],
    ]);
  });

  it('compares units across a split', () => {
    const result = identified([
      makeTrade('buy', '2024-01-02', '10', '8'),
      makeTrade('sell', '2024-02-01', '5', '10'),
      makeTrade('split', '2024-02-05', '', '', { split: ['2', '1'] }),
      makeTrade('buy', '2024-02-10', '4', '6'),
    ]);
    // Four of the new units are two of the old ones; the other three come from the pool at 8.
    expect(told(result)).toEqual({
      disposals: [['2024-02-01', '5', '2', 'within 30 days 2 24', 'section 104 3 24']],
      held: ['14', '56'],
    });
  });

  it('loses nothing to a consolidation that does not divide', () => {
    const result = identified([
      makeTrade('buy', '2024-01-02', '10', '3'),
      makeTrade('sell', '2024-02-01', '5', '4'),
      makeTrade('split', '2024-02-05', '', '', { split: ['1', '3'] }),
      makeTrade('sell', '2024-03-01', '1', '12'),
      makeTrade('sell', '2024-04-01', '0.666666666666666666', '12'),
    ]);
    // A third of a unit each costs 3; the crumb left is what eighteen places leave of two thirds.
    expect(told(result).disposals).toEqual([
      ['2024-02-01', '5', '5', 'section 104 5 15'],
      ['2024-03-01', '1', '3', 'section 104 1 9'],
      [
        '2024-04-01',
        '0.666666666666666666',
        '1.999999999999999998',
        'section 104 0.666666666666666666 5.999999999999999994',
      ],
    ]);
  });

  it('is one pool over all holdings; a transfer between them is neither purchase nor sale', () => {
    const out = { holdingId: 'a', eventId: 'e', carriedCost: '20' };
    const result = identified([
      makeTrade('buy', '2024-01-02', '10', '2', { holdingId: 'a' }),
      makeTrade('buy', '2024-01-03', '10', '4', { holdingId: 'b' }),
      makeTrade('transfer_out', '2024-02-01', '10', '', out),
      makeTrade('transfer_in', '2024-02-08', '10', '', { ...out, holdingId: 'b', leg: 'counterpart' }),
      makeTrade('sell', '2024-03-01', '10', '5', { holdingId: 'b' }),
    ]);
    expect(told(result)).toEqual({
      disposals: [['2024-03-01', '10', '20', 'section 104 10 30']],
      held: ['10', '30'],
    });
  });

  it('refuses what was never there', () => {
    const result = DISPOSAL_METHODS.section104([
      makeTrade('buy', '2024-01-02', '10', '2'),
      makeTrade('sell', '2024-02-01', '11', '2'),
    ]);
    expect(result).toMatchObject({ oversold: true, held: dec('10') });
  });
});

describe('by any method', () => {
  const anyTrade = fc.record({
    isSale: fc.boolean(),
    day: fc.integer({ min: 0, max: 90 }),
    qty: fc.integer({ min: 1, max: 50 }),
    price: fc.integer({ min: 1, max: 900 }),
  });

  it('the costs of what was sold and of what is held add up to what was paid', () => {
    fc.assert(
      fc.property(
        fc.array(anyTrade, { minLength: 1, maxLength: 20 }),
        fc.constantFrom('average', 'fifo', 'section104'),
        (drafts, method) => {
          const start = Temporal.PlainDate.from('2024-01-01');
          const trades = [
            makeTrade('opening', '2023-12-01', '2000', '3'),
            ...drafts.map(({ isSale, day, qty, price }) =>
              makeTrade(isSale ? 'sell' : 'buy', start.add({ days: day }).toString(), `${qty}`, `${price}`),
            ),
          ];
          const { disposals, held } = identified(trades, method);
          const paid = trades
            .filter((one) => one.type !== 'sell')
            .reduce((sum, one) => sum.plus(one.qty.times(one.price)), ZERO);
          const sold = disposals.reduce((sum, one) => sum.plus(one.cost), ZERO);
          expect(sold.plus(held.cost).toFixed()).toBe(paid.toFixed());
          const left = trades.reduce(
            (sum, one) => (one.type === 'sell' ? sum.minus(one.qty) : sum.plus(one.qty)),
            ZERO,
          );
          expect(held.qty.toFixed()).toBe(left.toFixed());
        },
      ),
      { numRuns: 300 },
    );
  });
});
