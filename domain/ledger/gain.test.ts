import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dec, roundAmount, ZERO, type Decimal } from '@pm/domain/money';

import { makeTrade } from '../../tests/support/trades/ledger-trades.ts';
import { COST_METHODS } from './cost-method.ts';
import { externalFlow } from './flows.ts';
import { gainOn, splitGain } from './gain.ts';
import { PORTFOLIO_TERMS, replay, type HoldingReplay, type Terms } from './projection.ts';
import type { LedgerTrade, TradeType } from './trade.ts';

const replayed = (trades: LedgerTrade[], terms: Terms = PORTFOLIO_TERMS): HoldingReplay => {
  const result = replay(trades, { terms });
  if ('oversold' in result) throw new Error('oversold');
  return result;
};

describe('gain', () => {
  it('is 1,250 after buy 10 at 100, sell 5 at 150, buy 5 at 200, sell 5 at 250, at a price of 250', () => {
    const history = replayed([
      makeTrade('buy', '2024-01-02', '10', '100'),
      makeTrade('sell', '2024-02-02', '5', '150'),
      makeTrade('buy', '2024-03-02', '5', '200'),
      makeTrade('sell', '2024-04-02', '5', '250'),
    ]);
    const gain = gainOn(history, dec('1250'));
    // 250 on the first five; 1,250 less 750, half of 1,500; and 1,250 less the other 750.
    expect([gain.realised, gain.unrealised, gain.incomeGain, gain.total].map(String)).toEqual([
      '750',
      '500',
      '0',
      '1250',
    ]);
  });

  it('is split into what the price and what the currency did', () => {
    // 100 dollars at 0.80, worth 150 at 0.90: 50 dollars at 0.90, and 100 dollars times 0.10.
    const trades = [makeTrade('buy', '2024-01-02', '10', '10', { currency: 'USD', fxRate: '0.8' })];
    const localTerms: Terms = { ...PORTFOLIO_TERMS, rateOf: () => dec('1') };
    const split = splitGain({
      ours: replayed(trades),
      local: replayed(trades, localTerms),
      terms: { ours: PORTFOLIO_TERMS, local: localTerms },
      value: { ours: dec('135'), local: dec('150') },
      rate: dec('0.9'),
    });
    expect([split.price, split.currency, split.income].map(String)).toEqual(['45', '10', '0']);
  });
});

const TYPES: readonly TradeType[] = [
  'buy',
  'buy',
  'sell',
  'opening',
  'dividend',
  'interest',
  'fee',
  'tax',
  'split',
  'deposit',
  'withdrawal',
  'transfer_in',
  'transfer_out',
];
const amount = (max: bigint, places: number) =>
  fc.bigInt({ min: 1n, max }).map((digits) => roundAmount(dec(digits).div(dec(`1${'0'.repeat(places)}`))));

const anyTrade: fc.Arbitrary<LedgerTrade> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    day: fc.integer({ min: 0, max: 40 }),
    qty: amount(10n ** 9n, 4),
    price: amount(10n ** 8n, 5),
    fees: fc.option(amount(10n ** 4n, 2), { nil: ZERO }),
    taxes: fc.option(amount(10n ** 4n, 2), { nil: ZERO }),
    fxRate: amount(10n ** 12n, 11),
    numerator: fc.bigInt({ min: 1n, max: 20n }),
    denominator: fc.bigInt({ min: 1n, max: 20n }),
    overdraw: fc.boolean(),
  })
  .map(({ day, numerator, denominator, ...rest }) => {
    const base = makeTrade(rest.type, '2024-01-01', '1', '1');
    const isTransfer = rest.type === 'transfer_in' || rest.type === 'transfer_out';
    return {
      ...base,
      ...rest,
      date: base.date.add({ days: day }),
      ...(rest.type === 'split' && {
        split: { numerator: dec(numerator), denominator: dec(denominator) },
        fees: ZERO,
        taxes: ZERO,
      }),
      carriedCost: isTransfer ? rest.price : null,
      amount: isTransfer ? rest.price : null,
    };
  });

/** Those of the trades that do not oversell. */
const playable = (trades: readonly LedgerTrade[]): LedgerTrade[] =>
  trades.reduce<LedgerTrade[]>((kept, trade) => {
    const more = [...kept, trade];
    return 'oversold' in replay(more) ? kept : more;
  }, []);

const identity = (one: HoldingReplay, value: Decimal): [string, string] => {
  const gain = gainOn(one, value);
  return [gain.total.toFixed(), gain.realised.plus(gain.unrealised).plus(gain.incomeGain).toFixed()];
};

describe('for any history', () => {
  const histories = fc.array(anyTrade, { maxLength: 25 }).map(playable);

  it('value + proceeds + income − purchases − fees − taxes is what was realised, is unrealised and came in', () => {
    fc.assert(
      fc.property(
        histories,
        amount(10n ** 12n, 6),
        fc.constantFrom('average', 'fifo'),
        (trades, value, method) => {
          const one = replay(trades, { method: COST_METHODS[method] });
          if ('oversold' in one) throw new Error('oversold');
          const [left, right] = identity(one, value);
          expect(left).toBe(right);
          // And by the trades alone.
          const paid = one.steps.reduce((sum, { money, trade }) => {
            if (trade.type === 'split') return sum;
            const isOut = ['buy', 'opening', 'deposit', 'transfer_in', 'fee', 'tax'].includes(trade.type);
            return isOut ? sum.minus(money.total) : sum.plus(money.total);
          }, value);
          expect(paid.toFixed()).toBe(left);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('the lots of either method are what is held', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom('average', 'fifo'), (trades, method) => {
        const one = replay(trades, { method: COST_METHODS[method] });
        if ('oversold' in one) throw new Error('oversold');
        const sum = (of: (lot: HoldingReplay['lots'][number]) => Decimal) =>
          one.lots.reduce((total, lot) => total.plus(of(lot)), ZERO).toFixed();
        expect([sum((lot) => lot.qty), sum((lot) => lot.cost)]).toEqual([
          one.position.qty.toFixed(),
          one.position.cost.toFixed(),
        ]);
      }),
      { numRuns: 400 },
    );
  });

  it('price, currency and income make up the gain', () => {
    fc.assert(
      fc.property(histories, amount(10n ** 10n, 6), (trades, local) => {
        const terms: Terms = { rateOf: () => dec('1'), arriving: () => dec('3'), carried: (_, cost) => cost };
        const rate = dec('0.7');
        const value = { local, ours: roundAmount(local.times(rate)) };
        const [ours, theirs] = [replayed(trades), replayed(trades, terms)];
        const split = splitGain({
          ours,
          local: theirs,
          terms: { ours: PORTFOLIO_TERMS, local: terms },
          value,
          rate,
        });
        expect(split.price.plus(split.currency).plus(split.income).toFixed()).toBe(
          gainOn(ours, value.ours).total.toFixed(),
        );
      }),
    );
  });
});

describe('external flows', () => {
  const outside = { isSettled: false, staysInside: false };
  const flowOf = (trade: LedgerTrade, context = outside) => {
    const flow = externalFlow(trade, context);
    return flow === null ? null : [flow.kind, flow.amount.toFixed()];
  };

  it.each([
    [makeTrade('deposit', '2024-01-02', '100', '', { fxRate: '0.8' }), ['money', '80']],
    [makeTrade('withdrawal', '2024-01-02', '100', ''), ['money', '-100']],
    [makeTrade('buy', '2024-01-02', '2', '10', { fees: '1' }), ['money', '21']],
    [makeTrade('sell', '2024-01-02', '2', '10', { fees: '1' }), ['money', '-19']],
    [makeTrade('dividend', '2024-01-02', '', '', { amount: '5' }), ['money', '-5']],
    [makeTrade('fee', '2024-01-02', '', '', { amount: '5' }), ['money', '5']],
    [makeTrade('opening', '2024-01-02', '2', '10'), ['units', '20']],
    [makeTrade('transfer_out', '2024-01-02', '2', '', { carriedCost: '7' }), ['units', '-7']],
    [makeTrade('transfer_in', '2024-01-02', '2', '', { carriedCost: '7' }), ['units', '7']],
    [makeTrade('split', '2024-01-02', '', '', { split: ['2', '1'] }), null],
  ])('%#', (trade, expected) => {
    expect(flowOf(trade)).toEqual(expected);
  });

  it('are none between holdings of one portfolio, or when cash settles the trade', () => {
    const settled = { isSettled: true, staysInside: false };
    expect(flowOf(makeTrade('buy', '2024-01-02', '2', '10'), settled)).toBeNull();
    expect(flowOf(makeTrade('sell', '2024-01-02', '20', '1', { leg: 'settlement' }), settled)).toBeNull();
    expect(
      flowOf(makeTrade('transfer_out', '2024-01-02', '2', '', { carriedCost: '7' }), {
        isSettled: false,
        staysInside: true,
      }),
    ).toBeNull();
    // Money paid in or out is one even where the event has a cash leg.
    expect(flowOf(makeTrade('deposit', '2024-01-02', '1', ''), settled)).toEqual(['money', '1']);
  });
});
