import { describe, expect, it } from 'vitest';

import { maxDrawdown, monthReturns, volatility } from './risk.ts';
import { periodOf, taxYearStart } from './periods.ts';

const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
const points = (first: string, ...indexes: number[]) =>
  indexes.map((index, at) => ({ day: day(first).add({ days: at }), index }));

describe('drawdown', () => {
  it('is the deepest fall from a height, with its days and the way back', () => {
    const found = maxDrawdown(points('2024-01-01', 1, 1.1, 0.99, 1.2, 0.9, 1, 1.2, 1.3));
    expect(found?.depth).toBeCloseTo(-0.25, 12);
    expect([found?.peak, found?.trough, found?.recovered].map(String)).toEqual([
      '2024-01-04',
      '2024-01-05',
      '2024-01-07',
    ]);
  });
  it('has not recovered while below the height', () => {
    expect(maxDrawdown(points('2024-01-01', 1, 0.5, 0.9))).toMatchObject({ depth: -0.5, recovered: null });
  });
  it('is none where the index never fell', () => {
    expect(maxDrawdown(points('2024-01-01', 1, 1, 1.1))).toBeNull();
    expect(maxDrawdown([])).toBeNull();
  });
});

describe('volatility', () => {
  it('is the sample’s deviation of daily returns times √365', () => {
    // +1 % and −1 % by turns, 20 of them: mean 0, sum of squares 20 × 0.0001, over 19.
    const indexes = [1];
    for (let at = 0; at < 20; at += 1) indexes.push((indexes.at(-1) ?? 1) * (at % 2 === 0 ? 1.01 : 0.99));
    expect(volatility(points('2024-01-01', ...indexes))).toBeCloseTo(Math.sqrt((0.002 / 19) * 365), 12);
  });
  it('is not said of a few days, nor where a day is missing', () => {
    expect(volatility(points('2024-01-01', 1, 1.1, 1.2))).toBeNull();
    const gap = [
      ...points('2024-01-01', ...Array.from({ length: 30 }, () => 1)),
      ...points('2024-03-01', 1, 1),
    ];
    expect(volatility(gap)).toBeNull();
  });
});

describe('months', () => {
  it('chain to the whole, and say which are not whole', () => {
    const list = [
      { day: day('2024-01-14'), index: 1 },
      { day: day('2024-01-31'), index: 1.1 },
      { day: day('2024-02-29'), index: 0.99 },
      { day: day('2024-03-10'), index: 1.2 },
    ];
    const months = monthReturns(list);
    expect(months.map(({ month, whole }) => `${month.toString()} ${whole}`)).toEqual([
      '2024-01 false',
      '2024-02 true',
      '2024-03 false',
    ]);
    expect(months[1]?.return).toBeCloseTo(-0.1, 12);
    expect(months.reduce((product, one) => product * (1 + one.return), 1)).toBeCloseTo(1.2, 12);
  });
});

describe('periods', () => {
  it.each([
    ['day', '2024-05-14'],
    ['week', '2024-05-12'],
    ['month', '2024-04-30'],
    ['quarter', '2024-03-31'],
    ['taxYear', '2024-04-05'],
    ['year', '2023-12-31'],
    ['start', '2020-02-28'],
  ] as const)('%s starts from the evening of %s', (name, from) => {
    const period = periodOf(name, day('2024-05-15'), day('2020-02-29'));
    expect([period.from, period.to].map(String)).toEqual([from, '2024-05-15']);
  });
  it('never starts before anything was held', () => {
    expect(periodOf('year', day('2024-05-15'), day('2024-03-10')).from.toString()).toBe('2024-03-09');
  });
  it('knows 5 and 6 April', () => {
    expect(taxYearStart(day('2024-04-05')).toString()).toBe('2023-04-06');
    expect(taxYearStart(day('2024-04-06')).toString()).toBe('2024-04-06');
  });
});
