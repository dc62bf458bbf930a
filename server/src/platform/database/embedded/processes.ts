/**
 * What can be known about other processes without special rights.
 *
 * Command lines are readable by everybody, where a working folder (`/proc/<pid>/cwd`) is not, for instance for root
 * inside a container; hence servers are recognised by a mark in their command line.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;
/** `ps` answers at once or never. */
const PS_TIMEOUT_MS = 5_000;

/** A process and the command line it shows. */
export interface ProcessFacts {
  readonly pid: number;
  readonly commandLine: string;
}

/** True when the process runs. A zombie does not: it is over and only waits for its parent. */
export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'EPERM') return false;
  }
  return stateOf(pid) !== 'Z';
};

const stateOf = (pid: number): string => {
  if (process.platform === 'linux') {
    const stat = readOrEmpty(`/proc/${pid}/stat`);
    // "pid (name) state …", and the name may hold brackets itself.
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  }
  return ps(['-o', 'state=', '-p', String(pid)])
    .trim()
    .slice(0, 1);
};

/** The command line of a process; empty when it is over or hidden. */
export const commandLineOf = (pid: number): string =>
  process.platform === 'linux'
    ? readOrEmpty(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
    : ps(['-o', 'args=', '-ww', '-p', String(pid)]).trim();

/** All running processes whose command line contains the mark. */
export const findByMark = (mark: string): readonly ProcessFacts[] =>
  listProcesses().filter(({ pid, commandLine }) => commandLine.includes(mark) && isRunning(pid));

const listProcesses = (): readonly ProcessFacts[] => {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/u.test(name))
      .map((name) => ({ pid: Number(name), commandLine: commandLineOf(Number(name)) }));
  }
  return [...ps(['-axww', '-o', 'pid=,args=']).matchAll(/^\s*(?<pid>\d+)\s+(?<args>.*)$/gmu)].map(
    ({ groups }) => ({ pid: Number(groups?.['pid']), commandLine: groups?.['args'] ?? '' }),
  );
};

/** Waits until the process is over. @returns false when it still runs after `timeoutMs` */
export const waitUntilOver = async (pid: number, timeoutMs: number): Promise<boolean> => {
  const deadline = performance.now() + timeoutMs;
  while (isRunning(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
};

/** Sends a signal; a process that is over already is no error. */
export const signalProcess = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'ESRCH') throw error;
  }
};

const readOrEmpty = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const ps = (args: readonly string[]): string =>
  spawnSync('ps', args, { encoding: 'utf8', timeout: PS_TIMEOUT_MS }).stdout ?? '';
