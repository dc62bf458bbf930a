import { describe, expect, it } from 'vitest';

import { countEcbDays, isEcbDay, newestExpectedDay } from './ecb-calendar.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const newestAt = (text: string) => newestExpectedDay(Temporal.Instant.from(text)).toString();

describe('the days on which the ECB publishes', () => {
  // Dates from the ECB's list of TARGET closing days.
  it.each([
    '2024-01-01',
    '2024-03-29',
    '2024-04-01',
    '2024-05-01',
    '2024-12-25',
    '2024-12-26',
    '2025-04-18',
    '2025-04-21',
    '2026-04-03',
    '2026-04-06',
    '2019-04-19',
    '2024-02-24',
    '2024-02-25',
  ])('are not %s', (text) => expect(isEcbDay(day(text))).toBe(false));

  it.each(['2024-01-02', '2024-03-28', '2024-04-02', '2024-12-24', '2024-12-31', '2026-04-07'])(
    'are %s',
    (text) => expect(isEcbDay(day(text))).toBe(true),
  );
});

describe('the newest day that should be there', () => {
  it('is today once it is past four in Frankfurt, in winter and in summer', () => {
    expect(newestAt('2024-02-23T15:14:59Z')).toBe('2024-02-22');
    expect(newestAt('2024-02-23T15:15:00Z')).toBe('2024-02-23');
    expect(newestAt('2024-07-05T14:14:59Z')).toBe('2024-07-04');
    expect(newestAt('2024-07-05T14:15:00Z')).toBe('2024-07-05');
  });

  it('is Friday on a weekend and Thursday over Easter', () => {
    expect(newestAt('2024-02-25T20:00:00Z')).toBe('2024-02-23');
    expect(newestAt('2024-04-01T20:00:00Z')).toBe('2024-03-28');
  });

  it('is the day before just after midnight in Frankfurt', () => {
    expect(newestAt('2024-02-22T23:30:00Z')).toBe('2024-02-22');
  });
});

describe('the days that are missing', () => {
  it('are counted to the most that matters', () => {
    expect(countEcbDays(day('2024-02-23'), day('2024-02-23'), 2)).toBe(0);
    expect(countEcbDays(day('2024-02-23'), day('2024-02-26'), 2)).toBe(1);
    expect(countEcbDays(day('2024-02-23'), day('2024-02-27'), 2)).toBe(2);
    expect(countEcbDays(day('1999-01-04'), day('2024-02-27'), 2)).toBe(2);
    expect(countEcbDays(day('2024-02-27'), day('2024-02-23'), 2)).toBe(0);
  });
});
