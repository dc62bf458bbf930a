import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { dec, ZERO } from '@pm/domain/money';

import { allocate } from './index.ts';
import type { AllocatedHolding, AllocationRow, Plan } from './index.ts';

const plan: Plan = {
  lists: {
    sections: ['Core', 'Satellite', 'Cash'],
    themes: ['World', 'Tech', 'Cash'],
    accounts: ['ISA', 'SIPP'],
    themeSections: { World: 'Core', Tech: 'Satellite', Cash: 'Cash' },
  },
  budgets: {
    sections: { Core: { percent: 60 }, Satellite: { percent: 30 } },
    themes: { World: { percentOfSection: 100, percent: 60 } },
    accounts: { ISA: { amount: '500' } },
  },
  total: null,
};
const held = (id: string, value: string | null, rest: Partial<AllocatedHolding> = {}): AllocatedHolding => ({
  id,
  section: 'Core',
  theme: 'World',
  account: 'ISA',
  targetPct: null,
  value: value === null ? null : dec(value),
  ...rest,
});
const written = (rows: readonly AllocationRow[]) =>
  rows.map((row) =>
    [row.name, row.value, row.actualPct, row.targetPct, row.target, row.driftPct, row.drift].map(
      (one) => one?.toString() ?? null,
    ),
  );

const household = [
  held('a', '450'),
  held('b', '350', { section: 'Satellite', theme: 'Tech', account: 'SIPP', targetPct: 25 }),
  held('c', '200', { section: 'Cash', theme: 'Cash' }),
  held('d', null, { section: 'Edge' }),
];

describe('allocation', () => {
  it('says actual, target and drift in shares and amounts, by hand', () => {
    const allocation = allocate(household, plan);
    expect(allocation).toMatchObject({ baseFrom: 'value' });
    expect(allocation.value.toString()).toBe('1000');
    expect(written(allocation.sections)).toEqual([
      ['Core', '450', '45', '60', '600', '-15', '-150'],
      ['Satellite', '350', '35', '30', '300', '5', '50'],
      ['Cash', '200', '20', null, null, null, null],
      ['Edge', '0', '0', null, null, null, null],
    ]);
    expect(written(allocation.themes)[0]).toEqual(['World', '450', '45', '60', '600', '-15', '-150']);
    expect(written(allocation.accounts)).toEqual([
      ['ISA', '650', '65', '50', '500', '15', '150'],
      ['SIPP', '350', '35', null, null, null, null],
    ]);
    expect(written(allocation.holdings)[1]).toEqual(['b', '350', '35', '25', '250', '10', '100']);
    expect(allocation.sections.at(-1)).toMatchObject({ holdingCount: 1, missingCount: 1 });
  });

  it('holds amounts against the locked total and shares against what is there', () => {
    const total = { amount: dec('2000'), from: 'lockedTotal' as const };
    const allocation = allocate(household, { ...plan, total });
    expect(allocation.baseFrom).toBe('lockedTotal');
    // 60 % of 2,000; of the 1,000 that are there 45 % are in it.
    expect(written(allocation.sections)[0]).toEqual(['Core', '450', '45', '60', '1200', '-15', '-750']);
    expect(written(allocation.accounts)[0]).toEqual(['ISA', '650', '65', '25', '500', '40', '150']);
  });

  it('of nothing has no shares', () => {
    const { value, sections } = allocate([held('a', null)], plan);
    expect(value.isZero()).toBe(true);
    expect(written(sections)[0]).toEqual(['Core', '0', null, '60', '0', null, '0']);
  });

  it('adds up exactly, whichever way it is divided', () => {
    const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 24n }).map((units) => dec(units).div('1e18'));
    const name = fc.constantFrom('Core', 'World', 'ISA', '__proto__');
    const holding = fc.record({
      id: fc.uuid(),
      section: name,
      theme: name,
      account: name,
      value: fc.option(amount),
      targetPct: fc.constant(null),
    });
    fc.assert(
      fc.property(fc.array(holding, { maxLength: 30 }), (holdings) => {
        const allocation = allocate(holdings, plan);
        for (const rows of [
          allocation.sections,
          allocation.themes,
          allocation.accounts,
          allocation.holdings,
        ]) {
          expect(rows.reduce((sum, row) => sum.plus(row.value), ZERO).equals(allocation.value)).toBe(true);
        }
      }),
    );
  });
});
