/** Deleting takes whole events along, undoing brings back exactly that, purging changes nothing that is kept. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { verifyLedger } from '../../entry/commands/verify.ts';
import { purgeDeleted } from './deletions.ts';

let app: TestApp;
let alice: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  alice = await app.register();
});
afterAll(async () => app.close());

let made = 0;
const holding = async (portfolioId: string, type: 'ETF' | 'Cash', account = 'ISA') => {
  made += 1;
  const body = { type, ticker: `DEL${made}`, name: `${type} ${made}`, currency: 'GBP' };
  const { id: instrumentId } = await alice.expect(201, 'POST /api/instruments', { body });
  const one = await alice.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, section: 'Core', theme: 'Bonds', account },
  });
  return { id: one.id, instrumentId };
};
const portfolio = async () =>
  (await alice.expect(201, 'POST /api/portfolios', { body: { name: `Ours ${(made += 1)}` } })).id;

/** 1,000 pounds, of which a fund was bought for 400 and sold for 250. */
const household = async () => {
  const id = await portfolio();
  const [fund, cash] = [await holding(id, 'ETF'), await holding(id, 'Cash')];
  const record = async (place: string, body: Parameters<typeof recordAt>[1]) => recordAt(place, body);
  await record(cash.id, { type: 'deposit', date: '2024-01-02', amount: '1000' });
  await record(fund.id, { type: 'buy', date: '2024-01-03', qty: '10', price: '40', settle: {} });
  await record(fund.id, { type: 'sell', date: '2024-01-04', qty: '5', price: '50', settle: {} });
  return { id, fund: fund.id, cash: cash.id, instrumentId: fund.instrumentId };
};
const recordAt = async (
  id: string,
  body: Parameters<typeof alice.expect<201, 'POST /api/holdings/:id/trades'>>[2]['body'],
) => alice.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body });

const held = async (id: string) => {
  const one = await alice.expect(200, 'GET /api/holdings/:id', { params: { id } });
  return [one.qty, one.costBasis];
};
const newest = async () => {
  const { items } = await alice.expect(200, 'GET /api/deletions', { query: { limit: 1 } });
  const [first] = items;
  if (!first) throw new Error('nothing was deleted');
  return first;
};
const restore = async (id: string) =>
  alice.expect(200, 'POST /api/deletions/:id/restore', { params: { id } });
const noDifferences = async () => {
  const { differences } = await verifyLedger(app.database);
  if (differences.length > 0) throw new Error(JSON.stringify(differences));
};

describe('a trade', () => {
  it('comes back with its cash, once', async () => {
    const { id, fund, cash } = await household();
    const bought = await recordAt(fund, {
      type: 'buy',
      date: '2024-02-01',
      qty: '1',
      price: '100',
      settle: {},
    });
    expect(await held(cash)).toEqual(['750', '750']);
    const gone = await alice.expect(200, 'DELETE /api/trades/:id', { params: { id: bought.id } });
    expect(await held(cash)).toEqual(['850', '850']);
    const deletion = await newest();
    expect(deletion).toMatchObject({ id: gone.deletionId, kind: 'trade', portfolioId: id });
    expect(deletion.title).toContain('buy, 2024-02-01');
    expect(await restore(gone.deletionId)).toEqual({
      kind: 'trade',
      portfolioId: id,
      holdings: 0,
      trades: 2,
    });
    expect([await held(fund), await held(cash)]).toEqual([
      ['6', '300'],
      ['750', '750'],
    ]);
    await alice.refused(404, 'POST /api/deletions/:id/restore', { params: { id: gone.deletionId } });
    await noDifferences();
  });

  it('stays away, and says why, when what was recorded since does not fit', async () => {
    const { fund, cash } = await household();
    const bought = await recordAt(fund, {
      type: 'buy',
      date: '2024-02-01',
      qty: '1',
      price: '800',
      settle: {},
    });
    const gone = await alice.expect(200, 'DELETE /api/trades/:id', { params: { id: bought.id } });
    await recordAt(cash, { type: 'withdrawal', date: '2024-02-02', amount: '100' });
    const problem = await alice.refused(409, 'POST /api/deletions/:id/restore', {
      params: { id: gone.deletionId },
    });
    expect(problem.code).toBe('cannot_restore');
    expect(problem.detail).toContain('on 2024-02-02');
    expect(await held(cash)).toEqual(['750', '750']);
    expect((await newest()).id).toBe(gone.deletionId);
    await noDifferences();
  });

  it('of a holding that was deleted later waits for it', async () => {
    const { fund } = await household();
    const bought = await recordAt(fund, { type: 'buy', date: '2024-02-01', qty: '1', price: '1' });
    const gone = await alice.expect(200, 'DELETE /api/trades/:id', { params: { id: bought.id } });
    await alice.expect(200, 'DELETE /api/holdings/:id', { params: { id: fund } });
    const whole = await newest();
    expect(
      await alice.refused(409, 'POST /api/deletions/:id/restore', { params: { id: gone.deletionId } }),
    ).toMatchObject({ code: 'holding_deleted' });
    await restore(whole.id);
    await restore(gone.deletionId);
    expect(await held(fund)).toEqual(['6', '201']);
  });
});

describe('a holding', () => {
  it('takes its cash legs along and brings them back', async () => {
    const { fund, cash } = await household();
    await alice.expect(200, 'DELETE /api/holdings/:id', { params: { id: fund } });
    expect(await held(cash)).toEqual(['1000', '1000']);
    await alice.refused(404, 'GET /api/holdings/:id', { params: { id: fund } });
    expect(await restore((await newest()).id)).toMatchObject({ kind: 'holding', holdings: 1, trades: 4 });
    expect([await held(fund), await held(cash)]).toEqual([
      ['5', '200'],
      ['850', '850'],
    ]);
    await noDifferences();
  });

  it('is kept when what it brought was spent', async () => {
    const { fund, cash } = await household();
    await recordAt(fund, { type: 'sell', date: '2024-02-01', qty: '5', price: '100', settle: {} });
    await recordAt(cash, { type: 'withdrawal', date: '2024-02-02', amount: '1300' });
    const problem = await alice.refused(422, 'DELETE /api/holdings/:id', { params: { id: fund } });
    expect(problem.code).toBe('oversold');
    expect(problem.detail).toContain('the withdrawal of 1300 of Cash');
    expect(await held(fund)).toEqual(['0', '0']);
  });

  it('does not come back to a place that is taken, or to a list that lost its name', async () => {
    const { id, fund, instrumentId } = await household();
    await alice.expect(200, 'DELETE /api/holdings/:id', { params: { id: fund } });
    const deletion = await newest();
    const body = { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA' };
    const twin = await alice.expect(201, 'POST /api/portfolios/:id/holdings', { params: { id }, body });
    const refused = async () =>
      (await alice.refused(409, 'POST /api/deletions/:id/restore', { params: { id: deletion.id } })).code;
    expect(await refused()).toBe('holding_exists');
    await alice.expect(200, 'DELETE /api/holdings/:id', { params: { id: twin.id } });
    const before = await alice.expect(200, 'GET /api/portfolios/:id', { params: { id } });
    const cash = await alice.expect(200, 'GET /api/portfolios/:id/holdings', { params: { id } });
    await Promise.all(
      cash.items.map(async (one) =>
        alice.expect(200, 'PATCH /api/holdings/:id', {
          params: { id: one.id },
          body: { theme: 'Global Equity' },
        }),
      ),
    );
    const without = { ...before.lists, themes: before.lists.themes.filter((name) => name !== 'Bonds') };
    const { Bonds: _bonds, ...themeSections } = before.lists.themeSections;
    const { Bonds: _budget, ...themes } = before.budgets.themes;
    await alice.expect(200, 'PATCH /api/portfolios/:id', {
      params: { id },
      body: { lists: { ...without, themeSections }, budgets: { themes } },
    });
    expect(await refused()).toBe('unknown_name');
  });
});

describe('a portfolio', () => {
  it('takes the other ends of its transfers along and brings them back', async () => {
    const { id, fund } = await household();
    const other = await portfolio();
    const moved = await recordAt(fund, {
      type: 'transfer_out',
      date: '2024-02-01',
      qty: '2',
      to: { portfolioId: other },
    });
    const there = moved.legs[1]?.holdingId ?? '';
    expect(await held(there)).toEqual(['2', '80']);
    await alice.expect(200, 'DELETE /api/portfolios/:id', { params: { id } });
    expect(await held(there)).toEqual(['0', '0']);
    await noDifferences();
    const deletion = await newest();
    expect(deletion).toMatchObject({ kind: 'portfolio', portfolioId: id });
    expect(await restore(deletion.id)).toMatchObject({ kind: 'portfolio', holdings: 2, trades: 7 });
    expect([await held(fund), await held(there)]).toEqual([
      ['3', '120'],
      ['2', '80'],
    ]);
    await noDifferences();
  });

  it('must be restored before what was deleted in it', async () => {
    const { id, fund } = await household();
    await alice.expect(200, 'DELETE /api/holdings/:id', { params: { id: fund } });
    const first = await newest();
    await alice.expect(200, 'DELETE /api/portfolios/:id', { params: { id } });
    const whole = await newest();
    await alice.refused(404, 'POST /api/deletions/:id/restore', { params: { id: first.id } });
    await restore(whole.id);
    await restore(first.id);
    expect(await held(fund)).toEqual(['5', '200']);
  });

  it('is listed for its owner alone, page by page', async () => {
    const bob = await app.register();
    expect((await bob.expect(200, 'GET /api/deletions')).items).toEqual([]);
    const all = await alice.expect(200, 'GET /api/deletions');
    const first = await alice.expect(200, 'GET /api/deletions', { query: { limit: 2 } });
    const second = await alice.expect(200, 'GET /api/deletions', {
      query: { limit: 2, cursor: first.nextCursor ?? '' },
    });
    expect([...first.items, ...second.items]).toEqual(all.items.slice(0, 4));
  });
});

describe('after 30 days', () => {
  it('nothing can be undone, and purging changes nothing that is kept', async () => {
    const { fund, cash } = await household();
    const kept = await household();
    const bought = await recordAt(kept.fund, { type: 'buy', date: '2024-02-01', qty: '1', price: '1' });
    await alice.expect(200, 'DELETE /api/trades/:id', { params: { id: bought.id } });
    await alice.expect(200, 'DELETE /api/holdings/:id', { params: { id: fund } });
    const deletion = await newest();
    const before = [await held(cash), await held(kept.fund), await held(kept.cash)];
    const now = Temporal.Instant.from(deletion.deletedAt);
    expect((await purgeDeleted(app.database.worker, now.add({ hours: 29 * 24 }))).deletions).toBe(0);
    await sql`update pm.deletions set deleted_at = deleted_at - interval '31 days'`.execute(
      app.database.owner,
    );
    await alice.refused(404, 'POST /api/deletions/:id/restore', { params: { id: deletion.id } });
    expect((await alice.expect(200, 'GET /api/deletions')).items).toEqual([]);
    const purged = await purgeDeleted(app.database.worker, now);
    expect(purged.deletions).toBeGreaterThan(4);
    const left = await sql<{ count: number }>`
      select (select count(*) from pm.trades where deletion_id is not null)::int
        + (select count(*) from pm.holdings where deletion_id is not null)::int
        + (select count(*) from pm.portfolios where deletion_id is not null)::int as count`.execute(
      app.database.owner,
    );
    expect(left.rows[0]?.count).toBe(0);
    expect([await held(cash), await held(kept.fund), await held(kept.cash)]).toEqual(before);
    await noDifferences();
  });
});
