/*
 * npm run model [-- --of ledger] [-- --steps 100000] [-- --seed 1]: random lives of a household through the API and a
 * database of their own, judged step by step by the oracle (--of ledger, tests/ledger/model.test.ts); or so many random
 * lives of a portfolio, their days and returns judged by the slow model (--of returns, tests/ledger/portfolio-lives.test.ts).
 * The last lines say how many agreed, and from which seed; a difference says seed and step, and the exit code is 1.
 *
 *   readOptions  steps and seed of a command line
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const MODELS = {
  ledger: { test: 'tests/ledger/model.test.ts', steps: 'PM_LEDGER_STEPS', seed: 'PM_LEDGER_SEED' },
  returns: {
    test: 'tests/ledger/portfolio-lives.test.ts',
    steps: 'PM_RETURNS_LIVES',
    seed: 'PM_RETURNS_SEED',
  },
} as const;

export type ModelOptions = {
  readonly of: keyof typeof MODELS;
  readonly steps: number;
  readonly seed: number;
};

/** @throws {RangeError} naming the option that is no model, or no whole number above zero */
export const readOptions = (args: readonly string[]): ModelOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      of: { type: 'string', default: 'ledger' },
      steps: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const whole = (name: 'steps' | 'seed'): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`--${name} takes a whole number above zero, not "${values[name]}".`);
    }
    return value;
  };
  const { of } = values;
  if (of !== 'ledger' && of !== 'returns') {
    throw new RangeError(`--of takes ledger or returns, not "${of}".`);
  }
  return { of, steps: whole('steps'), seed: whole('seed') };
};

const main = (args: readonly string[]): number => {
  const { of, steps, seed } = readOptions(args);
  const model = MODELS[of];
  const root = join(import.meta.dirname, '..');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const run = spawnSync(process.execPath, [vitest, 'run', '--project', 'server', model.test], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, [model.steps]: String(steps), [model.seed]: String(seed) },
  });
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
