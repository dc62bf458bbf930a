/** A clone of the migrated database with one raw connection for each role. */
import pg from 'pg';

import { clientConfig } from '../../server/src/platform/database/connection.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { PRICE_DAY, RowMaker } from './rows.ts';

export type Fixture = {
  readonly database: TestDatabase;
  readonly owner: pg.Client;
  readonly app: pg.Client;
  readonly worker: pg.Client;
  readonly maker: RowMaker;
  close(): Promise<void>;
};

/** One more connection; the caller ends it. */
export const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client(clientConfig(url));
  await client.connect();
  await client.query(`set timezone = 'UTC'`);
  return client;
};

/** Several at once. */
export const connectTimes = async (url: string, times: number): Promise<pg.Client[]> =>
  Promise.all(Array.from({ length: times }, async () => connect(url)));

/** Opens everything. `close` fails when a connection was leaked. */
export const openFixture = async (): Promise<Fixture> => {
  const database = await createTestDatabase();
  const owner = await connect(database.ownerUrl);
  const app = await connect(database.appUrl);
  const worker = await connect(database.workerUrl);
  await owner.query('select pm.ensure_price_partition($1)', [PRICE_DAY]);
  const maker = await RowMaker.over(owner);
  const close = async (): Promise<void> => {
    await Promise.all([owner.end(), app.end(), worker.end()]);
    await database.drop();
  };
  return { database, owner, app, worker, maker, close };
};
