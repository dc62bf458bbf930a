/** Allocation and rebalancing through the API: by hand, with what is missing and left out said. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import type { QueryOf } from '../../platform/http/index.ts';

let app: TestApp;
let anna: TestPerson;
let id: string;
const ids: Record<string, string> = {};

/** A holding worth quantity × price; without a price it has no value. */
const hold = async (
  ticker: string,
  filed: { section: string; theme: string; account: string; targetPct?: number; include?: boolean },
  worth: { type?: 'ETF' | 'Fund'; qty: string; price?: string },
): Promise<void> => {
  const { id: instrumentId } = await anna.expect(201, 'POST /api/instruments', {
    body: { type: worth.type ?? 'ETF', name: `Fund ${ticker}`, ticker, currency: 'GBP' },
  });
  if (worth.price !== undefined) {
    await anna.expect(201, 'POST /api/instruments/:id/prices', {
      params: { id: instrumentId },
      body: { dateTime: Temporal.Now.instant().subtract({ hours: 1 }).toString(), close: worth.price },
    });
  }
  const holding = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id },
    body: { instrumentId, ...filed, qty: worth.qty },
  });
  ids[ticker] = holding.id;
};

/** £1,000 that count: 600 in World, 300 in Bonds and 100 in Tech; £500 that do not, and one without a price. */
beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  const body = {
    name: 'Ours',
    lists: {
      sections: ['Core', 'Satellite'],
      themes: ['World', 'Bonds', 'Tech'],
      accounts: ['ISA', 'SIPP'],
      themeSections: { World: 'Core', Bonds: 'Core', Tech: 'Satellite' },
    },
    budgets: {
      sections: { Core: { percent: 80 }, Satellite: { percent: 20 } },
      themes: {
        World: { percentOfSection: 50 },
        Bonds: { percentOfSection: 50 },
        Tech: { percentOfSection: 100 },
      },
      accounts: { SIPP: { amount: '400' } },
    },
  };
  ({ id } = await anna.expect(201, 'POST /api/portfolios', { body }));
  await hold('WRLD', { section: 'Core', theme: 'World', account: 'ISA' }, { qty: '60', price: '10' });
  await hold('BOND', { section: 'Core', theme: 'Bonds', account: 'SIPP' }, { qty: '30', price: '10' });
  await hold(
    'TECH',
    { section: 'Satellite', theme: 'Tech', account: 'ISA' },
    { type: 'Fund', qty: '25', price: '4' },
  );
  await hold(
    'AWAY',
    { section: 'Core', theme: 'World', account: 'ISA', include: false },
    { qty: '50', price: '10' },
  );
  await hold('DARK', { section: 'Core', theme: 'World', account: 'SIPP' }, { qty: '7' });
});
afterAll(async () => app.close());

const ask = async (query: QueryOf<'GET /api/portfolios/:id/allocation'> = {}) =>
  anna.expect(200, 'GET /api/portfolios/:id/allocation', { params: { id }, query });
const tickerOf = (holdingId: string): string =>
  Object.entries(ids).find(([, one]) => one === holdingId)?.[0] ?? '';

describe('allocation', () => {
  it('says actual, target and drift, what has no price and what does not count', async () => {
    const answer = await ask();
    expect(answer).toMatchObject({
      value: '1000',
      base: '1000',
      baseFrom: 'value',
      complete: false,
      rebalance: null,
    });
    expect(answer.sections).toEqual([
      {
        name: 'Core',
        value: '900',
        actualPct: 90,
        targetPct: 80,
        target: '800',
        driftPct: 10,
        drift: '100',
        holdingCount: 3,
        missingCount: 1,
      },
      {
        name: 'Satellite',
        value: '100',
        actualPct: 10,
        targetPct: 20,
        target: '200',
        driftPct: -10,
        drift: '-100',
        holdingCount: 1,
        missingCount: 0,
      },
    ]);
    expect(answer.themes[0]).toMatchObject({
      name: 'World',
      section: 'Core',
      targetOfSectionPct: 50,
      targetPct: 40,
      drift: '200',
    });
    // 400 is 40 % of what it is worth now; the SIPP has 300.
    expect(answer.accounts[1]).toMatchObject({ name: 'SIPP', targetPct: 40, drift: '-100' });
    expect(answer.missing).toMatchObject([{ holdingId: ids['DARK'], what: 'price' }]);
    expect(answer.excluded).toEqual([{ holdingId: ids['AWAY'], name: 'Fund AWAY' }]);
    expect(
      answer.holdings.map((one) => [tickerOf(one.holdingId), one.value, one.unitPrice, one.places]),
    ).toEqual([
      ['WRLD', '600', '10', 0],
      ['BOND', '300', '10', 0],
      ['TECH', '100', '4', 4],
      ['DARK', '0', null, 0],
    ]);
  });

  it('counts a holding again in summary, allocation and exposure once it is included', async () => {
    const seen = async () => {
      const [summary, allocation, exposure] = await Promise.all([
        anna.expect(200, 'GET /api/portfolios/:id/summary', { params: { id } }),
        ask(),
        anna.expect(200, 'GET /api/portfolios/:id/exposure', { params: { id } }),
      ]);
      const isOut = (list: readonly { holdingId: string }[]) =>
        list.some((one) => one.holdingId === ids['AWAY']);
      return [
        summary.value,
        allocation.value,
        isOut(summary.excluded),
        isOut(allocation.excluded),
        exposure.byCompany.some((one) => one.name === 'Fund AWAY'),
        exposure.funds.some((one) => one.name === 'Fund AWAY'),
      ];
    };
    const before = await seen();
    expect(before.slice(0, 4)).toEqual(['1000', '1000', true, true]);
    await anna.expect(200, 'PATCH /api/holdings/:id', {
      params: { id: ids['AWAY'] ?? '' },
      body: { include: true },
    });
    const after = await seen();
    expect(after.slice(0, 4)).toEqual(['1500', '1500', false, false]);
    expect(before.slice(4)).not.toEqual(after.slice(4));
    await anna.expect(200, 'PATCH /api/holdings/:id', {
      params: { id: ids['AWAY'] ?? '' },
      body: { include: false },
    });
  });
});

describe('rebalancing', () => {
  const linesOf = ({ rebalance }: Awaited<ReturnType<typeof ask>>) =>
    Object.fromEntries((rebalance?.lines ?? []).map((one) => [tickerOf(one.holdingId), one.units]));

  it('shares new money by what each target lacks, as far as the account has room', async () => {
    // 1,200: World has 600 of 480; Bonds lack 180 and Tech lacks 140, 320 in all for 200: 112.50 and 87.50.
    // The SIPP has room for 100, so 12.50 more go to Tech. Bonds come in whole units of 10, Tech in any.
    const answer = await ask({ cash: '200' });
    expect(linesOf(answer)).toEqual({ BOND: '10', TECH: '25' });
    expect(answer.rebalance).toMatchObject({
      mode: 'buyOnly',
      bought: '200',
      sold: '0',
      cashLeft: '0',
      heldBack: '0',
    });
    expect(answer.rebalance?.accounts).toEqual([
      { account: 'SIPP', bought: '100', sold: '0', newMoney: '100', left: '0' },
      { account: 'ISA', bought: '100', sold: '0', newMoney: '100', left: '0' },
    ]);
  });

  it('moves money within an account only, in whole units where asked, and says what is left', async () => {
    // World 400, Bonds 400 and Tech 200 wanted; the ISA can only put 100 of World into Tech.
    expect(linesOf(await ask({ mode: 'buyAndSell' }))).toEqual({ WRLD: '-10', TECH: '25' });
    const odd = await ask({ mode: 'buyOnly', cash: '33', account: 'SIPP', units: 'whole' });
    expect(linesOf(odd)).toEqual({ BOND: '3' });
    expect(odd.rebalance).toMatchObject({ account: 'SIPP', bought: '30', cashLeft: '3' });
  });

  it('takes money out by selling', async () => {
    const { rebalance } = await ask({ mode: 'buyAndSell', cash: '-100', account: 'ISA' });
    expect(rebalance?.accounts.map((one) => [one.account, one.left])).toEqual([['ISA', '100']]);
  });

  it('stops at the locked total', async () => {
    const { settings } = await anna.expect(200, 'GET /api/portfolios/:id', { params: { id } });
    await anna.expect(200, 'PATCH /api/portfolios/:id', {
      params: { id },
      body: { settings: { lockTotal: true, lockedTotal: '1050' } },
    });
    // Bonds lack 120 and Tech 110 for the 50 that fit: 26.09 and 23.91, which is 2 × 10 and 5 × 4.
    const answer = await ask({ cash: '200', units: 'whole' });
    expect(linesOf(answer)).toEqual({ BOND: '2', TECH: '5' });
    expect(answer).toMatchObject({
      base: '1050',
      baseFrom: 'lockedTotal',
      rebalance: { size: '1050', heldBack: '150', bought: '40', cashLeft: '160' },
    });
    await anna.expect(200, 'PATCH /api/portfolios/:id', {
      params: { id },
      body: { settings: { lockTotal: settings.lockTotal, lockedTotal: settings.lockedTotal } },
    });
  });

  it.each([
    [{ cash: '-1' }, 422, 'cash'],
    [{ cash: '1'.repeat(40) }, 422, 'cash'],
    [{ cash: '0.1234567890123456789' }, 422, 'cash'],
    [{ mode: 'buyOnly' as const, account: 'GIA' }, 422, 'account'],
    [{ asOf: '2999-01-01' }, 422, 'asOf'],
  ])('refuses %j in words', async (query, status, field) => {
    const said = await anna.refused(status, 'GET /api/portfolios/:id/allocation', { params: { id }, query });
    expect(said.field).toBe(field);
  });

  it('of a portfolio without targets moves nothing and names what has none', async () => {
    const empty = await anna.expect(201, 'POST /api/portfolios', {
      body: { name: 'None', budgets: { sections: {}, themes: {}, accounts: {} } },
    });
    const { rebalance, value } = await anna.expect(200, 'GET /api/portfolios/:id/allocation', {
      params: { id: empty.id },
      query: { cash: '100' },
    });
    expect({ value, rebalance }).toMatchObject({ value: '0', rebalance: { lines: [], cashLeft: '100' } });
  });
});

describe('a portfolio that follows a model', () => {
  const instrumentOf = async (ticker: string): Promise<string> =>
    (await anna.expect(200, 'GET /api/holdings/:id', { params: { id: ids[ticker] ?? '' } })).instrumentId ??
    '';

  /** A model of the instruments given, in a section Core with themes World and Bonds. */
  const model = async (
    name: string,
    held: readonly { id: string; theme: string; targetPct?: number; qty?: string }[],
  ) => {
    const made = await anna.expect(201, 'POST /api/portfolios', {
      body: {
        name,
        type: 'model',
        lists: {
          sections: ['Core'],
          themes: ['World', 'Bonds'],
          accounts: ['ISA'],
          themeSections: { World: 'Core', Bonds: 'Core' },
        },
        budgets: { sections: { Core: { percent: 75 } }, themes: {}, accounts: {} },
      },
    });
    for (const { id: instrumentId, ...rest } of held) {
      await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
        params: { id: made.id },
        body: { instrumentId, section: 'Core', account: 'ISA', ...rest },
      });
    }
    return made.id;
  };
  const follow = async (modelId: string | null) =>
    anna.expect(200, 'PATCH /api/portfolios/:id', { params: { id }, body: { modelId } });

  it('aims for what the model aims for, in allocation and rebalancing, until it no longer follows', async () => {
    const other = await anna.expect(201, 'POST /api/instruments', {
      body: { type: 'ETF', name: 'Fund OTHER', ticker: 'OTHER', currency: 'GBP' },
    });
    const aims = await model('Seventy thirty', [
      { id: await instrumentOf('WRLD'), theme: 'World', targetPct: 70 },
      { id: other.id, theme: 'Bonds', targetPct: 30 },
    ]);
    await follow(aims);
    const answer = await ask({ cash: '1000' });
    expect(answer.model).toEqual({
      portfolioId: aims,
      name: 'Seventy thirty',
      weightsFrom: 'targets',
      notHeld: [
        { instrumentId: other.id, name: 'Fund OTHER', section: 'Core', theme: 'Bonds', targetPct: 30 },
      ],
    });
    expect(answer.holdings.map((one) => [tickerOf(one.holdingId), one.targetPct])).toEqual([
      ['WRLD', 70],
      ['BOND', 0],
      ['TECH', 0],
      ['DARK', 0],
    ]);
    expect(answer.sections.map((one) => [one.name, one.targetPct])).toEqual([
      ['Core', 100],
      ['Satellite', 0],
    ]);
    // Accounts keep their own targets: 400 of the 1,050 at which the total was locked.
    expect(answer.accounts.find((one) => one.name === 'SIPP')?.targetPct).toBe(38.0952380952);
    // 70 % of 2,000 are 1,400: 800 more. 30 % are for what is not held, 200 are left.
    expect(answer.rebalance?.lines.map((one) => [tickerOf(one.holdingId), one.units])).toEqual([
      ['WRLD', '80'],
    ]);
    expect(answer.rebalance).toMatchObject({
      cashLeft: '200',
      unplaced: [{ kind: 'theme', name: 'Bonds', amount: '600' }],
    });
    await follow(null);
    const own = await ask();
    expect([own.model, own.sections[0]?.targetPct]).toEqual([null, 80]);
  });

  it('takes the model’s values where it has no target percentages, and its lists where it holds nothing', async () => {
    const byValue = await model('By value', [
      { id: await instrumentOf('WRLD'), theme: 'World', qty: '30' },
      { id: await instrumentOf('BOND'), theme: 'Bonds', qty: '10' },
    ]);
    await follow(byValue);
    const valued = await ask();
    expect(valued.model).toMatchObject({ weightsFrom: 'value', notHeld: [] });
    expect(valued.themes.map((one) => [one.name, one.targetPct, one.targetOfSectionPct])).toEqual([
      ['World', 75, 75],
      ['Bonds', 25, 25],
      ['Tech', 0, null],
    ]);
    await follow(await model('Only lists', []));
    const listed = await ask();
    expect(listed.model?.weightsFrom).toBe('budgets');
    expect(listed.sections.map((one) => [one.name, one.targetPct])).toEqual([
      ['Core', 75],
      ['Satellite', null],
    ]);
  });

  it('tells a guest that there is a model, and shows its own targets', async () => {
    const ben = await app.register();
    await anna.expect(201, 'POST /api/portfolios/:id/invitations', {
      params: { id },
      body: { email: ben.email, role: 'view' },
    });
    const { items } = await ben.expect(200, 'GET /api/invitations');
    await ben.expect(200, 'POST /api/invitations/:id/accept', { params: { id: items[0]?.id ?? '' } });
    const seen = await ben.expect(200, 'GET /api/portfolios/:id', { params: { id } });
    expect([seen.modelId, seen.modelHidden]).toEqual([null, true]);
    const shown = await ben.expect(200, 'GET /api/portfolios/:id/allocation', { params: { id } });
    expect([shown.model, shown.sections[0]?.targetPct]).toEqual([null, 80]);
    await follow(null);
    const after = await ben.expect(200, 'GET /api/portfolios/:id', { params: { id } });
    expect(after.modelHidden).toBe(false);
  });
});
