import { roundAmount, ZERO, type Decimal } from '@pm/domain/money';

/**
 * A holding's quantity and cost are a projection of its trades: they are what replaying the trades gives, in the order
 * day, then sequence number, and nothing else. Cost is average cost in the portfolio's currency with buying fees in it
 * (docs/calculations.md, "Average cost").
 */
export type LedgerTrade = {
  readonly id: string;
  readonly type: 'opening' | 'buy' | 'sell';
  readonly date: Temporal.PlainDate;
  readonly seq: number;
  readonly qty: Decimal;
  /** Price of one unit, in the trade's currency. */
  readonly price: Decimal;
  /** Fees and taxes, in the trade's currency. */
  readonly fees: Decimal;
  /** Units of the portfolio's currency for one unit of the trade's currency. */
  readonly fxRate: Decimal;
};

export type Position = { readonly qty: Decimal; readonly cost: Decimal };

/** A trade with the position after it and what it cost or brought, in the portfolio's currency. */
export type LedgerStep = {
  readonly trade: LedgerTrade;
  readonly position: Position;
  readonly total: Decimal;
};

/** The trade that would sell more than is held at that point of the history. */
export type Oversold = { readonly oversold: true; readonly trade: LedgerTrade; readonly held: Decimal };

export const EMPTY_POSITION: Position = { qty: ZERO, cost: ZERO };

/** Replay order: the day, then the order of recording. */
export const inReplayOrder = (a: LedgerTrade, b: LedgerTrade): number =>
  Temporal.PlainDate.compare(a.date, b.date) || a.seq - b.seq;

/** What a trade costs (buy: with fees) or brings (sell: less fees), in the portfolio's currency, to 18 places. */
export const tradeTotal = (trade: LedgerTrade): Decimal => {
  const gross = trade.qty.times(trade.price);
  const net = trade.type === 'sell' ? gross.minus(trade.fees) : gross.plus(trade.fees);
  return roundAmount(net.times(trade.fxRate));
};

/**
 * The position after one more trade. A partial sale takes its share of the cost, the last sale takes the whole
 * remainder, so that no crumb of cost outlives the units.
 */
export const applyTrade = (position: Position, trade: LedgerTrade): Position | Oversold => {
  if (trade.type !== 'sell') {
    return { qty: position.qty.plus(trade.qty), cost: position.cost.plus(tradeTotal(trade)) };
  }
  const left = position.qty.minus(trade.qty);
  if (left.isNegative() && !left.isZero()) return { oversold: true, trade, held: position.qty };
  if (left.isZero()) return EMPTY_POSITION;
  const taken = roundAmount(position.cost.times(trade.qty).div(position.qty));
  return { qty: left, cost: position.cost.minus(taken) };
};

/** Replays a whole history, whatever order the trades come in. */
export const replay = (
  trades: readonly LedgerTrade[],
): { steps: LedgerStep[]; position: Position } | Oversold => {
  const steps: LedgerStep[] = [];
  let position = EMPTY_POSITION;
  for (const trade of trades.toSorted(inReplayOrder)) {
    const next = applyTrade(position, trade);
    if ('oversold' in next) return next;
    position = next;
    steps.push({ trade, position, total: tradeTotal(trade) });
  }
  return { steps, position };
};

/** Average cost of one unit, derived for display only; null when nothing is held or the cost was never given. */
export const averageCost = (position: Position): Decimal | null =>
  position.qty.isZero() || position.cost.isZero() ? null : roundAmount(position.cost.div(position.qty));
