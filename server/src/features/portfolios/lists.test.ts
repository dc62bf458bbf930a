/** Lists changed one by one, and budgets that agree, through the API. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import type { BodyOf } from '../../platform/http/index.ts';

let app: TestApp;
let anna: TestPerson;
let id: string;
let fund: string;

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  const body = { type: 'ETF' as const, name: 'Listed fund', ticker: 'LF1', currency: 'GBP' };
  ({ id: fund } = await anna.expect(201, 'POST /api/instruments', { body }));
});
afterAll(async () => app.close());
beforeEach(async () => {
  ({ id } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } }));
});

type Change = BodyOf<'POST /api/portfolios/:id/lists'>;
const change = async (body: Change) =>
  anna.expect(200, 'POST /api/portfolios/:id/lists', { params: { id }, body });
const refuse = async (status: number, body: Change) =>
  anna.refused(status, 'POST /api/portfolios/:id/lists', { params: { id }, body });
const read = async () => anna.expect(200, 'GET /api/portfolios/:id', { params: { id } });
const hold = async (account = 'ISA', theme = 'Bonds', section = 'Core') =>
  anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id },
    body: { instrumentId: fund, section, theme, account, qty: '1' },
  });
const filed = async (holding: { id: string }) => {
  const { section, theme, account } = await anna.expect(200, 'GET /api/holdings/:id', {
    params: { id: holding.id },
  });
  return [section, theme, account];
};
const accounts = async () => {
  const { rows } = await app.database.owner.transaction().execute(async (tx) =>
    sql<{ name: string; wrapper: string }>`select name, wrapper from pm.accounts where portfolio_id = ${id}
        order by position`.execute(tx),
  );
  return rows.map((row) => `${row.name} ${row.wrapper}`);
};

describe('a name', () => {
  it('is changed with its holdings, its target and what is known of the account', async () => {
    const holding = await hold();
    expect(await change({ type: 'rename', list: 'accounts', name: 'ISA', to: 'Old one' })).toMatchObject({
      holdingsMoved: 1,
      portfolio: { lists: { accounts: ['Old one', 'SIPP', 'GIA'] } },
    });
    await change({ type: 'rename', list: 'themes', name: 'Bonds', to: 'Gilts' });
    const { portfolio } = await change({ type: 'rename', list: 'sections', name: 'Core', to: 'Base' });
    expect(portfolio.budgets.sections).toMatchObject({ Base: { percent: 60 } });
    expect(portfolio.budgets.themes).toMatchObject({ Gilts: { percentOfSection: 30, percent: 18 } });
    expect(await filed(holding)).toEqual(['Base', 'Gilts', 'Old one']);
    expect(await accounts()).toEqual(['Old one ISA', 'SIPP SIPP', 'GIA GIA']);
  });

  it('that is given up is restored under its new name', async () => {
    const holding = await hold();
    await anna.expect(200, 'DELETE /api/holdings/:id', { params: { id: holding.id } });
    expect((await change({ type: 'rename', list: 'themes', name: 'Bonds', to: 'Gilts' })).holdingsMoved).toBe(
      0,
    );
    const { items } = await anna.expect(200, 'GET /api/deletions');
    await anna.expect(200, 'POST /api/deletions/:id/restore', { params: { id: items[0]?.id ?? '' } });
    expect(await filed(holding)).toEqual(['Core', 'Gilts', 'ISA']);
  });

  it('in use goes only when somebody says where its holdings go', async () => {
    const holding = await hold();
    const said = await refuse(422, { type: 'remove', list: 'accounts', name: 'ISA' });
    expect(said).toMatchObject({
      code: 'name_in_use',
      field: 'moveTo',
      detail: 'A holding is filed under “ISA”; name another account that they move to.',
    });
    const moved = await change({ type: 'remove', list: 'accounts', name: 'ISA', moveTo: 'GIA' });
    expect(moved).toMatchObject({ holdingsMoved: 1, portfolio: { lists: { accounts: ['SIPP', 'GIA'] } } });
    expect(await filed(holding)).toEqual(['Core', 'Bonds', 'GIA']);
    await change({ type: 'remove', list: 'sections', name: 'Core', moveTo: 'Satellite' });
    expect(await filed(holding)).toEqual(['Satellite', 'Bonds', 'GIA']);
    expect((await read()).lists.themeSections).toMatchObject({ Bonds: 'Satellite' });
    expect(await accounts()).toEqual(['SIPP SIPP', 'GIA GIA']);
  });

  it('takes another in, unless both hold the same', async () => {
    const holding = await hold('GIA');
    const other = await hold('SIPP');
    expect(await refuse(422, { type: 'merge', list: 'accounts', name: 'GIA', to: 'SIPP' })).toMatchObject({
      code: 'held_in_both',
      detail: '“GIA” and “SIPP” both hold Listed fund; transfer it from one to the other first.',
    });
    await change({ type: 'merge', list: 'accounts', name: 'GIA', to: 'ISA' });
    expect([await filed(holding), await filed(other)]).toEqual([
      ['Core', 'Bonds', 'ISA'],
      ['Core', 'Bonds', 'SIPP'],
    ]);
  });

  it('of a theme moves to another section with the holdings that are in its section', async () => {
    const inside = await hold();
    const elsewhere = await hold('SIPP', 'Bonds', 'Cash');
    expect((await change({ type: 'section', name: 'Bonds', to: 'Satellite' })).holdingsMoved).toBe(1);
    expect([await filed(inside), await filed(elsewhere)]).toEqual([
      ['Satellite', 'Bonds', 'ISA'],
      ['Cash', 'Bonds', 'SIPP'],
    ]);
  });

  it('is refused in words and under an old version', async () => {
    const before = await read();
    expect(await refuse(422, { type: 'add', list: 'themes', name: 'Bonds' })).toMatchObject({
      code: 'list_refused',
      field: 'name',
    });
    expect((await refuse(400, { type: 'add', list: 'themes', name: ' Gold' })).errors?.[0]?.field).toBe(
      'lists.themes.5',
    );
    const late = {
      params: { id },
      body: { type: 'add' as const, list: 'themes' as const, name: 'Gold' },
      ifMatch: before.version + 1,
    };
    await anna.refused(412, 'POST /api/portfolios/:id/lists', late);
    expect(await read()).toEqual(before);
  });
});

describe('budgets', () => {
  const patch = async (body: BodyOf<'PATCH /api/portfolios/:id'>) =>
    (await anna.expect(200, 'PATCH /api/portfolios/:id', { params: { id }, body })).budgets;

  it('are amounts and shares of the value aimed for, or of the locked total', async () => {
    expect(await patch({ settings: { targetPortfolioValue: '100000' } })).toMatchObject({
      sections: { Core: { percent: 60, amount: '60000' }, Satellite: { percent: 30, amount: '30000' } },
      themes: { 'Global Equity': { percentOfSection: 70, percent: 42, amount: '42000' } },
    });
    expect(await patch({ settings: { lockTotal: true, lockedTotal: '50000' } })).toMatchObject({
      themes: { 'Global Equity': { percent: 42, amount: '21000' } },
    });
    expect(await patch({ budgets: { accounts: { ISA: { amount: '20000' } } } })).toMatchObject({
      accounts: { ISA: { percent: 40, amount: '20000' } },
    });
    // 30 of 60 is half of what Core was: 70 % of it is 21 %.
    const sections = { Core: { percent: 30 }, Satellite: { percent: 30 }, Cash: { percent: 10 } };
    expect(await patch({ budgets: { sections } })).toMatchObject({
      themes: { 'Global Equity': { percentOfSection: 70, percent: 21, amount: '10500' } },
    });
  });

  it('that promise more than there is are refused by field', async () => {
    const sections = { Core: { percent: 60 }, Satellite: { percent: 41 } };
    const body = { budgets: { sections } };
    const said = await anna.refused(400, 'PATCH /api/portfolios/:id', { params: { id }, body });
    expect(said.errors).toEqual([
      {
        field: 'budgets.sections',
        message: 'the targets of the sections add up to 101 %, which is more than 100 %',
      },
    ]);
  });

  it('leave with the names that leave their list', async () => {
    const lists = { themes: ['Bonds'], themeSections: { Bonds: 'Core' } };
    expect((await patch({ lists })).themes).toEqual({ Bonds: { percentOfSection: 30, percent: 18 } });
  });
});
