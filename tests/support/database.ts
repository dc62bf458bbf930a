/**
 * A database of its own for a test file: a clone of the migrated template (about 50 ms).
 *
 *   const database = await createTestDatabase();   // in beforeAll
 *   await database.drop();                         // in afterAll; fails when something still holds a connection
 */
import pg from 'pg';
import { inject } from 'vitest';

import { withConnection } from '../../server/src/platform/database/connection.ts';
import { WORKER_LIMITS, createDatabase } from '../../server/src/platform/database/database.ts';
import type { Db } from '../../server/src/platform/database/database.ts';
import { withDatabase } from './postgres.ts';

/** Small pools: many test files share one server. */
const TEST_POOL_MAX = 6;
/** A busy machine is no reason for a test to be told to come back later. */
const TEST_CONNECTION_TIMEOUT_MS = 20_000;

export type TestDatabase = {
  readonly name: string;
  /** Pools of the request role, the worker role and the owner. */
  readonly app: Db;
  readonly worker: Db;
  readonly owner: Db;
  readonly appUrl: string;
  readonly workerUrl: string;
  readonly ownerUrl: string;
  /** A superuser's connection to this database, for what only an administrator may look at. */
  readonly adminUrl: string;
  /** Ends the pools and drops the database. A connection that somebody leaked makes this fail. */
  drop(): Promise<void>;
};

let made = 0;

/** @param options.empty without schema, for tests of the migrations themselves */
export const createTestDatabase = async (
  options: { readonly empty?: boolean } = {},
): Promise<TestDatabase> => {
  const run = inject('testRun');
  made += 1;
  const name = `${run.prefix}_${process.pid}_${made}`;
  const owner = new pg.Client(run.ownerUrl).user ?? '';
  const template = options.empty === true ? 'template0' : run.template;
  await withConnection(run.adminUrl, async (admin) => {
    await admin.query(
      `create database ${pg.escapeIdentifier(name)} owner ${pg.escapeIdentifier(owner)} template ${pg.escapeIdentifier(template)} strategy ${run.cloneStrategy}`,
    );
  });
  const urls = {
    appUrl: withDatabase(run.appUrl, name),
    workerUrl: withDatabase(run.workerUrl, name),
    ownerUrl: withDatabase(run.ownerUrl, name),
    adminUrl: withDatabase(run.adminUrl, name),
  };
  const common = { max: TEST_POOL_MAX, connectionTimeoutMillis: TEST_CONNECTION_TIMEOUT_MS };
  const pools = {
    app: createDatabase({ url: urls.appUrl, ...common }),
    worker: createDatabase({ url: urls.workerUrl, ...common, limits: WORKER_LIMITS }),
    owner: createDatabase({ url: urls.ownerUrl, ...common, limits: WORKER_LIMITS }),
  };
  const drop = async (): Promise<void> => {
    await Promise.all([pools.app.destroy(), pools.worker.destroy(), pools.owner.destroy()]);
    await withConnection(run.adminUrl, async (admin) => {
      // Without FORCE: the server waits a few seconds for closing connections, and then names the leak.
      await admin.query(`drop database ${pg.escapeIdentifier(name)}`);
    });
  };
  return { name, ...pools, ...urls, drop };
};
