/**
 * Fifty funds looked through: what an exposure costs beside reading its holdings, whether history matters, overlaps
 * beside a merge written by hand, and how many portfolios a second follow the change of one fund.
 */
import { forgetClosures } from '../../../server/src/features/look-through/closures.ts';
import { refreshFunds } from '../../../server/src/features/look-through/refresh.ts';
import { fixedClock } from '../../../server/src/platform/clock.ts';
import { loadConfig } from '../../../server/src/platform/config.ts';
import { createDatabase } from '../../../server/src/platform/database/database.ts';
import { silentLogger } from '../../../server/src/platform/log.ts';
import { addDays, packFunds, seedFunds } from '../fund-market.ts';
import type { FundMarket } from '../fund-market.ts';
import { requestBytes } from '../http-load.ts';
import { interleave, spreadOf } from '../measure.ts';
import { COMMON_HOLDINGS, requireEqual, withClient } from '../row.ts';
import type { Bench, Outcome, Row } from '../row.ts';
import { analyse, makePortfolio, seedHoldings } from '../seed.ts';

type Funds = { readonly market: FundMarket; readonly portfolioId: string };

/** Seeded by the first row that asks; the later ones measure the same. */
const seeded = new WeakMap<Bench, Promise<Funds>>();

const seed = async (bench: Bench): Promise<Funds> => {
  const { install, sizes, today, worker, owner } = bench;
  const market = await withClient(owner, async (client) => {
    const made = await seedFunds(client, { funds: sizes.funds, rows: sizes.constituents }, install.now);
    await addDays(client, made, [today.subtract({ days: 40 }), today.subtract({ days: 10 })]);
    return made;
  });
  await packFunds(install.workerUrl);
  const portfolioId = await makePortfolio(install, 'Fifty funds');
  const portfolio = { id: portfolioId, userId: install.person.id, today };
  await withClient(worker, async (client) =>
    seedHoldings(client, portfolio, market.funds.slice(0, COMMON_HOLDINGS), 2n),
  );
  await withClient(owner, analyse);
  return { market, portfolioId };
};

const fundsOf = async (bench: Bench): Promise<Funds> => {
  const before = seeded.get(bench) ?? seed(bench);
  seeded.set(bench, before);
  return before;
};

/** Asks once over HTTP. @returns milliseconds, and the body */
const ask = async ({ load, install }: Bench, path: string): Promise<{ ms: number; body: string }> => {
  const lanes = [
    { requests: [requestBytes({ method: 'GET', path, token: install.person.token })], times: 1 },
  ];
  const { ms, bodies } = await load.run({ port: install.port, lanes, status: 200 });
  return { ms, body: bodies[0]?.[0] ?? '' };
};

const readHoldings = async (bench: Bench, portfolioId: string): Promise<number> => {
  const began = performance.now();
  const { rows } = await bench.worker.query(
    `select h.id, h.instrument_id, h.qty, h.cost_basis, h.section, h.theme, h.account from pm.holdings h
     where h.portfolio_id = $1 and h.deleted_at is null`,
    [portfolioId],
  );
  requireEqual('The holdings', rows.length, COMMON_HOLDINGS);
  return performance.now() - began;
};

type Exposure = { readonly companyCount: number; readonly coveragePct: number; readonly missing: unknown[] };

const exposureRun = async (bench: Bench, query: string, before: () => void): Promise<Outcome> => {
  const { portfolioId, market } = await fundsOf(bench);
  const path = `/api/portfolios/${portfolioId}/exposure${query}`;
  const first = await ask(bench, path);
  const { companyCount, coveragePct, missing } = JSON.parse(first.body) as Exposure;
  requireEqual(
    'The exposure',
    [companyCount >= market.rows, Math.round(coveragePct), missing.length],
    [true, 100, 0],
  );
  const comparison = await interleave('ms', bench.pace, {
    ours: async () => {
      before();
      const { ms, body } = await ask(bench, path);
      requireEqual('The answers', body.length, first.body.length);
      return ms;
    },
    baseline: async () => readHoldings(bench, portfolioId),
  });
  const entries = COMMON_HOLDINGS * market.rows;
  return {
    comparison,
    notes: [`${entries} constituents, ${companyCount} companies, ${first.body.length} bytes`],
  };
};

const againstLongHistory = async (bench: Bench): Promise<Outcome> => {
  const { market, portfolioId } = await fundsOf(bench);
  const path = `/api/portfolios/${portfolioId}/exposure`;
  const timeOf = async (): Promise<number> => {
    forgetClosures();
    return (await ask(bench, path)).ms;
  };
  const short: number[] = [];
  for (let round = 0; round <= bench.pace.rounds; round += 1) short.push(await timeOf());
  const before = (await ask(bench, path)).body;
  const days = Array.from({ length: bench.sizes.days - 2 }, (_, n) =>
    bench.today.subtract({ days: 50 + 10 * n }),
  );
  await withClient(bench.owner, async (client) => {
    await addDays(client, market, days);
    await analyse(client);
  });
  await packFunds(bench.install.workerUrl);
  requireEqual('The exposures', (await ask(bench, path)).body.length, before.length);
  const baseline = spreadOf(short.slice(1)).median;
  const comparison = await interleave('ms', bench.pace, { ours: timeOf, baseline: async () => baseline });
  return { comparison, notes: [`${bench.sizes.days} days of ${market.funds.length} funds instead of 2`] };
};

type Vector = { readonly keys: Int32Array; readonly values: Float64Array };

/** What a fund holds as the bench wrote it, for the merge by hand: funds without funds inside only. */
const vectorOf = async (bench: Bench, fundId: string): Promise<Vector> => {
  const { rows } = await bench.owner.query<{ no: number; weight: string }>(
    `select i.no, c.weight from pm.constituents c join pm.instruments i on i.id = c.child_instrument_id
     where c.import_id = (select m.id from pm.constituent_imports m where m.parent_instrument_id = $1
       order by m.as_of desc limit 1) order by i.no`,
    [fundId],
  );
  return {
    keys: Int32Array.from(rows, (row) => row.no),
    values: Float64Array.from(rows, (row) => Number(row.weight)),
  };
};

const common = (a: Vector, b: Vector): number => {
  let sum = 0;
  for (let i = 0, k = 0; i < a.keys.length && k < b.keys.length;) {
    const [left, right] = [a.keys[i] ?? 0, b.keys[k] ?? 0];
    if (left === right) sum += Math.min(a.values[i] ?? 0, b.values[k] ?? 0);
    if (left <= right) i += 1;
    if (right <= left) k += 1;
  }
  return sum;
};

type Overlap = {
  readonly instruments: { key: string; id: string }[];
  readonly matrix: Record<string, Record<string, number>>;
};

const overlapRun = async (bench: Bench): Promise<Outcome> => {
  const { portfolioId, market } = await fundsOf(bench);
  const path = `/api/portfolios/${portfolioId}/overlap`;
  const overlap = JSON.parse((await ask(bench, path)).body) as Overlap;
  const held = market.funds.slice(0, COMMON_HOLDINGS).map((one) => one.id);
  const vectors: Vector[] = [];
  for (const id of held) vectors.push(await vectorOf(bench, id));
  const keyOf = new Map(overlap.instruments.map(({ id, key }) => [id, key]));
  const [a, b] = [keyOf.get(held[0] ?? '') ?? '', keyOf.get(held[1] ?? '') ?? ''];
  const byHand = vectors[0] && vectors[1] ? common(vectors[0], vectors[1]) : Number.NaN;
  requireEqual('An overlap', overlap.matrix[a]?.[b]?.toFixed(6), byHand.toFixed(6));
  const comparison = await interleave('ms', bench.pace, {
    ours: async () => (await ask(bench, path)).ms,
    baseline: async () => {
      const began = performance.now();
      let sum = 0;
      for (const [i, one] of vectors.entries()) {
        for (const other of vectors.slice(i + 1)) sum += common(one, other);
      }
      if (!(sum > 0)) throw new Error('The funds have nothing in common.');
      return performance.now() - began;
    },
  });
  return { comparison, notes: [`${(held.length * (held.length - 1)) / 2} pairs of ${market.rows} rows`] };
};

/** Portfolios that follow one fund's change. */
const FOLLOWERS = 100;

const followRun = async (bench: Bench): Promise<Outcome> => {
  const { market } = await fundsOf(bench);
  const { install, today } = bench;
  const fundId = market.funds[1]?.id ?? '';
  const held = market.funds.slice(1, 11);
  for (let n = 0; n < FOLLOWERS; n += 1) {
    const id = await makePortfolio(install, `Follower ${n}`);
    await withClient(bench.worker, async (client) =>
      seedHoldings(client, { id, userId: install.person.id, today }, held, 1n),
    );
  }
  const [db, app] = [
    createDatabase({ url: install.workerUrl, max: 1 }),
    createDatabase({ url: install.appUrl, max: 1 }),
  ];
  const services = { db, app, log: silentLogger, clock: fixedClock(install.now), config: loadConfig({}) };
  const helpers = { jobId: '1', attempt: 1, maxAttempts: 1, signal: bench.pace.signal };
  const reached = FOLLOWERS + 1;
  try {
    const comparison = await interleave('per second', bench.pace, {
      ours: async () => {
        await bench.owner.query(
          `update pm.constituent_imports set report = report where parent_instrument_id = $1 and status = 'active'`,
          [fundId],
        );
        const began = performance.now();
        await refreshFunds.execute({ fundId }, services, helpers);
        return (reached / (performance.now() - began)) * 1000;
      },
      baseline: async () => rewriteSnapshots(bench, reached),
    });
    return { comparison, notes: [`${reached} portfolios of ${held.length} or more funds`] };
  } finally {
    await Promise.all([db.destroy(), app.destroy()]);
  }
};

/**
 * Writes the very snapshots once more and nothing else, in one transaction as ours are: they belong to one person.
 * @returns portfolios a second
 */
const rewriteSnapshots = async ({ worker }: Bench, expected: number): Promise<number> => {
  const { rows } = await worker.query<{
    id: string;
    portfolio_id: string;
    exposures: unknown;
    matrix: unknown;
  }>(
    `select s.id, s.portfolio_id, s.exposures, m.matrix from pm.exposure_snapshots s
     join pm.overlap_matrices m on m.portfolio_id = s.portfolio_id and m.as_of = s.as_of`,
  );
  requireEqual('The snapshots', rows.length, expected);
  return withClient(worker, async (client) => {
    const began = performance.now();
    await client.query('begin');
    await client.query(
      `update pm.exposure_snapshots s set exposures = g.exposures::jsonb
       from unnest($1::uuid[], $2::text[]) as g (id, exposures) where s.id = g.id`,
      [rows.map((row) => row.id), rows.map((row) => JSON.stringify(row.exposures))],
    );
    await client.query(
      `update pm.overlap_matrices m set matrix = g.matrix::jsonb
       from unnest($1::uuid[], $2::text[]) as g (id, matrix) where m.portfolio_id = g.id`,
      [rows.map((row) => row.portfolio_id), rows.map((row) => JSON.stringify(row.matrix))],
    );
    await client.query('commit');
    return (rows.length / (performance.now() - began)) * 1000;
  });
};

const HOLDINGS_READ = 'one bare round trip for its holdings';

export const lookThroughRows: readonly Row[] = [
  {
    name: 'exposure of 50 funds, process cold',
    baseline: HOLDINGS_READ,
    target: { atMost: 3 },
    run: async (bench) => exposureRun(bench, '', forgetClosures),
  },
  {
    name: 'exposure of 50 funds',
    baseline: HOLDINGS_READ,
    target: { atMost: 3 },
    run: async (bench) => exposureRun(bench, '', () => undefined),
  },
  {
    name: 'exposure of 50 funds, no companies',
    baseline: HOLDINGS_READ,
    target: { atMost: 3 },
    run: async (bench) => exposureRun(bench, '?companies=0', () => undefined),
  },
  {
    name: 'overlap of 50 funds',
    baseline: 'a merge over typed arrays',
    target: { atMost: 2 },
    run: overlapRun,
  },
  { name: 'portfolios that follow a fund', baseline: 'writing their snapshots again', run: followRun },
  {
    name: 'exposure of 50 funds, long history',
    baseline: 'two days of it',
    target: { atMost: 1.2 },
    run: againstLongHistory,
  },
];
