import { join } from 'node:path';
import type { Check, Finding } from './kinds.ts';
import { lastWords, runTool, type ToolResult } from './run-tool.ts';

/** Node's code, the browser's code and the journeys see different globals, hence three projects. */
const PROJECTS = ['tsconfig.json', 'web/tsconfig.json', 'tests/journeys/tsconfig.json'];

/** Type-checks one project with the native TypeScript compiler. */
export function runTypes(root: string, project: string): Promise<ToolResult> {
  const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');
  return runTool(compiler, ['--project', project, '--noEmit', '--pretty', 'false'], root);
}

/** Reads the compiler's `path(line,column): error TS1234: message` lines, with their continuations. */
export function readTypes(result: ToolResult): readonly Finding[] {
  const findings: { path: string; line: number; message: string }[] = [];
  for (const line of result.stdout.split('\n')) {
    const found = /^(.+?)\((\d+),\d+\): error (.*)$/.exec(line);
    if (found === null) {
      const last = findings.at(-1);
      if (last !== undefined && line.startsWith('  ')) last.message += ` ${line.trim()}`;
      continue;
    }
    const [, path = '', number = '0', message = ''] = found;
    findings.push({ path, line: Number(number), message });
  }
  if (findings.length === 0 && result.code !== 0) return [{ path: '', message: lastWords(result) }];
  return findings;
}

export const types: Check = {
  name: 'types',
  what: 'the type checker, in each project',
  run: async (repo) => {
    const findings: Finding[] = [];
    for (const project of PROJECTS.filter((path) => repo.files.includes(path))) {
      findings.push(...readTypes(await runTypes(repo.root, project)));
    }
    return findings;
  },
};
