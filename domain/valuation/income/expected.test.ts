import { replay } from '@pm/domain/ledger';
import type { LedgerTrade } from '@pm/domain/ledger';
import { dec, ZERO } from '@pm/domain/money';
import { describe, expect, it } from 'vitest';

import { entitledUnits, estimatedDividends, matchedPayments } from './expected.ts';
import type { AnnouncedDividend } from './expected.ts';
import { incomePeriod, taxYearName } from './periods.ts';

const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);

const dividend = (exDate: string, perUnit: string, payDate: string | null = null): AnnouncedDividend => ({
  exDate: day(exDate),
  place: 1,
  payDate: payDate === null ? null : day(payDate),
  perUnit: dec(perUnit),
  currency: 'GBP',
});

let seq = 0;
const trade = (type: LedgerTrade['type'], date: string, qty: string): LedgerTrade => {
  seq += 1;
  return {
    id: String(seq),
    holdingId: 'h',
    type,
    date: day(date),
    seq,
    qty: dec(qty),
    price: dec('1'),
    amount: null,
    fees: ZERO,
    taxes: ZERO,
    currency: 'GBP',
    fxRate: dec('1'),
    split: type === 'split' ? { numerator: dec(qty), denominator: dec('1') } : null,
    carriedCost: null,
    eventId: null,
    leg: 'primary',
    overdraw: false,
  };
};

describe('units that are paid for', () => {
  const result = replay([
    trade('buy', '2024-01-10', '10'),
    trade('buy', '2024-03-01', '5'),
    trade('split', '2024-06-03', '2'),
    trade('sell', '2024-06-03', '6'),
  ]);
  if ('oversold' in result) throw new Error('cannot be');

  it.each([
    ['2024-01-10', '0'], // bought on the ex-date
    ['2024-01-11', '10'],
    ['2024-03-01', '10'],
    ['2024-06-03', '30'], // after the split of the day, before the sale of the day
    ['2024-06-04', '24'],
  ])('on %s they are %s', (exDate, units) => {
    expect(entitledUnits(result.steps, day(exDate)).toString()).toBe(units);
  });
});

describe('what was recorded', () => {
  it('pays the dividend whose days fit, each once', () => {
    const dividends = [
      dividend('2024-02-15', '1', '2024-03-20'),
      dividend('2024-05-16', '1', '2024-06-20'),
      dividend('2024-08-15', '1'),
    ];
    const payments = [
      { id: 'june', date: day('2024-06-21') },
      { id: 'early', date: day('2024-02-14') },
      { id: 'september', date: day('2024-09-18') },
    ];
    expect([...matchedPayments(dividends, payments)]).toEqual([
      [1, 'june'],
      [2, 'september'],
    ]);
  });

  it('is not taken twice', () => {
    const twice = [dividend('2024-02-15', '1'), dividend('2024-02-16', '1')];
    expect(matchedPayments(twice, [{ id: 'one', date: day('2024-03-01') }]).size).toBe(1);
  });
});

describe('what the last year lets expect', () => {
  const today = day('2024-11-23');
  it('repeats its dividends a year later, at the amount for units as they are now', () => {
    const known = [dividend('2024-02-15', '0.40', '2024-03-20'), dividend('2023-11-01', '9')];
    const splits = [{ day: day('2024-07-01'), numerator: dec('4'), denominator: dec('1') }];
    const [only, ...others] = estimatedDividends(known, splits, today);
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      exDate: day('2025-02-15'),
      payDate: day('2025-03-20'),
      after: day('2024-02-15'),
    });
    expect(only?.perUnit.toString()).toBe('0.1');
  });

  it('leaves out what was announced in its place, and keeps months apart', () => {
    const quarterly = ['2024-02-15', '2024-05-16', '2024-08-15'].map((one) => dividend(one, '1'));
    const estimated = estimatedDividends([...quarterly, dividend('2025-02-27', '1.1')], [], today);
    expect(estimated.map(({ exDate }) => exDate.toString())).toEqual(['2025-05-16', '2025-08-15']);
    const monthly = ['2024-08-01', '2024-09-02', '2024-10-01', '2024-11-01'].map((one) => dividend(one, '1'));
    expect(estimatedDividends([...monthly, dividend('2024-12-02', '1')], [], today)).toHaveLength(4);
  });

  it('does not say twice what came earlier this year than last', () => {
    const known = [dividend('2023-11-28', '1'), dividend('2024-11-14', '1')];
    expect(estimatedDividends(known, [], today).map(({ exDate }) => exDate.toString())).toEqual([
      '2025-11-14',
    ]);
  });
});

it('names tax years and periods by the day', () => {
  expect([taxYearName(day('2024-04-05')), taxYearName(day('2024-04-06'))]).toEqual(['2023/24', '2024/25']);
  expect(taxYearName(day('1999-12-31'))).toBe('1999/00');
  const period = incomePeriod('lastTaxYear', day('2026-11-23'));
  expect([period.from?.toString(), period.to.toString()]).toEqual(['2025-04-06', '2026-04-05']);
});
