import { join } from 'node:path';
import type { Check, Finding } from './kinds.ts';
import { lastWords, runTool, type ToolResult } from './run-tool.ts';

/** Lints the folder `root` with the rules in its `.oxlintrc.json`, type information included. */
export function runLinter(root: string, args: readonly string[] = []): Promise<ToolResult> {
  return runTool(join(root, 'node_modules/oxlint/bin/oxlint'), ['--format', 'unix', ...args], root);
}

/** Reads the linter's `path:line:column: message [Error/rule]` lines. */
export function readLinter(result: ToolResult): readonly Finding[] {
  const findings: Finding[] = [];
  for (const line of result.stdout.split('\n')) {
    const found = /^(.+?):(\d+):\d+: (.*)$/.exec(line);
    if (found === null) continue;
    const [, path = '', number = '0', message = ''] = found;
    findings.push({ path, line: Number(number), message });
  }
  if (findings.length === 0 && result.code !== 0) findings.push({ path: '', message: lastWords(result) });
  return findings;
}

export const lint: Check = {
  name: 'lint',
  what: 'the linter, with type information',
  run: async (repo) => readLinter(await runLinter(repo.root)),
};
