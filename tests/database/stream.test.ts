/** What holds the live stream back: a transaction of this database, and none of another's. */
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let elsewhere: TestDatabase;
const clients: Client[] = [];

/** What ends elsewhere just then holds back for a moment; on a busy machine a moment is long. */
const PATIENCE = { timeout: 10_000 };

const connect = async (url: string): Promise<Client> => {
  const client = new Client(url);
  await client.connect();
  clients.push(client);
  return client;
};

beforeAll(async () => {
  database = await createTestDatabase();
  elsewhere = await createTestDatabase({ empty: true });
});
afterAll(async () => {
  await Promise.all(clients.map(async (client) => client.end()));
  await Promise.all([database.drop(), elsewhere.drop()]);
});

/** A transaction that has a number, and so a place in the order of messages. */
const begin = async (url: string): Promise<Client> => {
  const client = await connect(url);
  await client.query('begin');
  await client.query('select pg_current_xact_id()');
  return client;
};

const publish = async (client: Client, topic: string): Promise<void> => {
  await client.query('insert into pm.stream_outbox (topic, payload) values ($1, $2)', [topic, {}]);
};

const readable = async (reader: Client): Promise<readonly string[]> => {
  const { rows } = await reader.query<{ topic: string }>(
    "select topic from pm.stream_after('0', 0, null, 100)",
  );
  return rows.map((row) => row.topic);
};

it('waits for an earlier transaction of this database, and for none of another', async () => {
  const foreign = await begin(elsewhere.adminUrl);
  const early = await begin(database.ownerUrl);
  const writer = await connect(database.ownerUrl);
  const reader = await connect(database.appUrl);
  await publish(writer, 'late');
  expect(await readable(reader)).toEqual([]);
  await publish(early, 'early');
  await early.query('commit');
  await expect.poll(async () => readable(reader), PATIENCE).toEqual(['early', 'late']);
  await foreign.query('commit');
});

it('says that it stands before what is open here, and reaches back to a place it gave', async () => {
  const foreign = await begin(elsewhere.adminUrl);
  const reader = await connect(database.appUrl);
  const at = async (): Promise<string> => {
    const { rows } = await reader.query<{ at: string }>('select pm.stream_position()::text as at');
    return rows[0]?.at ?? '';
  };
  const reaches = async (place: string): Promise<boolean> => {
    const { rows } = await reader.query<{ reaches: boolean }>(
      'select pm.stream_reaches($1::xid8, 0) as reaches',
      [place],
    );
    return rows[0]?.reaches ?? false;
  };
  const quiet = await at();
  const early = await begin(database.ownerUrl);
  const { rows } = await early.query<{ id: string }>('select pg_current_xact_id()::text as id');
  expect(BigInt(quiet)).toBeLessThanOrEqual(BigInt(rows[0]?.id ?? 0));
  await expect.poll(at, PATIENCE).toBe(rows[0]?.id);
  expect(await reaches(quiet)).toBe(true);
  expect(await reaches('9000000000000000')).toBe(false);
  await early.query('rollback');
  await expect.poll(async () => BigInt(await at()) > BigInt(rows[0]?.id ?? 0), PATIENCE).toBe(true);
  await foreign.query('rollback');
});
