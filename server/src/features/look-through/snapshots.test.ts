import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { systemClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import { silentLogger } from '../../platform/log.ts';
import { refreshFunds } from './refresh.ts';

let app: TestApp;
let alice: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  alice = await app.register();
});
afterAll(async () => app.close());

const FILE = (us: number, extra: readonly string[] = []): Buffer =>
  Buffer.from(
    `${[
      'Ticker,Name,ISIN,Sector,Asset Class,Weight,Country',
      `ACME,ACME TOOLS INC,US0378331005,Industrials,Equity,${us},United States`,
      `BOLT,BOLT MOTORS PLC,GB0002634946,Industrials,Equity,${100 - us},United Kingdom`,
      ...extra,
    ].join('\n')}\n`,
  );
const fund = async (ticker: string, isin: string): Promise<string> => {
  const body = { type: 'ETF' as const, ticker, name: `Fund ${ticker}`, currency: 'GBP', isin };
  return (await alice.expect(201, 'POST /api/instruments', { body })).id;
};
const send = async (id: string, body: Buffer) =>
  alice.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf: '2024-03-01' },
    body,
  });
const hold = async (person: TestPerson, portfolio: string, instrumentId: string) =>
  person.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolio },
    body: { instrumentId, section: 'Core', theme: 'Global Equity', account: 'ISA', qty: '10', avgCost: '1' },
  });
const price = async (id: string) =>
  alice.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id },
    body: { dateTime: '2024-03-01T12:00:00Z', close: '5' },
  });

/** Runs the job as the queue would. */
const refresh = async (payload: { fundId?: string }): Promise<void> => {
  const { app: db, worker } = app.database;
  const services = { db: worker, app: db, log: silentLogger, clock: systemClock, config: loadConfig({}) };
  const helpers = { jobId: '1', attempt: 1, maxAttempts: 1, signal: new AbortController().signal };
  await refreshFunds.execute(payload, services, helpers);
};

type Kept = {
  user_id: string;
  exposures: { byCountry: Record<string, number>; coveragePct: number };
  matrix: object;
};
const kept = async (portfolio: string): Promise<readonly Kept[]> =>
  app.database.owner.transaction().execute(
    async (tx) =>
      (
        await sql<Kept>`select s.user_id, s.exposures, m.matrix from pm.exposure_snapshots s
          join pm.overlap_matrices m on m.portfolio_id = s.portfolio_id and m.as_of = s.as_of
          where s.portfolio_id = ${portfolio} order by s.as_of`.execute(tx)
      ).rows,
  );

it('a portfolio that reaches a fund gets a snapshot when the fund changes, one a day, and others get none', async () => {
  const inner = await fund('INNER', 'IE00B4L5Y983');
  const outer = await fund('OUTER', 'IE00B1YZSC51');
  const other = await fund('OTHER', 'IE00B3XXRP09');
  await send(outer, FILE(50, ['-,Fund INNER,IE00B4L5Y983,-,Equity,0,Ireland']));
  await send(outer, Buffer.from('Name,ISIN,Asset Class,Weight\nFund INNER,IE00B4L5Y983,Equity,100\n'));
  await send(other, FILE(30));
  const { id: ours } = await alice.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } });
  const { id: away } = await alice.expect(201, 'POST /api/portfolios', { body: { name: 'Away' } });
  for (const id of [outer, other]) await price(id);
  await hold(alice, ours, outer);
  await hold(alice, ours, other);
  await hold(alice, away, other);
  await send(inner, FILE(70));
  await refresh({ fundId: inner });
  expect(await kept(ours)).toMatchObject([
    {
      user_id: alice.id,
      // Half of it 70, half of it 30.
      exposures: { byCountry: { 'United States': 50, 'United Kingdom': 50 }, coveragePct: 100 },
      matrix: { OUTER: { OUTER: 100, OTHER: 60 }, OTHER: { OUTER: 60, OTHER: 100 } },
    },
  ]);
  expect(await kept(away)).toEqual([]);
  await send(inner, FILE(90));
  await refresh({ fundId: inner });
  expect(await kept(ours)).toMatchObject([{ exposures: { byCountry: { 'United States': 60 } } }]);
});

it('a portfolio whose holdings changed gets one from time to time, and not again while nothing changes', async () => {
  const { id } = await alice.expect(201, 'POST /api/portfolios', { body: { name: 'Mine' } });
  const only = await fund('ONLY', 'IE00B53SZB19');
  await send(only, FILE(20));
  await price(only);
  await hold(alice, id, only);
  await refresh({});
  const first = await kept(id);
  expect(first).toMatchObject([{ exposures: { byCountry: { 'United States': 20 } } }]);
  await refresh({});
  expect(await kept(id)).toEqual(first);
});

it('a portfolio gets one after a merge made its funds overlap, and after it was undone', async () => {
  const { id } = await alice.expect(201, 'POST /api/portfolios', { body: { name: 'Merged' } });
  const [old, renamed] = [await fund('OLDF', 'IE00B52MJY50'), await fund('NEWF', 'IE00B0M62Q58')];
  const one = (name: string, isin: string) =>
    Buffer.from(`Name,ISIN,Asset Class,Weight,Country\n${name},${isin},Equity,100,Japan\n`);
  await send(old, one('Facade Corp', 'US5949181045'));
  await send(renamed, one('Metric Platforms', 'US30303M1027'));
  for (const each of [old, renamed]) {
    await price(each);
    await hold(alice, id, each);
  }
  await refresh({});
  expect(await kept(id)).toMatchObject([{ matrix: { OLDF: { NEWF: 0 } } }]);
  const idOf = async (query: string): Promise<string> =>
    (await alice.expect(200, 'GET /api/instruments', { query: { query } })).items[0]?.id ?? '';
  const merge = await alice.expect(201, 'POST /api/instruments/:id/merge', {
    params: { id: await idOf('US5949181045') },
    body: { into: await idOf('US30303M1027'), renamed: true },
  });
  await refresh({});
  expect(await kept(id)).toMatchObject([{ matrix: { OLDF: { NEWF: 100 } } }]);
  await alice.expect(200, 'POST /api/identity-merges/:id/undo', { params: { id: merge.id } });
  await refresh({});
  expect(await kept(id)).toMatchObject([{ matrix: { OLDF: { NEWF: 0 } } }]);
});
