import {
  type Stats,
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import {
  cleanUp,
  clusterOf,
  copyOfStoppedCluster,
  isRoot,
  makeFolder,
  query,
  refusal,
  serversOf,
  start,
  startApp,
} from './testing/harness.ts';

afterAll(cleanUp);

const NOBODY = 65_534;

describe('a data folder that cannot be used is refused in one sentence', () => {
  const damages: readonly (readonly [
    what: string,
    code: string,
    sentence: RegExp,
    damage: (cluster: string) => void,
  ])[] = [
    [
      'holds something else',
      'data_folder_broken',
      /PG_VERSION is missing/u,
      (cluster) => {
        rmSync(cluster, { recursive: true });
        mkdirSync(cluster);
        writeFileSync(join(cluster, 'holiday.jpg'), 'x');
      },
    ],
    [
      'is a file',
      'data_folder_broken',
      /it is not a folder/u,
      (cluster) => {
        rmSync(cluster, { recursive: true });
        writeFileSync(cluster, 'x');
      },
    ],
    [
      'has an empty PG_VERSION',
      'data_folder_broken',
      /PG_VERSION holds no version/u,
      (cluster) => writeFileSync(join(cluster, 'PG_VERSION'), ''),
    ],
    [
      'is of another version',
      'data_folder_version',
      /made by PostgreSQL 17, but this program runs PostgreSQL 18/u,
      (cluster) => writeFileSync(join(cluster, 'PG_VERSION'), '17\n'),
    ],
    [
      'was copied in part',
      'data_folder_broken',
      /pg_wal is missing and 1 more/u,
      (cluster) => {
        for (const name of ['pg_wal', 'pg_xact']) rmSync(join(cluster, name), { recursive: true });
      },
    ],
    [
      'has a control file cut short',
      'data_folder_broken',
      /global\/pg_control is cut short/u,
      (cluster) => truncateSync(join(cluster, 'global/pg_control'), 100),
    ],
    [
      'has a control file of rubbish',
      'start_failed',
      /does not start with the database in/u,
      (cluster) => writeFileSync(join(cluster, 'global/pg_control'), Buffer.alloc(8192, 7)),
    ],
    [
      'has lost its log of changes',
      'start_failed',
      /could not locate a valid checkpoint record/u,
      (cluster) => {
        rmSync(join(cluster, 'pg_wal'), { recursive: true });
        mkdirSync(join(cluster, 'pg_wal'));
      },
    ],
  ];

  test.each(damages)('when it %s', async (_what, code, sentence, damage) => {
    const dataDir = await copyOfStoppedCluster();
    damage(clusterOf(dataDir));
    const refused = await refusal(start(dataDir));
    expect(refused.code).toBe(code);
    expect(refused.message).toMatch(sentence);
    expect(refused.message).toContain(clusterOf(dataDir));
    expect(refused.message).toMatch(/^[^\n]*\.$/u);
  });

  test('when a file is in its way', async () => {
    const file = join(makeFolder(), 'data');
    writeFileSync(file, 'x');
    for (const dataDir of [file, join(file, 'deeper')]) {
      expect(await refusal(start(dataDir))).toMatchObject({ code: 'data_folder_unusable' });
    }
  });

  test('when it may not be written', async () => {
    const dataDir = join(makeFolder(), 'data');
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o555);
    // Root may write anywhere, so it has to be somebody else.
    const app = startApp({ dataDir, ...(isRoot ? { become: NOBODY } : {}) });
    const { code, message } = await app.waitFor('failed');
    expect(code).toBe('data_folder_unusable');
    expect(message).toMatch(
      /^The data folder .*data cannot be written \(it belongs to .*\): .* set PM_DATA_DIR to another folder\.$/u,
    );
    await app.over;
  });

  test('and the end of the server log is in the error', async () => {
    const dataDir = await copyOfStoppedCluster();
    writeFileSync(join(clusterOf(dataDir), 'pg_hba.conf'), 'rubbish\n');
    const app = startApp({ dataDir });
    const { code, lastLines } = await app.waitFor('failed');
    expect(code).toBe('start_failed');
    expect(JSON.stringify(lastLines)).toMatch(/pg_hba\.conf/u);
    await app.over;
  });
});

describe('a data folder', () => {
  test('that was moved goes on at its new place', async () => {
    const dataDir = await copyOfStoppedCluster();
    const moved = join(dirname(dataDir), 'moved');
    renameSync(dataDir, moved);
    const server = await start(moved);
    expect(await query(server.ownerUrl, 'select text from note')).toEqual([{ text: 'kept' }]);
    await server.stop();
  });

  test('that was moved while a server left behind still ran goes on at its new place', async () => {
    const dataDir = await copyOfStoppedCluster();
    const app = startApp({ dataDir });
    await app.waitFor('ready');
    await app.kill('SIGKILL');
    const moved = join(dirname(dataDir), 'moved');
    renameSync(dataDir, moved);
    const server = await start(moved);
    expect(await query(server.ownerUrl, 'select text from note')).toEqual([{ text: 'kept' }]);
    await server.stop();
    expect(serversOf(moved)).toEqual([]);
  });

  test('that was copied while in use is refused as long as the original runs, which is left alone', async () => {
    const dataDir = await copyOfStoppedCluster();
    const app = startApp({ dataDir });
    const { appUrl } = await app.waitFor('ready');
    const copy = join(dirname(dataDir), 'copy');
    await cp(dataDir, copy, { recursive: true, filter: (path) => !basename(path).startsWith('.s.') });
    const { code, message } = await refusal(start(copy));
    expect(code).toBe('data_folder_copied_live');
    expect(message).toContain(`was copied from ${clusterOf(dataDir)} while that was in use`);
    expect(await query(String(appUrl), 'select 1 as one')).toEqual([{ one: 1 }]);
    await app.kill('SIGTERM');
  });

  test('that is open to others is closed', async () => {
    const dataDir = await copyOfStoppedCluster();
    chmodSync(clusterOf(dataDir), 0o755);
    const server = await start(dataDir);
    await server.stop();
    expect(mode(statSync(clusterOf(dataDir)))).toBe('700');
  });

  test('with a path too long for a socket listens in a short private folder, gone after the stop', async () => {
    const dataDir = join(makeFolder(), 'x'.repeat(100), 'data');
    const server = await start(dataDir);
    const dir = new URL(server.appUrl).searchParams.get('host') ?? '';
    expect(dir.length).toBeLessThan(80);
    expect(mode(statSync(dir))).toBe('700');
    expect(await query(server.appUrl, 'select current_user')).toEqual([{ current_user: 'app' }]);
    await server.stop();
    expect(existsSync(dir)).toBe(false);
  });

  test('keeps one older log when the log has grown large', async () => {
    const dataDir = await copyOfStoppedCluster();
    const log = join(dataDir, 'pg18.log');
    appendFileSync(log, 'x'.repeat(9 * 1024 * 1024));
    const server = await start(dataDir);
    await server.stop();
    expect(statSync(`${log}.1`).size).toBeGreaterThan(9_000_000);
    expect(readFileSync(log, 'utf8')).toMatch(/ready to accept connections/u);
  });
});

const mode = (stats: Stats): string => (stats.mode % 0o1000).toString(8);
