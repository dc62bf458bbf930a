import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { forgetClosures } from './closures.ts';
import { packImports } from './refresh.ts';

let app: TestApp;
let alice: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  alice = await app.register();
});
afterAll(async () => app.close());
beforeEach(() => forgetClosures());

const HEAD = 'Ticker,Name,ISIN,Sector,Asset Class,Weight,Market Value,Country,Currency';
const ACME = (weight: number) =>
  `ACME,ACME TOOLS INC,US0378331005,Industrials,Equity,${weight},${weight * 7},United States,USD`;
const BOLT = (weight: number) =>
  `BOLT,BOLT MOTORS PLC,GB0002634946,Financials,Equity,${weight},${weight * 5},United Kingdom,GBP`;
const CASH = (weight: number) =>
  `USD,USD CASH,-,Cash and/or Derivatives,Cash,${weight},${weight},United States,USD`;

let made = 0;
/** A fund; its ISIN is one that a file can name it by. */
const fund = async (person: TestPerson, isin?: string): Promise<{ id: string; name: string }> => {
  made += 1;
  const name = `Closed fund ${made}`;
  const body = { type: 'ETF' as const, ticker: `CF${made}`, name, currency: 'GBP', ...(isin && { isin }) };
  return { id: (await person.expect(201, 'POST /api/instruments', { body })).id, name };
};
const send = async (person: TestPerson, id: string, rows: readonly string[], query = {}) => {
  const body = Buffer.from(`${HEAD}\n${rows.join('\n')}\n`);
  const given = { asOf: '2024-03-01', ...query };
  return (
    await person.expect(201, 'POST /api/instruments/:id/constituents', { params: { id }, query: given, body })
  ).importId;
};
type Basis = 'published' | 'normalised' | 'marketValue';
const exposure = async (person: TestPerson, id: string, basis: Basis = 'published') =>
  person.expect(200, 'GET /api/instruments/:id/exposure', { params: { id }, query: { basis } });
const pack = async () => packImports(app.database.worker, new AbortController().signal);
const packed = async (): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await app.database.owner.transaction().execute(async (tx) =>
    sql<{ id: string; size: number }>`
      select c.import_id as id, octet_length(c.weight) as size from pm.import_columns c join pm.constituent_imports m
        on m.id = c.import_id and m.version = c.import_version`.execute(tx),
  );
  return new Map(rows.map((row) => [row.id, row.size]));
};

/** Everything that is said of a fund: from rows, then from stored columns, then from memory; the same each time. */
const everyWay = async (person: TestPerson, id: string) => {
  const answers = [];
  for (const basis of ['published', 'normalised', 'marketValue'] as const) {
    forgetClosures();
    const fromRows = await exposure(person, id, basis);
    await pack();
    forgetClosures();
    expect(await exposure(person, id, basis)).toEqual(fromRows);
    expect(await exposure(person, id, basis)).toEqual(fromRows);
    await app.database.owner
      .transaction()
      .execute(async (tx) => sql`delete from pm.import_columns`.execute(tx));
    answers.push(fromRows);
  }
  return answers;
};

describe('what is kept of a fund', () => {
  it('says the same as its rows, on every basis, through funds of funds', async () => {
    const inner = await fund(alice, 'IE00B4L5Y983');
    const outer = await fund(alice);
    await send(alice, inner.id, [ACME(60), BOLT(39), CASH(1)]);
    await send(alice, outer.id, [`-,${inner.name},IE00B4L5Y983,-,Equity,80,80,Ireland,USD`, BOLT(20)]);
    const [published, , marketValue] = await everyWay(alice, outer.id);
    expect(published?.byCompany.map(({ name, pct }) => [name, pct])).toEqual([
      ['BOLT MOTORS PLC', expect.closeTo(51.2, 9)],
      ['ACME TOOLS INC', expect.closeTo(48, 9)],
    ]);
    expect(published?.funds.map((one) => one.instrumentId)).toEqual([outer.id, inner.id]);
    // 80 of 180 of the outer's market value is the inner fund, of which 7 × 60 of 616 is ACME.
    expect(marketValue?.byCompany.find((one) => one.name === 'ACME TOOLS INC')?.pct).toBeCloseTo(
      (80 / 180) * (420 / 616) * 100,
      9,
    );
  });

  it('is made by the worker once for a version, eight bytes for each weight, and only of what counts', async () => {
    const { id } = await fund(alice);
    const first = await send(alice, id, [ACME(60), BOLT(40)]);
    await pack();
    expect((await packed()).get(first)).toBe(16);
    const second = await send(alice, id, [ACME(70), BOLT(29), CASH(1)]);
    await pack();
    expect((await packed()).has(first)).toBe(false);
    expect((await packed()).get(second)).toBe(24);
  });

  it('is never shown once the fund holds something else, nor a fund inside it', async () => {
    const inner = await fund(alice, 'IE00B1YZSC51');
    const outer = await fund(alice);
    await send(alice, outer.id, [`-,${inner.name},IE00B1YZSC51,-,Equity,100,1,Ireland,USD`]);
    expect((await exposure(alice, outer.id)).coveragePct).toBe(0);
    const first = await send(alice, inner.id, [ACME(60), BOLT(40)]);
    await pack();
    const states = async () => (await exposure(alice, outer.id)).byCountry['United States'];
    expect(await states()).toBe(60);
    const second = await send(alice, inner.id, [ACME(10), BOLT(90)]);
    expect(await states()).toBe(10);
    await alice.expect(200, 'POST /api/imports/:id/withdraw', { params: { id: second } });
    expect(await states()).toBe(60);
    await alice.expect(200, 'POST /api/imports/:id/withdraw', { params: { id: first } });
    expect((await exposure(alice, outer.id)).coveragePct).toBe(0);
  });

  it('is never shown once a security in it is another: its name, its sector, whether it is a fund', async () => {
    const { admin } = app;
    const { id } = await fund(admin);
    await send(admin, id, ['ODD,ODD THING LTD,GB0030913577,-,-,100,1,-,GBP']);
    await pack();
    const company = async () => (await exposure(alice, id)).byCompany[0];
    const before = await company();
    expect(before).toMatchObject({ name: 'ODD THING LTD', sector: 'Unclassified' });
    const security = { id: before?.instrumentId ?? '' };
    const { version } = await admin.expect(200, 'GET /api/instruments/:id', { params: security });
    const body = { name: 'Even Thing plc' };
    await admin.expect(200, 'PATCH /api/instruments/:id', { params: security, body, ifMatch: version });
    expect(await company()).toMatchObject({ name: 'Even Thing plc' });
    // What a provider would learn.
    await app.database.owner
      .transaction()
      .execute(async (tx) =>
        sql`update pm.instruments set sector = 'Materials', country = 'France' where id = ${security.id}`.execute(
          tx,
        ),
      );
    expect(await company()).toMatchObject({ name: 'Even Thing plc', sector: 'Materials', country: 'France' });
    await pack();
    forgetClosures();
    expect(await company()).toMatchObject({ name: 'Even Thing plc', sector: 'Materials' });
  });

  it('is each person’s own where their file is', async () => {
    const { id } = await fund(app.admin);
    await send(app.admin, id, [ACME(60), BOLT(40)]);
    const own = await send(alice, id, [ACME(5), BOLT(95)]);
    await pack();
    const states = async (person: TestPerson) => (await exposure(person, id)).byCountry['United States'];
    const bob = await app.register();
    expect([await states(alice), await states(bob), await states(app.admin)]).toEqual([5, 60, 60]);
    const seen = async (person: TestPerson) =>
      app.db.transaction().execute(async (tx) => {
        await sql`select pm.begin_request(${person.id}::uuid, null)`.execute(tx);
        return (
          await sql<{
            n: number;
          }>`select count(*)::int as n from pm.import_columns where import_id = ${own}`.execute(tx)
        ).rows[0]?.n;
      });
    expect([await seen(alice), await seen(bob), await seen(app.admin)]).toEqual([1, 0, 0]);
  });

  it('tells the days apart', async () => {
    const { id } = await fund(alice);
    await send(alice, id, [ACME(60), BOLT(40)], { asOf: '2024-01-31' });
    await send(alice, id, [ACME(70), BOLT(30)], { asOf: '2024-02-29' });
    await pack();
    const on = async (asOf: string) =>
      (await alice.expect(200, 'GET /api/instruments/:id/exposure', { params: { id }, query: { asOf } }))
        .byCountry;
    expect((await on('2024-02-28'))['United States']).toBe(60);
    expect((await on('2024-02-29'))['United States']).toBe(70);
    expect((await on('2024-02-28'))['United States']).toBe(60);
  });
});
