/*
 * npm run model [-- --steps 100000] [-- --seed 1]: random lives of a household through the API and a database of
 * their own, judged step by step by the oracle. The last lines say how many steps agreed, and from which seed; a
 * difference says the seed and the step, and the exit code is 1. The test itself is tests/ledger/model.test.ts.
 *
 *   readOptions  steps and seed of a command line
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export type ModelOptions = { readonly steps: number; readonly seed: number };

/** @throws {RangeError} naming the option that is no whole number above zero */
export const readOptions = (args: readonly string[]): ModelOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: { steps: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
  });
  const whole = (name: 'steps' | 'seed'): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`--${name} takes a whole number above zero, not "${values[name]}".`);
    }
    return value;
  };
  return { steps: whole('steps'), seed: whole('seed') };
};

const main = (args: readonly string[]): number => {
  const { steps, seed } = readOptions(args);
  const root = join(import.meta.dirname, '..');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const run = spawnSync(
    process.execPath,
    [vitest, 'run', '--project', 'server', 'tests/ledger/model.test.ts'],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PM_LEDGER_STEPS: String(steps), PM_LEDGER_SEED: String(seed) },
    },
  );
  return run.status ?? 1;
};

if (import.meta.main) {
  try {
    process.exit(main(process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}
