import { describe, expect, it } from 'vitest';
import { dayIn } from '@pm/domain/calendar';
import { dec } from '@pm/domain/money';

import { nextPlannedDay, plannedDays, splitAmount, tradingDay, type PlanSchedule } from './plan.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const between = (schedule: PlanSchedule, from: string, until: string, max = 100) =>
  plannedDays(schedule, { from: day(from), until: day(until), max }).map(String);

describe('the days of a plan', () => {
  it('fall on the last day of months that are too short, and on the day again in those that are not', () => {
    expect(between({ every: 'month', day: 31 }, '2023-12-15', '2024-06-30')).toEqual([
      '2023-12-31',
      '2024-01-31',
      '2024-02-29',
      '2024-03-31',
      '2024-04-30',
      '2024-05-31',
      '2024-06-30',
    ]);
    expect(between({ every: 'month', day: 29 }, '2023-02-01', '2023-03-31')).toEqual([
      '2023-02-28',
      '2023-03-29',
    ]);
    expect(between({ every: 'month', day: 29 }, '2024-02-01', '2024-02-29')).toEqual(['2024-02-29']);
  });

  it('begin with the day itself and not with one that has passed', () => {
    expect(nextPlannedDay({ every: 'month', day: 15 }, day('2024-01-15')).toString()).toBe('2024-01-15');
    expect(nextPlannedDay({ every: 'month', day: 15 }, day('2024-01-16')).toString()).toBe('2024-02-15');
    expect(nextPlannedDay({ every: 'month', day: 31 }, day('2024-02-29')).toString()).toBe('2024-02-29');
    expect(nextPlannedDay({ every: 'month', day: 1 }, day('2024-12-02')).toString()).toBe('2025-01-01');
  });

  it('of a week are seven days apart, also where clocks change', () => {
    // In Britain the clocks change on 31 March and on 27 October 2024.
    expect(between({ every: 'week', day: 7 }, '2024-03-19', '2024-04-07')).toEqual([
      '2024-03-24',
      '2024-03-31',
      '2024-04-07',
    ]);
    expect(between({ every: 'week', day: 1 }, '2024-10-21', '2024-11-04')).toEqual([
      '2024-10-21',
      '2024-10-28',
      '2024-11-04',
    ]);
    // A person's day begins at their midnight: 23:30 UTC is the next day in Britain in summer and not in winter.
    expect(dayIn(Temporal.Instant.from('2024-03-31T23:30:00Z'), 'Europe/London').toString()).toBe(
      '2024-04-01',
    );
    expect(dayIn(Temporal.Instant.from('2024-10-27T23:30:00Z'), 'Europe/London').toString()).toBe(
      '2024-10-27',
    );
  });

  it('are never more than asked for', () => {
    expect(between({ every: 'week', day: 3 }, '1950-01-01', '2024-01-01', 5)).toHaveLength(5);
    expect(between({ every: 'month', day: 3 }, '2024-01-04', '2024-02-02')).toEqual([]);
  });
});

it('trades on the Monday after a weekend', () => {
  expect(
    ['2024-06-28', '2024-06-29', '2024-06-30', '2024-07-01'].map((one) => tradingDay(day(one)).toString()),
  ).toEqual(['2024-06-28', '2024-07-01', '2024-07-01', '2024-07-01']);
});

it('splits an amount to the penny, the last part taking what is left', () => {
  const third = { percent: dec('33.333333') };
  const parts = splitAmount(dec('100'), [third, third, { percent: dec('33.333334') }], 2);
  expect(parts.map((one) => one.toFixed())).toEqual(['33.33', '33.33', '33.34']);
  expect(splitAmount(dec('50'), [{ amount: dec('30.5') }, { amount: dec('19.5') }], 2).map(String)).toEqual([
    '30.5',
    '19.5',
  ]);
  expect(splitAmount(dec('500'), [{ percent: dec('100') }], 0).map((one) => one.toFixed())).toEqual(['500']);
});
