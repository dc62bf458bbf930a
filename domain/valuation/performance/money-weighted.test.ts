import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { dec } from '@pm/domain/money';

import { yearlyRates } from '../../../tests/oracles/performance.ts';
import { moneyWeighted } from './money-weighted.ts';

const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
const flows = (list: Readonly<Record<string, string>>) =>
  Object.entries(list).map(([on, amount]) => ({ day: day(on), amount: dec(amount) }));
const solve = (
  from: string,
  startValue: string,
  list: Readonly<Record<string, string>>,
  to: string,
  endValue: string,
) =>
  moneyWeighted({
    from: day(from),
    startValue: dec(startValue),
    flows: flows(list),
    to: day(to),
    endValue: dec(endValue),
  });

describe('the money-weighted return', () => {
  it('is that of the XIRR example in the documentation of Microsoft Excel', () => {
    const taken = { '2008-03-01': '-2750', '2008-10-30': '-4250', '2009-02-15': '-3250' };
    const found = solve('2008-01-01', '10000', taken, '2009-04-01', '2750');
    expect(found).toMatchObject({ kind: 'one' });
    expect('perYear' in found ? found.perYear : null).toBeCloseTo(0.373362535, 8);
  });

  it('is the plain growth where nothing came or went', () => {
    // 1.1 × 1.1 after two years of 365 days.
    const found = solve('2021-01-01', '100', {}, '2023-01-01', '121');
    expect(found.kind === 'one' ? found.period : null).toBeCloseTo(0.21, 12);
    expect(found.kind === 'one' ? found.perYear : null).toBeCloseTo(0.1, 12);
  });

  it('says both rates of Lorie and Savage’s pump (1955): 25 % and 400 %', () => {
    const found = solve(
      '2021-01-01',
      '1600',
      { '2022-01-01': '-10000', '2023-01-01': '10000' },
      '2023-01-01',
      '0',
    );
    expect(found.kind).toBe('several');
    const rates = found.kind === 'several' ? found.rates.map(({ perYear }) => perYear) : [];
    expect(rates).toHaveLength(2);
    expect(rates[0]).toBeCloseTo(0.25, 10);
    expect(rates[1]).toBeCloseTo(4, 10);
  });

  it('says that no rate fits where none does', () => {
    // 1000x² − 3000x + 2500 has no real root.
    const found = solve(
      '2021-01-01',
      '1000',
      { '2022-01-01': '-3000', '2023-01-01': '2500' },
      '2023-01-01',
      '0',
    );
    expect(found).toEqual({ kind: 'none', reason: 'no_rate_fits' });
  });

  it('finds a rate that is touched and not crossed once', () => {
    // 100x² − 240x + 144 = (10x − 12)².
    const found = solve(
      '2021-01-01',
      '100',
      { '2022-01-01': '-240', '2023-01-01': '144' },
      '2023-01-01',
      '0',
    );
    expect(found.kind).toBe('one');
    expect(found.kind === 'one' ? found.perYear : null).toBeCloseTo(0.2, 6);
  });

  it('stays right next to a total loss, and says −100 % of a total loss', () => {
    const nearly = solve('2022-01-01', '1000000', {}, '2023-01-01', '0.000001');
    expect(nearly.kind === 'one' ? nearly.perYear : null).toBeCloseTo(-1 + 1e-12, 14);
    const quick = solve('2022-01-01', '100', { '2022-01-02': '50' }, '2022-01-03', '0.01');
    // 100x² + 50x − 0.01 with x the growth of a day: x = 0.00019992…
    expect(quick.kind === 'one' ? Math.sqrt(1 + quick.period) : null).toBeCloseTo(0.00019992006394, 10);
    expect(solve('2022-01-01', '100', { '2022-06-01': '50' }, '2023-01-01', '0')).toEqual({
      kind: 'one',
      period: -1,
      perYear: -1,
    });
  });

  it('says when there is nothing to say', () => {
    expect(solve('2022-01-01', '0', {}, '2023-01-01', '0')).toEqual({
      kind: 'none',
      reason: 'nothing_invested',
    });
    expect(solve('2022-01-01', '10', {}, '2022-01-01', '10')).toEqual({ kind: 'none', reason: 'no_time' });
    expect(solve('2022-01-01', '0', {}, '2023-01-01', '5')).toEqual({ kind: 'none', reason: 'no_rate_fits' });
  });

  it('refuses flows outside the period', () => {
    expect(() => solve('2022-01-01', '1', { '2022-01-01': '1' }, '2023-01-01', '1')).toThrow(RangeError);
    expect(() => solve('2022-01-01', '1', { '2023-01-02': '1' }, '2023-01-01', '1')).toThrow(RangeError);
  });

  it('finds all rates that a search everywhere finds, on random histories', () => {
    const from = day('2020-01-01');
    const amount = fc.integer({ min: -5_000, max: 5_000 });
    const history = fc.record({
      start: fc.integer({ min: 0, max: 5_000 }),
      days: fc.integer({ min: 30, max: 1_500 }),
      payments: fc.array(fc.record({ part: fc.double({ min: 0.01, max: 1, noNaN: true }), amount }), {
        maxLength: 6,
      }),
      end: fc.integer({ min: 1, max: 20_000 }),
    });
    fc.assert(
      fc.property(history, ({ start, days, payments, end }) => {
        const paid = payments.map(({ part, amount: sum }) => ({
          at: Math.max(1, Math.round(part * days)),
          amount: sum,
        }));
        const found = moneyWeighted({
          from,
          startValue: dec(String(start)),
          flows: paid.map((one) => ({ day: from.add({ days: one.at }), amount: dec(String(one.amount)) })),
          to: from.add({ days }),
          endValue: dec(String(end)),
        });
        const rates =
          found.kind === 'one'
            ? [found.perYear]
            : found.kind === 'several'
              ? found.rates.map(({ perYear }) => perYear)
              : [];
        const within = rates.filter((rate) => rate > Math.exp(-5.9) - 1 && rate < Math.exp(5.9) - 1);
        const expected = yearlyRates(start, paid, days, end).filter(
          (rate) => rate > Math.exp(-5.9) - 1 && rate < Math.exp(5.9) - 1,
        );
        // Two that nearly touch may fall into one step of the search; then it sees neither.
        fc.pre(
          !within.some(
            (rate, at) => Math.abs(Math.log1p(rate) - Math.log1p(within[at + 1] ?? Infinity)) < 0.01,
          ),
        );
        expect(within).toHaveLength(expected.length);
        for (const [at, rate] of within.entries()) {
          expect(Math.abs(rate - (expected[at] ?? Number.NaN)) / Math.max(1, rate)).toBeLessThan(1e-8);
        }
      }),
      { numRuns: 400 },
    );
  });
});
