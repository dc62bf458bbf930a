import { dec } from '@pm/domain/money';
import { describe, expect, it } from 'vitest';

import { adjustSeries, rawSeries, splitRatio } from './corporate-events.ts';
import type { Adjustment, PublishedEvent } from './corporate-events.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const open = (text: string) => Temporal.Instant.from(`${text}T00:00:00Z`);
const close = (text: string, price: string, currency = 'GBP') => ({
  at: Temporal.Instant.from(`${text}T16:30:00Z`),
  close: dec(price),
  currency,
});
const split = (on: string, numerator: string, denominator = '1') => ({
  at: open(on),
  numerator: dec(numerator),
  denominator: dec(denominator),
});
const dividend = (on: string, amount: string, currency = 'GBP') => ({
  at: open(on),
  amount: dec(amount),
  currency,
});
const SERIES = [close('2024-03-01', '400'), close('2024-03-04', '100'), close('2024-03-05', '98')];
const closes = (
  adjustment: Adjustment,
  events: Partial<Parameters<typeof adjustSeries>[1]>,
  series = SERIES,
) =>
  adjustSeries(series, { splits: [], dividends: [], ...events }, adjustment).points.map(({ close: value }) =>
    value.toString(),
  );

describe('a series of closes', () => {
  it('is as it was traded where nobody asks for more', () => {
    expect(closes('none', { splits: [split('2024-03-04', '4')] })).toEqual(['400', '100', '98']);
  });

  it('is in terms of the newest units after a split', () => {
    expect(closes('splits', { splits: [split('2024-03-04', '4')] })).toEqual(['100', '100', '98']);
    // One for ten joined: what was before counts ten times.
    const joined = [close('2024-03-01', '2'), close('2024-03-04', '21')];
    expect(closes('splits', { splits: [split('2024-03-04', '1', '10')] }, joined)).toEqual(['20', '21']);
  });

  it('does not know of a split after its end', () => {
    expect(closes('splits', { splits: [split('2024-03-06', '2')] })).toEqual(['400', '100', '98']);
  });

  it('takes dividends out of what lies before their ex-date', () => {
    // 1 − 2/100 = 0.98 of what lies before the fifth; the split quarters what lies before the fourth: 400 / 4 × 0.98.
    const events = { splits: [split('2024-03-04', '4')], dividends: [dividend('2024-03-05', '2')] };
    expect(closes('all', events)).toEqual(['98', '98', '98']);
    expect(closes('splits', events)).toEqual(['100', '100', '98']);
  });

  it('counts a dividend on the day of a split for the new units', () => {
    // The close before is 400 / 4 = 100 for a new unit; 1 is paid for it: 0.99 of 100.
    const events = { splits: [split('2024-03-04', '4')], dividends: [dividend('2024-03-04', '1')] };
    expect(closes('all', events)).toEqual(['99', '100', '98']);
  });

  it('leaves out dividends that it cannot set against a close, and names them', () => {
    const foreign = dividend('2024-03-05', '2', 'USD');
    const absurd = dividend('2024-03-05', '100');
    const early = dividend('2024-02-01', '1');
    const { points, leftOut } = adjustSeries(
      SERIES,
      { splits: [], dividends: [foreign, absurd, early] },
      'all',
    );
    expect(points.map((point) => point.close.toString())).toEqual(['400', '100', '98']);
    expect(leftOut).toEqual([foreign, absurd]);
  });
});

describe('figures that a source has divided by later splits', () => {
  const events: PublishedEvent[] = [
    { kind: 'split', day: day('2024-03-04'), numerator: '4', denominator: '1' },
    { kind: 'split', day: day('2024-06-03'), numerator: '1', denominator: '10' },
  ];

  it('are as they were on their day', () => {
    const raw = rawSeries(events);
    // 400 before both: shown as 400 / 4 × 10 = 1000.
    expect(raw('1000', day('2024-03-01'))).toBe('400');
    expect(raw('1000', day('2024-03-04'))).toBe('100');
    expect(raw('12.5', day('2024-06-03'))).toBe('12.5');
  });
});

describe('the ratio between two moments', () => {
  it('counts splits after the first up to the second', () => {
    const splits = [split('2024-03-04', '4'), split('2024-06-03', '1', '10')];
    expect(splitRatio(splits, open('2024-03-01'), open('2024-07-01')).toString()).toBe('0.4');
    expect(splitRatio(splits, open('2024-03-04'), open('2024-07-01')).toString()).toBe('0.1');
    expect(splitRatio(splits, open('2024-01-01'), open('2024-03-04')).toString()).toBe('4');
  });
});
