import { roundAmount, ZERO, type Decimal } from '@pm/domain/money';

/** Units that came together and what they cost. Both are negative where cash is overdrawn. */
export type Lot = {
  readonly qty: Decimal;
  readonly cost: Decimal;
  /** The day and the trade they came with; of a pool, those of its newest. */
  readonly date: Temporal.PlainDate;
  readonly tradeId: string;
};

/**
 * Which units go first, and so what a sale has cost. The lots belong to one replay and are changed in place; their
 * quantities all have one sign.
 */
export type CostMethod = {
  readonly name: 'average' | 'fifo';
  /** Adds units to those held. */
  readonly add: (lots: Lot[], lot: Lot) => void;
  /** Takes so many units, at most as many as there are, and answers their cost, of the sign of the lots. */
  readonly take: (lots: Lot[], qty: Decimal) => Decimal;
};

/** The share of a lot's cost that so many of its units carry; all of it when none are left, so that no crumb remains. */
const takeFrom = (lot: Lot, qty: Decimal): { readonly cost: Decimal; readonly rest: Lot | null } => {
  const held = lot.qty.abs();
  if (held.equals(qty)) return { cost: lot.cost, rest: null };
  const cost = roundAmount(lot.cost.times(qty).div(held));
  const left = held.minus(qty);
  return {
    cost,
    rest: { ...lot, qty: lot.qty.isNegative() ? left.neg() : left, cost: lot.cost.minus(cost) },
  };
};

/** Average cost: one pool, of which every sale takes its share. The holding's stored cost follows it. */
export const AVERAGE_COST: CostMethod = {
  name: 'average',
  add: (lots, lot) => {
    const pool = lots[0];
    lots[0] =
      pool === undefined ? lot : { ...lot, qty: pool.qty.plus(lot.qty), cost: pool.cost.plus(lot.cost) };
  },
  take: (lots, qty) => {
    const pool = lots[0];
    if (pool === undefined) return ZERO;
    const { cost, rest } = takeFrom(pool, qty);
    lots.splice(0, 1, ...(rest === null ? [] : [rest]));
    return cost;
  },
};

/** First in, first out: every sale takes the oldest units. */
export const FIRST_IN_FIRST_OUT: CostMethod = {
  name: 'fifo',
  add: (lots, lot) => {
    lots.push(lot);
  },
  take: (lots, qty) => {
    let [cost, wanted] = [ZERO, qty];
    while (!wanted.isZero()) {
      const first = lots[0];
      if (first === undefined) return cost;
      const from = wanted.lessThan(first.qty.abs()) ? wanted : first.qty.abs();
      const taken = takeFrom(first, from);
      if (taken.rest === null) lots.shift();
      else lots[0] = taken.rest;
      cost = cost.plus(taken.cost);
      wanted = wanted.minus(from);
    }
    return cost;
  },
};

export const COST_METHODS = { average: AVERAGE_COST, fifo: FIRST_IN_FIRST_OUT } as const;
