/**
 * The way to a server that is ours alone: take over the one that runs, wait for the one that dies, start one where
 * there is none – looking anew after each step, because other starts and dying servers change the picture meanwhile.
 */
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type pg from 'pg';

import { giveTo } from './account.ts';
import { type Endpoint, chooseEndpoint, endpointOf, removePrivateFolder } from './endpoint.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { type Login, login, takeGuard } from './guard.ts';
import { type LockFile, clusterMark, removeStaleLock } from './lock-file.ts';
import { type Found, lookForServer } from './look.ts';
import { type LaunchRequest, type Launched, launch, stopPostmaster } from './postmaster.ts';
import { isRunning, signalProcess } from './processes.ts';
import { resetSuperuser } from './reset-superuser.ts';
import type { Secrets } from './secrets.ts';

/** What `acquire` needs. */
export interface AcquireRequest extends Omit<LaunchRequest, 'endpoint'> {
  readonly secrets: Secrets;
  readonly transport: 'auto' | 'tcp';
  readonly stopPatienceMs: number;
  /** Where a server that is started must listen, when its address is known to others already. */
  readonly endpoint: Endpoint | undefined;
}

/** A server with the guard that makes it ours. */
export interface Acquired {
  readonly pid: number;
  readonly endpoint: Endpoint;
  readonly guard: pg.Client;
  readonly adopted: boolean;
}

const POLL_MS = 25;
/** Long enough for a server that replays its log after a crash. */
const LIMIT_MS = 150_000;
/** How long another process of the folder may take to show what it is. */
const UNLOCKED_PATIENCE_MS = 5_000;
const DYING_PATIENCE_MS = 3_000;
const OCCUPIED_PATIENCE_MS = 10_000;
const SILENT_PATIENCE_MS = 10_000;
const LOGIN_PATIENCE_MS = 10_000;
/** How PostgreSQL names its folder when it was started inside it. */
const WORKING_FOLDER = '/proc/self/cwd';

/** How long each state has lasted, so that patience is counted per state. */
interface Patience {
  kind: string;
  since: number;
}

/**
 * Returns a running server of the cluster that no other program uses.
 * @throws {EmbeddedPostgresError} `in_use`, `data_folder_copied_live`, `start_failed`, `start_timeout`
 */
export const acquire = async (request: AcquireRequest): Promise<Acquired> => {
  const started = performance.now();
  const patience: Patience = { kind: '', since: started };
  let lastError: Error | undefined;
  for (;;) {
    request.signal?.throwIfAborted();
    const found = lookForServer(request.paths.cluster);
    if (found.kind !== patience.kind) Object.assign(patience, { kind: found.kind, since: performance.now() });
    const waited = performance.now() - patience.since;
    const result = await step(request, found, waited);
    if (result !== undefined && !(result instanceof Error)) return result;
    lastError = result ?? lastError;
    if (performance.now() - started > LIMIT_MS) {
      const sentence = `PostgreSQL on ${request.paths.cluster} did not become ready within ${LIMIT_MS / 1000} s: look into ${request.paths.log}.`;
      throw lastError ?? new EmbeddedPostgresError('start_timeout', sentence);
    }
    await sleep(POLL_MS);
  }
};

/** One step. @returns the server, or why there is none yet */
const step = async (
  request: AcquireRequest,
  found: Found,
  waited: number,
): Promise<Acquired | Error | undefined> => {
  const { paths, log } = request;
  switch (found.kind) {
    case 'none':
      return startNew(request, found.lock, waited);
    case 'serving':
      return takeOver(request, found, waited);
    case 'unlocked':
      if (waited < UNLOCKED_PATIENCE_MS) return undefined;
      log({ level: 'warn', msg: 'A PostgreSQL without its lock file is stopped', pid: found.pid });
      await stop(request, found.pid);
      return undefined;
    case 'dying':
      if (waited < DYING_PATIENCE_MS) return undefined;
      log({ level: 'warn', msg: 'What is left of a killed PostgreSQL is ended', pids: found.pids });
      for (const pid of found.pids) signalProcess(pid, 'SIGKILL');
      return undefined;
    case 'stale':
      log({ level: 'warn', msg: 'The lock of a PostgreSQL that is over is taken away', pid: found.lock.pid });
      removeStaleLock(paths.cluster);
      return undefined;
    case 'copied':
      throw new EmbeddedPostgresError(
        'data_folder_copied_live',
        `The database in ${paths.cluster} was copied from ${found.original} while that was in use, so it may be torn: stop the program that uses ${found.original} and copy it again.`,
      );
    case 'strange':
      throw inUse(paths.root, `a PostgreSQL that was started by hand (process ${found.pid})`);
  }
};

const startNew = async (
  request: AcquireRequest,
  oldLock: LockFile | undefined,
  waited: number,
): Promise<Acquired | Error | undefined> => {
  const { paths, account, log } = request;
  if (oldLock !== undefined && isAbsolute(oldLock.socketDir) && request.endpoint === undefined) {
    removePrivateFolder(oldLock.socketDir);
  }
  const endpoint = request.endpoint ?? (await chooseEndpoint(paths.cluster, account, request.transport));
  restorePrivateFolder(request, endpoint);
  const begin = performance.now();
  const launched = await launch({ ...request, endpoint });
  if (launched.kind !== 'ready') {
    if (request.endpoint === undefined && endpoint.kind === 'socket') removePrivateFolder(endpoint.dir);
    return afterFailedLaunch(request, launched, oldLock, waited);
  }
  log({
    level: 'info',
    msg: 'PostgreSQL is started',
    pid: launched.pid,
    ms: Math.round(performance.now() - begin),
  });
  const outcome = await patientLogin(endpoint, request.secrets, launched.pid);
  if (outcome.kind === 'refused') {
    log({
      level: 'warn',
      msg: 'The cluster has other passwords than the secrets file and is given new ones',
    });
    await stop(request, launched.pid);
    await resetSuperuser({ ...request, endpoint }, request.secrets);
    return undefined;
  }
  if (outcome.kind === 'not_yet') return asError(outcome.error);
  const failure = await guardOrRefuse(request, outcome.client);
  if (failure !== undefined) return failure;
  return { pid: launched.pid, endpoint, guard: outcome.client, adopted: false };
};

/** The folder for a socket may be swept away while its server is down; its path must stay. */
const restorePrivateFolder = ({ account }: AcquireRequest, endpoint: Endpoint): void => {
  if (endpoint.kind === 'tcp' || endpoint.inCluster) return;
  if (lstatSync(endpoint.dir, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(endpoint.dir, { mode: 0o700 });
  giveTo(endpoint.dir, account);
};

const afterFailedLaunch = (
  { paths, log }: AcquireRequest,
  launched: Exclude<Launched, { kind: 'ready' }>,
  oldLock: LockFile | undefined,
  waited: number,
): Error => {
  if (launched.kind === 'failed' || waited > OCCUPIED_PATIENCE_MS) throw launched.error;
  // Its number is taken by a process that is over but not buried: PostgreSQL cannot tell, we can.
  if (oldLock !== undefined && !isRunning(oldLock.pid)) {
    log({ level: 'warn', msg: 'The lock of a PostgreSQL that is over is taken away', pid: oldLock.pid });
    removeStaleLock(paths.cluster);
  }
  return launched.error;
};

/** A server that is ready answers at once, unless the machine is very busy or the server has died again. */
const patientLogin = async (endpoint: Endpoint, secrets: Secrets, pid: number): Promise<Login> => {
  const deadline = performance.now() + LOGIN_PATIENCE_MS;
  for (;;) {
    const outcome = await login(endpoint, secrets);
    if (outcome.kind !== 'not_yet' || performance.now() > deadline || !isRunning(pid)) return outcome;
    await sleep(POLL_MS);
  }
};

/** Takes over a server that runs: left behind by a killed program, or – then it is refused – in use. */
const takeOver = async (
  request: AcquireRequest,
  { pid, lock }: Extract<Found, { kind: 'serving' }>,
  waited: number,
): Promise<Acquired | Error | undefined> => {
  const { paths, log } = request;
  const endpoint = endpointOf(lock, paths.cluster);
  if (!lock.ready || endpoint === undefined) return undefined;
  const outcome = await login(endpoint, request.secrets);
  if (outcome.kind === 'refused') {
    throw inUse(paths.root, `a PostgreSQL (process ${pid}) that has other passwords than ${paths.secrets}`);
  }
  if (outcome.kind === 'not_yet') {
    if (waited > SILENT_PATIENCE_MS) {
      log({ level: 'warn', msg: 'A PostgreSQL that does not answer is stopped', pid });
      await stop(request, pid);
    }
    return asError(outcome.error);
  }
  const guard = outcome.client;
  const failure = await guardOrRefuse(request, guard);
  if (failure !== undefined) return failure;
  const reason = await whyNotAsItIs(request, guard, endpoint).catch(() => 'it does not answer');
  if (reason === undefined) {
    log({ level: 'info', msg: 'A running PostgreSQL is taken over', pid });
    return { pid, endpoint, guard, adopted: true };
  }
  log({ level: 'info', msg: 'A running PostgreSQL is started anew', pid, reason });
  await guard.end().catch(() => undefined);
  await stop(request, pid);
  if (endpoint.kind === 'socket') removePrivateFolder(endpoint.dir);
  return undefined;
};

/** What speaks against using a running server as it is. */
const whyNotAsItIs = async (
  { paths, binaries, durability, endpoint: wanted }: AcquireRequest,
  guard: pg.Client,
  endpoint: Endpoint,
): Promise<string | undefined> => {
  const { rows } = await guard.query<{ folder: string; version: string; fsync: string }>(
    `select current_setting('data_directory') as folder, current_setting('server_version') as version,
            current_setting('fsync') as fsync`,
  );
  const row = rows[0];
  if (row === undefined) return 'it does not answer';
  if (row.folder !== WORKING_FOLDER && realPath(row.folder) !== paths.cluster) return 'its folder was moved';
  if (row.version !== binaries.version) return 'it is of another version';
  if (durability === 'full' && row.fsync !== 'on') return 'it does not write through to the disk';
  if (wanted !== undefined && !sameEndpoint(wanted, endpoint)) return 'it listens elsewhere';
  return undefined;
};

const stop = ({ paths, stopPatienceMs, log }: AcquireRequest, pid: number): Promise<void> =>
  stopPostmaster({ pid, mark: clusterMark(paths.cluster), patienceMs: stopPatienceMs, log });

const sameEndpoint = (a: Endpoint, b: Endpoint): boolean =>
  a.kind === b.kind && a.port === b.port && (a.kind === 'tcp' || b.kind === 'tcp' || a.dir === b.dir);

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return '';
  }
};

/** @returns what went wrong when the connection was lost on the way: then it is to be looked at anew */
const guardOrRefuse = async ({ paths }: AcquireRequest, guard: pg.Client): Promise<Error | undefined> => {
  let holder: string | undefined;
  try {
    holder = await takeGuard(guard);
  } catch (error) {
    await guard.end().catch(() => undefined);
    return asError(error);
  }
  if (holder === undefined) return undefined;
  await guard.end().catch(() => undefined);
  throw inUse(paths.root, holder);
};

const inUse = (root: string, by: string): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'in_use',
    `The data folder ${root} is already in use by ${by}: stop that first, or set PM_DATA_DIR to another folder.`,
  );

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
