/* The checks that lean on a tool: each is shown a planted fault, with our own configuration, and must see it. */
import { expect, test } from 'vitest';
import { boundaries, proveRules, rulesWithoutProof } from './boundaries.ts';
import { readKnip, runKnip } from './dead-code.ts';
import { readFormatter, runFormatter } from './format.ts';
import { readLinter, runLinter } from './lint.ts';
import { withPlantedFolder } from './planted-folder.ts';
import { openRepo, showFinding } from './repo.ts';
import { readTypes, runTypes } from './types.ts';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const REPO = join(import.meta.dirname, '../..');
const TOOL_TIMEOUT_MS = 60_000;
const CONFIGS = ['.gitignore', 'tsconfig.json', 'tsconfig.base.json', '.oxlintrc.json', '.oxfmtrc.jsonc'];

test(
  'lint sees a promise that nobody awaits, which needs types, and an any',
  { timeout: TOOL_TIMEOUT_MS },
  async () => {
    const texts = {
      'tools/x.ts':
        'async function late(): Promise<void> {}\nexport function now(x: any): void {\n  late();\n  late(x);\n}\n',
    };
    const findings = await withPlantedFolder(CONFIGS, texts, async (root) =>
      readLinter(await runLinter(root)),
    );
    const seen = findings.map(showFinding);
    expect(seen).toContainEqual(expect.stringMatching(/^tools\/x\.ts:3 .*no-floating-promises/));
    expect(seen).toContainEqual(expect.stringMatching(/^tools\/x\.ts:2 .*no-explicit-any/));
  },
);

test(
  'lint keeps the clock, the environment and random numbers out of the domain',
  { timeout: TOOL_TIMEOUT_MS },
  async () => {
    const texts = {
      'domain/ledger/index.ts': 'export const x = [new Date(), Temporal.Now, Math.random(), process.env];\n',
    };
    const findings = await withPlantedFolder(CONFIGS, texts, async (root) =>
      readLinter(await runLinter(root)),
    );
    const seen = findings.map(showFinding).join('\n');
    expect(seen).toContain('domain has no Date');
    expect(seen).toContain("'Temporal.Now' is restricted");
    expect(seen).toContain("'Math.random' is restricted");
    expect(seen).toContain('no environment');
  },
);

test(
  'format sees a file that is not formatted, and one it cannot read',
  { timeout: TOOL_TIMEOUT_MS },
  async () => {
    const list = (text: string) =>
      withPlantedFolder(CONFIGS, { 'tools/x.ts': text }, async (root) =>
        readFormatter(await runFormatter(root, ['--list-different', 'tools'])),
      );
    expect(await list('export const x = 1;\n')).toEqual([]);
    expect((await list('export   const x = "1"')).map(({ path }) => path)).toEqual(['tools/x.ts']);
    expect(await list('export const = ;')).toHaveLength(1);
  },
);

test('types sees a wrong type and an index that may be missing', { timeout: TOOL_TIMEOUT_MS }, async () => {
  const texts = {
    'package.json': '{ "type": "module" }',
    'tools/x.ts':
      "const list: string[] = [];\nexport const first: string = list[0];\nexport const n: number = '1';\n",
  };
  const findings = await withPlantedFolder(CONFIGS, texts, async (root) =>
    readTypes(await runTypes(root, 'tsconfig.json')),
  );
  expect(findings.map(showFinding)).toEqual([
    expect.stringMatching(/^tools\/x\.ts:2 .*'string \| undefined'/),
    expect.stringMatching(/^tools\/x\.ts:3 .*'number'/),
  ]);
});

test('dead-code sees a file and an export that nobody uses', { timeout: TOOL_TIMEOUT_MS }, async () => {
  const texts = {
    'package.json': '{ "name": "planted", "type": "module" }',
    'knip.json': '{ "entry": ["tools/main.ts"], "project": ["tools/**/*.ts"] }',
    'tools/main.ts': "import { used } from './lib.ts';\nconsole.log(used);\n",
    'tools/lib.ts': 'export const used = 1;\nexport const unused = 2;\n',
    'tools/forgotten.ts': 'export const x = 1;\n',
  };
  const findings = await withPlantedFolder([], texts, async (root) => readKnip(await runKnip(root)));
  expect(findings.map(showFinding).toSorted()).toEqual([
    'tools/forgotten.ts  files: tools/forgotten.ts',
    'tools/lib.ts:2  exports: unused',
  ]);
});

test(
  'boundaries: every rule has a planted violation and catches it',
  { timeout: TOOL_TIMEOUT_MS },
  async () => {
    expect(await proveRules(REPO)).toEqual([]);
    expect(rulesWithoutProof(readFileSync(join(REPO, '.dependency-cruiser.cjs'), 'utf8'))).toEqual([]);
    expect(rulesWithoutProof("    name: 'for-show',\n")).toEqual(['for-show']);
  },
);

test('boundaries: a rule that lost its teeth is noticed', { timeout: TOOL_TIMEOUT_MS }, async () => {
  const findings = await proveRules(REPO, (folder) => {
    const config = join(folder, '.dependency-cruiser.cjs');
    writeFileSync(config, readFileSync(config, 'utf8').replace("'^(server|tools|tests)/'", "'^nowhere/'"));
  });
  expect(findings.map(({ message }) => message)).toEqual([
    'did not catch the planted web-never-imports-server in web/src/app/server-side.ts',
  ]);
});

test('boundaries: a rule that is too strict is noticed', { timeout: TOOL_TIMEOUT_MS }, async () => {
  const findings = await proveRules(REPO, (folder) => {
    appendFileSync(
      join(folder, 'server/src/entry/api.ts'),
      "export * from '../features/ledger/service.ts';\n",
    );
  });
  expect(findings.map(({ message }) => message)).toEqual([
    'complains without cause: entry-through-the-front-door in server/src/entry/api.ts',
  ]);
});

test('boundaries: a cruiser that sees next to nothing is noticed', { timeout: TOOL_TIMEOUT_MS }, async () => {
  const folders = ['domain', 'contracts', 'server', 'web', 'tests', 'tools'];
  const texts = Object.fromEntries(folders.map((folder) => [`${folder}/x.ts`, 'export const x = 1;\n']));
  const messages = await withPlantedFolder(
    ['.dependency-cruiser.cjs', 'tsconfig.json', 'tsconfig.base.json', 'package.json'],
    texts,
    async (root) => {
      const findings = await boundaries.run({ ...openRepo(REPO), root });
      return findings.map(({ message }) => message);
    },
  );
  expect(messages).toContain('saw 6 modules, fewer than 60: it is blind');
});
