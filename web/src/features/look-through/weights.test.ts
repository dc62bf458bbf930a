import { expect, test } from 'vitest';
import { largest, ranked } from './weights.ts';

const weights = { Japan: 6, 'United States': 60, Unclassified: 20, France: 9, Nowhere: 0.001, Italy: 5 };

test('largest first, what is not known last, nothing that rounds to zero', () => {
  expect(ranked(weights).map(({ name }) => name)).toEqual([
    'United States',
    'France',
    'Japan',
    'Italy',
    'Unclassified',
  ]);
});

test('the rest stands together, beside what is not known', () => {
  expect(largest(weights, 2, 'Others')).toEqual([
    { name: 'United States', percent: 60 },
    { name: 'France', percent: 9 },
    { name: 'Others', percent: 11, rest: true },
    { name: 'Unclassified', percent: 20 },
  ]);
});
