import { describe, expect, it } from 'vitest';
import { changesOf, portionsOf } from './overlap-changes.ts';

describe('what a purchase changes', () => {
  it('takes every name of either side, the largest afterwards first', () => {
    expect(changesOf({ US: 60, UK: 40 }, { US: 50, Japan: 25, UK: 25 })).toEqual([
      { name: 'US', before: 60, after: 50, change: -10 },
      { name: 'UK', before: 40, after: 25, change: -15 },
      { name: 'Japan', before: 0, after: 25, change: 25 },
    ]);
  });

  it('keeps what is gone afterwards, and begins with nothing where nothing is held', () => {
    expect(changesOf({ UK: 10 }, { US: 100 }).at(-1)).toEqual({
      name: 'UK',
      before: 10,
      after: 0,
      change: -10,
    });
    expect(changesOf(null, { US: 100 })).toEqual([{ name: 'US', before: 0, after: 100, change: 100 }]);
  });
});

describe('the portions of a candidate', () => {
  it('add up to the whole', () => {
    expect(portionsOf({ alreadyHeldPct: 40, newPct: 50 })).toEqual([
      { kind: 'held', percent: 40 },
      { kind: 'new', percent: 50 },
      { kind: 'other', percent: 10 },
    ]);
  });

  it('leave out what is nothing, and have no rest where shares are more than the whole', () => {
    expect(portionsOf({ alreadyHeldPct: 100, newPct: 0 })).toEqual([{ kind: 'held', percent: 100 }]);
    expect(portionsOf({ alreadyHeldPct: 80, newPct: 45 }).map(({ kind }) => kind)).toEqual(['held', 'new']);
  });
});
