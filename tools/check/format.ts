import { join } from 'node:path';
import type { Check, Finding } from './kinds.ts';
import { lastWords, runTool, type ToolResult } from './run-tool.ts';

/** Runs the formatter in `root`; `--list-different` names what it would change, no argument changes it. */
export function runFormatter(root: string, args: readonly string[]): Promise<ToolResult> {
  return runTool(join(root, 'node_modules/oxfmt/bin/oxfmt'), args, root);
}

/** Reads the formatter's list of files; a syntax error that stopped it is a finding too. */
export function readFormatter(result: ToolResult): readonly Finding[] {
  const paths = result.stdout.split('\n').filter((line) => line !== '' && !line.includes(' '));
  const findings: Finding[] = paths.map((path) => ({ path, message: 'is not formatted: npm run fix' }));
  if (findings.length === 0 && result.code !== 0) findings.push({ path: '', message: lastWords(result) });
  return findings;
}

export const format: Check = {
  name: 'format',
  what: 'the formatter would change nothing',
  run: async (repo) => readFormatter(await runFormatter(repo.root, ['--list-different'])),
};
