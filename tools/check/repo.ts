import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding, Repo } from './kinds.ts';

/**
 * Opens the checkout at `root`. Reads are cached, because several checks look at the same files.
 * Throws when `root` is not a git checkout: without git nobody can say which files belong to the product.
 */
export function openRepo(root: string): Repo {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  // A file deleted but not yet committed is still listed; it is no longer part of the product.
  const files = [...new Set(listed.split('\0'))]
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .toSorted();
  const texts = new Map<string, string>();
  return {
    root,
    files,
    read(path) {
      const known = texts.get(path);
      if (known !== undefined) return known;
      const text = readFileSync(join(root, path), 'utf8');
      texts.set(path, text);
      return text;
    },
  };
}

/** A repository that exists only in memory: a check proves on one that it can fail. */
export function plantedRepo(texts: Readonly<Record<string, string>>): Repo {
  return {
    root: '/planted',
    files: Object.keys(texts).toSorted(),
    read(path) {
      const text = texts[path];
      if (text === undefined) throw new Error(`no planted file ${path}`);
      return text;
    },
  };
}

/** Text made by a program (`npm run generate`, a compiler of catalogues) is judged by the program, not by style. */
export function isGenerated(path: string): boolean {
  return (
    path.startsWith('docs/generated/') ||
    /\.generated\.[a-z]+$/.test(path) ||
    /\.gen\.tsx?$/.test(path) ||
    path === 'package-lock.json'
  );
}

/** Bytes in somebody else's format. */
export function isFixture(path: string): boolean {
  return path.includes('/fixtures/');
}

/** A file written by a person in a programming language that we hold to a size. */
export function isCode(path: string): boolean {
  return /\.(?:ts|tsx|mts|mjs|cjs|js|css|sh)$/.test(path) && !isGenerated(path) && !isFixture(path);
}

export function isTypeScript(path: string): boolean {
  return /\.tsx?$/.test(path) && isCode(path);
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith('tests/');
}

/** `path:line  message`, as editors and terminals make it clickable. */
export function showFinding(finding: Finding): string {
  const where = finding.line === undefined ? finding.path : `${finding.path}:${finding.line}`;
  return where === '' ? finding.message : `${where}  ${finding.message}`;
}

/** The 1-based line of the character at `offset`. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
