/**
 * What each holding, theme and section is to be worth, as places that money can go to.
 *
 * Contents: Candidate · Goal · goalsOf
 */
import { Decimal, HUNDRED, roundAmount, ZERO } from '@pm/domain/money';
import { entryOf, percentOfNumber } from '@pm/domain/portfolios';

import { sumOf, targetIn } from './allocation.ts';
import type { AllocatedHolding, Plan } from './allocation.ts';

/** A holding with a value. */
export type Candidate = AllocatedHolding & { readonly value: Decimal };

/** A target and the holdings that may fill it. */
export type Goal = {
  readonly kind: 'holding' | 'theme' | 'section';
  /** Name of the theme or section; id of the holding. */
  readonly name: string;
  readonly amount: Decimal;
  readonly members: readonly Candidate[];
};

export type Goals = {
  readonly goals: readonly Goal[];
  /** Holdings without any target: they stay as they are. */
  readonly untargeted: readonly Candidate[];
  /** Targets that nothing held can fill, with their amounts. */
  readonly unplaced: readonly {
    readonly kind: 'theme' | 'section';
    readonly name: string;
    readonly amount: Decimal;
  }[];
};

const atLeastZero = (amount: Decimal): Decimal => Decimal.max(amount, ZERO);

/**
 * Goals of a whole of `size`. A holding's own target comes first; the rest of a theme's target is for its other holdings,
 * the rest of a section's for those whose themes have none. What is sold out is no place to buy, unless it has a target of
 * its own. Where holdings use up their theme's target, or themes their section's, the others have none: nobody said that
 * they should go.
 */
export const goalsOf = (holdings: readonly Candidate[], plan: Plan, size: Decimal): Goals => {
  const { lists, budgets } = plan;
  const places = holdings.filter((one) => !one.value.isZero() || (one.targetPct ?? 0) > 0);
  const own = places.filter((one) => one.targetPct !== null);
  const ownGoal = (one: Candidate): Decimal =>
    roundAmount(size.times(percentOfNumber(one.targetPct ?? 0)).div(HUNDRED));
  const goals: Goal[] = own.map((one) => ({
    kind: 'holding',
    name: one.id,
    amount: ownGoal(one),
    members: [one],
  }));
  const unplaced: Goals['unplaced'][number][] = [];
  const settle = (
    kind: 'theme' | 'section',
    name: string,
    amount: Decimal,
    members: readonly Candidate[],
  ): void => {
    if (members.length > 0) goals.push({ kind, name, amount, members });
    else if (amount.greaterThan(0)) unplaced.push({ kind, name, amount });
  };
  const themeTargets = new Map<string, Decimal>();
  for (const theme of lists.themes) {
    const target = targetIn(entryOf(budgets.themes, theme), size);
    if (target === null) continue;
    const mine = own.filter((one) => one.theme === theme);
    const rest = atLeastZero(target.amount.minus(sumOf(mine.map(ownGoal))));
    themeTargets.set(theme, Decimal.max(target.amount, sumOf(mine.map(ownGoal))));
    if (rest.isZero() && mine.length > 0) continue;
    settle(
      'theme',
      theme,
      rest,
      places.filter((one) => one.targetPct === null && one.theme === theme),
    );
  }
  for (const section of lists.sections) {
    const target = targetIn(entryOf(budgets.sections, section), size);
    if (target === null) continue;
    const themes = [...themeTargets].filter(([theme]) => entryOf(lists.themeSections, theme) === section);
    const loose = own.filter((one) => one.section === section && !themeTargets.has(one.theme));
    const used = sumOf([...themes.map(([, amount]) => amount), ...loose.map(ownGoal)]);
    const rest = atLeastZero(target.amount.minus(used));
    const members = places.filter(
      (one) => one.targetPct === null && one.section === section && !themeTargets.has(one.theme),
    );
    if (rest.greaterThan(0) || target.amount.isZero()) settle('section', section, rest, members);
  }
  const targeted = new Set(goals.flatMap((goal) => goal.members));
  return { goals, unplaced, untargeted: holdings.filter((one) => !targeted.has(one)) };
};
