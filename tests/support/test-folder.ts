/**
 * Where the test cluster lives: in memory where the system offers it, since each test file makes a database of its own
 * (about 35 instead of 90 ms, and no disk that other work keeps busy).
 *
 *   makeTestFolder   a new folder, after sweeping up what killed runs left behind
 *   sweepAbandoned   stops servers and removes folders whose test run is no longer there
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** Containers often give 64 MB, which one cluster fills. */
const MEMORY_BYTES_MIN = 2 * 1024 ** 3;
const NAME = /^pm-test-(\d+)-/u;

/** A new empty folder for this process. */
export const makeTestFolder = async (): Promise<string> => {
  const parent = (await memoryIsUsable()) ? MEMORY : tmpdir();
  await sweepAbandoned(parent);
  return mkdtemp(join(parent, `pm-test-${process.pid}-`));
};

/** Removes the folders of test runs that were killed, and stops their servers. */
export const sweepAbandoned = async (parent: string): Promise<readonly string[]> => {
  const removed: string[] = [];
  for (const name of await readdir(parent)) {
    const pid = Number(NAME.exec(name)?.[1]);
    if (!(pid > 0) || isRunning(pid)) continue;
    const folder = join(parent, name);
    stopServerOf(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    removed.push(folder);
  }
  return removed;
};

/** Large enough, and programs may be run there: the server's binaries are sometimes copied beside its data. */
const memoryIsUsable = async (): Promise<boolean> => {
  if (process.platform !== 'linux' || !existsSync(MEMORY)) return false;
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, path]) => path === MEMORY);
  if (mount?.[2] !== 'tmpfs' || mount[3]?.split(',').includes('noexec') !== false) return false;
  const { bavail, bsize } = await statfs(MEMORY);
  return bavail * bsize >= MEMORY_BYTES_MIN;
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Stops at once the server whose data is in the folder. The pid alone is no proof: it may belong to another by now. */
const stopServerOf = (folder: string): void => {
  try {
    const pid = Number(readFileSync(join(folder, 'pg18', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) process.kill(pid, 'SIGQUIT');
  } catch {
    // No server, or no /proc to make sure: the folder goes, and a server without its folder stops by itself.
  }
};
