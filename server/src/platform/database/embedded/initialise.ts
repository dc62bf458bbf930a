/**
 * A new cluster, made in a side folder and renamed into place: a kill at any moment leaves either no cluster or a whole
 * one.
 */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { type Account, canEnter, giveTo } from './account.ts';
import type { Binaries } from './binaries.ts';
import { type DataPaths, unusableFolder } from './data-folder.ts';
import { SUPERUSER } from './endpoint.ts';
import { EmbeddedPostgresError, systemCode } from './errors.ts';
import type { Secrets } from './secrets.ts';

/** What `initialiseCluster` needs. */
export interface InitialiseRequest {
  readonly paths: DataPaths;
  readonly account: Account;
  readonly binaries: Binaries;
  readonly secrets: Secrets;
  readonly durability: 'full' | 'none';
  readonly signal: AbortSignal | undefined;
}

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;
const SIDE_SUFFIX = '.init-';
const LAST_LINES = 10;
/**
 * The character classes of the C library, which pg_trgm and citext use; the order of texts does not depend on it.
 * With plain C, trigrams lose every letter that is not ASCII.
 */
const CHARACTER_CLASSES = ['C.UTF-8', 'en_US.UTF-8', 'C'] as const;
const UNKNOWN_LOCALE = /invalid locale (?:name|settings)/iu;

/** How a process that cannot enter the folders above it names the folder it was started in (Linux). */
const WORKING_FOLDER = '/proc/self/cwd';

/**
 * The path by which the account's processes know a folder. An account that root lends to may not be able to enter the
 * folders above (a checkout in a private home): it is then started inside the folder, which needs no way there.
 */
export const pathFor = (folder: string, account: Account): string =>
  canEnter(folder, account) ? folder : WORKING_FOLDER;

/**
 * Makes the cluster, unless another start was faster.
 * @throws {EmbeddedPostgresError} `initdb_failed`, `data_folder_unusable` or `aborted`
 */
export const initialiseCluster = async (request: InitialiseRequest): Promise<void> => {
  const { paths, account, secrets } = request;
  let side: string;
  try {
    side = mkdtempSync(`${paths.cluster}${SIDE_SUFFIX}`);
  } catch (error) {
    throw unusableFolder(paths.root, error);
  }
  try {
    const cluster = join(side, 'data');
    const password = join(side, 'password');
    mkdirSync(cluster, { mode: OWNER_ONLY_FOLDER });
    writeFileSync(password, `${secrets.superuser}\n`, { mode: OWNER_ONLY_FILE });
    for (const path of [side, cluster, password]) giveTo(path, account);
    await runInitdb(request, cluster);
    // The account's own, not ours by mask or by a set-group-id folder.
    chmodSync(cluster, OWNER_ONLY_FOLDER);
    moveIntoPlace(cluster, paths.cluster);
  } catch (error) {
    // Another start was faster and has swept our side folder away: its cluster is as good as ours.
    if (request.signal?.aborted !== true && existsSync(join(paths.cluster, 'PG_VERSION'))) return;
    throw error;
  } finally {
    rmSync(side, { recursive: true, force: true });
  }
};

/** Removes what starts that were killed have left behind. */
export const removeSideFolders = (paths: DataPaths): void => {
  const prefix = `${paths.cluster.slice(dirname(paths.cluster).length + 1)}${SIDE_SUFFIX}`;
  for (const name of readdirSync(dirname(paths.cluster))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(paths.cluster), name), { recursive: true, force: true });
  }
};

const moveIntoPlace = (from: string, to: string): void => {
  try {
    renameSync(from, to);
  } catch (error) {
    // Another start made the cluster in between: its is as good as ours.
    if (systemCode(error) === 'ENOTEMPTY' || systemCode(error) === 'EEXIST') return;
    throw unusableFolder(dirname(to), error);
  }
  const folder = openSync(dirname(to), 'r');
  fsyncSync(folder);
  closeSync(folder);
};

const runInitdb = async (request: InitialiseRequest, cluster: string): Promise<void> => {
  let output = '';
  for (const characterClasses of CHARACTER_CLASSES) {
    const result = await spawnInitdb(request, cluster, characterClasses);
    if (result.ok) return;
    output = result.output;
    if (!UNKNOWN_LOCALE.test(output)) break;
  }
  request.signal?.throwIfAborted();
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const reason =
    lines.find((line) => /error:|FATAL:|PANIC:/u.test(line)) ?? lines.at(-1) ?? 'it gave no reason';
  throw new EmbeddedPostgresError(
    'initdb_failed',
    `PostgreSQL could not make its database in ${request.paths.root}: ${reason.replace(/^initdb: error: /u, '').trim()}.`,
    { lastLines: lines.slice(-LAST_LINES) },
  );
};

const spawnInitdb = (
  { account, binaries, durability, signal }: InitialiseRequest,
  cluster: string,
  characterClasses: string,
): Promise<{ ok: boolean; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(
      binaries.initdb,
      [
        `--pgdata=${pathFor(cluster, account)}`,
        `--username=${SUPERUSER}`,
        // Relative to the new cluster: the account may not be able to enter the folders above.
        '--pwfile=../password',
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        `--lc-ctype=${characterClasses}`,
        '--data-checksums',
        '--wal-segsize=1',
        '--no-instructions',
        ...(durability === 'none' ? ['--no-sync'] : []),
      ],
      // In a session of its own, so that a Ctrl-C reaches it through our own shutdown only.
      {
        ...account.ids,
        cwd: cluster,
        env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const abort = (): boolean => child.kill('SIGKILL');
    signal?.addEventListener('abort', abort);
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => {
      signal?.removeEventListener('abort', abort);
      resolve({ ok: code === 0, output });
    });
  });
