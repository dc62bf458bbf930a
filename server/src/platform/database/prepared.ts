/**
 * Prepared statements: what is run again and again is parsed and planned once for each connection.
 *
 * Planning a read of holdings under row-level security takes longer than running it. A statement gets a name the second
 * time that its text is seen, so that what is run once leaves nothing behind on the server; and only so many get one.
 * A pooler between us and the server has to know prepared statements (PgBouncer does from 1.21 on, when told to).
 *
 * Contents: preparing
 */
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';

import { isStalePlan } from './failures.ts';

/** Each costs the server some memory for each connection; the product has about a hundred that matter. */
const STATEMENTS_MAX = 300;

/** The name of a statement, or undefined when it is to be run without one. */
type NameOf = (text: string) => string | undefined;

const createNames = (): NameOf => {
  const names = new Map<string, string>();
  const seenOnce = new Set<string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= STATEMENTS_MAX) return known;
    if (!seenOnce.has(text)) {
      if (seenOnce.size >= STATEMENTS_MAX) seenOnce.clear();
      seenOnce.add(text);
      return undefined;
    }
    seenOnce.delete(text);
    const name = `pm_${names.size}`;
    names.set(text, name);
    return name;
  };
};

/** The pool as Kysely uses it, with named statements. */
export const preparing = (pool: pg.Pool): PostgresPool => {
  const nameOf = createNames();
  const clients = new WeakMap<pg.PoolClient, PreparingClient>();
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect();
      const known = clients.get(client) ?? new PreparingClient(client, nameOf);
      clients.set(client, known);
      return known;
    },
    end: async () => pool.end(),
  };
};

class PreparingClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  readonly #nameOf: NameOf;
  #isStale = false;

  constructor(client: pg.PoolClient, nameOf: NameOf) {
    this.#client = client;
    this.#nameOf = nameOf;
  }

  query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    text: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof text !== 'string') throw new TypeError('Answers are read whole here, not through cursors.');
    return this.#run(text, parameters) as Promise<PostgresQueryResult<unknown>> as Promise<
      PostgresQueryResult<R>
    >;
  }

  /** A connection whose plans no longer fit the tables is closed rather than used again. */
  release(destroy?: boolean): void {
    this.#client.release(destroy === true || this.#isStale);
  }

  async #run(text: string, parameters: readonly unknown[]): Promise<unknown> {
    const values = [...parameters];
    // Without parameters it may be several statements in one, such as a transaction's beginning.
    const name = values.length === 0 ? undefined : this.#nameOf(text);
    try {
      return await (name === undefined
        ? this.#client.query(text, values)
        : this.#client.query({ name, text, values }));
    } catch (error) {
      this.#isStale ||= isStalePlan(error);
      throw error;
    }
  }
}
