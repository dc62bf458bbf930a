/**
 * The ways of identifying what was disposed of: by average cost, first in first out, or the rules of UK capital gains tax,
 * from the same trades. Pure arithmetic; which holdings are one person's and taxable is the caller's to say.
 *
 * Contents: DISPOSAL_METHODS
 */
import { roundAmount, ZERO, type Decimal } from '@pm/domain/money';

import { COST_METHODS } from './cost-method.ts';
import type { Disposal, DisposalMethod, Match } from './disposal.ts';
import { PORTFOLIO_TERMS, replayBook, type Position } from './projection.ts';
import { section104 } from './section-104.ts';

const DISPOSING: ReadonlySet<string> = new Set(['sell', 'withdrawal']);

/** As a holding is replayed: each holding by itself, with the cost that transfers carried. */
const byReplay =
  (name: 'average' | 'fifo'): DisposalMethod =>
  (trades, terms = PORTFOLIO_TERMS) => {
    const replayed = replayBook(trades, { method: COST_METHODS[name], terms });
    if ('oversold' in replayed) return replayed;
    const all = [...replayed.values()];
    const disposals = all
      .flatMap((one) => one.steps)
      .filter(({ trade }) => DISPOSING.has(trade.type))
      .map(({ trade, money, released, realised }): Disposal => {
        const match: Match = { rule: name, qty: trade.qty, cost: released, acquired: null };
        return {
          date: trade.date,
          tradeIds: [trade.id],
          qty: trade.qty,
          proceeds: money.total,
          cost: released,
          gain: realised,
          matches: [match],
        };
      })
      .toSorted((a, b) => Temporal.PlainDate.compare(a.date, b.date));
    const sum = (read: (position: Position) => Decimal): Decimal =>
      roundAmount(all.reduce((total, { position }) => total.plus(read(position)), ZERO));
    return { disposals, held: { qty: sum((one) => one.qty), cost: sum((one) => one.cost) } };
  };

/** The ways of identifying disposals. */
export const DISPOSAL_METHODS = {
  average: byReplay('average'),
  fifo: byReplay('fifo'),
  section104,
} as const satisfies Readonly<Record<string, DisposalMethod>>;
