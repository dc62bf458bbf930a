/** Securities found to be one: what follows, what stands in the way, who may, and the way back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
let ben: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  ben = await app.register();
});
afterAll(async () => app.close());

let made = 0;
type Draft = {
  type?: 'Stock' | 'ETF' | 'Cash';
  isin?: string;
  scope?: 'private' | 'shared';
  currency?: string;
};
const instrument = async (person: TestPerson, name: string, draft: Draft = {}): Promise<string> => {
  made += 1;
  const body = { type: 'Stock' as const, ticker: `MRG${made}`, name, currency: 'USD', ...draft };
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};
const merge = async (person: TestPerson, id: string, into: string, renamed?: boolean) =>
  person.expect(201, 'POST /api/instruments/:id/merge', {
    params: { id },
    body: { into, ...(renamed !== undefined && { renamed }) },
  });
const refuse = async (person: TestPerson, status: number, id: string, into: string) =>
  person.refused(status, 'POST /api/instruments/:id/merge', { params: { id }, body: { into } });
const undo = async (person: TestPerson, id: string) =>
  person.expect(200, 'POST /api/identity-merges/:id/undo', { params: { id } });
const portfolio = async (person: TestPerson): Promise<string> =>
  (await person.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
const hold = async (person: TestPerson, portfolioId: string, instrumentId: string) =>
  person.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: {
      instrumentId,
      section: 'Core',
      theme: 'Bonds',
      account: 'ISA',
      qty: '3',
      avgCost: '2',
      date: '2024-02-01',
    },
  });

const HEAD = 'Ticker,Name,Sector,Asset Class,Weight,Country,Exchange,Currency,ISIN';
const share = (ticker: string, name: string, weight: string, country = 'United States'): string =>
  `${ticker},${name},Industrials,Equity,${weight},${country},New York Stock Exchange Inc.,USD,`;
const send = async (person: TestPerson, id: string, ...rows: readonly string[]) =>
  person.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf: '2024-03-01' },
    body: Buffer.from(`${HEAD}\n${rows.join('\n')}\n`),
  });
const exposure = async (person: TestPerson, id: string) =>
  person.expect(200, 'GET /api/instruments/:id/exposure', { params: { id }, query: { asOf: '2024-03-01' } });

describe('a private security found to be a shared one', () => {
  it('gives it its holdings, prices and rows; no total changes; and all of it comes back', async () => {
    const fund = await instrument(anna, 'Fund of two spellings', { type: 'ETF' });
    await send(anna, fund, share('OSPL', 'OLD SPELLING INC', '60'), share('NSPL', 'NEW SPELLING INC', '40'));
    const rows = await anna.expect(200, 'GET /api/instruments/:id/constituents', { params: { id: fund } });
    const [old = '', young = ''] = rows.items.map((row) => row.instrumentId);
    const portfolioId = await portfolio(anna);
    const holding = await hold(anna, portfolioId, old);
    await anna.expect(201, 'POST /api/instruments/:id/prices', {
      params: { id: old },
      body: { dateTime: '2024-03-01T12:00:00Z', close: '7' },
    });
    const before = await exposure(anna, fund);

    const preview = await anna.expect(200, 'GET /api/instruments/:id/merge', {
      params: { id: old },
      query: { into: young },
    });
    expect(preview).toMatchObject({
      from: { name: 'OLD SPELLING INC', heldIn: [{ instrumentId: fund, asOf: '2024-03-01' }] },
      into: { name: 'NEW SPELLING INC', listings: [{ ticker: 'NSPL', exchange: 'XNYS' }] },
      moves: { constituents: 1, holdings: 1, manualPrices: 1, listings: 1 },
      obstacles: [],
    });
    const done = await merge(anna, old, young);
    expect(done).toMatchObject({ scope: 'private', mergedByYou: true, mayUndo: true, moved: preview.moves });
    expect(done.evidence).toEqual([]);

    const after = await exposure(anna, fund);
    expect(after.byCompany.map(({ name, pct }) => [name, pct])).toEqual([['NEW SPELLING INC', 100]]);
    for (const map of ['byCountry', 'bySector', 'byCurrency', 'byRegion', 'byAssetClass'] as const) {
      expect(after[map]).toEqual(before[map]);
    }
    expect(after.coveragePct).toBe(before.coveragePct);
    const held = await anna.expect(200, 'GET /api/holdings/:id', { params: { id: holding.id } });
    expect(held.instrumentId).toBe(young);
    // The old id goes on meaning something, and nothing new can point to it.
    expect(await anna.expect(200, 'GET /api/instruments/:id', { params: { id: old } })).toMatchObject({
      id: young,
    });
    expect(await refuse(anna, 404, old, fund)).toMatchObject({ code: 'merged' });
    const found = await anna.expect(200, 'GET /api/instruments', { query: { query: 'spelling inc' } });
    expect(found.items.map(({ id }) => id)).toEqual([young]);

    const undone = await undo(anna, done.id);
    expect(undone.undoneAt).not.toBeNull();
    expect(await exposure(anna, fund)).toEqual(before);
    expect(
      (await anna.expect(200, 'GET /api/holdings/:id', { params: { id: holding.id } })).instrumentId,
    ).toBe(old);
    expect(await anna.expect(200, 'GET /api/instruments/:id', { params: { id: old } })).toMatchObject({
      id: old,
    });
    expect(
      await anna.refused(409, 'POST /api/identity-merges/:id/undo', { params: { id: done.id } }),
    ).toMatchObject({
      code: 'already_undone',
    });
  });
});

describe('shared securities', () => {
  it('are merged by administrators, with what is other people’s, of which nothing is told', async () => {
    const [from, into] = [
      await instrument(app.admin, 'Shared from'),
      await instrument(app.admin, 'Shared into'),
    ];
    expect(await refuse(anna, 403, from, into)).toMatchObject({ code: 'admin_only' });
    const holding = await hold(anna, await portfolio(anna), from);
    const done = await merge(app.admin, from, into);
    expect(done.moved).toEqual({ listings: 1 });
    expect(
      (await anna.expect(200, 'GET /api/holdings/:id', { params: { id: holding.id } })).instrumentId,
    ).toBe(into);
    const seen = await anna.expect(200, 'GET /api/identity-merges', { query: { instrumentId: into } });
    expect(seen.items).toMatchObject([
      { id: done.id, mayUndo: false, mergedByYou: false, moved: { holdings: 1, listings: 1 } },
    ]);
    expect(
      await anna.refused(403, 'POST /api/identity-merges/:id/undo', { params: { id: done.id } }),
    ).toMatchObject({
      code: 'admin_only',
    });
    await undo(app.admin, done.id);
    expect(
      (await anna.expect(200, 'GET /api/holdings/:id', { params: { id: holding.id } })).instrumentId,
    ).toBe(from);
  });

  it('are never given up for a private one, and private ones are nobody else’s', async () => {
    const shared = await instrument(app.admin, 'Everybody’s');
    const own = await instrument(app.admin, 'The admin’s own', { scope: 'private' });
    expect(await refuse(app.admin, 422, shared, own)).toMatchObject({
      code: 'shared_into_private',
      field: 'into',
    });
    const annas = await instrument(anna, 'Anna’s');
    expect(await refuse(app.admin, 404, annas, shared)).toMatchObject({ code: 'not_found' });
    expect(await refuse(ben, 404, annas, shared)).toMatchObject({ code: 'not_found' });
    const done = await merge(anna, annas, shared);
    for (const other of [ben, app.admin]) {
      await other.refused(404, 'POST /api/identity-merges/:id/undo', { params: { id: done.id } });
      const list = await other.expect(200, 'GET /api/identity-merges', { query: { instrumentId: shared } });
      expect(list.items).toEqual([]);
    }
  });
});

describe('what stands in the way', () => {
  it('is said in words: different numbers, unless it is a renaming', async () => {
    const from = await instrument(anna, 'FACE PAPER INC', { isin: 'US30303M1027' });
    const into = await instrument(anna, 'META PAPER INC', { isin: 'US5949181045' });
    const refusal = await refuse(anna, 409, from, into);
    expect(refusal).toMatchObject({ code: 'numbers_differ', field: 'into' });
    expect(refusal.detail).toContain('US30303M1027');
    expect(refusal.detail).toContain('renamed=true');
    const done = await merge(anna, from, into, true);
    const traits = await anna.expect(200, 'GET /api/instruments/:id/merge', {
      params: { id: into },
      query: { into: await instrument(anna, 'Something else') },
    });
    expect(traits.from).toMatchObject({
      otherNames: ['FACE PAPER INC'],
      identifiers: [
        { scheme: 'isin', value: 'US5949181045', isCurrent: true },
        { scheme: 'isin', value: 'US30303M1027', isCurrent: false },
      ],
    });
    expect((await anna.expect(200, 'GET /api/instruments/:id', { params: { id: from } })).isin).toBe(
      'US5949181045',
    );
    await undo(anna, done.id);
  });

  it('is said in words: both held in one account, one’s own named and others’ not', async () => {
    const [from, into] = [await instrument(app.admin, 'Held one'), await instrument(app.admin, 'Held two')];
    const mine = await portfolio(anna);
    await hold(anna, mine, from);
    await hold(anna, mine, into);
    const others = await refuse(app.admin, 409, from, into);
    expect(others).toMatchObject({ code: 'held_twice' });
    expect(others.detail).not.toContain('ISA');
    const own = await instrument(anna, 'Held three');
    await hold(anna, mine, own);
    expect((await refuse(anna, 409, own, into)).detail).toContain('“ISA” of “Ours”');
  });

  it('is said in words: itself, another kind, a fund and what it holds, a stale version', async () => {
    const stock = await instrument(anna, 'Some stock');
    expect(await refuse(anna, 422, stock, stock)).toMatchObject({ code: 'same_instrument' });
    const cash = await instrument(anna, 'Some pounds', { type: 'Cash', currency: 'GBP' });
    expect(await refuse(anna, 422, cash, stock)).toMatchObject({ code: 'kinds_differ' });
    const fund = await instrument(anna, 'A fund', { type: 'ETF' });
    await send(anna, fund, share('INSD', 'INSIDE INC', '100'));
    const rows = await anna.expect(200, 'GET /api/instruments/:id/constituents', { params: { id: fund } });
    expect(await refuse(anna, 409, rows.items[0]?.instrumentId ?? '', fund)).toMatchObject({
      code: 'holds_other',
    });
    const body = { into: stock };
    const stale = { params: { id: fund }, body, ifMatch: 99 };
    await anna.refused(412, 'POST /api/instruments/:id/merge', stale);
  });

  it('a later merge is undone before an earlier one', async () => {
    const [one, two, three] = [
      await instrument(anna, 'Chain one'),
      await instrument(anna, 'Chain two'),
      await instrument(anna, 'Chain three'),
    ];
    const first = await merge(anna, one, two);
    const second = await merge(anna, two, three);
    expect(await anna.expect(200, 'GET /api/instruments/:id', { params: { id: one } })).toMatchObject({
      id: three,
    });
    const refusal = await anna.refused(409, 'POST /api/identity-merges/:id/undo', {
      params: { id: first.id },
    });
    expect(refusal).toMatchObject({ code: 'later_merge' });
    expect(refusal.detail).toContain(second.id);
    await undo(anna, second.id);
    expect(await anna.expect(200, 'GET /api/instruments/:id', { params: { id: one } })).toMatchObject({
      id: two,
    });
    await undo(anna, first.id);
    expect(await anna.expect(200, 'GET /api/instruments/:id', { params: { id: one } })).toMatchObject({
      id: one,
    });
  });
});
