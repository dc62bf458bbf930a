/** Recording a trade over HTTP, against the same statements on the bare driver with as many connections. */
import { randomUUID, randomUUIDv7 } from 'node:crypto';

import { parsedBodies, rateOf, requestBytes } from '../http-load.ts';
import { interleave } from '../measure.ts';
import { rateOnPool, recordStatements, replay } from '../record.ts';
import type { Statement } from '../record.ts';
import { requireEqual, turnsFor, withClient } from '../row.ts';
import type { Bench, Outcome, Row } from '../row.ts';
import { makePortfolio, seedHoldings } from '../seed.ts';

type Recorded = {
  readonly id: string;
  readonly holding: { readonly qty: string; readonly costBasis: string };
};

/** A recorded request that can be run again as another trade of the same holding. */
type Template = {
  readonly statements: readonly Statement[];
  readonly key: string;
  readonly answer: Recorded;
};

const TRADE = { type: 'buy', price: '10', qty: '1', fees: '0' } as const;
/** What each trade adds to a holding's quantity and cost. */
const STEP = { qty: 1n, cost: 10n };

const tradeRequest = ({ install, today }: Bench, holdingId: string, key: string): Uint8Array =>
  requestBytes({
    method: 'POST',
    path: `/api/holdings/${holdingId}/trades`,
    token: install.person.token,
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ ...TRADE, date: today.toString() }),
  });

/** Holdings in pounds, one for each connection, so that no trade waits for another's lock. */
const seedLanes = async (bench: Bench, name: string): Promise<readonly string[]> => {
  const { install, worker, today, instruments, sizes } = bench;
  const id = await makePortfolio(install, name);
  const inPounds = instruments.filter((one) => one.currency === 'GBP').slice(0, sizes.connections);
  return withClient(worker, async (client) =>
    seedHoldings(client, { id, userId: install.person.id, today }, inPounds, 1n),
  );
};

/** Records one trade of a holding, with its statements. */
const recordTemplate = async (bench: Bench, holdingId: string): Promise<Template> => {
  const key = randomUUID();
  const answers: Recorded[] = [];
  const statements = await recordStatements(async () => {
    const batch = {
      port: bench.install.port,
      lanes: [{ requests: [tradeRequest(bench, holdingId, key)], times: 1 }],
      status: 201,
    };
    answers.push(...parsedBodies<Recorded>(await bench.load.run(batch)).flat());
  });
  const [answer] = answers;
  if (answer === undefined) throw new Error('The recorded trade was not answered.');
  return { statements, key, answer };
};

/** The statements of the `nth` trade after the recorded one: fresh ids, and the projection moved on. */
const nextTrade = ({ statements, key, answer }: Template, nth: number): readonly Statement[] => {
  const fresh: readonly (readonly [string, string])[] = [
    [key, randomUUID()],
    [answer.id, randomUUIDv7()],
  ];
  const moved = new Map([
    [answer.holding.qty, String(BigInt(answer.holding.qty) + STEP.qty * BigInt(nth))],
    [answer.holding.costBasis, String(BigInt(answer.holding.costBasis) + STEP.cost * BigInt(nth))],
  ]);
  const renewed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renewed);
    if (typeof value !== 'string') return value;
    const text = fresh.reduce((all, [from, to]) => all.replaceAll(from, to), value);
    return moved.get(text) ?? text;
  };
  return statements.map((one) => ({ ...one, values: one.values.map(renewed) }));
};

/** What stands in the database of a side: how many trades, keys, log entries and versions, and what is held. */
const standing = async ({ worker }: Bench, holdingIds: readonly string[]): Promise<unknown> =>
  withClient(worker, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(
      `select count(*)::int as trades, sum(t.qty)::text as bought,
         (select sum(h.qty)::text from pm.holdings h where h.id = any ($1)) as held,
         (select sum(h.cost_basis)::text from pm.holdings h where h.id = any ($1)) as cost,
         (select sum(h.version)::int from pm.holdings h where h.id = any ($1)) as versions,
         (select count(*)::int from pm.audit_log a where a.row_id = any ($1)) as logged,
         (select count(*)::int from pm.idempotency_keys k where k.status = 201
           and exists (select 1 from unnest($1::uuid[]) as h (id) where k.path like '%' || h.id || '%')) as keys
       from pm.trades t where t.holding_id = any ($1)`,
      [holdingIds],
    );
    return rows[0];
  });

const run = async (bench: Bench): Promise<Outcome> => {
  const { connections } = bench.sizes;
  const [ours, theirs] = [await seedLanes(bench, 'Trades over HTTP'), await seedLanes(bench, 'Bare trades')];
  const templates: Template[] = [];
  for (const holdingId of theirs) templates.push(await recordTemplate(bench, holdingId));
  // One for each holding of ours too, so that both sides stand alike.
  await postBatch(bench, ours, 1);
  let done = 0;
  const replayed = async (turns: number): Promise<number> => {
    const start = done;
    done += turns;
    return rateOnPool(bench.app, connections, turns, async (client, lane, turn) =>
      replay(client, nextTrade(templates[lane]!, start + turn + 1)),
    );
  };
  await postBatch(bench, ours, 5);
  await replayed(5);
  const turns = turnsFor(bench.sizes, await postBatch(bench, ours, 10));
  await replayed(10);
  const comparison = await interleave('per second', bench.pace, {
    ours: async () => postBatch(bench, ours, turns),
    baseline: async () => replayed(turns),
  });
  requireEqual('The written trades', await standing(bench, ours), await standing(bench, theirs));
  const statements = templates[0]?.statements.length ?? 0;
  return { comparison, notes: [`${statements} statements, ${connections} connections`] };
};

/** Records so many trades on each connection, each with a key of its own. @returns how many a second */
const postBatch = async (bench: Bench, holdingIds: readonly string[], turns: number): Promise<number> => {
  const lanes = holdingIds.map((holdingId) => ({
    requests: Array.from({ length: turns }, () => tradeRequest(bench, holdingId, randomUUID())),
    times: 1,
  }));
  return rateOf({ lanes }, await bench.load.run({ port: bench.install.port, lanes, status: 201 }));
};

export const tradesRow: Row = {
  name: 'recording a trade',
  baseline: 'same statements on the bare driver',
  target: { atLeast: 0.6 },
  run,
};
