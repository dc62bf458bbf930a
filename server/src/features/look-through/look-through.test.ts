import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { fixedClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import { startWorker } from '../../platform/jobs/index.ts';
import { silentLogger } from '../../platform/log.ts';
import { importConstituents } from './jobs.ts';

let app: TestApp;
let alice: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  alice = await app.register();
});
afterAll(async () => app.close());

const HEAD = 'Ticker,Name,Sector,Asset Class,Weight,Country,Exchange,Currency';
const ROWS = [
  'ACME,ACME TOOLS INC,Industrials,Equity,60.00,United States,New York Stock Exchange Inc.,USD',
  'BOLT,BOLT MOTORS PLC,Consumer Discretionary,Equity,39.50,United Kingdom,London Stock Exchange,GBP',
  'USD,USD CASH,Cash and/or Derivatives,Cash,0.50,United States,-,USD',
];
const file = (rows: readonly string[] = ROWS): Buffer => Buffer.from(`${HEAD}\n${rows.join('\n')}\n`);
const day = { asOf: '2024-03-01' };

let made = 0;
const fund = async (person: TestPerson = alice, type: 'ETF' | 'Stock' = 'ETF'): Promise<string> => {
  made += 1;
  const body = {
    type,
    ticker: `LT${made}`,
    name: `Looked-through fund ${made}`,
    exchange: 'XLON',
    currency: 'GBP',
  };
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};

type Query = { asOf?: string; force?: boolean; scope?: 'shared' | 'private'; fileName?: string };
const send = async (id: string, body: Buffer, query: Query = day, person: TestPerson = alice) =>
  person.expect(201, 'POST /api/instruments/:id/constituents', { params: { id }, query, body });
const refuse = async (
  status: number,
  id: string,
  body: Buffer,
  query: Query = day,
  person: TestPerson = alice,
) => person.refused(status, 'POST /api/instruments/:id/constituents', { params: { id }, query, body });
const exposure = async (id: string, asOf?: string) =>
  alice.expect(200, 'GET /api/instruments/:id/exposure', {
    params: { id },
    query: asOf === undefined ? {} : { asOf },
  });
const isEmpty = async (id: string): Promise<boolean> =>
  (await alice.expect(200, 'GET /api/instruments/:id/constituents', { params: { id } })).importId === null;

describe('a file becomes a version', () => {
  it('that a later file for the same day supersedes, and any past day still shows its own', async () => {
    const id = await fund();
    const first = await send(id, file());
    expect(first).toMatchObject({
      rows: 3,
      weightSumPct: 100,
      cashPct: 0.5,
      created: 3,
      matched: 3,
      unmatched: 0,
      supersedes: null,
      scope: 'private',
    });
    const corrected = ROWS.map((row) => row.replace('60.00', '59.00').replace('39.50', '40.50'));
    const second = await send(id, file(corrected));
    expect(second).toMatchObject({ supersedes: first.importId, created: 0 });
    await send(id, file(), { asOf: '2024-04-01' });
    expect((await exposure(id, '2024-03-15')).byCountry).toMatchObject({ 'United Kingdom': 40.5 });
    expect((await exposure(id)).byCountry).toMatchObject({ 'United Kingdom': 39.5 });
    expect((await exposure(id, '2024-02-01')).funds).toMatchObject([
      { instrumentId: id, lookedThrough: false },
    ]);
  });

  it('once, however often the same file is sent', async () => {
    const id = await fund();
    const first = await send(id, file());
    const again = await send(id, file());
    expect(again.importId).toBe(first.importId);
    expect(again.warnings[0]).toContain('imported before');
  });

  it('with its own words beside the canonical ones', async () => {
    const id = await fund();
    await send(id, file());
    const list = await alice.expect(200, 'GET /api/instruments/:id/constituents', {
      params: { id },
      query: { limit: 2 },
    });
    expect(list).toMatchObject({
      asOf: '2024-03-01',
      weightSumPct: 100,
      items: [{ ticker: 'ACME', weightPct: '60', rowNumbers: [2] }, { ticker: 'BOLT' }],
    });
    const rest = await alice.expect(200, 'GET /api/instruments/:id/constituents', {
      params: { id },
      query: { limit: 2, cursor: list.nextCursor ?? '' },
    });
    expect(rest).toMatchObject({
      nextCursor: null,
      items: [{ sector: 'Cash and derivatives', publishedSector: 'Cash and/or Derivatives' }],
    });
  });
});

describe('identity', () => {
  it('joins one company across files, and keeps two companies with one ticker apart and reported', async () => {
    const [one, two] = [await fund(), await fund()];
    await send(one, file());
    const other = [
      'ACME,Acme Tools,Industrials,Equity,50.00,United States,New York Stock Exchange Inc.,USD',
      'BOLT,SUNRISE BAKERIES PLC,Consumer Staples,Equity,50.00,United Kingdom,London Stock Exchange,GBP',
    ];
    const report = await send(two, file(other));
    expect(report).toMatchObject({
      matched: 1,
      unmatched: 1,
      unsure: [{ name: 'SUNRISE BAKERIES PLC', candidates: [{ name: 'BOLT MOTORS PLC' }] }],
    });
    const overlap = await alice.expect(200, 'GET /api/overlap', { query: { instruments: `${one},${two}` } });
    const [a = '', b = ''] = overlap.instruments.map((fundOf) => fundOf.key);
    expect(overlap.matrix[a]?.[b]).toBe(50);
    expect(overlap.shared[0]).toMatchObject({
      count: 1,
      companies: [{ name: 'ACME TOOLS INC', pctA: 60, pctB: 50, sharedPct: 50 }],
    });
    const query = { instruments: `${one},${two}`, names: 0 };
    const unnamed = await alice.expect(200, 'GET /api/overlap', { query });
    expect(unnamed).toEqual({ ...overlap, shared: [{ ...overlap.shared[0], companies: [] }] });
  });

  it('names fewer shared companies the more pairs there are', async () => {
    const carol = await app.register();
    const ids: string[] = [];
    for (let n = 0; n < 46; n += 1) ids.push(await fund(carol));
    for (const id of ids) await send(id, file(), day, carol);
    const named = async (count: number): Promise<number[]> => {
      const query = { instruments: ids.slice(0, count).join(',') };
      const { shared } = await carol.expect(200, 'GET /api/overlap', { query });
      return [shared.length, shared[0]?.count ?? 0, shared[0]?.companies.length ?? 0];
    };
    expect(await named(2)).toEqual([1, 2, 2]);
    expect(await named(46)).toEqual([1035, 2, 0]);
  });
});

describe('scopes', () => {
  it('an administrator imports for everybody, a member for themselves, whose own file counts for them alone', async () => {
    const shared = await fund(app.admin);
    const bob = await app.register();
    await send(shared, file(), day, app.admin);
    const own = ROWS.map((row) => row.replace('60.00', '10.00').replace('39.50', '89.50'));
    expect(await send(shared, file(own), day, bob)).toMatchObject({ scope: 'private', supersedes: null });
    const shareOf = async (person: TestPerson) =>
      (await person.expect(200, 'GET /api/instruments/:id/exposure', { params: { id: shared } })).byCountry[
        'United Kingdom'
      ];
    expect(await shareOf(bob)).toBe(89.5);
    expect(await shareOf(alice)).toBe(39.5);
    expect((await refuse(403, shared, file(), { ...day, scope: 'shared' }, bob)).code).toBe(
      'shared_needs_admin',
    );
  });

  it('a shared file never points to a private security, not even the administrator’s own', async () => {
    const { admin } = app;
    const own = (name: string) => [
      `PRIV,${name},Industrials,Equity,100.00,Canada,Toronto Stock Exchange,CAD`,
    ];
    await send(await fund(admin), file(own('PRIVATE PEARLS INC')), { ...day, scope: 'private' }, admin);
    const shared = await fund(admin);
    const report = await send(shared, file(own('PRIVATE PEARLS INC')), { ...day, scope: 'shared' }, admin);
    expect(report).toMatchObject({ scope: 'shared', created: 1, unmatched: 0 });
    const seen = await alice.expect(200, 'GET /api/instruments/:id/exposure', { params: { id: shared } });
    expect(seen.byCompany.map((company) => company.name)).toEqual(['PRIVATE PEARLS INC']);
  });

  it('a private fund is not there for others', async () => {
    const id = await fund();
    await send(id, file());
    const bob = await app.register();
    await refuse(404, id, file(), day, bob);
    await bob.refused(404, 'GET /api/instruments/:id/exposure', { params: { id } });
    await bob.refused(404, 'GET /api/instruments/:id/constituents', { params: { id } });
    const problem = await bob.refused(404, 'GET /api/overlap', { query: { instruments: id } });
    expect(problem.code).toBe('not_found');
  });
});

describe('funds of funds', () => {
  it('are looked through to the bottom, and a circle is reported instead of followed', async () => {
    const [inner, outer] = [await fund(), await fund()];
    await send(inner, file());
    const nested = async (id: string, child: string): Promise<void> => {
      const { ticker, name } = await alice.expect(200, 'GET /api/instruments/:id', { params: { id: child } });
      await send(id, file([`${ticker ?? ''},${name},,ETF,100.00,,London Stock Exchange,GBP`]), {
        asOf: '2024-05-01',
      });
    };
    await nested(outer, inner);
    const whole = await exposure(outer);
    expect(whole.byCountry).toMatchObject({ 'United States': 60.5, 'United Kingdom': 39.5 });
    expect(whole.byCompany[0]).toMatchObject({
      name: 'ACME TOOLS INC',
      paths: [{ via: [outer, inner], pct: 60 }],
    });
    await nested(inner, outer);
    const circle = await exposure(outer);
    expect(circle.warnings.join(' ')).toContain('contains itself');
    expect(circle.coveragePct).toBe(0);
    expect((await exposure(outer, '2024-04-01')).funds).toMatchObject([{ lookedThrough: false }]);
  });
});

describe('what cannot be taken is refused in words and leaves nothing behind', () => {
  const cut = (text: Buffer): Buffer => text.subarray(0, text.length - 40);
  const sixty = [
    'ACME,ACME TOOLS INC,Industrials,Equity,60.00,United States,New York Stock Exchange Inc.,USD',
  ];
  it.each([
    ['a web page', Buffer.from('<!DOCTYPE html><html><body>Not found</body></html>'), 'web page'],
    ['nothing', Buffer.from('   \n'), 'empty'],
    ['a file cut off in the middle', cut(file()), ''],
    ['binary', Buffer.from([0x00, 0x01, 0x02, 0xff, 0xfe, 0x00, 0x9c]), ''],
    ['JSON of something else', Buffer.from('{"hello": "world"}'), ''],
    ['weights of 60 %', file(sixty), '60'],
    ['no weights', Buffer.from('Ticker,Name\nACME,Acme\n'), ''],
    ['a weight that is no number', file(ROWS.map((row) => row.replace('60.00', '#REF!'))), ''],
    [
      '19 decimals',
      file(ROWS.map((row) => row.replace('60.00', '60.0000000000000000001'))),
      '18 decimal places',
    ],
  ])('%s', async (_what, body, words) => {
    const id = await fund();
    const problem = await refuse(422, id, body);
    expect(problem.detail).toContain(words);
    expect(problem.detail.length).toBeGreaterThan(20);
    expect(problem.field).toBeDefined();
    expect(await isEmpty(id)).toBe(true);
  });

  it('no body at all', async () => {
    const id = await fund();
    const answer = await alice.raw({
      method: 'POST',
      url: `/api/instruments/${id}/constituents?asOf=2024-03-01`,
    });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
  });

  it('a file without a day, for a day to come, before there were funds, or for another day than it says', async () => {
    const id = await fund();
    const dated = Buffer.from(`As of,2024-03-01\n${file().toString()}`);
    expect(await refuse(422, id, file(), {})).toMatchObject({ code: 'as_of_missing', field: 'asOf' });
    expect(await refuse(422, id, file(), { asOf: '2999-01-01' })).toMatchObject({ field: 'asOf' });
    expect(await refuse(422, id, file(), { asOf: '1800-01-01' })).toMatchObject({ field: 'asOf' });
    expect(await refuse(422, id, dated, { asOf: '2024-03-02' })).toMatchObject({ code: 'as_of_conflict' });
    expect(await refuse(400, id, file(), { asOf: 'yesterday' })).toMatchObject({ field: 'asOf' });
  });

  it('a share, which has no constituents', async () => {
    expect(await refuse(422, await fund(alice, 'Stock'), file())).toMatchObject({ code: 'not_a_fund' });
  });

  it('weights of 60 % only with force, and then as 60 %', async () => {
    const id = await fund();
    const report = await send(id, file(sixty), { ...day, force: true });
    expect(report.warnings[0]).toContain('60 %');
    expect((await exposure(id)).byCountry).toEqual({ 'United States': 60, Unclassified: 40 });
  });

  it('ten rows that call themselves the largest, although they sum to 100 %, only with force', async () => {
    const rows = Array.from(
      { length: 10 },
      (_, at) => `TOP${at},TOP COMPANY ${at},,Equity,10,United States,-,USD`,
    );
    const topTen = Buffer.from(`Northwind World ETF\nTop 10 holdings\n${HEAD}\n${rows.join('\n')}\n`);
    const id = await fund();
    const preview = await alice.expect(200, 'POST /api/imports/constituents/preview', { body: topTen });
    expect(preview.doubt).toContain('Top 10 holdings');
    expect(preview.warnings).not.toContain(preview.doubt);
    expect(await refuse(422, id, topTen)).toMatchObject({ code: 'looks_partial', field: 'weight' });
    const report = await send(id, topTen, { ...day, force: true });
    expect(report.warnings[0]).toContain('because you said so');
  });

  it('an invented sector is taken, counted as unclassified and named', async () => {
    const id = await fund();
    // A company that no other file has told the sector of.
    const rows = ROWS.map((row) => row.replace('ACME,ACME TOOLS INC,Industrials', 'WAND,WANDS INC,Wizardry'));
    const report = await send(id, file(rows));
    expect(report.warnings.join(' ')).toContain('Wizardry');
    expect((await exposure(id)).bySector['Unclassified']).toBe(60);
  });

  it('the same for Windows-1252 and UTF-16, which are read', async () => {
    const rows = ROWS.map((row) => row.replace('BOLT MOTORS PLC', 'BÖLT MOTORS PLC'));
    for (const bytes of [
      Buffer.from(file(rows).toString(), 'latin1'),
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(file(rows).toString(), 'utf16le')]),
    ]) {
      const id = await fund();
      await send(id, bytes);
      const list = await alice.expect(200, 'GET /api/instruments/:id/constituents', { params: { id } });
      expect(list.items.map((row) => row.name)).toContain('BÖLT MOTORS PLC');
    }
  });
});

describe('a preview', () => {
  it('says what is in a file and whose it may be, and stores nothing', async () => {
    const id = await fund();
    await send(id, file());
    const other = await fund();
    const preview = await alice.expect(200, 'POST /api/imports/constituents/preview', {
      body: file(ROWS.map((row) => row.replace('60.00', '61.00'))),
      query: { fileName: 'holdings.csv' },
    });
    expect(preview).toMatchObject({
      rows: 3,
      weightSumPct: 101,
      top: [{ name: 'ACME TOOLS INC', weightPct: '61' }, {}],
    });
    expect(preview.candidates.map((one) => one.instrumentId)).toContain(id);
    const named = await alice.expect(200, 'POST /api/imports/constituents/preview', {
      body: file([`NEW,NEW THING LTD,Industrials,Equity,100.00,Japan,Tokyo Stock Exchange,JPY`]),
      query: { fileName: `LT${made}_holdings.csv` },
    });
    expect(named.candidates[0]?.instrumentId).toBe(other);
    expect(await isEmpty(other)).toBe(true);
  });
});

describe('large work', () => {
  it('is taken in by the worker, in the name of who sent it, with its result to be found', async () => {
    const id = await fund();
    const rows = Array.from(
      { length: 20_100 },
      (_unused, index) =>
        `T${index},COMPANY NUMBER ${index},Industrials,Equity,0.00497512,Japan,Tokyo Stock Exchange,JPY`,
    );
    const { importId } = await alice.expect(202, 'POST /api/instruments/:id/constituents', {
      params: { id },
      query: day,
      body: file(rows),
    });
    const wrong = await alice.expect(202, 'POST /api/instruments/:id/constituents', {
      params: { id },
      query: day,
      body: file(['A,B,C,Equity,60.00,Japan,-,JPY']),
      headers: { prefer: 'respond-async' },
    });
    const { app: pool, worker: db, workerUrl } = app.database;
    const worker = await startWorker({
      app: pool,
      db,
      workerUrl,
      jobs: [importConstituents],
      log: silentLogger,
      clock: fixedClock(Temporal.Now.instant()),
      config: loadConfig({}),
    });
    const ended = async (runId: string) => {
      for (;;) {
        const run = await alice.expect(200, 'GET /api/imports/:id', { params: { id: runId } });
        if (run.state === 'succeeded' || run.state === 'failed') return run;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const run = await ended(importId);
    const failed = await ended(wrong.importId);
    await worker.stop();
    expect(run).toMatchObject({
      state: 'succeeded',
      progressPct: 100,
      result: { rows: 20_100, instrumentId: id },
    });
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'weights_do_not_sum' } });
    const bob = await app.register();
    await bob.refused(404, 'GET /api/imports/:id', { params: { id: importId } });
  });

  it('of a million rows is put aside without being read in the request', async () => {
    const id = await fund();
    const line = 'ACME,ACME TOOLS INC,Industrials,Equity,0.0001,United States,-,USD\n';
    const { importId } = await alice.expect(202, 'POST /api/instruments/:id/constituents', {
      params: { id },
      query: day,
      body: Buffer.from(`${HEAD}\n${line.repeat(1_000_000)}`.slice(0, 60 * 1024 * 1024)),
    });
    expect(importId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

it('a large made-up fund file of the oracle is read the same from a file on disk', async () => {
  const id = await fund();
  const bytes = readFileSync(
    join(import.meta.dirname, '../../../../tests/oracles/fixtures/alpha-world_it.csv'),
  );
  expect(await send(id, bytes, {})).toMatchObject({ format: 'ishares-csv', asOf: '2025-06-30' });
});
