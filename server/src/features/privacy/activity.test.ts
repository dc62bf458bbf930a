/** The trail of what was done, taking it back, and the past as it was recorded. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { verifyLedger } from '../../entry/commands/verify.ts';

const NAMES = { section: 'Core', theme: 'Bonds', account: 'ISA' };

let app: TestApp;
let anna: TestPerson;
let portfolioId: string;
let fundId: string;
let made = 0;

const fund = async (): Promise<string> => {
  made += 1;
  const body = {
    type: 'ETF' as const,
    name: `World ${made}`,
    ticker: `ACT${made}`,
    currency: 'GBP',
    quoteUnit: 'GBX',
  };
  return (await anna.expect(201, 'POST /api/instruments', { body })).id;
};
const hold = async (instrumentId: string, more: object = {}) =>
  anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, ...NAMES, ...more },
  });
const newest = async (query: { kind?: 'trade' | 'session' | 'portfolio' } = {}) => {
  const { items } = await anna.expect(200, 'GET /api/me/activity', { query: { limit: 1, ...query } });
  const [entry] = items;
  if (!entry) throw new Error('nothing was done');
  return entry;
};
const undo = async (id: string) => anna.expect(200, 'POST /api/me/activity/:id/undo', { params: { id } });
const refuse = async (id: string) =>
  (await anna.refused(409, 'POST /api/me/activity/:id/undo', { params: { id } })).code;
const holding = async (id: string) => anna.expect(200, 'GET /api/holdings/:id', { params: { id } });
const now = (): string => Temporal.Now.instant().toString();

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  ({ id: portfolioId } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } }));
  fundId = await fund();
});
afterAll(async () => app.close());

describe('what was done', () => {
  it('is told act by act, newest first, with what follows from it last', async () => {
    const { id } = await hold(await fund());
    await anna.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { type: 'buy', date: '2024-02-23', price: '1000', quoteUnit: 'GBX', qty: '5' },
    });
    const { items, nextCursor } = await anna.expect(200, 'GET /api/me/activity', { query: { limit: 2 } });
    expect(items[0]).toMatchObject({
      by: { kind: 'you' },
      portfolio: { id: portfolioId, name: 'Ours' },
      undo: 'remove',
      items: [
        { kind: 'trade', action: 'added', trade: { type: 'buy', date: '2024-02-23', qty: '5' } },
        { kind: 'holding', action: 'changed' },
      ],
    });
    expect(items[0]?.items[1]?.changes).toEqual([
      { field: 'qty', before: '0', after: '5' },
      { field: 'cost_basis', before: '0', after: '50' },
    ]);
    expect(items[1]?.items[0]).toMatchObject({
      kind: 'holding',
      action: 'added',
      title: `World ${made} · ISA`,
    });
    const more = await anna.expect(200, 'GET /api/me/activity', {
      query: { limit: 200, cursor: nextCursor ?? '' },
    });
    expect(more.items.some((one) => one.items.some((item) => item.kind === 'session'))).toBe(true);
    expect(JSON.stringify([items, more])).not.toContain('password_hash":');
    const trades = await anna.expect(200, 'GET /api/me/activity', { query: { kind: 'trade', portfolioId } });
    expect(trades.items.every((one) => one.items[0]?.kind === 'trade')).toBe(true);
    await anna.refused(400, 'GET /api/me/activity', { query: { cursor: 'nonsense' } });
  });

  it('names what changed in lists leaf by leaf', async () => {
    await anna.expect(200, 'PATCH /api/portfolios/:id', {
      params: { id: portfolioId },
      body: { lists: { accounts: ['ISA', 'SIPP', 'GIA', 'LISA'] } },
    });
    const entry = await newest({ kind: 'portfolio' });
    const item = entry.items.find((one) => one.kind === 'portfolio');
    expect(item?.changes).toEqual([
      { field: 'lists.accounts', before: 'ISA, SIPP, GIA', after: 'ISA, SIPP, GIA, LISA' },
    ]);
  });
});

describe('taking back', () => {
  it('puts a changed holding as it was, unless it was changed again', async () => {
    const { id } = await hold(await fund(), { targetPct: 10, notes: 'first' });
    const change = async (body: { notes?: string; targetPct?: number; section?: string }) => {
      await anna.expect(200, 'PATCH /api/holdings/:id', { params: { id }, body });
      return newest();
    };
    const first = await change({ notes: 'second', targetPct: 20 });
    const second = await change({ notes: 'third' });
    expect(first.undo).toBe('revert');
    expect(await refuse(first.id)).toBe('changed_since');
    expect(await undo(second.id)).toEqual({ undone: 'revert' });
    expect((await holding(id)).notes).toBe('second');
    // Another field has moved on; this one has not.
    const elsewhere = await change({ section: 'Satellite' });
    await undo(elsewhere.id);
    expect((await holding(id)).section).toBe('Core');
  });

  it('puts a corrected trade as it was, with the position that follows', async () => {
    const { id } = await hold(await fund());
    const trade = await anna.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { type: 'buy', date: '2024-02-23', price: '1000', quoteUnit: 'GBX', qty: '5' },
    });
    await anna.expect(200, 'PATCH /api/trades/:id', {
      params: { id: trade.id },
      body: { qty: '7', price: '1200' },
    });
    expect((await holding(id)).costBasis).toBe('84');
    await undo((await newest()).id);
    const { qty, costBasis } = await holding(id);
    expect([qty, costBasis]).toEqual(['5', '50']);
  });

  it('puts a copied opening as it was, whose cost no price can say', async () => {
    const { id: source } = await hold(await fund());
    const buy = {
      type: 'buy',
      date: '2024-02-23',
      price: '33',
      quoteUnit: 'GBP',
      qty: '3',
      fees: '1',
    } as const;
    await anna.expect(201, 'POST /api/holdings/:id/trades', { params: { id: source }, body: buy });
    const draft = await anna.expect(201, 'POST /api/portfolios/:id/draft', { params: { id: portfolioId } });
    const { items } = await anna.expect(200, 'GET /api/portfolios/:id/holdings', {
      params: { id: draft.id },
    });
    const copy = items.find((one) => one.qty === '3' && one.costBasis === '100')?.id ?? '';
    await anna.expect(200, 'PATCH /api/holdings/:id', { params: { id: copy }, body: { qty: '6' } });
    await undo((await newest()).id);
    const { qty, costBasis } = await holding(copy);
    expect([qty, Number(costBasis).toFixed(9)]).toEqual(['3', '100.000000000']);
  });

  it('deletes what was added and brings back what was deleted', async () => {
    const { id } = await hold(await fund(), { qty: '3', avgCost: '2' });
    const added = await newest();
    expect(added.undo).toBe('remove');
    await undo(added.id);
    await anna.refused(404, 'GET /api/holdings/:id', { params: { id } });
    const deleted = await newest();
    expect([deleted.undo, deleted.items[0]?.action]).toEqual(['restore', 'deleted']);
    await undo(deleted.id);
    expect((await holding(id)).qty).toBe('3');
    expect((await newest()).undo).toBeNull();
    expect(await refuse((await newest()).id)).toBe('cannot_undo');
  });

  it('takes a whole portfolio away and brings it back', async () => {
    const { id } = await anna.expect(201, 'POST /api/portfolios/:id/draft', { params: { id: portfolioId } });
    await undo((await newest()).id);
    await anna.refused(404, 'GET /api/portfolios/:id', { params: { id } });
    await undo((await newest()).id);
    expect((await anna.expect(200, 'GET /api/portfolios/:id', { params: { id } })).type).toBe('draft');
  });

  it('is for the person’s own trail', async () => {
    const ben = await app.register();
    const { id } = await newest();
    await ben.refused(404, 'POST /api/me/activity/:id/undo', { params: { id } });
    const { items } = await ben.expect(200, 'GET /api/me/activity');
    expect(JSON.stringify(items)).not.toContain('World');
  });
});

it('leaves every holding as its trades say', async () => {
  expect((await verifyLedger({ worker: app.database.worker })).differences).toEqual([]);
});

describe('the past as it was recorded', () => {
  const at = async (moment: string) =>
    anna.expect(200, 'GET /api/portfolios/:id/history', {
      params: { id: portfolioId },
      query: { at: moment },
    });

  it('shows names, quantities and lists of then, and what was deleted since', async () => {
    const before = now();
    const held = await hold(fundId, { qty: '4', avgCost: '10', notes: 'then' });
    const then = now();
    await anna.expect(200, 'PATCH /api/portfolios/:id', {
      params: { id: portfolioId },
      body: { name: 'Renamed' },
    });
    await anna.expect(200, 'PATCH /api/holdings/:id', {
      params: { id: held.id },
      body: { qty: '9', notes: 'now' },
    });
    await anna.expect(200, 'DELETE /api/holdings/:id', { params: { id: held.id } });
    const past = await at(then);
    expect(past.name).toBe('Ours');
    expect(past.validTo).not.toBeNull();
    expect(past.holdings.find((one) => one.id === held.id)).toMatchObject({
      qty: '4',
      avgCost: '10',
      costBasis: '40',
      notes: 'then',
      tradeCount: 1,
      name: 'World 1',
    });
    expect((await at(before)).holdings.some((one) => one.id === held.id)).toBe(false);
    const present = await at('2100-01-01T00:00:00Z');
    expect([present.name, present.validTo]).toEqual(['Renamed', null]);
    expect(present.holdings.some((one) => one.id === held.id)).toBe(false);
  });

  it('begins with the portfolio', async () => {
    const early = { params: { id: portfolioId }, query: { at: '2001-01-01T00:00:00Z' } };
    expect(await anna.refused(422, 'GET /api/portfolios/:id/history', early)).toMatchObject({
      code: 'not_recorded',
      field: 'at',
    });
    const ben = await app.register();
    await ben.refused(404, 'GET /api/portfolios/:id/history', early);
  });
});
