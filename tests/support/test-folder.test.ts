import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { sweepAbandoned } from './test-folder.ts';

it('sweeps up after killed runs only, with their servers', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'pm-sweep-'));
  const dead = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(dead, 'exit');
  const abandoned = join(parent, `pm-test-${dead.pid}-abc`);
  await mkdir(join(abandoned, 'pg18'), { recursive: true });
  await mkdir(join(parent, `pm-test-${process.pid}-abc`));
  await mkdir(join(parent, 'somebody-elses'));
  // As a postmaster would, it names its data folder on the command line.
  const server = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', join(abandoned, 'pg18')], {
    stdio: 'ignore',
  });
  const ended = once(server, 'exit');
  await writeFile(join(abandoned, 'pg18', 'postmaster.pid'), `${server.pid}\n`);
  expect(await sweepAbandoned(parent)).toEqual([abandoned]);
  expect((await readdir(parent)).toSorted()).toEqual([`pm-test-${process.pid}-abc`, 'somebody-elses']);
  expect(await ended).toEqual([null, 'SIGQUIT']);
  await rm(parent, { recursive: true });
});
