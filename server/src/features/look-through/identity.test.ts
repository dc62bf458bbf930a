/** One security stays one: across scopes, across imports that run at once, and when an identifier is learned late. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
});
afterAll(async () => app.close());

let made = 0;
const fund = async (person: TestPerson): Promise<string> => {
  made += 1;
  const body = { type: 'ETF' as const, ticker: `IDF${made}`, name: `Identity fund ${made}`, currency: 'GBP' };
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};
const HEAD = 'Ticker,Name,Sector,Asset Class,Weight,Country,Exchange,Currency,ISIN';
const file = (...rows: readonly string[]): Buffer => Buffer.from(`${HEAD}\n${rows.join('\n')}\n`);
/** A made-up American share; two of them with one number are the same. */
const share = (ticker: string, name: string, isin = '', weight = '100'): string =>
  `${ticker},${name},Industrials,Equity,${weight},United States,New York Stock Exchange Inc.,USD,${isin}`;

type Query = { scope?: 'shared' | 'private'; asOf?: string; fileName?: string };
const request = (id: string, body: Buffer, query: Query = {}) => ({
  params: { id },
  query: { asOf: '2024-03-01', ...query },
  body,
});
const send = async (person: TestPerson, id: string, body: Buffer, query: Query = {}) =>
  person.expect(201, 'POST /api/instruments/:id/constituents', request(id, body, query));
const childrenOf = async (person: TestPerson, id: string): Promise<string[]> =>
  (await person.expect(200, 'GET /api/instruments/:id/constituents', { params: { id } })).items.map(
    (row) => row.instrumentId,
  );
const named = async (name: string): Promise<{ id: string; owner: string | null }[]> => {
  const { rows } = await app.database.owner.transaction().execute(async (tx) =>
    sql<{ id: string; owner: string | null }>`
      select id, owner_user_id as owner from pm.instruments where name = ${name}`.execute(tx),
  );
  return rows;
};

describe('a member’s import', () => {
  it('neither makes nor changes what everybody sees', async () => {
    const shared = await fund(app.admin);
    await send(app.admin, shared, file(share('SHRD', 'SHARED STEEL INC')));
    const before = await named('SHARED STEEL INC');
    const rows = [
      share('SHRD', 'SHARED STEEL INC', 'US0378331005', '50'),
      share('OWNX', 'OWN OATS INC', '', '50'),
    ];
    const report = await send(anna, shared, file(...rows));
    expect(report).toMatchObject({ scope: 'private', created: 1, matched: 2, unmatched: 0 });
    expect(await named('SHARED STEEL INC')).toEqual(before);
    expect(await named('OWN OATS INC')).toMatchObject([{ owner: anna.id }]);
    const [security] = before;
    const params = { id: security?.id ?? '' };
    // What her file taught is hers to know.
    expect((await anna.expect(200, 'GET /api/instruments/:id', { params })).isin).toBe('US0378331005');
    expect((await app.admin.expect(200, 'GET /api/instruments/:id', { params })).isin).toBeNull();
    expect(await childrenOf(app.admin, shared)).toEqual([security?.id]);
  });
});

describe('a security that is known twice, privately and to everybody', () => {
  it.each([
    ['by its ISIN', 'US5949181045'],
    ['by its ticker and name', ''],
  ])('is one security in the member’s next file (%s)', async (_how, isin) => {
    const suffix = isin === '' ? 'T' : 'I';
    const row = share(`TWI${suffix}`, `TWIN ${suffix} TOWERS INC`, isin);
    const own = await fund(anna);
    await send(anna, own, file(row));
    const shared = await fund(app.admin);
    await send(app.admin, shared, file(row));
    const again = await send(anna, own, file(row), { asOf: '2024-04-01' });
    expect(again).toMatchObject({ created: 0, unmatched: 0, matched: 1 });
    expect(await named(`TWIN ${suffix} TOWERS INC`)).toHaveLength(2);
    // The one that all files share, so that both funds meet in it.
    const overlap = await anna.expect(200, 'GET /api/overlap', {
      query: { instruments: `${own},${shared}` },
    });
    expect(overlap.shared[0]).toMatchObject({ count: 1 });
  });
});

describe('an ISIN that a later file brings', () => {
  it('is kept with the known security, so that a third file finds it under another ticker', async () => {
    const [one, two, three] = [await fund(anna), await fund(anna), await fund(anna)];
    await send(anna, one, file(share('LATE', 'LATE LEARNERS INC')));
    await send(anna, two, file(share('LATE', 'LATE LEARNERS INC', 'US67066G1040')));
    const report = await send(
      anna,
      three,
      file(share('LTLN', 'LEARNERS IN ANOTHER SPELLING', 'US67066G1040')),
    );
    expect(report).toMatchObject({ created: 0, matched: 1 });
    expect(await childrenOf(anna, three)).toEqual(await childrenOf(anna, one));
  });

  it('stays with the one that has it already', async () => {
    const [one, two] = [await fund(anna), await fund(anna)];
    await send(anna, one, file(share('HASX', 'HAS IT ALREADY INC', 'US0231351067')));
    await anna.expect(201, 'POST /api/instruments', {
      body: { type: 'Stock', name: 'Another One', ticker: 'ANO', currency: 'USD', isin: 'US02079K3059' },
    });
    await send(anna, two, file(share('HASX', 'HAS IT ALREADY INC', 'US0231351067')));
    const [security] = await childrenOf(anna, one);
    expect(await childrenOf(anna, two)).toEqual([security]);
  });
});

describe('issuers', () => {
  const keysOf = async (id: string): Promise<readonly string[]> => {
    const { rows } = await app.database.owner
      .transaction()
      .execute(async (tx) =>
        sql<{ keys: string[] }>`select issuer_keys as keys from pm.instruments where id = ${id}`.execute(tx),
      );
    return rows[0]?.keys ?? [];
  };

  it('are told by name and country, and by the number that a later file brings', async () => {
    const [one, two] = [await fund(anna), await fund(anna)];
    const classes = [
      share('TWCA', 'DOUBLE DECKER INC CLASS A', '', '50'),
      share('TWCB', 'DOUBLE DECKER INC CLASS B', '', '50'),
    ];
    await send(anna, one, file(...classes));
    const ids = await childrenOf(anna, one);
    const name = 'name DOUBLE DECKER | United States';
    expect(await Promise.all(ids.map(keysOf))).toEqual([[name], [name]]);
    await send(anna, two, file(share('TWCA', 'DOUBLE DECKER INC CLASS A', 'US4581401001')));
    const [first = ''] = await childrenOf(anna, two);
    expect(await keysOf(first)).toEqual(['cusip 458140', name]);
  });

  it('are told for what a person enters, and told anew when it is renamed', async () => {
    const body = {
      type: 'Stock' as const,
      name: 'Old Name plc',
      ticker: 'OLDN',
      currency: 'GBP',
      metadata: { country: 'United Kingdom' },
    };
    const entered = await anna.expect(201, 'POST /api/instruments', { body });
    expect(await keysOf(entered.id)).toEqual(['name OLD NAME | United Kingdom']);
    const params = { id: entered.id };
    await anna.expect(200, 'PATCH /api/instruments/:id', {
      params,
      body: { name: 'New Name plc' },
      ifMatch: entered.version,
    });
    expect(await keysOf(entered.id)).toEqual(['name NEW NAME | United Kingdom']);
    const etf = await anna.expect(201, 'POST /api/instruments', { body: { ...body, type: 'ETF' } });
    expect(await keysOf(etf.id)).toEqual([]);
  });
});

describe('imports at once', () => {
  it('of one file into one fund make one version', async () => {
    const id = await fund(anna);
    const body = file(share('ONCE', 'ONLY ONCE INC'));
    const reports = await Promise.all(Array.from({ length: 4 }, async () => send(anna, id, body)));
    expect(new Set(reports.map((one) => one.importId)).size).toBe(1);
    expect(await named('ONLY ONCE INC')).toHaveLength(1);
  });

  it.each([
    ['a member', () => anna],
    ['an administrator', () => app.admin],
  ])('that bring the same new securities make each of them once (%s)', async (who, person) => {
    const key = who === 'a member' ? 'MEM' : 'ADM';
    const funds = await Promise.all(Array.from({ length: 4 }, async () => fund(person())));
    const rows = Array.from({ length: 5 }, (_, at) =>
      share(`${key}${at}`, `${key} NUMBER ${at} INC`, '', '20'),
    );
    const reports = await Promise.all(funds.map(async (id) => send(person(), id, file(...rows))));
    expect(reports.map((one) => one.unmatched)).toEqual([0, 0, 0, 0]);
    expect(reports.reduce((sum, one) => sum + one.created, 0)).toBe(5);
    for (let at = 0; at < 5; at += 1) expect(await named(`${key} NUMBER ${at} INC`)).toHaveLength(1);
  });
});

describe('securities without a currency', () => {
  it('can be priced and held, or are refused in words', async () => {
    const id = await fund(anna);
    const rows = Buffer.from('Ticker,Name,Weight\nNOCU,NO CURRENCY INC,60\nCASH,CASH,40\n');
    await anna.expect(201, 'POST /api/instruments/:id/constituents', request(id, rows));
    const { id: portfolioId } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } });
    for (const instrumentId of await childrenOf(anna, id)) {
      const price = { dateTime: '2024-03-01T12:00:00Z', close: '2' };
      expect(
        await anna.refused(400, 'POST /api/instruments/:id/prices', {
          params: { id: instrumentId },
          body: price,
        }),
      ).toMatchObject({ field: 'currency' });
      await anna.expect(201, 'POST /api/instruments/:id/prices', {
        params: { id: instrumentId },
        body: { ...price, currency: 'GBP' },
      });
      const { id: holdingId } = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
        params: { id: portfolioId },
        body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA', qty: '3' },
      });
      await anna.refused(422, 'POST /api/holdings/:id/trades', {
        params: { id: holdingId },
        body: { type: 'buy', date: '2024-03-01', price: '1', qty: '1' },
      });
    }
    const summary = await anna.expect(200, 'GET /api/portfolios/:id/summary', {
      params: { id: portfolioId },
    });
    // Cash in no known currency is worth what somebody says, like anything else: (3 + 3) × £2.
    expect(summary).toMatchObject({ value: '12', missing: [] });
  });
});

it('takes an empty file name as none', async () => {
  const report = await send(anna, await fund(anna), file(share('NONM', 'NO NAME INC')), { fileName: '' });
  expect(report.rows).toBe(1);
});
