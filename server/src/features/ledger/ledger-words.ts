/**
 * Refusals of the ledger in words.
 *
 * Contents: oversold · linkedElsewhere · nameOfHolding
 */
import type { Oversold } from '@pm/domain/ledger';
import { decimalText } from '@pm/domain/money';

import { unprocessable } from '#platform/errors.ts';
import type { AppError } from '#platform/errors.ts';

import { cashCurrency } from './event-place.ts';
import type { HoldingRow } from './queries.ts';
import type { TradeValues } from './trade-queries.ts';

export const nameOfHolding = (row: HoldingRow): string =>
  row.instrument_name ?? row.unlinked_name ?? 'holding';

const GOING = {
  sell: ['sold', 'the sale'],
  withdrawal: ['withdrawn', 'the withdrawal'],
  transfer_out: ['transferred', 'the transfer'],
} as const;

const wordsOf = (type: string): readonly [past: string, event: string] =>
  type === 'transfer_out' || type === 'withdrawal' ? GOING[type] : GOING.sell;

/** Too much is taken out of a holding at some point of its history. `written` is what was being written. */
export const oversold = (
  problem: Oversold,
  written: readonly TradeValues[],
  holdings: ReadonlyMap<string, HoldingRow>,
): AppError => {
  const { trade } = problem;
  const [past, event] = wordsOf(trade.type);
  const [held, wanted, day] = [decimalText(problem.held), decimalText(trade.qty), trade.date.toString()];
  const own = written.find((one) => one.id === trade.id);
  const holding = holdings.get(trade.holdingId);
  const cash = holding === undefined ? null : cashCurrency(holding);
  if (own?.leg === 'settlement') {
    const detail = `The cash holding had only ${held} ${cash ?? ''} on ${day}; ${wanted} cannot be paid from it. Record the deposit first, or ask to overdraw it.`;
    return unprocessable('oversold', detail, 'settle');
  }
  if (own !== undefined) {
    return unprocessable('oversold', `Only ${held} were held on ${day}; ${wanted} cannot be ${past}.`, 'qty');
  }
  const isElsewhere = !written.some((one) => one.holding.id === trade.holdingId);
  const where = isElsewhere && holding !== undefined ? ` of ${nameOfHolding(holding)}` : '';
  return unprocessable(
    'oversold',
    `With this, ${event} of ${wanted}${where} on ${day} would exceed the ${held} held that day.`,
    'qty',
  );
};

/** The change would move a holding that the person may not write. */
export const linkedElsewhere = (): AppError =>
  unprocessable(
    'linked_elsewhere',
    'A transfer joins this to a portfolio that you cannot change, and its cost would follow. Ask its owner.',
  );
