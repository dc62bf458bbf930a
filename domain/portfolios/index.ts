export { DEFAULT_BUDGETS, DEFAULT_LISTS, DEFAULT_SETTINGS, listProblems } from './defaults.ts';
export * from './compare.ts';
