// Average cost, the slow and obvious way: each answer replays the whole history from nothing, with exact fractions.

import type { Fraction, Rounding } from './fraction.ts';
import { Fraction as F, ONE, ZERO } from './fraction.ts';
import type { EuroRates } from './fx.ts';
import { crossRate } from './fx.ts';

export type TradeType =
  | 'opening'
  | 'buy'
  | 'sell'
  | 'split'
  | 'dividend'
  | 'interest'
  | 'fee'
  | 'tax'
  | 'transfer_in'
  | 'transfer_out';

/**
 * One trade. All figures are plain decimal text. `price` is for one unit, in `quoteUnit` when there is one, else in
 * the trade's currency; `fees` are always in the trade's currency (pounds, never pence). `fxRate` is units of the
 * portfolio's currency for one unit of the trade's currency. A split says `splitTo` new for `splitFrom` old.
 */
export interface Trade {
  seq: number;
  type: TradeType;
  date: string;
  qty: string;
  price: string;
  fees?: string;
  fxRate?: string;
  quoteUnit?: string;
  splitTo?: number;
  splitFrom?: number;
}

/** After a trade: what is held, its whole cost, and what has been realised and received so far. */
export interface Position {
  qty: Fraction;
  costBasis: Fraction;
  realised: Fraction;
  income: Fraction;
}

export type Replay =
  | { ok: true; position: Position; steps: Array<{ seq: number; position: Position }> }
  | { ok: false; error: 'oversold'; seq: number; date: string; held: Fraction; wanted: Fraction };

export const NOTHING: Position = { qty: ZERO, costBasis: ZERO, realised: ZERO, income: ZERO };

/** Quote units: how many make one unit of their ISO currency. */
export const QUOTE_UNITS: Readonly<Record<string, { currency: string; per: string }>> = {
  GBX: { currency: 'GBP', per: '100' },
  ZAc: { currency: 'ZAR', per: '100' },
  ILA: { currency: 'ILS', per: '100' },
};

/** A price in its ISO currency: 1,234 GBX are 12.34 GBP. Units are case-sensitive: "GBx" is unknown. */
export function majorPrice(price: string, quoteUnit: string | undefined): Fraction {
  if (quoteUnit === undefined) return F.of(price);
  const unit = QUOTE_UNITS[quoteUnit];
  if (unit === undefined) throw new Error(`unknown quote unit ${quoteUnit}`);
  return F.of(price).over(F.of(unit.per));
}

/** Replay order: by day, splits before everything else of their day, then in order of `seq`. */
export function replayOrder(trades: readonly Trade[]): Trade[] {
  const rank = (trade: Trade): number => (trade.type === 'split' ? 0 : 1);
  return [...trades].toSorted((a, b) =>
    a.date < b.date ? -1 : a.date > b.date ? 1 : rank(a) - rank(b) || a.seq - b.seq,
  );
}

/** qty × price in the portfolio's currency, without fees. */
function gross(trade: Trade): Fraction {
  return F.of(trade.qty).times(majorPrice(trade.price, trade.quoteUnit)).times(rateOf(trade));
}

function rateOf(trade: Trade): Fraction {
  return trade.fxRate === undefined ? ONE : F.of(trade.fxRate);
}

function feesOf(trade: Trade): Fraction {
  return F.of(trade.fees ?? '0').times(rateOf(trade));
}

function leave(before: Position, trade: Trade, proceeds: Fraction | null): Position {
  const qty = F.of(trade.qty);
  const last = qty.compare(before.qty) === 0;
  const cost = last ? before.costBasis : before.costBasis.times(qty).over(before.qty);
  const gain = proceeds === null ? ZERO : proceeds.minus(cost);
  return {
    ...before,
    qty: before.qty.minus(qty),
    costBasis: before.costBasis.minus(cost),
    realised: before.realised.plus(gain),
  };
}

function apply(before: Position, trade: Trade): Position {
  switch (trade.type) {
    case 'opening':
    case 'buy':
    case 'transfer_in':
      return {
        ...before,
        qty: before.qty.plus(F.of(trade.qty)),
        costBasis: before.costBasis.plus(gross(trade)).plus(feesOf(trade)),
      };
    case 'sell':
      return leave(before, trade, gross(trade).minus(feesOf(trade)));
    case 'transfer_out':
      return leave(before, trade, null);
    case 'split':
      return {
        ...before,
        qty: before.qty.times(new F(BigInt(trade.splitTo ?? 1), BigInt(trade.splitFrom ?? 1))),
      };
    case 'dividend':
    case 'interest':
      return { ...before, income: before.income.plus(gross(trade)).minus(feesOf(trade)) };
    case 'fee':
    case 'tax':
      return { ...before, income: before.income.minus(gross(trade)).minus(feesOf(trade)) };
  }
}

/** How a store rounds what it keeps after each trade; without it everything stays exact. */
export interface Keeping {
  places: number;
  rounding: Rounding;
}

function kept(position: Position, keeping: Keeping | undefined): Position {
  if (keeping === undefined) return position;
  const round = (value: Fraction): Fraction => value.round(keeping.places, keeping.rounding);
  return {
    qty: round(position.qty),
    costBasis: round(position.costBasis),
    realised: round(position.realised),
    income: round(position.income),
  };
}

/** Replays a history in its proper order, whatever order it is given in. Selling more than is held refuses the whole. */
export function replay(trades: readonly Trade[], keeping?: Keeping): Replay {
  let position = NOTHING;
  const steps: Array<{ seq: number; position: Position }> = [];
  for (const trade of replayOrder(trades)) {
    const leaves = trade.type === 'sell' || trade.type === 'transfer_out';
    if (leaves && F.of(trade.qty).compare(position.qty) > 0) {
      return {
        ok: false,
        error: 'oversold',
        seq: trade.seq,
        date: trade.date,
        held: position.qty,
        wanted: F.of(trade.qty),
      };
    }
    position = kept(apply(position, trade), keeping);
    steps.push({ seq: trade.seq, position });
  }
  return { ok: true, position, steps };
}

/** Cost of one unit, for display; null when nothing is held. */
export function averageCost(position: Position): Fraction | null {
  return position.qty.isZero() ? null : position.costBasis.over(position.qty);
}

export interface Priced {
  qty: string;
  price: string;
  currency: string;
  quoteUnit?: string;
}

export type Valued =
  | { ok: true; value: Fraction; rate: Fraction; rateDate: string }
  | { ok: false; missing: string };

/** The value of a holding in the portfolio's currency on a day, or what is missing for it. */
export function valueOf(holding: Priced, base: string, day: string, rates: EuroRates): Valued {
  const local = F.of(holding.qty).times(majorPrice(holding.price, holding.quoteUnit));
  const answer = crossRate(rates, holding.currency, base, day);
  if (!answer.ok) return { ok: false, missing: answer.gap };
  return { ok: true, value: local.times(answer.rate), rate: answer.rate, rateDate: answer.date };
}

/** The value of several holdings: the sum of those that can be valued, and what the sum leaves out. */
export function totalValue(
  holdings: readonly Priced[],
  base: string,
  day: string,
  rates: EuroRates,
): { value: Fraction; missing: string[] } {
  let value = ZERO;
  const missing: string[] = [];
  for (const holding of holdings) {
    const valued = valueOf(holding, base, day, rates);
    if (valued.ok) value = value.plus(valued.value);
    else missing.push(valued.missing);
  }
  return { value, missing };
}
