/**
 * Where a run lives: one temporary folder with all its installs, ended and removed with everything in it.
 *
 * Contents: Home · makeHome
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { isRunning, signalProcess } from '../../server/src/platform/database/embedded/processes.ts';
import { killAll, processesOf } from './processes.ts';
import { TEMP, freePort } from './product.ts';
import type { Install } from './product.ts';

export type Home = {
  readonly folder: string;
  /**
   * A place for an install.
   * @param isPrivate nobody but its owner may enter, as in many home folders
   */
  makeInstall(name: string, isPrivate: boolean): Promise<Install>;
  /** Ends all processes of an install and removes it. */
  remove(install: Install): Promise<void>;
  /** Ends all processes of all installs and removes the folder. @returns where it is kept, if it is */
  close(keep: boolean): Promise<string | undefined>;
};

const NAME = /^pm-faults-(?<pid>\d+)-/u;
const ENTERED_BY_ALL = 0o755;
const OWNER_ONLY = 0o700;
const KILL_LIMIT_MS = 5_000;
const REMOVE = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const;

/** Makes the folder, after sweeping up what runs that were killed themselves have left behind. */
export const makeHome = async (ecbUrl: string): Promise<Home> => {
  await sweepAbandoned();
  const folder = mkdtempSync(join(TEMP, `pm-faults-${process.pid}-`));
  chmodSync(folder, ENTERED_BY_ALL);
  const endAll = async (): Promise<void> => killAll(() => processesOf(folder), KILL_LIMIT_MS);
  return {
    folder,
    makeInstall: async (name, isPrivate) => {
      const parent = join(folder, name);
      mkdirSync(parent);
      chmodSync(parent, isPrivate ? OWNER_ONLY : ENTERED_BY_ALL);
      return { dataDir: join(parent, 'data'), port: await freePort(), ecbUrl };
    },
    remove: async ({ dataDir }) => {
      await killAll(() => processesOf(dataDir), KILL_LIMIT_MS);
      rmSync(join(dataDir, '..'), REMOVE);
    },
    close: async (keep) => {
      await endInstalls(folder);
      await endAll();
      if (keep) {
        const kept = join(TEMP, `pm-faults-kept-${process.pid}`);
        renameSync(folder, kept);
        return kept;
      }
      rmSync(folder, REMOVE);
      return undefined;
    },
  };
};

/** The servers of installs are known by the mark of their cluster, which does not name the folder. */
const endInstalls = async (folder: string): Promise<void> => {
  for (const name of readdirSync(folder)) {
    const dataDir = join(folder, name, 'data');
    await killAll(() => processesOf(dataDir), KILL_LIMIT_MS);
  }
};

const sweepAbandoned = async (): Promise<void> => {
  for (const name of readdirSync(TEMP)) {
    const pid = Number(NAME.exec(name)?.groups?.['pid'] ?? 0);
    if (pid === 0 || isRunning(pid)) continue;
    const folder = join(TEMP, name);
    await endInstalls(folder);
    for (const one of processesOf(folder)) signalProcess(one.pid, 'SIGKILL');
    rmSync(folder, REMOVE);
  }
};
