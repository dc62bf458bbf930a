/**
 * A Redis for tests: the machine's own `redis-server` on a port of its own, or where there is none a stub that speaks
 * enough of its protocol. Either can hang, be full, lie and die, so that no test is left out.
 *
 * Contents: stubRedis · TestRedis · startRedis
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { Redis } from 'ioredis';

const SERVER = process.env['PM_REDIS_SERVER'] ?? '/usr/bin/redis-server';

/** Speaks just enough of Redis' protocol (RESP2) to be talked to by the real client, can hang, be full and die. */
export const stubRedis = async (
  port = 0,
): Promise<{
  port: number;
  values: Map<string, string>;
  commands: string[][];
  mute: (muted: boolean) => void;
  fill: (full: boolean) => void;
  stop: () => Promise<void>;
}> => {
  const values = new Map<string, string>();
  const commands: string[][] = [];
  const sockets = new Set<Socket>();
  let muted = false;
  let full = false;
  const bulk = (text: string | undefined): string =>
    text === undefined ? '$-1\r\n' : `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
  const answer = ([name = '', key = '', value = '']: string[]): string => {
    switch (name.toLowerCase()) {
      case 'get':
        return bulk(values.get(key));
      case 'set':
        if (full) return "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
        values.set(key, value);
        return '+OK\r\n';
      case 'del':
        return `:${values.delete(key) ? 1 : 0}\r\n`;
      case 'info':
        return bulk('redis_version:6.2.0\r\nloading:0\r\n');
      default:
        return '+OK\r\n';
    }
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const words = data.toString().split('\r\n');
      for (let at = 0; words[at]?.startsWith('*') === true;) {
        const count = Number(words[at]?.slice(1));
        const command = Array.from({ length: count }, (_unused, index) => words[at + 2 + index * 2] ?? '');
        at += 1 + count * 2;
        commands.push(command);
        if (!muted) socket.write(answer(command));
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    values,
    commands,
    mute: (value) => void (muted = value),
    fill: (value) => void (full = value),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A Redis under the control of a test. */
export type TestRedis = {
  readonly kind: 'redis-server' | 'stub';
  readonly url: string;
  keys(): Promise<readonly string[]>;
  /** Answers nothing for some seconds. */
  hang(): Promise<void>;
  /** Takes nothing more. */
  fill(): Promise<void>;
  /** Gives every key the value of another one. */
  lie(): Promise<void>;
  kill(): Promise<void>;
};

const HANG_MS = 3_000;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const realRedis = async (): Promise<TestRedis> => {
  const port = await freePort();
  const memoryOnly = ['--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  const child = spawn(SERVER, ['--port', String(port), '--bind', '127.0.0.1', ...memoryOnly], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const url = `redis://127.0.0.1:${port}`;
  const admin = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  admin.on('error', () => undefined);
  await admin.ping();
  return {
    kind: 'redis-server',
    url,
    keys: async () => admin.keys('*'),
    hang: async () => void (await admin.call('CLIENT', 'PAUSE', String(HANG_MS), 'ALL')),
    fill: async () => {
      await admin.config('SET', 'maxmemory-policy', 'noeviction');
      await admin.config('SET', 'maxmemory', '1');
    },
    lie: async () => {
      const keys = (await admin.keys('*')).toSorted();
      const values = await Promise.all(keys.map(async (key) => admin.get(key)));
      await Promise.all(keys.map(async (key, at) => admin.set(key, values.at(at - 1) ?? '')));
    },
    kill: async () => {
      admin.disconnect();
      child.kill('SIGKILL');
      await ended;
    },
  };
};

const stubbedRedis = async (): Promise<TestRedis> => {
  const stub = await stubRedis();
  return {
    kind: 'stub',
    url: `redis://127.0.0.1:${stub.port}`,
    keys: async () => [...stub.values.keys()],
    hang: async () => stub.mute(true),
    fill: async () => stub.fill(true),
    lie: async () => {
      const keys = [...stub.values.keys()].toSorted();
      const values = keys.map((key) => stub.values.get(key) ?? '');
      for (const [at, key] of keys.entries()) stub.values.set(key, values.at(at - 1) ?? '');
    },
    kill: stub.stop,
  };
};

/** Starts one; `kill` ends it. */
export const startRedis = async (): Promise<TestRedis> => (existsSync(SERVER) ? realRedis() : stubbedRedis());
