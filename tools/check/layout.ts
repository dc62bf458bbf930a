import type { Check, Finding, Repo } from './kinds.ts';

/** The nouns of the house: one spelling in every room. */
export const NOUNS = [
  'identity',
  'portfolios',
  'ledger',
  'instruments',
  'market-data',
  'look-through',
  'valuation',
  'allocation',
  'alerts',
  'news',
  'education',
  'assistant',
  'imports',
  'privacy',
  'operations',
  // The demonstration household, made through the services of the others.
  'demo',
];

/** Where folders (or files) carry the nouns, and what else may stand beside them. */
const ROOMS: readonly { readonly pattern: RegExp; readonly also: readonly string[] }[] = [
  { pattern: /^server\/src\/features\/([^/]+)\//, also: [] },
  { pattern: /^web\/src\/features\/([^/]+)\//, also: [] },
  { pattern: /^contracts\/([^/]+?)(?:\.test)?\.ts$/, also: ['index', 'common', 'route', 'stream'] },
];

/** Everything that stands at the root, so that nothing is left there by accident. */
const ROOT_FOLDERS = new Set(['.ci', 'contracts', 'db', 'docs', 'domain', 'server', 'tests', 'tools', 'web']);

function strangers(repo: Repo): readonly Finding[] {
  const findings: Finding[] = [];
  for (const path of repo.files) {
    for (const { pattern, also } of ROOMS) {
      const noun = pattern.exec(path)?.[1];
      if (noun === undefined || NOUNS.includes(noun) || also.includes(noun)) continue;
      findings.push({ path, message: `${noun} is none of the nouns of the house (${NOUNS.join(', ')})` });
    }
    const folder = path.includes('/') ? path.slice(0, path.indexOf('/')) : undefined;
    if (folder !== undefined && !ROOT_FOLDERS.has(folder)) {
      findings.push({ path, message: `${folder}/ is no room of the house: see ARCHITECTURE.md` });
    }
  }
  return findings;
}

/** Migrations run in the order of their numbers, once. Numbers may leave gaps, but two of one number have no order. */
function migrationNames(repo: Repo): readonly Finding[] {
  const seen = new Map<string, string>();
  const findings: Finding[] = [];
  for (const path of repo.files.filter((file) => /^db\/migrations\/[^/]+$/.test(file))) {
    const number = /^db\/migrations\/(\d{4})_[a-z0-9_]+\.sql$/.exec(path)?.[1];
    if (number === undefined) {
      findings.push({ path, message: 'migrations are called 0042_words_with_underscores.sql' });
      continue;
    }
    const twin = seen.get(number);
    if (twin !== undefined) findings.push({ path, message: `has the number of ${twin}` });
    seen.set(number, path);
  }
  return findings;
}

export const layout: Check = {
  name: 'layout',
  what: 'folders carry the nouns of the house, each migration has a number of its own',
  run: (repo) => [...strangers(repo), ...migrationNames(repo)],
};
