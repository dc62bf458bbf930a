/**
 * `postmaster.pid`: who serves a cluster, where it listens and how far it has got.
 * The lines are those of PostgreSQL's `miscadmin.h` (LOCK_FILE_LINE_…).
 */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the lock file says; later lines are missing while a server is only beginning to start. */
export interface LockFile {
  readonly pid: number;
  /** When the server started, in seconds since 1970. */
  readonly startedAt: number | undefined;
  readonly port: number | undefined;
  /** Empty when it listens on no socket; relative ones count from the cluster's folder. */
  readonly socketDir: string;
  readonly listenAddress: string;
  readonly ready: boolean;
}

const LOCK_NAME = 'postmaster.pid';

/** Reads the lock of a cluster; `undefined` when there is none, `pid` is 0 when it is empty or damaged. */
export const readLockFile = (cluster: string): LockFile | undefined => {
  let content: string;
  try {
    content = readFileSync(join(cluster, LOCK_NAME), 'utf8');
  } catch {
    return undefined;
  }
  const [pid, , startedAt, port, socketDir, listenAddress, , status] = content
    .split('\n')
    .map((line) => line.trim());
  return {
    pid: toNumber(pid) ?? 0,
    startedAt: toNumber(startedAt),
    port: toNumber(port),
    socketDir: socketDir ?? '',
    listenAddress: listenAddress ?? '',
    ready: status === 'ready',
  };
};

const toNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/u.test(text) ? Number(text) : undefined;

/**
 * Takes away the lock of a server that is proven to be over. PostgreSQL does so itself when no process has its
 * number; when another program got that number meanwhile, it cannot know and refuses to start.
 */
export const removeStaleLock = (cluster: string): void => {
  for (const name of [LOCK_NAME, '.s.PGSQL.5432.lock', '.s.PGSQL.5432']) {
    rmSync(join(cluster, name), { force: true });
  }
};

/**
 * A mark for the command lines of a cluster's processes. It names the folder itself, not its path, so that it holds
 * when the folder is moved and does not when it is copied.
 */
export const clusterMark = (cluster: string): string => {
  const { dev, ino } = statSync(cluster, { bigint: true });
  return `pm[${dev.toString(36)}-${ino.toString(36)}]`;
};
