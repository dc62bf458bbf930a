/** The summary of a portfolio of 50 instruments in two currencies: against a bare route, its own SQL, and a longer history. */
import Fastify from 'fastify';

import { rateOf, requestBytes } from '../http-load.ts';
import { interleave } from '../measure.ts';
import { rateOnPool, recordStatements, replay } from '../record.ts';
import { COMMON_HOLDINGS, requireEqual, turnsFor, withClient } from '../row.ts';
import type { Bench, Outcome, Row } from '../row.ts';
import { analyse, makePortfolio, seedHoldings } from '../seed.ts';

const SHORT_HISTORY = 100;

/** A portfolio of the 50 instruments with so many trades in all. */
const seedPortfolio = async (bench: Bench, name: string, trades: number): Promise<string> => {
  const { install, worker, today, instruments } = bench;
  const id = await makePortfolio(install, name);
  const portfolio = { id, userId: install.person.id, today };
  const held = instruments.slice(0, COMMON_HOLDINGS);
  await withClient(worker, async (client) =>
    seedHoldings(client, portfolio, held, BigInt(trades / COMMON_HOLDINGS)),
  );
  return id;
};

const summaryRequest = ({ install }: Bench, portfolioId: string): Uint8Array =>
  requestBytes({
    method: 'GET',
    path: `/api/portfolios/${portfolioId}/summary`,
    token: install.person.token,
  });

/** Asks once and hands back the bytes of the answer. */
const ask = async ({ load, install }: Bench, request: Uint8Array): Promise<string> => {
  const answer = await load.run({
    port: install.port,
    lanes: [{ requests: [request], times: 1 }],
    status: 200,
  });
  return answer.bodies[0]?.[0] ?? '';
};

/** A measurement of one route: so many turns on each connection, each answer compared with the expected bytes. */
const routeRate = (bench: Bench, port: number, request: Uint8Array, expected: Uint8Array) => {
  const lane = { requests: [request], times: 0 };
  return async (turns: number): Promise<number> => {
    const lanes = Array.from({ length: bench.sizes.connections }, () => ({ ...lane, times: turns }));
    return rateOf({ lanes }, await bench.load.run({ port, lanes, expected, status: 200 }));
  };
};

/** Turns that fill a batch, found by trying a few. */
const calibrated = async (bench: Bench, rate: (turns: number) => Promise<number>): Promise<number> => {
  await rate(5);
  return turnsFor(bench.sizes, await rate(20));
};

const requireSummary = (body: string): void => {
  const { holdingCount, complete, dayChange, byCurrency } = JSON.parse(body) as Record<string, unknown>;
  const currencies = Object.keys(byCurrency ?? {}).toSorted();
  requireEqual(
    'The seeded and the summed-up portfolio',
    { holdingCount, complete, hasChange: typeof dayChange === 'string', currencies },
    { holdingCount: COMMON_HOLDINGS, complete: true, hasChange: true, currencies: ['GBP', 'USD'] },
  );
};

const againstBareRoute = async (bench: Bench): Promise<Outcome> =>
  bench.install.keepingAnswers(async () => keptAgainstBareRoute(bench));

const keptAgainstBareRoute = async (bench: Bench): Promise<Outcome> => {
  const request = summaryRequest(bench, await seedPortfolio(bench, 'Summary over HTTP', SHORT_HISTORY));
  const body = await ask(bench, request);
  requireSummary(body);
  const bare = Fastify();
  bare.get('/api/portfolios/:id/summary', (_request, reply) => {
    void reply.header('content-type', 'application/json; charset=utf-8').send(body);
  });
  const port = Number(new URL(await bare.listen({ host: '127.0.0.1', port: 0 })).port);
  try {
    const expected = Buffer.from(body);
    const ours = routeRate(bench, bench.install.port, request, expected);
    const baseline = routeRate(bench, port, request, expected);
    const turns = { ours: await calibrated(bench, ours), baseline: await calibrated(bench, baseline) };
    const comparison = await interleave('per second', bench.pace, {
      ours: async () => ours(turns.ours),
      baseline: async () => baseline(turns.baseline),
    });
    return { comparison, notes: [`${expected.length} bytes, ${bench.sizes.connections} connections`] };
  } finally {
    await bare.close();
  }
};

const againstOwnSql = async (bench: Bench): Promise<Outcome> => {
  const request = summaryRequest(bench, await seedPortfolio(bench, 'Summary and its SQL', SHORT_HISTORY));
  const body = await ask(bench, request);
  const statements = await recordStatements(async () => ask(bench, request));
  await withClient(bench.app, async (client) => replay(client, statements, true));
  const { connections } = bench.sizes;
  const ours = routeRate(bench, bench.install.port, request, Buffer.from(body));
  const baseline = async (turns: number): Promise<number> =>
    rateOnPool(bench.app, connections, turns, async (client, _lane, turn) =>
      replay(client, statements, turn === 0),
    );
  const turns = { ours: await calibrated(bench, ours), baseline: await calibrated(bench, baseline) };
  const comparison = await interleave('per second', bench.pace, {
    ours: async () => ours(turns.ours),
    baseline: async () => baseline(turns.baseline),
  });
  return { comparison, notes: [`${statements.length} statements, ${connections} connections`] };
};

/** What both summaries must say alike: everything but whose they are. */
const figuresOf = (body: string): unknown => {
  const { portfolioId: _portfolioId, ...figures } = JSON.parse(body) as Record<string, unknown>;
  return figures;
};

const againstShortHistory = async (bench: Bench): Promise<Outcome> => {
  const [long, short] = [
    summaryRequest(bench, await seedPortfolio(bench, 'A long history', bench.sizes.manyTrades)),
    summaryRequest(bench, await seedPortfolio(bench, 'A short history', SHORT_HISTORY)),
  ];
  await withClient(bench.owner, analyse);
  const [ours, baseline] = [await ask(bench, long), await ask(bench, short)];
  requireEqual('The summaries', figuresOf(ours), figuresOf(baseline));
  const longRate = routeRate(bench, bench.install.port, long, Buffer.from(ours));
  const shortRate = routeRate(bench, bench.install.port, short, Buffer.from(baseline));
  const turns = await calibrated(bench, longRate);
  const millis = async (rate: (turns: number) => Promise<number>): Promise<number> =>
    (1000 * bench.sizes.connections) / (await rate(turns));
  const comparison = await interleave('ms', bench.pace, {
    ours: async () => millis(longRate),
    baseline: async () => millis(shortRate),
  });
  return { comparison };
};

export const summaryRows: readonly Row[] = [
  {
    name: 'summary over HTTP, kept',
    baseline: 'bare Fastify route, same bytes',
    target: { atLeast: 0.5 },
    run: againstBareRoute,
  },
  {
    name: 'summary over HTTP, computed',
    baseline: 'its own SQL on the bare driver',
    target: { atLeast: 1 / 3 },
    run: againstOwnSql,
  },
];

export const longHistoryRow: Row = {
  name: 'summary, many trades',
  baseline: 'the same with 100 trades',
  target: { atMost: 1.2 },
  run: againstShortHistory,
};
