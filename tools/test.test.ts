import { describe, expect, it } from 'vitest';
import type { TestModule } from 'vitest/node';

import { closingLine, countTests } from './test.ts';

type State = 'passed' | 'failed' | 'skipped' | 'pending';
/** As much of Vitest's report of a file as is read. */
const file = (states: readonly State[], state: 'passed' | 'failed' = 'passed'): TestModule => {
  const tests = states.map((own) => ({ result: () => ({ state: own }) }));
  return { state: () => state, children: { allTests: () => tests } } as unknown as TestModule;
};

describe('countTests', () => {
  it('adds up the files', () => {
    expect(
      countTests([file(['passed', 'passed']), file(['passed', 'failed', 'skipped'], 'failed')], 0),
    ).toEqual({
      passed: 3,
      failed: 1,
      skipped: 1,
    });
  });
  it('counts a file that could not be loaded, a test that never ended, and errors outside of tests', () => {
    expect(countTests([file([], 'failed')], 0).failed).toBe(1);
    expect(countTests([file(['passed'], 'failed')], 0)).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(countTests([file(['pending'])], 0).failed).toBe(1);
    expect(countTests([file(['passed'])], 2).failed).toBe(2);
  });
});

describe('closingLine', () => {
  it('is what machines look for', () => {
    expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(closingLine({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped');
  });
});
