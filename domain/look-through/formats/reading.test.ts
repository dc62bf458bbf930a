import { describe, expect, it } from 'vitest';
import { CSV_SAMPLES } from './testing/csv-samples.ts';
import { decodeText } from './decode.ts';
import { readRecords } from './csv.ts';
import { readDay, type DateOrder } from './dates.ts';
import { DecimalSignVote, parsePublished, type DecimalSign } from './numbers.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('days as issuers write them', () => {
  it.each([
    ['30/Aug/2021', '2021-08-30'],
    ['Dec 06, 2024', '2024-12-06'],
    ['17-Sep-25', '2025-09-17'],
    ['05-feb-21', '2021-02-05'],
    ['26-mag-2025', '2025-05-26'],
    ['23/02/2024', '2024-02-23'],
    ['19.Juni2026', '2026-06-19'],
    ['03.März2026', '2026-03-03'],
    ['17.Sept.2026', '2026-09-17'],
    ['05.Apr.2022', '2022-04-05'],
    ['30.09.2026', '2026-09-30'],
    ['23/févr./2024', '2024-02-23'],
    ['30/août/2024', '2024-08-30'],
    ['1/juil./2024', '2024-07-01'],
    ['5 de febrero de 2021', '2021-02-05'],
    ['30/giu/2024', '2024-06-30'],
    ['2024-12-06', '2024-12-06'],
    ['20241206', '2024-12-06'],
    ['Fund Holdings as of Dec 06, 2024', '2024-12-06'],
    ['12/25/2024', '2024-12-25'],
    ['31.Dez.2023', '2023-12-31'],
    ['per 31. Dezember 2023', '2023-12-31'],
    ['17.Jän.2025', '2025-01-17'],
    ['31/déc./2023', '2023-12-31'],
    ['1er août 2024', '2024-08-01'],
    ['03-ene-2022', '2022-01-03'],
    ['15-sept-22', '2022-09-15'],
    ['12-dic-2023', '2023-12-12'],
    ['07/gen/2025', '2025-01-07'],
    ['15 luglio 2024', '2024-07-15'],
    ['09-ago-2024', '2024-08-09'],
    ['Friday, 6 December 2024', '2024-12-06'],
    ['6 Dec 2024 16:00', '2024-12-06'],
    ['A fecha de 5 de abr. de 2023', '2023-04-05'],
  ])('reads %s as %s', (text, iso) => {
    const reading = readDay(text, null);
    expect(typeof reading === 'object' && reading?.day.toString()).toBe(iso);
  });

  it.each<[string, DateOrder | null, string | null]>([
    ['03/04/2024', null, 'ambiguous'],
    ['03/04/2024', 'dmy', '2024-04-03'],
    ['03/04/2024', 'mdy', '2024-03-04'],
    ['31/02/2024', null, null],
    ['-', null, null],
    ['AAPL', null, null],
    ['1234567', null, null],
    ['01/01/1800', 'dmy', null],
  ])('reads %s with order %s as %s', (text, order, expected) => {
    const reading = readDay(text, order);
    expect(reading === null || reading === 'ambiguous' ? reading : reading.day.toString()).toBe(expected);
  });
});

describe('published numbers', () => {
  it.each<[string, DecimalSign, string | null]>([
    ['1.276.607.969,84', 'comma', '1276607969.84'],
    ['41,700,670,815.44', 'point', '41700670815.44'],
    ['-2.945,17', 'comma', '-2945.17'],
    ['−3,2', 'comma', '-3.2'],
    ['- 0,5', 'comma', '-0.5'],
    ['1.234,56\u00a0€', 'comma', '1234.56'],
    ['55,1111\u00a0%', 'comma', '55.1111'],
    ['(1.23)', 'point', '-1.23'],
    ['1\u202f234,5', 'comma', '1234.5'],
    ["1'234.56", 'point', '1234.56'],
    ['4.54%', 'point', '4.54'],
    ['$58,234.00', 'point', '58234.00'],
    ['1.5E-05', 'point', '0.000015'],
    ['-0.00', 'point', '0.00'],
    ['0.1234567890123456789012345678', 'point', '0.1234567890123456789012345678'],
    ['1e309', 'point', null],
    ['NaN', 'point', null],
    ['Infinity', 'point', null],
    ['#REF!', 'point', null],
    ['=A1*2', 'point', null],
    ['12,34', 'point', null],
    ['1,2,3', 'point', null],
    ['', 'point', null],
    ['0x10', 'point', null],
  ])('reads %s with decimal %s as %s', (cell, sign, value) => {
    expect(parsePublished(cell, sign)).toBe(value);
  });

  const vote = (cells: string[], weights: string[] = []) => {
    const votes = new DecimalSignVote();
    for (const cell of cells) votes.add(cell, false);
    for (const cell of weights) votes.add(cell, true);
    return votes.result();
  };

  it('decides the decimal sign from all cells together', () => {
    expect(vote(['1.234', '1.234,5']).sign).toBe('comma');
    expect(vote(['1,234', '7.5']).sign).toBe('point');
    expect(vote(['1,234', '5,678']).sign).toBeNull();
    expect(vote([], ['4,541', '3,201']).sign).toBe('comma');
    expect(vote(['1.234.567']).sign).toBe('comma');
    expect(vote(['0,123']).sign).toBe('comma');
  });

  it('names both samples where cells contradict each other', () => {
    expect(vote(['4,54', '4.54']).conflict).toEqual(['4.54', '4,54']);
  });
});

describe('text', () => {
  it('decodes UTF-8 with and without mark, UTF-16 with one, and Windows-1252', () => {
    expect(decodeText(bytes('\ufeffUbicación'))).toEqual({ text: 'Ubicación', encoding: 'utf-8' });
    expect(decodeText(bytes('Ubicación')).encoding).toBe('utf-8');
    const utf16 = Uint8Array.from([0xff, 0xfe, 0x55, 0, 0xf3, 0]);
    expect(decodeText(utf16)).toEqual({ text: 'Uó', encoding: 'utf-16le' });
    expect(decodeText(Uint8Array.from([0xfe, 0xff, 0, 0x55])).text).toBe('U');
    const unmarked = Buffer.from('name,weight\r\nÉnergie,100\r\n', 'utf16le');
    expect(decodeText(unmarked)).toEqual({ text: 'name,weight\r\nÉnergie,100\r\n', encoding: 'utf-16le' });
    expect(decodeText(Buffer.from(unmarked).swap16()).encoding).toBe('utf-16be');
    const western = Uint8Array.from([0x55, 0x62, 0x69, 0x63, 0x61, 0x63, 0x69, 0xf3, 0x6e]);
    expect(decodeText(western)).toEqual({ text: 'Ubicación', encoding: 'windows-1252' });
  });

  it('refuses bytes that are no text, and UTF-8 that is damaged', () => {
    expect(() => decodeText(Uint8Array.from([0x41, 0x00, 0x42]))).toThrow('not a text file');
    expect(() => decodeText(Uint8Array.from([0x41, 0x01, 0x42]))).toThrow('control characters');
    const damaged = [...bytes('Région Énergie Santé'), 0xff];
    expect(() => decodeText(Uint8Array.from(damaged))).toThrow('damaged characters');
  });
});

describe('records', () => {
  const read = (text: string, delimiter = ','): string[][] => {
    const records: string[][] = [];
    readRecords(
      text,
      { delimiter, offset: 0, line: 1 },
      (record) => {
        records.push([...record.cells]);
        return 'go on';
      },
      () => records.push(['open quote']),
    );
    return records;
  };

  it.each(CSV_SAMPLES)('reads $what', ({ text, records }) => {
    expect(read(text)).toEqual(records);
  });

  it('counts physical lines and notices an open quote', () => {
    const lines: number[] = [];
    readRecords(
      'a,"b\nc"\nd,e\n"f',
      { delimiter: ',', offset: 0, line: 1 },
      (record) => {
        lines.push(record.line);
        return 'go on';
      },
      (record) => lines.push(-record.line),
    );
    expect(lines).toEqual([1, 3, -4]);
  });
});
