import { describe, expect, it } from 'vitest';
import { n, xlsxOf, type Cell } from '../../../tests/support/workbooks.ts';
import { doubleText } from './doubles.ts';
import { readXlsx } from './xlsx.ts';
import { dayOfSerial } from './xlsx-styles.ts';

const cellsOf = (row: readonly Cell[], date1904 = false): readonly string[] =>
  readXlsx(xlsxOf({ sheets: [{ name: 'S', rows: [row] }], date1904 })).sheets[0]?.rows[0]?.cells ?? [];

describe('numbers of a workbook', () => {
  it.each([
    ['6.1234E-2', '0.061234'],
    ['2.9094047E8', '290940470'],
    ['630672.0', '630672.0'],
    ['0.070000000000000007', '0.07'],
    ['6.5392599999999996', '6.53926'],
    ['-0.10000000000000001', '-0.1'],
    ['123456789012.345', '123456789012.345'],
    ['1.23456789012345678', '1.23456789012346'],
    // 15 significant digits, and no more than the 18 decimal places that are stored.
    ['1.23456789012345E-7', '0.000000123456789012'],
    ['.5', '0.5'],
    ['7', '7'],
    ['0', '0'],
  ])('%s is %s', (written, read) => {
    expect(doubleText(written)).toBe(read);
  });

  it.each(['', 'abc', '1e309', '1E+31', '1,5', '0x10', 'NaN', '-', '1.2.3', '9'.repeat(65)])(
    '“%s” is none',
    (written) => {
      expect(doubleText(written)).toBeNull();
    },
  );
});

describe('days of a workbook', () => {
  it.each([
    // 45632 days after 31 December 1899, one of which never was.
    ['45632', false, '2024-12-06'],
    ['45632.75', false, '2024-12-06'],
    ['44170', true, '2024-12-06'],
    ['1', false, '1900-01-01'],
    ['59', false, '1900-02-28'],
    ['61', false, '1900-03-01'],
    ['0', true, '1904-01-01'],
  ])('%s counted from 1904: %s is %s', (serial, from1904, day) => {
    expect(dayOfSerial(serial, from1904)).toBe(day);
  });

  it.each(['60', '0', '-1', '2958466', 'x'])('%s is none', (serial) => {
    expect(dayOfSerial(serial, false)).toBeNull();
  });
});

describe('cells of a workbook', () => {
  it('reads texts shared, rich, inline, with signs escaped and without phonetic readings', () => {
    const rich = '<si><r><t>Rich </t></r><r><rPr><b/></rPr><t>text &amp; more</t></r></si>';
    const phonetic = '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>';
    expect(
      cellsOf([
        ' Shared ',
        rich,
        phonetic,
        { xml: '<c t="inlineStr"><is><r><t>In</t></r><r><t>line</t></r></is></c>' },
        'A_x000D_B',
        { xml: '<c t="str"><f>UPPER("x")</f><v>X</v></c>' },
      ]),
    ).toEqual(['Shared', 'Rich text & more', '東京', 'Inline', 'A\rB', 'X']);
  });

  it('reads numbers, days, truth, errors and what a formula gave last, and never calculates', () => {
    expect(
      cellsOf([
        n('5.5'),
        n('0.0512', 1),
        n('45632', 2),
        n('45632', 3),
        n('0.5', 4),
        n('7', 5),
        { xml: '<c t="d"><v>2024-12-06T00:00:00</v></c>' },
        { xml: '<c t="b"><v>1</v></c>' },
        { xml: '<c t="e"><v>#REF!</v></c>' },
        { xml: '<c><f>1+1</f><v>99</v></c>' },
        { xml: '<c><f>SUM(B1:B2)</f></c>' },
      ]),
    ).toEqual([
      '5.5',
      '0.0512',
      '2024-12-06',
      '2024-12-06',
      '0.5',
      '7',
      '2024-12-06',
      'TRUE',
      '#REF!',
      '99',
      '=SUM(B1:B2)',
    ]);
  });

  it('knows which numbers are shown as percentages', () => {
    const { sheets } = readXlsx(
      xlsxOf({ sheets: [{ name: 'S', rows: [[n('0.05', 1), n('5'), n('5', 5), 'x']] }] }),
    );
    expect(sheets[0]?.rows[0]?.kinds).toEqual(['percent', 'number', 'number', 'text']);
  });

  it('counts days from 1904 where the workbook does', () => {
    expect(cellsOf([n('44170', 2)], true)).toEqual(['2024-12-06']);
  });

  it('places cells by reference, and in a row without references one after the other', () => {
    const xml =
      '<worksheet><sheetData><row><c t="str"><v>a</v></c><c/><c t="str"><v>c</v></c></row><row r="7"><c r="C7" t="str"><v>x</v></c><c r="AB7" t="str"><v>y</v></c><c r="XFD7" t="str"><v>far</v></c></row></sheetData></worksheet>';
    const book = readXlsx(
      xlsxOf({ sheets: [{ name: 'S', rows: [] }], parts: [['xl/worksheets/sheet1.xml', xml]] }),
    );
    const [first, second] = book.sheets[0]?.rows ?? [];
    expect(first).toMatchObject({ line: 1, cells: ['a', '', 'c'] });
    expect(second?.line).toBe(7);
    expect(second?.cells).toHaveLength(28);
    expect(second?.cells[27]).toBe('y');
  });

  it('reads elements under any prefix, in UTF-16 too, and skips hidden sheets', () => {
    const xml =
      '\ufeff<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>Größe</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>';
    const book = readXlsx(
      xlsxOf({
        sheets: [
          { name: 'Hidden', rows: [['secret']], state: 'hidden' },
          { name: 'Very', rows: [['secret']], state: 'veryHidden' },
          { name: 'Seen', rows: [] },
        ],
        parts: [['xl/worksheets/sheet3.xml', new Uint8Array(Buffer.from(xml, 'utf16le'))]],
      }),
    );
    expect(book.sheets.map(({ name, rows }) => [name, rows[0]?.cells])).toEqual([['Seen', ['Größe']]]);
  });
});
