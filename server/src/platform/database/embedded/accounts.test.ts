/**
 * Under which account PostgreSQL runs and what that account can reach. What root does is tested where the tests run as
 * root, as they do in a container; the rest everywhere.
 */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { findNativeDir } from './binaries.ts';
import {
  type App,
  cleanUp,
  clusterOf,
  copyOfStoppedCluster,
  isRoot,
  makeFolder,
  query,
  serverPid,
  serversOf,
  start,
  startApp,
} from './testing/harness.ts';

afterAll(cleanUp);

const NOBODY = 65_534;
const SYSTEM_CACHE = '/var/cache/portfolio-manager/postgresql-given';

/** A copy of PostgreSQL's binaries, with or without the links between its libraries. */
const copyOfBinaries = async (folder: string, links: 'with' | 'without'): Promise<string> => {
  const { nativeDir } = findNativeDir();
  const copy = join(folder, 'native');
  await cp(nativeDir, copy, { recursive: true, verbatimSymlinks: true });
  if (links === 'without') {
    for (const entry of readdirSync(join(copy, 'lib'), { withFileTypes: true })) {
      if (entry.isSymbolicLink()) rmSync(join(copy, 'lib', entry.name));
    }
  }
  return copy;
};

const uidOf = (pid: number): number => statSync(`/proc/${pid}`).uid;

const programOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '';

const stop = async (app: App): Promise<void> => {
  await app.kill('SIGTERM');
  expect(app.events.at(-1)).toEqual({ event: 'stopped' });
};

describe('binaries', () => {
  test('whose install script was skipped are given their library links', async () => {
    const nativeDir = await copyOfBinaries(makeFolder(), 'without');
    const server = await start(await copyOfStoppedCluster(), { nativeDir });
    expect(existsSync(join(nativeDir, 'lib', 'libpq.so.5'))).toBe(true);
    expect(await query(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  test('that may not be written to get their links in a copy beside the data', async () => {
    const folder = makeFolder();
    const nativeDir = await copyOfBinaries(folder, 'without');
    chmodSync(join(nativeDir, 'lib'), 0o555);
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir);
    if (isRoot) chownSync(dataDir, NOBODY, NOBODY);
    const app = startApp({ dataDir, nativeDir, ...(isRoot ? { become: NOBODY } : {}) });
    await app.waitFor('ready');
    expect(existsSync(join(dataDir, 'postgresql-given', 'lib', 'libpq.so.5'))).toBe(true);
    await stop(app);
  });
});

describe.runIf(isRoot)('root', () => {
  test('lends PostgreSQL to an unprivileged account, also in a folder that nobody else can enter', async () => {
    const folder = join(makeFolder(), 'private');
    mkdirSync(folder, { mode: 0o700 });
    const dataDir = join(folder, 'data');
    const app = startApp({ dataDir, durability: 'full' });
    const { adminUrl } = await app.waitFor('ready');
    const pid = serverPid(dataDir);
    expect(uidOf(pid)).toBeGreaterThan(0);
    expect(await query(String(adminUrl), 'show data_directory')).toEqual([
      { data_directory: '/proc/self/cwd' },
    ]);
    // A reload and a checkpoint use files by name long after the start.
    await query(String(adminUrl), 'select pg_reload_conf(); checkpoint');
    await app.kill('SIGKILL');

    const server = await start(dataDir, { durability: 'full' });
    expect(server.adopted).toBe(true);
    expect(serverPid(dataDir)).toBe(pid);
    await server.stop();
    expect(serversOf(dataDir)).toEqual([]);
    const again = await start(dataDir);
    expect(again.adopted).toBe(false);
    await again.stop();
  });

  test('runs a copy beside the data when the account cannot reach the binaries, and makes it once', async () => {
    const folder = makeFolder();
    const hidden = join(folder, 'hidden');
    mkdirSync(hidden, { mode: 0o700 });
    const nativeDir = await copyOfBinaries(hidden, 'without');
    const dataDir = join(folder, 'data');
    const app = startApp({ dataDir, nativeDir, umask: 0o077 });
    await app.waitFor('ready');
    const copy = join(dataDir, 'postgresql-given');
    expect(programOf(serverPid(dataDir))).toBe(join(copy, 'bin', 'postgres'));
    await stop(app);
    const madeAt = statSync(copy).ino;
    const server = await start(dataDir, { nativeDir });
    await server.stop();
    expect(statSync(copy).ino).toBe(madeAt);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgresql-copy-'))).toEqual([]);
  });

  test('keeps the copy in the system cache when the account cannot enter the data folder either', async () => {
    const was = existsSync(dirname(SYSTEM_CACHE));
    const folder = join(makeFolder(), 'private');
    mkdirSync(folder, { mode: 0o700 });
    const nativeDir = await copyOfBinaries(folder, 'with');
    const dataDir = join(folder, 'data');
    const app = startApp({ dataDir, nativeDir, umask: 0o077 });
    try {
      await app.waitFor('ready');
      expect(programOf(serverPid(dataDir))).toBe(join(SYSTEM_CACHE, 'bin', 'postgres'));
      await stop(app);
    } finally {
      rmSync(was ? SYSTEM_CACHE : dirname(SYSTEM_CACHE), { recursive: true, force: true });
    }
  });

  test('gives a folder that it copied to the account, and leaves one to the account that has it', async () => {
    const copied = await copyOfStoppedCluster();
    chownSync(clusterOf(copied), 0, 0);
    const server = await start(copied);
    const uid = uidOf(serverPid(copied));
    expect(uid).toBeGreaterThan(0);
    expect(statSync(join(clusterOf(copied), 'global', 'pg_control')).uid).toBe(uid);
    await server.stop();

    const kept = await copyOfStoppedCluster();
    chownSync(clusterOf(kept), NOBODY, NOBODY);
    const theirs = await start(kept);
    expect(uidOf(serverPid(kept))).toBe(NOBODY);
    await theirs.stop();
  });

  test('leaves a cluster that an ordinary account is told it cannot use', async () => {
    const dataDir = await copyOfStoppedCluster();
    chownSync(dataDir, NOBODY, NOBODY);
    const app = startApp({ dataDir, become: NOBODY });
    const { code, message } = await app.waitFor('failed');
    expect(code).toBe('data_folder_foreign');
    expect(message).toMatch(/belongs to root, not to nobody: start as root/u);
    await app.over;
  });
});

describe('an ordinary account', () => {
  test('runs PostgreSQL as itself', async () => {
    const folder = makeFolder();
    const nativeDir = await copyOfBinaries(folder, 'with');
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir, { mode: 0o700 });
    if (isRoot) chownSync(dataDir, NOBODY, NOBODY);
    const app = startApp({ dataDir, nativeDir, ...(isRoot ? { become: NOBODY } : {}) });
    const { adminUrl } = await app.waitFor('ready');
    expect(statSync(join(clusterOf(dataDir), 'PG_VERSION')).uid).toBe(isRoot ? NOBODY : process.geteuid?.());
    expect(await query(String(adminUrl), 'show data_directory')).toEqual([
      { data_directory: clusterOf(dataDir) },
    ]);
    await stop(app);
  });
});
