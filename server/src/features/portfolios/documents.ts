/**
 * Settings, lists and budgets of a portfolio: defaults filled in, contradictions refused by field, budgets settled.
 *
 * Contents: completeSettings · completeLists · completeBudgets · budgetsOfLists · checkDocuments · settledBudgets
 */
import type { PortfolioBudgets, PortfolioLists, PortfolioSettings } from '@pm/contracts/portfolios';
import { decimalProblem, isCurrency } from '@pm/domain/money';
import {
  budgetProblems,
  DEFAULT_BUDGETS,
  DEFAULT_LISTS,
  DEFAULT_SETTINGS,
  listProblems,
  settleBudgets,
  targetTotalOf,
} from '@pm/domain/portfolios';
import type { Static } from 'typebox';

import { invalidFields } from '#platform/errors.ts';
import type { FieldError } from '#platform/errors.ts';

export type Settings = Static<typeof PortfolioSettings>;
export type Lists = Static<typeof PortfolioLists>;
export type Budgets = Static<typeof PortfolioBudgets>;

/** What the person gave, with the defaults for the rest. */
export const completeSettings = (given: Partial<Settings> | undefined, currency: string): Settings => ({
  ...DEFAULT_SETTINGS,
  currency,
  ...given,
  visibleColumns: { ...DEFAULT_SETTINGS.visibleColumns, ...given?.visibleColumns },
});

/** Lists with the defaults for those not given; a default theme stays only while its section exists. */
export const completeLists = (given: Partial<Lists> | undefined): Lists => {
  const sections = [...(given?.sections ?? DEFAULT_LISTS.sections)];
  const fallback: Record<string, string> = DEFAULT_LISTS.themeSections;
  const themes = given?.themes
    ? [...given.themes]
    : DEFAULT_LISTS.themes.filter((theme) => sections.includes(fallback[theme] ?? ''));
  const themeSections: Record<string, string> = {};
  for (const theme of themes) {
    const usual = fallback[theme];
    const section = usual !== undefined && sections.includes(usual) ? usual : sections[0];
    if (section !== undefined) themeSections[theme] = section;
  }
  return {
    sections,
    themes,
    accounts: [...(given?.accounts ?? DEFAULT_LISTS.accounts)],
    themeSections: { ...themeSections, ...given?.themeSections },
  };
};

/** Budgets of names that are in the lists; those of names that left with their list go with them. */
export const budgetsOfLists = (budgets: Budgets, lists: Lists): Budgets => {
  const kept = <T>(all: Record<string, T>, names: readonly string[]): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
  return {
    sections: kept(budgets.sections, lists.sections),
    themes: kept(budgets.themes, lists.themes),
    accounts: kept(budgets.accounts, lists.accounts),
  };
};

/** Budgets with the defaults for those not given, as far as their names are where they are by default. */
export const completeBudgets = (given: Partial<Budgets> | undefined, lists: Lists): Budgets => {
  const usual: Record<string, string> = DEFAULT_LISTS.themeSections;
  const themes = Object.entries<Budgets['themes'][string]>(DEFAULT_BUDGETS.themes).filter(
    ([theme]) => lists.themeSections[theme] === usual[theme],
  );
  const defaults = { ...DEFAULT_BUDGETS, themes: Object.fromEntries(themes), accounts: {} };
  return { ...budgetsOfLists(defaults, lists), ...given };
};

/**
 * Budgets in agreement with each other and with the total that the settings name; what changed since `before` leads.
 * @throws {AppError} 400 `invalid_fields` where they promise more than there is
 */
export const settledBudgets = (
  budgets: Budgets,
  context: { readonly lists: Lists; readonly settings: Settings; readonly before?: Budgets },
): Budgets => {
  const { lists, settings, before } = context;
  const settled = settleBudgets(budgets, {
    lists,
    total: targetTotalOf(settings),
    ...(before && { before }),
  });
  const problems = budgetProblems(settled, lists);
  if (problems.length > 0) throw invalidFields(problems);
  return settled;
};

type Shares = { readonly percent?: number; readonly percentOfSection?: number };

/** Two names that differ in the blanks around them look the same and would be told apart. */
const nameProblems = (lists: Lists): FieldError[] =>
  (['sections', 'themes', 'accounts'] as const).flatMap((kind) =>
    lists[kind].flatMap((name, at): FieldError[] =>
      name === name.trim()
        ? []
        : [{ field: `lists.${kind}.${at}`, message: 'must not be blank, nor begin or end with a blank' }],
    ),
  );

/** @throws {AppError} 400 `invalid_fields` naming every contradiction and every amount that cannot be stored */
export const checkDocuments = (settings: Settings, lists: Lists, budgets: Budgets): void => {
  const errors: FieldError[] = [...listProblems(lists, budgets)];
  if (!isCurrency(settings.currency)) {
    errors.push({
      field: 'settings.currency',
      message: `“${settings.currency}” is not an ISO 4217 currency`,
    });
  }
  errors.push(...nameProblems(lists));
  const amounts: [string, string | null | undefined][] = [
    ['settings.lockedTotal', settings.lockedTotal],
    ['settings.targetPortfolioValue', settings.targetPortfolioValue],
  ];
  for (const kind of ['sections', 'themes', 'accounts'] as const) {
    for (const [name, budget] of Object.entries(budgets[kind])) {
      amounts.push([`budgets.${kind}.${name}.amount`, budget.amount]);
      const { percent, percentOfSection }: Shares = budget;
      for (const [share, value] of Object.entries({ percent, percentOfSection })) {
        if (value === undefined || (value >= 0 && value <= 100)) continue;
        errors.push({ field: `budgets.${kind}.${name}.${share}`, message: 'must be between 0 and 100' });
      }
    }
  }
  for (const [field, amount] of amounts) {
    if (amount === null || amount === undefined) continue;
    const problem = amount.startsWith('-') ? 'must not be negative' : decimalProblem(amount);
    if (problem !== null) errors.push({ field, message: problem });
  }
  if (errors.length > 0) throw invalidFields(errors);
};
