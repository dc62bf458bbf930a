import { describe, expect, it } from 'vitest';
import { dayIn, daysBetween, endOfDay, FIRST_LEDGER_DAY, isAfter, isBefore, parseDay } from './index.ts';

const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);

describe('days', () => {
  it('are read as ISO and nothing else', () => {
    expect(parseDay('2024-02-29')?.toString()).toBe('2024-02-29');
    for (const text of [
      '2023-02-29',
      '2023-02-30',
      '2024-2-1',
      '23/02/2024',
      '2024-02-23T00:00',
      '',
      '20240223',
    ]) {
      expect(parseDay(text)).toBeNull();
    }
  });

  it('are counted across leap years and backwards', () => {
    expect(daysBetween(day('2024-02-28'), day('2024-03-01'))).toBe(2);
    expect(daysBetween(day('2023-02-28'), day('2023-03-01'))).toBe(1);
    expect(daysBetween(day('2024-01-01'), day('2023-01-01'))).toBe(-365);
  });

  it('are compared strictly', () => {
    expect(isBefore(day('2024-01-01'), day('2024-01-02'))).toBe(true);
    expect(isBefore(day('2024-01-01'), day('2024-01-01'))).toBe(false);
    expect(isAfter(day('2024-01-02'), day('2024-01-01'))).toBe(true);
    expect(isAfter(day('2024-01-01'), day('2024-01-01'))).toBe(false);
    expect(FIRST_LEDGER_DAY.toString()).toBe('1900-01-01');
  });
});

describe('the day of an instant', () => {
  it('is the day where the owner lives', () => {
    const instant = Temporal.Instant.from('2024-06-30T23:30:00Z');
    expect(dayIn(instant, 'UTC').toString()).toBe('2024-06-30');
    expect(dayIn(instant, 'Europe/London').toString()).toBe('2024-07-01');
    expect(dayIn(instant, 'America/New_York').toString()).toBe('2024-06-30');
  });

  it('ends just before the next one begins, on days of 23 and 25 hours too', () => {
    const end = (text: string) => endOfDay(day(text), 'Europe/London').toString();
    expect(end('2024-01-15')).toBe('2024-01-15T23:59:59.999999Z');
    expect(end('2024-07-15')).toBe('2024-07-15T22:59:59.999999Z');
    expect(end('2024-03-31')).toBe('2024-03-31T22:59:59.999999Z');
    expect(end('2024-10-27')).toBe('2024-10-27T23:59:59.999999Z');
  });

  it('and its end belong together', () => {
    for (const zone of ['Europe/London', 'Pacific/Auckland', 'America/Sao_Paulo']) {
      expect(dayIn(endOfDay(day('2024-10-27'), zone), zone).toString()).toBe('2024-10-27');
    }
  });
});
