import { describe, expect, it } from 'vitest';
import { monthAfter, monthEnd, weeksOf } from './income-queries.ts';

describe('the months of the calendar', () => {
  it('end and follow each other over years', () => {
    expect([monthEnd('2024-02'), monthEnd('2026-11'), monthEnd('2026-12')]).toEqual([
      '2024-02-29',
      '2026-11-30',
      '2026-12-31',
    ]);
    expect([monthAfter('2026-12', 1), monthAfter('2026-01', -1), monthAfter('2026-05', 12)]).toEqual([
      '2027-01',
      '2025-12',
      '2027-05',
    ]);
  });

  it('are whole weeks from Monday on', () => {
    // 1 November 2026 is a Sunday.
    const weeks = weeksOf('2026-11');
    expect(weeks).toHaveLength(6);
    expect(weeks[0]?.[0]).toEqual({ date: '2026-10-26', isInMonth: false });
    expect(weeks[0]?.[6]).toEqual({ date: '2026-11-01', isInMonth: true });
    expect(weeks[5]?.[6]).toEqual({ date: '2026-12-06', isInMonth: false });
    // February 2027 begins on a Monday and has four weeks.
    expect(weeksOf('2027-02').map((week) => week.length)).toEqual([7, 7, 7, 7]);
  });
});
