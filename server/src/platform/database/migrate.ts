/**
 * Schema migrations: plain SQL files, applied in order, forward only.
 *
 * Each file runs in a transaction of its own together with the row that records it, under a lock that other starting
 * processes wait for. What was applied is compared by checksum, so a file that changed afterwards is noticed.
 * Contents: migrate · readMigrations · migrateWith
 */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Client } from 'pg';

import type { Logger } from '../log.ts';
import { DatabaseSetupError } from './setup-error.ts';
import { withSetupLock } from './setup-lock.ts';

/** Where the product's migrations are. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../../db/migrations', import.meta.url));

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/u;
/** A migration waits this long for a table that others use, rather than stopping everybody behind it. */
const LOCK_TIMEOUT_MS = 60_000;

/** One migration file. */
export type Migration = {
  /** From the first four characters of the name. */
  readonly version: number;
  /** The file's name with its ending. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 in hex, of the text with line ends as LF. */
  readonly checksum: string;
};

/** What a run did. */
export type MigrationResult = {
  /** Names of the files applied by this run, in order; empty when the database was up to date. */
  readonly applied: readonly string[];
  /** The version that the database has now; 0 when there are no migrations. */
  readonly version: number;
};

type AppliedRow = { readonly version: number; readonly name: string; readonly checksum: string };

/**
 * Reads the migration files of a folder, in order. Numbers may leave gaps.
 * @throws {DatabaseSetupError} for a name that does not fit, or a number used twice
 */
export const readMigrations = async (folder: string = MIGRATIONS_FOLDER): Promise<Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  const migrations: Migration[] = [];
  for (const name of names) {
    const version = Number(FILE_NAME.exec(name)?.[1]);
    if (!(version > 0)) {
      throw new DatabaseSetupError(
        `The migration file ${name} must be called like 0001_lower_case_name.sql.`,
      );
    }
    const twin = migrations.at(-1);
    if (twin?.version === version) {
      throw new DatabaseSetupError(`The migration files ${twin.name} and ${name} have the same number.`);
    }
    const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
    migrations.push({ version, name, sql, checksum: createHash('sha256').update(sql).digest('hex') });
  }
  return migrations;
};

/**
 * Brings the database up to date.
 * @throws {DatabaseSetupError} when an applied file was changed or is missing, when the database is newer than this
 *   version of the product, or when a migration fails (the message names file and line; nothing of it remains)
 */
export const migrate = async (options: {
  readonly ownerUrl: string;
  readonly folder?: string;
  readonly log?: Logger;
}): Promise<MigrationResult> => {
  const migrations = await readMigrations(options.folder);
  return withSetupLock(options.ownerUrl, async (client) => migrateWith(client, migrations, options.log));
};

/** The same on a connection that already holds the setup lock. */
export const migrateWith = async (
  client: Client,
  migrations: readonly Migration[],
  log?: Logger,
): Promise<MigrationResult> => {
  await client.query(BOOKKEEPING);
  const { rows } = await client.query<AppliedRow>(
    'select version, name, checksum from pm.schema_migrations order by version',
  );
  const applied: string[] = [];
  for (const migration of pendingAfter(rows, migrations)) {
    const startedAt = performance.now();
    await applyOne(client, migration);
    applied.push(migration.name);
    log?.info(
      { migration: migration.name, durationMs: Math.round(performance.now() - startedAt) },
      'Migration applied',
    );
  }
  return { applied, version: migrations.at(-1)?.version ?? 0 };
};

// The request role reads the version to tell whether this process fits the database (readiness).
const BOOKKEEPING = `
  set client_min_messages = warning;
  create schema if not exists pm;
  create table if not exists pm.schema_migrations (
    version integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  );
  grant select on pm.schema_migrations to app, worker`;

/** Compares what was applied with the files, and tells what is left to do. */
const pendingAfter = (
  rows: readonly AppliedRow[],
  migrations: readonly Migration[],
): readonly Migration[] => {
  const files = new Map(migrations.map((migration) => [migration.version, migration]));
  const newestFile = migrations.at(-1)?.version ?? 0;
  for (const row of rows) {
    const file = files.get(row.version);
    if (file === undefined && row.version > newestFile) {
      throw new DatabaseSetupError(
        `The database is newer than this version of Portfolio Manager (it has ${row.name}); start the newer version.`,
      );
    }
    if (file?.name !== row.name || file.checksum !== row.checksum) {
      throw new DatabaseSetupError(
        `The migration ${row.name} was changed after it was applied; restore the file and put the change into a new one.`,
      );
    }
  }
  const newestApplied = rows.at(-1);
  const pending = migrations.filter(({ version }) => !rows.some((row) => row.version === version));
  const [late] = pending;
  if (newestApplied !== undefined && late !== undefined && late.version < newestApplied.version) {
    throw new DatabaseSetupError(
      `The migration file ${late.name} comes too late, since ${newestApplied.name} was already applied; give it a higher number.`,
    );
  }
  return pending;
};

const applyOne = async (client: Client, migration: Migration): Promise<void> => {
  await client.query(
    `begin; set local search_path = pm; set local timezone = 'UTC'; set local lock_timeout = ${LOCK_TIMEOUT_MS}`,
  );
  try {
    await client.query(migration.sql);
    await client.query('insert into pm.schema_migrations (version, name, checksum) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw new DatabaseSetupError(describeFailure(migration, error), error);
  }
};

const describeFailure = (migration: Migration, error: unknown): string => {
  if (!(error instanceof Error)) return `The migration ${migration.name} failed.`;
  const position = Number(Reflect.get(error, 'position'));
  const line = position > 0 ? ` at line ${migration.sql.slice(0, position).split('\n').length}` : '';
  return `The migration ${migration.name} failed${line}: ${error.message}.`;
};
