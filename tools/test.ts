/*
 * npm test [-- filter… --flags]: every test that needs no browser, on one PostgreSQL that is started for it.
 *
 * Everything after `--` goes to Vitest: `npm test -- server/src/platform/cache`, `npm test -- --project domain -t pence`.
 * The last line is "N passed, N failed"; the exit code is 0 only when something ran and nothing failed.
 *
 *   countTests  what came out, including files that could not be loaded and errors outside of tests
 */
import { parseCLI, startVitest } from 'vitest/node';
import type { TestModule, Vitest } from 'vitest/node';

/** What came out of a run. */
export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

/**
 * Counts tests by outcome. A file that broke before or beside its tests counts as one failure, and so does every error
 * that no test caught: none of them may get lost because all tests passed.
 */
export const countTests = (modules: readonly TestModule[], strayErrors: number): Tally => {
  const tally = { passed: 0, failed: strayErrors, skipped: 0 };
  for (const module of modules) {
    let failedHere = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') tally.passed += 1;
      else if (state === 'skipped') tally.skipped += 1;
      else failedHere += 1;
    }
    if (failedHere === 0 && module.state() === 'failed') failedHere = 1;
    tally.failed += failedHere;
  }
  return tally;
};

/** The closing line, in the form that machines read. */
export const closingLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;

const main = async (args: readonly string[]): Promise<number> => {
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  let vitest: Vitest | undefined;
  let tally: Tally = { passed: 0, failed: 1, skipped: 0 };
  try {
    vitest = await startVitest(filter, { ...options, watch: false, run: true });
    tally = countTests(vitest.state.getTestModules(), vitest.state.getUnhandledErrors().length);
  } catch (error) {
    // A set-up that fails has no test to be blamed on.
    console.error(error instanceof Error ? error.message : error);
  }
  await vitest?.close();
  const good = tally.failed === 0 && tally.passed > 0 && (process.exitCode ?? 0) === 0;
  // Vitest's own verdict counts as well, should it know of a failure that was not counted above.
  if (!good && tally.failed === 0) tally = { ...tally, failed: 1 };
  console.log(`\n${closingLine(tally)}`);
  return good ? 0 : 1;
};

if (import.meta.main) process.exit(await main(process.argv.slice(2)));
