import { roundAmount, ZERO, type Currency, type Decimal } from '@pm/domain/money';
import type { MissingRate, Rate } from '@pm/domain/market-data';

/** A price as it may back a value: in currency units, with how it was quoted and where it came from. */
export type PriceQuote = {
  readonly close: Decimal;
  readonly currency: Currency;
  readonly quoted: { readonly close: Decimal; readonly unit: string };
  readonly at: Temporal.Instant;
  readonly kind: 'live' | 'manual' | 'cash';
  readonly source: string;
  /** Units now for one at the time of the price, where it was divided by the splits since. */
  readonly units?: Decimal;
};

/** A live price older than this gives way to one given by hand: three days span a weekend. */
export const FRESH_LIVE_HOURS = 72;
/** A price given by hand is called stale after this long. */
export const FRESH_MANUAL_HOURS = 24 * 7;

const MS_PER_HOUR = 3_600_000;

const hoursOld = (price: PriceQuote, at: Temporal.Instant): number =>
  (at.epochMilliseconds - price.at.epochMilliseconds) / MS_PER_HOUR;

export const isStale = (price: PriceQuote, at: Temporal.Instant): boolean => {
  if (price.kind === 'cash') return false;
  return hoursOld(price, at) > (price.kind === 'live' ? FRESH_LIVE_HOURS : FRESH_MANUAL_HOURS);
};

/** The price to value with: a fresh live one, else the one given by hand, else the stale live one. */
export const choosePrice = (
  live: PriceQuote | null,
  manual: PriceQuote | null,
  at: Temporal.Instant,
): PriceQuote | null => {
  if (live && !isStale(live, at)) return live;
  return manual ?? live;
};

/** What is owed against a holding from a day on. */
export type Debt = {
  readonly amount: Decimal;
  readonly currency: Currency;
  readonly since: Temporal.PlainDate;
};

/** A debt in the portfolio's currency, at the rate of the day. */
export type Owed = Debt & { readonly value: Decimal; readonly rate: Rate };

/** `value` = `assets` less what is owed. */
export type Valued = {
  readonly value: Decimal;
  readonly assets: Decimal;
  readonly owed: Owed | null;
  readonly price: PriceQuote;
  readonly rate: Rate;
};
export type Unvalued = {
  readonly missing: 'price' | 'rate' | 'instrument';
  readonly price: PriceQuote | null;
  /** The currency whose rate is missing, where one is. */
  readonly rateFrom?: Currency;
};

/**
 * Quantity × price × rate, in the portfolio's currency, to the 18 places of a stored amount: so a total is exactly the
 * sum of its parts. A missing part is said, never taken as zero or one.
 */
export const valueOf = (
  qty: Decimal,
  price: PriceQuote | null,
  rate: Rate | MissingRate | null,
): Valued | Unvalued => {
  if (!price) return { missing: 'price', price: null };
  if (!rate || 'missing' in rate) return { missing: 'rate', price, rateFrom: price.currency };
  const assets = roundAmount(qty.times(price.close).times(rate.rate));
  return { value: assets, assets, owed: null, price, rate };
};

/**
 * A value less what is owed against it, which may be more. A debt whose rate is missing leaves no value: the assets alone
 * would be too much.
 * @param rate of the debt's currency to the portfolio's
 */
export const lessDebt = (
  valued: Valued | Unvalued,
  debt: Debt,
  rate: Rate | MissingRate | null,
): Valued | Unvalued => {
  if ('missing' in valued) return valued;
  if (!rate || 'missing' in rate) {
    return { missing: 'rate', price: valued.price, rateFrom: debt.currency };
  }
  const owed = roundAmount(debt.amount.times(rate.rate));
  return { ...valued, value: valued.assets.minus(owed), owed: { ...debt, value: owed, rate } };
};

/** Sums amounts by name; the order of first appearance is kept. */
export const totalsBy = <T>(
  rows: readonly T[],
  name: (row: T) => string,
  amount: (row: T) => Decimal,
): Map<string, Decimal> => {
  const totals = new Map<string, Decimal>();
  for (const row of rows) totals.set(name(row), (totals.get(name(row)) ?? ZERO).plus(amount(row)));
  return totals;
};
