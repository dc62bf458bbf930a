import type { Check, Finding, Repo } from './kinds.ts';
import { isFixture, isGenerated, isTest, lineAt } from './repo.ts';

/** A spelling that does not belong in the product, where it does not belong, and why. */
export interface WordRule {
  readonly name: string;
  readonly pattern: RegExp;
  applies(path: string): boolean;
  readonly why: string;
  /** A text that the rule must catch; the test plants it. */
  readonly example: { readonly path: string; readonly text: string };
}

const isProduct = (path: string): boolean =>
  /^(?:domain|contracts|server\/src|web\/src)\//.test(path) && /\.tsx?$/.test(path) && !isTest(path);
const isMigration = (path: string): boolean => path.startsWith('db/') && path.endsWith('.sql');
const isProse = (path: string): boolean => /\.(?:md|po)$/.test(path);
const everywhere = (): boolean => true;

export const WORD_RULES: readonly WordRule[] = [
  {
    name: 'unfinished',
    pattern: /\b(?:TODO|FIXME|HACK)\b/g,
    applies: everywhere,
    why: 'finish it, or write down the decision not to',
    example: { path: 'domain/money/x.ts', text: '// TODO round' },
  },
  {
    name: 'silenced types',
    pattern: /@ts-(?:ignore|nocheck)\b/g,
    applies: everywhere,
    why: 'the type checker is right until shown otherwise',
    example: { path: 'web/src/x.tsx', text: '// @ts-ignore' },
  },
  {
    name: 'machine path',
    pattern: /(?<![\w.:/~-])\/(?:work|root|home|Users|tmp)\/[\w.]/g,
    applies: everywhere,
    why: 'a path of one machine; use os.tmpdir(), import.meta.dirname or a setting',
    example: { path: 'tools/x.ts', text: "const data = '/home/ann/data';" },
  },
  {
    name: 'registry host',
    pattern: /https?:\/\/[^\s"'`)]*(?:registry\.|\bnpmjs\b|artifactory|\bnexus\b|deb\.debian)[^\s"'`)]*/g,
    applies: everywhere,
    why: 'where packages come from is the affair of the machine, not of the product',
    example: { path: '.npmrc', text: 'registry=https://registry.example.org/' },
  },
  {
    name: 'ticket',
    pattern: /\b(?:issues?|ticket|PR)\s+#?\d+\b/gi,
    applies: everywhere,
    why: 'say the reason itself: a number means nothing to the reader',
    example: { path: 'docs/x.md', text: 'As asked in issue #7.' },
  },
  {
    name: 'private key',
    pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g,
    applies: (path) => !isTest(path),
    why: 'secrets live in the data folder, never in the repository',
    example: { path: 'server/src/platform/x.ts', text: '-----BEGIN PRIVATE KEY-----' },
  },
  {
    name: 'float from text',
    pattern: /\bparseFloat\s*\(/g,
    applies: (path) => isProduct(path),
    why: 'money, prices, quantities and rates are decimals: @pm/domain/money',
    example: { path: 'web/src/x.ts', text: 'const price = Number.parseFloat(text);' },
  },
  {
    name: 'clock in the domain',
    pattern: /\b(?:Temporal\.Now|Date\.now|new Date|Math\.random|process\.env)\b/g,
    applies: (path) => path.startsWith('domain/') && isProduct(path),
    why: 'domain is pure: the caller passes days, instants and randomness',
    example: { path: 'domain/calendar/x.ts', text: 'const today = Temporal.Now.plainDateISO();' },
  },
  {
    name: 'legacy dates',
    pattern: /\bnew Date\s*\(/g,
    applies: (path) => path.startsWith('contracts/') || path.startsWith('server/src/features/'),
    why: 'a ledger day is a Temporal.PlainDate, an event a Temporal.Instant',
    example: { path: 'server/src/features/ledger/service.ts', text: 'const day = new Date(text);' },
  },
  {
    name: 'inexact column',
    pattern:
      /^\s+(?:ADD COLUMN )?[a-z_]+ (?:double precision|float[48]?|real|money)\b|::\s*(?:double precision|float[48]?|real|money)\b/gim,
    applies: isMigration,
    why: 'amounts are NUMERIC; a binary fraction loses pence',
    example: { path: 'db/migrations/0001_x.sql', text: '  price double precision NOT NULL,' },
  },
  {
    name: 'time without zone',
    pattern: /\btimestamp\b(?!\s*(?:\(\d\)\s*)?with time zone)/gi,
    applies: (path) => path.startsWith('db/migrations/') && isMigration(path),
    why: 'instants are timestamptz, days are date',
    example: { path: 'db/migrations/0001_x.sql', text: '  created_at TIMESTAMP DEFAULT now(),' },
  },
  {
    name: 'American spelling',
    pattern:
      /\b(?:behaviors?|favorites?|colors?|centers?|catalogs?|labeled|canceled|analyze[ds]?|optimiz\w+)\b(?![-=:(`])/gi,
    applies: isProse,
    why: 'British English',
    example: { path: 'README.md', text: 'The color of the bar.' },
  },
];

/** The rules themselves, and the tests that plant them, may spell what they forbid. */
const OWN_FILES = /^tools\/check\/words(?:\.test)?\.ts$/;

/** Files in which words are checked: text that people write. */
function isText(path: string): boolean {
  const binary = /\.(?:png|jpe?g|webp|ico|woff2?|zip|gz|xlsx)$/.test(path);
  return !binary && !isGenerated(path) && !isFixture(path) && path !== 'LICENSE' && !OWN_FILES.test(path);
}

function findWords(repo: Repo, path: string): readonly Finding[] {
  const text = repo.read(path);
  return WORD_RULES.filter((rule) => rule.applies(path)).flatMap((rule) =>
    [...text.matchAll(rule.pattern)].map((match) => ({
      path,
      line: lineAt(text, match.index),
      message: `${rule.name}, “${match[0].trim()}”: ${rule.why}`,
    })),
  );
}

export const words: Check = {
  name: 'words',
  what: 'no forbidden words, paths or hosts',
  run: (repo) => repo.files.filter(isText).flatMap((path) => findWords(repo, path)),
};
