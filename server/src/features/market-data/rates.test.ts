import { currency } from '@pm/domain/money';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { tablesScanned } from '../../../../tests/support/plans.ts';
import { createDatabase } from '../../platform/database/database.ts';
import { withTenant, withWorker } from '../../platform/database/index.ts';
import { importRateFile } from './rate-import.ts';
import { findRate, findRates } from './rates.ts';

let app: TestApp;
let admin: TestPerson;
let ann: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  admin = app.admin;
  ann = await app.register();
});
afterAll(async () => app.close());
beforeEach(async () => {
  await app.database.owner.transaction().execute(async (tx) => sql`delete from pm.fx_rates`.execute(tx));
});

const day = (text: string) => Temporal.PlainDate.from(text);
const FILE =
  'Date,USD,JPY,GBP,BGN,\n2019-12-24,1.108,121.17,0.8546,N/A,\n2019-12-23,1.1075,121.16,0.8544,1.9558,\n';
const send = async (text: string | Uint8Array, person = admin) =>
  person.call('POST /api/fx/import', { body: Buffer.from(text) });
const stored = async () => {
  const { rows } = await app.database.owner
    .transaction()
    .execute(async (tx) => sql<{ n: number }>`select count(*)::int as n from pm.fx_rates`.execute(tx));
  return rows[0]?.n;
};

describe('importing a rate file', () => {
  it('stores what was published and says what that was', async () => {
    expect((await send(FILE)).json()).toEqual({
      rows: 7,
      added: 7,
      corrected: 0,
      pairs: 4,
      from: '2019-12-23',
      to: '2019-12-24',
      source: 'ECB',
      warnings: [],
    });
    expect((await send(FILE)).json()).toMatchObject({ rows: 7, added: 0, corrected: 0 });
    const corrected = FILE.replace('0.8546', '0.85460').replace('0.8544', '0.8545');
    expect((await send(corrected)).json()).toMatchObject({ rows: 7, added: 0, corrected: 1 });
    const rate = await ann.expect(200, 'GET /api/fx', {
      query: { from: 'EUR', to: 'GBP', date: '2019-12-23' },
    });
    expect(rate).toMatchObject({ rate: '0.8545', method: 'published' });
  });

  it('is for administrators', async () => {
    expect((await send(FILE, ann)).statusCode).toBe(403);
    expect(await stored()).toBe(0);
  });

  it('leaves a unit that is no currency out, and says so', async () => {
    const answer = (await send('Date,USD,CNH,\n2019-12-24,1.108,7.76,\n')).json<{
      rows: number;
      warnings: string[];
    }>();
    expect(answer.rows).toBe(1);
    expect(answer.warnings.join()).toContain('CNH');
  });

  it('takes a rate that stands twice once', async () => {
    const twice = 'CURRENCY,TIME_PERIOD,OBS_VALUE\nUSD,2019-12-24,1.108\nUSD,2019-12-24,1.1080\n';
    expect((await send(twice)).json()).toMatchObject({ rows: 1, added: 1 });
  });

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'empty_file'],
    ['a page', '<!DOCTYPE html><html><body>404</body></html>', 'not_a_rate_file'],
    ['another table', 'a,b\n1,2\n', 'not_a_rate_file'],
    ['Windows-1252', new Uint8Array([0x44, 0x61, 0x74, 0x65, 0xe9]), 'wrong_encoding'],
    ['a file that ends early', FILE.slice(0, -30), 'truncated'],
    ['a day that is none', FILE.replace('2019-12-23', '2019-02-30'), 'bad_date'],
    ['a day in 1800', FILE.replace('2019-12-23', '1800-12-23'), 'bad_date'],
    ['a day to come', FILE.replace('2019-12-23', '2199-12-23'), 'date_in_future'],
    ['a rate of zero', FILE.replace('1.108', '0'), 'bad_rate'],
    ['a rate of 30 digits', FILE.replace('1.108', '123456789012345678901234567890'), 'bad_rate'],
    ['two figures for one day', `${FILE}2019-12-24,1.109,121.17,0.8546,N/A,\n`, 'conflicting_rates'],
  ])('refuses %s, in words, and stores nothing', async (_what, text, code) => {
    const answer = await send(text);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code, field: 'body' });
    expect(await stored()).toBe(0);
  });

  it('lets two at once have both their way', async () => {
    const other = FILE.replaceAll('2019-12', '2019-11');
    const answers = await Promise.all(
      [FILE, other, FILE + other.slice(other.indexOf('\n') + 1)].map(async (text) => send(text)),
    );
    expect(answers.map((answer) => answer.statusCode)).toEqual([201, 201, 201]);
    expect(answers.reduce((sum, answer) => sum + answer.json<{ added: number }>().added, 0)).toBe(14);
    expect(await stored()).toBe(14);
  });

  it('works for the command line too', async () => {
    const result = await withWorker(app.database.worker, async (tx) => importRateFile(tx, Buffer.from(FILE)));
    expect(result).toMatchObject({ rows: 7, added: 7 });
  });
});

describe('a rate', () => {
  const ask = async (query: { from: string; to: string; date?: string }) =>
    ann.expect(200, 'GET /api/fx', { query });
  const refuse = async (status: number, query: { from: string; to: string; date?: string }) =>
    ann.refused(status, 'GET /api/fx', { query });
  beforeEach(async () => void (await send(FILE)));

  it('is crossed through the euro, carried over a holiday, with its legs', async () => {
    expect(await ask({ from: 'GBP', to: 'USD', date: '2019-12-25' })).toEqual({
      from: 'GBP',
      to: 'USD',
      // 1.108 ÷ 0.8546, to twenty places.
      rate: '1.29651298853264685233',
      date: '2019-12-24',
      requestedDate: '2019-12-25',
      source: 'ECB',
      method: 'cross',
      legs: [
        { from: 'EUR', to: 'GBP', rate: '0.8546', date: '2019-12-24', source: 'ECB' },
        { from: 'EUR', to: 'USD', rate: '1.108', date: '2019-12-24', source: 'ECB' },
      ],
      carriedForward: true,
    });
  });

  it('is inverted, is one within a currency, and skips a day on which one leg is missing', async () => {
    expect(await ask({ from: 'JPY', to: 'EUR', date: '2019-12-24' })).toMatchObject({
      method: 'inverse',
      rate: '0.00825286787158537592',
    });
    expect(await ask({ from: 'USD', to: 'USD' })).toMatchObject({ method: 'identity', rate: '1' });
    expect(await ask({ from: 'BGN', to: 'USD', date: '2019-12-24' })).toMatchObject({ date: '2019-12-23' });
  });

  it('is missing, in words, after seven days and before the first', async () => {
    expect(await ask({ from: 'EUR', to: 'USD', date: '2019-12-31' })).toMatchObject({ date: '2019-12-24' });
    const late = await refuse(404, { from: 'EUR', to: 'USD', date: '2020-01-01' });
    expect(late).toMatchObject({ code: 'rate_missing' });
    expect(late.detail).toContain('from EUR to USD for 2020-01-01');
    await refuse(404, { from: 'EUR', to: 'USD', date: '2019-12-22' });
    await refuse(404, { from: 'EUR', to: 'KWD', date: '2019-12-24' });
    await refuse(404, { from: 'EUR', to: 'USD' });
  });

  it('is asked for by currencies, not by units or by anything else', async () => {
    expect(await refuse(400, { from: 'GBX', to: 'USD' })).toMatchObject({ field: 'from' });
    expect(await refuse(400, { from: 'USD', to: 'CNH' })).toMatchObject({ field: 'to' });
    expect(await refuse(400, { from: 'USD', to: 'GBP', date: '2019-02-30' })).toMatchObject({
      field: 'date',
    });
  });

  it('is found for many pairs with one statement, and with none where none is needed', async () => {
    const statements: number[] = [];
    const db = createDatabase({
      url: app.database.workerUrl,
      max: 1,
      onStatement: (ms) => void statements.push(ms),
    });
    const [gbp, usd, jpy, eur] = [currency('GBP'), currency('USD'), currency('JPY'), currency('EUR')];
    try {
      const rates = await withWorker(db, async (tx) => {
        // The transaction begins with its first statement.
        await findRate(tx, gbp, usd, day('2019-12-24'));
        statements.length = 0;
        const pairs = [
          { from: gbp, to: usd },
          { from: usd, to: gbp },
          { from: jpy, to: gbp },
          { from: eur, to: eur },
          { from: usd, to: currency('KWD') },
        ];
        const found = await findRates(tx, pairs, day('2019-12-24'));
        expect(statements).toHaveLength(1);
        await findRate(tx, gbp, gbp, day('2019-12-24'));
        expect(statements).toHaveLength(1);
        return found;
      });
      expect([...rates.keys()]).toEqual(['GBP/USD', 'USD/GBP', 'JPY/GBP', 'EUR/EUR', 'USD/KWD']);
      expect(rates.get('USD/KWD')).toEqual({
        missing: 'rate',
        from: 'USD',
        to: 'KWD',
        requestedDate: day('2019-12-24'),
      });
    } finally {
      await db.destroy();
    }
  });
});

describe('a history as long as the ECB’s', () => {
  const CURRENCIES =
    'USD JPY CZK DKK GBP HUF PLN RON SEK CHF ISK NOK TRY AUD BRL CAD CNY HKD IDR ILS INR KRW MXN MYR NZD PHP SGD THB ZAR BGN HRK'.split(
      ' ',
    );
  const DAYS = 7_000;
  const rows = Array.from({ length: DAYS }, (_, index) => {
    const date = day('2018-12-31').subtract({ days: index }).toString();
    return `${date},${CURRENCIES.map((_code, column) => `${column + 1}.${1000 + (index % 9000)}`).join(',')},`;
  });
  const history = `Date,${CURRENCIES.join(',')},\n${rows.join('\n')}\n`;

  it(
    'is imported in seconds, again without change, and answers from an index',
    { timeout: 90_000 },
    async () => {
      const start = performance.now();
      expect((await send(history)).json()).toMatchObject({ rows: 217_000, added: 217_000, pairs: 31 });
      const seconds = (performance.now() - start) / 1000;
      // A few seconds on an idle machine; the bound is for a busy one.
      expect(seconds).toBeLessThan(30);
      expect((await send(history)).json()).toMatchObject({ rows: 217_000, added: 0, corrected: 0 });
      await app.database.owner
        .connection()
        .execute(async (connection) => sql`analyze pm.fx_rates`.execute(connection));
      const scanned = await tablesScanned(app.database.appUrl, app.database, async (db) => {
        for (let turn = 0; turn < 8; turn += 1) {
          await withTenant(db, { userId: ann.id }, async (tx) =>
            findRates(
              tx,
              CURRENCIES.slice(0, 10).map((code) => ({ from: currency(code), to: currency('GBP') })),
              day('2018-06-30'),
            ),
          );
        }
      });
      expect(scanned).toEqual([]);
    },
  );
});
