/** Storing prices in bulk, against COPY and against one by one; and the latest prices of 50 holdings beside many stored ones. */
import { storePrices } from '../../../server/src/features/market-data/feed-queries.ts';
import type { PriceToStore } from '../../../server/src/features/market-data/feed-queries.ts';
import { pricesAt } from '../../../server/src/features/market-data/index.ts';
import { createDatabase, WORKER_LIMITS } from '../../../server/src/platform/database/database.ts';
import { withTenant, withWorker } from '../../../server/src/platform/database/transaction.ts';
import { copyIn } from '../copy.ts';
import { interleave } from '../measure.ts';
import { COMMON_HOLDINGS, requireEqual, withClient } from '../row.ts';
import type { Bench, Outcome, Row } from '../row.ts';
import { analyse, seedMarket } from '../seed.ts';

type Line = { readonly id: string; readonly currency: string };

const linesOf = async ({ worker, instruments }: Bench, ids?: readonly string[]): Promise<Line[]> =>
  withClient(worker, async (client) => {
    const { rows } = await client.query<Line>(
      'select id, currency from pm.instrument_listings where instrument_id = any ($1) order by id',
      [ids ?? instruments.slice(0, COMMON_HOLDINGS).map((one) => one.id)],
    );
    return rows;
  });

/** A year before now nothing else is stored. */
const FIRST_MINUTE_DAYS = 400;

/** So many quotes of the lines in turn, a minute apart, of a time that no other round has. */
const quotes = (
  { install }: Bench,
  lines: readonly Line[],
  count: number,
  round: number,
  source: string,
): PriceToStore[] => {
  const minutes = Math.ceil(count / lines.length);
  const first = install.now.subtract({ hours: FIRST_MINUTE_DAYS * 24 }).add({ minutes: minutes * round });
  return Array.from({ length: count }, (_unused, at) => {
    const line = lines[at % lines.length] ?? { id: '', currency: 'GBP' };
    const minute = Math.floor(at / lines.length);
    return {
      listingId: line.id,
      source,
      at: first.add({ minutes: minute }),
      interval: 'quote',
      close: `12.${1000 + ((at * 7) % 9000)}`,
      open: null,
      high: null,
      low: null,
      volume: null,
      currency: line.currency,
    };
  });
};

const copyText = (rows: readonly PriceToStore[]): Buffer =>
  Buffer.from(
    rows
      .map(
        (row) =>
          `${row.listingId}\t${row.at.toString()}\t${row.source}\tquote\t${row.close}\t${row.currency}\n`,
      )
      .join(''),
  );

/** What a source has stored: how many, and their sum. */
const storedOf = async ({ worker }: Bench, source: string): Promise<unknown> =>
  withClient(worker, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(
      'select count(*)::integer as count, sum(close)::text as sum from pm.prices where source = $1',
      [source],
    );
    return rows[0];
  });

/** Runs `store` with what a round has to store, which is made beforehand. @returns rows a second */
const rateOf = async (rows: readonly PriceToStore[], store: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await store();
  return (rows.length / (performance.now() - began)) * 1000;
};

/** The worker's own way of storing, beside another one of the same role. */
const againstStoring = async (
  bench: Bench,
  name: string,
  count: number,
  pool: Bench['worker'],
  other: (
    client: Parameters<Parameters<typeof withClient>[1]>[0],
    rows: readonly PriceToStore[],
  ) => Promise<void>,
): Promise<Outcome> => {
  const lines = await linesOf(bench);
  const db = createDatabase({ url: bench.install.workerUrl, max: 1, limits: WORKER_LIMITS });
  const [source, otherSource] = [`bench-${name}-ours`, `bench-${name}-other`];
  try {
    await withClient(bench.owner, async (client) =>
      client.query(`select pm.ensure_price_partitions(now()::date - ${FIRST_MINUTE_DAYS + 2}, now()::date)`),
    );
    const comparison = await interleave('per second', bench.pace, {
      ours: async (round) => {
        const rows = quotes(bench, lines, count, round, source);
        return rateOf(rows, async () => withWorker(db, async (tx) => storePrices(tx, rows)));
      },
      baseline: async (round) => {
        const rows = quotes(bench, lines, count, round, otherSource);
        return withClient(pool, async (client) => {
          try {
            return await rateOf(rows, async () => {
              await client.query('begin');
              await other(client, rows);
              await client.query('commit');
            });
          } catch (error) {
            await client.query('rollback');
            throw error;
          }
        });
      },
    });
    requireEqual('The stored prices', await storedOf(bench, source), await storedOf(bench, otherSource));
    return { comparison, notes: [`${count} prices of ${lines.length} lines in one transaction`] };
  } finally {
    await db.destroy();
  }
};

/** `COPY` is refused where row-level security applies: for this row its owner is exempt, triggers and checks are not. */
const againstCopy = async (bench: Bench): Promise<Outcome> => {
  const force = async (how: 'force' | 'no force'): Promise<void> =>
    withClient(bench.owner, async (client) => {
      await client.query(`alter table pm.prices ${how} row level security`);
    });
  await force('no force');
  try {
    return await againstStoring(bench, 'copy', bench.sizes.pricesAtOnce, bench.owner, async (client, rows) =>
      copyIn(
        client,
        'copy pm.prices (listing_id, date_time, source, interval, close, currency) from stdin',
        copyText(rows),
      ),
    );
  } finally {
    await force('force');
  }
};

const ONE_BY_ONE_PART = 20;

const againstOneByOne = async (bench: Bench): Promise<Outcome> =>
  againstStoring(
    bench,
    'one',
    bench.sizes.pricesAtOnce / ONE_BY_ONE_PART,
    bench.worker,
    async (client, rows) => {
      for (const row of rows) {
        await client.query({
          name: 'one-price',
          text: `insert into pm.prices as p (listing_id, date_time, source, interval, close, currency) values ($1, $2, $3, $4, $5, $6)
          on conflict (listing_id, date_time, source) do update
            set interval = excluded.interval, close = excluded.close, currency = excluded.currency
            where (p.close, p.interval, p.currency) <> (excluded.close, excluded.interval, excluded.currency)`,
          values: [row.listingId, row.at.toString(), row.source, row.interval, row.close, row.currency],
        });
      }
    },
  );

/** Fills the past of lines with quotes, a minute apart and in order, as years of listening would. */
const fillPast = async ({ owner, install }: Bench, lines: readonly Line[], total: number): Promise<void> => {
  const each = Math.ceil(total / lines.length);
  await withClient(owner, async (client) => {
    const first = install.now.subtract({ hours: FIRST_MINUTE_DAYS * 24 }).subtract({ minutes: each });
    await client.query('select pm.ensure_price_partitions($1::timestamptz::date, $2::timestamptz::date)', [
      first.toString(),
      install.now.toString(),
    ]);
    await client.query('set statement_timeout = 0');
    // What statements tell about new prices costs more than storing them, and says nothing here: the latest stay the same.
    await client.query('alter table pm.prices disable trigger user');
    for (const line of lines) {
      await client.query(
        `insert into pm.prices (listing_id, date_time, source, interval, close, currency)
         select $1, $2::timestamptz + make_interval(mins => n), 'bench-past', 'quote', 12 + n % 977 * 0.001, $3
         from generate_series(1, $4::integer) as n`,
        [line.id, first.toString(), line.currency, each],
      );
    }
    await client.query('alter table pm.prices enable trigger user');
    await analyse(client);
  });
};

const SMALL_PAST = 10_000;
const READS = 40;

const latestPrices = async (bench: Bench): Promise<Outcome> => {
  const { worker, install, sizes, instruments } = bench;
  const few = instruments.slice(0, COMMON_HOLDINGS).map((one) => one.id);
  const made = await withClient(worker, async (client) => seedMarket(client, COMMON_HOLDINGS, install.now));
  const many = made.map((one) => one.id);
  const db = createDatabase({ url: install.appUrl, max: 1 });
  const read = async (ids: readonly string[]) =>
    withTenant(db, { userId: install.person.id }, async (tx) => pricesAt(tx, ids, [{ now: install.now }]));
  const millis = async (ids: readonly string[]): Promise<number> => {
    const began = performance.now();
    for (let turn = 0; turn < READS; turn += 1) await read(ids);
    return (performance.now() - began) / READS;
  };
  try {
    await fillPast(bench, await linesOf(bench, few), SMALL_PAST);
    await millis(many);
    const before = await millis(many);
    await fillPast(bench, await linesOf(bench, many), sizes.storedPrices);
    const comparison = await interleave('ms', bench.pace, {
      ours: async () => millis(many),
      baseline: async () => millis(few),
    });
    const closes = async (ids: readonly string[]) =>
      ids.map((id, at) => [at, read(ids).then(([found]) => found?.get(id)?.live?.close.toString())] as const);
    const [ours, theirs] = await Promise.all(
      [many, few].map(async (ids) =>
        Promise.all((await closes(ids)).map(async ([at, close]) => [at, await close])),
      ),
    );
    requireEqual('The latest prices', ours, theirs);
    const note = `${sizes.storedPrices} stored prices beside ${SMALL_PAST}; the same read took ${before.toFixed(2)} ms before they were stored`;
    return { comparison, notes: [note] };
  } finally {
    await db.destroy();
  }
};

export const priceRows: readonly Row[] = [
  {
    name: 'storing prices in bulk',
    baseline: 'COPY into the same table',
    target: { atLeast: 0.3 },
    run: againstCopy,
  },
  {
    name: 'storing prices in bulk',
    baseline: 'one by one in one transaction',
    target: { atLeast: 5 },
    run: againstOneByOne,
  },
  {
    name: 'latest prices of 50 holdings',
    baseline: 'the same with 10,000 stored prices',
    target: { atMost: 1.3 },
    run: latestPrices,
  },
];
