import { currency, dec } from '@pm/domain/money';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { rateOn, type PublishedRate } from './rates.ts';
import { ratesThrough } from './rates-through.ts';

const START = Temporal.PlainDate.from('2024-01-01');
const rate = (from: string, to: string, after: number, value: string, source = 'ECB'): PublishedRate => ({
  from: currency(from),
  to: currency(to),
  rate: dec(value),
  date: START.add({ days: after }),
  source,
});

describe('rates through a stretch of days', () => {
  it('are carried forward for seven days and missing on the eighth, never taken from a later day', () => {
    const published = [rate('GBP', 'USD', 2, '1.25'), rate('GBP', 'USD', 12, '1.5')];
    const found = ratesThrough(
      published,
      { from: currency('GBP'), to: currency('USD') },
      { from: START, to: START.add({ days: 12 }) },
    );
    expect(found.map((one) => one?.toString() ?? null)).toEqual([
      null,
      null,
      ...Array.from({ length: 8 }, () => '1.25'),
      null,
      null,
      '1.5',
    ]);
  });

  it('are those that are found day by day', () => {
    const leg = fc.record({
      pair: fc.constantFrom(['EUR', 'USD'], ['EUR', 'GBP'], ['GBP', 'USD'], ['USD', 'GBP']),
      after: fc.integer({ min: -9, max: 30 }),
      value: fc.integer({ min: 1, max: 500 }),
      source: fc.constantFrom('ECB', 'BoE', 'file'),
    });
    fc.assert(
      fc.property(fc.array(leg, { maxLength: 25 }), (legs) => {
        const published = legs.map((one) =>
          rate(one.pair[0] ?? '', one.pair[1] ?? '', one.after, String(one.value), one.source),
        );
        const pair = { from: currency('USD'), to: currency('GBP') };
        const found = ratesThrough(published, pair, { from: START, to: START.add({ days: 25 }) });
        for (const [at, one] of found.entries()) {
          const expected = rateOn(published, pair.from, pair.to, START.add({ days: at }));
          expect(one?.toString() ?? null).toBe('missing' in expected ? null : expected.rate.toString());
        }
      }),
      { numRuns: 200 },
    );
  });
});
