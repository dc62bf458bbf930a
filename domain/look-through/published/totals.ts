import { dec, decimalText, ZERO, type Decimal } from '@pm/domain/money';
import type { PublishedRow, RowKind, Totals } from './row.ts';

/** Adds up what the rows publish. */
export const totalsOf = (rows: readonly PublishedRow[]): Totals => {
  const byKind: Record<RowKind, Decimal> = { security: ZERO, fund: ZERO, cash: ZERO, derivative: ZERO };
  let marketValue: Decimal | null = null;
  let securities = 0;
  for (const row of rows) {
    byKind[row.kind] = byKind[row.kind].plus(dec(row.weightPct));
    if (row.kind === 'security') securities += 1;
    if (row.marketValue !== null) marketValue = (marketValue ?? ZERO).plus(dec(row.marketValue));
  }
  const sum = byKind.security.plus(byKind.fund).plus(byKind.cash).plus(byKind.derivative);
  return {
    rows: rows.length,
    weightSumPct: decimalText(sum),
    cashPct: decimalText(byKind.cash),
    derivativesPct: decimalText(byKind.derivative),
    fundsPct: decimalText(byKind.fund),
    securities,
    marketValue: marketValue === null ? null : decimalText(marketValue),
  };
};
