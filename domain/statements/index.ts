/** Brokers' statements: their rows as entries of a ledger. */
export { amountsOf, factsOf, securityKey, type EntryAmounts } from './amounts.ts';
export {
  ENTRY_TYPES,
  STATEMENT_FIELDS,
  StatementError,
  type RowProblem,
  type StatementEntry,
  type StatementSecurity,
} from './kinds.ts';
export {
  openStatement,
  readStatement,
  STATEMENT_PRESETS,
  type StatementFile,
  type StatementMapping,
  type StatementReading,
} from './read.ts';
