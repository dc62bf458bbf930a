import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { fillAndAnalyse, tablesScanned } from '../../../../tests/support/plans.ts';
import { withTenant, withWorker } from '../../platform/database/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { AnswerBody } from '../../platform/http/index.ts';
import { listPrices, pricesAt } from './prices.ts';
import type { PriceMoment } from './prices.ts';

type PricePage = AnswerBody<'GET /api/instruments/:id/prices', 200>;

let app: TestApp;
let ann: TestPerson;
let bob: TestPerson;
/** Quoted in pence, in pounds, and in dollars. */
let pence: string;
let pounds: string;
let dollars: string;

const make = async (person: TestPerson, body: object): Promise<string> => {
  const draft = { type: 'ETF', name: 'Fund', exchange: 'XLON', currency: 'GBP', ...body } as const;
  return (await person.expect(201, 'POST /api/instruments', { body: draft })).id;
};

beforeAll(async () => {
  app = await createTestApp();
  [ann, bob] = [await app.register(), await app.register()];
  pence = await make(app.admin, { ticker: 'ISF', quoteUnit: 'GBX' });
  pounds = await make(app.admin, { ticker: 'VUSA' });
  dollars = await make(app.admin, { ticker: 'EIMI', currency: 'USD' });
});
afterAll(async () => app.close());

const AT = '2024-02-23T16:30:00Z';
const give = async (person: TestPerson, id: string, body: object) =>
  person.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id },
    body: { dateTime: AT, close: '1', ...body },
  });
const refuse = async (status: number, id: string, body: object, person = ann) =>
  person.refused(status, 'POST /api/instruments/:id/prices', {
    params: { id },
    body: { dateTime: AT, close: '1', ...body },
  });
const list = async (person: TestPerson, id: string, query: object = {}): Promise<PricePage> =>
  person.expect(200, 'GET /api/instruments/:id/prices', { params: { id }, query });
const instant = (text: string) => Temporal.Instant.from(text);
const asOwner = async (statement: ReturnType<typeof sql>) =>
  app.database.owner.transaction().execute(async (tx) => statement.execute(tx));

describe('a price given by hand', () => {
  it('stays a pence price, and counts in pounds', async () => {
    const price = await give(ann, pence, {
      close: '7512.5',
      open: '7500',
      high: '7520',
      low: '7490.25',
      volume: 1200,
      quoteUnit: 'GBX',
    });
    expect(price).toEqual({
      instrumentId: pence,
      listingId: null,
      dateTime: AT,
      close: '75.125',
      open: '75',
      high: '75.2',
      low: '74.9025',
      volume: '1200',
      currency: 'GBP',
      quoted: { close: '7512.5', unit: 'GBX' },
      kind: 'manual',
      source: 'manual',
    });
    expect((await list(ann, pence)).items).toEqual([price]);
  });

  it('is in the currency of the line when no unit is given, even of a line quoted in pence', async () => {
    const at = { dateTime: '2024-02-24T16:30:00Z' };
    const plain = await give(ann, pence, { ...at, close: '75.12' });
    expect(plain).toMatchObject({ close: '75.12', currency: 'GBP', quoted: { close: '75.12', unit: 'GBP' } });
    expect(await give(ann, dollars, { close: '30' })).toMatchObject({
      currency: 'USD',
      quoted: { unit: 'USD' },
    });
    const other = await give(ann, dollars, {
      dateTime: '2024-02-24T16:30:00Z',
      close: '24',
      currency: 'GBP',
    });
    expect(other).toMatchObject({ close: '24', currency: 'GBP', quoted: { close: '24', unit: 'GBP' } });
    const spelt = await give(ann, pounds, { close: '6000', quoteUnit: 'GBp', currency: 'GBP' });
    expect(spelt).toMatchObject({ close: '60', quoted: { close: '6000', unit: 'GBX' } });
  });

  it('keeps 28 digits', async () => {
    const close = '1234567890.123456789012345678';
    expect(await give(bob, dollars, { close })).toMatchObject({ close });
    expect((await list(bob, dollars)).items[0]?.close).toBe(close);
    const small = await give(bob, pence, { close: '0.0000000000000001', quoteUnit: 'GBX' });
    expect(small).toMatchObject({ close: '0.000000000000000001', quoted: { close: '0.0000000000000001' } });
  });

  it('replaces the one of the same instant', async () => {
    const id = await make(ann, { name: 'House', type: 'Property' });
    await give(ann, id, { close: '500000' });
    await give(ann, id, { close: '510000' });
    expect((await list(ann, id)).items.map((price) => price.close)).toEqual(['510000']);
  });

  it('is nobody else’s to see, and cannot be given for what one cannot see', async () => {
    const id = await make(ann, { name: 'Ann’s' });
    await give(ann, id, { close: '5' });
    await refuse(404, id, {}, bob);
    await bob.refused(404, 'GET /api/instruments/:id/prices', { params: { id } });
    await refuse(404, '00000000-0000-7000-8000-000000000000', {});
    await give(bob, pounds, { dateTime: '2020-01-01T00:00:00Z', close: '9' });
    expect((await list(ann, pounds)).items.some((price) => price.close === '9')).toBe(false);
  });

  const ahead = Temporal.Now.instant();
  it.each([
    ['a close of 0', { close: '0' }, 'close'],
    ['a close of 0.00', { close: '0.00' }, 'close'],
    ['a negative close', { close: '-1' }, 'close'],
    ['NaN', { close: 'NaN' }, 'close'],
    ['a JSON number', { close: 75.12 }, 'close'],
    ['an exponent', { close: '1e3' }, 'close'],
    ['30 digits', { close: '123456789012345678901234567890' }, 'close'],
    ['19 decimals', { close: '0.1234567890123456789' }, 'close'],
    ['17 decimals of pence', { close: '0.12345678901234567', quoteUnit: 'GBX' }, 'close'],
    ['an open of 0', { open: '0' }, 'open'],
    ['a high below the close', { close: '5', high: '4' }, 'high'],
    ['a low above the close', { close: '5', low: '6' }, 'low'],
    ['a high below the low', { close: '5', high: '5', low: '5.1' }, 'low'],
    ['a day in 1800', { dateTime: '1800-01-01T00:00:00Z' }, 'dateTime'],
    ['the last second of 1899', { dateTime: '1899-12-31T23:59:59Z' }, 'dateTime'],
    ['a time without zone', { dateTime: '2024-02-23T16:30:00' }, 'dateTime'],
    ['a day that is none', { dateTime: '2024-02-30T16:30:00Z' }, 'dateTime'],
    ['the day after tomorrow', { dateTime: ahead.add({ hours: 25 }).toString() }, 'dateTime'],
    ['pence as currency', { currency: 'GBX' }, 'currency'],
    ['an unknown currency', { currency: 'QQQ' }, 'currency'],
    ['an unknown unit', { quoteUnit: 'gbp' }, 'quoteUnit'],
    ['a unit of another currency', { currency: 'USD', quoteUnit: 'GBX' }, 'quoteUnit'],
    ['a negative volume', { volume: -1 }, 'volume'],
    ['a volume beyond counting', { volume: 1e30 }, 'volume'],
  ])('refuses %s and names the field', async (_what, body, field) => {
    const before = await list(ann, pounds);
    const problem = await refuse(400, pounds, body);
    expect(problem.errors?.map((error) => error.field) ?? [problem.field]).toContain(field);
    expect(await list(ann, pounds)).toEqual(before);
  });

  it('names every field at once', async () => {
    const problem = await refuse(400, pounds, {
      close: '0',
      open: '-1',
      currency: 'GBX',
      dateTime: '1800-01-01T00:00:00Z',
    });
    expect(problem.errors?.map((error) => error.field)).toEqual(['dateTime', 'currency', 'close', 'open']);
  });

  it('may be from a place where it is tomorrow already', async () => {
    const dateTime = Temporal.Now.instant().add({ hours: 23 }).round('millisecond').toString();
    expect(await give(bob, pounds, { dateTime })).toMatchObject({ dateTime });
  });

  it('is stored once when the same request comes twice', async () => {
    const id = await make(ann, { name: 'Twice' });
    const options = { params: { id }, body: { dateTime: AT, close: '5' }, idempotencyKey: 'price-once' };
    const first = await ann.expect(201, 'POST /api/instruments/:id/prices', options);
    expect(await ann.expect(201, 'POST /api/instruments/:id/prices', options)).toEqual(first);
    expect((await list(ann, id)).items).toHaveLength(1);
  });
});

/** Stores prices of the feed for the line with a ticker. */
const feed = async (ticker: string, rows: readonly (readonly [string, string, string])[]) => {
  for (const [dateTime, close, source] of rows) {
    await asOwner(sql`select pm.ensure_price_partition(${dateTime}::timestamptz::date)`);
    await asOwner(sql`insert into pm.prices (listing_id, date_time, source, close, currency)
      select id, ${dateTime}, ${source}, ${close}, currency from pm.instrument_listings
      where ticker = ${ticker} and owner_user_id is null`);
  }
};

describe('the list of prices', () => {
  let id: string;
  beforeAll(async () => {
    id = await make(app.admin, { ticker: 'LIST', quoteUnit: 'GBX' });
    await app.admin.expect(201, 'POST /api/instruments/:id/listings', {
      params: { id },
      body: { ticker: 'LISTD', exchange: 'XLON', currency: 'USD' },
    });
    await feed('LIST', [
      ['2024-02-20T16:30:00Z', '10', 'a'],
      ['2024-02-21T16:30:00Z', '11', 'a'],
      ['2024-02-21T16:30:00Z', '11.5', 'b'],
      ['2024-03-04T00:30:00Z', '12', 'a'],
    ]);
    await feed('LISTD', [['2024-02-21T16:30:00Z', '14', 'a']]);
    await give(ann, id, { dateTime: '2024-02-21T16:30:00Z', close: '1200', quoteUnit: 'GBX' });
    await give(ann, id, { dateTime: '2024-02-22T09:00:00Z', close: '12.5' });
  });

  it('shows the feed’s and one’s own, newest first, each as it was quoted', async () => {
    const { items, nextCursor } = await list(ann, id);
    expect(nextCursor).toBeNull();
    expect(
      items.map((price) => [
        price.dateTime.slice(0, 10),
        price.kind,
        price.close,
        price.quoted.close,
        price.quoted.unit,
      ]),
    ).toEqual([
      ['2024-03-04', 'live', '12', '1200', 'GBX'],
      ['2024-02-22', 'manual', '12.5', '12.5', 'GBP'],
      ['2024-02-21', 'live', '11', '1100', 'GBX'],
      ['2024-02-21', 'live', '11.5', '1150', 'GBX'],
      ['2024-02-21', 'live', '14', '14', 'USD'],
      ['2024-02-21', 'manual', '12', '1200', 'GBX'],
      ['2024-02-20', 'live', '10', '1000', 'GBX'],
    ]);
    expect((await list(bob, id)).items.map((price) => price.kind)).toEqual([
      'live',
      'live',
      'live',
      'live',
      'live',
    ]);
  });

  it('is cut by days where the person is', async () => {
    expect((await list(ann, id, { from: '2024-02-21', to: '2024-02-21' })).items).toHaveLength(4);
    expect((await list(ann, id, { from: '2024-03-04' })).items).toHaveLength(1);
    await ann.expect(200, 'PATCH /api/me', { body: { timezone: 'America/New_York' } });
    // Half past midnight in London is still the day before in New York.
    expect((await list(ann, id, { from: '2024-03-04' })).items).toHaveLength(0);
    expect((await list(ann, id, { from: '2024-03-03', to: '2024-03-03' })).items).toHaveLength(1);
    await ann.expect(200, 'PATCH /api/me', { body: { timezone: 'Europe/London' } });
    const wrong = await ann.refused(400, 'GET /api/instruments/:id/prices', {
      params: { id },
      query: { from: '2024-02-22', to: '2024-02-21' },
    });
    expect(wrong).toMatchObject({ field: 'from' });
  });

  it('takes any days of the calendar as bounds, however far away', async () => {
    for (const query of [
      { from: '0000-01-01' },
      { to: '9999-12-31' },
      { from: '0001-01-01', to: '9999-12-31' },
    ]) {
      expect((await list(ann, id, query)).items).toHaveLength(7);
    }
    expect((await list(ann, id, { from: '9999-12-31' })).items).toEqual([]);
  });

  it.each([1, 2, 3])('pages by %i without gap or double', async (limit) => {
    const whole = (await list(ann, id)).items;
    const paged: PricePage['items'] = [];
    let cursor: string | null = null;
    do {
      const page: PricePage = await list(ann, id, { limit, ...(cursor === null ? {} : { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      paged.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(whole);
  });

  it.each([
    'x',
    Buffer.from('yesterday a').toString('base64url'),
    Buffer.from('2024-99-99T00:00:00Z a').toString('base64url'),
  ])('refuses a cursor that no answer held: %s', async (cursor) => {
    const problem = await ann.refused(400, 'GET /api/instruments/:id/prices', {
      params: { id },
      query: { cursor },
    });
    expect(problem).toMatchObject({ code: 'bad_cursor' });
  });
});

/** The answer for a single moment. */
const pricesFor = async (tx: Tx, ids: readonly string[], at: PriceMoment) => {
  const [found] = await pricesAt(tx, ids, [at]);
  if (found === undefined) throw new Error('A moment was not answered.');
  return found;
};

describe('prices for a valuation', () => {
  let id: string;
  const NOW = instant('2024-03-05T12:00:00Z');
  const as = async <T>(person: TestPerson, work: (tx: Tx) => Promise<T>) =>
    withTenant(app.database.app, { userId: person.id }, work);
  const shown = async (person: TestPerson, at: PriceMoment, ids = [id]) => {
    const found = await as(person, async (tx) => pricesFor(tx, ids, at));
    return [...found.values()].map(({ live, manual }) => [
      live?.close.toFixed() ?? null,
      manual?.close.toFixed() ?? null,
    ]);
  };
  beforeAll(async () => {
    id = await make(app.admin, { ticker: 'VAL', quoteUnit: 'GBX' });
    await app.admin.expect(201, 'POST /api/instruments/:id/listings', {
      params: { id },
      body: { ticker: 'VALD', exchange: 'XLON', currency: 'USD' },
    });
    await feed('VAL', [
      ['2024-02-20T16:30:00Z', '10', 'a'],
      ['2024-03-04T16:30:00Z', '12', 'a'],
      ['2024-01-20T16:30:00Z', '9', 'a'],
    ]);
    await feed('VALD', [['2024-03-05T11:00:00Z', '15', 'a']]);
    await give(ann, id, { dateTime: '2024-02-22T09:00:00Z', close: '1250', quoteUnit: 'GBX' });
    await give(ann, id, { dateTime: '2024-02-10T09:00:00Z', close: '11' });
  });

  it('are the newest of the primary line and the newest of one’s own', async () => {
    const found = await as(ann, async (tx) => pricesFor(tx, [id, pounds, id], { now: NOW }));
    expect([...found.keys()]).toEqual([id, pounds]);
    const { live, manual } = found.get(id) ?? {};
    expect(live).toMatchObject({ currency: 'GBP', kind: 'live', source: 'a', quoted: { unit: 'GBX' } });
    expect([live?.close.toFixed(), live?.quoted.close.toFixed(), live?.at.toString()]).toEqual([
      '12',
      '1200',
      '2024-03-04T16:30:00Z',
    ]);
    expect(manual).toMatchObject({
      currency: 'GBP',
      kind: 'manual',
      source: 'manual',
      quoted: { unit: 'GBX' },
    });
    expect([manual?.close.toFixed(), manual?.quoted.close.toFixed()]).toEqual(['12.5', '1250']);
    expect(await shown(bob, { now: NOW })).toEqual([['12', null]]);
  });

  it('are those of a past moment, to the instant', async () => {
    expect(await shown(ann, { asOf: instant('2024-02-22T09:00:00Z') })).toEqual([['10', '12.5']]);
    expect(await shown(ann, { asOf: instant('2024-02-22T08:59:59.999999Z') })).toEqual([['10', '11']]);
    expect(await shown(ann, { asOf: instant('2024-02-20T16:29:59Z') })).toEqual([['9', '11']]);
    expect(await shown(ann, { asOf: instant('2024-01-01T00:00:00Z') })).toEqual([[null, null]]);
  });

  it('take a line that a member made primary before the shared one, once it has prices', async () => {
    await bob.expect(201, 'POST /api/instruments/:id/listings', {
      params: { id },
      body: { ticker: 'VALB', exchange: 'XLON', currency: 'EUR', isPrimary: true },
    });
    expect(await shown(bob, { now: NOW })).toEqual([['12', null]]);
    await asOwner(sql`insert into pm.prices (listing_id, date_time, source, close, currency)
      select id, '2024-03-01T16:30:00Z', 'a', 13, currency from pm.instrument_listings where ticker = 'VALB'`);
    expect(await shown(bob, { now: NOW })).toEqual([['13', null]]);
    expect(await shown(ann, { now: NOW })).toEqual([['12', '12.5']]);
  });

  it('answer several moments at once as each alone', async () => {
    const moments: readonly PriceMoment[] = [{ now: NOW }, { asOf: instant('2024-02-21T00:00:00Z') }];
    const together = await as(ann, async (tx) => pricesAt(tx, [id], moments));
    const alone = await Promise.all(
      moments.map(async (moment) => as(ann, async (tx) => pricesFor(tx, [id], moment))),
    );
    const closes = (found: (typeof together)[number] | undefined) => {
      const { live, manual } = found?.get(id) ?? { live: null, manual: null };
      return [live?.close.toFixed(), manual?.close.toFixed()];
    };
    expect(together.map(closes)).toEqual(alone.map(closes));
    expect(closes(together[0])).not.toEqual(closes(together[1]));
  });

  it('take those of the owner inside a shared portfolio, and nobody’s for a job without a person', async () => {
    const { id: portfolioId } = await ann.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } });
    await asOwner(sql`insert into pm.portfolio_access (user_id, portfolio_id, owner_id, role)
      values (${bob.id}, ${portfolioId}, ${ann.id}, 'view')`);
    const inside = await as(bob, async (tx) => {
      await sql`select pm.enter_portfolio(${portfolioId})`.execute(tx);
      return pricesFor(tx, [id], { now: NOW });
    });
    expect(inside.get(id)?.manual?.close.toFixed()).toBe('12.5');
    const job = await withWorker(app.database.worker, async (tx) => pricesFor(tx, [id], { now: NOW }));
    expect(job.get(id)).toMatchObject({ manual: null });
  });

  it('are found from indexes among many prices of many people', async () => {
    await asOwner(sql`select pm.ensure_price_partitions(date '2024-01-01', date '2024-06-30')`);
    await fillAndAnalyse(
      app.database,
      sql`insert into pm.instruments (id, type, name, currency)
        select gen_random_uuid(), 'ETF', 'Filler ' || n, 'GBP' from generate_series(1, 3000) n`,
      sql`insert into pm.instrument_listings (id, instrument_id, mic, ticker, currency, quote_unit, is_primary)
        select gen_random_uuid(), id, 'XPAR', replace(name, ' ', ''), 'GBP', 'GBX', true from pm.instruments where name like 'Filler%'`,
      sql`insert into pm.prices (listing_id, date_time, source, interval, close, currency)
        select l.id, d, 'filler', '1d', 10, 'GBP'
        from pm.instrument_listings l, generate_series(timestamptz '2024-01-01 16:30+00', '2024-06-20', interval '10 days') d
        where l.ticker like 'Filler%' order by 1, 2`,
      sql`insert into pm.manual_prices (user_id, id, instrument_id, date_time, close, currency, quote_unit)
        select u.id, gen_random_uuid(), i.id, d, 10, 'GBP', 'GBP'
        from pm.users u, pm.instruments i, generate_series(timestamptz '2024-01-01 16:30+00', '2024-02-20', interval '10 days') d
        where i.name like 'Filler%' and i.owner_user_id is null`,
    );
    const { rows } = await app.database.owner
      .transaction()
      .execute(async (tx) =>
        sql<{ id: string }>`select id from pm.instruments where name like 'Filler 1__'`.execute(tx),
      );
    const ids = rows.map((row) => row.id);
    expect(ids).toHaveLength(100);
    const scanned = await tablesScanned(app.database.appUrl, app.database, async (db) => {
      for (let turn = 0; turn < 8; turn += 1) {
        await withTenant(db, { userId: ann.id }, async (tx) => {
          const now = await pricesFor(tx, ids, { now: instant('2024-06-21T00:00:00Z') });
          expect([...now.values()].every(({ live, manual }) => live !== null && manual !== null)).toBe(true);
          await pricesFor(tx, ids, { asOf: instant('2024-02-15T00:00:00Z') });
          await listPrices(tx, ids[0] ?? '', { limit: 5 }, 'Europe/London');
        });
      }
    });
    expect(scanned).toEqual([]);
  });
});
