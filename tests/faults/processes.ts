/**
 * The processes of one install, wherever they stand in the process tree: PostgreSQL's live in sessions of their own.
 *
 * Contents: processesOf · kill · waitUntilGone
 */
import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { clusterMark } from '../../server/src/platform/database/embedded/lock-file.ts';
import {
  commandLineOf,
  findByMark,
  isRunning,
  signalProcess,
} from '../../server/src/platform/database/embedded/processes.ts';

export type Role = 'app' | 'postmaster' | 'backend' | 'other';

export type Found = {
  readonly pid: number;
  readonly role: Role;
  /** The parent; 0 where that cannot be told. */
  readonly parent: number;
  readonly commandLine: string;
};

const POLL_MS = 10;

/** The folder of the cluster in a data folder. */
export const clusterOf = (dataDir: string): string => join(dataDir, 'pg18');

/** All running processes that belong to the data folder: by mark, by command line, by environment, by where they stand. */
export const processesOf = (dataDir: string): readonly Found[] => {
  const mark = markOf(dataDir);
  const pids =
    process.platform === 'linux'
      ? readdirSync('/proc')
          .filter((name) => /^\d+$/u.test(name))
          .map(Number)
      : findByMark(mark ?? dataDir).map(({ pid }) => pid);
  return pids
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, commandLine: commandLineOf(pid) }))
    .filter(({ pid, commandLine }) => belongs(pid, commandLine, dataDir, mark) && isRunning(pid))
    .map(({ pid, commandLine }) => ({
      pid,
      role: roleOf(commandLine, mark),
      parent: parentOf(pid),
      commandLine,
    }));
};

const markOf = (dataDir: string): string | undefined =>
  statSync(clusterOf(dataDir), { throwIfNoEntry: false }) === undefined
    ? undefined
    : clusterMark(clusterOf(dataDir));

const belongs = (pid: number, commandLine: string, dataDir: string, mark: string | undefined): boolean =>
  (mark !== undefined && commandLine.includes(mark)) ||
  commandLine.includes(dataDir) ||
  readOrEmpty(() => readlinkSync(`/proc/${pid}/cwd`)).startsWith(dataDir) ||
  readOrEmpty(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))
    .split('\0')
    .includes(`PM_DATA_DIR=${dataDir}`);

const roleOf = (commandLine: string, mark: string | undefined): Role => {
  if (/server\/src\/entry\/cli\.ts serve/u.test(commandLine)) return 'app';
  if (mark === undefined || !commandLine.includes(mark)) return 'other';
  return commandLine.includes(`cluster_name=${mark}`) ? 'postmaster' : 'backend';
};

const parentOf = (pid: number): number => {
  const status = readOrEmpty(() => readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(/^PPid:\s+(?<parent>\d+)$/mu.exec(status)?.groups?.['parent'] ?? 0);
};

const readOrEmpty = (read: () => string): string => {
  try {
    return read();
  } catch {
    // Over meanwhile, or another account's and none of our business.
    return '';
  }
};

/** Kills the processes, and what they start in between, until none is left. */
export const killAll = async (find: () => readonly Found[], limitMs: number): Promise<void> => {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = find();
    if (found.length === 0) return;
    for (const { pid } of found) signalProcess(pid, 'SIGKILL');
    if (performance.now() > deadline) throw new Error(`could not be killed: ${describe(found)}`);
    await sleep(POLL_MS);
  }
};

/** Waits until none is left. @returns those that are left after all */
export const waitUntilGone = async (
  find: () => readonly Found[],
  limitMs: number,
): Promise<readonly Found[]> => {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = find();
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(POLL_MS);
  }
};

/** For a sentence: what the processes are. */
export const describe = (found: readonly Found[]): string =>
  found.map(({ pid, role, commandLine }) => `${role} ${pid} (${commandLine.trim().slice(0, 80)})`).join(', ');
