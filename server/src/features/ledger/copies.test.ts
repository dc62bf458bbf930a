/** Drafts and what becomes of them: copies with one opening trade each, exact to the last digit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { verifyLedger } from '../../entry/commands/verify.ts';

let app: TestApp;
let anna: TestPerson;
let portfolioId: string;

let made = 0;
const instrument = async (
  person: TestPerson,
  facts: { type: 'ETF' | 'Cash'; name: string; currency?: string },
): Promise<string> => {
  made += 1;
  const { currency = 'GBP', ...rest } = facts;
  const body = { ...rest, currency, ticker: `COPY${made}`, scope: 'private' as const };
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};

const hold = async (person: TestPerson, id: string, instrumentId: string, more: object = {}) =>
  person.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id },
    body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA', ...more },
  });

const holdingsOf = async (person: TestPerson, id: string) =>
  (await person.expect(200, 'GET /api/portfolios/:id/holdings', { params: { id } })).items;

/** What a copy must have in common with what it was copied from. */
const essence = async (person: TestPerson, id: string) =>
  (await holdingsOf(person, id)).map(
    ({ instrumentId, section, account, qty, costBasis, targetPct, notes }) => ({
      instrumentId,
      section,
      account,
      qty,
      costBasis,
      targetPct,
      notes,
    }),
  );

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  ({ id: portfolioId } = await anna.expect(201, 'POST /api/portfolios', {
    body: {
      name: 'Ours',
      lists: { accounts: ['Anna’s ISA', 'ISA', 'SIPP'] },
      budgets: { sections: { Core: { percent: 70 }, Satellite: { percent: 20 }, Cash: { percent: 10 } } },
    },
  }));
  const fund = await instrument(anna, { type: 'ETF', name: 'World' });
  const odd = await instrument(anna, { type: 'ETF', name: 'Thirds' });
  const empty = await instrument(anna, { type: 'ETF', name: 'Wanted' });
  const cash = await instrument(anna, { type: 'Cash', name: 'Sterling' });
  const first = await hold(anna, portfolioId, fund, { targetPct: 60, notes: 'the core' });
  const trade = async (id: string, body: object) =>
    anna.expect(201, 'POST /api/holdings/:id/trades', { params: { id }, body: body as never });
  await trade(first.id, { type: 'buy', date: '2024-01-10', price: '10', qty: '5', fees: '1' });
  await trade(first.id, { type: 'sell', date: '2024-02-10', price: '20', qty: '2' });
  const thirds = await hold(anna, portfolioId, odd, { account: 'SIPP' });
  // 3 units for 100: the average cost cannot be written down.
  await trade(thirds.id, { type: 'buy', date: '2024-01-10', price: '33', qty: '3', fees: '1' });
  await hold(anna, portfolioId, empty, { targetPct: 5 });
  const money = await hold(anna, portfolioId, cash, { section: 'Cash', theme: 'Cash' });
  await trade(money.id, { type: 'deposit', date: '2024-01-05', amount: '10' });
  await trade(first.id, {
    type: 'buy',
    date: '2024-03-01',
    price: '12.5',
    qty: '2',
    settle: { holdingId: money.id, overdraw: true },
  });
});
afterAll(async () => app.close());

const noDifferences = async () =>
  expect((await verifyLedger({ worker: app.database.worker })).differences).toEqual([]);

describe('a draft of an actual portfolio', () => {
  it('has its lists, budgets and holdings, and one opening trade for each', async () => {
    const before = await anna.expect(200, 'GET /api/portfolios/:id', { params: { id: portfolioId } });
    const draft = await anna.expect(201, 'POST /api/portfolios/:id/draft', { params: { id: portfolioId } });
    expect(draft).toMatchObject({
      name: 'Ours (draft)',
      type: 'draft',
      parentId: portfolioId,
      lists: before.lists,
      budgets: before.budgets,
      holdingCount: 4,
    });
    expect(await essence(anna, draft.id)).toEqual(await essence(anna, portfolioId));
    const copied = await holdingsOf(anna, draft.id);
    // 5 bought for 51, 2 sold, 2 bought for 25: 30.6 + 25. Then 3 for 100, nothing yet, and 10 − 25 of cash.
    expect(copied.map(({ qty, costBasis }) => [qty, costBasis])).toEqual([
      ['5', '55.6'],
      ['3', '100'],
      ['0', '0'],
      ['-15', '-15'],
    ]);
    const trades = await Promise.all(
      copied.map(async ({ id }) =>
        (await anna.expect(200, 'GET /api/holdings/:id/trades', { params: { id } })).items.map(
          (trade) => trade.type,
        ),
      ),
    );
    expect(trades).toEqual([['opening'], ['opening'], [], ['withdrawal']]);
    await noDifferences();
  });

  it('can be edited freely and leaves its origin alone', async () => {
    const before = await essence(anna, portfolioId);
    const draft = await anna.expect(201, 'POST /api/portfolios/:id/draft', {
      params: { id: portfolioId },
      body: { name: 'What if' },
    });
    const [first, second] = await holdingsOf(anna, draft.id);
    await anna.expect(200, 'PATCH /api/holdings/:id', {
      params: { id: first?.id ?? '' },
      body: { qty: '50', section: 'Satellite' },
    });
    await anna.expect(200, 'DELETE /api/holdings/:id', { params: { id: second?.id ?? '' } });
    expect((await holdingsOf(anna, draft.id)).map(({ qty }) => qty)).toEqual(['50', '0', '-15']);
    expect(await essence(anna, portfolioId)).toEqual(before);
    await noDifferences();
  });

  it('becomes real as a new portfolio whose parent it is', async () => {
    const draft = await anna.expect(201, 'POST /api/portfolios/:id/draft', { params: { id: portfolioId } });
    const real = await anna.expect(201, 'POST /api/portfolios/:id/promote', {
      params: { id: draft.id },
      body: { name: 'Ours anew' },
    });
    expect(real).toMatchObject({ name: 'Ours anew', type: 'actual', parentId: draft.id });
    expect(await essence(anna, real.id)).toEqual(await essence(anna, portfolioId));
    const { rows } = await sql<{ name: string; wrapper: string }>`
      select name, wrapper from pm.accounts where portfolio_id = ${real.id} order by position`.execute(
      app.database.owner,
    );
    expect(rows).toEqual([
      { name: 'Anna’s ISA', wrapper: 'ISA' },
      { name: 'ISA', wrapper: 'ISA' },
      { name: 'SIPP', wrapper: 'SIPP' },
    ]);
    expect((await anna.expect(200, 'GET /api/portfolios/:id', { params: { id: draft.id } })).type).toBe(
      'draft',
    );
    await noDifferences();
  });

  it('is the only thing that can be promoted', async () => {
    const problem = await anna.refused(422, 'POST /api/portfolios/:id/promote', {
      params: { id: portfolioId },
    });
    expect(problem).toMatchObject({ code: 'not_a_draft' });
    const blank = { params: { id: portfolioId }, body: { name: ' ' } };
    expect(await anna.refused(400, 'POST /api/portfolios/:id/draft', blank)).toMatchObject({ field: 'name' });
  });

  it('made by a guest is the guest’s own: what is private to the owner comes by name', async () => {
    const ben = await app.register();
    await sql`insert into pm.portfolio_access (user_id, portfolio_id, owner_id, role)
      values (${ben.id}, ${portfolioId}, ${anna.id}, 'view')`.execute(app.database.owner);
    const draft = await ben.expect(201, 'POST /api/portfolios/:id/draft', { params: { id: portfolioId } });
    expect(draft).toMatchObject({ access: 'owner', parentId: null, type: 'draft' });
    const copied = await holdingsOf(ben, draft.id);
    expect(copied.map(({ instrumentId, qty }) => [instrumentId, qty])).toEqual([
      [null, '5'],
      [null, '3'],
      [null, '0'],
      [null, '-15'],
    ]);
    await noDifferences();
  });
});

describe('a model', () => {
  it('is followed by several portfolios of its owner, until it is deleted', async () => {
    const model = await anna.expect(201, 'POST /api/portfolios', {
      body: { name: 'Sixty-forty', type: 'model' },
    });
    const other = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Second' } });
    for (const id of [portfolioId, other.id]) {
      const changed = await anna.expect(200, 'PATCH /api/portfolios/:id', {
        params: { id },
        body: { modelId: model.id },
      });
      expect(changed.modelId).toBe(model.id);
    }
    const refuse = async (id: string, modelId: string) =>
      (await anna.refused(422, 'PATCH /api/portfolios/:id', { params: { id }, body: { modelId } })).code;
    expect(await refuse(other.id, portfolioId)).toBe('not_a_model');
    expect(await refuse(model.id, model.id)).toBe('not_a_model');
    await anna.expect(200, 'DELETE /api/portfolios/:id', { params: { id: model.id } });
    const left = await anna.expect(200, 'GET /api/portfolios/:id', { params: { id: other.id } });
    expect(left.modelId).toBeNull();
  });
});
