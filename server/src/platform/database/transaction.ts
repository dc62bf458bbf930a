/**
 * The ways to open a transaction. There is no other way to reach the database from a feature.
 *
 * Statements that do not need one another's answers go out together: `Promise.all` of two queries is one round trip.
 *
 * Contents: withTenant (requests) · withoutTenant (sign-in, before there is a user) · withWorker (jobs)
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { sql } from 'kysely';
import type { IsolationLevel } from 'kysely';

import { sendingAtOnce } from './database.ts';
import type { Db, Tx } from './database.ts';
import { isRetryable, translateFailure } from './failures.ts';

/** How often a transaction is run in all when it collides with another one. */
export const MAX_ATTEMPTS = 4;
/** Pause before the next attempt: a random part of this, doubled each time. Milliseconds. */
const RETRY_PAUSE_MS = 20;

/** For whom a request runs. */
export type Tenant = {
  readonly userId: string;
  /** The session to check; absent or null when the caller already checked a personal access token. */
  readonly sessionId?: string | null;
};

/** What the database says about the tenant at the start of the transaction. */
export type TenantFacts = {
  /** `admin` may write what all share. */
  readonly role: 'admin' | 'member';
  /** BCP 47, e.g. `en-GB`. */
  readonly locale: string;
  /** IANA name; the person's day ends at midnight there. */
  readonly timezone: string;
};

/** Options of one transaction. */
export type TransactionOptions = {
  readonly isolationLevel?: IsolationLevel;
  /** Only reading; the database refuses to write. */
  readonly readOnly?: boolean;
};

/**
 * Runs `fn` in one transaction as the given user: every row that it sees or writes is that user's, or shared with them.
 *
 * Serialisation failures and deadlocks run `fn` again (at most {@link MAX_ATTEMPTS} times in all), so `fn` must have
 * no effects outside the database.
 * @throws {AppError} 401 `session_ended` for a revoked session or a deleted user; 503 `unavailable` when the database
 *   is away, full or too slow; whatever `fn` throws, after the roll-back
 */
export const withTenant = async <T>(
  db: Db,
  tenant: Tenant,
  fn: (tx: Tx, facts: TenantFacts) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> =>
  run(db, options, async (tx) => {
    const { rows } = await sql<TenantFacts>`select role, locale, timezone
      from pm.begin_request(${tenant.userId}::uuid, ${tenant.sessionId ?? null}::uuid)`.execute(tx);
    // Not a row is not possible: the function raises instead.
    const [facts] = rows;
    if (facts === undefined) throw new Error('pm.begin_request answered nothing.');
    return fn(tx, facts);
  });

/**
 * Runs `fn` in one transaction with no user: tables with row-level security are empty, only the definer functions of
 * sign-in, registration and token look-up answer. Errors as in {@link withTenant}.
 */
export const withoutTenant = async <T>(
  db: Db,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> => run(db, options, fn);

/**
 * Runs `fn` in one transaction of the worker role, which sees every user's rows: say whose rows you mean.
 * Errors as in {@link withTenant}.
 */
export const withWorker = async <T>(
  db: Db,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> => run(db, options, fn);

const run = async <T>(db: Db, options: TransactionOptions, fn: (tx: Tx) => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open(db, options).execute(async (tx) => sendingAtOnce(tx, fn));
    } catch (error) {
      if (!isRetryable(error) || attempt >= MAX_ATTEMPTS) throw translateFailure(error);
      await sleep(Math.random() * RETRY_PAUSE_MS * 2 ** attempt);
    }
  }
};

const open = (db: Db, options: TransactionOptions) => {
  let builder = db.transaction();
  if (options.isolationLevel !== undefined) builder = builder.setIsolationLevel(options.isolationLevel);
  if (options.readOnly === true) builder = builder.setAccessMode('read only');
  return builder;
};
