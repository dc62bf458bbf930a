/**
 * Holdings with their value: quantity × price × rate less what is owed, each with what it rests on.
 *
 * Contents: Moment · momentOf · valuePortfolio · valueHoldings · valueAlso · rowAsValued · owedAnswer · valuationAnswer
 */
import type { HoldingValue, Owed } from '@pm/contracts/valuation';
import { dayIn, endOfDay, FIRST_LEDGER_DAY, isAfter, isBefore, parseDay } from '@pm/domain/calendar';
import { EMPTY_POSITION, replay } from '@pm/domain/ledger';
import type { LedgerTrade, Position } from '@pm/domain/ledger';
import { currency, dec, decimalText, HUNDRED, isCurrency, ONE } from '@pm/domain/money';
import { choosePrice, isStale, lessDebt, valueOf } from '@pm/domain/valuation';
import type { Debt, Owed as OwedAmount, PriceQuote, Unvalued, Valued } from '@pm/domain/valuation';
import type { Static } from 'typebox';

import { debtsOn, ledgerTrade, listHoldings, tradesUntil } from '#features/ledger';
import type { HeldRow, HoldingRow } from '#features/ledger';
import { findRatesOn, pricesAt, rateAnswer } from '#features/market-data';
import type { Rates } from '#features/market-data';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import { perUnit, sinceSplits } from './since-splits.ts';
import type { OfUnits } from './since-splits.ts';

/** When a valuation is for: now, or the end of a past day in the person's time zone. */
export type Moment = {
  /** The instant up to which prices count. */
  readonly instant: Temporal.Instant;
  /** The day whose rates count and up to which trades count. */
  readonly day: Temporal.PlainDate;
  readonly isNow: boolean;
  /** Where the person is: their days begin and end there. */
  readonly timezone: string;
};

/** @throws {AppError} 422 naming `asOf` for a day that is none, is still to come or is before any ledger */
export const momentOf = (asOf: string | undefined, now: Temporal.Instant, timezone: string): Moment => {
  const today = dayIn(now, timezone);
  if (asOf === undefined || asOf === today.toString()) {
    return { instant: now, day: today, isNow: true, timezone };
  }
  const day = parseDay(asOf);
  if (day === null) throw unprocessable('invalid_date', 'asOf is not a day of the calendar.', 'asOf');
  if (isBefore(day, FIRST_LEDGER_DAY)) {
    throw unprocessable('invalid_date', `asOf must not be before ${FIRST_LEDGER_DAY.toString()}.`, 'asOf');
  }
  if (isAfter(day, today)) {
    throw unprocessable('invalid_date', `asOf is in the future; today is ${today.toString()}.`, 'asOf');
  }
  return { instant: endOfDay(day, timezone), day, isNow: false, timezone };
};

/** A holding with its position and value at a moment. */
export type ValuedRow<R extends HeldRow = HoldingRow> = {
  readonly row: R;
  readonly position: Position;
  readonly valued: Valued | Unvalued;
};

/** Every holding of a portfolio, valued; on a past day with the quantities of that day. */
export const valuePortfolio = async (tx: Tx, portfolioId: string, moment: Moment): Promise<ValuedRow[]> =>
  valueHoldings(tx, await listHoldings(tx, portfolioId), moment);

/** Values holdings of one portfolio in a few statements, however many they are. Quantities are those of the moment. */
export const valueHoldings = async <R extends HeldRow>(
  tx: Tx,
  rows: readonly R[],
  moment: Moment,
): Promise<ValuedRow<R>[]> => (await valueAlso(tx, rows, moment, [])).valued;

/** Holdings valued at a moment, and what the same quantities were worth at others. */
export type ValuedAlso<R extends HeldRow> = {
  readonly valued: ValuedRow<R>[];
  /** By moment, in the order asked for, each by the holding's id. */
  readonly others: readonly ReadonlyMap<string, Valued | Unvalued>[];
};

/**
 * Values holdings at a moment, and the quantities and debts of that moment at others, with the same few statements.
 */
export const valueAlso = async <R extends HeldRow>(
  tx: Tx,
  rows: readonly R[],
  moment: Moment,
  others: readonly Moment[],
): Promise<ValuedAlso<R>> => {
  const positions = moment.isNow ? null : await positionsOn(tx, rows, moment.day);
  const debts = await debtsAt(tx, rows, moment.day);
  const markets = await marketsAt(tx, rows, debts, [moment, ...others]);
  const [market, ...otherMarkets] = await sinceSplits(tx, rows, moment, markets);
  const valued = rows.map((row) => {
    const position =
      positions === null
        ? { qty: dec(row.qty), cost: dec(row.cost_basis) }
        : (positions.get(row.id) ?? EMPTY_POSITION);
    return { row, position, valued: valueRow(row, position, debts, market) };
  });
  return {
    valued,
    others: otherMarkets.map(
      (other) => new Map(valued.map(({ row, position }) => [row.id, valueRow(row, position, debts, other)])),
    ),
  };
};

/** Prices by instrument and rates by pair at one moment. */
type Market = { readonly prices: ReadonlyMap<string, PriceQuote>; readonly rates: Rates };

type MarketOfUnits = OfUnits<Market>;

const NO_MARKET: MarketOfUnits = { prices: new Map(), rates: new Map(), unitsPer: () => ONE };

/** By holding. */
type Debts = ReadonlyMap<string, Debt>;

/** What is owed on a day; most portfolios owe nothing and are not asked. */
const debtsAt = async (tx: Tx, rows: readonly HeldRow[], day: Temporal.PlainDate): Promise<Debts> => {
  const ids = rows.filter((row) => row.has_debt).map((row) => row.id);
  const found = ids.length === 0 ? [] : await debtsOn(tx, ids, day);
  return new Map(
    found.map((row) => [
      row.holding_id,
      { amount: dec(row.amount), currency: currency(row.currency), since: row.date },
    ]),
  );
};

const valueRow = (
  row: HeldRow,
  position: Position,
  debts: Debts,
  { prices, rates, unitsPer }: MarketOfUnits = NO_MARKET,
): Valued | Unvalued => {
  if (row.instrument_id === null) return { missing: 'instrument', price: null };
  const found = prices.get(row.instrument_id);
  const price = found === undefined ? null : perUnit(found, unitsPer(row, found));
  const rateOf = (code: string) => rates.get(`${code}/${row.base_currency}`) ?? null;
  const assets = valueOf(position.qty, price, price === null ? null : rateOf(price.currency));
  const debt = debts.get(row.id);
  if (debt === undefined || debt.amount.isZero() || position.qty.isZero()) return assets;
  return lessDebt(assets, debt, rateOf(debt.currency));
};

const positionsOn = async (
  tx: Tx,
  rows: readonly HeldRow[],
  day: Temporal.PlainDate,
): Promise<Map<string, Position>> => {
  const byHolding = new Map<string, LedgerTrade[]>();
  for (const portfolioId of new Set(rows.map((row) => row.portfolio_id))) {
    for (const trade of await tradesUntil(tx, portfolioId, day)) {
      const trades = byHolding.get(trade.holding_id) ?? [];
      trades.push(ledgerTrade(trade));
      byHolding.set(trade.holding_id, trades);
    }
  }
  const positions = new Map<string, Position>();
  for (const [holdingId, trades] of byHolding) {
    const result = replay(trades);
    if ('oversold' in result) throw new Error(`stored trades of holding ${holdingId} do not replay`);
    positions.set(holdingId, result.position);
  }
  return positions;
};

/** What the rows need of each moment: the prices of all in one statement, the rates in another. */
const marketsAt = async (
  tx: Tx,
  rows: readonly HeldRow[],
  debts: Debts,
  moments: readonly Moment[],
): Promise<readonly Market[]> => {
  const wanted = new Set<string>();
  for (const row of rows) if (row.instrument_id !== null && !isPlainCash(row)) wanted.add(row.instrument_id);
  const found = await pricesAt(
    tx,
    [...wanted],
    moments.map((moment) => (moment.isNow ? { now: moment.instant } : { asOf: moment.instant })),
  );
  const prices = moments.map((moment, at) => chosenPrices(rows, moment, found[at] ?? new Map()));
  const pairs = new Map(
    prices.flatMap((chosen) => pairsOf(rows, chosen, debts)).map((pair) => [`${pair.from}/${pair.to}`, pair]),
  );
  const rates = await findRatesOn(
    tx,
    [...pairs.values()],
    moments.map((moment) => moment.day),
  );
  return prices.map((chosen, at) => ({ prices: chosen, rates: rates[at] ?? NO_MARKET.rates }));
};

const chosenPrices = (
  rows: readonly HeldRow[],
  moment: Moment,
  found: Awaited<ReturnType<typeof pricesAt>>[number],
): ReadonlyMap<string, PriceQuote> => {
  const chosen = new Map<string, PriceQuote>();
  for (const row of rows) {
    const cash = isPlainCash(row) ? cashPrice(row, moment) : null;
    if (cash !== null && row.instrument_id !== null) chosen.set(row.instrument_id, cash);
  }
  for (const [instrumentId, { live, manual }] of found) {
    const price = choosePrice(live, manual, moment.instant);
    if (price) chosen.set(instrumentId, price);
  }
  return chosen;
};

/** Cash of a known currency needs no price. */
const isPlainCash = (row: HeldRow): boolean =>
  row.instrument_type === 'Cash' && isCurrency(row.instrument_currency ?? row.base_currency);

/** One unit of cash is one unit of its currency; null where a fund's file did not say which that is. */
const cashPrice = (row: HeldRow, moment: Moment): PriceQuote | null => {
  const code = row.instrument_currency ?? row.base_currency;
  if (!isCurrency(code)) return null;
  return {
    close: ONE,
    currency: code,
    quoted: { close: ONE, unit: code },
    at: moment.instant,
    kind: 'cash',
    source: 'cash',
  };
};

/** The currencies that prices and debts are in, each with that of the portfolio. */
const pairsOf = (rows: readonly HeldRow[], prices: ReadonlyMap<string, PriceQuote>, debts: Debts) =>
  rows.flatMap((row) => {
    const price = row.instrument_id === null ? undefined : prices.get(row.instrument_id);
    return [price?.currency, debts.get(row.id)?.currency].flatMap((from) =>
      from === undefined ? [] : [{ from, to: currency(row.base_currency) }],
    );
  });

export const priceAnswer = (
  price: PriceQuote,
  moment: Moment,
): NonNullable<Static<typeof HoldingValue>['price']> => ({
  close: decimalText(price.close),
  currency: price.currency,
  quoted: { close: decimalText(price.quoted.close), unit: price.quoted.unit },
  dateTime: price.at.toString(),
  kind: price.kind,
  source: price.source,
  ageSeconds: Math.max(0, Math.floor(price.at.until(moment.instant).total('seconds'))),
  stale: isStale(price, moment.instant),
});

/** The row with the quantity and cost that its value is of. */
export const rowAsValued = ({ row, position }: ValuedRow): HoldingRow => ({
  ...row,
  qty: decimalText(position.qty),
  cost_basis: decimalText(position.cost),
});

/** Gain is said only where the value and a cost are known. What is owed is neither. */
export const gainOf = (row: ValuedRow) =>
  'missing' in row.valued || row.position.cost.isZero() ? null : row.valued.assets.minus(row.position.cost);

/** Part of a whole in per cent, to ten places, as a number; null where the whole is nothing. */
export const percentOf = (part: ReturnType<typeof dec>, whole: ReturnType<typeof dec>): number | null =>
  whole.isZero() ? null : part.times(HUNDRED).div(whole).toDecimalPlaces(10).toNumber();

export const owedAnswer = ({
  amount,
  currency: code,
  since,
  value,
  rate,
}: OwedAmount): Static<typeof Owed> => ({
  amount: decimalText(amount),
  currency: code,
  since: since.toString(),
  value: decimalText(value),
  rate: rateAnswer(rate),
});

const FORMULA = {
  plain: 'quantity × price × rate',
  owing: 'quantity × price × rate − debt × its rate',
} as const;
/** Where the price was divided. */
const SINCE_SPLIT = '; the price is of before a split, for a unit after it';

export const valuationAnswer = (row: ValuedRow, moment: Moment): Static<typeof HoldingValue> => {
  const { valued, position } = row;
  const gain = gainOf(row);
  const owed = 'missing' in valued ? null : valued.owed;
  return {
    currency: row.row.base_currency,
    value: 'missing' in valued ? null : decimalText(valued.value),
    assets: 'missing' in valued ? null : decimalText(valued.assets),
    owed: owed === null ? null : owedAnswer(owed),
    cost: decimalText(position.cost),
    gain: gain === null ? null : decimalText(gain),
    gainPct: gain === null ? null : percentOf(gain, position.cost),
    formula: `${owed === null ? FORMULA.plain : FORMULA.owing}${valued.price?.units === undefined ? '' : SINCE_SPLIT}`,
    price: valued.price === null ? null : priceAnswer(valued.price, moment),
    rate: 'missing' in valued ? null : rateAnswer(valued.rate),
    missing: 'missing' in valued ? valued.missing : null,
  };
};
