import { describe, expect, it } from 'vitest';

import { createPasswords } from './passwords.ts';

/** About 20 ms a hash: enough to tell work from no work on a busy machine, without making the tests slow. */
const COST = 8;
const ROUNDS = 7;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const time = async (run: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await run();
  return performance.now() - start;
};

describe('passwords', () => {
  it('match only their own hash', async () => {
    const passwords = createPasswords(4);
    const hash = await passwords.hash('a long password', 'ada@example.test');
    expect(await passwords.matches('a long password', hash)).toBe(true);
    expect(await passwords.matches('a long Password', hash)).toBe(false);
    expect(await passwords.matches('a long password', undefined)).toBe(false);
    expect(hash).not.toBe(await passwords.hash('a long password', 'ada@example.test'));
  });

  it('take as long to refuse for nobody as for somebody', async () => {
    const passwords = createPasswords(COST);
    const hash = await passwords.hash('a long password', 'ada@example.test');
    const [somebody, nobody]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      // In turns, so that a busy moment of the machine falls on both.
      somebody.push(await time(async () => passwords.matches('a wrong guess', hash)));
      nobody.push(await time(async () => passwords.matches('a wrong guess', undefined)));
    }
    // Without the comparison for nobody the ratio would be about 1 : 1000.
    expect(median(nobody) / median(somebody)).toBeGreaterThan(0.4);
    expect(median(nobody) / median(somebody)).toBeLessThan(2.5);
  });
});
