/**
 * Real programs with real servers in folders of their own, and nothing left behind: every folder is remembered, and at
 * the end every process that serves one of them is ended.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import pg from 'pg';

import { startEmbeddedPostgres } from '../index.ts';
import { clusterMark, readLockFile } from '../lock-file.ts';
import { findByMark } from '../processes.ts';
import type { EmbeddedPostgres, EmbeddedPostgresLogLine } from '../types.ts';
import type { AppOptions } from './embedded-app.ts';

/** What the program reports. */
export type AppEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** A program under test. */
export interface App {
  readonly child: ChildProcess;
  readonly events: readonly AppEvent[];
  /** The first event of that kind, also one that is past; rejects when the program ends without it. */
  waitFor(event: string): Promise<AppEvent>;
  /** Kills the program alone, and waits until it is over. */
  kill(signal: NodeJS.Signals): Promise<void>;
  readonly over: Promise<number | null>;
}

export const isRoot = process.geteuid?.() === 0;

const APP = fileURLToPath(new URL('embedded-app.ts', import.meta.url));
const ENTERED_BY_ALL = 0o755;
const EVENT_TIMEOUT_MS = 25_000;

const folders = new Set<string>();
const apps = new Set<ChildProcess>();

/** A new, empty folder that everybody may enter, for one test. */
export const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pm-embedded-'));
  chmodSync(folder, ENTERED_BY_ALL);
  folders.add(folder);
  return folder;
};

/** The cluster of a data folder. */
export const clusterOf = (dataDir: string): string => join(dataDir, 'pg18');

/** Ends all programs and servers of the tests and removes their folders. */
export const cleanUp = async (): Promise<void> => {
  for (const child of apps) child.kill('SIGKILL');
  for (const folder of folders) {
    for (const dataDir of ['', 'data', 'moved', 'copy', 'private/data'].map((name) => join(folder, name))) {
      endServers(dataDir);
    }
  }
  await sleep(50);
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
  folders.clear();
};

const endServers = (dataDir: string): void => {
  if (!existsSync(clusterOf(dataDir))) return;
  for (const { pid } of findByMark(clusterMark(clusterOf(dataDir)))) process.kill(pid, 'SIGKILL');
};

/** Starts the program. It is the leader of a process group of its own. */
export const startApp = (options: AppOptions): App => {
  const child = spawn(process.execPath, [APP, JSON.stringify({ durability: 'none', ...options })], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  apps.add(child);
  const events: AppEvent[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) events.push(JSON.parse(line) as AppEvent);
  });
  let isOver = false;
  const over = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      isOver = true;
      resolve(code);
    });
  });
  const waitFor = async (event: string): Promise<AppEvent> => {
    const deadline = performance.now() + EVENT_TIMEOUT_MS;
    for (;;) {
      const found = events.find((one) => one.event === event);
      if (found !== undefined) return found;
      if (isOver || performance.now() > deadline) {
        throw new Error(`no "${event}" in ${JSON.stringify(events)}`);
      }
      await sleep(5);
    }
  };
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await over;
  };
  return { child, events, waitFor, kill, over };
};

/** Starts in this process, without fsync. */
export const start = async (
  dataDir: string,
  more: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {},
): Promise<EmbeddedPostgres & { readonly lines: readonly EmbeddedPostgresLogLine[] }> => {
  const lines: EmbeddedPostgresLogLine[] = [];
  const log = (line: EmbeddedPostgresLogLine): void => {
    lines.push(line);
  };
  return { ...(await startEmbeddedPostgres({ dataDir, log, durability: 'none', ...more })), lines };
};

let stopped: Promise<string> | undefined;

/** A copy of a data folder with a stopped cluster, at `<new folder>/data`. Quicker than a cluster of its own. */
export const copyOfStoppedCluster = async (): Promise<string> => {
  stopped ??= (async () => {
    const dataDir = join(makeFolder(), 'data');
    const server = await start(dataDir);
    await query(server.ownerUrl, 'create schema pm; create table pm.note (text text)');
    await query(server.ownerUrl, `insert into pm.note values ('kept')`);
    await server.stop();
    return dataDir;
  })();
  const dataDir = join(makeFolder(), 'data');
  await cp(await stopped, dataDir, { recursive: true, preserveTimestamps: true });
  return dataDir;
};

/** Runs statements on a connection of their own. */
export const query = async (url: string, text: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
};

/** The process that serves the cluster of a data folder, by its lock file. */
export const serverPid = (dataDir: string): number => {
  const pid = readLockFile(clusterOf(dataDir))?.pid;
  if (pid === undefined) throw new Error(`no server in ${dataDir}`);
  return pid;
};

/** What is left of the servers of a data folder. */
export const serversOf = (dataDir: string): readonly number[] =>
  findByMark(clusterMark(clusterOf(dataDir))).map(({ pid }) => pid);

/** The code and sentence of an error; fails when the promise resolves. */
export const refusal = async (
  promise: Promise<EmbeddedPostgres>,
): Promise<{ code: unknown; message: string }> => {
  let server: EmbeddedPostgres;
  try {
    server = await promise;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { code: Reflect.get(error, 'code'), message: error.message };
  }
  await server.stop();
  throw new Error('it started, and should have been refused');
};
