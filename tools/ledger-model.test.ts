import { expect, it } from 'vitest';

import { readOptions } from './ledger-model.ts';

it('reads steps and seed, and refuses what is no number', () => {
  expect(readOptions([])).toEqual({ steps: 10_000, seed: 1 });
  expect(readOptions(['--steps', '100000', '--seed', '7'])).toEqual({ steps: 100_000, seed: 7 });
  expect(() => readOptions(['--steps', 'many'])).toThrow(
    '--steps takes a whole number above zero, not "many".',
  );
  expect(() => readOptions(['--seed', '0'])).toThrow('--seed takes');
});
