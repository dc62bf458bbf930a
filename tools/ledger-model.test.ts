import { expect, it } from 'vitest';

import { readOptions } from './ledger-model.ts';

it('reads steps and seed, and refuses what is no number', () => {
  expect(readOptions([])).toEqual({ of: 'ledger', steps: 10_000, seed: 1 });
  expect(readOptions(['--of', 'returns', '--steps', '100000', '--seed', '7'])).toEqual({
    of: 'returns',
    steps: 100_000,
    seed: 7,
  });
  expect(() => readOptions(['--steps', 'many'])).toThrow(
    '--steps takes a whole number above zero, not "many".',
  );
  expect(() => readOptions(['--seed', '0'])).toThrow('--seed takes');
  expect(() => readOptions(['--of', 'luck'])).toThrow('--of takes ledger or returns');
});
