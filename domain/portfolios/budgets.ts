/**
 * Budgets in per cent and in amounts, brought into agreement with each other and with the total that they are of.
 *
 * Contents: TargetTotal · targetTotalOf · settleBudgets · budgetProblems
 */
import { dec, Decimal, decimalText, HUNDRED, roundAmount, ZERO } from '@pm/domain/money';

import { entryOf, recordOf } from './documents.ts';
import type { Budget, Budgets, DocumentProblem, Lists, ThemeBudget } from './documents.ts';

/** Places that a percentage keeps. */
export const PERCENT_SCALE = 10;
/** Percentages that were rounded to two places may together be so much more than 100. */
const ROUNDING_PERCENT = '0.05';

/** The total that amounts of budgets are shares of. */
export type TargetTotal = {
  readonly amount: Decimal;
  /** `lockedTotal` when the total is locked, else `targetPortfolioValue`. */
  readonly from: 'lockedTotal' | 'targetPortfolioValue';
};

type TotalSettings = {
  readonly lockTotal: boolean;
  readonly lockedTotal: string | null;
  readonly targetPortfolioValue: string | null;
};

/**
 * The total that a portfolio's budgets are of: the locked one while it is locked, else the value aimed for; null when the
 * settings name neither, and shares are of whatever the portfolio is worth. A total of nothing is none.
 */
export const targetTotalOf = (settings: TotalSettings): TargetTotal | null => {
  const { lockTotal, lockedTotal, targetPortfolioValue } = settings;
  if (lockTotal && lockedTotal !== null && dec(lockedTotal).greaterThan(0)) {
    return { amount: dec(lockedTotal), from: 'lockedTotal' };
  }
  if (targetPortfolioValue !== null && dec(targetPortfolioValue).greaterThan(0)) {
    return { amount: dec(targetPortfolioValue), from: 'targetPortfolioValue' };
  }
  return null;
};

/** A percentage as an exact decimal. */
export const percentOfNumber = (percent: number): Decimal =>
  new Decimal(percent).toDecimalPlaces(PERCENT_SCALE);

const numberOf = (percent: Decimal): number => percent.toDecimalPlaces(PERCENT_SCALE).toNumber();

/** A share of a whole. */
const shareOf = (whole: Decimal, percent: Decimal): Decimal => roundAmount(whole.times(percent).div(HUNDRED));

const inPercent = (part: Decimal, whole: Decimal): Decimal => part.times(HUNDRED).div(whole);

/** The amount beside a percentage: the one given where the percentage is that amount's, rounded; else the share. */
const amountFor = (percent: Decimal, given: string | undefined, total: TargetTotal | null): Budget => {
  if (total === null) return {};
  const isRounded =
    given !== undefined && numberOf(inPercent(dec(given), total.amount)) === numberOf(percent);
  return { amount: isRounded ? given : decimalText(shareOf(total.amount, percent)) };
};

/**
 * What a person changed leads: fields that are as they were before give way to one that is not. Sent back unchanged, or
 * all new, they stay as they are and the first of the order of precedence counts.
 */
const leading = <T extends ThemeBudget>(given: T, before: ThemeBudget | undefined): ThemeBudget => {
  const fields = Object.entries(given).filter(([, value]) => value !== undefined);
  const changed = fields.filter(
    ([name, value]) => before === undefined || value !== Reflect.get(before, name),
  );
  const isPart = before !== undefined && changed.length > 0;
  return Object.fromEntries(isPart ? changed : fields);
};

/** Percent before amount; an amount alone becomes a percentage once there is a total. */
const settled = (given: Budget, before: Budget | undefined, total: TargetTotal | null): Budget => {
  const { percent, amount } = leading(given, before);
  if (percent !== undefined) {
    const exact = percentOfNumber(percent);
    return { percent: numberOf(exact), ...amountFor(exact, amount, total) };
  }
  if (amount === undefined) return {};
  if (total === null) return { amount };
  return { percent: numberOf(inPercent(dec(amount), total.amount)), amount };
};

type Section = { readonly percent: Decimal } | null;

/** Share of the section before share of the whole before amount. */
const settledTheme = (
  given: ThemeBudget,
  before: ThemeBudget | undefined,
  section: Section,
  total: TargetTotal | null,
): ThemeBudget => {
  const { percentOfSection, percent, amount } = leading(given, before);
  if (percentOfSection !== undefined) {
    const ofSection = percentOfNumber(percentOfSection);
    const known = { percentOfSection: numberOf(ofSection) };
    if (section === null) return known;
    const share = section.percent.times(ofSection).div(HUNDRED);
    const isRounded =
      percent !== undefined &&
      !section.percent.isZero() &&
      numberOf(inPercent(percentOfNumber(percent), section.percent)) === known.percentOfSection;
    const whole = isRounded ? percentOfNumber(percent) : share;
    return { ...known, percent: numberOf(whole), ...amountFor(whole, amount, total) };
  }
  const own = settled(
    { ...(percent !== undefined && { percent }), ...(amount !== undefined && { amount }) },
    undefined,
    total,
  );
  if (own.percent === undefined || section === null || section.percent.isZero()) return own;
  return {
    percentOfSection: numberOf(inPercent(percentOfNumber(own.percent), section.percent)),
    ...own,
  };
};

const sectionOf = (sections: Readonly<Record<string, Budget>>, name: string | undefined): Section => {
  const percent = name === undefined ? undefined : entryOf(sections, name)?.percent;
  return percent === undefined ? null : { percent: percentOfNumber(percent) };
};

/**
 * Budgets in agreement: a theme's share of the whole is its section's share times its share of the section, and every
 * amount is its share of `total`. Of what is given, what differs from `before` leads; else a theme's share of its section,
 * then the percentage, then the amount. So a section that grows takes its themes along, and another total moves amounts
 * and not shares. Without a total an amount stands alone, and one beside a percentage is left out: it is a share of nothing
 * that is known. Budgets without any figure are dropped.
 */
export const settleBudgets = (
  given: Budgets,
  context: { readonly lists: Lists; readonly total: TargetTotal | null; readonly before?: Budgets },
): Budgets => {
  const { lists, total, before } = context;
  const settleAll = (kind: 'sections' | 'accounts'): Record<string, Budget> =>
    recordOf(
      Object.entries(given[kind]).map(
        ([name, budget]) => [name, settled(budget, before && entryOf(before[kind], name), total)] as const,
      ),
    );
  const sections = settleAll('sections');
  const themes = recordOf(
    Object.entries(given.themes).map(([name, budget]) => {
      const section = sectionOf(sections, entryOf(lists.themeSections, name));
      return [name, settledTheme(budget, before && entryOf(before.themes, name), section, total)] as const;
    }),
  );
  const kept = <T extends object>(all: Record<string, T>): Record<string, T> =>
    recordOf(Object.entries(all).filter(([, budget]) => Object.keys(budget).length > 0));
  return { sections: kept(sections), themes: kept(themes), accounts: kept(settleAll('accounts')) };
};

const sumOf = (percents: readonly (number | undefined)[]): Decimal =>
  percents.reduce<Decimal>((sum, one) => (one === undefined ? sum : sum.plus(percentOfNumber(one))), ZERO);

const isTooMuch = (sum: Decimal): boolean => sum.greaterThan(HUNDRED.plus(dec(ROUNDING_PERCENT)));

const written = (sum: Decimal): string => decimalText(sum.toDecimalPlaces(2));

/** Where settled budgets promise more than there is, as field and sentence; empty when they do not. */
export const budgetProblems = (budgets: Budgets, lists: Lists): DocumentProblem[] => {
  const problems: DocumentProblem[] = [];
  for (const kind of ['sections', 'accounts'] as const) {
    const sum = sumOf(Object.values(budgets[kind]).map((one) => one.percent));
    if (isTooMuch(sum)) {
      problems.push({
        field: `budgets.${kind}`,
        message: `the targets of the ${kind} add up to ${written(sum)} %, which is more than 100 %`,
      });
    }
  }
  for (const section of lists.sections) {
    const members = lists.themes.filter((theme) => entryOf(lists.themeSections, theme) === section);
    const sum = sumOf(members.map((theme) => entryOf(budgets.themes, theme)?.percentOfSection));
    if (isTooMuch(sum)) {
      problems.push({
        field: 'budgets.themes',
        message: `the targets of the themes of “${section}” add up to ${written(sum)} % of it, which is more than 100 %`,
      });
    }
  }
  return problems;
};
