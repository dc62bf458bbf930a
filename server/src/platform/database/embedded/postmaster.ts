/**
 * The server process: started, waited for, stopped.
 *
 * It runs in a session of its own, so that a Ctrl-C in the terminal does not stop it while our handlers still need
 * it, and it writes to a file, so that it lives through the death of the process that started it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { type DataPaths, unusableFolder } from './data-folder.ts';
import { type Endpoint, endpointSettings } from './endpoint.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { pathFor } from './initialise.ts';
import { clusterMark, readLockFile } from './lock-file.ts';
import { commandLineOf, isRunning, signalProcess, waitUntilOver } from './processes.ts';
import type { EmbeddedPostgresLogLine } from './types.ts';

/** What `launch` needs. */
export interface LaunchRequest {
  readonly paths: DataPaths;
  readonly account: Account;
  readonly binaries: Binaries;
  readonly endpoint: Endpoint;
  readonly durability: 'full' | 'none';
  readonly signal: AbortSignal | undefined;
  readonly log: (line: EmbeddedPostgresLogLine) => void;
}

/** How a launch ended: a server that takes connections, or why there is none. */
export type Launched =
  | { readonly kind: 'ready'; readonly pid: number }
  /** Another server has the folder, or a dying one still holds its memory: look again. */
  | { readonly kind: 'occupied'; readonly error: EmbeddedPostgresError }
  | { readonly kind: 'failed'; readonly error: EmbeddedPostgresError };

/** After a crash, PostgreSQL first replays up to `max_wal_size` of changes. */
const READY_TIMEOUT_MS = 120_000;
const POLL_MS = 5;
const STILL_STARTING_NOTE_MS = 5_000;
/** Then one older file is kept. */
const LOG_BYTES_MAX = 8 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;
const LAST_LINES = 10;
const OWNER_ONLY = 0o600;
/** Between an immediate shutdown and a kill. */
const IMMEDIATE_PATIENCE_MS = 7_000;

const OCCUPIED = /lock file "[^"]*" already exists|pre-existing shared memory block|is still in use/u;

/**
 * The settings that are ours, given on the command line so that an older folder gets them too. Sized for a household
 * on a small machine beside the application.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '60',
  shared_buffers: '64MB',
  // In 1 MB segments, initdb would otherwise scale it down to 64 MB and checkpoint all through an import.
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  huge_pages: 'off',
  // No processes that only wait for reads; this size of database lives in memory.
  io_method: 'sync',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'off',
  log_checkpoints: 'off',
  // Statements and details quote what people own.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

const NO_FSYNC: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** The server's own arguments. */
export const serverArguments = (request: LaunchRequest): readonly string[] => {
  const settings = {
    ...SETTINGS,
    ...endpointSettings(request.endpoint),
    ...(request.durability === 'none' ? NO_FSYNC : {}),
    cluster_name: clusterMark(request.paths.cluster),
  };
  return [
    '-D',
    pathFor(request.paths.cluster, request.account),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
};

/** Starts the server and waits until it takes connections. */
export const launch = async (request: LaunchRequest): Promise<Launched> => {
  const { paths, account, binaries } = request;
  const log = openLog(paths.log);
  const offset = fstatSync(log).size;
  let child: ChildProcess;
  try {
    child = spawn(binaries.postgres, serverArguments(request), {
      ...account.ids,
      cwd: paths.cluster,
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
  const failure = new Promise<Error>((resolve) => {
    child.once('error', resolve);
  });
  child.unref();
  if (child.pid === undefined) {
    const cause = await failure;
    return {
      kind: 'failed',
      error: new EmbeddedPostgresError('start_failed', `PostgreSQL could not be run: ${cause.message}.`, {
        cause,
      }),
    };
  }
  return waitUntilReady(request, child, child.pid, offset);
};

const waitUntilReady = async (
  request: LaunchRequest,
  child: ChildProcess,
  pid: number,
  offset: number,
): Promise<Launched> => {
  const started = performance.now();
  let nextNote = STILL_STARTING_NOTE_MS;
  for (;;) {
    if (child.exitCode !== null) {
      return explainExit(request.paths, offset, `it ended with code ${child.exitCode}`);
    }
    if (child.signalCode !== null) {
      return explainExit(request.paths, offset, `it was ended by ${child.signalCode}`);
    }
    const lock = readLockFile(request.paths.cluster);
    if (lock?.ready === true && lock.pid === pid) return { kind: 'ready', pid };
    const elapsed = performance.now() - started;
    if (request.signal?.aborted === true || elapsed > READY_TIMEOUT_MS) {
      signalProcess(pid, 'SIGQUIT');
      await waitUntilOver(pid, IMMEDIATE_PATIENCE_MS);
      request.signal?.throwIfAborted();
      const seconds = READY_TIMEOUT_MS / 1000;
      const sentence = `PostgreSQL did not become ready within ${seconds} s: look into ${request.paths.log}.`;
      return {
        kind: 'failed',
        error: new EmbeddedPostgresError('start_timeout', sentence, {
          lastLines: tail(request.paths.log, offset),
        }),
      };
    }
    if (elapsed > nextNote) {
      request.log({
        level: 'info',
        msg: 'PostgreSQL is still starting',
        lastLine: tail(request.paths.log, offset).at(-1),
      });
      nextNote += STILL_STARTING_NOTE_MS;
    }
    await sleep(POLL_MS);
  }
};

const explainExit = (paths: DataPaths, offset: number, otherwise: string): Launched => {
  const lastLines = tail(paths.log, offset);
  const reason = lastLines.find((line) => /(?:PANIC|FATAL): /u.test(line)) ?? otherwise;
  const text = reason.replace(/^.*?(?:PANIC|FATAL): +/u, '').replace(/\.$/u, '');
  const error = new EmbeddedPostgresError(
    'start_failed',
    `PostgreSQL does not start with the database in ${paths.cluster} (${text}): look into ${paths.log}, or restore a backup.`,
    { lastLines },
  );
  return { kind: OCCUPIED.test(reason) ? 'occupied' : 'failed', error };
};

const openLog = (path: string): number => {
  try {
    if (sizeOf(path) > LOG_BYTES_MAX) renameSync(path, `${path}.1`);
    return openSync(path, 'a', OWNER_ONLY);
  } catch (error) {
    throw unusableFolder(path, error);
  }
};

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** What was written to the log since `offset`, at most the last lines. */
const tail = (path: string, offset: number): readonly string[] => {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const size = fstatSync(file).size;
    const from = Math.max(offset, size - TAIL_BYTES);
    const buffer = Buffer.alloc(size - from);
    readSync(file, buffer, 0, buffer.length, from);
    const lines = buffer.toString('utf8').split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-LAST_LINES);
  } catch {
    return [];
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

/** The last lines of the server's log, for a server that died while it was in use. */
export const lastLogLines = (paths: DataPaths): readonly string[] => tail(paths.log, 0);

/** What `stopPostmaster` needs. */
export interface StopRequest {
  readonly pid: number;
  /** The mark of the cluster, so that nothing else is hit that has got the number meanwhile. */
  readonly mark: string;
  /** How long the fast shutdown may take. */
  readonly patienceMs: number;
  readonly log: (line: EmbeddedPostgresLogLine) => void;
}

/**
 * Stops a server, gently first: fast (clients are sent away, everything is written), immediate (as in a power cut),
 * kill.
 */
export const stopPostmaster = async ({ pid, mark, patienceMs, log }: StopRequest): Promise<void> => {
  const steps = [
    { signal: 'SIGINT', patience: patienceMs },
    { signal: 'SIGQUIT', patience: IMMEDIATE_PATIENCE_MS },
    { signal: 'SIGKILL', patience: IMMEDIATE_PATIENCE_MS },
  ] as const;
  for (const { signal, patience } of steps) {
    if (!isRunning(pid) || !commandLineOf(pid).includes(mark)) return;
    signalProcess(pid, signal);
    if (await waitUntilOver(pid, patience)) return;
    log({ level: 'warn', msg: 'PostgreSQL does not stop; trying harder', pid, after: signal });
  }
};

/** True when the process is a PostgreSQL server by its command line. */
export const isPostgres = (pid: number): boolean => /postgres/u.test(commandLineOf(pid).split(' ')[0] ?? '');
