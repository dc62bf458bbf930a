import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { dayNumber, dayOfNumber } from './day-number.ts';

const DAY_ZERO = Temporal.PlainDate.from('1970-01-01');

describe('the number of a day', () => {
  it('counts from 1 January 1970, as the calendar does', () => {
    expect(dayNumber(DAY_ZERO)).toBe(0);
    expect(dayNumber(Temporal.PlainDate.from('2000-03-01'))).toBe(11_017);
    fc.assert(
      fc.property(fc.integer({ min: -30_000, max: 90_000 }), (days) => {
        const day = DAY_ZERO.add({ days });
        expect(dayNumber(day)).toBe(days);
        expect(dayOfNumber(days).toString()).toBe(day.toString());
      }),
      { numRuns: 2_000 },
    );
  });
});
