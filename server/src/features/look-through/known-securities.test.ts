import type { PublishedRow } from '@pm/domain/look-through';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';
import { createDatabase } from '#platform/database/database.ts';
import { withTenant } from '#platform/database/index.ts';

import { knownSecurities } from './known-securities.ts';

/** Shared securities of an install that has just taken in its first funds: no table has statistics yet. */
const SECURITIES = 20_000;
const ROWS = 3_000;
/** A look-up takes hundredths of a second; comparing every row with every security takes many. */
const PATIENCE_MS = 3_000;

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
  await app.database.owner.transaction().execute(async (tx) => {
    await sql`
      insert into pm.instruments (id, type, name, currency)
      select gen_random_uuid(), 'Stock', 'Company ' || n, 'USD' from generate_series(1, ${SECURITIES}::integer) as n`.execute(
      tx,
    );
    await sql`
      insert into pm.instrument_listings (id, instrument_id, mic, ticker, currency, quote_unit, is_primary)
      select gen_random_uuid(), i.id, 'XNAS', 'T' || split_part(i.name, ' ', 2), 'USD', 'USD', true
      from pm.instruments i`.execute(tx);
  });
}, 60_000);

afterAll(async () => {
  await app.close();
});

const row = (n: number): PublishedRow => ({
  rowNumbers: [n],
  kind: 'security',
  ticker: `T${n}`,
  name: `COMPANY ${n}`,
  isin: null,
  cusip: null,
  sedol: null,
  figi: null,
  sector: 'Unclassified',
  sectorPublished: null,
  country: 'United States',
  countryPublished: null,
  currency: 'USD',
  mic: 'XNAS',
  exchangePublished: 'NASDAQ',
  assetClass: 'Equity',
  assetClassPublished: 'Equity',
  weightPct: '0.03',
  marketValue: null,
  notional: null,
  quantity: null,
  price: null,
});

describe('knownSecurities', () => {
  it('finds a file’s securities among many at once, also before the tables have statistics', async () => {
    const limits = { statementTimeoutMs: PATIENCE_MS, lockTimeoutMs: 1_000, idleTimeoutMs: 60_000 };
    const db = createDatabase({ url: app.database.appUrl, max: 1, limits });
    const rows = Array.from({ length: ROWS }, (_, at) => row(at + 1));
    try {
      const found = await withTenant(db, { userId: app.admin.id }, async (tx) =>
        knownSecurities(tx, rows, null),
      );
      expect(found).toHaveLength(ROWS);
      const [one] = found.filter((security) => security.name === 'Company 77');
      expect(one).toMatchObject({ kind: 'security', listings: [{ ticker: 'T77', mic: 'XNAS' }] });
    } finally {
      await db.destroy();
    }
  });

  it('finds nobody else’s', async () => {
    const other = await app.register();
    await app.database.owner.transaction().execute(async (tx) => {
      await sql`insert into pm.instruments (id, owner_user_id, type, name, currency)
        values (gen_random_uuid(), ${other.id}, 'Stock', 'Hidden Company', 'USD')`.execute(tx);
    });
    const hidden = { ...row(1), ticker: 'HIDDEN', name: 'HIDDEN COMPANY' };
    const namesFor = async (userId: string): Promise<readonly string[]> =>
      withTenant(app.db, { userId }, async (tx) =>
        (await knownSecurities(tx, [hidden], userId)).map((security) => security.name),
      );
    expect(await namesFor(app.admin.id)).toEqual([]);
    expect(await namesFor(other.id)).toEqual(['Hidden Company']);
  });
});

describe('names that would end a list of names', () => {
  it('are kept as the file spells them', async () => {
    const person = await app.register();
    const { id } = await person.expect(201, 'POST /api/instruments', {
      body: { type: 'ETF', ticker: 'ODD', name: 'Odd Names ETF', exchange: 'XLON', currency: 'GBP' },
    });
    const names = [
      'Null Inc',
      String.raw`Back\slash "Quoted" Co`,
      'Curly {Brackets}, Comma',
      String.raw`Ends with \ `,
    ];
    const lines = names.map((name, n) => `ODD${n},"${name.replaceAll('"', '""')}",,25,United States,USD`);
    await person.expect(201, 'POST /api/instruments/:id/constituents', {
      params: { id },
      query: { asOf: '2024-03-01' },
      body: Buffer.from(`Ticker,Name,ISIN,Weight,Country,Currency\n${lines.join('\n')}\n`),
    });
    const { rows } = await app.database.owner.transaction().execute(async (tx) =>
      sql<{ name: string; isin: string | null }>`
        select c.name, c.isin from pm.constituents c join pm.constituent_imports m on m.id = c.import_id
        where m.parent_instrument_id = ${id}::uuid order by c.row_numbers`.execute(tx),
    );
    expect(rows).toEqual(names.map((name) => ({ name: name.trim(), isin: null })));
  });
});
