/**
 * The product itself, as a person starts it: in a data folder of its own, on a free port, with a stand-in for the ECB.
 *
 *   const product = await startProduct();
 *   … product.url …
 *   await product.stop();       // fails when it does not end cleanly
 *
 * Contents: startProduct · ECB_RATES
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { ECB_90_DAYS, ECB_DAILY, ecbXml, startEcbStub } from '../../support/ecb-stub.ts';
import { makeTestFolder } from '../../support/test-folder.ts';
import { Refusal } from './refusal.ts';

const CLI = join(import.meta.dirname, '../../../server/src/entry/cli.ts');
/** The first start builds the web app and makes a database. */
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 30_000;
const POLL_MS = 100;
const LAST_LINES = 12;
/** The levels error and fatal of the log. */
const LOGGED_ERROR = /"level":(?:50|60|"error"|"fatal")/u;

/** Round rates, so that every figure on a page can be checked in one's head: 1 USD = 0.64 GBP, 1 EUR = 0.80 GBP. */
export const ECB_RATES = { USD: '1.25', GBP: '0.80', JPY: '160', CHF: '0.95' } as const;

export type Product = {
  readonly url: string;
  /** Ends it as Ctrl-C does and removes its folder. @throws {Error} when it ends with anything but 0 */
  stop(): Promise<void>;
  /** Ends it at once, for when the journeys themselves are ended. */
  kill(): void;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const sleep = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The newest days that the ECB could have published by now: weekdays, newest first. */
const recentDays = (count: number): string[] => {
  const days: string[] = [];
  let day = Temporal.Now.plainDateISO('Europe/Berlin');
  while (days.length < count) {
    if (day.dayOfWeek <= 5) days.push(day.toString());
    day = day.subtract({ days: 1 });
  }
  return days;
};

const startEcb = async () => {
  const ecb = await startEcbStub();
  const rates = Object.fromEntries(recentDays(10).map((day) => [day, ECB_RATES]));
  const [newest = ''] = recentDays(1);
  ecb.answer(ECB_DAILY, { body: ecbXml({ [newest]: ECB_RATES }) });
  ecb.answer(ECB_90_DAYS, { body: ecbXml(rates) });
  return ecb;
};

const untilReady = async (url: string, child: ChildProcess, output: readonly string[]): Promise<void> => {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline) {
      const last = output.join('').trim().split('\n').slice(-LAST_LINES).join('\n');
      throw new Refusal(`The product did not start; it last said:\n${last}`);
    }
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok === true) return;
    await sleep(POLL_MS);
  }
};

/** Starts it and waits until it answers. @throws {Refusal} with its last words when it does not */
export const startProduct = async (): Promise<Product> => {
  const ecb = await startEcb();
  const folder = await makeTestFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [CLI, 'serve'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PM_DATA_DIR: folder,
      PORT: String(port),
      PM_DEMO: 'off',
      PM_LOG_LEVEL: 'warn',
      ECB_BASE_URL: ecb.url,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  const keep = (chunk: Buffer): void => void output.push(chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const tidyUp = async (): Promise<void> => {
    await ecb.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilReady(url, child, output);
  } catch (error) {
    child.kill('SIGKILL');
    await tidyUp();
    throw error;
  }
  return {
    url,
    stop: async () => {
      try {
        await endCleanly(child, output);
      } finally {
        await tidyUp();
      }
    },
    kill: () => void child.kill('SIGTERM'),
  };
};

const endCleanly = async (child: ChildProcess, output: readonly string[]): Promise<void> => {
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  clearTimeout(patience);
  const last = output.join('').trim().split('\n').slice(-LAST_LINES).join('\n');
  if (child.exitCode === 0) {
    const complaints = output
      .join('')
      .split('\n')
      .filter((line) => LOGGED_ERROR.test(line));
    if (complaints.length === 0) return;
    throw new Error(`The product logged errors:\n${complaints.slice(0, LAST_LINES).join('\n')}`);
  }
  throw new Error(
    `The product ended with ${child.exitCode ?? child.signalCode ?? 'nothing'} instead of 0; it last said:\n${last}`,
  );
};
