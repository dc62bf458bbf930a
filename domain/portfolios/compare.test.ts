import { describe, expect, it } from 'vitest';

import { commonPct, compareWeights, distanceFromTargets, movedPct } from './index.ts';

const LEFT = new Map([
  ['world', 60],
  ['bonds', 40],
]);
const RIGHT = new Map([
  ['world', 50],
  ['gold', 15],
  ['bonds', 35],
]);

describe('two portfolios side by side', () => {
  it('pair up by name, the largest difference first', () => {
    expect(compareWeights(LEFT, RIGHT)).toEqual([
      { key: 'gold', left: 0, right: 15, difference: 15 },
      { key: 'world', left: 60, right: 50, difference: -10 },
      { key: 'bonds', left: 40, right: 35, difference: -5 },
    ]);
  });

  it('have the smaller weights in common: 50 and 35', () => {
    expect(commonPct(compareWeights(LEFT, RIGHT))).toBe(85);
  });

  it('are as far apart as what would have to be sold and bought: (15 + 10 + 5) / 2', () => {
    expect(movedPct(compareWeights(LEFT, RIGHT))).toBe(15);
  });

  it('have nothing in common with a short position', () => {
    expect(commonPct(compareWeights(new Map([['x', -5]]), new Map([['x', -3]])))).toBe(0);
  });

  it('put equal differences in order of weight and name', () => {
    const rows = compareWeights(new Map([['b', 10]]), new Map([['a', 10]]));
    expect(rows.map((row) => row.key)).toEqual(['a', 'b']);
  });
});

describe('the distance from targets', () => {
  it('is what would have to move', () => {
    expect(distanceFromTargets(LEFT, RIGHT)).toBe(15);
  });

  it('is unknown where there are none', () => {
    expect(distanceFromTargets(LEFT, new Map())).toBeNull();
  });
});
