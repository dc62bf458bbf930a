import { describe, expect, test } from 'vitest';
import { currencyDigits, makeFormat, parseDecimal } from './format.ts';

const british = makeFormat({ locale: 'en-GB', timeZone: 'Europe/London' });
const german = makeFormat({ locale: 'de-DE', timeZone: 'Europe/Berlin' });

describe('money', () => {
  test('keeps every digit of a 28-digit amount', () => {
    expect(british.money('1234567890123456789012345.67', 'GBP')).toBe(
      '£1,234,567,890,123,456,789,012,345.67',
    );
  });

  test.each([
    ['1234.5', 'GBP', '£1,234.50'],
    ['1234.5', 'JPY', '¥1,234'],
    ['1234.5', 'KWD', 'KWD 1,234.500'],
    ['-3', 'GBP', '−£3.00'],
    // Half-even, and no minus before nothing.
    ['0.125', 'GBP', '£0.12'],
    ['-0.001', 'GBP', '£0.00'],
  ])('%s %s is %s', (amount, currency, text) => {
    expect(british.money(amount, currency).replace('\u00A0', ' ')).toBe(text);
  });

  test('shows the sign of a gain, and none of zero', () => {
    expect(british.money('12', 'GBP', true)).toBe('+£12.00');
    expect(british.money('0', 'GBP', true)).toBe('£0.00');
  });

  test('writes a column without its currency', () => {
    expect(british.amount('-1234.5', 'JPY')).toBe('−1,234');
    expect(german.amount('1234.5', 'EUR')).toBe('1.234,50');
  });

  test('refuses what is no number', () => {
    expect(() => british.money('12,50', 'GBP')).toThrow(RangeError);
  });
});

describe('quantities, percentages, prices', () => {
  test('quantities keep ten places and lose idle zeros', () => {
    expect(british.quantity('21.123456789100')).toBe('21.1234567891');
    expect(british.quantity('300.000')).toBe('300');
  });

  test('percentages have two places', () => {
    expect(british.percent(12.345)).toBe('12.34%');
    expect(british.percent('-0.5')).toBe('−0.50%');
    expect(german.percent(1.5).replace('\u00A0', ' ')).toBe('1,50 %');
  });

  test('a price keeps its own places, at least two', () => {
    expect(british.price('8460.5')).toBe('8,460.50');
    expect(british.price('0.791913')).toBe('0.791913');
  });
});

describe('days and times', () => {
  test('a calendar day belongs to no time zone', () => {
    expect(makeFormat({ locale: 'en-GB', timeZone: 'Pacific/Kiritimati' }).day('2024-02-23')).toBe(
      '23 Feb 2024',
    );
  });

  test('an instant stands in the time zone of the person', () => {
    expect(british.time('2026-07-01T11:00:00Z')).toBe('1 Jul 2026, 12:00');
  });

  test('today is the day of the person', () => {
    expect(
      makeFormat({ locale: 'en-GB', timeZone: 'Asia/Tokyo' }).today(new Date('2026-11-22T20:00:00Z')),
    ).toBe('2026-11-23');
  });

  test('ago counts whole units', () => {
    expect(british.ago('2026-11-20T12:00:00Z', new Date('2026-11-22T13:00:00Z'))).toBe('2 days ago');
  });
});

test('an unknown locale or time zone falls back instead of breaking the page', () => {
  const format = makeFormat({ locale: 'not a locale', timeZone: 'Mars/Olympus' });
  expect(format.amount('1234.5', 'GBP')).toBe('1,234.50');
  expect(format.timeZone).toBe('UTC');
});

test('digits of a currency', () => {
  expect(['GBP', 'JPY', 'KWD', 'GBX!'].map(currencyDigits)).toEqual([2, 0, 3, 2]);
});

describe('what a person types', () => {
  test.each([
    ['12.5', 'en-GB', '12.5'],
    ['1,234.50', 'en-GB', '1234.50'],
    ['1.234,50', 'de-DE', '1234.50'],
    ['12.5', 'de-DE', '12.5'],
    ['1 234,5', 'fr-FR', '1234.5'],
    ['−3', 'en-GB', '-3'],
    ['.5', 'en-GB', '0.5'],
    ['007', 'en-GB', '7'],
    ['12345678901234567890.123456789012345678', 'en-GB', '12345678901234567890.123456789012345678'],
    ['1e5', 'en-GB', null],
    ['12a', 'en-GB', null],
    ['', 'en-GB', null],
  ])('%s in %s is %s', (typed, locale, decimal) => {
    expect(parseDecimal(typed, locale)).toBe(decimal);
  });
});
