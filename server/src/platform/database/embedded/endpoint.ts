/**
 * Where a cluster listens, and the addresses that follow from it.
 *
 * A Unix socket inside the cluster's folder is the rule: nobody but the account (and root) can reach it. Its path may
 * have 107 bytes at most (103 on macOS), and some shared folders take no sockets; then it lies in a short private
 * folder. Loopback TCP is the last resort. Every way asks for a password.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';

import { type Account, canEnter, giveTo } from './account.ts';
import type { LockFile } from './lock-file.ts';
import type { Secrets } from './secrets.ts';

/** A place to listen at. `dir` is absolute; `port` of a socket is only part of its name. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly dir: string; readonly port: number; readonly inCluster: boolean }
  | { readonly kind: 'tcp'; readonly port: number };

/** The database that the product lives in. */
export const DATABASE = 'portfolio_manager';
/** The superuser that initdb makes, and the database that comes with it. */
export const SUPERUSER = 'postgres';

const SOCKET_PORT = 5432;
const LOOPBACK = '127.0.0.1';
/** `sun_path` without its closing zero byte. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103;
const PRIVATE_PREFIX = 'pm-pg-';
const OWNER_ONLY = 0o700;
/** Short everywhere; the system's own choice comes first. */
const PRIVATE_BASES = [tmpdir(), '/tmp', '/run', '/var/tmp'];

/** Chooses where a server that is about to start listens. */
export const chooseEndpoint = async (
  cluster: string,
  account: Account,
  transport: 'auto' | 'tcp',
): Promise<Endpoint> => {
  if (transport === 'auto') {
    if (await takesSocket(cluster)) {
      return { kind: 'socket', dir: cluster, port: SOCKET_PORT, inCluster: true };
    }
    for (const base of new Set(PRIVATE_BASES)) {
      const dir = await makePrivateFolder(base, account);
      if (dir !== undefined) return { kind: 'socket', dir, port: SOCKET_PORT, inCluster: false };
    }
  }
  return { kind: 'tcp', port: await freePort() };
};

const socketPath = (dir: string, port: number): string => join(dir, `.s.PGSQL.${port}`);

const fits = (dir: string): boolean =>
  Buffer.byteLength(socketPath(dir, SOCKET_PORT)) <= MAX_SOCKET_PATH_BYTES;

/** Tries a socket of our own, because only that shows what the file system can do. */
const takesSocket = async (dir: string): Promise<boolean> => {
  if (!fits(dir)) return false;
  const path = join(dir, '.s.pm.probe');
  rmSync(path, { force: true });
  try {
    return await listens(path);
  } finally {
    rmSync(path, { force: true });
  }
};

const listens = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ path }, () => server.close(() => resolve(true)));
  });

const makePrivateFolder = async (base: string, account: Account): Promise<string | undefined> => {
  let dir: string;
  try {
    dir = mkdtempSync(join(base, PRIVATE_PREFIX));
  } catch {
    return undefined;
  }
  chmodSync(dir, OWNER_ONLY);
  giveTo(dir, account);
  if (canEnter(dir, account) && (await takesSocket(dir))) return dir;
  rmSync(dir, { recursive: true, force: true });
  return undefined;
};

/** Removes the private folder of a server that is over. Anything else at that path is left alone. */
export const removePrivateFolder = (dir: string): void => {
  if (!isAbsolute(dir) || !basename(dir).startsWith(PRIVATE_PREFIX)) return;
  rmSync(dir, { recursive: true, force: true });
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: LOOPBACK }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

/** The server's settings for an endpoint. */
export const endpointSettings = (endpoint: Endpoint): Readonly<Record<string, string>> =>
  endpoint.kind === 'tcp'
    ? { listen_addresses: LOOPBACK, port: String(endpoint.port), unix_socket_directories: '' }
    : {
        listen_addresses: '',
        port: String(endpoint.port),
        // Relative to the cluster's folder, where the server works: it may not be able to enter the folders above.
        unix_socket_directories: endpoint.inCluster ? '.' : endpoint.dir,
        unix_socket_permissions: '0700',
      };

/** Where a running server listens, by its lock file; `undefined` while it does not say yet. */
export const endpointOf = (lock: LockFile, cluster: string): Endpoint | undefined => {
  const { port, socketDir, listenAddress } = lock;
  if (port === undefined) return undefined;
  if (socketDir !== '') {
    const dir = isAbsolute(socketDir) ? socketDir : join(cluster, socketDir);
    return { kind: 'socket', dir, port, inCluster: dir === cluster };
  }
  return listenAddress === '' ? undefined : { kind: 'tcp', port };
};

/** What the pg driver needs to log in as the superuser. */
export const adminConnection = (
  endpoint: Endpoint,
  secrets: Secrets,
): { host: string; port: number; user: string; password: string; database: string } => ({
  host: endpoint.kind === 'tcp' ? LOOPBACK : endpoint.dir,
  port: endpoint.port,
  user: SUPERUSER,
  password: secrets.superuser,
  database: SUPERUSER,
});

/** The addresses of all four logins, in the form that `new URL`, pg and libpq read alike. */
export const endpointUrls = (
  endpoint: Endpoint,
  secrets: Secrets,
): Record<'ownerUrl' | 'appUrl' | 'workerUrl' | 'adminUrl', string> => {
  const url = (user: string, password: string, database: string): string =>
    endpoint.kind === 'tcp'
      ? `postgresql://${user}:${password}@${LOOPBACK}:${endpoint.port}/${database}`
      : `postgresql://${user}:${password}@localhost:${endpoint.port}/${database}?host=${encodeURIComponent(endpoint.dir)}`;
  return {
    ownerUrl: url('owner', secrets.owner, DATABASE),
    appUrl: url('app', secrets.app, DATABASE),
    workerUrl: url('worker', secrets.worker, DATABASE),
    adminUrl: url(SUPERUSER, secrets.superuser, SUPERUSER),
  };
};
