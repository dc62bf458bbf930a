import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { dec, type Decimal, ZERO } from '@pm/domain/money';

import { draftLines, rebalance, settleWorksheet } from './index.ts';
import type { AllocatedHolding, Plan, RebalanceRequest } from './index.ts';

const held = (
  id: string,
  value: string,
  theme: string,
  account = 'ISA',
  targetPct: number | null = null,
): AllocatedHolding => ({
  id,
  section: theme === 'Gold' ? 'Edge' : 'Core',
  theme,
  account,
  value: dec(value),
  targetPct,
});
const planOf = (themes: Record<string, number>, more: Partial<Plan> = {}, accounts = {}): Plan => ({
  lists: {
    sections: ['Core', 'Edge'],
    themes: ['World', 'Bonds', 'Gold'],
    accounts: ['ISA', 'SIPP'],
    themeSections: { World: 'Core', Bonds: 'Core', Gold: 'Edge' },
  },
  budgets: {
    sections: {},
    themes: Object.fromEntries(Object.entries(themes).map(([name, percent]) => [name, { percent }])),
    accounts,
  },
  total: null,
  ...more,
});
const ask = (
  cash: string,
  mode: RebalanceRequest['mode'],
  account: string | null = null,
): RebalanceRequest => ({
  cash: dec(cash),
  mode,
  account,
});
const movesOf = (holdings: readonly AllocatedHolding[], plan: Plan, request: RebalanceRequest) =>
  Object.fromEntries(
    [...rebalance(holdings, plan, request).moves].map(([id, amount]) => [id, amount.toFixed(2)]),
  );

describe('buying and selling', () => {
  it('in one account comes back to target exactly', () => {
    const holdings = [held('world', '700', 'World'), held('bonds', '300', 'Bonds')];
    expect(movesOf(holdings, planOf({ World: 60, Bonds: 40 }), ask('0', 'buyAndSell'))).toEqual({
      world: '-100.00',
      bonds: '100.00',
    });
    // 1,500 in all: 900 and 600.
    expect(movesOf(holdings, planOf({ World: 60, Bonds: 40 }), ask('500', 'buyAndSell'))).toEqual({
      world: '200.00',
      bonds: '300.00',
    });
    // 800 in all: 480 and 320.
    expect(movesOf(holdings, planOf({ World: 60, Bonds: 40 }), ask('-200', 'buyAndSell'))).toEqual({
      world: '-220.00',
      bonds: '20.00',
    });
  });

  it('never takes money from one account to another, and finds the way that there is', () => {
    // 200 in all, 120 wanted in World. The ISA holds nothing else, so the SIPP must move 20 although both hold World.
    const holdings = [
      held('isa', '50', 'World'),
      held('sipp', '50', 'World', 'SIPP'),
      held('bonds', '100', 'Bonds', 'SIPP'),
    ];
    expect(movesOf(holdings, planOf({ World: 60, Bonds: 40 }), ask('0', 'buyAndSell'))).toEqual({
      sipp: '20.00',
      bonds: '-20.00',
    });
    // Nothing can be done where each account holds one theme, and nothing is sold for nothing.
    expect(
      movesOf(
        [held('a', '50', 'World'), held('b', '150', 'Bonds', 'SIPP')],
        planOf({ World: 60, Bonds: 40 }),
        ask('0', 'buyAndSell'),
      ),
    ).toEqual({});
  });

  it('spreads a theme over its holdings by value, unless one has a target of its own', () => {
    const holdings = [
      held('big', '300', 'World'),
      held('small', '100', 'World'),
      held('bonds', '600', 'Bonds'),
    ];
    expect(movesOf(holdings, planOf({ World: 60, Bonds: 40 }), ask('0', 'buyAndSell'))).toEqual({
      big: '150.00',
      small: '50.00',
      bonds: '-200.00',
    });
    const own = [
      held('big', '300', 'World', 'ISA', 20),
      held('small', '100', 'World'),
      held('bonds', '600', 'Bonds'),
    ];
    // 60 % World of which 20 % is the big one's: 200, so 400 are left for the small one.
    expect(movesOf(own, planOf({ World: 60, Bonds: 40 }), ask('0', 'buyAndSell'))).toEqual({
      big: '-100.00',
      small: '300.00',
      bonds: '-200.00',
    });
  });

  it('leaves alone what has no target, and says which targets nothing can fill', () => {
    const holdings = [held('world', '500', 'World'), held('house', '500', 'Other')];
    const plan = planOf({ World: 50, Gold: 10 });
    const outcome = rebalance(holdings, plan, ask('0', 'buyAndSell'));
    expect(outcome.untargeted).toEqual(['house']);
    expect(outcome.unplaced.map((one) => [one.kind, one.name, one.amount.toString()])).toEqual([
      ['theme', 'Gold', '100'],
    ]);
    expect(outcome.moves.size).toBe(0);
  });

  it('sells nothing because others use up the target of its theme', () => {
    const holdings = [
      held('own', '300', 'World', 'ISA', 40),
      held('rest', '300', 'World'),
      held('bonds', '400', 'Bonds'),
    ];
    const outcome = rebalance(holdings, planOf({ World: 40, Bonds: 30 }), ask('0', 'buyAndSell'));
    expect(outcome.untargeted).toEqual(['rest']);
    expect([...outcome.moves].map(([id, amount]) => [id, amount.toFixed(0)])).toEqual([
      ['own', '100'],
      ['bonds', '-100'],
    ]);
  });

  it('gives what a section has beyond its themes to its other holdings', () => {
    const plan = planOf({ World: 30 }, {}, {});
    const sections = {
      ...plan,
      budgets: { ...plan.budgets, sections: { Core: { percent: 50 }, Edge: { percent: 50 } } },
    };
    const holdings = [
      held('world', '400', 'World'),
      held('bonds', '200', 'Bonds'),
      held('gold', '400', 'Gold'),
    ];
    // Core 500: 300 for World, so 200 for the bonds; Edge 500 for the gold.
    expect(movesOf(holdings, sections, ask('0', 'buyAndSell'))).toEqual({ world: '-100.00', gold: '100.00' });
  });

  it('repays overdrawn cash first of all', () => {
    const holdings = [held('world', '1100', 'World'), held('cash', '-100', 'Gold')];
    expect(movesOf(holdings, planOf({ World: 90, Gold: 10 }), ask('0', 'buyAndSell'))).toEqual({
      world: '-200.00',
      cash: '200.00',
    });
  });
});

describe('buying only', () => {
  const holdings = [
    held('world', '500', 'World'),
    held('bonds', '300', 'Bonds'),
    held('gold', '200', 'Gold', 'SIPP'),
  ];
  const plan = planOf({ World: 50, Bonds: 30, Gold: 20 });

  it('sells nothing and shares scarce cash by what each lacks', () => {
    // 1,200 in all, but Bonds hold 300 of 360 and World 500 of 600 and Gold 200 of 240: all lack a sixth.
    expect(movesOf(holdings, plan, ask('200', 'buyOnly'))).toEqual({
      world: '100.00',
      bonds: '60.00',
      gold: '40.00',
    });
    // 1,100 at 20/30/50: World has 500 of 220, Bonds lack 30, Gold lacks 350, together 380 for 100.
    expect(movesOf(holdings, planOf({ World: 20, Bonds: 30, Gold: 50 }), ask('100', 'buyOnly'))).toEqual({
      bonds: '7.89',
      gold: '92.11',
    });
  });

  it('spends in the account that was named, as far as it has use for it', () => {
    // 1,100 at 20/30/50: Gold, which only the SIPP holds, lacks 350.
    expect(
      movesOf(holdings, planOf({ World: 20, Bonds: 30, Gold: 50 }), ask('100', 'buyOnly', 'SIPP')),
    ).toEqual({ gold: '100.00' });
    const outcome = rebalance(
      holdings,
      planOf({ World: 20, Bonds: 30, Gold: 50 }),
      ask('100', 'buyOnly', 'ISA'),
    );
    // Bonds lack 30; nothing else in the ISA lacks anything.
    expect(outcome.moves.get('bonds')?.toString()).toBe('30');
    expect(outcome.cashIn.get('ISA')?.toString()).toBe('30');
  });

  it('puts no more into an account than its own target has room for', () => {
    const capped = planOf({ World: 50, Bonds: 30, Gold: 20 }, {}, { SIPP: { amount: '210' } });
    expect(movesOf(holdings, capped, ask('200', 'buyOnly'))).toEqual({
      world: '100.00',
      bonds: '60.00',
      gold: '10.00',
    });
  });

  it('stops at the locked total', () => {
    const locked = { ...plan, total: { amount: dec('1100'), from: 'lockedTotal' as const } };
    const outcome = rebalance(holdings, locked, ask('200', 'buyOnly'));
    expect(outcome.heldBack.toString()).toBe('100');
    expect([...outcome.moves.values()].reduce((sum, one) => sum.plus(one), ZERO).toString()).toBe('100');
  });
});

describe('units', () => {
  const tradable = (id: string, account: string, unitPrice: string, places = 0, qty = '100') => ({
    id,
    account,
    qty: dec(qty),
    unitPrice: dec(unitPrice),
    places,
  });
  const moves = (all: Record<string, string>) =>
    new Map(Object.entries(all).map(([id, amount]) => [id, dec(amount)]));

  it('are whole where only whole ones are traded; sales pay for purchases; what is left is said', () => {
    const tradables = [tradable('a', 'ISA', '30'), tradable('b', 'ISA', '7'), tradable('c', 'ISA', '3', 10)];
    const plan = { moves: moves({ a: '-100', b: '80', c: '20' }), cashIn: new Map<string, Decimal>() };
    const lines = draftLines(tradables, plan);
    // 4 × 30 sold, 11 × 7 and 6.6666666666 × 3 bought; one more for 7 is paid for by the 120.
    expect(lines.map((line) => line.units.toString())).toEqual(['-4', '12', '6.6666666666']);
    const settled = settleWorksheet(lines, [], ZERO);
    expect(settled.accounts).toHaveLength(1);
    expect(settled.accounts[0]).toMatchObject({ account: 'ISA' });
    expect(settled.accounts[0]?.left.toString()).toBe('16.0000000002');
    expect(settled.cashLeft.isZero()).toBe(true);
  });

  it('never sell more than is held, nor trade what is less than a penny or has no price', () => {
    const tradables = [
      tradable('a', 'ISA', '30', 0, '2.5'),
      tradable('b', 'ISA', '1', 10),
      tradable('c', 'ISA', '0'),
    ];
    const lines = draftLines(tradables, {
      moves: moves({ a: '-75', b: '0.009', c: '10' }),
      cashIn: new Map(),
    });
    expect(lines.map((line) => line.units.toString())).toEqual(['-2.5', '0', '0']);
  });

  it('of one account never pay for those of another', () => {
    const lines = [
      { ...tradable('a', 'ISA', '10'), units: dec('-5') },
      { ...tradable('b', 'SIPP', '10'), units: dec('3') },
    ];
    const settled = settleWorksheet(
      lines,
      [held('a', '1000', 'World'), held('b', '1000', 'World', 'SIPP')],
      dec('20'),
    );
    expect(
      settled.accounts.map((one) => [one.account, one.newMoney.toString(), one.left.toString()]),
    ).toEqual([
      ['ISA', '0', '50'],
      ['SIPP', '30', '0'],
    ]);
    expect(settled.cashLeft.toString()).toBe('-10');
    expect([...settled.after].map(([id, value]) => [id, value.toString()])).toEqual([
      ['a', '950'],
      ['b', '1030'],
    ]);
  });
});

const pounds = fc.integer({ min: 0, max: 1_000_000 }).map((pence) => dec(BigInt(pence)).div(100));
const random = fc.record({
  holdings: fc.array(
    fc.record({
      value: pounds,
      theme: fc.constantFrom('World', 'Bonds', 'Gold', 'Other'),
      account: fc.constantFrom('ISA', 'SIPP', 'GIA'),
      targetPct: fc.option(fc.integer({ min: 0, max: 20 }), { freq: 4 }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  shares: fc.tuple(
    fc.integer({ min: 0, max: 33 }),
    fc.integer({ min: 0, max: 33 }),
    fc.integer({ min: 0, max: 33 }),
  ),
  cash: pounds,
  account: fc.option(fc.constantFrom('ISA', 'SIPP')),
  locked: fc.option(pounds, { freq: 3 }),
});
type Random = typeof random extends fc.Arbitrary<infer T> ? T : never;

const worldOf = ({ holdings, shares, locked }: Random): { holdings: AllocatedHolding[]; plan: Plan } => ({
  holdings: holdings.map((one, at) => ({ id: `h${at}`, section: 'Core', ...one })),
  plan: planOf(
    { World: shares[0], Bonds: shares[1], Gold: shares[2] },
    locked === null ? {} : { total: { amount: locked, from: 'lockedTotal' } },
  ),
});
const sum = (amounts: readonly Decimal[]): Decimal => amounts.reduce((total, one) => total.plus(one), ZERO);

describe('any portfolio', () => {
  it('keeps every account’s money in it, sells no more than there is, and uses no more than the cash', () => {
    fc.assert(
      fc.property(random, fc.constantFrom('buyOnly' as const, 'buyAndSell' as const), (case_, mode) => {
        const { holdings, plan } = worldOf(case_);
        const { moves, cashIn, heldBack } = rebalance(holdings, plan, {
          cash: case_.cash,
          mode,
          account: case_.account,
        });
        for (const account of ['ISA', 'SIPP', 'GIA']) {
          const here = holdings
            .filter((one) => one.account === account)
            .map((one) => moves.get(one.id) ?? ZERO);
          expect(sum(here).toFixed()).toBe((cashIn.get(account) ?? ZERO).toFixed());
        }
        expect(sum([...cashIn.values(), heldBack]).lessThanOrEqualTo(case_.cash)).toBe(true);
        for (const one of holdings) {
          const move = moves.get(one.id) ?? ZERO;
          expect((one.value ?? ZERO).plus(move).greaterThanOrEqualTo(0)).toBe(true);
          expect(mode === 'buyOnly' && move.lessThan(0)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('comes no further from its targets', () => {
    fc.assert(
      fc.property(random, (case_) => {
        const { holdings, plan } = worldOf({ ...case_, locked: null });
        const { moves, goals } = rebalance(holdings, plan, { cash: ZERO, mode: 'buyAndSell', account: null });
        const goalOf = (pick: (one: AllocatedHolding) => boolean, after: boolean): Decimal => {
          const members = holdings.filter((one) => pick(one) && goals.has(one.id));
          const value = sum(
            members.map((one) => (one.value ?? ZERO).plus(after ? (moves.get(one.id) ?? ZERO) : ZERO)),
          );
          return value.minus(sum(members.map((one) => goals.get(one.id) ?? ZERO))).abs();
        };
        const drift = (after: boolean): Decimal =>
          sum([
            ...['World', 'Bonds', 'Gold'].map((theme) =>
              goalOf((one) => one.theme === theme && one.targetPct === null, after),
            ),
            ...holdings
              .filter((one) => one.targetPct !== null)
              .map((own) => goalOf((one) => one.id === own.id, after)),
          ]);
        expect(drift(true).lessThanOrEqualTo(drift(false).plus('1e-12'))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('settles exactly: cash and sales are purchases and what is left', () => {
    fc.assert(
      fc.property(
        random,
        fc.constantFrom('buyOnly' as const, 'buyAndSell' as const),
        fc.boolean(),
        (case_, mode, whole) => {
          const { holdings, plan } = worldOf(case_);
          const outcome = rebalance(holdings, plan, { cash: case_.cash, mode, account: case_.account });
          const tradables = holdings.map((one, at) => {
            const unitPrice = dec(String(at * 3 + 1))
              .div(7)
              .toDecimalPlaces(6);
            return {
              id: one.id,
              account: one.account,
              unitPrice,
              qty: (one.value ?? ZERO).div(unitPrice).toDecimalPlaces(18),
              places: whole ? 0 : 10,
            };
          });
          const settled = settleWorksheet(draftLines(tradables, outcome), holdings, case_.cash);
          const left = sum(settled.accounts.map((one) => one.left));
          expect(case_.cash.plus(settled.sold).toFixed()).toBe(
            settled.bought.plus(left).plus(settled.cashLeft).toFixed(),
          );
          expect(settled.cashLeft.isNegative() && !settled.cashLeft.isZero()).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});
