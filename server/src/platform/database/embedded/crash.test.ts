import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, describe, expect, test } from 'vitest';

import { isRunning } from './processes.ts';
import {
  cleanUp,
  clusterOf,
  copyOfStoppedCluster,
  makeFolder,
  query,
  refusal,
  serverPid,
  serversOf,
  start,
  startApp,
} from './testing/harness.ts';

afterAll(cleanUp);

/** Repeats until it works: for what comes back by itself. */
const eventually = async <T>(attempt: () => Promise<T>): Promise<T> => {
  const deadline = performance.now() + 15_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(20);
    }
  }
};

describe('a program that is killed', () => {
  test('leaves its server running, which the next start takes over with all that was committed', async () => {
    const dataDir = await copyOfStoppedCluster();
    const app = startApp({ dataDir });
    const { ownerUrl } = await app.waitFor('ready');
    await query(String(ownerUrl), `insert into note values ('just before')`);
    const pid = serverPid(dataDir);
    await app.kill('SIGKILL');
    expect(isRunning(pid)).toBe(true);

    const server = await start(dataDir);
    expect(server.adopted).toBe(true);
    expect(serverPid(dataDir)).toBe(pid);
    expect(await query(server.ownerUrl, 'select text from note')).toEqual([
      { text: 'kept' },
      { text: 'just before' },
    ]);
    await server.stop();
    expect(serversOf(dataDir)).toEqual([]);
  });

  test('without fsync leaves a server that a durable start does not take as it is', async () => {
    const dataDir = await copyOfStoppedCluster();
    const app = startApp({ dataDir, durability: 'none' });
    await app.waitFor('ready');
    await app.kill('SIGKILL');
    const server = await start(dataDir, { durability: 'full' });
    expect(server.adopted).toBe(false);
    expect(await query(server.ownerUrl, 'show fsync')).toEqual([{ fsync: 'on' }]);
    await server.stop();
  });

  test.each([40, 200, 380, 560])('%i ms into its first start leaves nothing unusable', async (moment) => {
    const dataDir = join(makeFolder(), 'data');
    const app = startApp({ dataDir, durability: 'full' });
    // From the first sign of life, so that the moments fall into initdb and the steps around it on any machine.
    await eventually(() => Promise.resolve(readdirSync(dataDir)));
    await sleep(moment);
    await app.kill('SIGKILL');
    const server = await start(dataDir);
    expect(await query(server.appUrl, 'select current_user')).toEqual([{ current_user: 'app' }]);
    await server.stop();
    expect(readdirSync(dataDir).filter((name) => name.includes('.init-'))).toEqual([]);
  });
});

describe('a server that is killed', () => {
  test('is started again at the same address while the program lives', async () => {
    const server = await start(await copyOfStoppedCluster(), { durability: 'full' });
    await query(server.ownerUrl, `insert into note values ('acknowledged')`);
    const folder = decodeURIComponent(new URL(server.ownerUrl).searchParams.get('host') ?? '');
    const pid = serverPid(join(folder, '..'));
    process.kill(pid, 'SIGKILL');
    const rows = await eventually(() => query(server.ownerUrl, 'select text from note'));
    expect(rows).toEqual([{ text: 'kept' }, { text: 'acknowledged' }]);
    expect(serverPid(join(folder, '..'))).not.toBe(pid);
    await server.stop();
  });

  test('again and again is given up, with a reason', async () => {
    const dataDir = await copyOfStoppedCluster();
    const server = await start(dataDir);
    for (let back = 0; back < 6; back += 1) {
      await eventually(() => {
        if (server.lines.filter(({ msg }) => msg === 'PostgreSQL is back').length < back) {
          throw new Error('not yet');
        }
        return Promise.resolve();
      });
      process.kill(serverPid(dataDir), 'SIGKILL');
    }
    expect((await server.lost).message).toMatch(/ended 6 times within ten minutes/u);
    await server.stop();
  });

  test('together with its program, busy with a long statement, does not keep the next start waiting for that', async () => {
    const dataDir = await copyOfStoppedCluster();
    const app = startApp({ dataDir });
    const { ownerUrl } = await app.waitFor('ready');
    const busy = query(String(ownerUrl), 'select count(*) from generate_series(1, 10000000000)').catch(
      () => 'cut off',
    );
    await eventually(async () => {
      const rows = await query(
        String(ownerUrl),
        `select 1 from pg_stat_activity where query like '%generate_series%' and state = 'active'`,
      );
      if (rows.length < 2) throw new Error('not busy yet');
    });
    const pid = serverPid(dataDir);
    await app.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    const server = await start(dataDir);
    expect(server.adopted).toBe(false);
    expect(await query(server.ownerUrl, 'select text from note')).toEqual([{ text: 'kept' }]);
    expect(await busy).toBe('cut off');
    await server.stop();
  });

  test('leaves a lock whose number another program may have got: it does not stand in the way', async () => {
    for (const lock of [
      '',
      'x\ny\n',
      `${process.pid}\n/somewhere/else\n1700000000\n5432\n.\n\n  1 2\nready   \n`,
    ]) {
      const dataDir = await copyOfStoppedCluster();
      writeFileSync(join(clusterOf(dataDir), 'postmaster.pid'), lock);
      const server = await start(dataDir);
      expect(server.adopted).toBe(false);
      await server.stop();
    }
  });
});

describe('a second program on the same data folder', () => {
  test('is refused with the name of the first, which does not notice', async () => {
    const dataDir = await copyOfStoppedCluster();
    const app = startApp({ dataDir });
    const { appUrl } = await app.waitFor('ready');
    const { code, message } = await refusal(start(dataDir));
    expect(code).toBe('in_use');
    expect(message).toMatch(
      /^The data folder .*data is already in use by portfolio-manager, process \d+ on .*\.$/u,
    );
    expect(message).toContain(`process ${app.child.pid ?? 0} on`);
    expect(await query(String(appUrl), 'select current_user')).toEqual([{ current_user: 'app' }]);
    await app.kill('SIGTERM');
    const server = await start(dataDir);
    await server.stop();
  });

  test('that starts in the same moment: one of them gets it', async () => {
    const dataDir = join(makeFolder(), 'data');
    const apps = [startApp({ dataDir }), startApp({ dataDir })];
    const outcomes = await Promise.all(
      apps.map((app) => Promise.any([app.waitFor('ready'), app.waitFor('failed')])),
    );
    expect(outcomes.map(({ event }) => event).toSorted()).toEqual(['failed', 'ready']);
    expect(outcomes.find(({ event }) => event === 'failed')).toMatchObject({ code: 'in_use' });
    for (const app of apps) await app.kill('SIGTERM');
    expect(serversOf(dataDir)).toEqual([]);
  });
});

describe('a stop', () => {
  test('that a stuck client process holds up becomes an immediate one', async () => {
    const dataDir = await copyOfStoppedCluster();
    const server = await start(dataDir, { stopPatienceMs: 300 });
    const [row] = await query(
      server.adminUrl,
      `select pid from pg_stat_activity where backend_type = 'checkpointer'`,
    );
    // A process that does not react to anything but the last signal.
    process.kill(Number(row?.['pid']), 'SIGSTOP');
    await server.stop();
    expect(serversOf(dataDir)).toEqual([]);
    expect(server.lines).toContainEqual(expect.objectContaining({ level: 'warn', after: 'SIGINT' }));
  });

  test('by Ctrl-C, which the terminal sends to the whole group, lets the program use the database to the end', async () => {
    const dataDir = await copyOfStoppedCluster();
    const app = startApp({ dataDir });
    await app.waitFor('ready');
    process.kill(-(app.child.pid ?? 0), 'SIGINT');
    expect(await app.over).toBe(0);
    expect(app.events.map(({ event }) => event).filter((event) => event !== 'log')).toEqual([
      'ready',
      'queried',
      'stopped',
    ]);
    expect(serversOf(dataDir)).toEqual([]);
  });
});
