/**
 * A portfolio's targets taken from a model that it follows.
 *
 * Source of the rules: docs/calculations.md, "Models as targets".
 * Contents: ModelWeight · Follower · Followed · followModel · followBudgets
 */
import { dec, type Decimal, HUNDRED, ONE, ZERO } from '@pm/domain/money';
import type { Budgets, Lists } from '@pm/domain/portfolios';

import { PERCENT_PLACES, sumOf } from './allocation.ts';
import type { AllocatedHolding } from './allocation.ts';

/** What of one instrument the model holds, in per cent of the whole, and where the model files it. */
export type ModelWeight = {
  /** The instrument; the name of what is linked to none. */
  readonly key: string;
  readonly section: string;
  readonly theme: string;
  readonly pct: Decimal;
};

/** A holding of the portfolio that follows. `key` is as the model's. */
export type Follower = AllocatedHolding & { readonly key: string };

export type Followed<H extends Follower> = {
  readonly holdings: readonly H[];
  readonly budgets: Budgets;
  /** What the model holds and the portfolio has no holding of. */
  readonly notHeld: readonly ModelWeight[];
};

const percent = (value: Decimal): number => value.toDecimalPlaces(PERCENT_PLACES).toNumber();

/** A weight over the holdings of one instrument, by their values; equally where none is worth anything. */
const shared = (pct: Decimal, holdings: readonly Follower[]): number[] => {
  const worth = holdings.map((one) => (one.value?.isPositive() === true ? one.value : ZERO));
  const parts = sumOf(worth).isZero() ? holdings.map(() => ONE) : worth;
  const whole = sumOf(parts);
  let left = pct;
  return parts.map((part, at) => {
    if (at === parts.length - 1) return percent(left);
    const share = pct.times(part).div(whole).toDecimalPlaces(PERCENT_PLACES);
    left = left.minus(share);
    return share.toNumber();
  });
};

type Filed = { readonly section: string; readonly theme: string; readonly pct: Decimal };

const byName = (names: readonly string[], filed: readonly Filed[], of: 'section' | 'theme') =>
  new Map(names.map((name) => [name, sumOf(filed.filter((one) => one[of] === name).map((one) => one.pct))]));

/** Budgets that say of sections and themes what their holdings' targets come to; of accounts a model says nothing. */
const budgetsOf = (lists: Lists, own: Budgets, filed: readonly Filed[]): Budgets => {
  const sections = byName(lists.sections, filed, 'section');
  const themes = [...byName(lists.themes, filed, 'theme')].map(([name, pct]) => {
    const section = sections.get(lists.themeSections[name] ?? '') ?? ZERO;
    const ofSection = section.isZero() ? {} : { percentOfSection: percent(pct.times(HUNDRED).div(section)) };
    return [name, { percent: percent(pct), ...ofSection }] as const;
  });
  return {
    sections: Object.fromEntries([...sections].map(([name, pct]) => [name, { percent: percent(pct) }])),
    themes: Object.fromEntries(themes),
    accounts: own.accounts,
  };
};

/**
 * Targets of holdings, sections and themes as a model's weights have them. An instrument that is held in several accounts
 * shares its weight by value; a holding that the model does not have is to be nothing.
 */
export const followModel = <H extends Follower>(
  holdings: readonly H[],
  weights: readonly ModelWeight[],
  { lists, budgets }: { readonly lists: Lists; readonly budgets: Budgets },
): Followed<H> => {
  const held = Map.groupBy(holdings, (one) => one.key);
  const targets = new Map<Follower, number>();
  for (const { key, pct } of weights) {
    const mine = held.get(key) ?? [];
    for (const [at, share] of shared(pct, mine).entries()) {
      const holding = mine[at];
      if (holding) targets.set(holding, share);
    }
  }
  const followed = holdings.map((one) => ({ ...one, targetPct: targets.get(one) ?? 0 }));
  const notHeld = weights.filter(({ key }) => !held.has(key));
  const filed = [
    ...followed.map(({ section, theme, targetPct }) => ({ section, theme, pct: dec(String(targetPct)) })),
    ...notHeld,
  ];
  return { holdings: followed, budgets: budgetsOf(lists, budgets, filed), notHeld };
};

/** Targets of sections and themes by a model's own budgets, as far as the names are the portfolio's. */
export const followBudgets = <H extends Follower>(
  holdings: readonly H[],
  model: Budgets,
  { lists, budgets }: { readonly lists: Lists; readonly budgets: Budgets },
): Followed<H> => {
  const named = (
    names: readonly string[],
    all: Readonly<Record<string, { readonly percent?: number }>>,
  ): Record<string, { percent: number }> =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, { percent: pct }]) =>
        pct !== undefined && names.includes(name) ? [[name, { percent: pct }]] : [],
      ),
    );
  return {
    holdings: holdings.map((one) => ({ ...one, targetPct: null })),
    budgets: {
      sections: named(lists.sections, model.sections),
      themes: named(lists.themes, model.themes),
      accounts: budgets.accounts,
    },
    notHeld: [],
  };
};
