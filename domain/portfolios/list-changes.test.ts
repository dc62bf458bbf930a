import { describe, expect, it } from 'vitest';

import { changeLists, settleBudgets } from './index.ts';
import type { Budgets, ListChange, Lists } from './index.ts';

const lists: Lists = {
  sections: ['Core', 'Satellite'],
  themes: ['World', 'Bonds', 'Tech'],
  accounts: ['ISA', 'SIPP'],
  themeSections: { World: 'Core', Bonds: 'Core', Tech: 'Satellite' },
};
const budgets: Budgets = {
  sections: { Core: { percent: 60 }, Satellite: { percent: 40 } },
  themes: {
    World: { percentOfSection: 70, percent: 42 },
    Bonds: { percentOfSection: 30, percent: 18 },
    Tech: { percentOfSection: 100, percent: 40 },
  },
  accounts: { ISA: { amount: '20000' } },
};

const DOCUMENTS = { lists, budgets };
const change = (one: ListChange, from = DOCUMENTS) => {
  const outcome = changeLists(from, one);
  if ('problem' in outcome) return { problem: `${outcome.problem.field}: ${outcome.problem.message}` };
  return {
    lists: outcome.lists,
    budgets: settleBudgets(outcome.budgets, { lists: outcome.lists, total: null }),
  };
};

describe('lists', () => {
  it('are renamed with everything that goes by the name, in their place', () => {
    expect(change({ type: 'rename', list: 'sections', name: 'Core', to: 'Base' })).toMatchObject({
      lists: {
        sections: ['Base', 'Satellite'],
        themeSections: { World: 'Base', Bonds: 'Base', Tech: 'Satellite' },
      },
      budgets: { sections: { Base: { percent: 60 }, Satellite: { percent: 40 } }, themes: budgets.themes },
    });
    expect(change({ type: 'rename', list: 'themes', name: 'World', to: 'Global' })).toMatchObject({
      lists: { themes: ['Global', 'Bonds', 'Tech'], themeSections: { Global: 'Core' } },
      budgets: { themes: { Global: { percentOfSection: 70, percent: 42 } } },
    });
    expect(change({ type: 'rename', list: 'accounts', name: 'ISA', to: '__proto__' })).toMatchObject({
      lists: { accounts: ['__proto__', 'SIPP'] },
    });
  });

  it('refuse a name that is there, one that is not, and a theme without a section', () => {
    const said = (one: ListChange) => change(one).problem;
    expect(said({ type: 'rename', list: 'themes', name: 'World', to: 'Bonds' })).toBe(
      'to: there is “Bonds” already; merge the two instead',
    );
    expect(said({ type: 'rename', list: 'themes', name: 'Gold', to: 'Silver' })).toBe(
      'name: there is no theme “Gold”',
    );
    expect(said({ type: 'add', list: 'themes', name: 'Gold', section: 'Edge' })).toBe(
      'section: “Edge” is not one of the sections',
    );
    expect(said({ type: 'add', list: 'accounts', name: 'ISA' })).toBe('name: there is “ISA” already');
    expect(said({ type: 'merge', list: 'accounts', name: 'ISA', to: 'ISA' })).toBe(
      'to: “ISA” cannot be merged with itself',
    );
    expect(said({ type: 'merge', list: 'accounts', name: 'ISA', to: 'GIA' })).toBe(
      'to: “GIA” is not one of the accounts',
    );
    expect(said({ type: 'order', list: 'accounts', names: ['ISA'] })).toBe(
      'names: must be the accounts that there are, each once: ISA, SIPP',
    );
    expect(said({ type: 'remove', list: 'sections', name: 'Core' })).toBe(
      'moveTo: “Core” has themes, “World” among them; name the section that they move to',
    );
    expect(said({ type: 'section', name: 'Tech', to: 'Edge' })).toBe('to: “Edge” is not one of the sections');
  });

  it('are put in order and grow; a theme goes to the first section unless it is said', () => {
    expect(change({ type: 'order', list: 'accounts', names: ['SIPP', 'ISA'] }).lists?.accounts).toEqual([
      'SIPP',
      'ISA',
    ]);
    expect(change({ type: 'add', list: 'themes', name: 'Gold' }).lists).toMatchObject({
      themes: ['World', 'Bonds', 'Tech', 'Gold'],
      themeSections: { Gold: 'Core' },
    });
  });

  it('lose a name with its target', () => {
    expect(change({ type: 'remove', list: 'themes', name: 'Bonds' })).toMatchObject({
      lists: { themes: ['World', 'Tech'], themeSections: { World: 'Core', Tech: 'Satellite' } },
      budgets: { themes: { World: { percent: 42 }, Tech: { percent: 40 } } },
    });
  });
});

describe('a section that goes', () => {
  it('leaves its themes to another, as far as there is room for their targets', () => {
    const roomy = {
      ...budgets,
      themes: { World: { percent: 20 }, Bonds: { percent: 30 }, Tech: { percent: 15 } },
    };
    expect(
      change(
        { type: 'remove', list: 'sections', name: 'Core', moveTo: 'Satellite' },
        { lists, budgets: roomy },
      ),
    ).toEqual({
      lists: {
        ...lists,
        sections: ['Satellite'],
        themeSections: { World: 'Satellite', Bonds: 'Satellite', Tech: 'Satellite' },
      },
      // Of 40 %: 15 of Tech and 20 of World fit, 30 of the bonds do not.
      budgets: {
        sections: { Satellite: { percent: 40 } },
        themes: {
          World: { percentOfSection: 50, percent: 20 },
          Tech: { percentOfSection: 37.5, percent: 15 },
        },
        accounts: budgets.accounts,
      },
    });
    expect(change({ type: 'remove', list: 'sections', name: 'Core', moveTo: 'Core' }).problem).toBe(
      'moveTo: “Core” is the one that goes; name another',
    );
  });
});

describe('merging', () => {
  it('adds targets up; themes of two sections keep their share of the whole', () => {
    const merged = change({ type: 'merge', list: 'sections', name: 'Satellite', to: 'Core' });
    expect(merged).toEqual({
      lists: { ...lists, sections: ['Core'], themeSections: { World: 'Core', Bonds: 'Core', Tech: 'Core' } },
      budgets: {
        ...budgets,
        sections: { Core: { percent: 100 } },
        themes: {
          World: { percentOfSection: 42, percent: 42 },
          Bonds: { percentOfSection: 18, percent: 18 },
          Tech: { percentOfSection: 40, percent: 40 },
        },
      },
    });
    expect(change({ type: 'merge', list: 'themes', name: 'Bonds', to: 'World' }).budgets?.themes).toEqual({
      World: { percentOfSection: 100, percent: 60 },
      Tech: { percentOfSection: 100, percent: 40 },
    });
  });

  it('of themes of different sections keeps the target of the one that stays', () => {
    expect(change({ type: 'merge', list: 'themes', name: 'Tech', to: 'Bonds' }).budgets?.themes).toEqual({
      World: { percentOfSection: 70, percent: 42 },
      Bonds: { percentOfSection: 30, percent: 18 },
    });
  });
});

describe('a theme that moves to another section', () => {
  it('keeps its share of the whole where there is room for it, and loses it where there is none', () => {
    const room = {
      lists,
      budgets: { ...budgets, themes: { ...budgets.themes, Tech: { percentOfSection: 25 } } },
    };
    const settled = { lists, budgets: settleBudgets(room.budgets, { lists, total: null }) };
    // 18 % of the whole is 45 % of a section of 40 %.
    expect(change({ type: 'section', name: 'Bonds', to: 'Satellite' }, settled)).toMatchObject({
      lists: { themeSections: { Bonds: 'Satellite' } },
      budgets: { themes: { Bonds: { percentOfSection: 45, percent: 18 } } },
    });
    expect(
      change({ type: 'section', name: 'Bonds', to: 'Satellite' }).budgets?.themes['Bonds'],
    ).toBeUndefined();
  });
});
