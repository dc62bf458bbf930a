import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Check, Finding } from './kinds.ts';
import {
  PLANTED_NEIGHBOURS,
  PLANTED_PACKAGES,
  PLANTED_VIOLATIONS,
  SOUND_HOUSE,
} from './planted-violations.ts';
import { lastWords, runTool, type ToolResult } from './run-tool.ts';

const ROOMS = ['domain', 'contracts', 'server', 'web', 'tests', 'tools'];

/** Below this the cruiser did not see the house (it once saw a single module and reported no violation). */
const MODULES_MIN = 60;

interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

interface Cruise {
  readonly modules: number;
  readonly violations: readonly Violation[];
}

/** The part of dependency-cruiser's JSON that we read. */
interface CruiserJson {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
      readonly cycle?: readonly { readonly name: string }[];
    }[];
  };
}

/** Cruises the rooms under `root` with the rules that stand in that folder. */
async function cruise(cruiser: string, root: string): Promise<Cruise | ToolResult> {
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...ROOMS];
  const result = await runTool(cruiser, args, root);
  if (!result.stdout.startsWith('{')) return result;
  const { summary } = JSON.parse(result.stdout) as CruiserJson;
  return {
    modules: summary.totalCruised,
    violations: summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      from,
      to: cycle === undefined ? to : cycle.map((step) => step.name).join(' → '),
    })),
  };
}

/** Writes the planted house into `root`, whole with its own packages, so that no rule leans on the real one. */
function plant(repoRoot: string, root: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const config of ['.dependency-cruiser.cjs', 'tsconfig.json', 'tsconfig.base.json']) {
    cpSync(join(repoRoot, config), join(root, config));
  }
  const manifest: Record<string, Record<string, string>> = { dependencies: {}, devDependencies: {} };
  for (const [name, kind] of Object.entries(PLANTED_PACKAGES)) {
    const section = manifest[kind];
    if (section !== undefined) section[name] = '1.0.0';
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'exports.x = 1;\n');
  }
  write('package.json', JSON.stringify({ name: 'planted', type: 'module', ...manifest }));
  for (const [path, text] of Object.entries({ ...SOUND_HOUSE, ...PLANTED_NEIGHBOURS })) write(path, text);
  for (const { from, text } of PLANTED_VIOLATIONS) if (text !== '') write(from, text);
}

/** What the rules fail to catch, or catch without cause, in the planted house. */
function judgePlanted(seen: Cruise): readonly Finding[] {
  const key = ({ rule, from }: { rule: string; from: string }): string => `${rule} in ${from}`;
  const expected = new Set(PLANTED_VIOLATIONS.map(key));
  const found = new Set(seen.violations.map(key));
  const path = '.dependency-cruiser.cjs';
  return [
    ...[...expected.difference(found)].map((name) => ({
      path,
      message: `did not catch the planted ${name}`,
    })),
    ...[...found.difference(expected)].map((name) => ({ path, message: `complains without cause: ${name}` })),
  ];
}

/**
 * Cruises a planted house in a temporary folder with the real rules.
 * `edit` changes the rules' text first: the test uses it to show that a rule taken away is noticed.
 */
export async function proveRules(
  repoRoot: string,
  edit?: (folder: string) => void,
): Promise<readonly Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pm-boundaries-'));
  try {
    plant(repoRoot, folder);
    edit?.(folder);
    const seen = await cruise(cruiserOf(repoRoot), folder);
    if ('code' in seen) return [{ path: '.dependency-cruiser.cjs', message: lastWords(seen) }];
    return judgePlanted(seen);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function cruiserOf(root: string): string {
  return join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
}

/** Every rule of .dependency-cruiser.cjs must have a planted violation, so that none is there for show. */
export function rulesWithoutProof(configText: string): readonly string[] {
  const names = [...configText.matchAll(/^\s+name: '([^']+)'/gm)].map((match) => match[1] ?? '');
  const proven = new Set(PLANTED_VIOLATIONS.map(({ rule }) => rule));
  return names.filter((name) => !proven.has(name));
}

export const boundaries: Check = {
  name: 'boundaries',
  what: 'who imports whom, cycles, and that each rule catches its planted violation',
  run: async (repo) => {
    const [seen, proof] = await Promise.all([cruise(cruiserOf(repo.root), repo.root), proveRules(repo.root)]);
    if ('code' in seen) return [{ path: '', message: lastWords(seen) }];
    const findings: Finding[] = seen.violations.map(({ rule, from, to }) => ({
      path: from,
      message: `${rule}: imports ${to}`,
    }));
    if (seen.modules < MODULES_MIN) {
      findings.push({
        path: '',
        message: `saw ${seen.modules} modules, fewer than ${MODULES_MIN}: it is blind`,
      });
    }
    for (const name of rulesWithoutProof(repo.read('.dependency-cruiser.cjs'))) {
      findings.push({ path: '.dependency-cruiser.cjs', message: `rule ${name} has no planted violation` });
    }
    return [...findings, ...proof];
  },
};
