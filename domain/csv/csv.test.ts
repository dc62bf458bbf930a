import { expect, test } from 'vitest';
import { csvCell, csvDocument } from './index.ts';

test.each([
  ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
  ['+44 20 7946', "'+44 20 7946"],
  ["-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['  =1+1', "'  =1+1"],
  ['＝1+1', "'＝1+1"],
  ['-12.50', '-12.50'],
  ['12345678901234567890.12', '12345678901234567890.12'],
  ['Berkshire Hathaway, Inc', '"Berkshire Hathaway, Inc"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
])('the cell %s is written as %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test('a document opens with a byte-order mark and ends its lines as the standard says', () => {
  expect(
    csvDocument([
      ['a', 'b'],
      ['1', '2'],
    ]),
  ).toBe('\uFEFFa,b\r\n1,2\r\n');
});
