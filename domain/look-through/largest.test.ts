import fc from 'fast-check';
import { expect, test } from 'vitest';

import { largestOf } from './largest.ts';

test('the largest first, what is the same to nine places by name', () => {
  const names = ['d', 'c', 'b', 'a', 'e'];
  const pct = Float64Array.of(1, 2.0000000000001, 2, 3, -5);
  const byName = (a: number, b: number): number => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1);
  const named = (limit: number): string =>
    largestOf(pct, limit, byName)
      .map((at) => names[at])
      .join('');
  expect(named(3)).toBe('abc');
  expect(named(2)).toBe('ab');
  expect(named(9)).toBe('abcde');
  expect(named(0)).toBe('');
});

test('keeping the largest while going through finds what sorting everything finds', () => {
  const size = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.array(size, { maxLength: 60 }), fc.nat(70), (sizes, limit) => {
      const sorted = sizes
        .map((pct, at) => ({ at, places: Math.round(pct * 1e9) }))
        .toSorted((a, b) => b.places - a.places || a.at - b.at);
      const found = largestOf(Float64Array.from(sizes), limit, (a, b) => a - b);
      expect(found).toEqual(sorted.slice(0, limit).map((one) => one.at));
    }),
  );
});
