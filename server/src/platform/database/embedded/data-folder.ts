/**
 * The data folder and the cluster in it, looked at before PostgreSQL is let near it, so that what is wrong with them
 * is said in a sentence about folders.
 *
 *   <data folder>/pg18/               the cluster; named by major version, so that a later one can stand beside it
 *   <data folder>/pg18.secrets.json   its passwords
 *   <data folder>/pg18.log            what the server says
 */
import {
  type Stats,
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

import { type Account, accountName, giveTreeTo } from './account.ts';
import { EmbeddedPostgresError, systemCode } from './errors.ts';

/** PostgreSQL's major version, which fixes the format of the folder. */
const MAJOR_VERSION = '18';

/** Where things are. All paths are real ones, without symbolic links. */
export interface DataPaths {
  readonly root: string;
  readonly cluster: string;
  readonly secrets: string;
  readonly log: string;
}

const OWNER_ONLY = 0o700;
/** A folder made by root is entered, but not listed, by the account that PostgreSQL runs under. */
const PASSABLE = 0o711;
/** The modes that PostgreSQL accepts for a cluster. */
const ACCEPTED_MODES: readonly number[] = [0o700, 0o750];
const MODE_DIGITS = 0o1000;
/** PG_CONTROL_FILE_SIZE of PostgreSQL's pg_control.h. */
const CONTROL_FILE_BYTES = 8192;

/** What initdb makes and a server needs, so that a half-copied folder is recognised. */
const REQUIRED = [
  'global/pg_control',
  'global/pg_filenode.map',
  'base/1',
  'pg_wal',
  'pg_xact',
  'pg_multixact/members',
  'pg_multixact/offsets',
  'pg_commit_ts',
  'pg_dynshmem',
  'pg_logical/mappings',
  'pg_logical/snapshots',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_tblspc',
  'pg_twophase',
  'postgresql.conf',
  'pg_hba.conf',
] as const;

/**
 * Makes the data folder when it is missing and checks that it can be written.
 * @throws {EmbeddedPostgresError} `data_folder_unusable`
 */
export const prepareDataFolder = (dataDir: string): DataPaths => {
  const folder = resolve(dataDir);
  try {
    const made = mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
    if (made !== undefined && process.geteuid?.() === 0) chmodSync(folder, PASSABLE);
    accessSync(folder, constants.W_OK);
    const root = realpathSync(folder);
    const cluster = join(root, `pg${MAJOR_VERSION}`);
    return {
      root,
      cluster: existsSync(cluster) ? realpathSync(cluster) : cluster,
      secrets: `${cluster}.secrets.json`,
      log: `${cluster}.log`,
    };
  } catch (error) {
    throw unusableFolder(folder, error);
  }
};

/** Says in one sentence why a file or folder cannot be used. */
export const unusableFolder = (path: string, cause: unknown): EmbeddedPostgresError => {
  const code = systemCode(cause) ?? '';
  const reasons: Readonly<Record<string, string>> = {
    EACCES: `cannot be written${ownerNote(path)}: give it to the account that starts the program`,
    EPERM: `cannot be written${ownerNote(path)}: give it to the account that starts the program`,
    EROFS: 'is on a read-only file system',
    ENOSPC: 'is on a full disk: make room',
    EDQUOT: 'is over its disk quota: make room',
    ENOTDIR: 'cannot be made, because a file is in its way',
    EEXIST: 'is not a folder',
  };
  const reason = reasons[code] ?? `cannot be used (${code === '' ? String(cause) : code})`;
  return new EmbeddedPostgresError(
    'data_folder_unusable',
    `The data folder ${path} ${reason}, or set PM_DATA_DIR to another folder.`,
    { cause },
  );
};

const ownerNote = (path: string): string => {
  try {
    return ` (it belongs to ${accountName(statSync(path).uid)})`;
  } catch {
    return '';
  }
};

/** The cluster's folder as it lies there; `undefined` when there is none, or an empty one. */
export const clusterStats = (cluster: string): Stats | undefined => {
  try {
    const stats = statSync(cluster);
    if (stats.isDirectory() && isReadable(cluster) && readdirSync(cluster).length === 0) return undefined;
    return stats;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw unusableFolder(cluster, error);
  }
};

const isReadable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.R_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * Checks a cluster that is there, and mends what copying and moving does to owner and mode.
 * @throws {EmbeddedPostgresError} `data_folder_foreign`, `data_folder_broken` or `data_folder_version`
 */
export const checkCluster = (cluster: string, stats: Stats, account: Account): void => {
  if (!stats.isDirectory()) throw broken(cluster, 'it is not a folder');
  const ownUid = account.ids?.uid ?? process.geteuid?.();
  if (account.ids === undefined && stats.uid !== ownUid) {
    throw new EmbeddedPostgresError(
      'data_folder_foreign',
      `The database in ${cluster} belongs to ${accountName(stats.uid)}, not to ${account.name}: start as ${accountName(stats.uid)} (or as root, if root started it before), or set PM_DATA_DIR to another folder.`,
    );
  }
  checkVersion(cluster);
  const entries = REQUIRED.map((name) => ({ name, stats: statOrUndefined(join(cluster, name)) }));
  const missing = entries.filter((entry) => entry.stats === undefined).map(({ name }) => name);
  if (missing.length > 0) {
    throw broken(cluster, `${missing[0] ?? ''} is missing${andMore(missing.length - 1)}`);
  }
  const control = entries[0]?.stats?.size;
  if (control !== CONTROL_FILE_BYTES) throw broken(cluster, 'global/pg_control is cut short');
  if (stats.uid !== ownUid || entries.some((entry) => entry.stats?.uid !== ownUid)) {
    giveTreeTo(cluster, account);
  }
  if (!ACCEPTED_MODES.includes(stats.mode % MODE_DIGITS)) chmodSync(cluster, OWNER_ONLY);
};

const checkVersion = (cluster: string): void => {
  const content = textOrUndefined(join(cluster, 'PG_VERSION'));
  if (content === undefined) throw broken(cluster, 'PG_VERSION is missing');
  const version = content.trim();
  if (version === MAJOR_VERSION) return;
  if (!/^\d+(?:\.\d+)?$/u.test(version)) throw broken(cluster, 'PG_VERSION holds no version');
  throw new EmbeddedPostgresError(
    'data_folder_version',
    `The database in ${cluster} was made by PostgreSQL ${version}, but this program runs PostgreSQL ${MAJOR_VERSION}: start the program that made it, or move the folder away to begin anew.`,
  );
};

const broken = (cluster: string, what: string): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'data_folder_broken',
    `The database in ${cluster} is damaged or was copied only in part (${what}): restore it from a backup, or move the folder away to begin anew.`,
  );

const andMore = (count: number): string => (count > 0 ? ` and ${count} more` : '');

const statOrUndefined = (path: string): Stats | undefined => {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
};

const textOrUndefined = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
