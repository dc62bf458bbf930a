import { dirname, join, normalize } from 'node:path';
import type { Check, Finding, Repo } from './kinds.ts';
import { isGenerated, lineAt } from './repo.ts';

/** The settings that people can give; where they are read, and where they are explained. */
const SETTINGS_SOURCE = 'server/src/platform/config.ts';
const SETTINGS_PAPER = 'README.md';

const CALCULATIONS = 'docs/calculations.md';
const CALCULATION_FIELDS = ['Decision', 'Why', 'Source', 'Code', 'Tests'];

const GLOSSARY = 'GLOSSARY.md';

function exists(repo: Repo, path: string): boolean {
  const wanted = path.replace(/\/$/, '');
  return repo.files.some((file) => file === wanted || file.startsWith(`${wanted}/`));
}

/** The anchors of a Markdown text, as the usual renderers make them from headings. */
function anchors(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  );
}

/** Links inside the repository lead to something that is there. */
export function deadLinks(repo: Repo): readonly Finding[] {
  const findings: Finding[] = [];
  for (const path of repo.files.filter((file) => file.endsWith('.md') && !isGenerated(file))) {
    const text = repo.read(path);
    for (const match of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const [target = '', anchor] = (match[1] ?? '').split('#');
      if (/^[a-z]+:/.test(target)) continue;
      const file = target === '' ? path : normalize(join(dirname(path), target));
      const line = lineAt(text, match.index);
      if (!exists(repo, file)) findings.push({ path, line, message: `links to ${file}, which is not there` });
      else if (anchor !== undefined && file.endsWith('.md') && !anchors(repo.read(file)).has(anchor)) {
        findings.push({ path, line, message: `links to #${anchor}, which is no heading of ${file}` });
      }
    }
  }
  return findings;
}

/** Comments that send the reader to a paper, or to a rule in it by its title, send them somewhere. */
export function deadReferences(repo: Repo): readonly Finding[] {
  const findings: Finding[] = [];
  for (const path of repo.files.filter(
    (file) => /\.(?:tsx?|mjs|cjs|sql|sh)$/.test(file) && !isGenerated(file),
  )) {
    if (path.startsWith('tools/check/')) continue;
    const text = repo.read(path);
    for (const match of text.matchAll(/\b(docs\/[\w/-]+\.md)(?:, ["“]([^"”\n]+)["”])?/g)) {
      const [, paper = '', title] = match;
      const line = lineAt(text, match.index);
      if (!exists(repo, paper)) {
        findings.push({ path, line, message: `speaks of ${paper}, which is not there` });
      } else if (title !== undefined && !repo.read(paper).includes(`# ${title}\n`)) {
        findings.push({ path, line, message: `speaks of “${title}”, which is no heading of ${paper}` });
      }
    }
  }
  return findings;
}

/** The README's table of settings and the code that reads them name the same ones. */
export function settings(repo: Repo): readonly Finding[] {
  if (!repo.files.includes(SETTINGS_SOURCE)) return [];
  const NAME = /\b(?:PM_[A-Z_]+|DATABASE_[A-Z_]*URL|REDIS_URL|PORT|HOST|ECB_BASE_URL|[A-Z]+_API_KEY)\b/g;
  const read = new Set(repo.read(SETTINGS_SOURCE).match(NAME) ?? []);
  const rows = [...repo.read(SETTINGS_PAPER).matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1] ?? '');
  const explained = new Set(rows);
  return [
    ...[...read.difference(explained)].map((name) => ({
      path: SETTINGS_PAPER,
      message: `does not explain the setting ${name}`,
    })),
    ...[...explained.difference(read)].map((name) => ({
      path: SETTINGS_PAPER,
      message: `explains ${name}, which ${SETTINGS_SOURCE} does not read`,
    })),
  ];
}

/** Each rule of money says what, why, by whose authority, where, and how it is tested. */
export function calculations(repo: Repo): readonly Finding[] {
  if (!repo.files.includes(CALCULATIONS)) return [];
  const text = repo.read(CALCULATIONS);
  const findings: Finding[] = [];
  for (const section of text.split(/^(?=## )/m).filter((part) => part.startsWith('## '))) {
    const title = section.slice(3, section.indexOf('\n'));
    const line = lineAt(text, text.indexOf(section));
    for (const field of CALCULATION_FIELDS) {
      if (!section.includes(`- **${field}**`)) {
        findings.push({ path: CALCULATIONS, line, message: `“${title}” has no ${field}` });
      }
    }
    const tests = /^- \*\*Tests\*\*(.*)$/m.exec(section)?.[1] ?? '';
    if (tests !== '' && !/`[^`]+\.test\.tsx?`/.test(tests)) {
      findings.push({ path: CALCULATIONS, line, message: `“${title}” names no file of tests` });
    }
    for (const [, path = ''] of section.matchAll(/`((?:domain|contracts|server|web|tests|db)\/[^`\s]+)`/g)) {
      if (!exists(repo, path)) {
        findings.push({
          path: CALCULATIONS,
          line,
          message: `“${title}” points at ${path}, which is not there`,
        });
      }
    }
  }
  return findings;
}

/** Every word once, in alphabetical order. */
export function glossary(repo: Repo): readonly Finding[] {
  if (!repo.files.includes(GLOSSARY)) return [];
  const text = repo.read(GLOSSARY);
  const terms = [...text.matchAll(/^\*\*([^*]+)\*\*/gm)].map((match) => ({
    term: match[1] ?? '',
    line: lineAt(text, match.index),
  }));
  const compare = new Intl.Collator('en-GB').compare;
  return terms.flatMap(({ term, line }, index) => {
    const before = terms[index - 1]?.term;
    if (before === undefined || compare(before, term) < 0) return [];
    const message =
      compare(before, term) === 0 ? `“${term}” stands twice` : `“${term}” belongs before “${before}”`;
    return [{ path: GLOSSARY, line, message }];
  });
}

/** `npm run …` in the papers names a script that exists. */
export function commands(repo: Repo): readonly Finding[] {
  const { scripts = {} } = JSON.parse(repo.read('package.json')) as { scripts?: Record<string, string> };
  return repo.files
    .filter((file) => file.endsWith('.md') && !isGenerated(file))
    .flatMap((path) => {
      const text = repo.read(path);
      return [...text.matchAll(/\bnpm run ([a-z]+)/g)]
        .filter((match) => scripts[match[1] ?? ''] === undefined)
        .map((match) => ({
          path,
          line: lineAt(text, match.index),
          message: `package.json has no script ${match[1] ?? ''}`,
        }));
    });
}

export const papers: Check = {
  name: 'papers',
  what: 'links, settings, commands, glossary and money rules in the papers are true',
  run: (repo) => [
    ...deadLinks(repo),
    ...deadReferences(repo),
    ...settings(repo),
    ...calculations(repo),
    ...glossary(repo),
    ...commands(repo),
  ],
};
