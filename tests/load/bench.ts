/**
 * `npm run bench`: how fast the product is, as ratios to baselines that do the same work, measured in one run.
 *
 * Each row measures ours and its baseline in turn on this machine and compares what they answered: a row fails when
 * that differs, never because of its ratio. Targets are shown, not asserted, because machines are noisy.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { createLoad } from './http-load.ts';
import { startInstall } from './install.ts';
import type { Pace } from './measure.ts';
import { createBarePool } from './record.ts';
import { lineOf, machine, title } from './report.ts';
import type { Result } from './report.ts';
import { COMMON_HOLDINGS, withClient } from './row.ts';
import type { Bench, Row, Sizes } from './row.ts';
import { exposureRow } from './rows/exposure.ts';
import { holdingsRow } from './rows/holdings.ts';
import { importRows } from './rows/imports.ts';
import { lookThroughRows } from './rows/look-through.ts';
import { priceRows } from './rows/prices.ts';
import { searchRow } from './rows/search.ts';
import { statementRow } from './rows/statement.ts';
import { longHistoryRow, summaryRows } from './rows/summary.ts';
import { tradesRow } from './rows/trades.ts';
import { analyse, seedMarket } from './seed.ts';

const USAGE = `npm run bench -- [--full] [--json FILE] [--only TEXT]

  --full       larger sizes and more rounds: some minutes instead of one
  --json FILE  also writes the results to FILE
  --only TEXT  only the rows whose name or baseline contains TEXT

DATABASE_URL uses the empty database at that address, on a server that is there for measuring; without it the embedded
PostgreSQL is started in a temporary folder.`;

const QUICK: Sizes = {
  connections: 8,
  batchMs: 300,
  fundRows: 3_000,
  importRounds: 5,
  manyHoldings: 5_000,
  manyTrades: 10_000,
  funds: 60,
  constituents: 1_000,
  days: 4,
  pricesAtOnce: 5_000,
  storedPrices: 200_000,
  manyInstruments: 20_000,
};
const FULL: Sizes = {
  connections: 16,
  batchMs: 1_000,
  fundRows: 15_000,
  importRounds: 7,
  manyHoldings: 20_000,
  manyTrades: 100_000,
  funds: 500,
  constituents: 3_000,
  days: 20,
  pricesAtOnce: 20_000,
  storedPrices: 20_000_000,
  manyInstruments: 1_000_000,
};
const QUICK_ROUNDS = 7;
const FULL_ROUNDS = 15;
const ROUNDS_MIN = 3;
/** One row may measure this long, in milliseconds; a slower machine measures fewer rounds. */
const QUICK_ROW_MS = 10_000;
const FULL_ROW_MS = 20_000;

const ROWS: readonly Row[] = [
  ...summaryRows,
  tradesRow,
  ...importRows,
  statementRow,
  exposureRow,
  ...lookThroughRows,
  holdingsRow,
  longHistoryRow,
  ...priceRows,
  searchRow,
];

type Options = { readonly full: boolean; readonly json: string | undefined; readonly only: string };

const readOptions = (): Options | null => {
  const { values } = parseArgs({
    options: {
      full: { type: 'boolean', default: false },
      json: { type: 'string' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values.help ? null : { full: values.full, json: values.json, only: values.only };
};

/** Ends the run in good order when it is interrupted. */
const interruption = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new Error(`interrupted by ${name}`)));
  }
  return controller.signal;
};

/** Starts the product, seeds it, and hands everything to `work`; all of it is gone afterwards. */
const withBench = async (
  options: Options,
  signal: AbortSignal,
  work: (bench: Bench) => Promise<void>,
): Promise<void> => {
  const install = await startInstall();
  const load = createLoad();
  const app = createBarePool(install.appUrl, install.poolMax, true);
  const worker = createBarePool(install.workerUrl, 2);
  const owner = createBarePool(install.ownerUrl, 2);
  const pace: Pace = {
    warmUps: 1,
    rounds: options.full ? FULL_ROUNDS : QUICK_ROUNDS,
    roundsMin: ROUNDS_MIN,
    rowMs: options.full ? FULL_ROW_MS : QUICK_ROW_MS,
    signal,
  };
  try {
    const instruments = await withClient(worker, async (client) =>
      seedMarket(client, COMMON_HOLDINGS, install.now),
    );
    await withClient(owner, analyse);
    const today = install.now.toZonedDateTimeISO('Europe/London').toPlainDate();
    const sizes = options.full ? FULL : QUICK;
    await work({ install, load, sizes, pace, instruments, today, app, worker, owner });
  } finally {
    await load.close();
    await Promise.all([app.end(), worker.end(), owner.end()]);
    await install.close();
  }
};

const runRow = async (row: Row, bench: Bench): Promise<Result> => {
  const { name, baseline, target } = row;
  const began = performance.now();
  try {
    const { comparison, notes = [] } = await row.run(bench);
    return { name, baseline, target, comparison, notes, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    bench.pace.signal.throwIfAborted();
    const failure = error instanceof Error ? error.message : String(error);
    return { name, baseline, target, failure, notes: [], seconds: (performance.now() - began) / 1000 };
  }
};

const main = async (): Promise<number> => {
  const options = readOptions();
  if (options === null) {
    console.log(USAGE);
    return 0;
  }
  const began = performance.now();
  const results: Result[] = [];
  const chosen = ROWS.filter((row) => `${row.name} ${row.baseline}`.includes(options.only));
  await withBench(options, interruption(), async (bench) => {
    console.log(machine());
    console.log(title());
    for (const row of chosen) {
      const result = await runRow(row, bench);
      results.push(result);
      console.log(lineOf(result));
    }
  });
  if (options.json !== undefined) {
    await writeFile(options.json, `${JSON.stringify({ machine: machine(), results }, null, 2)}\n`);
  }
  const failed = results.filter((result) => result.failure !== undefined).length;
  console.log(`${Math.round((performance.now() - began) / 1000)} s in all`);
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed === 0 && results.length > 0 ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
