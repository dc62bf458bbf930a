/** Transactions of requests, as the tests see them: as a person, as nobody, always as the role `app`. */
import { randomUUID } from 'node:crypto';

import type { Client } from 'pg';
import { expect } from 'vitest';

/** A bcrypt-shaped text; nobody signs in with it. */
export const PASSWORD_HASH = '$2b$12$'.padEnd(60, 'x');

/** Registers a person through the door that requests use. The first one of a database becomes admin. */
export const register = async (app: Client, email = `${randomUUID()}@example.org`): Promise<string> => {
  const id = randomUUID();
  await app.query('select * from pm.register_user($1, $2, $3, null, null, null, false, true)', [
    id,
    email,
    PASSWORD_HASH,
  ]);
  return id;
};

/**
 * Runs `fn` in a transaction of `person` (null: without anybody) and takes everything back.
 * Fails when the connection is not the request role's.
 */
export const asPerson = async <T>(
  app: Client,
  person: string | null,
  fn: (client: Client) => Promise<T>,
  end: 'rollback' | 'commit' = 'rollback',
): Promise<T> => {
  await app.query('begin');
  try {
    const { rows } = await app.query<{ role: string; super: boolean }>(
      `select current_user as role, r.rolsuper or r.rolbypassrls as super from pg_roles r where r.rolname = current_user`,
    );
    expect(rows).toEqual([{ role: 'app', super: false }]);
    if (person !== null) await app.query('select * from pm.begin_request($1, null)', [person]);
    const result = await fn(app);
    await app.query(end);
    return result;
  } catch (error) {
    await app.query('rollback');
    throw error;
  }
};

/** What became of a statement: how many rows it met, or the SQLSTATE with which it was refused. */
export const outcomeOf = async (
  client: Client,
  statement: string,
  values: readonly unknown[] = [],
): Promise<number | string> => {
  await client.query('savepoint attempt');
  try {
    const { rowCount } = await client.query(statement, [...values]);
    await client.query('release savepoint attempt');
    return rowCount ?? 0;
  } catch (error) {
    await client.query('rollback to savepoint attempt');
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    if (typeof code !== 'string') throw error;
    return code;
  }
};
