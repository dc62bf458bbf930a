/**
 * `pm import constituents FILE…`, `pm import prices FILE…` and `pm import fx FILE…`.
 *
 * Files are taken in the name of the install's first administrator, or of `--as EMAIL`; each file is taken as a whole
 * or not at all.
 */
import { readFile as readBytes } from 'node:fs/promises';
import { basename } from 'node:path';

import { dayIn } from '@pm/domain/calendar';
import { listInstruments } from '#features/instruments';
import { importFile, previewFile, readFile } from '#features/look-through';
import type { ReadFile } from '#features/look-through';
import { importPrices, importRateFile, readPrices } from '#features/market-data';
import { withTenant, withWorker } from '#platform/database/index.ts';
import type { Tx } from '#platform/database/index.ts';

import { CommandError, createRuntime, withDatabases } from '../runtime.ts';
import { progress } from '../progress.ts';
import { findPerson } from './person.ts';

export type ConstituentOptions = {
  readonly instrument?: string;
  readonly asOf?: string;
  readonly force?: boolean;
  readonly scope?: 'shared' | 'private';
  readonly as?: string;
};

export const importConstituents = async (
  files: readonly string[],
  options: ConstituentOptions,
): Promise<void> => {
  const runtime = createRuntime(true);
  await withDatabases(runtime, async (databases) => {
    const userId = await findPerson(databases, options.as);
    const bar = progress('Importing', files.length);
    for (const path of files) {
      const read = readFile(await readBytes(path), { fileName: basename(path) });
      const report = await withTenant(databases.appForJobs, { userId }, async (tx, person) => {
        const fundId = await fundOf(tx, options.instrument, read, path);
        const request = {
          fundId,
          asOf: options.asOf,
          force: options.force,
          scope: options.scope,
          fileName: basename(path),
        };
        return importFile(tx, request, read, {
          id: userId,
          role: person.role,
          today: dayIn(runtime.clock.now(), person.timezone),
        });
      });
      bar.step();
      process.stdout.write(
        `${basename(path)}: ${report.rows} rows as of ${report.asOf}, weights sum to ${report.weightSumPct} %, ` +
          `${report.matched} matched (${report.created} new), ${report.unmatched} unsure, ${report.scope}.\n`,
      );
      for (const warning of report.warnings) process.stdout.write(`  ! ${warning}\n`);
      for (const row of report.unsure) {
        process.stdout.write(
          `  ? row ${row.row}, ${row.name}: ${row.candidates.map((one) => `${one.name} (${one.why})`).join('; ')}\n`,
        );
      }
    }
  });
};

export type PriceOptions = {
  readonly instrument: string;
  readonly quoteUnit?: string;
  readonly as?: string;
};

export const importPriceFiles = async (files: readonly string[], options: PriceOptions): Promise<void> => {
  const runtime = createRuntime(true);
  await withDatabases(runtime, async (databases) => {
    const userId = await findPerson(databases, options.as);
    const bar = progress('Importing', files.length);
    for (const path of files) {
      const file = readPrices(await readBytes(path));
      const done = await withTenant(databases.appForJobs, { userId }, async (tx, person) => {
        const instrumentId = await instrumentNamed(tx, options.instrument);
        const request = { instrumentId, quoteUnit: options.quoteUnit };
        return importPrices(tx, request, file, { id: userId, role: person.role }, runtime.clock.now());
      });
      bar.step();
      process.stdout.write(
        `${basename(path)}: ${done.rows} prices (${done.form}) from ${done.from} to ${done.to}, ` +
          `${done.added} new, ${done.corrected} corrected, ${done.held} held back, ${done.scope}.\n`,
      );
      for (const warning of done.warnings) process.stdout.write(`  ! ${warning}\n`);
    }
  });
};

/** The only instrument with this id, ISIN or ticker. */
const instrumentNamed = async (tx: Tx, code: string): Promise<string> => {
  const wanted = code.toUpperCase();
  const { items } = await listInstruments(tx, { query: code, limit: 50 });
  const [only, ...others] = items.filter((one) =>
    [one.id.toUpperCase(), one.isin, one.ticker?.toUpperCase()].includes(wanted),
  );
  if (only === undefined) {
    throw new CommandError(`There is no instrument with the id, ISIN or ticker ${code}; create it first.`);
  }
  if (others.length > 0) {
    const named = [only, ...others].map((one) => `${one.id} (${one.name})`).join(', ');
    throw new CommandError(`${code} is the code of several instruments; name one by its id: ${named}.`);
  }
  return only.id;
};

/** The fund named, or the only one that the file's contents speak for. */
const fundOf = async (tx: Tx, code: string | undefined, read: ReadFile, path: string): Promise<string> => {
  if (code !== undefined) return instrumentNamed(tx, code);
  const { candidates, assignedTo } = await previewFile(tx, read, basename(path));
  if (assignedTo !== null) {
    return assignedTo;
  }
  const named = candidates.slice(0, 3).map((one) => `${one.name} (${one.why})`);
  throw new CommandError(
    `It is not clear which fund ${basename(path)} is of${named.length > 0 ? `: perhaps ${named.join(', or ')}` : ''}. Name it with --instrument.`,
  );
};

export const importRates = async (files: readonly string[]): Promise<void> => {
  const runtime = createRuntime(true);
  await withDatabases(runtime, async (databases) => {
    const bar = progress('Importing', files.length);
    for (const path of files) {
      const bytes = await readBytes(path);
      const done = await withWorker(databases.worker, async (tx) => importRateFile(tx, bytes));
      bar.step();
      process.stdout.write(
        `${basename(path)}: ${done.rows} rates of ${done.pairs} currencies from ${done.from} to ${done.to}, ` +
          `${done.added} new, ${done.corrected} corrected.\n`,
      );
      for (const warning of done.warnings) process.stdout.write(`  ! ${warning}\n`);
    }
  });
};
