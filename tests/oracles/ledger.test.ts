import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Fraction, ZERO, sum } from './fraction.ts';
import { crossRate, readEcbHistory } from './fx.ts';
import { randomHistory } from './history.ts';
import { ledgerCases, ledgerFigures, writtenPosition } from './ledger-figures.ts';
import type { Replay, Trade } from './ledger.ts';
import { majorPrice, replay, replayOrder, totalValue, valueOf } from './ledger.ts';

const cases = ledgerCases();
const rates = readEcbHistory(cases.rates);

function replayOf(name: string): Replay {
  const found = cases.histories.find((history) => history.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return replay(found.trades);
}

function positionOf(name: string): ReturnType<typeof writtenPosition> {
  const result = replayOf(name);
  if (!result.ok) throw new Error(`${name} is refused`);
  return writtenPosition(result.position);
}

describe('average cost, checked by hand', () => {
  it('gives the last sale the whole remainder', () => {
    // 100 in, 40 + 40 + 40 − 5 out
    expect(positionOf('thirds come back whole')).toMatchObject({ qty: '0', costBasis: '0', realised: '15' });
  });

  it('takes pence, foreign money, fees and splits into account', () => {
    // 7,259.95 + (50 × 48.50 + 2) × 0.79 = 9,177.28, of which a quarter goes; 62.5 × 40 − 9.95 − 2,294.32 = 195.73
    expect(positionOf('pence, foreign currency, fees and a split')).toEqual({
      qty: '187.5',
      costBasis: '6882.96',
      avgCost: '36.70912',
      realised: '195.73',
      income: '22.5',
    });
  });

  it('replays a trade that is entered late in the place of its day', () => {
    expect(positionOf('a buy entered later but dated earlier')).toMatchObject({
      qty: '20',
      costBasis: '240',
      realised: '30',
    });
    expect(positionOf('split first on its day')).toMatchObject({ qty: '5', costBasis: '75', realised: '15' });
  });

  it('refuses overselling at any point of the replay', () => {
    expect(replayOf('a back-dated sale that oversells later')).toMatchObject({
      ok: false,
      error: 'oversold',
      seq: 2,
      date: '2024-03-01',
    });
  });

  it('keeps 28 digits and more', () => {
    expect(positionOf('28 digits')).toMatchObject({
      qty: '1.000000000000000001',
      costBasis: '12345678901234567890.123456780000000001',
    });
  });
});

describe('value, checked by hand', () => {
  const valueText = (index: number): string => {
    const { base, day, holdings } = cases.valuations[index] ?? { base: '', day: '2000-01-01', holdings: [] };
    return totalValue(holdings, base, day, rates).value.toDecimal();
  };

  it('divides pence by a hundred and crosses through the euro of one day', () => {
    expect(valueText(0)).toBe('18125'); // 250 × 72.50
    expect(valueText(1)).toBe('8370.3'); // 10,304 / 1.0304 × 0.83703
    expect(valueText(2)).toBe('837.03'); // a Sunday: Friday's rates
    expect(valueText(6)).toBe('1000'); // 837.03 / 0.83703
    expect(() => majorPrice('1', 'GBx')).toThrow('unknown quote unit');
  });

  it('carries a rate seven days and then states a gap', () => {
    expect(crossRate(rates, 'USD', 'GBP', '2025-01-17')).toMatchObject({
      ok: true,
      date: '2025-01-10',
      carriedForward: true,
    });
    expect(crossRate(rates, 'USD', 'GBP', '2025-01-18')).toMatchObject({ ok: false });
    // what can be valued is, the rest is named
    expect(valueText(4)).toBe('10');
    expect(valueOf({ qty: '1', price: '1', currency: 'RUB' }, 'GBP', '2025-01-10', rates)).toMatchObject({
      ok: false,
    });
  });
});

/** qty × price plus (sign 1) or less (sign −1) the fees, in the portfolio's currency. */
function money(trade: Trade, sign: bigint): Fraction {
  const fees = Fraction.of(trade.fees ?? '0').times(new Fraction(sign));
  const price = majorPrice(trade.price, trade.quoteUnit);
  return Fraction.of(trade.qty)
    .times(price)
    .plus(fees)
    .times(Fraction.of(trade.fxRate ?? '1'));
}

describe('random histories', () => {
  it('are the same for the same seed', () => {
    expect(randomHistory({ seed: 11, steps: 30 })).toEqual(randomHistory({ seed: 11, steps: 30 }));
    expect(randomHistory({ seed: 11, steps: 30 })).not.toEqual(randomHistory({ seed: 12, steps: 30 }));
  });

  it('lose no money: cost put in = cost left + proceeds − gain, at every seed', () => {
    let refused = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const kept = new Map<number, Trade>();
      for (const { action, trade, outcome, after } of randomHistory({ seed, steps: 25 })) {
        if (outcome === 'refused') refused++;
        else if (action === 'remove') kept.delete(trade.seq);
        else kept.set(trade.seq, trade);
        const trades = replayOrder([...kept.values()]);
        const paid = sum(
          trades.filter(({ type }) => type === 'buy' || type === 'opening').map((one) => money(one, 1n)),
        );
        const proceeds = sum(trades.filter(({ type }) => type === 'sell').map((one) => money(one, -1n)));
        expect(after.costBasis.plus(proceeds).minus(after.realised).toString()).toBe(paid.toString());
        expect(after.qty.compare(ZERO)).toBeGreaterThanOrEqual(0);
        expect(after.qty.isZero() && !after.costBasis.isZero()).toBe(false);
      }
    }
    expect(refused).toBeGreaterThan(10);
  });
});

it('the committed figures are those of the fixtures', () => {
  const committed: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, 'figures', 'ledger.json'), 'utf8'),
  );
  expect(JSON.parse(JSON.stringify(ledgerFigures()))).toEqual(committed);
});
