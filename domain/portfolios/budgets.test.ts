import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { dec } from '@pm/domain/money';

import { budgetProblems, DEFAULT_BUDGETS, DEFAULT_LISTS, settleBudgets, targetTotalOf } from './index.ts';
import type { Budgets, Lists, TargetTotal } from './index.ts';

const lists: Lists = {
  sections: ['Core', 'Satellite'],
  themes: ['World', 'Bonds', 'Tech'],
  accounts: ['ISA', 'SIPP'],
  themeSections: { World: 'Core', Bonds: 'Core', Tech: 'Satellite' },
};
const of = (amount: string): TargetTotal => ({ amount: dec(amount), from: 'targetPortfolioValue' });
const empty: Budgets = { sections: {}, themes: {}, accounts: {} };
const settle = (given: Partial<Budgets>, total: TargetTotal | null, before?: Budgets): Budgets =>
  settleBudgets({ ...empty, ...given }, { lists, total, ...(before && { before }) });

describe('the total that budgets are of', () => {
  const settings = { lockTotal: false, lockedTotal: '50000', targetPortfolioValue: '100000' };
  it('is the locked one while it is locked, else the value aimed for, else none', () => {
    expect(targetTotalOf(settings)?.amount.toFixed()).toBe('100000');
    expect(targetTotalOf({ ...settings, lockTotal: true })).toMatchObject({ from: 'lockedTotal' });
    expect(targetTotalOf({ ...settings, lockTotal: true, lockedTotal: null })?.from).toBe(
      'targetPortfolioValue',
    );
    expect(
      targetTotalOf({ ...settings, lockTotal: true, lockedTotal: '0', targetPortfolioValue: null }),
    ).toBeNull();
  });
});

describe('budgets', () => {
  it('come to the figures of the specification', () => {
    // 60 % of 100,000; 70 % of that is 42 % and 42,000; 20,000 is 20 %.
    expect(
      settle(
        {
          sections: { Core: { percent: 60 } },
          themes: { World: { percentOfSection: 70 } },
          accounts: { ISA: { amount: '20000' } },
        },
        of('100000'),
      ),
    ).toEqual({
      sections: { Core: { percent: 60, amount: '60000' } },
      themes: { World: { percentOfSection: 70, percent: 42, amount: '42000' } },
      accounts: { ISA: { percent: 20, amount: '20000' } },
    });
  });

  it('follow an amount, and a theme its percentage or amount', () => {
    const sections = { Core: { amount: '25000' }, Satellite: { percent: 50 } };
    const themes = { World: { percent: 10 }, Bonds: { amount: '5000' } };
    expect(settle({ sections, themes }, of('50000'))).toEqual({
      sections: { Core: { percent: 50, amount: '25000' }, Satellite: { percent: 50, amount: '25000' } },
      themes: {
        World: { percentOfSection: 20, percent: 10, amount: '5000' },
        Bonds: { percentOfSection: 20, percent: 10, amount: '5000' },
      },
      accounts: {},
    });
  });

  it('without a total are shares; an amount stands only by itself', () => {
    const given = {
      sections: { Core: { percent: 60, amount: '1' }, Satellite: {} },
      accounts: { ISA: { amount: '20000' } },
    };
    expect(settle(given, null)).toEqual({
      ...empty,
      sections: { Core: { percent: 60 } },
      accounts: { ISA: { amount: '20000' } },
    });
  });

  it('move with what was changed, not with what was only sent along', () => {
    const before = settle(
      { sections: { Core: { percent: 60 } }, themes: { World: { percentOfSection: 70 } } },
      of('100000'),
    );
    const typed = {
      sections: { Core: { percent: 60, amount: '30000' } },
      themes: { World: { percentOfSection: 70, percent: 15, amount: '42000' } },
    };
    // 30,000 is 30 %; of that 15 % is half.
    expect(settle(typed, of('100000'), before)).toMatchObject({
      sections: { Core: { percent: 30, amount: '30000' } },
      themes: { World: { percentOfSection: 50, percent: 15, amount: '15000' } },
    });
    // Another total moves the amounts, whatever amounts are sent along unchanged.
    expect(settle(before, of('200000'), before)).toMatchObject({
      sections: { Core: { percent: 60, amount: '120000' } },
      themes: { World: { percent: 42, amount: '84000' } },
    });
  });

  it('take their themes along when a section changes', () => {
    const before = settle(
      { sections: { Core: { percent: 60 } }, themes: { World: { percentOfSection: 70 } } },
      of('1000'),
    );
    expect(settle({ ...before, sections: { Core: { percent: 50 } } }, of('1000'), before).themes).toEqual({
      World: { percentOfSection: 70, percent: 35, amount: '350' },
    });
  });

  it('that promise more than there is are named', () => {
    const said = (budgets: Partial<Budgets>): string[] =>
      budgetProblems(settle(budgets, null), lists).map((one) => `${one.field}: ${one.message}`);
    expect(said({ sections: { Core: { percent: 60 }, Satellite: { percent: 40 } } })).toEqual([]);
    expect(said({ sections: { Core: { percent: 60 }, Satellite: { percent: 40.1 } } })).toEqual([
      'budgets.sections: the targets of the sections add up to 100.1 %, which is more than 100 %',
    ]);
    expect(
      said({
        themes: {
          World: { percentOfSection: 70 },
          Bonds: { percentOfSection: 31 },
          Tech: { percentOfSection: 90 },
        },
      }),
    ).toEqual([
      'budgets.themes: the targets of the themes of “Core” add up to 101 % of it, which is more than 100 %',
    ]);
    expect(said({ accounts: { ISA: { percent: 33.34 }, SIPP: { percent: 66.67 } } })).toEqual([]);
  });

  it('of a new portfolio agree as they are', () => {
    expect(settleBudgets(DEFAULT_BUDGETS, { lists: DEFAULT_LISTS, total: null })).toEqual(DEFAULT_BUDGETS);
    expect(budgetProblems(DEFAULT_BUDGETS, DEFAULT_LISTS)).toEqual([]);
  });
});

/** No more than a third of anything, so that nothing is promised twice. */
const percent = fc.integer({ min: 0, max: 3_333 }).map((hundredths) => hundredths / 100);
const pounds = (min: number, max: number) =>
  fc.integer({ min, max }).map((pence) => dec(BigInt(pence)).div(100).toFixed());
const amount = pounds(1, 333_333);
const wholeTotal = pounds(1_000_000, 100_000_000);
const budget = fc.oneof(fc.record({ percent }), fc.record({ amount }));
const theme = fc.oneof(fc.record({ percentOfSection: percent }), budget);
const some = fc.record({
  sections: fc.record({ Core: budget, Satellite: budget }, { requiredKeys: [] }),
  themes: fc.record({ World: theme, Bonds: theme, Tech: theme }, { requiredKeys: [] }),
  accounts: fc.record({ ISA: budget, SIPP: budget }, { requiredKeys: [] }),
});

/** Agreement, by another way than it is brought about: on plain numbers. */
const near = (one: number, other: number): boolean =>
  Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(one));

describe('any budgets', () => {
  it('agree once settled: amount = percentage of the total, theme = share of its section', () => {
    fc.assert(
      fc.property(some, wholeTotal, (given, total) => {
        const whole = Number(total);
        const settled = settle(given, of(total));
        const all = [
          ...Object.values(settled.sections),
          ...Object.values(settled.accounts),
          ...Object.values(settled.themes),
        ];
        for (const one of all) {
          if (one.percent === undefined) continue;
          expect(near(Number(one.amount), (whole * one.percent) / 100)).toBe(true);
        }
        for (const [name, one] of Object.entries(settled.themes)) {
          const section = settled.sections[lists.themeSections[name] ?? '']?.percent;
          if (section === undefined || section === 0 || one.percentOfSection === undefined) continue;
          expect(near(one.percent ?? Number.NaN, (section * one.percentOfSection) / 100)).toBe(true);
        }
      }),
    );
  });

  it('settle once: settled again they stay as they are', () => {
    fc.assert(
      fc.property(some, fc.option(wholeTotal), (given, total) => {
        const whole = total === null ? null : of(total);
        const once = settle(given, whole);
        expect(settle(once, whole)).toEqual(once);
        expect(settle(once, whole, once)).toEqual(once);
      }),
    );
  });
});
