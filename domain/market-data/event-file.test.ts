import { describe, expect, it } from 'vitest';

import { readEventFile } from './event-file.ts';

const read = (text: string) =>
  readEventFile(new TextEncoder().encode(text)).map((event) =>
    event.kind === 'split'
      ? `${event.day.toString()} ${event.numerator}:${event.denominator}`
      : `${event.day.toString()} ${event.amount} ${event.unit ?? '?'} ${event.payDate?.toString() ?? '-'}`,
  );
const failure = (text: string): unknown => {
  try {
    return read(text);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
};

describe('files of splits and dividends', () => {
  it('are read as Yahoo writes them', () => {
    expect(read('Date,Dividends\n2024-03-14,0.25\n2024-06-13,0.27\n')).toEqual([
      '2024-03-14 0.25 ? -',
      '2024-06-13 0.27 ? -',
    ]);
    expect(read('Date,Stock Splits\n2020-08-31,4:1\n')).toEqual(['2020-08-31 4:1']);
    const history = 'Date,Close,Dividends,Stock Splits\n2020-08-28,500,0.0,0.0\n2020-08-31,125,0.2,4.0\n';
    expect(read(history)).toEqual(['2020-08-31 0.2 ? -', '2020-08-31 4:1']);
  });

  it('are read with units, pay dates and decimal commas', () => {
    expect(read('Ex-Date;Amount;Currency;Pay Date\n14 Mar 2024;12,5;GBX;2024-04-02\n')).toEqual([
      '2024-03-14 12.5 GBX 2024-04-02',
    ]);
    expect(read('Date,Ratio\n20240304,1/10\n')).toEqual(['2024-03-04 1:10']);
  });

  it('are refused with the line that is wrong', () => {
    expect(failure('Date,Close\n2024-03-14,1\n')).toContain('not a table of splits or dividends');
    expect(failure('Date,Dividends\n14/03/2024,1\n')).toContain('Line 2: “14/03/2024” is not a day');
    expect(failure('Date,Dividends\n2024-03-14,-1\n')).toContain('not an amount above 0');
    expect(failure('Date,Split\n2024-03-14,4:0\n')).toContain('not a ratio');
    expect(failure('Date,Split\n2024-03-14,many\n')).toContain('not a ratio');
  });
});
