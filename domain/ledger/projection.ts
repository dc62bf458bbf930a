/**
 * A holding's quantity and cost are a projection of its trades: they are what replaying the trades gives, in the order
 * day, splits first, order of recording, and nothing else (docs/calculations.md, "Average cost").
 *
 * Contents: Position · LedgerStep · Totals · Oversold · Terms · applyTrade · replayBook · replay · averageCost
 */
import { roundAmount, ZERO, type Decimal } from '@pm/domain/money';

import { AVERAGE_COST, type CostMethod, type Lot } from './cost-method.ts';
import { inReplayOrder, moneyAt, type LedgerTrade, type TradeMoney } from './trade.ts';

export type Position = { readonly qty: Decimal; readonly cost: Decimal };

/** A trade with the position after it and what it did, in the currency of the replay. */
export type LedgerStep = {
  readonly trade: LedgerTrade;
  readonly position: Position;
  /** What it moved; of a transfer, the cost that it carries. */
  readonly money: TradeMoney;
  /** Cost of the units that it took out of the holding. */
  readonly released: Decimal;
  /** What those units brought, less their cost. */
  readonly realised: Decimal;
};

/**
 * Sums over a replay. The identity that every gain rests on:
 * proceeds + income − purchases − fees − taxes + cost = realised + incomeGain.
 */
export type Totals = {
  /** Gross: what was bought, deposited, entered as an opening or transferred in. */
  readonly purchases: Decimal;
  /** Gross: what was sold, withdrawn or transferred out. */
  readonly proceeds: Decimal;
  /** Gross dividends and interest. */
  readonly income: Decimal;
  readonly fees: Decimal;
  readonly taxes: Decimal;
  /** Net proceeds less the cost of what was sold. */
  readonly realised: Decimal;
  /** Dividends and interest less what was charged on them and less fees and taxes that belong to no purchase or sale. */
  readonly incomeGain: Decimal;
};

/** The trade that would take more than is held at that point of the history. */
export type Oversold = { readonly oversold: true; readonly trade: LedgerTrade; readonly held: Decimal };

export type HoldingReplay = {
  readonly steps: readonly LedgerStep[];
  readonly position: Position;
  readonly totals: Totals;
  /** What is held, by what it is made of: one pool, or the lots that are left. */
  readonly lots: readonly Lot[];
};

/** In which currency a replay reckons. */
export type Terms = {
  /** Units of it for one unit of the trade's currency. */
  readonly rateOf: (trade: LedgerTrade) => Decimal;
  /** The cost with which units arrive whose other end is not in the replay. */
  readonly arriving: (trade: LedgerTrade) => Decimal;
  /** The cost with which units arrive that left the holding at the other end with `cost`. */
  readonly carried: (trade: LedgerTrade, cost: Decimal) => Decimal;
};

/** The portfolio's currency, at the rates stored with the trades. */
export const PORTFOLIO_TERMS: Terms = {
  rateOf: (trade) => trade.fxRate,
  arriving: (trade) => trade.carriedCost ?? ZERO,
  carried: (trade, cost) => roundAmount(cost.times(trade.fxRate)),
};

export const EMPTY_POSITION: Position = { qty: ZERO, cost: ZERO };
const NO_TOTALS: Totals = {
  purchases: ZERO,
  proceeds: ZERO,
  income: ZERO,
  fees: ZERO,
  taxes: ZERO,
  realised: ZERO,
  incomeGain: ZERO,
};

/** A holding while it is replayed. */
type Book = {
  position: Position;
  totals: Totals;
  readonly lots: Lot[];
  readonly steps: LedgerStep[];
};

type Change = { readonly position: Position; readonly released: Decimal; readonly realised: Decimal };

const unchanged = (position: Position): Change => ({ position, released: ZERO, realised: ZERO });

/**
 * Moves units in (`qty` > 0) or out (< 0) for `cost` (what they cost; the proceeds, negative). Units of the other sign
 * are closed first: a sale takes from what is held, a payment into overdrawn cash fills the gap; the rest is added.
 */
const moveUnits = (
  book: Book,
  method: CostMethod,
  trade: LedgerTrade,
  { qty, cost }: { readonly qty: Decimal; readonly cost: Decimal },
): Change => {
  const { position, lots } = book;
  const isOpposed = !position.qty.isZero() && position.qty.isNegative() !== qty.isNegative();
  const size = qty.abs();
  const closed = !isOpposed ? ZERO : size.lessThan(position.qty.abs()) ? size : position.qty.abs();
  const isAllClosed = closed.equals(size);
  const costOfClosed = isAllClosed
    ? cost
    : closed.isZero()
      ? ZERO
      : roundAmount(cost.times(closed).div(size));
  const released = closed.isZero() ? ZERO : method.take(lots, closed);
  const added = cost.minus(costOfClosed);
  if (!isAllClosed) {
    const rest = size.minus(closed);
    const units = qty.isNegative() ? rest.neg() : rest;
    method.add(lots, { qty: units, cost: added, date: trade.date, tradeId: trade.id });
  }
  return {
    position: { qty: position.qty.plus(qty), cost: position.cost.minus(released).plus(added) },
    released,
    realised: closed.isZero() ? ZERO : costOfClosed.neg().minus(released),
  };
};

/** Scales what is held. Units that a consolidation rounds away altogether are lost with their cost. */
const splitUnits = (book: Book, trade: LedgerTrade): Change => {
  const { position, lots } = book;
  if (trade.split === null || position.qty.isZero()) return unchanged(position);
  const { numerator, denominator } = trade.split;
  const scaled = (qty: Decimal): Decimal => roundAmount(qty.times(numerator).div(denominator));
  const qty = scaled(position.qty);
  if (qty.isZero()) {
    lots.length = 0;
    return { position: EMPTY_POSITION, released: position.cost, realised: position.cost.neg() };
  }
  let left = qty;
  for (const [at, lot] of lots.entries()) {
    // The last lot takes what rounding leaves, so that the lots add up to what is held.
    const units = at === lots.length - 1 ? left : scaled(lot.qty);
    left = left.minus(units);
    lots[at] = { ...lot, qty: units };
  }
  return unchanged({ qty, cost: position.cost });
};

const INWARD: ReadonlySet<string> = new Set(['buy', 'opening', 'deposit', 'transfer_in']);
const OUTWARD: ReadonlySet<string> = new Set(['sell', 'withdrawal', 'transfer_out']);

const tally = (totals: Totals, { trade, money, realised }: LedgerStep): Totals => {
  const { type } = trade;
  const { gross, fees, taxes } = money;
  const isIncome = type === 'dividend' || type === 'interest';
  const isCharge = type === 'fee' || type === 'tax';
  return {
    purchases: INWARD.has(type) ? totals.purchases.plus(gross) : totals.purchases,
    proceeds: OUTWARD.has(type) ? totals.proceeds.plus(gross) : totals.proceeds,
    income: isIncome ? totals.income.plus(gross) : totals.income,
    fees: totals.fees.plus(fees).plus(type === 'fee' ? gross : ZERO),
    taxes: totals.taxes.plus(taxes).plus(type === 'tax' ? gross : ZERO),
    realised: totals.realised.plus(realised),
    incomeGain: isIncome
      ? totals.incomeGain.plus(money.total)
      : isCharge
        ? totals.incomeGain.minus(money.total)
        : totals.incomeGain,
  };
};

type Replaying = {
  readonly method: CostMethod;
  readonly terms: Terms;
  /** Costs under way, by the event of the transfer. */
  readonly carried: Map<string, Decimal>;
};

const transferMoney = (cost: Decimal): TradeMoney => ({ gross: cost, fees: ZERO, taxes: ZERO, total: cost });

const transferIn = (book: Book, trade: LedgerTrade, { method, terms, carried }: Replaying): LedgerStep => {
  const left = trade.eventId === null ? undefined : carried.get(trade.eventId);
  const cost = left === undefined ? terms.arriving(trade) : terms.carried(trade, left);
  return { trade, money: transferMoney(cost), ...moveUnits(book, method, trade, { qty: trade.qty, cost }) };
};

/** A transfer takes the cost of its units along and realises nothing. */
const transferOut = (book: Book, trade: LedgerTrade, { method, carried }: Replaying): LedgerStep => {
  const cost = method.take(book.lots, trade.qty);
  if (trade.eventId !== null) carried.set(trade.eventId, cost);
  const position = { qty: book.position.qty.minus(trade.qty), cost: book.position.cost.minus(cost) };
  return { trade, money: transferMoney(cost), position, released: cost, realised: ZERO };
};

const stepOf = (book: Book, trade: LedgerTrade, replaying: Replaying): LedgerStep => {
  if (trade.type === 'transfer_in') return transferIn(book, trade, replaying);
  if (trade.type === 'transfer_out') return transferOut(book, trade, replaying);
  const { method, terms } = replaying;
  const money = moneyAt(trade, terms.rateOf(trade));
  if (trade.type === 'split') return { trade, money, ...splitUnits(book, trade) };
  if (INWARD.has(trade.type)) {
    return { trade, money, ...moveUnits(book, method, trade, { qty: trade.qty, cost: money.total }) };
  }
  if (OUTWARD.has(trade.type)) {
    return {
      trade,
      money,
      ...moveUnits(book, method, trade, { qty: trade.qty.neg(), cost: money.total.neg() }),
    };
  }
  return { trade, money, ...unchanged(book.position) };
};

/** Cash may be overdrawn where that was asked for; a transfer takes what is there. */
const isOversold = (book: Book, trade: LedgerTrade): boolean =>
  OUTWARD.has(trade.type) &&
  !(trade.overdraw && trade.type !== 'transfer_out') &&
  book.position.qty.lessThan(trade.qty);

/** The position after one more trade, at average cost; the trade must come last in the replay. */
export const applyTrade = (before: Position, trade: LedgerTrade): LedgerStep | Oversold => {
  const lots = before.qty.isZero() ? [] : [{ ...before, date: trade.date, tradeId: trade.id }];
  const book: Book = { position: before, totals: NO_TOTALS, lots, steps: [] };
  if (isOversold(book, trade)) return { oversold: true, trade, held: before.qty };
  return stepOf(book, trade, { method: AVERAGE_COST, terms: PORTFOLIO_TERMS, carried: new Map() });
};

export type ReplayOptions = { readonly method?: CostMethod; readonly terms?: Terms };

/**
 * Replays the trades of several holdings together, whatever order they come in, so that what a transfer carries from one
 * reaches the other. @returns each holding by its id, or the first trade that takes more than is held
 */
export const replayBook = (
  trades: readonly LedgerTrade[],
  { method = AVERAGE_COST, terms = PORTFOLIO_TERMS }: ReplayOptions = {},
): ReadonlyMap<string, HoldingReplay> | Oversold => {
  const books = new Map<string, Book>();
  const replaying: Replaying = { method, terms, carried: new Map() };
  for (const trade of trades.toSorted(inReplayOrder)) {
    const book: Book = books.get(trade.holdingId) ?? {
      position: EMPTY_POSITION,
      totals: NO_TOTALS,
      lots: [],
      steps: [],
    };
    books.set(trade.holdingId, book);
    if (isOversold(book, trade)) return { oversold: true, trade, held: book.position.qty };
    const step = stepOf(book, trade, replaying);
    book.position = step.position;
    book.totals = tally(book.totals, step);
    book.steps.push(step);
  }
  return books;
};

/** Replays the history of one holding. */
export const replay = (
  trades: readonly LedgerTrade[],
  options: ReplayOptions = {},
): HoldingReplay | Oversold => {
  const result = replayBook(trades, options);
  if ('oversold' in result) return result;
  const [only = { steps: [], position: EMPTY_POSITION, totals: NO_TOTALS, lots: [] }] = result.values();
  return only;
};

/** Average cost of one unit, derived for display only; null when nothing is held or the cost was never given. */
export const averageCost = (position: Position): Decimal | null =>
  position.qty.isZero() || position.cost.isZero() ? null : roundAmount(position.cost.div(position.qty));
