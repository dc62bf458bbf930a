import { describe, expect, it } from 'vitest';
import { readEcbFile, RateFileError } from './ecb-file.ts';

const read = (text: string) => readEcbFile(new TextEncoder().encode(text));
const refusal = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof RateFileError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('the ECB’s files', () => {
  it('reads the history: N/A is no rate, the empty last column is none either', () => {
    expect(
      read('Date,USD,HRK,GBP,\n2024-01-03,1.0919,N/A,0.86295,\n2022-12-30,1.0666,7.5365,0.88693,\n').rates,
    ).toEqual([
      { to: 'USD', rate: '1.0919', date: '2024-01-03' },
      { to: 'GBP', rate: '0.86295', date: '2024-01-03' },
      { to: 'USD', rate: '1.0666', date: '2022-12-30' },
      { to: 'HRK', rate: '7.5365', date: '2022-12-30' },
      { to: 'GBP', rate: '0.88693', date: '2022-12-30' },
    ]);
  });

  it('reads the day with its long date and spaces', () => {
    expect(read('Date, USD, JPY, \n13 April 2026, 1.1684, 186.75, \n').rates).toEqual([
      { to: 'USD', rate: '1.1684', date: '2026-04-13' },
      { to: 'JPY', rate: '186.75', date: '2026-04-13' },
    ]);
  });

  it('reads the data service’s lines', () => {
    expect(read('FREQ,CURRENCY,TIME_PERIOD,OBS_VALUE\nD,AUD,2026-02-17,1.6776\n').rates).toEqual([
      { to: 'AUD', rate: '1.6776', date: '2026-02-17' },
    ]);
  });

  it('reads the XML', () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="g" xmlns="e"><gesmes:subject>Reference rates</gesmes:subject>
      <Cube><Cube time='2026-04-13'><Cube currency='USD' rate='1.1684'/><Cube currency='GBP' rate='0.87058'/></Cube></Cube></gesmes:Envelope>`;
    expect(read(xml).rates).toEqual([
      { to: 'USD', rate: '1.1684', date: '2026-04-13' },
      { to: 'GBP', rate: '0.87058', date: '2026-04-13' },
    ]);
  });

  it('leaves an unknown currency out and says so', () => {
    expect(read('Date,USD,QQQ,\n2024-01-03,1.0919,2,\n').warnings).toEqual([
      '“QQQ” is not a currency this product knows; its rates were left out',
    ]);
  });
});

describe('what is no rate file is refused in words', () => {
  it.each([
    ['', 'empty_file'],
    ['<!DOCTYPE html><html></html>', 'not_a_rate_file'],
    ['{"a":1}', 'not_a_rate_file'],
    ['Date,USD,\n2024-01-03,abc,\n', 'bad_rate: Line 2'],
    ['Date,USD,\n2024-01-03,-1,\n', 'bad_rate: Line 2'],
    ['Date,USD,GBP,\n2024-01-03,1.09\n', 'truncated: Line 2'],
    ['Date,USD,\n2024-02-30,1.09,\n', 'bad_date: Line 2'],
    ['Date,USD,\n1800-01-03,1.09,\n', 'bad_date: Line 2'],
    ['Date,USD,\n2024-01-03,N/A,\n', 'no_rates'],
    ['<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><Envelope/>', 'not_a_rate_file'],
    ['<?xml version="1.0"?><Envelope><Cube>', 'truncated'],
    ['<?xml version="1.0"?><rates/>', 'no_rates'],
    ['<?xml version="1.0"?><Envelope><__proto__/></Envelope>', 'not_a_rate_file'],
    ['<?xml version="1.0"?><rates><![CDATA[</rates>', 'not_a_rate_file'],
    [
      `<?xml version="1.0"?><Envelope>${'<Cube>'.repeat(500)}${'</Cube>'.repeat(500)}</Envelope>`,
      'not_a_rate_file',
    ],
  ])('%j', (text, expected) => expect(refusal(text)).toContain(expected));

  it('and so is binary', () => {
    expect(() => readEcbFile(new Uint8Array([0xff, 0xfe, 0x00, 0x81]))).toThrow('not text in UTF-8');
  });
});
