/**
 * The operating system account that PostgreSQL runs under. It refuses to run as root, so root lends it to an
 * unprivileged account; everybody else runs it as themselves.
 */
import { spawnSync } from 'node:child_process';
import { type Stats, chownSync, lchownSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { EmbeddedPostgresError, systemCode } from './errors.ts';

/** The account, and for root the ids that a process must be given to run under it. */
export interface Account {
  readonly name: string;
  /** Set only when this process is root. */
  readonly ids?: { readonly uid: number; readonly gid: number };
}

/**
 * In this order: one made for the purpose, those of a PostgreSQL installed from packages, and one that exists
 * everywhere.
 */
const PREFERRED_ACCOUNTS = ['portfolio-manager', 'postgres', '_postgres', 'nobody'] as const;

const runsAsRoot = (): boolean => process.geteuid?.() === 0;

/**
 * Chooses the account for a cluster.
 * @param clusterStats the cluster's folder when there is one: its owner stays its owner
 * @throws {EmbeddedPostgresError} `account_missing` when root has nobody to lend it to
 */
export const chooseAccount = (clusterStats: Stats | undefined): Account => {
  if (!runsAsRoot()) return { name: ownName() };
  if (clusterStats !== undefined && clusterStats.uid !== 0) {
    const { uid, gid } = clusterStats;
    return { name: accountName(uid), ids: { uid, gid } };
  }
  for (const name of PREFERRED_ACCOUNTS) {
    const ids = passwdIds(name) ?? directoryIds(name);
    if (ids !== undefined && ids.uid !== 0) return { name, ids };
  }
  throw new EmbeddedPostgresError(
    'account_missing',
    'PostgreSQL refuses to run as root and there is no account postgres or nobody to run it under: start as an ordinary user, make such an account, or set DATABASE_URL.',
  );
};

/** The name of an account for messages. */
export const accountName = (uid: number): string => {
  const line = passwdLines().find((fields) => fields[2] === String(uid));
  return line?.[0] ?? `number ${uid}`;
};

/** True when the account can enter the folder, with all folders above it. */
export const canEnter = (folder: string, account: Account): boolean => {
  if (account.ids === undefined) return true;
  const { status } = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], {
    ...account.ids,
    cwd: '/',
    stdio: 'ignore',
  });
  return status === 0;
};

/** Hands one file or folder over to the account, when this process is root. */
export const giveTo = (path: string, account: Account): void => {
  if (account.ids !== undefined) chownSync(path, account.ids.uid, account.ids.gid);
};

/** Hands a folder with all that is in it over to the account; symbolic links are not followed. */
export const giveTreeTo = (folder: string, account: Account): void => {
  if (account.ids === undefined) return;
  const { uid, gid } = account.ids;
  lchownSync(folder, uid, gid);
  if (!lstatSync(folder).isDirectory()) return;
  for (const name of readdirSync(folder)) giveTreeTo(join(folder, name), account);
};

/** Says in one sentence that root may not become the account, as in a container without that right. */
export const cannotSwitch = (account: Account, cause: unknown): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'account_missing',
    `PostgreSQL refuses to run as root, and this root may not run it as ${account.name} either (${systemCode(cause) ?? 'refused'}): start as an ordinary user or set DATABASE_URL.`,
    { cause },
  );

const ownName = (): string => {
  try {
    return userInfo().username;
  } catch {
    // An id without a passwd entry, as in `docker run --user 1234`.
    return `number ${process.geteuid?.() ?? 0}`;
  }
};

const passwdLines = (): readonly string[][] => {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
};

const passwdIds = (name: string): Account['ids'] => {
  const fields = passwdLines().find((line) => line[0] === name);
  return fields === undefined ? undefined : { uid: Number(fields[2]), gid: Number(fields[3]) };
};

/** Accounts that live in a directory service, as on macOS. */
const directoryIds = (name: string): Account['ids'] => {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
};
