/**
 * Fifty funds looked through: what an exposure costs beside reading its holdings, whether history matters, overlaps
 * beside a merge written by hand, and how many portfolios a second follow the change of one fund.
 */
import { isDeepStrictEqual } from 'node:util';

import { forgetClosures } from '../../../server/src/features/look-through/closures.ts';
import { exposureAnswer, exposureRequest } from '../../../server/src/features/look-through/exposure.ts';
import { refreshFunds } from '../../../server/src/features/look-through/refresh.ts';
import { portfolioSubject } from '../../../server/src/features/look-through/subjects.ts';
import { momentOf } from '../../../server/src/features/valuation/index.ts';
import { fixedClock } from '../../../server/src/platform/clock.ts';
import { loadConfig } from '../../../server/src/platform/config.ts';
import { createDatabase, WORKER_LIMITS } from '../../../server/src/platform/database/database.ts';
import { withTenant } from '../../../server/src/platform/database/transaction.ts';
import { silentLogger } from '../../../server/src/platform/log.ts';
import { addDays, checkingOnce, seedFunds, seedUniverse } from '../fund-market.ts';
import type { FundMarket } from '../fund-market.ts';
import { requestBytes } from '../http-load.ts';
import { interleave } from '../measure.ts';
import { COMMON_HOLDINGS, requireEqual, withClient } from '../row.ts';
import type { Bench, Outcome, Row } from '../row.ts';
import { analyse, makePortfolio, seedHoldings } from '../seed.ts';

type Funds = { readonly market: FundMarket; readonly portfolioId: string };

/** Seeded by the first row that asks; the later ones measure the same. */
const seeded = new WeakMap<Bench, Promise<Funds>>();

const shortHistory = (today: Temporal.PlainDate): Temporal.PlainDate[] => [
  today.subtract({ days: 40 }),
  today.subtract({ days: 10 }),
];

/** A portfolio of fifty of the market's funds. @returns its id */
const seedPortfolio = async (
  { install, worker, owner, today }: Bench,
  name: string,
  { funds }: FundMarket,
): Promise<string> => {
  const id = await makePortfolio(install, name);
  const portfolio = { id, userId: install.person.id, today };
  await withClient(worker, async (client) =>
    seedHoldings(client, portfolio, funds.slice(0, COMMON_HOLDINGS), 2n),
  );
  await withClient(owner, analyse);
  return id;
};

const seed = async (bench: Bench): Promise<Funds> => {
  const { install, sizes, today, owner } = bench;
  const market = await withClient(owner, async (client) => {
    await seedUniverse(client, sizes.constituents);
    const made = await seedFunds(client, { funds: sizes.funds, rows: sizes.constituents }, install.now);
    await checkingOnce(client, async () => addDays(client, made, shortHistory(today), install.workerUrl));
    return made;
  });
  const portfolioId = await seedPortfolio(bench, 'Fifty funds', market);
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

/**
 * Runs both sides so often first: PostgreSQL plans a prepared statement anew for its first five runs on a connection,
 * which no connection of a product that serves people is in.
 */
const SETTLING_RUNS = 10;

const settle = async (...sides: readonly (() => Promise<unknown>)[]): Promise<void> => {
  for (let run = 0; run < SETTLING_RUNS; run += 1) for (const side of sides) await side();
};

type Exposure = { readonly companyCount: number; readonly coveragePct: number; readonly missing: unknown[] };

/** The same answer twice: over HTTP, and from the service in one tenant transaction, with no HTTP, sign-in or JSON. */
type Way = 'request' | 'service';

type Asked = { readonly way: Way; readonly companies?: number; readonly before?: () => void };

const exposureRun = async (bench: Bench, { way, companies, before }: Asked): Promise<Outcome> => {
  const { install } = bench;
  const { portfolioId, market } = await fundsOf(bench);
  const query = companies === undefined ? '' : `?companies=${companies}`;
  const path = `/api/portfolios/${portfolioId}/exposure${query}`;
  const first = await ask(bench, path);
  const { companyCount, coveragePct, missing } = JSON.parse(first.body) as Exposure;
  requireEqual(
    'The exposure',
    [companyCount >= market.rows, Math.round(coveragePct), missing.length],
    [true, 100, 0],
  );
  const db = createDatabase({ url: install.appUrl, max: 1 });
  const service = async (): Promise<Exposure> =>
    withTenant(db, { userId: install.person.id }, async (tx, { timezone }) => {
      const moment = momentOf(undefined, install.now, timezone);
      const subject = await portfolioSubject(tx, portfolioId, moment);
      return exposureAnswer(
        tx,
        subject,
        exposureRequest(companies === undefined ? {} : { companies }, moment),
      );
    });
  const fromService = async (): Promise<number> => {
    const began = performance.now();
    const answer = await service();
    const ms = performance.now() - began;
    requireEqual('The companies', answer.companyCount, companyCount);
    return ms;
  };
  const fromRequest = async (): Promise<number> => {
    const { ms, body } = await ask(bench, path);
    requireEqual('The answers', body.length, first.body.length);
    return ms;
  };
  try {
    // The serialiser of a route writes fields in the order of its schema.
    const isSame = isDeepStrictEqual(JSON.parse(JSON.stringify(await service())), JSON.parse(first.body));
    if (!isSame) throw new Error('The service and the request answer differently.');
    const measured = way === 'service' ? fromService : fromRequest;
    await settle(measured, async () => readHoldings(bench, portfolioId));
    const comparison = await interleave('ms', bench.pace, {
      ours: async () => {
        before?.();
        return measured();
      },
      baseline: async () => readHoldings(bench, portfolioId),
    });
    const entries = COMMON_HOLDINGS * market.rows;
    const said = `${entries} constituents, ${companyCount} companies, ${first.body.length} bytes of JSON`;
    return { comparison, notes: [said] };
  } finally {
    await db.destroy();
  }
};

/** Other funds of the same kind with two days each stand beside those with many, in one database. */
const againstLongHistory = async (bench: Bench): Promise<Outcome> => {
  const { sizes, today, owner, install } = bench;
  const { market, portfolioId } = await fundsOf(bench);
  const older = Array.from({ length: sizes.days - 2 }, (_, n) => today.subtract({ days: 50 + 10 * n }));
  const others = await withClient(owner, async (client) => {
    const made = await seedFunds(client, { funds: 60, rows: market.rows }, install.now);
    await checkingOnce(client, async () => {
      await addDays(client, market, older, install.workerUrl);
      await addDays(client, made, shortHistory(today), install.workerUrl);
    });
    return made;
  });
  const otherId = await seedPortfolio(bench, 'Fifty funds of two days', others);
  const timeOf = async (id: string): Promise<number> => {
    forgetClosures();
    const { ms, body } = await ask(bench, `/api/portfolios/${id}/exposure`);
    requireEqual('The funds', (JSON.parse(body) as Exposure).missing.length, 0);
    return ms;
  };
  const comparison = await interleave('ms', bench.pace, {
    ours: async () => timeOf(portfolioId),
    baseline: async () => timeOf(otherId),
  });
  return { comparison, notes: [`${sizes.days} days of ${market.funds.length} funds beside 2 of others`] };
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
  await settle(async () => ask(bench, path));
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
    createDatabase({ url: install.workerUrl, max: 1, limits: WORKER_LIMITS }),
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

const exposureOf = (what: string, asked: Asked): Row => ({
  name: `exposure of 50 funds, ${what}`,
  baseline: HOLDINGS_READ,
  target: { atMost: 3 },
  run: async (bench) => exposureRun(bench, asked),
});

export const lookThroughRows: readonly Row[] = [
  exposureOf('whole request, process cold', { way: 'request', before: forgetClosures }),
  exposureOf('whole request', { way: 'request' }),
  exposureOf('whole request, no companies', { way: 'request', companies: 0 }),
  exposureOf('service call, process cold', { way: 'service', before: forgetClosures }),
  exposureOf('service call', { way: 'service' }),
  exposureOf('service call, no companies', { way: 'service', companies: 0 }),
  {
    name: 'overlap of 50 funds',
    baseline: 'a merge over typed arrays',
    target: { atMost: 2 },
    run: overlapRun,
  },
  { name: 'portfolios that follow a fund', baseline: 'writing their snapshots again', run: followRun },
  {
    name: 'exposure of 50 funds, long history',
    baseline: 'other funds with two days',
    target: { atMost: 1.2 },
    run: againstLongHistory,
  },
];
