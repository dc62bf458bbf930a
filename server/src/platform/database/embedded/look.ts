/**
 * Who serves a cluster at this moment. The lock file alone does not tell: its process may be over, its number may
 * have gone to another program, and a copied folder carries the lock of the original.
 */
import { readlinkSync, realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';

import { type LockFile, clusterMark, readLockFile } from './lock-file.ts';
import { isPostgres } from './postmaster.ts';
import { commandLineOf, findByMark, isRunning } from './processes.ts';

/** What was found. */
export type Found =
  /** Nobody serves it. A lock of a process that is over may lie there; PostgreSQL clears it away itself. */
  | { readonly kind: 'none'; readonly lock: LockFile | undefined }
  | { readonly kind: 'serving'; readonly pid: number; readonly lock: LockFile }
  /** A server of this folder that the lock does not name: just starting, just gone, or its lock was deleted. */
  | { readonly kind: 'unlocked'; readonly pid: number }
  /** What is left of a server whose main process was killed. */
  | { readonly kind: 'dying'; readonly pids: readonly number[] }
  /** The lock names a process that has nothing to do with this folder. */
  | { readonly kind: 'stale'; readonly lock: LockFile }
  /** The folder is a copy, made while the original's server was running, which still runs. */
  | { readonly kind: 'copied'; readonly original: string }
  /** A PostgreSQL on this folder that somebody else started. */
  | { readonly kind: 'strange'; readonly pid: number };

/** Looks who serves the cluster. */
export const lookForServer = (cluster: string): Found => {
  const mark = clusterMark(cluster);
  const lock = readLockFile(cluster);
  const marked = findByMark(mark);
  if (lock !== undefined && marked.some(({ pid }) => pid === lock.pid)) {
    return { kind: 'serving', pid: lock.pid, lock };
  }
  const server = marked.find(({ commandLine }) => commandLine.includes(`cluster_name=${mark}`));
  if (server !== undefined) return { kind: 'unlocked', pid: server.pid };
  if (marked.length > 0) return { kind: 'dying', pids: marked.map(({ pid }) => pid) };
  if (lock === undefined) return { kind: 'none', lock };
  if (lock.pid === 0) return { kind: 'stale', lock };
  if (!isRunning(lock.pid)) return { kind: 'none', lock };
  return isPostgres(lock.pid) ? lookAtOtherServer(cluster, lock) : { kind: 'stale', lock };
};

/** The lock names a running PostgreSQL that does not carry this folder's mark. */
const lookAtOtherServer = (cluster: string, lock: LockFile): Found => {
  const folder = folderOfServer(lock.pid);
  // Not to be told: PostgreSQL itself then refuses to start, and its reason is shown.
  if (folder === undefined) return { kind: 'none', lock };
  if (folder === cluster) return { kind: 'strange', pid: lock.pid };
  const its = readLockFile(folder);
  const isTheOriginal = its?.pid === lock.pid && its.startedAt === lock.startedAt;
  return isTheOriginal ? { kind: 'copied', original: folder } : { kind: 'stale', lock };
};

const folderOfServer = (pid: number): string | undefined => {
  const given = / -D (?<folder>.+?)(?: -[a-zA-Z]\b| *$)/u.exec(commandLineOf(pid))?.groups?.['folder'];
  try {
    if (given !== undefined && isAbsolute(given) && !given.startsWith('/proc/')) return realpathSync(given);
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
};
