import { dec, decimalText } from '@pm/domain/money';
import type { Trade } from './queries.ts';

/** A trade that moved the cost of a holding, and by how much. */
export type CostStep = { readonly trade: Trade; readonly change: string };

/** The trades that moved the cost, oldest first; `trades` come newest first, as they are listed. */
export const costTrail = (trades: readonly Trade[]): CostStep[] => {
  let before = '0';
  const steps: CostStep[] = [];
  for (const trade of trades.toReversed()) {
    const change = dec(trade.running.costBasis).minus(before);
    before = trade.running.costBasis;
    if (!change.isZero()) steps.push({ trade, change: decimalText(change) });
  }
  return steps;
};
