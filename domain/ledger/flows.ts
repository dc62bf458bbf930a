import { ZERO, type Decimal } from '@pm/domain/money';

import { isOutlay, tradeTotal, type LedgerTrade } from './trade.ts';

/** Money or units that came into a portfolio (above zero) or left it (below), in the portfolio's currency. */
export type ExternalFlow = {
  /** `money`: the amount is what was paid. `units`: something was brought or taken, and the amount is its cost. */
  readonly kind: 'money' | 'units';
  readonly amount: Decimal;
};

/** What the rest of a trade's event says about it. */
export type FlowContext = {
  /** The event has a cash leg. */
  readonly isSettled: boolean;
  /** Both ends of the transfer are in the portfolio that is looked at. */
  readonly staysInside: boolean;
};

/** Whether the legs of an event settle it. */
export const isSettled = (legs: readonly Pick<LedgerTrade, 'leg'>[]): boolean =>
  legs.some(({ leg }) => leg === 'settlement');

const units = (amount: Decimal): ExternalFlow => ({ kind: 'units', amount });

/**
 * The external flow that a trade is, or null when it is none. Deposits, withdrawals, transfers to or from outside,
 * opening positions, and trades that do not settle against cash: what such a purchase cost came from elsewhere, what
 * such a sale or dividend brought went elsewhere. The flows of an event are the sum of those of its legs.
 * Source: docs/calculations.md, "External flows".
 */
export const externalFlow = (trade: LedgerTrade, context: FlowContext): ExternalFlow | null => {
  const total = tradeTotal(trade);
  switch (trade.type) {
    case 'split':
      return null;
    case 'opening':
      return units(total);
    case 'transfer_in':
      return context.staysInside ? null : units(total);
    case 'transfer_out':
      return context.staysInside ? null : units(ZERO.minus(total));
    case 'deposit':
      return { kind: 'money', amount: total };
    case 'withdrawal':
      return { kind: 'money', amount: total.neg() };
    default:
      if (context.isSettled) return null;
      return { kind: 'money', amount: isOutlay(trade.type) ? total : total.neg() };
  }
};
