/** Portfolios with their settings, lists and budgets: made, changed, contradicted, deleted. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import type { BodyOf } from '../../platform/http/index.ts';

let app: TestApp;
let anna: TestPerson;
let id: string;

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
});
afterAll(async () => app.close());
beforeEach(async () => {
  ({ id } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } }));
});

type Body = BodyOf<'PATCH /api/portfolios/:id'>;
const patch = async (body: Body) => anna.expect(200, 'PATCH /api/portfolios/:id', { params: { id }, body });
const refuse = async (status: number, body: Body) =>
  anna.refused(status, 'PATCH /api/portfolios/:id', { params: { id }, body });
const read = async () => anna.expect(200, 'GET /api/portfolios/:id', { params: { id } });

let made = 0;
const hold = async (filed: { section?: string; theme?: string; account?: string } = {}) => {
  made += 1;
  const { id: instrumentId } = await anna.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: `Filed fund ${made}`, ticker: `PF${made}`, currency: 'GBP' },
  });
  return anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id },
    body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA', ...filed },
  });
};

describe('a new portfolio', () => {
  it('is in the currency of one’s preferences, unless it names one', async () => {
    const person = await app.register();
    const currencyOf = async (settings?: { currency?: string; lockTotal?: boolean }) => {
      const body = { name: 'Mine', ...(settings && { settings }) };
      return (await person.expect(201, 'POST /api/portfolios', { body })).baseCurrency;
    };
    expect(await currencyOf()).toBe('GBP');
    await person.expect(200, 'PATCH /api/me', { body: { preferences: { currency: 'EUR' } } });
    expect(await currencyOf()).toBe('EUR');
    expect(await currencyOf({ lockTotal: false })).toBe('EUR');
    expect(await currencyOf({ currency: 'USD' })).toBe('USD');
    await person.expect(200, 'PATCH /api/me', { body: { preferences: { currency: null } } });
    expect(await currencyOf()).toBe('GBP');
  });

  it('comes with default lists and budgets that agree, and its accounts', async () => {
    expect(await read()).toMatchObject({
      type: 'actual',
      baseCurrency: 'GBP',
      access: 'owner',
      settings: { currency: 'GBP', lockTotal: false },
      lists: { sections: ['Core', 'Satellite', 'Cash'], accounts: ['ISA', 'SIPP', 'GIA'] },
      budgets: { sections: { Core: { percent: 60 }, Satellite: { percent: 30 }, Cash: { percent: 10 } } },
    });
    const { rows } = await app.database.owner.transaction().execute(async (tx) =>
      sql<{
        name: string;
      }>`select name, wrapper from pm.accounts where portfolio_id = ${id} order by position`.execute(tx),
    );
    expect(rows).toEqual([
      { name: 'ISA', wrapper: 'ISA' },
      { name: 'SIPP', wrapper: 'SIPP' },
      { name: 'GIA', wrapper: 'GIA' },
    ]);
  });

  it('takes names that mean something to JavaScript as names', async () => {
    const odd = ['toString', 'hasOwnProperty', 'valueOf', '😀'.repeat(100), '\u202Eright to left'];
    const body = { name: 'Odd', lists: { sections: odd, themes: odd, accounts: odd } };
    const portfolio = await anna.expect(201, 'POST /api/portfolios', { body });
    expect(portfolio.lists).toMatchObject({ sections: odd, themes: odd, accounts: odd });
    expect(portfolio.lists.themeSections['toString']).toBe('toString');
    expect(portfolio.budgets.sections).toEqual({});
  });
});

describe('a change', () => {
  it('leaves what it does not name, and merges the settings', async () => {
    const before = await read();
    const after = await patch({ settings: { lockTotal: true, lockedTotal: '50000.50' } });
    expect(after).toEqual({
      ...before,
      settings: { ...before.settings, lockTotal: true, lockedTotal: '50000.50' },
      // Budgets are shares of the locked total from here on; lists.test.ts looks at them.
      budgets: after.budgets,
      version: before.version + 1,
      updatedAt: after.updatedAt,
    });
    expect((await patch({ settings: { lockedTotal: null } })).settings.lockedTotal).toBeNull();
  });

  it.each([
    [{ name: '   ' }, 'name'],
    [{ settings: { currency: 'GBX' } }, 'settings.currency'],
    [{ settings: { lockedTotal: '-1' } }, 'settings.lockedTotal'],
    [{ settings: { targetPortfolioValue: '1'.repeat(30) } }, 'settings.targetPortfolioValue'],
    [{ budgets: { sections: { Core: { percent: 101 } } } }, 'budgets.sections.Core.percent'],
    [{ budgets: { themes: { Bonds: { percentOfSection: 101 } } } }, 'budgets.themes.Bonds.percentOfSection'],
    [{ budgets: { themes: { Bonds: { percentOfSection: -1 } } } }, 'budgets.themes.Bonds.percentOfSection'],
    [{ budgets: { accounts: { ISA: { amount: '0.1234567890123456789' } } } }, 'budgets.accounts.ISA.amount'],
    [{ budgets: { sections: { Nowhere: { percent: 1 } } } }, 'budgets.sections.Nowhere'],
    [{ lists: { accounts: ['ISA', ' '] } }, 'lists.accounts.1'],
    [{ lists: { accounts: ['ISA', 'ISA '] } }, 'lists.accounts.1'],
  ] as [Body, string][])(
    'that cannot be is refused by its field and changes nothing: %j',
    async (body, field) => {
      const before = await read();
      const problem = await refuse(400, body);
      expect(problem.errors?.map((one) => one.field) ?? [problem.field]).toContain(field);
      expect(await read()).toEqual(before);
    },
  );

  it('cannot take away a name that holdings are filed under, and can once they have moved', async () => {
    const holding = await hold({ account: 'SIPP' });
    const accounts = ['ISA', 'GIA', 'Old SIPP'];
    expect(await refuse(422, { lists: { accounts } })).toMatchObject({
      code: 'name_in_use',
      field: 'lists.accounts',
    });
    await patch({ lists: { accounts: ['ISA', 'SIPP', 'GIA', 'Old SIPP'] } });
    await anna.expect(200, 'PATCH /api/holdings/:id', {
      params: { id: holding.id },
      body: { account: 'Old SIPP' },
    });
    expect((await patch({ lists: { accounts } })).lists.accounts).toEqual(accounts);
  });

  it('of a holding’s account into one that has the instrument already is a conflict', async () => {
    const holding = await hold({ account: 'SIPP' });
    const { id: other } = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id },
      body: { instrumentId: holding.instrumentId ?? '', section: 'Core', theme: 'Bonds', account: 'ISA' },
    });
    const moving = { params: { id: other }, body: { account: 'SIPP' } };
    expect(await anna.refused(409, 'PATCH /api/holdings/:id', moving)).toMatchObject({
      code: 'holding_exists',
    });
    await anna.expect(200, 'DELETE /api/holdings/:id', { params: { id: holding.id } });
    await anna.expect(200, 'PATCH /api/holdings/:id', moving);
  });

  it('of the lists and a new holding at once leave no holding under a name that is gone', async () => {
    for (let round = 0; round < 5; round += 1) {
      ({ id } = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } }));
      await Promise.allSettled([
        hold({ account: 'GIA' }),
        anna.call('PATCH /api/portfolios/:id', { params: { id }, body: { lists: { accounts: ['ISA'] } } }),
      ]);
      const { lists, holdingCount } = await read();
      expect([lists.accounts.includes('GIA'), holdingCount]).toEqual(
        holdingCount === 1 ? [true, 1] : [false, 0],
      );
    }
  });

  it('by two at once loses neither, and one that names its version is refused when it is late', async () => {
    const { version } = await read();
    await Promise.all([patch({ name: 'Theirs' }), patch({ settings: { lockTotal: true } })]);
    expect(await read()).toMatchObject({
      name: 'Theirs',
      settings: { lockTotal: true },
      version: version + 2,
    });
    const late = { params: { id }, body: { name: 'Late' }, ifMatch: version };
    expect((await anna.refused(412, 'PATCH /api/portfolios/:id', late)).code).toBe('version_mismatch');
  });

  it('of the currency needs no rates while there is no trade', async () => {
    await hold();
    expect((await patch({ settings: { currency: 'USD' } })).baseCurrency).toBe('USD');
  });
});
