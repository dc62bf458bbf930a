import { dec } from '@pm/domain/money';
import { describe, expect, it } from 'vitest';

import { followBudgets, followModel } from './index.ts';

const lists = {
  sections: ['Core', 'Satellite'],
  themes: ['World', 'Bonds', 'Tech'],
  accounts: ['ISA', 'SIPP'],
  themeSections: { World: 'Core', Bonds: 'Core', Tech: 'Satellite' },
};
const own = {
  lists,
  budgets: { sections: { Core: { percent: 10 } }, themes: {}, accounts: { ISA: { percent: 60 } } },
};
const holding = (key: string, account: string, value: string | null, filed = ['Core', 'World']) => ({
  id: `${key} ${account}`,
  key,
  section: filed[0] ?? '',
  theme: filed[1] ?? '',
  account,
  value: value === null ? null : dec(value),
  targetPct: 99,
});
const weight = (key: string, pct: string, filed = ['Core', 'World']) => ({
  key,
  section: filed[0] ?? '',
  theme: filed[1] ?? '',
  pct: dec(pct),
});

describe('a portfolio that follows a model', () => {
  it('shares a weight by value, lets go what the model has not, and says what it lacks', () => {
    const holdings = [
      holding('world', 'ISA', '600'),
      holding('world', 'SIPP', '200'),
      holding('gold', 'ISA', '200', ['Satellite', 'Tech']),
    ];
    const weights = [
      weight('world', '60'),
      weight('bonds', '30', ['Core', 'Bonds']),
      weight('tea', '10', ['Tea', 'Leaf']),
    ];
    const followed = followModel(holdings, weights, own);
    expect(followed.holdings.map((one) => [one.id, one.targetPct])).toEqual([
      ['world ISA', 45],
      ['world SIPP', 15],
      ['gold ISA', 0],
    ]);
    expect(followed.notHeld.map((one) => one.key)).toEqual(['bonds', 'tea']);
    expect(followed.budgets).toEqual({
      sections: { Core: { percent: 90 }, Satellite: { percent: 0 } },
      themes: {
        World: { percent: 60, percentOfSection: 66.6666666667 },
        Bonds: { percent: 30, percentOfSection: 33.3333333333 },
        Tech: { percent: 0 },
      },
      accounts: { ISA: { percent: 60 } },
    });
  });

  it('shares equally what is worth nothing or has no price, and to the last digit', () => {
    const holdings = [holding('a', 'ISA', null), holding('a', 'SIPP', '0'), holding('a', 'GIA', null)];
    const followed = followModel(holdings, [weight('a', '100')], own);
    expect(followed.holdings.map((one) => one.targetPct)).toEqual([
      33.3333333333, 33.3333333333, 33.3333333334,
    ]);
  });

  it('takes the model’s lists where it holds nothing, under the names that are its own', () => {
    const model = {
      sections: { Core: { percent: 70 }, Elsewhere: { percent: 20 } },
      themes: { World: { percent: 40, amount: '400' }, Bonds: { amount: '10' } },
      accounts: { ISA: { percent: 1 } },
    };
    const { holdings, budgets } = followBudgets([holding('a', 'ISA', '1')], model, own);
    expect(holdings[0]?.targetPct).toBeNull();
    expect(budgets).toEqual({
      sections: { Core: { percent: 70 } },
      themes: { World: { percent: 40 } },
      accounts: { ISA: { percent: 60 } },
    });
  });
});
