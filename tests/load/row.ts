/** What a row of the table is, and what it measures with. */
import type pg from 'pg';

import type { Load } from './http-load.ts';
import type { Install } from './install.ts';
import type { Comparison, Pace } from './measure.ts';
import type { SeededInstrument } from './seed.ts';

/** What the ratio should be; said, not asserted, because machines differ. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** Sizes of a run. */
export type Sizes = {
  /** Connections at once. */
  readonly connections: number;
  /** One measurement lasts about this long, in milliseconds. */
  readonly batchMs: number;
  /** Rows of a fund's file. */
  readonly fundRows: number;
  /** Imports measured; each makes thousands of rows. */
  readonly importRounds: number;
  /** Holdings of the large list; the small one has 50. */
  readonly manyHoldings: number;
  /** Trades of the long history; the short one has 100. */
  readonly manyTrades: number;
  /** Funds looked through, what each holds, and the days of their history. */
  readonly funds: number;
  readonly constituents: number;
  readonly days: number;
  /** Prices that one transaction stores, those stored in all, and instruments to search among. */
  readonly pricesAtOnce: number;
  readonly storedPrices: number;
  readonly manyInstruments: number;
};

/** Everything that a row measures with. */
export type Bench = {
  readonly install: Install;
  readonly load: Load;
  readonly sizes: Sizes;
  readonly pace: Pace;
  /** Fifty instruments in two currencies come first. */
  readonly instruments: readonly SeededInstrument[];
  readonly today: Temporal.PlainDate;
  /** The bare driver as the request role, as the worker, and as the owner. */
  readonly app: pg.Pool;
  readonly worker: pg.Pool;
  readonly owner: pg.Pool;
};

/** Outcome of a row, with what else is worth saying of it. */
export type Outcome = { readonly comparison: Comparison; readonly notes?: readonly string[] };

/** One line of the table. */
export type Row = {
  readonly name: string;
  readonly baseline: string;
  readonly target?: Target;
  /** @throws {Error} when the baseline did other work than ours */
  readonly run: (bench: Bench) => Promise<Outcome>;
};

/** Instruments of the portfolio that most rows are about. */
export const COMMON_HOLDINGS = 50;

/** Turns for each connection so that a batch lasts as long as it should at this rate. */
export const turnsFor = ({ connections, batchMs }: Sizes, perSecond: number): number =>
  Math.min(5_000, Math.max(1, Math.round((perSecond * batchMs) / 1000 / connections)));

/** Runs `work` with one connection of a pool. */
export const withClient = async <T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> => {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
};

/** @throws {Error} naming what differs */
export const requireEqual = (what: string, ours: unknown, baseline: unknown): void => {
  const [a, b] = [JSON.stringify(ours), JSON.stringify(baseline)];
  if (a !== b) throw new Error(`${what} differ: ${a.slice(0, 300)} and ${b.slice(0, 300)}`);
};
