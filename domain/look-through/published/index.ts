export type { ConstituentFile, PublishedRow, RowKind, Totals, Warning, WarningCode } from './row.ts';
export { totalsOf } from './totals.ts';
