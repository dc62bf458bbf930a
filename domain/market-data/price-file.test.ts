/** Files of past prices in the forms that they come in, with invented figures. */
import { describe, expect, it } from 'vitest';

import { momentsOf, PriceFileError, readPriceFile } from './price-file.ts';

const read = (text: string) => readPriceFile(new TextEncoder().encode(text));
const shown = (text: string, mic: string | null = 'XLON') => {
  const file = read(text);
  return [
    file.form,
    ...momentsOf(file, mic, null).map((one) => [one.at.toString(), one.close, one.interval]),
  ];
};
const refusal = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof PriceFileError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('a file of prices', () => {
  it('of Yahoo’s days: raw closes, null where there was no trading', () => {
    expect(
      shown(
        'Date,Open,High,Low,Close,Adj Close,Volume\n2024-02-22,74,75,73,74.5,60.1,1200\n2024-02-23,null,null,null,null,null,null\n',
      ),
    ).toEqual(['yahoo', ['2024-02-22T16:30:00Z', '74.5', '1d'], ['2024-02-23T16:30:00Z', null, '1d']]);
  });

  it('of Yahoo’s minutes', () => {
    expect(
      shown(
        'Datetime,Open,High,Low,Close,Volume,Dividends,Stock Splits\r\n2024-02-23 16:01:00+00:00,1,1,1,740.62,3144,0,0\r\n',
      ),
    ).toEqual(['yahoo', ['2024-02-23T16:01:00Z', '740.62', 'quote']]);
  });

  it.each([
    'Date,Open,High,Low,Close,Volume\n2024-07-23,1,1,1,75.12,5\n',
    'Data;Otwarcie;Najwyzszy;Najnizszy;Zamkniecie;Wolumen\n2024-07-23;1;1;1;75,12;5\n',
    '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\nACME.UK,D,20240723,000000,1,1,1,75.12,5,0\n',
  ])('of Stooq’s: %j', (text) =>
    expect(shown(text)).toEqual(['stooq', ['2024-07-23T15:30:00Z', '75.12', '1d']]),
  );

  it('of anybody: a day and a price, in any order and by any sign', () => {
    expect(shown('Price\tDay\n75.12\t23 Feb 2024\n', 'XNYS')).toEqual([
      'generic',
      ['2024-02-23T21:00:00Z', '75.12', '1d'],
    ]);
    expect(shown('\uFEFF"Date"|"NAV"\n2024-02-23T10:15:00|1e2\n', 'XNYS')).toEqual([
      'generic',
      ['2024-02-23T15:15:00Z', '100', 'quote'],
    ]);
  });

  it('takes a row that is there twice once', () => {
    expect(shown('Date,Close\n2024-02-23,1\n2024-02-23,1\n')).toHaveLength(2);
  });

  it.each([
    ['', 'not_a_price_file'],
    ['Date,Close\n', 'not_a_price_file'],
    ['<html><body>Date,Close</body></html>\nx', 'not_a_price_file'],
    ['Ticker,Weight\nACME,1\n', 'not_a_price_file'],
    ['Date,Close\n23/02/2024,1\n', 'bad_date: Line 2'],
    ['Date,Close\n2024-02-30,1\n', 'bad_date: Line 2'],
    ['Date,Close\n2024-02-23 25:61:00,1\n', 'bad_date: Line 2'],
    ['Date,Close\n2024-02-22,1\n2024-02-23,abc\n', 'bad_price: Line 3'],
    ['Date,Close\n2024-02-23,"1\n', 'not_a_price_file'],
    ['Date,Close\n2024-02-23,1\n2024-02-23,2\n', 'conflicting_prices'],
  ])('%j is refused', (text, expected) => expect(refusal(text)).toContain(expected));

  it('is text', () => {
    expect(() => readPriceFile(new Uint8Array([0xff, 0xfe, 0x00, 0x81]))).toThrow('UTF-8');
  });
});
