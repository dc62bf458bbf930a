/**
 * A holding from day to day: value, what came and went, and what each day brought by price, currency and income.
 *
 * Source of the rules: docs/calculations.md, "Daily values".
 */
import {
  applyTrade,
  isOutlay,
  netInTradeCurrency,
  tradeTotal,
  type LedgerTrade,
  type Position,
} from '@pm/domain/ledger';
import { ONE, roundAmount, ZERO, type Decimal } from '@pm/domain/money';

import { dayNumber } from './day-number.ts';

/** The price that stood for a holding in the evening of a day. */
export type DayPrice = {
  readonly close: Decimal;
  readonly currency: string;
  /** Number of the day that the price is of; never a later one than the day that it stands for. */
  readonly day: number;
};

/** Prices and rates as they were known each evening; null where there was none. */
export type DayMarket = {
  readonly price: (holdingId: string, day: number) => DayPrice | null;
  /** Units of the portfolio's currency for one of `currency`. */
  readonly rate: (currency: string, day: number) => Decimal | null;
};

/** Units on their way to a holding: they count with it from the day they leave. Days by number. */
export type Transit = {
  readonly qty: Decimal;
  readonly cost: Decimal;
  readonly leftOn: number;
  readonly arrivesOn: number;
};

/** What is known of a holding before the first day asked for. */
export type HoldingPast = {
  readonly id: string;
  /** In the evening before. */
  readonly position: Position;
  /** From the first day on. */
  readonly trades: readonly LedgerTrade[];
  /** Every split of its history: an older price is scaled by those since. */
  readonly splits: readonly LedgerTrade[];
  /** Also those that had left before the first day. */
  readonly transits?: readonly Transit[];
};

/** Amounts in the portfolio's currency. price + currency + income = value − value before − flow. */
export type HoldingDay = {
  /** What counts in the evening: what is held, and what is on its way to it. */
  readonly position: Position;
  /** In the evening; null when something is held and price or rate is not known. */
  readonly value: Decimal | null;
  /** What came in (above zero) or went out, of whatever kind. */
  readonly flow: Decimal;
  /** Dividends and interest less charges of their own. */
  readonly income: Decimal;
  /** What the exchange rate did. */
  readonly currency: Decimal;
  /** Days since the price that the value rests on; 0 where none is needed. */
  readonly priceAge: number;
};

/** A day with what is held by the ledger alone, from which the days after it go on. */
export type LedgerDay = HoldingDay & { readonly ledger: Position };

export type HoldingHistory = {
  /** In the evening before the first day, at the price known then; null when it is not known. */
  readonly valueBefore: Decimal | null;
  readonly days: readonly LedgerDay[];
};

/** What is held in the evening, in the currency of its price. */
type Evening = {
  readonly value: Decimal | null;
  readonly local: Decimal;
  readonly currency: string | null;
  readonly price: Decimal;
  readonly rate: Decimal;
  readonly priceAge: number;
};

const NOTHING: Evening = { value: ZERO, local: ZERO, currency: null, price: ZERO, rate: ONE, priceAge: 0 };

/** A price from before a split counts for the units after it at the split's ratio. */
const splitRatio = (splits: readonly LedgerTrade[], priceDay: number, day: number): Decimal => {
  let ratio = ONE;
  for (const { split, date } of splits) {
    if (split === null) continue;
    const on = dayNumber(date);
    if (priceDay < on && on <= day) ratio = ratio.times(split.denominator).div(split.numerator);
  }
  return ratio;
};

/** Price × rate of one unit in the evening of a day. */
type Unit = {
  readonly price: Decimal;
  readonly currency: string;
  readonly rate: Decimal;
  readonly age: number;
};

const unitOn = (past: HoldingPast, market: DayMarket, day: number): Unit | null => {
  const quote = market.price(past.id, day);
  if (quote === null) return null;
  const rate = market.rate(quote.currency, day);
  if (rate === null) return null;
  const price =
    past.splits.length === 0 ? quote.close : quote.close.times(splitRatio(past.splits, quote.day, day));
  return { price, currency: quote.currency, rate, age: day - quote.day };
};

const eveningOf = ({ qty }: Position, unit: Unit | null): Evening => {
  if (qty.isZero()) return NOTHING;
  if (unit === null) return { ...NOTHING, value: null };
  const local = qty.times(unit.price);
  const value = roundAmount(local.times(unit.rate));
  return {
    value,
    local,
    currency: unit.currency,
    price: unit.price,
    rate: unit.rate,
    priceAge: unit.age,
  };
};

const UNITS_IN: ReadonlySet<string> = new Set(['opening', 'transfer_in']);
const OF_INCOME: ReadonlySet<string> = new Set(['dividend', 'interest', 'fee', 'tax']);

/** What the trades of one day move. */
type Moved = {
  readonly position: Position;
  /** In the portfolio's currency, at the rates of the trades. */
  readonly money: Decimal;
  /** Units that came without money, to be valued at the price of the day. */
  readonly units: Decimal;
  readonly income: Decimal;
  /** What the rate of the day did to money that was paid at another one. */
  readonly currency: Decimal;
};

const moneyMoved = (trade: LedgerTrade): Decimal => {
  const total = tradeTotal(trade);
  return isOutlay(trade.type) ? total : ZERO.minus(total);
};

const movedBy = (before: Position, trades: readonly LedgerTrade[], unit: Unit | null): Moved => {
  let [position, money, units, income, currency] = [before, ZERO, ZERO, ZERO, ZERO];
  for (const trade of trades) {
    const step = applyTrade(position, trade);
    if ('oversold' in step) throw new Error(`stored trades of holding ${trade.holdingId} do not replay`);
    position = step.position;
    if (trade.type === 'split') continue;
    if (UNITS_IN.has(trade.type)) units = units.plus(trade.qty);
    else if (trade.type === 'transfer_out') units = units.minus(trade.qty);
    else {
      const moved = moneyMoved(trade);
      money = money.plus(moved);
      // What a dividend brings goes out of the holding, what a charge costs comes in to pay it.
      if (OF_INCOME.has(trade.type)) income = income.minus(moved);
      else if (unit !== null && trade.currency === unit.currency) {
        const net = netInTradeCurrency(trade);
        const local = isOutlay(trade.type) ? net : ZERO.minus(net);
        currency = currency.plus(roundAmount(local.times(unit.rate)).minus(moved));
      }
    }
  }
  return { position, money, units, income, currency };
};

/** What the change of the rate did to what was held the evening before. */
const rateEffect = (before: Evening, now: Evening, unit: Unit | null): Decimal => {
  if (unit === null || before.currency !== unit.currency || before.rate.equals(unit.rate)) return ZERO;
  return now.value === null ? ZERO : roundAmount(before.local.times(unit.rate.minus(before.rate)));
};

/**
 * A holding without a price or rate is not in the reckoning: it leaves with its last known value and comes back with
 * the first new one, so that no gain is made up for days that nobody knows.
 */
const dayOf = (before: Evening, moved: Moved, unit: Unit | null): { day: HoldingDay; evening: Evening } => {
  const evening = eveningOf(moved.position, unit);
  const { position } = moved;
  const none = { income: ZERO, currency: ZERO, priceAge: evening.priceAge };
  if (evening.value === null) {
    const flow = before.value === null ? ZERO : ZERO.minus(before.value);
    return { day: { position, value: null, flow, ...none }, evening };
  }
  if (before.value === null) {
    return { day: { position, value: evening.value, flow: evening.value, ...none }, evening };
  }
  if (unit === null && !moved.units.isZero()) {
    // Everything was carried off on a day without a price: at what it was last worth.
    return { day: { position, value: ZERO, flow: ZERO.minus(before.value), ...none }, evening };
  }
  const inUnits =
    moved.units.isZero() || unit === null
      ? ZERO
      : roundAmount(moved.units.times(unit.price).times(unit.rate));
  const flow = moved.money.plus(inUnits);
  const currency = moved.currency.plus(rateEffect(before, evening, unit));
  return {
    day: { position, value: evening.value, flow, income: moved.income, currency, priceAge: evening.priceAge },
    evening,
  };
};

/** A day on which nothing happened and nothing changed. */
const quiet = (ledger: Position, position: Position, { value, priceAge }: Evening): LedgerDay => ({
  ledger,
  position,
  value,
  flow: ZERO,
  income: ZERO,
  currency: ZERO,
  priceAge,
});

/** The same price at the same rate: the value stays as it is. */
const sameDay = (before: Evening, unit: Unit | null): boolean =>
  unit === null
    ? before.value === null
    : before.value !== null &&
      before.currency === unit.currency &&
      before.rate.equals(unit.rate) &&
      before.price.equals(unit.price);

/** What a holding has, with what is on its way to it in the evening of a day. */
const withTransits = (position: Position, transits: readonly Transit[], day: number): Position =>
  transits.reduce(
    (sum, { qty, cost, leftOn, arrivesOn }) =>
      leftOn <= day && day < arrivesOn ? { qty: sum.qty.plus(qty), cost: sum.cost.plus(cost) } : sum,
    position,
  );

/** What the trades of a day moved, with units counted on the day they left and not again when they arrive. */
const movedWithTransits = (moved: Moved, transits: readonly Transit[], day: number): Moved => {
  const units = transits.reduce((sum, { qty, leftOn, arrivesOn }) => {
    if (leftOn === arrivesOn) return sum;
    if (leftOn === day) return sum.plus(qty);
    return arrivesOn === day ? sum.minus(qty) : sum;
  }, moved.units);
  return { ...moved, position: withTransits(moved.position, transits, day), units };
};

/**
 * The days from `from` to `to` of one holding, by number. Trades of the same day come in replay order.
 * @throws {Error} when the trades do not replay
 */
export const holdingHistory = (
  past: HoldingPast,
  market: DayMarket,
  { from, to }: { readonly from: number; readonly to: number },
): HoldingHistory => {
  const { transits = [] } = past;
  const byDay = Map.groupBy(past.trades, ({ date }) => dayNumber(date));
  const turns = new Set(transits.flatMap(({ leftOn, arrivesOn }) => [leftOn, arrivesOn]));
  let ledger = past.position;
  let counted = withTransits(ledger, transits, from - 1);
  let before = eveningOf(counted, counted.qty.isZero() ? null : unitOn(past, market, from - 1));
  const valueBefore = before.value;
  const days: LedgerDay[] = [];
  for (let day = from; day <= to; day += 1) {
    const trades = byDay.get(day);
    const isStill = trades === undefined && !turns.has(day);
    if (isStill && counted.qty.isZero()) {
      days.push(quiet(ledger, counted, NOTHING));
      continue;
    }
    const unit = unitOn(past, market, day);
    if (isStill && sameDay(before, unit)) {
      before = { ...before, priceAge: unit?.age ?? 0 };
      days.push(quiet(ledger, counted, before));
      continue;
    }
    const moved = movedBy(ledger, trades ?? [], unit);
    const { day: made, evening } = dayOf(before, movedWithTransits(moved, transits, day), unit);
    ledger = moved.position;
    counted = made.position;
    days.push({ ...made, ledger });
    before = evening;
  }
  return { valueBefore, days };
};
