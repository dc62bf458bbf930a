import { describe, expect, it } from 'vitest';
import { partsOfReport } from './report-parts.ts';

describe('the parts of an import', () => {
  it('divides the rows and leaves empty parts out', () => {
    expect(partsOfReport({ matched: 90, created: 30, unmatched: 10 })).toEqual([
      { kind: 'known', rows: 60, percent: 60 },
      { kind: 'created', rows: 30, percent: 30 },
      { kind: 'unsure', rows: 10, percent: 10 },
    ]);
    expect(partsOfReport({ matched: 5, created: 5, unmatched: 0 })).toEqual([
      { kind: 'created', rows: 5, percent: 100 },
    ]);
  });

  it('never counts a row twice when several new securities came in fewer rows', () => {
    const parts = partsOfReport({ matched: 3, created: 7, unmatched: 1 });
    expect(parts.map(({ rows }) => rows)).toEqual([3, 1]);
    expect(parts.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100, 10);
  });

  it('says nothing about a file without rows', () => {
    expect(partsOfReport({ matched: 0, created: 0, unmatched: 0 })).toEqual([]);
  });
});
