/**
 * `pm export FILE`, `pm import archive FILE` and `pm import local-storage FILE`: a person's data out and in, in the name of
 * the install's first administrator or of `--as EMAIL`.
 */
import { open, readFile as readBytes } from 'node:fs/promises';
import { basename } from 'node:path';

import { dayIn } from '@pm/domain/calendar';
import { previewLocalStorage, readOldData, takeLocalStorage } from '#features/imports';
import { exportArchive, importArchive, readArchive } from '#features/privacy';
import { withTenant } from '#platform/database/index.ts';

import { CommandError, createRuntime, withDatabases } from '../runtime.ts';
import { findPerson } from './person.ts';

export type PersonOption = { readonly as?: string };

/** Writes everything that a person owns into a ZIP file; a file that is there already is not overwritten. */
export const exportTo = async (path: string, options: PersonOption): Promise<void> => {
  const runtime = createRuntime(true);
  await withDatabases(runtime, async (databases) => {
    const userId = await findPerson(databases, options.as);
    const target = await open(path, 'wx', 0o600).catch((error: unknown) => {
      throw new CommandError(`${path} cannot be written: ${error instanceof Error ? error.message : ''}`);
    });
    try {
      const file = await withTenant(databases.appForJobs, { userId }, async (tx) =>
        exportArchive(tx, userId, { now: runtime.clock.now() }),
      );
      for await (const chunk of file.createReadStream({ start: 0 })) await target.write(chunk as Buffer);
    } finally {
      await target.close();
    }
    process.stdout.write(`Everything is in ${path}. Keep it where nobody else reads it.\n`);
  });
};

export const importArchiveFile = async (path: string, options: PersonOption): Promise<void> => {
  const runtime = createRuntime(true);
  await withDatabases(runtime, async (databases) => {
    const userId = await findPerson(databases, options.as);
    const archive = readArchive(await readBytes(path));
    const done = await withTenant(databases.appForJobs, { userId }, async (tx, person) =>
      importArchive(tx, archive, { id: userId, role: person.role }),
    );
    process.stdout.write(
      `${basename(path)}: ${done.portfolios} portfolios, ${done.holdings} holdings, ${done.trades} trades, ` +
        `${done.instruments} own instruments, ${done.madePrivate} made because they are not known here.\n`,
    );
  });
};

export type LocalStorageOptions = PersonOption & { readonly preview?: boolean };

export const importLocalStorage = async (path: string, options: LocalStorageOptions): Promise<void> => {
  const runtime = createRuntime(true);
  await withDatabases(runtime, async (databases) => {
    const userId = await findPerson(databases, options.as);
    const now = runtime.clock.now();
    const data = readOldData(await readBytes(path), now);
    const done = await withTenant(databases.appForJobs, { userId }, async (tx, person) => {
      const taker = { id: userId, today: dayIn(now, person.timezone) };
      return options.preview === true
        ? previewLocalStorage(tx, data, taker)
        : takeLocalStorage(tx, data, taker);
    });
    const { made, known } = done;
    process.stdout.write(
      `${basename(path)}: ${options.preview === true ? 'would make' : 'made'} ${made.portfolios} portfolios, ` +
        `${made.holdings} holdings, ${made.trades} trades; ${known.portfolios} portfolios, ${known.holdings} holdings and ` +
        `${known.trades} trades were here already.\n`,
    );
    for (const { field, message } of done.changed) process.stdout.write(`  ! ${field} ${message}\n`);
    for (const { field, message } of done.refused) process.stdout.write(`  x ${field} ${message}\n`);
  });
};
