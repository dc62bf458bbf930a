/** Settings, lists and budgets of a portfolio, as the specification shapes them. Amounts are decimal strings. */

export type Lists = {
  readonly sections: readonly string[];
  readonly themes: readonly string[];
  readonly accounts: readonly string[];
  /** The section each theme belongs to. */
  readonly themeSections: Readonly<Record<string, string>>;
};

/** Which list a name is in. */
export type ListKind = 'sections' | 'themes' | 'accounts';

/** The target of a section or an account: a share of the whole in per cent, an amount, or both in agreement. */
export type Budget = { readonly percent?: number; readonly amount?: string };

/** The target of a theme: also as a share of its section, in per cent. */
export type ThemeBudget = Budget & { readonly percentOfSection?: number };

export type Budgets = {
  readonly sections: Readonly<Record<string, Budget>>;
  readonly themes: Readonly<Record<string, ThemeBudget>>;
  readonly accounts: Readonly<Record<string, Budget>>;
};

/** What a refused document is told: the field and a sentence. */
export type DocumentProblem = { readonly field: string; readonly message: string };

/** The value kept under a name; nothing for names that mean something to JavaScript only. */
export const entryOf = <T>(entries: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(entries, name) ? entries[name] : undefined;

/** A record of some entries; names such as `__proto__` stay names. */
export const recordOf = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.fromEntries(entries);
