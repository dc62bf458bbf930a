/*
 * npm run check [-- name…]: everything that the house is strict about, in one command.
 *
 *   checks     one file each in tools/check/, each with a test that shows that it can fail
 *   runChecks  runs them side by side, two at a time
 *   report     one line per check, then what is wrong, file by file
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { boundaries } from './check/boundaries.ts';
import { deadCode } from './check/dead-code.ts';
import { format } from './check/format.ts';
import { generated } from './check/generated.ts';
import type { Check, Finding, Repo } from './check/kinds.ts';
import { layout } from './check/layout.ts';
import { lint } from './check/lint.ts';
import { papers } from './check/papers.ts';
import { openRepo, showFinding } from './check/repo.ts';
import { sizes } from './check/sizes.ts';
import { types } from './check/types.ts';
import { versions } from './check/versions.ts';
import { wholeTests } from './check/whole-tests.ts';
import { words } from './check/words.ts';

/** The slow ones first, so that the quick ones fill the gaps. */
const CHECKS: readonly Check[] = [
  lint,
  types,
  generated,
  deadCode,
  boundaries,
  format,
  sizes,
  wholeTests,
  words,
  versions,
  layout,
  papers,
];

/** More than this of one check is noise: mend these, then look again. */
const FINDINGS_SHOWN_MAX = 60;

interface Outcome {
  readonly check: Check;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

async function runOne(check: Check, repo: Repo): Promise<Outcome> {
  const start = performance.now();
  let findings: readonly Finding[];
  try {
    findings = await check.run(repo);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    findings = [{ path: '', message: `the check itself broke: ${reason}` }];
  }
  return { check, findings, seconds: (performance.now() - start) / 1000 };
}

function report({ check, findings, seconds }: Outcome): void {
  const verdict = findings.length === 0 ? 'ok  ' : 'FAIL';
  const count = findings.length === 0 ? check.what : `${findings.length} found: ${check.what}`;
  console.log(`${verdict}  ${check.name.padEnd(12)} ${seconds.toFixed(1).padStart(5)} s  ${count}`);
  for (const finding of findings.slice(0, FINDINGS_SHOWN_MAX)) console.log(`        ${showFinding(finding)}`);
  if (findings.length > FINDINGS_SHOWN_MAX) {
    console.log(`        … and ${findings.length - FINDINGS_SHOWN_MAX} more`);
  }
}

async function runChecks(checks: readonly Check[], repo: Repo): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = checks.values();
  const worker = async (): Promise<void> => {
    for (const check of waiting) {
      const outcome = await runOne(check, repo);
      report(outcome);
      outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, Math.max(2, availableParallelism())) }, worker));
  return outcomes;
}

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0) {
    const known = CHECKS.map((check) => check.name).join(', ');
    console.error(`There is no check called ${unknown.join(', ')}. There are: ${known}.`);
    return 2;
  }
  const chosen = names.length === 0 ? CHECKS : CHECKS.filter((check) => names.includes(check.name));
  const start = performance.now();
  const outcomes = await runChecks(chosen, openRepo(join(import.meta.dirname, '..')));
  const failed = outcomes.filter(({ findings }) => findings.length > 0).length;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${outcomes.length} checks in ${seconds} s, ${failed} of them failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
