export { DEFAULT_BUDGETS, DEFAULT_LISTS, DEFAULT_SETTINGS, listProblems } from './defaults.ts';
export * from './compare.ts';
export {
  budgetProblems,
  percentOfNumber,
  settleBudgets,
  targetTotalOf,
  type TargetTotal,
} from './budgets.ts';
export { entryOf } from './documents.ts';
export type { Budget, Budgets, ListKind, Lists, ThemeBudget } from './documents.ts';
export { changeLists, type ListChange } from './list-changes.ts';
