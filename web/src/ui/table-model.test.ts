import { expect, test } from 'vitest';
import { byDecimal, compareDecimals, readSort, sortText } from './table-model.ts';

test.each([
  ['2', '10', -1],
  ['-2', '-10', 1],
  ['-1', '1', -1],
  ['1.50', '1.5', 0],
  ['0.09', '0.1', -1],
  ['-0', '0', 0],
  ['10000000000000000000.01', '10000000000000000000.02', -1],
])('%s against %s', (one, other, order) => {
  expect(Math.sign(compareDecimals(one, other))).toBe(order);
});

test('a missing figure is smaller than any', () => {
  const rows = ['5', null, '-3'].toSorted(byDecimal((row: string | null) => row));
  expect(rows).toEqual([null, '-3', '5']);
});

test('the order of a table stands in the address and is read back', () => {
  expect(readSort(sortText({ id: 'value', desc: true }))).toEqual({ id: 'value', desc: true });
  expect(readSort('value;drop')).toBeUndefined();
});
