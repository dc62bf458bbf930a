import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let admin: TestPerson;
let ann: TestPerson;
let bob: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  admin = app.admin;
  [ann, bob] = [await app.register(), await app.register()];
});
afterAll(async () => app.close());

const WORLD = { type: 'ETF', name: 'iShares Core MSCI World', currency: 'GBP' } as const;
const make = async (person: TestPerson, body: object) =>
  person.expect(201, 'POST /api/instruments', { body: { ...WORLD, ...body } });
const refuse = async (person: TestPerson, status: number, body: object) =>
  person.refused(status, 'POST /api/instruments', { body: { ...WORLD, ...body } });
const fieldsOf = (problem: { errors?: readonly { field: string }[] | undefined }) =>
  problem.errors?.map((error) => error.field);

describe('making an instrument', () => {
  it('keeps it with its primary line, quoted in pence', async () => {
    const made = await make(admin, {
      isin: 'IE00B4L5Y983',
      ticker: 'swda',
      exchange: 'XLON',
      quoteUnit: 'GBp',
      metadata: { ocf: 0.2, sector: 'Technology', country: 'USA' },
    });
    expect(made).toMatchObject({
      isin: 'IE00B4L5Y983',
      ticker: 'SWDA',
      exchange: 'XLON',
      currency: 'GBP',
      quoteUnit: 'GBX',
      scope: 'shared',
      constituentsAsOf: null,
      version: 1,
      metadata: { ocf: 0.2, sector: 'Information Technology', country: 'United States' },
    });
    expect(made.listings).toEqual([
      {
        id: made.listings[0]?.id,
        exchange: 'XLON',
        ticker: 'SWDA',
        currency: 'GBP',
        quoteUnit: 'GBX',
        isPrimary: true,
      },
    ]);
    expect(await ann.expect(200, 'GET /api/instruments/:id', { params: { id: made.id } })).toEqual(made);
  });

  it('is private to a member, who may not ask for shared', async () => {
    const made = await make(ann, { name: 'Our house', type: 'Property' });
    expect(made).toMatchObject({ scope: 'private', ticker: null, exchange: null, quoteUnit: 'GBP' });
    await bob.refused(404, 'GET /api/instruments/:id', { params: { id: made.id } });
    await bob.refused(404, 'GET /api/instruments/:id/listings', { params: { id: made.id } });
    await bob.refused(404, 'POST /api/instruments/:id/listings', {
      params: { id: made.id },
      body: { currency: 'GBP' },
    });
    await bob.refused(404, 'PATCH /api/instruments/:id', { params: { id: made.id }, body: { name: 'Mine' } });
    expect(await refuse(ann, 403, { scope: 'shared' })).toMatchObject({ code: 'admin_only', field: 'scope' });
  });

  it('is private to an administrator who asks for that', async () => {
    const made = await make(admin, { name: 'Gold bar', type: 'Commodity', scope: 'private' });
    expect(made.scope).toBe('private');
    await ann.refused(404, 'GET /api/instruments/:id', { params: { id: made.id } });
  });

  it.each([
    ['an ISIN with a wrong check digit', { isin: 'IE00B4L5Y984' }, ['isin']],
    ['pence as currency', { currency: 'GBX' }, ['currency']],
    ['an unknown currency', { currency: 'QQQ' }, ['currency']],
    ['a quote unit of another currency', { currency: 'USD', quoteUnit: 'GBX' }, ['quoteUnit']],
    ['an unknown quote unit', { quoteUnit: 'gbp' }, ['quoteUnit']],
    ['a blank name', { name: '  ' }, ['name']],
    [
      'everything at once',
      { isin: 'IE00B4L5Y984', currency: 'GBX', name: ' ' },
      ['name', 'isin', 'currency'],
    ],
    ['an exchange that is no MIC', { exchange: 'LSE' }, ['exchange']],
    ['an unknown field', { colour: 'red' }, ['colour']],
  ])('refuses %s', async (_what, body, fields) => {
    expect(fieldsOf(await refuse(admin, 400, body))).toEqual(fields);
  });

  it('says what to give instead of pence as currency', async () => {
    expect((await refuse(admin, 400, { currency: 'GBX' })).detail).toContain(
      'currency GBP and quoteUnit GBX',
    );
  });

  it('writes nothing when a part is refused', async () => {
    await refuse(ann, 400, { name: 'Half a fund', isin: 'IE00B4L5Y984' });
    const found = await ann.expect(200, 'GET /api/instruments', { query: { query: 'Half a fund' } });
    expect(found.items).toEqual([]);
  });
});

describe('one security, one instrument', () => {
  it('refuses an ISIN twice in one scope and names the first', async () => {
    const first = await make(admin, {
      isin: 'IE00BKM4GZ66',
      name: 'EM IMI',
      ticker: 'EIMI',
      exchange: 'XLON',
    });
    const problem = await refuse(admin, 409, { isin: 'IE00BKM4GZ66', name: 'Again' });
    expect(problem).toMatchObject({ code: 'isin_taken', field: 'isin' });
    expect(problem.detail).toContain(first.id);
    expect(problem.detail).toContain('EM IMI');
    expect(await refuse(admin, 409, { name: 'Other', ticker: 'eimi', exchange: 'XLON' })).toMatchObject({
      code: 'ticker_taken',
      field: 'ticker',
    });
  });

  it('lets each person keep one of their own beside the shared one, and shows it first', async () => {
    const shared = await make(admin, { isin: 'US0378331005', name: 'Apple', type: 'Stock' });
    const own = await make(ann, { isin: 'US0378331005', name: 'Apple (mine)', type: 'Stock' });
    await make(bob, { isin: 'US0378331005', name: 'Apple of Bob', type: 'Stock' });
    await refuse(ann, 409, { isin: 'US0378331005' });
    const found = await ann.expect(200, 'GET /api/instruments', { query: { query: 'us0378331005' } });
    expect(found.items.map((item) => item.id)).toEqual([own.id, shared.id]);
  });

  it('makes one of two twins that come at the same moment', async () => {
    const twins = await Promise.all(
      Array.from({ length: 6 }, async () =>
        admin.call('POST /api/instruments', {
          body: { ...WORLD, isin: 'IE00B5BMR087', ticker: 'CSPX', exchange: 'XLON' },
        }),
      ),
    );
    const made = twins.filter((answer) => answer.statusCode === 201);
    expect(made).toHaveLength(1);
    expect(twins.filter((answer) => answer.statusCode === 409)).toHaveLength(5);
  });

  it('makes one when the same request comes twice', async () => {
    const options = { body: { ...WORLD, name: 'Once' }, idempotencyKey: 'once' };
    const [first, second] = [
      await ann.expect(201, 'POST /api/instruments', options),
      await ann.expect(201, 'POST /api/instruments', options),
    ];
    expect(second.id).toBe(first.id);
  });
});

describe('correcting an instrument', () => {
  it('takes the fields named, under the version', async () => {
    const made = await make(ann, { name: 'Fundd', metadata: { ocf: 0.5, domicile: 'IE' } });
    const path = { params: { id: made.id } };
    const changed = await ann.expect(200, 'PATCH /api/instruments/:id', {
      ...path,
      body: { name: 'Fund', metadata: { ocf: 0.4 }, isin: 'IE00B3XXRP09' },
      ifMatch: 1,
    });
    expect(changed).toMatchObject({
      name: 'Fund',
      isin: 'IE00B3XXRP09',
      type: 'ETF',
      metadata: { ocf: 0.4 },
      version: 2,
    });
    expect(changed.metadata).not.toHaveProperty('domicile');
    await ann.refused(412, 'PATCH /api/instruments/:id', { ...path, body: { name: 'Late' }, ifMatch: 1 });
    const without = await ann.expect(200, 'PATCH /api/instruments/:id', { ...path, body: { isin: null } });
    expect(without.isin).toBeNull();
    await ann.expect(200, 'PATCH /api/instruments/:id', { ...path, body: { isin: 'IE00B3XXRP09' } });
  });

  it('refuses a wrong ISIN, one that is taken, and no field at all', async () => {
    await make(ann, { isin: 'GB00B03MLX29', name: 'Shell' });
    const made = await make(ann, { name: 'BP' });
    const change = async (status: number, body: object) =>
      ann.refused(status, 'PATCH /api/instruments/:id', { params: { id: made.id }, body });
    expect(await change(400, { isin: 'GB00B03MLX28' })).toMatchObject({ field: 'isin' });
    expect(await change(409, { isin: 'GB00B03MLX29' })).toMatchObject({ code: 'isin_taken', field: 'isin' });
    await change(400, {});
  });

  it('is for administrators when it is shared', async () => {
    const made = await make(admin, { name: 'Everybody’s' });
    const path = { params: { id: made.id }, body: { name: 'Theirs' } };
    expect(await ann.refused(403, 'PATCH /api/instruments/:id', path)).toMatchObject({ code: 'admin_only' });
    expect((await admin.expect(200, 'PATCH /api/instruments/:id', path)).name).toBe('Theirs');
  });
});

describe('lines', () => {
  it('has one primary line: a new one takes it from the old one', async () => {
    const made = await make(admin, { name: 'Vanguard S&P 500', ticker: 'VUSA', exchange: 'XLON' });
    const path = { params: { id: made.id } };
    const dollars = { ticker: 'VUSD', exchange: 'XLON', currency: 'USD' };
    const second = await admin.expect(201, 'POST /api/instruments/:id/listings', { ...path, body: dollars });
    expect(second).toMatchObject({ ticker: 'VUSD', currency: 'USD', quoteUnit: 'USD', isPrimary: false });
    const third = await admin.expect(201, 'POST /api/instruments/:id/listings', {
      ...path,
      body: { ticker: 'VUSA', exchange: 'XAMS', currency: 'EUR', isPrimary: true },
    });
    expect(third.isPrimary).toBe(true);
    const after = await admin.expect(200, 'GET /api/instruments/:id', path);
    expect(after).toMatchObject({ exchange: 'XAMS', currency: 'EUR', quoteUnit: 'EUR', version: 1 });
    expect(after.listings.map((line) => [line.exchange, line.ticker, line.isPrimary])).toEqual([
      ['XAMS', 'VUSA', true],
      ['XLON', 'VUSA', false],
      ['XLON', 'VUSD', false],
    ]);
    await admin.refused(409, 'POST /api/instruments/:id/listings', { ...path, body: dollars });
    const page = await admin.expect(200, 'GET /api/instruments/:id/listings', {
      ...path,
      query: { limit: 2 },
    });
    expect(page.items.map((line) => line.ticker)).toEqual(['VUSA', 'VUSD']);
    const rest = await admin.expect(200, 'GET /api/instruments/:id/listings', {
      ...path,
      query: { limit: 2, cursor: page.nextCursor ?? '' },
    });
    expect(rest).toMatchObject({ items: [{ exchange: 'XAMS' }], nextCursor: null });
  });

  it('is a member’s own on a shared instrument, and primary for that member alone', async () => {
    const made = await make(admin, { name: 'FTSE 100', ticker: 'ISF', exchange: 'XLON', quoteUnit: 'GBX' });
    const path = { params: { id: made.id } };
    await ann.expect(201, 'POST /api/instruments/:id/listings', {
      ...path,
      body: { ticker: 'ISFA', exchange: 'XLON', currency: 'GBP', isPrimary: true },
    });
    expect(await ann.expect(200, 'GET /api/instruments/:id', path)).toMatchObject({
      ticker: 'ISFA',
      quoteUnit: 'GBP',
    });
    const others = await bob.expect(200, 'GET /api/instruments/:id', path);
    expect(others).toMatchObject({ ticker: 'ISF', quoteUnit: 'GBX' });
    expect(others.listings).toHaveLength(1);
  });

  it('keeps one primary line when several are made primary at once', async () => {
    const made = await make(ann, { name: 'Busy' });
    const path = { params: { id: made.id } };
    await Promise.all(
      ['AAA', 'BBB', 'CCC', 'DDD'].map(async (ticker) =>
        ann.expect(201, 'POST /api/instruments/:id/listings', {
          ...path,
          body: { ticker, exchange: 'XLON', currency: 'GBP', isPrimary: true },
        }),
      ),
    );
    const { listings } = await ann.expect(200, 'GET /api/instruments/:id', path);
    expect(listings.filter((line) => line.isPrimary)).toHaveLength(1);
    expect(listings).toHaveLength(5);
  });
});
