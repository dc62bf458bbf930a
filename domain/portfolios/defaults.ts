import type { Budgets, DocumentProblem, Lists } from './documents.ts';

/** What a new portfolio starts with, so that its first holding has somewhere to go. */
export const DEFAULT_LISTS = {
  sections: ['Core', 'Satellite', 'Cash'],
  themes: ['Global Equity', 'Emerging Markets', 'UK Equity', 'Bonds', 'Cash'],
  accounts: ['ISA', 'SIPP', 'GIA'],
  themeSections: {
    'Global Equity': 'Core',
    'Emerging Markets': 'Satellite',
    'UK Equity': 'Satellite',
    Bonds: 'Core',
    Cash: 'Cash',
  },
} as const;

export const DEFAULT_BUDGETS = {
  sections: { Core: { percent: 60 }, Satellite: { percent: 30 }, Cash: { percent: 10 } },
  themes: {
    'Global Equity': { percentOfSection: 70, percent: 42 },
    Bonds: { percentOfSection: 30, percent: 18 },
    'Emerging Markets': { percentOfSection: 50, percent: 15 },
    'UK Equity': { percentOfSection: 50, percent: 15 },
    Cash: { percentOfSection: 100, percent: 10 },
  },
  accounts: {},
} as const;

export const DEFAULT_SETTINGS = {
  currency: 'GBP',
  lockTotal: false,
  lockedTotal: null,
  targetPortfolioValue: null,
  enableLivePrices: true,
  livePriceUpdateInterval: 10,
  visibleColumns: {
    section: true,
    theme: true,
    account: true,
    qty: true,
    avgCost: true,
    price: true,
    value: true,
    gain: true,
  },
} as const;

/** Where lists and budgets contradict each other, as field and sentence; empty when they agree. */
export const listProblems = (lists: Lists, budgets: Budgets): DocumentProblem[] => {
  const problems: DocumentProblem[] = [];
  for (const [theme, section] of Object.entries(lists.themeSections)) {
    if (!lists.themes.includes(theme)) {
      problems.push({
        field: `lists.themeSections.${theme}`,
        message: `“${theme}” is not one of the themes`,
      });
    }
    if (!lists.sections.includes(section)) {
      problems.push({
        field: `lists.themeSections.${theme}`,
        message: `“${section}” is not one of the sections`,
      });
    }
  }
  for (const theme of lists.themes) {
    if (!Object.hasOwn(lists.themeSections, theme)) {
      problems.push({ field: 'lists.themeSections', message: `“${theme}” belongs to no section` });
    }
  }
  for (const kind of ['sections', 'themes', 'accounts'] as const) {
    for (const name of Object.keys(budgets[kind])) {
      if (!lists[kind].includes(name)) {
        problems.push({ field: `budgets.${kind}.${name}`, message: `“${name}” is not one of the ${kind}` });
      }
    }
  }
  return problems;
};
