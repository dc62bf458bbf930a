/**
 * Changes of the lists of a portfolio, with what they do to budgets. What becomes of holdings is said beside it.
 *
 * Contents: ListChange · changeLists
 */
import { Decimal, dec, decimalText, HUNDRED, ZERO } from '@pm/domain/money';

import { percentOfNumber } from './budgets.ts';
import { entryOf, recordOf } from './documents.ts';
import type { Budget, Budgets, DocumentProblem, ListKind, Lists, ThemeBudget } from './documents.ts';

/** One change of one list. */
export type ListChange =
  | { readonly type: 'add'; readonly list: ListKind; readonly name: string; readonly section?: string }
  | { readonly type: 'rename'; readonly list: ListKind; readonly name: string; readonly to: string }
  | { readonly type: 'merge'; readonly list: ListKind; readonly name: string; readonly to: string }
  | { readonly type: 'remove'; readonly list: ListKind; readonly name: string; readonly moveTo?: string }
  | { readonly type: 'order'; readonly list: ListKind; readonly names: readonly string[] }
  | { readonly type: 'section'; readonly name: string; readonly to: string };

type Documents = { readonly lists: Lists; readonly budgets: Budgets };

/** The documents as they become, or why they cannot. */
export type ListOutcome = Documents | { readonly problem: DocumentProblem };

const WORD = { sections: 'section', themes: 'theme', accounts: 'account' } as const;

const refused = (field: string, message: string): ListOutcome => ({ problem: { field, message } });

const renamed = <T>(entries: Readonly<Record<string, T>>, from: string, to: string): Record<string, T> =>
  recordOf(Object.entries(entries).map(([name, value]) => [name === from ? to : name, value] as const));

const without = <T>(entries: Readonly<Record<string, T>>, gone: string): Record<string, T> =>
  recordOf(Object.entries(entries).filter(([name]) => name !== gone));

/** Themes that belonged to one section belong to another. */
const rehomed = (themeSections: Lists['themeSections'], from: string, to: string): Record<string, string> =>
  recordOf(
    Object.entries(themeSections).map(
      ([theme, section]) => [theme, section === from ? to : section] as const,
    ),
  );

const add = ({ lists, budgets }: Documents, change: ListChange & { type: 'add' }): ListOutcome => {
  const { list, name } = change;
  if (lists[list].includes(name)) return refused('name', `there is “${name}” already`);
  const next = { ...lists, [list]: [...lists[list], name] };
  if (list !== 'themes') return { lists: next, budgets };
  const section = change.section ?? lists.sections[0];
  if (section === undefined) return refused('section', 'a theme belongs to a section; add one first');
  if (!lists.sections.includes(section)) return refused('section', `“${section}” is not one of the sections`);
  return { lists: { ...next, themeSections: { ...lists.themeSections, [name]: section } }, budgets };
};

const rename = ({ lists, budgets }: Documents, list: ListKind, from: string, to: string): ListOutcome => {
  if (from === to) return { lists, budgets };
  if (lists[list].includes(to)) return refused('to', `there is “${to}” already; merge the two instead`);
  const themeSections =
    list === 'sections'
      ? rehomed(lists.themeSections, from, to)
      : list === 'themes'
        ? renamed(lists.themeSections, from, to)
        : lists.themeSections;
  return {
    lists: { ...lists, [list]: lists[list].map((name) => (name === from ? to : name)), themeSections },
    budgets: { ...budgets, [list]: renamed<Budget>(budgets[list], from, to) },
  };
};

const plus = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined
    ? (one ?? other)
    : percentOfNumber(one).plus(percentOfNumber(other)).toNumber();

const amountPlus = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || other === undefined ? (one ?? other) : decimalText(dec(one).plus(dec(other)));

const defined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** Two budgets together. */
const together = (one: ThemeBudget = {}, other: ThemeBudget = {}): ThemeBudget =>
  defined({
    percentOfSection: plus(one.percentOfSection, other.percentOfSection),
    percent: plus(one.percent, other.percent),
    amount: amountPlus(one.amount, other.amount),
  }) as ThemeBudget;

/** A theme's share of the section that two sections become, so that its share of the whole stays where it is known. */
const ofMerged = (budget: ThemeBudget, own: number | undefined, whole: number): ThemeBudget => {
  const { percentOfSection: share, ...rest } = budget;
  if (share === undefined) return budget;
  if (own === undefined || whole === 0) return rest;
  const part = percentOfNumber(share).times(new Decimal(own)).div(new Decimal(whole));
  const percent = part.times(percentOfNumber(whole)).div(HUNDRED);
  return {
    ...budget,
    percentOfSection: part.toDecimalPlaces(10).toNumber(),
    percent: percent.toDecimalPlaces(10).toNumber(),
  };
};

const mergeBudgets = ({ lists, budgets }: Documents, list: ListKind, from: string, to: string): Budgets => {
  const [gone, stays] = [entryOf<ThemeBudget>(budgets[list], from), entryOf<ThemeBudget>(budgets[list], to)];
  // Targets of themes of different sections are shares of different things: the one that stays keeps its own.
  const isApart =
    list === 'themes' && entryOf(lists.themeSections, from) !== entryOf(lists.themeSections, to);
  const merged = isApart ? (stays ?? {}) : together(stays, gone);
  const rest = without<ThemeBudget>(budgets[list], from);
  const next = { ...budgets, [list]: Object.keys(merged).length === 0 ? rest : { ...rest, [to]: merged } };
  if (list !== 'sections') return next;
  const themes = Object.entries(budgets.themes).map(([theme, budget]) => {
    const section = entryOf(lists.themeSections, theme);
    if (merged.percent === undefined || (section !== from && section !== to)) return [theme, budget] as const;
    return [theme, ofMerged(budget, (section === from ? gone : stays)?.percent, merged.percent)] as const;
  });
  return { ...next, themes: recordOf(themes) };
};

const merge = (documents: Documents, list: ListKind, from: string, to: string): ListOutcome => {
  const { lists } = documents;
  if (from === to) return refused('to', `“${from}” cannot be merged with itself`);
  if (!lists[list].includes(to)) return refused('to', `“${to}” is not one of the ${list}`);
  return {
    lists: {
      ...lists,
      [list]: lists[list].filter((name) => name !== from),
      themeSections:
        list === 'themes'
          ? without(lists.themeSections, from)
          : list === 'sections'
            ? rehomed(lists.themeSections, from, to)
            : lists.themeSections,
    },
    budgets: mergeBudgets(documents, list, from, to),
  };
};

const remove = ({ lists, budgets }: Documents, list: ListKind, name: string): ListOutcome => {
  const owned =
    list === 'sections'
      ? lists.themes.find((theme) => entryOf(lists.themeSections, theme) === name)
      : undefined;
  if (owned !== undefined) {
    const message = `“${name}” has themes, “${owned}” among them; name the section that they move to`;
    return refused('moveTo', message);
  }
  return {
    lists: {
      ...lists,
      [list]: lists[list].filter((one) => one !== name),
      themeSections: list === 'themes' ? without(lists.themeSections, name) : lists.themeSections,
    },
    budgets: { ...budgets, [list]: without<Budget>(budgets[list], name) },
  };
};

/** Takes a name away; what was filed under it goes to another, without its target. */
const removeInto = (documents: Documents, list: ListKind, name: string, to: string): ListOutcome => {
  if (name === to) return refused('moveTo', `“${name}” is the one that goes; name another`);
  if (!documents.lists[list].includes(to)) return refused('moveTo', `“${to}” is not one of the ${list}`);
  let moved = documents;
  for (const theme of list === 'sections' ? documents.lists.themes : []) {
    if (entryOf(documents.lists.themeSections, theme) !== name) continue;
    const outcome = moveTheme(moved, theme, to);
    if ('problem' in outcome) return outcome;
    moved = outcome;
  }
  return remove(moved, list, name);
};

const order = ({ lists, budgets }: Documents, list: ListKind, names: readonly string[]): ListOutcome => {
  const same = names.length === lists[list].length && lists[list].every((name) => names.includes(name));
  if (!same) {
    return refused('names', `must be the ${list} that there are, each once: ${lists[list].join(', ')}`);
  }
  return { lists: { ...lists, [list]: [...names] }, budgets };
};

/** A theme keeps its share of the whole when it moves, as far as its new section has room; the rest follows from that. */
const moveTheme = ({ lists, budgets }: Documents, theme: string, to: string): ListOutcome => {
  if (!lists.sections.includes(to)) return refused('to', `“${to}” is not one of the sections`);
  const { percent, amount } = entryOf(budgets.themes, theme) ?? {};
  const section = entryOf(budgets.sections, to)?.percent;
  const own = percent === undefined ? defined({ amount }) : { percent };
  const taken = lists.themes
    .filter((one) => one !== theme && entryOf(lists.themeSections, one) === to)
    .reduce((sum, one) => sum.plus(entryOf(budgets.themes, one)?.percent ?? 0), ZERO);
  const fits =
    percent === undefined ||
    section === undefined ||
    taken.plus(percent).lessThanOrEqualTo(percentOfNumber(section));
  const themes = without<ThemeBudget>(budgets.themes, theme);
  const kept = fits && Object.keys(own).length > 0 ? { ...themes, [theme]: own as ThemeBudget } : themes;
  return {
    lists: { ...lists, themeSections: { ...lists.themeSections, [theme]: to } },
    budgets: { ...budgets, themes: kept },
  };
};

/**
 * Changes one list. Names stay in their order; budgets go with the name that they are of. Merging adds the targets up,
 * but for themes of different sections, where the one that stays keeps its own. A theme that moves keeps its share of the
 * whole where the new section has room for it, and loses it where not. What the budgets come to is settled afterwards.
 */
export const changeLists = (documents: Documents, change: ListChange): ListOutcome => {
  if (change.type === 'add') return add(documents, change);
  if (change.type === 'order') return order(documents, change.list, change.names);
  const list: ListKind = change.type === 'section' ? 'themes' : change.list;
  if (!documents.lists[list].includes(change.name)) {
    return refused('name', `there is no ${WORD[list]} “${change.name}”`);
  }
  switch (change.type) {
    case 'rename':
      return rename(documents, list, change.name, change.to);
    case 'merge':
      return merge(documents, list, change.name, change.to);
    case 'remove':
      return change.moveTo === undefined
        ? remove(documents, list, change.name)
        : removeInto(documents, list, change.name, change.moveTo);
    case 'section':
      return moveTheme(documents, change.name, change.to);
  }
};
