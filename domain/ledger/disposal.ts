/** What was disposed of, and which acquisitions it is identified with: the shape that every method answers. */
import type { Decimal } from '@pm/domain/money';

import type { Oversold, Position, Terms } from './projection.ts';
import type { LedgerTrade } from './trade.ts';

/** By which rule units were identified. */
export type MatchRule = 'average' | 'fifo' | 'same day' | 'within 30 days' | 'section 104';

/** A part of a disposal with what it has cost. Units are those of the day of the disposal. */
export type Match = {
  readonly rule: MatchRule;
  readonly qty: Decimal;
  readonly cost: Decimal;
  /** The day of the acquisition; null for what comes out of a pool. */
  readonly acquired: Temporal.PlainDate | null;
};

/** What was sold, net of fees, less what it has cost. */
export type Disposal = {
  readonly date: Temporal.PlainDate;
  readonly tradeIds: readonly string[];
  readonly qty: Decimal;
  readonly proceeds: Decimal;
  readonly cost: Decimal;
  readonly gain: Decimal;
  readonly matches: readonly Match[];
};

/** Every disposal in the order of time, and what is left. */
export type Disposals = { readonly disposals: readonly Disposal[]; readonly held: Position };

/** Identifies the disposals of one instrument in the trades of one person's holdings of it. */
export type DisposalMethod = (trades: readonly LedgerTrade[], terms?: Terms) => Disposals | Oversold;
