import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { fillAndAnalyse, tablesScanned } from '../../../../tests/support/plans.ts';
import { withTenant } from '../../platform/database/index.ts';
import type { AnswerBody } from '../../platform/http/index.ts';
import { listInstruments } from './service.ts';

type InstrumentPage = AnswerBody<'GET /api/instruments', 200>;

let app: TestApp;
let admin: TestPerson;
let ann: TestPerson;
let bob: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  admin = app.admin;
  [ann, bob] = [await app.register(), await app.register()];
  for (const [name, ticker, type] of [
    ['Vanguard S&P 500 UCITS ETF', 'VUSA', 'ETF'],
    ['Vanguard FTSE All-World UCITS ETF', 'VWRL', 'ETF'],
    ['iShares Core MSCI World', 'SWDA', 'ETF'],
    ['World Wrestling 100% Fun_d', 'WWE', 'Stock'],
    ['Berkshire Hathaway', 'BRK.B', 'Stock'],
    ['Ab Initio', 'AI', 'Stock'],
  ] as const) {
    const body = { type, name, ticker, exchange: 'XLON', currency: 'GBP' };
    await admin.expect(201, 'POST /api/instruments', { body });
  }
  const house = { type: 'Property', name: 'World of Ann', currency: 'GBP' } as const;
  await ann.expect(201, 'POST /api/instruments', { body: house });
});
afterAll(async () => app.close());

const search = async (person: TestPerson, query: object) =>
  (await person.expect(200, 'GET /api/instruments', { query })).items.map((item) => item.name);

describe('the search', () => {
  it.each([
    ['a ticker', 'vusa', ['Vanguard S&P 500 UCITS ETF']],
    ['a ticker with the suffix of an exchange', 'VUSA.L', ['Vanguard S&P 500 UCITS ETF']],
    ['a ticker that has a full stop itself', 'brk.b', ['Berkshire Hathaway']],
    ['words in any order', 'world vanguard', ['Vanguard FTSE All-World UCITS ETF']],
    ['parts of words', 'shire', ['Berkshire Hathaway']],
    ['a short word only at the start of a word', 'ab', ['Ab Initio']],
    ['signs that mean something to LIKE', '100%', ['World Wrestling 100% Fun_d']],
    ['another such sign', 'n_d', ['World Wrestling 100% Fun_d']],
    ['a backslash', '\\', []],
    ['a name and a sign', 's&p', ['Vanguard S&P 500 UCITS ETF']],
    ['nothing that there is', 'zebra', []],
    ['one word that fits and one that does not', 'world zebra', []],
    ['a quote', "o'brien", []],
  ])('finds by %s', async (_what, query, names) => {
    expect(await search(bob, { query })).toEqual(names);
  });

  it('puts the ticker before the name, and names that begin so before others', async () => {
    await ann.expect(201, 'POST /api/instruments', {
      body: { type: 'Stock', name: 'Swda fan club', ticker: 'FAN', exchange: 'XLON', currency: 'GBP' },
    });
    expect(await search(ann, { query: 'swda' })).toEqual(['iShares Core MSCI World', 'Swda fan club']);
    expect(await search(bob, { query: 'world' })).toEqual([
      'World Wrestling 100% Fun_d',
      'iShares Core MSCI World',
      'Vanguard FTSE All-World UCITS ETF',
    ]);
  });

  it('shows private ones to their owner alone, and first', async () => {
    expect((await search(ann, { query: 'world' }))[0]).toBe('World of Ann');
    expect(await search(ann, {})).toHaveLength(8);
    expect((await search(ann, {})).slice(0, 2)).toEqual(['Swda fan club', 'World of Ann']);
    expect(await search(bob, {})).toEqual([
      'Ab Initio',
      'Berkshire Hathaway',
      'iShares Core MSCI World',
      'Vanguard FTSE All-World UCITS ETF',
      'Vanguard S&P 500 UCITS ETF',
      'World Wrestling 100% Fun_d',
    ]);
  });

  it('narrows by type, and to funds with constituents', async () => {
    expect(await search(bob, { query: 'world', type: 'Stock' })).toEqual(['World Wrestling 100% Fun_d']);
    expect(await search(bob, { type: 'Stock', limit: 1 })).toEqual(['Ab Initio']);
    expect(await search(bob, { withConstituents: true })).toEqual([]);
    await app.database.owner.transaction().execute(async (tx) =>
      sql`insert into pm.constituent_imports (id, parent_instrument_id, owner_user_id, as_of, format, checksum_sha256,
          raw_file, raw_size_bytes, weight_sum, row_count, status)
        select gen_random_uuid(), i.id, o.owner, o.as_of, 'test', sha256(''), '', 1, 100, 0, o.status
        from pm.instruments i, (values (null::uuid, date '2024-02-23', 'active'), (null, '2024-01-31', 'active'),
          (null, '2024-03-01', 'withdrawn'), (${ann.id}::uuid, '2024-02-29', 'active')) as o (owner, as_of, status)
        where i.name = 'iShares Core MSCI World' or (i.name like 'Berkshire%' and o.owner is not null)`.execute(
        tx,
      ),
    );
    const days = async (person: TestPerson, query: object) =>
      (await person.expect(200, 'GET /api/instruments', { query })).items.map((item) => [
        item.name,
        item.constituentsAsOf,
      ]);
    expect(await days(bob, { withConstituents: true })).toEqual([['iShares Core MSCI World', '2024-02-23']]);
    expect(await days(ann, { withConstituents: true })).toEqual([
      ['Berkshire Hathaway', '2024-02-29'],
      ['iShares Core MSCI World', '2024-02-29'],
    ]);
    expect(await days(ann, { withConstituents: true, type: 'ETF' })).toHaveLength(1);
    expect(await days(bob, { query: 'world', withConstituents: true })).toHaveLength(1);
    expect(await days(bob, { query: 'hathaway', withConstituents: true })).toEqual([]);
  });

  it.each([{ query: 'world' }, {}, { withConstituents: true }])(
    'pages through %o without gap or double',
    async (query) => {
      const whole = await search(ann, query);
      const paged: string[] = [];
      let cursor: string | null = null;
      do {
        const page: InstrumentPage = await ann.expect(200, 'GET /api/instruments', {
          query: { ...query, limit: 1, ...(cursor === null ? {} : { cursor }) },
        });
        expect(page.items.length).toBeLessThanOrEqual(1);
        paged.push(...page.items.map((item) => item.name));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(paged).toEqual(whole);
    },
  );

  it('pages through names of the greatest length in four-byte letters', async () => {
    for (const end of ['A', 'B', 'C']) {
      const body = { type: 'Other', name: `${'𝔄'.repeat(100)}${end}`, currency: 'GBP' } as const;
      await bob.expect(201, 'POST /api/instruments', { body });
    }
    const first = await bob.expect(200, 'GET /api/instruments', { query: { query: '𝔄𝔄𝔄', limit: 2 } });
    const second = await bob.expect(200, 'GET /api/instruments', {
      query: { query: '𝔄𝔄𝔄', limit: 2, cursor: first.nextCursor ?? '' },
    });
    expect(new Set([...first.items, ...second.items].map((item) => item.id)).size).toBe(3);
  });

  it.each(['x', '', 'MCAxIHg', Buffer.from('3 1 not-an-id name').toString('base64url')])(
    'refuses a cursor that no answer held: %s',
    async (cursor) => {
      const problem = await bob.refused(400, 'GET /api/instruments', { query: { query: 'world', cursor } });
      expect(problem).toMatchObject({ code: 'bad_cursor', field: 'cursor' });
    },
  );
});

describe('among twenty thousand instruments', () => {
  beforeAll(async () => {
    await fillAndAnalyse(
      app.database,
      sql`insert into pm.instruments (id, type, name, currency)
        select gen_random_uuid(), 'Stock', (array['Alpha','Beta','Gamma','Delta','Omega'])[1 + n % 5] || ' ' ||
          (array['Holdings','Energy','Foods','Bank','Metals'])[1 + n / 5 % 5] || ' ' || substr(md5(n::text), 1, 6), 'GBP'
        from generate_series(1, 20000) n`,
      sql`insert into pm.instrument_listings (id, instrument_id, mic, ticker, currency, quote_unit, is_primary)
        select gen_random_uuid(), id, 'XNYS', 'T' || row_number() over (order by id), 'GBP', 'GBP', true
        from pm.instruments where type = 'Stock' and name ~ '[0-9a-f]{6}$'`,
      sql`insert into pm.instrument_identifiers (instrument_id, scheme, value)
        select id, 'isin', 'US' || lpad((row_number() over (order by id))::text, 10, '0')
        from pm.instruments where name ~ '[0-9a-f]{6}$'`,
    );
  });

  it('sees a table that is read from end to end', async () => {
    const scanned = await tablesScanned(app.database.appUrl, app.database, async (db) =>
      withTenant(db, { userId: bob.id }, async (tx) =>
        sql`select count(*) from pm.instruments where lower(name) like '%gamma%'`.execute(tx),
      ),
    );
    expect(scanned).toEqual(['instruments']);
  });

  it.each([
    { query: 'US0000000100' },
    { query: 'T777' },
    { query: 'T777.L' },
    { query: 'gamma foods' },
    { query: 'omeg' },
    { query: 'ga fo' },
    { query: 'vanguard', type: 'ETF' },
    { query: 'nothing like that' },
    {},
    { type: 'Stock' },
    { withConstituents: true },
  ])('no table is read from end to end for %o', async (query) => {
    // More than five times: a plan that does not know the values would be chosen from then on.
    const scanned = await tablesScanned(app.database.appUrl, app.database, async (db) => {
      for (let turn = 0; turn < 8; turn += 1) {
        await withTenant(db, { userId: bob.id }, async (tx) => listInstruments(tx, query));
      }
    });
    expect(scanned).toEqual([]);
  });
});
