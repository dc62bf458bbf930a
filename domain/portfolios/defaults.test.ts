import { describe, expect, it } from 'vitest';
import { DEFAULT_BUDGETS, DEFAULT_LISTS, listProblems } from './index.ts';

describe('the defaults of a portfolio', () => {
  it('agree with themselves', () => {
    expect(listProblems(DEFAULT_LISTS, DEFAULT_BUDGETS)).toEqual([]);
  });

  it('are Core 60, Satellite 30 and Cash 10 per cent, with accounts ISA, SIPP and GIA', () => {
    expect(DEFAULT_BUDGETS.sections).toEqual({
      Core: { percent: 60 },
      Satellite: { percent: 30 },
      Cash: { percent: 10 },
    });
    expect(DEFAULT_LISTS.accounts).toEqual(['ISA', 'SIPP', 'GIA']);
  });

  it('have themes whose shares of the whole are their shares of their sections', () => {
    const shares = Object.entries(DEFAULT_BUDGETS.themes).map(([theme, { percentOfSection, percent }]) => {
      const section = DEFAULT_LISTS.themeSections[theme as keyof typeof DEFAULT_LISTS.themeSections];
      return [theme, percent * 100 - percentOfSection * DEFAULT_BUDGETS.sections[section].percent];
    });
    expect(shares).toEqual([
      ['Global Equity', 0],
      ['Bonds', 0],
      ['Emerging Markets', 0],
      ['UK Equity', 0],
      ['Cash', 0],
    ]);
  });
});

describe('contradictions', () => {
  const lists = {
    sections: ['Core'],
    themes: ['Bonds', 'Gold'],
    accounts: ['ISA'],
    themeSections: { Bonds: 'Core', Gold: 'Core' },
  };
  const budgets = { sections: {}, themes: {}, accounts: {} };

  it('are named field by field', () => {
    expect(listProblems(lists, budgets)).toEqual([]);
    const bad = { ...lists, themeSections: { Bonds: 'Edge', Silver: 'Core' } };
    expect(listProblems(bad, { ...budgets, accounts: { SIPP: {} } })).toEqual([
      { field: 'lists.themeSections.Bonds', message: '“Edge” is not one of the sections' },
      { field: 'lists.themeSections.Silver', message: '“Silver” is not one of the themes' },
      { field: 'lists.themeSections', message: '“Gold” belongs to no section' },
      { field: 'budgets.accounts.SIPP', message: '“SIPP” is not one of the accounts' },
    ]);
  });
});
