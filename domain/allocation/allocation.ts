/**
 * Actual against target, by section, theme, account and holding.
 *
 * Contents: AllocatedHolding · Plan · AllocationRow · allocate
 */
import { dec, type Decimal, HUNDRED, roundAmount, ZERO } from '@pm/domain/money';
import { entryOf, percentOfNumber } from '@pm/domain/portfolios';
import type { Budget, Budgets, ListKind, Lists, TargetTotal } from '@pm/domain/portfolios';

/** A holding that counts. Its value is in the portfolio's currency; null where a price or a rate is missing. */
export type AllocatedHolding = {
  readonly id: string;
  readonly section: string;
  readonly theme: string;
  readonly account: string;
  readonly value: Decimal | null;
  /** Share of the portfolio that it should make up, in per cent. */
  readonly targetPct: number | null;
};

/** What a portfolio should look like. */
export type Plan = {
  readonly lists: Lists;
  readonly budgets: Budgets;
  /** What amounts are shares of; null for whatever the portfolio is worth. */
  readonly total: TargetTotal | null;
};

/** One part with what it makes up and what it should. Drift is actual less target. */
export type AllocationRow = {
  readonly name: string;
  readonly value: Decimal;
  /** Null while nothing has a value. */
  readonly actualPct: Decimal | null;
  /** Null where no target is set. */
  readonly targetPct: Decimal | null;
  readonly target: Decimal | null;
  /** Percentage points. */
  readonly driftPct: Decimal | null;
  readonly drift: Decimal | null;
  readonly holdingCount: number;
  /** Of those, how many have no value and are left out of `value`. */
  readonly missingCount: number;
};

export type Allocation = {
  /** What all that count and have a value are worth. */
  readonly value: Decimal;
  /** What targets in amounts are shares of. */
  readonly base: Decimal;
  readonly baseFrom: TargetTotal['from'] | 'value';
  readonly sections: readonly AllocationRow[];
  readonly themes: readonly AllocationRow[];
  readonly accounts: readonly AllocationRow[];
  /** In the order given, by the holding's id. */
  readonly holdings: readonly AllocationRow[];
};

export const PERCENT_PLACES = 10;

/** Part of a whole in per cent; null where the whole is nothing. */
export const percentOf = (part: Decimal, whole: Decimal): Decimal | null =>
  whole.isZero() ? null : part.times(HUNDRED).div(whole).toDecimalPlaces(PERCENT_PLACES);

export const sumOf = (amounts: readonly Decimal[]): Decimal =>
  amounts.reduce((sum, amount) => sum.plus(amount), ZERO);

type Target = { readonly pct: Decimal | null; readonly amount: Decimal };

/** A budget as a share and an amount of `base`; null where it names neither. */
export const targetIn = (budget: Budget | undefined, base: Decimal): Target | null => {
  if (budget?.percent !== undefined) {
    const pct = percentOfNumber(budget.percent);
    return { pct, amount: roundAmount(base.times(pct).div(HUNDRED)) };
  }
  if (budget?.amount === undefined) return null;
  const amount = dec(budget.amount);
  return { pct: percentOf(amount, base), amount };
};

const rowOf = (
  name: string,
  members: readonly AllocatedHolding[],
  target: Target | null,
  whole: Decimal,
): AllocationRow => {
  const value = sumOf(members.flatMap((one) => one.value ?? []));
  const actualPct = percentOf(value, whole);
  const targetPct = target?.pct ?? null;
  return {
    name,
    value,
    actualPct,
    targetPct,
    target: target?.amount ?? null,
    driftPct: actualPct === null || targetPct === null ? null : actualPct.minus(targetPct),
    drift: target === null ? null : value.minus(target.amount),
    holdingCount: members.length,
    missingCount: members.filter((one) => one.value === null).length,
  };
};

const COLUMN = { sections: 'section', themes: 'theme', accounts: 'account' } as const;

/**
 * Actual against target. Names come in the order of the lists, then those that only holdings have. Values add up exactly
 * over the sections, over the themes, over the accounts and over the holdings. A holding without a value is counted and
 * said, and adds nothing.
 */
export const allocate = (holdings: readonly AllocatedHolding[], plan: Plan): Allocation => {
  const value = sumOf(holdings.flatMap((one) => one.value ?? []));
  const base = plan.total?.amount ?? value;
  const rows = (kind: ListKind): AllocationRow[] => {
    const names = new Set([...plan.lists[kind], ...holdings.map((one) => one[COLUMN[kind]])]);
    const members = new Map([...names].map((name) => [name, [] as AllocatedHolding[]]));
    for (const one of holdings) members.get(one[COLUMN[kind]])?.push(one);
    return [...members].map(([name, some]) =>
      rowOf(name, some, targetIn(entryOf<Budget>(plan.budgets[kind], name), base), value),
    );
  };
  return {
    value,
    base,
    baseFrom: plan.total?.from ?? 'value',
    sections: rows('sections'),
    themes: rows('themes'),
    accounts: rows('accounts'),
    holdings: holdings.map((one) =>
      rowOf(
        one.id,
        [one],
        targetIn(one.targetPct === null ? undefined : { percent: one.targetPct }, base),
        value,
      ),
    ),
  };
};
