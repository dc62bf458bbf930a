/**
 * The product as a provider would run it: PostgreSQL, Redis, one process that serves and one that only does jobs, each of
 * them a real process that can be killed and started again at the same address.
 *
 * Contents: SoakInstall · startSoakInstall · blows to PostgreSQL, Redis and the worker
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Redis } from 'ioredis';

import { startEmbeddedPostgres } from '../../server/src/platform/database/embedded/index.ts';
import { readLockFile } from '../../server/src/platform/database/embedded/lock-file.ts';
import { signalProcess } from '../../server/src/platform/database/embedded/processes.ts';
import type { Home } from '../faults/home.ts';
import { clusterOf } from '../faults/processes.ts';
import { awaitReady, freePort, uglyWords } from '../faults/product.ts';
import type { Product } from '../faults/product.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = fileURLToPath(new URL('../../server/src/entry/cli.ts', import.meta.url));
const REDIS_SERVER = process.env['PM_REDIS_SERVER'] ?? '/usr/bin/redis-server';
const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 30_000;
const LINES_KEPT = 400;
const HANG_MS = 5_000;

/** A process of the product. */
export type Part = {
  readonly name: 'serve' | 'worker';
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  readonly ended: Product['ended'];
  /** It was killed on purpose; its end is no fault. */
  wasKilled: boolean;
};

export type SoakInstall = {
  readonly address: string;
  readonly ownerUrl: string;
  /** The processes that should be running. */
  readonly serve: Part;
  worker(): Part;
  /** Lines that say that something is broken, of all processes so far; each is told once. */
  complaints(): readonly string[];
  killWorker(): Promise<void>;
  /** `SIGKILL` as in a power cut, `SIGINT` as an administrator restarts it. It is back soon. */
  strikePostgres(signal: 'SIGKILL' | 'SIGINT'): string;
  readonly redis: RedisUnderTest;
  /** Ends everything in order. @returns what went wrong with that */
  stop(): Promise<readonly string[]>;
};

export type RedisUnderTest = {
  kill(): Promise<void>;
  start(): Promise<void>;
  hang(): Promise<void>;
  /** Takes nothing more, and takes it again. */
  fill(full: boolean): Promise<void>;
  /** Gives every key the value of another one. */
  lie(): Promise<void>;
};

/** Starts everything. `settings` are the environment of both processes. */
export const startSoakInstall = async (
  home: Home,
  settings: Readonly<Record<string, string>>,
): Promise<SoakInstall> => {
  const database = await home.makeInstall('database', false);
  const server = await startEmbeddedPostgres({
    dataDir: database.dataDir,
    transport: 'tcp',
    log: () => undefined,
  });
  const redis = await startRedisUnderTest(home.folder);
  const product = await home.makeInstall('product', false);
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    TMPDIR: process.env['TMPDIR'],
    PM_DATA_DIR: product.dataDir,
    PORT: String(product.port),
    HOST: '127.0.0.1',
    PM_DEMO: 'off',
    PM_LOG_LEVEL: 'warn',
    DATABASE_URL: server.ownerUrl,
    DATABASE_APP_URL: server.appUrl,
    DATABASE_WORKER_URL: server.workerUrl,
    REDIS_URL: redis.url,
    ...settings,
  };
  const begin = (name: Part['name']): Part => startPart(name, environment, join(home.folder, `${name}.log`));
  const serve = begin('serve');
  const address = `http://127.0.0.1:${product.port}`;
  const asProduct = { ...serve, install: product, address, startedAt: performance.now() };
  await awaitReady(asProduct, START_LIMIT_MS);
  let worker = begin('worker');
  const parts = [serve, worker];
  const told = new Set<string>();
  return {
    address,
    ownerUrl: server.ownerUrl,
    serve,
    worker: () => worker,
    complaints: () => {
      const found = parts.flatMap((part) => complaintsOf(part, { ...asProduct, lines: part.lines }));
      const fresh = found.filter((one) => !told.has(one));
      for (const one of fresh) told.add(one);
      return fresh;
    },
    killWorker: async () => {
      worker.wasKilled = true;
      signalProcess(worker.child.pid ?? 0, 'SIGKILL');
      if (worker.ended() === undefined) await once(worker.child, 'exit');
      worker = begin('worker');
      parts.push(worker);
    },
    strikePostgres: (signal) => {
      const pid = readLockFile(clusterOf(database.dataDir))?.pid;
      if (pid === undefined) return 'it was down already';
      signalProcess(pid, signal);
      return signal;
    },
    redis,
    stop: async () => {
      const problems: string[] = [];
      for (const part of [worker, serve]) problems.push(...(await stopPart(part)));
      await redis.kill();
      await server.stop();
      return problems;
    },
  };
};

const startPart = (name: Part['name'], env: NodeJS.ProcessEnv, logFile: string): Part => {
  const lines: string[] = [];
  const child = spawn(process.execPath, [CLI, name], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      appendFileSync(logFile, chunk);
      const found = (rest + chunk).split('\n');
      rest = found.pop() ?? '';
      lines.push(...found.filter((one) => one.trim() !== ''));
      lines.splice(0, lines.length - LINES_KEPT);
    });
  }
  let end: ReturnType<Product['ended']>;
  child.once('exit', (code, signal) => {
    end = { code, signal };
  });
  return { name, child, lines, ended: () => end, wasKilled: false };
};

/** A process that ended by itself, and stack traces of its own where a sentence should be. */
const complaintsOf = (part: Part, product: Product): readonly string[] => {
  const end = part.ended();
  const gone =
    end === undefined || part.wasKilled
      ? []
      : [`${part.name} ended by itself, with ${end.signal ?? `exit code ${end.code ?? ''}`}`];
  return [...gone, ...uglyWords(product).map((one) => `${part.name}: ${one}`)];
};

const stopPart = async (part: Part): Promise<readonly string[]> => {
  part.wasKilled = true;
  if (part.ended() !== undefined) return [];
  signalProcess(part.child.pid ?? 0, 'SIGTERM');
  await Promise.race([once(part.child, 'exit'), sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
  const end = part.ended();
  if (end === undefined) {
    signalProcess(part.child.pid ?? 0, 'SIGKILL');
    return [`${part.name} did not stop within ${STOP_LIMIT_MS / 1000} s`];
  }
  return end.code === 0 ? [] : [`${part.name} stopped with ${end.signal ?? `exit code ${end.code ?? ''}`}`];
};

const startRedisUnderTest = async (folder: string): Promise<RedisUnderTest & { readonly url: string }> => {
  if (!existsSync(REDIS_SERVER)) {
    throw new Error(`There is no ${REDIS_SERVER}: install redis-server, or name one with PM_REDIS_SERVER.`);
  }
  const port = await freePort();
  const given = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ];
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) return;
    child = spawn(REDIS_SERVER, given, { stdio: 'ignore' });
    await withRedis(url, async (redis) => void (await redis.ping()));
  };
  await start();
  return {
    url,
    start,
    kill: async () => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    hang: async () =>
      withRedis(url, async (redis) => void (await redis.call('CLIENT', 'PAUSE', String(HANG_MS), 'ALL'))),
    fill: async (full) =>
      withRedis(url, async (redis) => {
        await redis.config('SET', 'maxmemory-policy', 'noeviction');
        await redis.config('SET', 'maxmemory', full ? '1' : '0');
      }),
    lie: async () =>
      withRedis(url, async (redis) => {
        const keys = (await redis.keys('*')).toSorted();
        const values = await Promise.all(keys.map(async (key) => redis.get(key).catch(() => null)));
        await Promise.all(keys.map(async (key, at) => redis.set(key, values.at(at - 1) ?? '', 'KEEPTTL')));
      }),
  };
};

const withRedis = async (url: string, work: (redis: Redis) => Promise<void>): Promise<void> => {
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
};

/** Resident memory of a process in MB; null when it is over. */
export const residentMb = (pid: number): number | null => {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
};
