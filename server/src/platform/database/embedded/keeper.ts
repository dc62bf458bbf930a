/**
 * Keeps a server running until it is stopped: one that dies while in use is started again at the same address.
 * The guard's connection tells, for servers started here and taken over alike.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { type AcquireRequest, type Acquired, acquire } from './acquire.ts';
import { removePrivateFolder } from './endpoint.ts';
import { clusterMark } from './lock-file.ts';
import { lastLogLines, stopPostmaster } from './postmaster.ts';

/** A server under care. */
export interface Keeper {
  readonly first: Acquired;
  readonly lost: Promise<Error>;
  stop(): Promise<void>;
}

/** A server that keeps dying has a reason that starting does not mend. */
const RESTARTS_MAX = 5;
const RESTARTS_WINDOW_MS = 10 * 60_000;
const PAUSE_MS = 100;

/** Acquires the server and watches over it. */
export const keep = async (request: AcquireRequest): Promise<Keeper> => {
  const first = await acquire(request);
  const mark = clusterMark(request.paths.cluster);
  let current = first;
  let recovery: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;
  const restarts: number[] = [];
  const { promise: lost, resolve: giveUp } = Promise.withResolvers<Error>();

  const recover = async (): Promise<void> => {
    const now = performance.now();
    const recent = restarts.filter((at) => now - at < RESTARTS_WINDOW_MS).length;
    restarts.push(now);
    request.log({
      level: 'warn',
      msg: 'PostgreSQL is gone and is started again',
      recent,
      lastLines: lastLogLines(request.paths),
    });
    if (recent >= RESTARTS_MAX) throw new Error(`PostgreSQL ended ${recent + 1} times within ten minutes`);
    await sleep(PAUSE_MS);
    // A stop that comes meanwhile waits for this to end, so nothing is left running.
    current = await acquire({ ...request, signal: undefined, endpoint: first.endpoint });
    watch();
    request.log({ level: 'info', msg: 'PostgreSQL is back', ms: Math.round(performance.now() - now) });
  };

  const watch = (): void => {
    current.guard.once('end', () => {
      if (stopping !== undefined) return;
      recovery = recover().catch((error: unknown) => {
        const reason = error instanceof Error ? error : new Error(String(error));
        request.log({ level: 'error', msg: 'PostgreSQL is lost', reason: reason.message });
        giveUp(reason);
      });
    });
  };
  watch();

  const shutDown = async (): Promise<void> => {
    await recovery;
    await current.guard.end().catch(() => undefined);
    await stopPostmaster({ pid: current.pid, mark, patienceMs: request.stopPatienceMs, log: request.log });
    if (first.endpoint.kind === 'socket') removePrivateFolder(first.endpoint.dir);
    request.log({ level: 'info', msg: 'PostgreSQL is stopped', pid: current.pid });
  };
  return {
    first,
    lost,
    stop: () => {
      stopping ??= shutDown();
      return stopping;
    },
  };
};
