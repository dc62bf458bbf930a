/**
 * A person's archive: everything once, no secret, and the same again in another account. What is compared is what the
 * archives say, with ids by the order in which they occur.
 */
import { unzipSync, zipSync } from 'fflate';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { ARCHIVED, LEFT_OUT, LEFT_OUT_COLUMNS, SHOWN } from './archive-tables.ts';

let app: TestApp;
let anna: TestPerson;
beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
});
afterAll(async () => app.close());

type Parts = Readonly<Record<string, Uint8Array>>;
const text = (parts: Parts, name: string): string => Buffer.from(parts[name] ?? []).toString('utf8');
const archiveOf = async (person: TestPerson): Promise<Buffer> => {
  const answer = await person.raw({ method: 'GET', url: '/api/me/export' });
  expect(answer.statusCode).toBe(200);
  return answer.rawPayload;
};

/** Ids by the order in which they occur, and without what every account has of its own. */
const meaningOf = (archive: Uint8Array, shared: ReadonlySet<string>): Record<string, unknown> => {
  const parts = unzipSync(archive);
  const ids = new Map<string, string>();
  const named = (_: string): string => {
    if (shared.has(_)) return _;
    const known = ids.get(_) ?? `id ${ids.size}`;
    ids.set(_, known);
    return known;
  };
  const result: Record<string, unknown> = {};
  for (const { table } of ARCHIVED) {
    const written = text(parts, `json/${table}.json`).replaceAll(
      /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
      named,
    );
    const rows = JSON.parse(written) as Record<string, unknown>[];
    result[table] = rows.map(({ version: _version, updated_at: _at, ...row }) => row);
  }
  return result;
};

/** A plan with days that wait. */
const plan = async (person: TestPerson, portfolioId: string, holdingId: string): Promise<void> => {
  await person.expect(201, 'POST /api/portfolios/:id/plans', {
    params: { id: portfolioId },
    body: {
      name: 'Savings',
      amount: '50',
      every: 'month',
      day: 1,
      startsOn: '2024-05-01',
      endsOn: '2024-06-30',
      parts: [{ holdingId, percent: 100 }],
    },
  });
};

/** A dividend that is not to be proposed again, and one that was confirmed. */
const dividends = async (person: TestPerson, instrumentId: string, holdingId: string): Promise<void> => {
  for (const date of ['2024-03-15', '2024-06-14']) {
    await person.expect(201, 'POST /api/instruments/:id/events', {
      params: { id: instrumentId },
      body: { type: 'dividend', date, amount: '0.1' },
    });
  }
  await person.expect(200, 'POST /api/holdings/:id/dividends/:date/dismiss', {
    params: { id: holdingId, date: '2024-03-15' },
    body: {},
  });
  await person.expect(200, 'POST /api/holdings/:id/dividends/:date/confirm', {
    params: { id: holdingId, date: '2024-06-14' },
    body: { fxRate: '0.8' },
  });
};

/** A mortgage in another currency, to the last place. */
const owe = async (person: TestPerson, holdingId: string): Promise<void> => {
  await person.expect(201, 'POST /api/holdings/:id/debts', {
    params: { id: holdingId },
    body: { date: '2024-03-01', amount: '210000.000000000000000001', currency: 'EUR', notes: 'Mortgage' },
  });
};

/** A household with something in every table that is brought back. */
const furnish = async (person: TestPerson, shared: string): Promise<void> => {
  const { id } = await person.expect(201, 'POST /api/portfolios', {
    body: { name: 'Family', settings: { currency: 'GBP' } },
  });
  const { id: own } = await person.expect(201, 'POST /api/instruments', {
    body: { type: 'Property', name: 'The house', currency: 'GBP' },
  });
  const { id: usd } = await person.expect(201, 'POST /api/instruments', {
    body: {
      type: 'Stock',
      name: 'Birch Inc',
      ticker: 'BRC',
      exchange: 'XNAS',
      currency: 'USD',
      isin: 'US0378331005',
    },
  });
  await person.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id: own },
    body: { dateTime: '2024-03-01T12:00:00Z', close: '250000.000000000000000001' },
  });
  await person.expect(201, 'POST /api/watchlist', { body: { instrumentId: usd, note: 'Cheap?' } });
  const hold = async (instrumentId: string, qty?: string): Promise<string> =>
    (
      await person.expect(201, 'POST /api/portfolios/:id/holdings', {
        params: { id },
        body: {
          instrumentId,
          section: 'Core',
          theme: 'Global Equity',
          account: 'ISA',
          ...(qty && { qty, avgCost: '3.1' }),
        },
      })
    ).id;
  await owe(person, await hold(own, '1'));
  const dollars = await hold(usd);
  const fund = await hold(shared, '100');
  const trade = async (holding: string, body: object): Promise<string> =>
    (
      await person.expect(201, 'POST /api/holdings/:id/trades', {
        params: { id: holding },
        body: body as never,
      })
    ).id;
  await trade(dollars, {
    type: 'buy',
    date: '2024-02-01',
    price: '10.1',
    qty: '3',
    fxRate: '0.8',
    notes: '=1+1',
  });
  await trade(fund, { type: 'split', date: '2024-03-01', numerator: 3, denominator: 1 });
  await trade(fund, { type: 'transfer_out', date: '2024-04-01', qty: '30', to: { account: 'SIPP' } });
  const gone = await trade(fund, { type: 'buy', date: '2024-05-01', price: '2', qty: '1' });
  await person.expect(200, 'DELETE /api/trades/:id', { params: { id: gone } });
  await plan(person, id, fund);
  await dividends(person, usd, dollars);
  await person.expect(201, 'POST /api/imports/statements', {
    query: { portfolioId: id, account: 'ISA', fileName: 'isa.csv' },
    body: Buffer.from('Date,Type,Amount\n2024-02-20,Deposit,100\n'),
  });
  await person.expect(200, 'PUT /api/imports/statement-mappings', {
    body: { signature: 'a'.repeat(43), mapping: { preset: 'general', securities: { 'name birch': usd } } },
  });
  await person.expect(201, 'POST /api/imports/local-storage', {
    body: Buffer.from(JSON.stringify({ portfolios: [{ id: 'p1', name: 'Old', parentId: null }] })),
  });
};

const sharedFund = async (): Promise<string> =>
  (
    await app.admin.expect(201, 'POST /api/instruments', {
      body: {
        type: 'ETF',
        name: 'World',
        ticker: 'WRLD',
        exchange: 'XLON',
        currency: 'GBP',
        isin: 'IE00B4L5Y983',
      },
    })
  ).id;

describe('an archive', () => {
  let shared = '';
  let archive: Buffer;
  beforeAll(async () => {
    shared = await sharedFund();
    await furnish(anna, shared);
    archive = await archiveOf(anna);
  });

  it('has a file of each table as JSON and as CSV, and says what is in it', () => {
    const parts = unzipSync(archive);
    const tables = [...ARCHIVED, ...SHOWN].map(({ table }) => table);
    expect(Object.keys(parts).toSorted()).toEqual(
      [
        ...tables.flatMap((table) => [`csv/${table}.csv`, `json/${table}.json`]),
        'json/shared_instruments.json',
        'json/users.json',
        'manifest.json',
        'README.txt',
      ].toSorted(),
    );
    const manifest = JSON.parse(text(parts, 'manifest.json')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ format: 'portfolio-manager-archive', schemaVersion: 1 });
    expect(text(parts, 'json/users.json')).toContain(anna.email);
    // Exact to the eighteenth place, and no formula runs in a spreadsheet.
    expect(text(parts, 'json/manual_prices.json')).toContain('"250000.000000000000000001"');
    expect(text(parts, 'csv/trades.csv')).toContain("'=1+1");
  });

  it('has no secret and nothing of anybody else', async () => {
    const { token } = await anna.expect(201, 'POST /api/me/tokens', { body: { name: 'Script' } });
    const all = Object.values(unzipSync(await archiveOf(anna)))
      .map((part) => Buffer.from(part).toString('utf8'))
      .join('\n');
    expect(all).not.toContain(token);
    expect(all).not.toMatch(/"[a-z_]*(?:hash|secret|sealed)[a-z_]*":/u);
    expect(all).not.toContain(app.admin.email);
  });

  it('is the same again in another account: export, import, export', async () => {
    const ben = await app.register();
    const report = await ben.expect(201, 'POST /api/imports/archive', { body: archive });
    expect(report).toMatchObject({ portfolios: 2, holdings: 5, madePrivate: 0 });
    const before = meaningOf(archive, new Set([shared]));
    expect(
      Object.entries(before).flatMap(([table, rows]) => ((rows as unknown[]).length === 0 ? [table] : [])),
    ).toEqual(['instrument_names', 'fund_proxies', 'alerts', 'chat_messages']);
    expect(meaningOf(await archiveOf(ben), new Set([shared]))).toEqual(before);
    const value = async (person: TestPerson) => {
      const { items } = await person.expect(200, 'GET /api/portfolios');
      const held = await person.expect(200, 'GET /api/portfolios/:id/holdings', {
        params: { id: items[0]?.id ?? '' },
      });
      return held.items.map((one) => [one.instrument?.name, one.account, one.qty, one.costBasis]);
    };
    expect(await value(ben)).toEqual(await value(anna));
  });

  it('goes into an empty account only, and what is damaged or forged is refused in words', async () => {
    expect((await anna.refused(409, 'POST /api/imports/archive', { body: archive })).code).toBe(
      'account_not_empty',
    );
    const cara = await app.register();
    const refused = async (body: Buffer) =>
      (await cara.refused(422, 'POST /api/imports/archive', { body })).code;
    expect(await refused(Buffer.from('no zip'))).toBe('not_an_archive');
    expect(await refused(archive.subarray(0, archive.length - 2000))).toBe('not_an_archive');
    const forged = (name: string, change: (text: string) => string): Buffer => {
      const parts = { ...unzipSync(archive) };
      parts[name] = Buffer.from(change(text(parts, name)));
      return Buffer.from(zipSync(parts));
    };
    expect(
      await refused(
        forged('manifest.json', (one) => one.replace('"schemaVersion": 1', '"schemaVersion": 99')),
      ),
    ).toBe('archive_version');
    expect(
      await refused(
        forged('json/trades.json', (one) => one.replaceAll('"holding_id": "', '"holding_id": "0')),
      ),
    ).toBe('archive_refused');
    expect(await refused(forged('json/trades.json', (one) => one.replace('"qty": "3"', '"qty": "-3"')))).toBe(
      'archive_refused',
    );
    expect(
      await refused(forged('json/portfolios.json', (one) => one.replace('"name": ', '"is_admin": '))),
    ).toBe('archive_refused');
    // Whose it is, is not the archive's to say.
    const stolen = forged('json/portfolios.json', (one) =>
      one.replaceAll('"id": ', `"user_id": "${anna.id}", "id": `),
    );
    expect([200, 201, 422]).toContain(
      (await cara.call('POST /api/imports/archive', { body: stolen })).statusCode,
    );
    const { items } = await anna.expect(200, 'GET /api/portfolios');
    expect(items).toHaveLength(2);
  });

  it('does not believe figures: quantities and costs follow from the trades', async () => {
    const dora = await app.register();
    const parts = { ...unzipSync(archive) };
    parts['json/holdings.json'] = Buffer.from(
      text(parts, 'json/holdings.json').replaceAll(/"qty": "\d+"/gu, '"qty": "999"'),
    );
    await dora.expect(201, 'POST /api/imports/archive', { body: Buffer.from(zipSync(parts)) });
    const { items } = await dora.expect(200, 'GET /api/portfolios');
    const held = await dora.expect(200, 'GET /api/portfolios/:id/holdings', {
      params: { id: items[0]?.id ?? '' },
    });
    // 100 × 3 − 30 of the fund.
    expect(held.items.map((one) => one.qty).toSorted()).toEqual(['1', '100', '270', '3', '30'].toSorted());
  });
});

it('every table with a person in it is listed once, and every column is taken or said to be left out', async () => {
  const rows = await app.database.owner.transaction().execute(async (tx) => {
    const found = await sql<{ name: string; columns: string[] }>`
      select c.relname as name, array_agg(a.attname::text) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relnamespace = 'pm'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      group by c.relname
      having bool_or(a.attname in ('user_id', 'owner_user_id', 'owner_id'))`.execute(tx);
    return found.rows;
  });
  const listed = [
    ...ARCHIVED.map((one) => one.table),
    ...SHOWN.map((one) => one.table),
    ...Object.keys(LEFT_OUT),
  ];
  expect(listed.toSorted()).toEqual(rows.map((one) => one.name).toSorted());
  const parts = unzipSync(await archiveOf(anna));
  for (const { table, owner } of ARCHIVED) {
    const header = text(parts, `csv/${table}.csv`).replace('\uFEFF', '').split('\r\n')[0]?.split(',') ?? [];
    const columns = rows.find((one) => one.name === table)?.columns ?? [];
    const missing = columns.filter((name) => name !== owner && !header.includes(name));
    expect([table, missing.filter((name) => !(`${table}.${name}` in LEFT_OUT_COLUMNS))]).toEqual([table, []]);
  }
});
