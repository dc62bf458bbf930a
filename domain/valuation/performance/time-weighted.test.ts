import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { dec, ZERO } from '@pm/domain/money';

import { contributions, growth } from '../../../tests/oracles/performance.ts';
import { annualised, contributionsOf, timeWeighted } from './time-weighted.ts';
import type { ValuedDay } from './time-weighted.ts';

const FIRST = Temporal.PlainDate.from('2024-01-01');
type Evening = { readonly value: string | null; readonly inflow?: string; readonly outflow?: string };
const days = (evenings: readonly Evening[], first = FIRST): ValuedDay[] =>
  evenings.map(({ value, inflow = '0', outflow = '0' }, at) => ({
    day: first.add({ days: at }),
    value: value === null ? null : dec(value),
    inflow: dec(inflow),
    outflow: dec(outflow),
  }));
const text = (list: readonly Temporal.PlainDate[]): string[] => list.map((one) => one.toString());

describe('the time-weighted return', () => {
  it('is that of Bacon’s example (Practical Portfolio Performance Measurement, true time-weighted return)', () => {
    // 74.2 at first, 67.0 on the evening before 37.1 come in, 104.4 at the end: 67.0/74.2 × 104.4/104.1 − 1.
    const found = timeWeighted(dec('74.2'), days([{ value: '67.0' }, { value: '104.4', inflow: '37.1' }]));
    expect(found.period).toBeCloseTo(-0.0944, 4);
    expect(found.points.map(({ day }) => day.toString())).toEqual(['2023-12-31', '2024-01-01', '2024-01-02']);
  });

  it('counts the day of the first purchase and that of the last sale', () => {
    // Bought for 100, worth 102 that evening; sold two days later for 110.
    const found = timeWeighted(
      ZERO,
      days([
        { value: '0' },
        { value: '102', inflow: '100' },
        { value: '105' },
        { value: '0', outflow: '110' },
        { value: '0' },
      ]),
    );
    expect(found.period).toBeCloseTo(0.1, 12);
  });

  it('takes a gap as one step and names its days', () => {
    const found = timeWeighted(
      dec('100'),
      days([{ value: null, inflow: '50' }, { value: '165' }, { value: null }]),
    );
    // 165 ÷ (100 + 50)
    expect(found.period).toBeCloseTo(0.1, 12);
    expect(text(found.bridged)).toEqual(['2024-01-01', '2024-01-03']);
  });

  it('gives no figure for a value that comes from nothing, and names the day', () => {
    const found = timeWeighted(ZERO, days([{ value: '5' }, { value: '6' }]));
    expect(found.period).toBeNull();
    expect(text(found.undefinedDays)).toEqual(['2024-01-01']);
  });

  it('is per year only beyond a year', () => {
    expect(annualised(0.21, 730)).toBeCloseTo(0.1, 12);
    expect(annualised(0.21, 365)).toBeNull();
    expect(annualised(-1, 800)).toBe(-1);
  });
});

const pence = fc.integer({ min: 1, max: 1_000_000 }).map((n) => (n / 100).toFixed(2));
const maybe = fc.oneof({ weight: 3, arbitrary: fc.constant('0') }, pence);
const evening = fc.record({ value: pence, inflow: maybe, outflow: maybe });

describe('the time-weighted return of random histories', () => {
  it('is the exact one', () => {
    fc.assert(
      fc.property(pence, fc.array(evening, { maxLength: 30 }), (start, evenings) => {
        const exact = growth(start, evenings);
        const expected = exact === undefined ? Number.NaN : Number(exact.n) / Number(exact.d);
        fc.pre(Number.isFinite(expected));
        const found = timeWeighted(dec(start), days(evenings)).period ?? Number.NaN;
        expect(Math.abs(found + 1 - expected)).toBeLessThan(1e-10 * Math.max(1, expected));
      }),
      { numRuns: 300 },
    );
  });

  it('chains: two parts of a period make the whole', () => {
    fc.assert(
      fc.property(
        pence,
        fc.array(evening, { minLength: 2, maxLength: 20 }),
        fc.nat(),
        (start, evenings, cut) => {
          const at = 1 + (cut % (evenings.length - 1));
          const [early, late] = [evenings.slice(0, at), evenings.slice(at)];
          const first = timeWeighted(dec(start), days(early)).period ?? Number.NaN;
          const second = timeWeighted(dec(early.at(-1)?.value ?? '0'), days(late)).period ?? Number.NaN;
          const whole = timeWeighted(dec(start), days(evenings)).period ?? Number.NaN;
          expect((1 + first) * (1 + second)).toBeCloseTo(
            1 + whole,
            8 - Math.ceil(Math.log10(Math.max(1, 1 + whole))),
          );
        },
      ),
    );
  });

  it('does not hang on the currency’s unit', () => {
    fc.assert(
      fc.property(pence, fc.array(evening, { maxLength: 10 }), (start, evenings) => {
        const hundredfold = (amount: string): string => dec(amount).times(100).toFixed();
        const inPence = evenings.map((one) => ({
          value: hundredfold(one.value),
          inflow: hundredfold(one.inflow),
          outflow: hundredfold(one.outflow),
        }));
        expect(timeWeighted(dec(hundredfold(start)), days(inPence)).period).toBe(
          timeWeighted(dec(start), days(evenings)).period,
        );
      }),
    );
  });

  it('is what its parts contributed, together', () => {
    const rows = fc.array(fc.tuple(evening, evening, evening), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(fc.tuple(pence, pence, pence), rows, (starts, list) => {
        const parts = [0, 1, 2].map((part) => list.map((row) => row[part as 0 | 1 | 2]));
        const sum = (values: readonly string[]): string =>
          values.reduce((total, one) => total.plus(dec(one)), ZERO).toFixed();
        const whole = list.map((row) => ({
          value: sum(row.map(({ value }) => value)),
          inflow: sum(row.map(({ inflow }) => inflow)),
          outflow: sum(row.map(({ outflow }) => outflow)),
        }));
        const startValue = dec(sum(starts));
        const found = contributionsOf(
          new Map(starts.map((start, at) => [String(at), dec(start)])),
          new Map(parts.map((part, at) => [String(at), days(part)])),
          { startValue, days: days(whole) },
        );
        const exact = contributions(starts, parts).map((one) => Number(one.n) / Number(one.d));
        fc.pre(exact.every(Number.isFinite));
        const scale = Math.max(1, ...exact.map(Math.abs));
        for (const [at, expected] of exact.entries()) {
          expect(Math.abs((found.get(String(at)) ?? Number.NaN) - expected)).toBeLessThan(1e-9 * scale);
        }
        const total = [...found.values()].reduce((one, other) => one + other, 0);
        const period = timeWeighted(startValue, days(whole)).period ?? Number.NaN;
        expect(Math.abs(total - period)).toBeLessThan(1e-9 * scale);
      }),
      { numRuns: 200 },
    );
  });
});
