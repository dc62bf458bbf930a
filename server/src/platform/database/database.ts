/**
 * The query builder over a connection pool.
 *
 * A `Db` is a pool of one role; it is for opening transactions (see `transaction.ts`) and nothing else. A `Tx` is what
 * queries take as their first argument. Contents: Db, Tx · createDatabase · poolUsage · json · sendingAtOnce
 */
import {
  CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresDialect,
  PostgresDriver,
  PostgresQueryCompiler,
  sql,
  Transaction,
} from 'kysely';
import type {
  DatabaseConnection,
  Driver,
  PostgresPool,
  QueryCompiler,
  RawBuilder,
  TransactionSettings,
} from 'kysely';
import pg from 'pg';

import type { Logger } from '../log.ts';
import { CONNECTION_TIMEOUT_MS, clientConfig } from './connection.ts';
import { connectionLoss, errorCode } from './failures.ts';
import { toParameter } from './pg-types.ts';
import { preparing } from './prepared.ts';
import type { DB } from './schema.generated.ts';

/** A pool of connections of one role. Opens transactions. */
export type Db = Kysely<DB>;
/** One open transaction: the only database handle that a query ever sees. */
export type Tx = Transaction<DB>;

/** Pool size and idle time, as specified. */
const POOL_MAX = 20;
const POOL_IDLE_TIMEOUT_MS = 30_000;
/** Statements slower than this are logged, without their parameters. */
const SLOW_STATEMENT_MS = 500;

/** Limits that hold inside every transaction of a pool. All in milliseconds. */
export type TransactionLimits = {
  /** One statement may run this long. */
  readonly statementTimeoutMs: number;
  /** One statement may wait this long for locks. */
  readonly lockTimeoutMs: number;
  /** The transaction may sit idle this long between statements. */
  readonly idleTimeoutMs: number;
};

/** A request is answered within seconds or not at all. */
const REQUEST_LIMITS: TransactionLimits = {
  statementTimeoutMs: 15_000,
  lockTimeoutMs: 5_000,
  idleTimeoutMs: 15_000,
};
/** A job may take its time, but never holds others up for long. */
export const WORKER_LIMITS: TransactionLimits = {
  statementTimeoutMs: 300_000,
  lockTimeoutMs: 30_000,
  idleTimeoutMs: 60_000,
};

/** Options of `createDatabase`. */
export type DatabaseOptions = {
  /** Address with user and password. */
  readonly url: string;
  readonly max?: number;
  readonly idleTimeoutMillis?: number;
  /** How long to wait for a free or new connection before answering 503. */
  readonly connectionTimeoutMillis?: number;
  readonly limits?: TransactionLimits;
  /** Whether statements that are run again are prepared; not through a pooler that does not know of it. Default: yes. */
  readonly prepare?: boolean;
  readonly log?: Logger;
  /** Called after each statement with its duration. */
  readonly onStatement?: (milliseconds: number, failed: boolean) => void;
};

/** How full a pool is. */
export type PoolUsage = {
  readonly max: number;
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
};

const pools = new WeakMap<object, pg.Pool>();

/** How full the pool behind a `Db` is; `undefined` for one that was not made here. */
export const poolUsage = (db: Db): PoolUsage | undefined => {
  const pool = pools.get(db);
  if (pool === undefined) return undefined;
  return { max: pool.options.max, total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount };
};

/**
 * Opens a pool. No connection is made before the first transaction.
 * Close it with `db.destroy()`.
 */
export const createDatabase = (options: DatabaseOptions): Db => {
  const pool = new pg.Pool(
    clientConfig(options.url, {
      max: options.max ?? POOL_MAX,
      idleTimeoutMillis: options.idleTimeoutMillis ?? POOL_IDLE_TIMEOUT_MS,
      connectionTimeoutMillis: options.connectionTimeoutMillis ?? CONNECTION_TIMEOUT_MS,
      // What is sent before the answer to what went before has come travels with it.
      pipeline: true,
    }),
  );
  // An idle connection that the server closed is no fault of a request: note it and let the pool open another.
  pool.on('error', (error) =>
    options.log?.warn(connectionLoss(error), 'An idle database connection was lost'),
  );
  // A connection in use reports its end through the failing statement; without a listener the process would end too.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<DB>({
    dialect: new PlatformDialect(
      options.prepare === false ? pool : preparing(pool),
      options.limits ?? REQUEST_LIMITS,
    ),
    log: (event) => {
      options.onStatement?.(event.queryDurationMillis, event.level === 'error');
      if (event.level === 'query' && event.queryDurationMillis > SLOW_STATEMENT_MS) {
        options.log?.warn({ sql: event.query.sql, durationMs: event.queryDurationMillis }, 'Slow statement');
      } else if (event.level === 'error') {
        options.log?.debug({ sql: event.query.sql, sqlState: errorCode(event.error) }, 'Statement failed');
      }
    },
  });
  pools.set(db, pool);
  return db;
};

/** A value for a `jsonb` column. Plain arrays would otherwise be sent as PostgreSQL arrays. */
export const json = <T>(value: T): RawBuilder<T> => sql<T>`${JSON.stringify(value)}::jsonb`;

/** Parts that Kysely wants of every handle; a transaction never asks for another connection. */
const UNUSED = (() => {
  const dialect = new PostgresDialect({
    pool: async () => {
      throw new Error('A transaction has its connection.');
    },
  });
  return { config: { dialect }, dialect, driver: new DummyDriver() };
})();

/**
 * Runs `fn` with a handle that sends every statement at once, in the order in which they were asked for: those of a
 * `Promise.all` take one round trip together. Kysely's own waits for each answer before it sends the next.
 */
export const sendingAtOnce = async <T>(tx: Tx, fn: (tx: Tx) => Promise<T>): Promise<T> => {
  const executor = tx.getExecutor();
  return executor.provideConnection(async (connection) => {
    const provider = {
      provideConnection: async <R>(consumer: (connection: DatabaseConnection) => Promise<R>) =>
        consumer(connection),
    };
    return fn(new Transaction<DB>({ ...UNUSED, executor: executor.withConnectionProvider(provider) }));
  });
};

class PlatformDialect extends PostgresDialect {
  readonly #pool: PostgresPool;
  readonly #limits: TransactionLimits;

  constructor(pool: PostgresPool, limits: TransactionLimits) {
    super({ pool });
    this.#pool = pool;
    this.#limits = limits;
  }

  override createDriver(): Driver {
    return new PlatformDriver(this.#pool, this.#limits);
  }

  override createQueryCompiler(): QueryCompiler {
    return new PlatformQueryCompiler();
  }
}

/**
 * Begins every transaction with its limits, and does not wait for the answer: the first statement travels along. Where
 * beginning fails, so does that.
 *
 * All of it is transaction-local, so nothing leaks to the next user of a pooled connection, and it also holds where
 * the login role has none of our role settings: behind PgBouncer, or with a login role that was given to us.
 */
class PlatformDriver extends PostgresDriver {
  readonly #settings: string;

  constructor(pool: PostgresPool, limits: TransactionLimits) {
    super({ pool });
    this.#settings = [
      `set local search_path = pm`,
      `set local timezone = 'UTC'`,
      // Compiling a statement to machine code takes longer than running any of ours.
      'set local jit = off',
      // What requests look up is in memory, and small tables grow: by the index rather than from end to end.
      'set local random_page_cost = 1.1',
      `set local statement_timeout = ${limits.statementTimeoutMs}`,
      `set local lock_timeout = ${limits.lockTimeoutMs}`,
      `set local idle_in_transaction_session_timeout = ${limits.idleTimeoutMs}`,
    ].join('; ');
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    const isolation =
      settings.isolationLevel === undefined ? '' : ` isolation level ${settings.isolationLevel}`;
    const access = settings.accessMode === undefined ? '' : ` ${settings.accessMode}`;
    const begun = connection.executeQuery(CompiledQuery.raw(`begin${isolation}${access}; ${this.#settings}`));
    // The connection is broken then: the next statement meets that too, and reports it.
    begun.catch(() => undefined);
  }
}

class PlatformQueryCompiler extends PostgresQueryCompiler {
  protected override appendValue(parameter: unknown): void {
    super.appendValue(toParameter(parameter));
  }
}
