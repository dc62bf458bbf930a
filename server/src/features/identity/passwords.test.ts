import { describe, expect, it, vi } from 'vitest';

import { createPasswords, createTurns } from './passwords.ts';

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

describe('turns', () => {
  it('are taken in order, two at once, and refused when too many wait', async () => {
    const inTurn = createTurns(2, 2);
    const log: string[] = [];
    const finish: (() => void)[] = [];
    const work = async (name: string) =>
      inTurn(async () => {
        log.push(name);
        await new Promise<void>((resolve) => finish.push(resolve));
        return name;
      });
    const four = ['a', 'b', 'c', 'd'].map(work);
    await expect(work('e')).rejects.toMatchObject({ status: 503, code: 'unavailable' });
    expect(log).toEqual(['a', 'b']);
    finish.shift()?.();
    expect(await four[0]).toBe('a');
    await vi.waitFor(() => expect(log).toEqual(['a', 'b', 'c']));
    const rest = Promise.all(four);
    const pump = setInterval(() => finish.shift()?.(), 1);
    expect(await rest).toEqual(['a', 'b', 'c', 'd']);
    clearInterval(pump);
    // All places are free again, also after work that failed.
    const failing = async () => {
      throw new Error('no');
    };
    await expect(inTurn(failing)).rejects.toThrow('no');
    expect(await Promise.all([1, 2, 3, 4].map(async (n) => inTurn(async () => n)))).toEqual([1, 2, 3, 4]);
  });
});
