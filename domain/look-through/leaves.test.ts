import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { leavesWithout, sumOfLeaves, type Leaves } from './leaves.ts';

type Entry = readonly [instrument: number, attribute: number, pct: number];

const leavesOf = (entries: readonly Entry[]): Leaves => {
  const sorted = entries.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    instrument: Uint32Array.from(sorted, ([instrument]) => instrument),
    attribute: Uint32Array.from(sorted, ([, attribute]) => attribute),
    pct: Float64Array.from(sorted, ([, , pct]) => pct),
  };
};
const entriesOf = ({ instrument, attribute, pct }: Leaves): Entry[] =>
  [...pct].map((one, at) => [instrument[at] ?? -1, attribute[at] ?? -1, one]);

describe('parts added up', () => {
  it('keep their order, and one entry for an instrument and attributes', () => {
    const sum = sumOfLeaves([
      {
        leaves: leavesOf([
          [1, 0, 50],
          [3, 0, 40],
          [3, 1, 10],
        ]),
        pct: 50,
      },
      {
        leaves: leavesOf([
          [2, 0, 60],
          [3, 0, 40],
        ]),
        pct: 25,
      },
      { leaves: leavesOf([[3, 1, 100]]), pct: -10 },
    ]);
    expect(entriesOf(sum)).toEqual([
      [1, 0, 25],
      [2, 0, 15],
      [3, 0, 30],
      [3, 1, -5],
    ]);
  });

  it('are what adding entry by entry gives', () => {
    const entry = fc.tuple(fc.nat(9), fc.nat(2), fc.integer({ min: -100, max: 100 }));
    const part = fc.uniqueArray(entry, { selector: ([a, b]) => `${a} ${b}`, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(part, fc.integer({ min: -100, max: 100 })), { maxLength: 9 }),
        (parts) => {
          const expected = new Map<string, number>();
          for (const [entries, share] of parts) {
            for (const [instrument, attribute, pct] of entries) {
              const key = `${instrument} ${attribute}`;
              expected.set(key, (expected.get(key) ?? 0) + (pct * share) / 100);
            }
          }
          const sum = sumOfLeaves(parts.map(([entries, pct]) => ({ leaves: leavesOf(entries), pct })));
          const got = entriesOf(sum);
          expect(got.map(([a, b]) => a * 10 + b)).toEqual(
            got.map(([a, b]) => a * 10 + b).toSorted((a, b) => a - b),
          );
          expect(new Set(got.map(([a, b]) => `${a} ${b}`))).toEqual(new Set(expected.keys()));
          for (const [a, b, pct] of got) expect(pct).toBeCloseTo(expected.get(`${a} ${b}`) ?? 0, 9);
        },
      ),
    );
  });

  it('are nothing where there is nothing', () => {
    expect(entriesOf(sumOfLeaves([]))).toEqual([]);
  });
});

it('entries are left out by their place', () => {
  const leaves = leavesOf([
    [1, 0, 50],
    [2, 0, 30],
    [3, 0, 20],
  ]);
  expect(entriesOf(leavesWithout(leaves, new Set([1])))).toEqual([
    [1, 0, 50],
    [3, 0, 20],
  ]);
});
