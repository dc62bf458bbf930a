import { join } from 'node:path';
import type { Check, Finding } from './kinds.ts';
import { lastWords, runTool, type ToolResult } from './run-tool.ts';

/** Looks in `root` for files, exports and dependencies that nobody uses. */
export function runKnip(root: string): Promise<ToolResult> {
  return runTool(join(root, 'node_modules/knip/bin/knip.js'), ['--reporter', 'json', '--no-progress'], root);
}

/** One thing nobody uses, in the tool's JSON. */
interface Unused {
  readonly name: string;
  readonly line?: number;
}

/** Reads the tool's JSON: an object per file, each with one list per kind of finding. */
export function readKnip(result: ToolResult): readonly Finding[] {
  if (!result.stdout.trimStart().startsWith('{')) {
    return result.code === 0 ? [] : [{ path: '', message: lastWords(result) }];
  }
  const { issues } = JSON.parse(result.stdout) as {
    readonly issues: readonly ({ readonly file: string } & Record<string, unknown>)[];
  };
  const findings: Finding[] = [];
  for (const { file, ...kinds } of issues) {
    for (const [kind, list] of Object.entries(kinds)) {
      if (!Array.isArray(list)) continue;
      for (const { name, line } of list.flat() as readonly Unused[]) {
        findings.push({ path: file, ...(line === undefined ? {} : { line }), message: `${kind}: ${name}` });
      }
    }
  }
  if (findings.length === 0 && result.code !== 0) findings.push({ path: '', message: lastWords(result) });
  return findings;
}

export const deadCode: Check = {
  name: 'dead-code',
  what: 'no file, export or dependency that nobody uses',
  run: async (repo) => readKnip(await runKnip(repo.root)),
};
