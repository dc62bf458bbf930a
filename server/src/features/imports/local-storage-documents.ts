/**
 * Settings, lists and budgets of an older portfolio as a draft of one of ours. What is left out or added is told.
 *
 * Contents: draftOf
 */
import { PortfolioDraft } from '@pm/contracts/portfolios';
import type { OldPortfolio, Remark } from '@pm/domain/local-storage';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';

type Draft = Static<typeof PortfolioDraft>;
type Row = Readonly<Record<string, unknown>>;

const SETTINGS = [
  'currency',
  'lockTotal',
  'lockedTotal',
  'targetPortfolioValue',
  'enableLivePrices',
  'livePriceUpdateInterval',
  'visibleColumns',
] as const;
const AMOUNTS: ReadonlySet<string> = new Set(['lockedTotal', 'targetPortfolioValue', 'amount']);

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Amounts are text with us. */
const amountsAsText = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      AMOUNTS.has(key) && typeof value === 'number' ? String(value) : value,
    ]),
  );

const namesIn = (list: unknown): string[] =>
  Array.isArray(list)
    ? [...new Set(list.filter((one) => typeof one === 'string').map((one) => one.trim()))].filter(
        (one) => one !== '',
      )
    : [];

/** The names of a list, and those that holdings use without their being in it. */
const completed = (
  old: OldPortfolio,
  list: 'sections' | 'themes' | 'accounts',
  field: 'section' | 'theme' | 'account',
  remark: (field: string, message: string) => void,
): string[] => {
  const names = namesIn(old.lists[list]);
  const missing = [...new Set(old.holdings.map((one) => one[field]))].filter((name) => !names.includes(name));
  if (missing.length > 0 && old.lists[list] !== undefined) {
    remark(`lists.${list}`, `gets ${missing.map((name) => `“${name}”`).join(', ')}, which holdings use`);
  }
  return [...names, ...missing];
};

const listsOf = (
  old: OldPortfolio,
  remark: (field: string, message: string) => void,
): Partial<Draft['lists']> => {
  const sections = completed(old, 'sections', 'section', remark);
  const themes = completed(old, 'themes', 'theme', remark);
  const accounts = completed(old, 'accounts', 'account', remark);
  const given = isRow(old.lists['themeSections']) ? old.lists['themeSections'] : {};
  const used = new Map(old.holdings.map((one) => [one.theme, one.section]));
  const themeSections = Object.fromEntries(
    themes.flatMap((theme) => {
      const said = given[theme];
      const section =
        typeof said === 'string' && sections.includes(said) ? said : (used.get(theme) ?? sections[0]);
      return section === undefined ? [] : [[theme, section]];
    }),
  );
  return {
    ...(sections.length > 0 && { sections }),
    ...(themes.length > 0 && { themes, themeSections }),
    ...(accounts.length > 0 && { accounts }),
  };
};

const budgetsOf = (
  old: OldPortfolio,
  lists: Partial<Draft['lists']>,
  remark: (field: string, message: string) => void,
): Row => {
  const result: Record<string, Row> = {};
  for (const kind of ['sections', 'themes', 'accounts'] as const) {
    const budgets = old.budgets[kind];
    if (!isRow(budgets)) continue;
    const names: readonly string[] = lists?.[kind] ?? [];
    const stray = Object.keys(budgets).filter((name) => !names.includes(name));
    if (stray.length > 0) {
      remark(`budgets.${kind}`, `loses ${stray.slice(0, 5).join(', ')}: no such name is in the lists`);
    }
    result[kind] = Object.fromEntries(
      Object.entries(budgets).flatMap(([name, budget]) =>
        names.includes(name) && isRow(budget) ? [[name, amountsAsText(budget)]] : [],
      ),
    );
  }
  return result;
};

/** The draft, or null when it is none; then `refuse` was told why. */
export const draftOf = (
  old: OldPortfolio,
  field: string,
  changed: Remark[],
  refused: Remark[],
): Draft | null => {
  const remark = (name: string, message: string): void =>
    void changed.push({ field: `${field}.${name}`, message });
  const unknown = Object.keys(old.settings).filter((key) => !SETTINGS.some((one) => one === key));
  if (unknown.length > 0) {
    remark('settings', `loses ${unknown.slice(0, 10).join(', ')}: there is no such setting`);
  }
  const settings = amountsAsText(
    Object.fromEntries(
      SETTINGS.flatMap((key) => (old.settings[key] === undefined ? [] : [[key, old.settings[key]]])),
    ),
  );
  const lists = listsOf(old, remark);
  const draft = { name: old.name, type: old.type, settings, lists, budgets: budgetsOf(old, lists, remark) };
  if (Value.Check(PortfolioDraft, draft)) return draft;
  for (const error of [...Value.Errors(PortfolioDraft, draft)].slice(0, 10)) {
    refused.push({ field: `${field}${error.instancePath.replaceAll('/', '.')}`, message: error.message });
  }
  return null;
};
