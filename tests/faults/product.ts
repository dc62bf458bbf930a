/**
 * The real product in a data folder of its own: started, waited for, stopped, killed.
 *
 * Contents: Install · Product · startProduct · awaitReady · stopProduct · strike · freePort
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { readLockFile } from '../../server/src/platform/database/embedded/lock-file.ts';
import { signalProcess } from '../../server/src/platform/database/embedded/processes.ts';
import type { Victim } from './plan.ts';
import { clusterOf, describe, killAll, processesOf, waitUntilGone } from './processes.ts';
import type { Found, Role } from './processes.ts';

/** Where an install lives. */
export type Install = {
  readonly dataDir: string;
  readonly port: number;
  /** Where it fetches exchange rates: a stand-in on this machine. */
  readonly ecbUrl: string;
};

/** A product that was started. */
export type Product = {
  readonly install: Install;
  readonly child: ChildProcess;
  readonly address: string;
  /** The last lines that it said. */
  readonly lines: readonly string[];
  readonly startedAt: number;
  /** How it ended; undefined while it runs. */
  readonly ended: () => { readonly code: number | null; readonly signal: NodeJS.Signals | null } | undefined;
};

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = fileURLToPath(new URL('../../server/src/entry/cli.ts', import.meta.url));
const LINES_KEPT = 200;
const POLL_MS = 20;
const PROBE_TIMEOUT_MS = 2_000;
/** What is killed is gone within this time. */
const KILL_LIMIT_MS = 5_000;
/** Processes of a server that lost its main process notice that by themselves. */
const DYING_LIMIT_MS = 3_000;
/** Below the ports that systems give to outgoing connections, which would take ours while nobody listens. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const PORT_TRIES = 50;

let mayStart = true;

/** The run is over: whatever it still does, it starts nothing any more. */
export const startNoMore = (): void => {
  mayStart = false;
};

/** Starts the product, as the leader of a process group of its own. */
export const startProduct = (install: Install): Product => {
  if (!mayStart) throw new Error('the run is over');
  const lines: string[] = [];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [CLI, 'serve'], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TMPDIR: process.env['TMPDIR'],
      PM_DATA_DIR: install.dataDir,
      PORT: String(install.port),
      HOST: '127.0.0.1',
      PM_DEMO: 'off',
      PM_LOG_LEVEL: 'warn',
      ECB_BASE_URL: install.ecbUrl,
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const found = (rest + chunk).split('\n');
      rest = found.pop() ?? '';
      lines.push(...found.filter((line) => line.trim() !== ''));
      lines.splice(0, lines.length - LINES_KEPT);
    });
  }
  let end: ReturnType<Product['ended']>;
  child.once('exit', (code, signal) => {
    end = { code, signal };
  });
  const address = `http://127.0.0.1:${install.port}`;
  return { install, child, address, lines, startedAt, ended: () => end };
};

/**
 * Waits until the product serves.
 * @returns milliseconds since `since`
 * @throws {Error} when it ends by itself, or is not ready within the limit
 */
export const awaitReady = async (
  product: Product,
  limitMs: number,
  since = product.startedAt,
): Promise<number> => {
  for (;;) {
    if (await isReady(product)) return performance.now() - since;
    const end = product.ended();
    if (end !== undefined) {
      throw new Error(`the product ended by itself, with ${end.signal ?? `exit code ${end.code ?? ''}`}`);
    }
    if (performance.now() - since > limitMs) {
      throw new Error(`the product was not ready within ${limitMs / 1000} s`);
    }
    await sleep(POLL_MS);
  }
};

const isReady = async ({ address }: Product): Promise<boolean> => {
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    const body = (await response.json()) as { readonly status?: unknown };
    return response.status === 200 && body.status === 'ready';
  } catch {
    return false;
  }
};

/** What a stop left behind, and how long it took. */
export type Stopped = { readonly ms: number; readonly problems: readonly string[] };

/** Waits until a product that was asked to stop is over, and looks for what is left of it. */
export const awaitStopped = async (product: Product, since: number, limitMs: number): Promise<Stopped> => {
  const deadline = since + limitMs;
  while (product.ended() === undefined && performance.now() < deadline) await sleep(POLL_MS);
  const end = product.ended();
  if (end === undefined) return { ms: limitMs, problems: [`it did not stop within ${limitMs / 1000} s`] };
  const ms = performance.now() - since;
  const problems = leftoversOf(product.install);
  // Asked before it listens for signals, it is ended by the system: nothing was begun yet.
  const isClean = end.code === 0 || end.signal === 'SIGTERM';
  if (!isClean) problems.push(`it stopped with ${end.signal ?? `exit code ${end.code ?? ''}`}`);
  const left = processesOf(product.install.dataDir);
  if (left.length > 0) problems.push(`left running after the stop: ${describe(left)}`);
  return { ms, problems: [...problems, ...uglyWords(product)] };
};

/** Asks the product to stop, as Ctrl-C does, and waits for it. */
export const stopProduct = async (product: Product, limitMs: number): Promise<Stopped> => {
  const since = performance.now();
  signalProcess(product.child.pid ?? 0, 'SIGTERM');
  return awaitStopped(product, since, limitMs);
};

/** Files that only a running server may have, or only a start under way. */
const leftoversOf = ({ dataDir }: Install): string[] => {
  const inCluster = listOf(clusterOf(dataDir)).filter((name) => /^postmaster\.pid$|^\.s\./u.test(name));
  const sideFolders = listOf(dataDir).filter((name) =>
    name.startsWith(`${basename(clusterOf(dataDir))}.init-`),
  );
  return [...inCluster, ...sideFolders].map((name) => `left behind after the stop: ${name}`);
};

const listOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** The job queue shows on its own where it noticed that its database is gone; it is started again, and no fault. */
const withoutTraces = (lines: readonly string[]): readonly string[] => {
  let isInTrace = false;
  return lines.filter((line) => {
    if (/^\S/u.test(line) && line !== '}') isInTrace = line.startsWith('Trace: ');
    return !isInTrace;
  });
};

/** A program error where a sentence should be. */
export const uglyWords = (product: Product): readonly string[] => {
  const lines = withoutTraces(product.lines);
  const index = lines.findIndex((line) => /^\s+at \S.*[(/].*:\d+:\d+/u.test(line));
  return index < 0
    ? []
    : [`it showed a stack trace: ${lines.slice(Math.max(0, index - 2), index + 2).join(' | ')}`];
};

/** The processes of an install in a role. */
const inRole = (install: Install, ...roles: readonly Role[]): readonly Found[] =>
  processesOf(install.dataDir).filter(({ role }) => roles.includes(role));

/**
 * Kills with SIGKILL.
 * @returns what was hit; `app` where the victim was not there yet
 */
export const strike = async (product: Product, victim: Victim): Promise<string> => {
  const { install, child } = product;
  const pid = child.pid ?? 0;
  if (victim === 'postmaster') {
    const [postmaster] = inRole(install, 'postmaster');
    if (postmaster !== undefined) {
      signalProcess(postmaster.pid, 'SIGKILL');
      return 'postmaster';
    }
  }
  if (victim === 'everything') {
    await killAll(() => processesOf(install.dataDir), KILL_LIMIT_MS);
    return 'everything';
  }
  if (product.ended() === undefined) signalProcess(victim === 'app-group' ? -pid : pid, 'SIGKILL');
  if (product.ended() === undefined) await once(child, 'exit');
  return victim === 'app-group' ? 'app-group' : 'app';
};

/** Kills one process of the database server. @returns what it was */
export const strikeBackend = (product: Product, which: number): string => {
  const backends = inRole(product.install, 'backend').toSorted((a, b) => a.pid - b.pid);
  const hit = backends[Math.floor(which * backends.length)];
  if (hit === undefined) return 'no backend';
  signalProcess(hit.pid, 'SIGKILL');
  return hit.commandLine.replace(/^postgres: \S+: /u, '').trim();
};

/** What should not run beside a product that is ready: second servers, left-over processes of killed starts. */
export const strangersBeside = async (product: Product): Promise<readonly string[]> => {
  const { install, child } = product;
  const strangers = (): readonly Found[] => {
    const server = readLockFile(clusterOf(install.dataDir))?.pid;
    return processesOf(install.dataDir).filter(
      ({ pid, parent }) => ![pid, parent].includes(child.pid ?? 0) && pid !== server && parent !== server,
    );
  };
  const left = await waitUntilGone(strangers, DYING_LIMIT_MS);
  return left.length === 0 ? [] : [`running beside the product: ${describe(left)}`];
};

/** A port of this machine that nobody listens on. */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });

/** Where data folders are made. */
export const TEMP = tmpdir();
