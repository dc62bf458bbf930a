/**
 * The statements that a piece of work really sends to PostgreSQL, taken down at the driver, and run again without us.
 *
 * Contents: Statement · recordStatements · replay · createBarePool
 */
import pg from 'pg';

import { clientConfig } from '../../server/src/platform/database/connection.ts';

/** A statement as the driver got it, with what it answered. */
export type Statement = {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Name of a prepared statement. */
  readonly name?: string;
  /** It was sent before the one before it was answered. */
  readonly isTogether: boolean;
  /** The rows that it answered, as JSON, in whatever order: most have an order of no meaning. */
  readonly rows: string;
};

type Query = (this: pg.Client, ...args: unknown[]) => unknown;
type Config = { readonly text: string; readonly name?: string; readonly values?: readonly unknown[] };
type Answer = { readonly rows?: readonly unknown[] };

/**
 * Runs `work` and takes down every statement meanwhile, in order. Nothing else may use the driver at that time.
 * @throws {Error} when there was none
 */
export const recordStatements = async (work: () => Promise<unknown>): Promise<readonly Statement[]> => {
  const taken: (() => Statement)[] = [];
  const original = pg.Client.prototype.query as Query;
  let underWay = 0;
  const recording: Query = function recording(...args) {
    const isTogether = underWay > 0;
    const result = Reflect.apply(original, this, args);
    if (result instanceof Promise) {
      const slot: { rows: string } = { rows: '' };
      underWay += 1;
      void (result as Promise<Answer | readonly Answer[]>)
        .then(
          (answer) => {
            slot.rows = rowsText(answer);
          },
          () => undefined,
        )
        .finally(() => {
          underWay -= 1;
        });
      taken.push(() => ({ ...statementOf(args), isTogether, rows: slot.rows }));
    }
    return result;
  };
  Object.assign(pg.Client.prototype, { query: recording });
  try {
    await work();
  } finally {
    Object.assign(pg.Client.prototype, { query: original });
  }
  if (taken.length === 0) throw new Error('No statement was seen at the driver.');
  return taken.map((read) => read());
};

const statementOf = ([first, values]: readonly unknown[]): Omit<Statement, 'rows' | 'isTogether'> => {
  const given = (typeof first === 'string' ? { text: first } : first) as Config;
  return {
    text: given.text,
    values: [...(given.values ?? (Array.isArray(values) ? (values as unknown[]) : []))],
    ...(given.name === undefined ? {} : { name: given.name }),
  };
};

const rowsText = (answer: Answer | readonly Answer[]): string =>
  [answer]
    .flat()
    .flatMap((one) => one.rows ?? [])
    .map((row) => JSON.stringify(row))
    .toSorted()
    .join('\n');

/**
 * Runs statements again on one connection; those that went out together do so again.
 * @param compare also compares the rows with those that were answered the first time
 * @throws {Error} when they differ
 */
export const replay = async (
  client: pg.ClientBase,
  statements: readonly Statement[],
  compare = false,
): Promise<void> => {
  let underWay: Promise<void>[] = [];
  for (const statement of statements) {
    if (!statement.isTogether) await Promise.all(underWay.splice(0));
    underWay = [...underWay, replayOne(client, statement, compare)];
  }
  await Promise.all(underWay);
};

const replayOne = async (
  client: pg.ClientBase,
  { text, values, name, rows }: Statement,
  compare: boolean,
): Promise<void> => {
  const answer = (await client.query({
    text,
    values: values as unknown[],
    ...(name === undefined ? {} : { name }),
  })) as Answer | readonly Answer[];
  if (compare && rowsText(answer) !== rows) {
    throw new Error(`The replayed statement answered other rows: ${text.slice(0, 200)}`);
  }
};

/**
 * The bare driver: a pool as large as the product's, with the same settings of its connections.
 * @param pipeline whether statements may go out together; such a connection knows no `COPY`
 */
export const createBarePool = (url: string, max: number, pipeline = false): pg.Pool => {
  const pool = new pg.Pool(clientConfig(url, { max, idleTimeoutMillis: 30_000, pipeline }));
  pool.on('error', () => undefined);
  return pool;
};

/** Runs `work` on so many connections at once, `times` each. @returns how many a second */
export const rateOnPool = async (
  pool: pg.Pool,
  lanes: number,
  times: number,
  work: (client: pg.PoolClient, lane: number, turn: number) => Promise<void>,
): Promise<number> => {
  const began = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let turn = 0; turn < times; turn += 1) {
        const client = await pool.connect();
        try {
          await work(client, lane, turn);
        } finally {
          client.release();
        }
      }
    }),
  );
  return ((lanes * times) / (performance.now() - began)) * 1000;
};
