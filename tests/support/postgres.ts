/**
 * One PostgreSQL for a whole test run, with a migrated template database that each test file clones.
 *
 *   setup                 Vitest's global set-up: starts the embedded server without fsync, or uses `PM_TEST_DATABASE_URL`
 *                         (a superuser of a server that is there for tests only), migrates the template, and tears all down
 *   withMigratedDatabase  the same for the tools that generate files from the schema
 *   TestRun               what the test files get to know of it
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import pg from 'pg';
import type { TestProject } from 'vitest/node';

import { withConnection } from '../../server/src/platform/database/connection.ts';
import { startEmbeddedPostgres } from '../../server/src/platform/database/embedded/index.ts';
import { setUpDatabase } from '../../server/src/platform/database/set-up.ts';
import { prepareRoles, withCredentials } from '../../server/src/platform/database/roles.ts';
import { silentLogger } from '../../server/src/platform/log.ts';
import { makeTestFolder } from './test-folder.ts';

/** Addresses without a database name of their own: each test file puts in its clone's. */
export type TestRun = {
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly workerUrl: string;
  readonly template: string;
  readonly prefix: string;
  /** How clones are made: copying files is faster where a checkpoint costs nothing, as without fsync. */
  readonly cloneStrategy: 'file_copy' | 'wal_log';
};

declare module 'vitest' {
  interface ProvidedContext {
    readonly testRun: TestRun;
  }
}

type Server = Omit<TestRun, 'template' | 'prefix'> & { stop(): Promise<void> };

/** Test servers hold nothing of worth; a fixed password lets several runs share one server. */
const TEST_PASSWORD = 'only-for-tests';

/** The same address with another database. */
export const withDatabase = (url: string, database: string): string =>
  url.replace(/^(postgres(?:ql)?:\/\/[^/]*)\/?[^?]*/u, (_whole, server: string) => `${server}/${database}`);

/** Vitest's global set-up. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const { server, prefix, template } = await startWithTemplate();
  const { stop: _stop, ...addresses } = server;
  project.provide('testRun', { ...addresses, template, prefix });
  return async () => tearDown(server, prefix);
};

/**
 * Runs `fn` with the owner's address of a freshly migrated database, for tools that read the schema.
 * The server is chosen as for tests, and everything is gone afterwards.
 */
export const withMigratedDatabase = async <T>(fn: (ownerUrl: string) => Promise<T>): Promise<T> => {
  const { server, prefix, template } = await startWithTemplate();
  try {
    return await fn(withDatabase(server.ownerUrl, template));
  } finally {
    await tearDown(server, prefix);
  }
};

const startWithTemplate = async (): Promise<{ server: Server; prefix: string; template: string }> => {
  const given = process.env['PM_TEST_DATABASE_URL'];
  const server = given === undefined || given === '' ? await startEmbedded() : await useGiven(given);
  const prefix = `pm_test_${process.pid}_${randomBytes(3).toString('hex')}`;
  const template = `${prefix}_template`;
  try {
    await createDatabaseFor(server, template);
    const { appUrl, workerUrl } = server;
    const ownerUrl = withDatabase(server.ownerUrl, template);
    await prepareRoles({ ownerUrl, appUrl, workerUrl, dataDir: tmpdir(), log: silentLogger });
    await setUpDatabase(ownerUrl, silentLogger);
    return { server, prefix, template };
  } catch (error) {
    await tearDown(server, prefix);
    throw error;
  }
};

const tearDown = async (server: Server, prefix: string): Promise<void> => {
  await dropAll(server, prefix);
  await server.stop();
};

const createDatabaseFor = async (server: Server, name: string): Promise<void> =>
  withConnection(server.adminUrl, async (admin) => {
    const owner = new pg.Client(server.ownerUrl).user ?? '';
    await admin.query(
      `create database ${pg.escapeIdentifier(name)} owner ${pg.escapeIdentifier(owner)} template template0 encoding 'UTF8'`,
    );
  });

/** Databases that failed tests left behind; on a server of our own they go with the server anyway. */
const dropAll = async (server: Server, prefix: string): Promise<void> =>
  withConnection(server.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ name: string }>(
      'select datname as name from pg_database where starts_with(datname, $1)',
      [prefix],
    );
    for (const { name } of rows) {
      await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
    }
  });

const startEmbedded = async (): Promise<Server> => {
  const dataDir = await makeTestFolder();
  const complaints: string[] = [];
  try {
    const server = await startEmbeddedPostgres({
      dataDir,
      durability: 'none',
      log: ({ level, msg }) => void (level === 'info' || complaints.push(msg)),
    });
    const stop = async (): Promise<void> => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    };
    const { adminUrl, ownerUrl, appUrl, workerUrl } = server;
    return { adminUrl, ownerUrl, appUrl, workerUrl, cloneStrategy: 'file_copy', stop };
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw new Error(`The test database did not start. ${complaints.join(' ')}`, { cause: error });
  }
};

/** Makes the roles that the embedded server comes with: an owner that is no superuser, and its two logins. */
const useGiven = async (adminUrl: string): Promise<Server> => {
  await withConnection(adminUrl, async (admin) => {
    // Several runs may start on one server in the same moment.
    await admin.query('select pg_advisory_lock(1886221172)');
    for (const [role, attributes] of [
      ['owner', 'login createrole createdb'],
      ['app', 'login'],
      ['worker', 'login'],
    ] as const) {
      const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
      if (rowCount === 0) await admin.query(`create role ${role} ${attributes} password '${TEST_PASSWORD}'`);
      await admin.query(`alter role ${role} set search_path = pm`);
    }
  });
  return {
    adminUrl,
    ownerUrl: withCredentials(adminUrl, 'owner', TEST_PASSWORD),
    appUrl: withCredentials(adminUrl, 'app', TEST_PASSWORD),
    workerUrl: withCredentials(adminUrl, 'worker', TEST_PASSWORD),
    cloneStrategy: 'wal_log',
    stop: async () => undefined,
  };
};
