import { roundAmount, ZERO, type Decimal } from '@pm/domain/money';

/** Everything that can happen to a holding. */
export const TRADE_TYPES = [
  'buy',
  'sell',
  'opening',
  'dividend',
  'interest',
  'fee',
  'tax',
  'split',
  'deposit',
  'withdrawal',
  'transfer_in',
  'transfer_out',
] as const;
export type TradeType = (typeof TRADE_TYPES)[number];

/** A trade's part in its event: what happened, its cash, the units that a dividend bought, the other end of a transfer. */
export const LEGS = ['primary', 'settlement', 'reinvestment', 'counterpart'] as const;
export type Leg = (typeof LEGS)[number];

/** One trade of one holding. Amounts are in `currency` unless they say otherwise; those that a type lacks are zero. */
export type LedgerTrade = {
  readonly id: string;
  readonly holdingId: string;
  readonly type: TradeType;
  readonly date: Temporal.PlainDate;
  /** Order of recording, which is the order within a day. */
  readonly seq: number;
  /** Units; for cash, the amount. */
  readonly qty: Decimal;
  /** Price of one unit. */
  readonly price: Decimal;
  /** Gross sum of a dividend, interest, fee or tax, and the cost that a transfer from elsewhere brings; else null. */
  readonly amount: Decimal | null;
  readonly fees: Decimal;
  readonly taxes: Decimal;
  readonly currency: string;
  /** Units of the portfolio's currency for one unit of `currency`. */
  readonly fxRate: Decimal;
  /** Units after a split for so many before it; null for every other type. */
  readonly split: { readonly numerator: Decimal; readonly denominator: Decimal } | null;
  /** Cost that a transfer takes along, in the portfolio's currency; null for every other type. */
  readonly carriedCost: Decimal | null;
  /** Joins the legs of one event; null for a trade that is an event by itself. */
  readonly eventId: string | null;
  readonly leg: Leg;
  /** This leg may take cash below zero. */
  readonly overdraw: boolean;
};

/** What a trade moves, in one currency. `total` is gross with fees and taxes added (outlays) or taken off (receipts). */
export type TradeMoney = {
  readonly gross: Decimal;
  readonly fees: Decimal;
  readonly taxes: Decimal;
  readonly total: Decimal;
};

/** Replay order: the day, then splits, then the order of recording. */
export const inReplayOrder = (a: LedgerTrade, b: LedgerTrade): number =>
  Temporal.PlainDate.compare(a.date, b.date) ||
  Number(a.type !== 'split') - Number(b.type !== 'split') ||
  a.seq - b.seq;

const RECEIPTS: ReadonlySet<TradeType> = new Set([
  'sell',
  'dividend',
  'interest',
  'withdrawal',
  'transfer_out',
]);

/** Whether fees and taxes make a trade dearer (a purchase, a fee), and not what it brings smaller (a sale, a dividend). */
export const isOutlay = (type: TradeType): boolean => !RECEIPTS.has(type);

/** The gross sum of a trade in its own currency, unrounded: quantity × price, or the amount where one says it exactly. */
const grossOf = (trade: LedgerTrade): Decimal => {
  switch (trade.type) {
    case 'split':
      return ZERO;
    case 'deposit':
    case 'withdrawal':
      return trade.qty;
    case 'transfer_in':
    case 'transfer_out':
      return trade.amount ?? ZERO;
    default:
      return trade.amount ?? trade.qty.times(trade.price);
  }
};

/** What a trade costs or brings net of fees and taxes, in its own currency, unrounded. */
export const netInTradeCurrency = (trade: LedgerTrade): Decimal => {
  const charges = trade.fees.plus(trade.taxes);
  return isOutlay(trade.type) ? grossOf(trade).plus(charges) : grossOf(trade).minus(charges);
};

/**
 * What a trade moves, at `rate`, to the 18 places of a stored amount. The parts are rounded so that they add up to the
 * total exactly.
 */
export const moneyAt = (trade: LedgerTrade, rate: Decimal): TradeMoney => {
  const total = roundAmount(netInTradeCurrency(trade).times(rate));
  const fees = roundAmount(trade.fees.times(rate));
  const taxes = roundAmount(trade.taxes.times(rate));
  const charges = fees.plus(taxes);
  return { total, fees, taxes, gross: isOutlay(trade.type) ? total.minus(charges) : total.plus(charges) };
};

/** What a trade costs (with fees and taxes) or brings (less them), in the portfolio's currency, to 18 places. */
export const tradeTotal = (trade: LedgerTrade): Decimal =>
  trade.carriedCost ?? moneyAt(trade, trade.fxRate).total;
