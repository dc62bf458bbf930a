/**
 * Builds the web app when it is missing or older than its sources: a bare clone has none.
 *
 * Contents: buildWebWhenStale
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Logger } from '#platform/log.ts';

import { CommandError } from './runtime.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const WEB = join(ROOT, 'web');
const DIST = join(WEB, 'dist');
const STAMP = join(DIST, '.built-from');
/** What the bundle is made of, besides the packages that the lock file names. */
const SOURCES = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/vite.config.ts',
  'web/lingui.config.ts',
  'web/package.json',
  'domain',
  'contracts',
  'package-lock.json',
];
/** A build under way, with the number of its process. */
const SIDE_PREFIX = '.dist-';
/** How much of a failed build's output is shown. */
const LAST_LINES = 15;

const filesUnder = async (path: string): Promise<string[]> => {
  const entries = await readdir(join(ROOT, path), { withFileTypes: true, recursive: true }).catch(() => null);
  if (entries === null) return [path];
  return entries
    .filter(
      (entry) =>
        entry.isFile() && !entry.parentPath.includes('node_modules') && !entry.name.includes('.test.'),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));
};

const fingerprint = async (): Promise<string> => {
  const hash = createHash('sha256');
  const files = (await Promise.all(SOURCES.map(filesUnder))).flat().toSorted();
  for (const file of files) hash.update(`${file}\0`).update(await readFile(join(ROOT, file)));
  return hash.digest('hex');
};

/**
 * Makes sure that `web/dist` is what the sources say.
 * @param signal ends a build that is under way
 * @throws {CommandError} with the build's last lines
 */
export const buildWebWhenStale = async (log: Logger, signal?: AbortSignal): Promise<void> => {
  const wanted = await fingerprint();
  const built = await readFile(STAMP, 'utf8').catch(() => '');
  if (built === wanted) return;
  log.info('Building the web app');
  const startedAt = performance.now();
  // In a side folder, so that a start that is killed leaves the last whole build.
  await removeSideFolders();
  const side = join(WEB, `${SIDE_PREFIX}${process.pid}`);
  try {
    await vite(side, signal);
    await writeFile(join(side, '.built-from'), wanted);
    await rm(DIST, { recursive: true, force: true });
    await rename(side, DIST);
  } finally {
    await rm(side, { recursive: true, force: true });
  }
  log.info({ ms: Math.round(performance.now() - startedAt) }, 'The web app is built');
};

/** Removes what builds that were killed have left behind. */
const removeSideFolders = async (): Promise<void> => {
  for (const name of await readdir(WEB)) {
    if (!name.startsWith(SIDE_PREFIX) || isRunning(Number(name.slice(SIDE_PREFIX.length)))) continue;
    await rm(join(WEB, name), { recursive: true, force: true });
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && Reflect.get(error, 'code') === 'EPERM';
  }
};

const vite = async (outDir: string, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        join(ROOT, 'node_modules/vite/bin/vite.js'),
        'build',
        WEB,
        '--outDir',
        outDir,
        '--emptyOutDir',
        '--logLevel',
        'warn',
      ],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...(signal === undefined ? {} : { signal }) },
    );
    const output: string[] = [];
    const keep = (chunk: Buffer): void => void output.push(chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) {
        resolve();
        return;
      }
      const last = output.join('').trim().split('\n').slice(-LAST_LINES).join('\n');
      reject(new CommandError(`The web app cannot be built:\n${last}`));
    });
  });
