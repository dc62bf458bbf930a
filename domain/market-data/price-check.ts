/**
 * Which published prices can be believed. What cannot is held back, as received, until a person decides.
 *
 * Contents: PriceLine · GoodPrice · HeldPrice · checkPrices · splitBetween
 */
import { daysBetween } from '@pm/domain/calendar';
import {
  dec,
  decimalText,
  Decimal,
  isQuoteUnit,
  quoteUnit,
  roundAmount,
  toCurrencyUnits,
} from '@pm/domain/money';
import type { QuoteUnit } from '@pm/domain/money';

import { splitRatio } from './corporate-events.ts';
import type { Split } from './corporate-events.ts';
import type { PriceInterval, PublishedPrice } from './published-price.ts';

/** The line of trading that prices are for. */
export type PriceLine = {
  /** Trading currency, in which prices are stored. */
  readonly currency: string;
  /** Unit in which they are quoted where the source does not say. */
  readonly quoteUnit: string;
};

/** A believed price, in the currency of its line; amounts are exact decimal text. */
export type GoodPrice = {
  readonly at: Temporal.Instant;
  readonly interval: PriceInterval;
  readonly close: string;
  readonly open: string | null;
  readonly high: string | null;
  readonly low: string | null;
  readonly volume: string | null;
  readonly currency: string;
};

/** Why a price is held back. */
export type HoldReason =
  | 'missing'
  | 'zero'
  | 'negative'
  | 'wrong_currency'
  | 'jump_up_100'
  | 'jump_down_100'
  | 'split_not_recorded'
  | 'jump';

/** A price to compare with, in the currency of the line. */
export type ReferencePrice = { readonly close: Decimal; readonly at: Temporal.Instant };

/** A price held back; figures as received, converted where that was possible. */
export type HeldPrice = Omit<GoodPrice, 'close'> & {
  readonly close: string | null;
  readonly reason: HoldReason;
  readonly comparedWith: ReferencePrice | null;
};

export type CheckedPrices = { readonly good: readonly GoodPrice[]; readonly held: readonly HeldPrice[] };

/** Between these a factor is a mistake of unit (pence for pounds) rather than a move. */
const HUNDREDFOLD = [dec('60'), dec('160')] as const;
/** A move by this factor within {@link NEAR_DAYS} is not believed without somebody's word. */
const JUMP = dec('3');
/** A move down (or up) at least this far may be a split. */
const SPLIT_FROM = dec('1.8');
/** How near to a whole ratio a split's move lies. */
const SPLIT_TOLERANCE = dec('0.03');
const SPLITS = [2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50].map((ratio) => new Decimal(ratio));
/** A comparison with an older price than this proves no jump or split; a hundredfold is one at any distance of two years. */
const NEAR_DAYS = 10;
const FAR_DAYS = 730;

/**
 * Checks prices of one line from the oldest to the newest, each against the newest believed one before it (`before` for
 * the first). Prices come out in currency units: 7,512 GBX is 75.12 GBP. Held back are: none, zero and negative ones;
 * those in a unit of another currency; jumps of about ×100 or ÷100; within ten days a move by a whole ratio, as a
 * split makes that nobody has recorded, or by a factor of three. Zero or missing open, high and low are dropped, not held against the
 * close. A recorded split between two prices is no jump. What is `stored` already (close by instant, from the same source) was believed before and stays so. At most 18 places are kept: sources send binary fractions.
 */
export const checkPrices = (
  published: readonly PublishedPrice[],
  line: PriceLine,
  before: ReferencePrice | null,
  stored: ReadonlyMap<string, string> = new Map(),
  splits: readonly Split[] = [],
): CheckedPrices => {
  const good: GoodPrice[] = [];
  const held: HeldPrice[] = [];
  let reference = before;
  for (const one of published.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at))) {
    const unit = unitOf(one, line);
    const price = convert(one, unit, line);
    const isStored = price.close !== null && stored.get(one.at.toString()) === price.close;
    const comparable = reference === null ? null : inUnitsOf(one.at, reference, splits);
    const reason =
      unit === null ? 'wrong_currency' : isStored ? null : doubt(price.close, one.at, comparable);
    if (reason === null && price.close !== null) {
      good.push({ ...price, close: price.close });
      reference = { close: dec(price.close), at: one.at };
    } else {
      held.push({ ...price, reason: reason ?? 'missing', comparedWith: reference });
    }
  }
  return { good, held };
};

/** A reference in terms of the units that there are at a later moment. */
const inUnitsOf = (
  at: Temporal.Instant,
  reference: ReferencePrice,
  splits: readonly Split[],
): ReferencePrice => ({ ...reference, close: reference.close.div(splitRatio(splits, reference.at, at)) });

/** The unit of a price; null when it is of another currency than the line's. */
const unitOf = (price: PublishedPrice, line: PriceLine): QuoteUnit | null => {
  const code = price.unit ?? line.quoteUnit;
  if (!isQuoteUnit(code)) return null;
  const unit = quoteUnit(code);
  return unit.currency === line.currency ? unit : null;
};

type Converted = Omit<GoodPrice, 'close'> & { readonly close: string | null };

const convert = (price: PublishedPrice, unit: QuoteUnit | null, line: PriceLine): Converted => {
  const amount = (text: string | null): string | null => {
    if (text === null) return null;
    return decimalText(roundAmount(unit === null ? dec(text) : toCurrencyUnits(dec(text), unit)));
  };
  const positive = (text: string | null): string | null => {
    const value = amount(text);
    return value !== null && dec(value).greaterThan(0) ? value : null;
  };
  const [open, high, low] = [positive(price.open), positive(price.high), positive(price.low)];
  // A bar whose highest lies below its lowest says nothing about either.
  const isUpsideDown = high !== null && low !== null && dec(high).lessThan(dec(low));
  return {
    at: price.at,
    interval: price.interval,
    close: amount(price.close),
    open,
    high: isUpsideDown ? null : high,
    low: isUpsideDown ? null : low,
    volume: price.volume === null || dec(price.volume).isNegative() ? null : price.volume,
    currency: unit === null ? (price.unit ?? line.quoteUnit) : unit.currency,
  };
};

const doubt = (
  closeText: string | null,
  at: Temporal.Instant,
  reference: ReferencePrice | null,
): HoldReason | null => {
  if (closeText === null) return 'missing';
  const close = dec(closeText);
  if (close.isZero()) return 'zero';
  if (close.isNegative()) return 'negative';
  if (reference === null) return null;
  const isUp = close.greaterThan(reference.close);
  const factor = isUp ? close.div(reference.close) : reference.close.div(close);
  const days = Math.abs(daysBetween(dayOf(reference.at), dayOf(at)));
  const [from, to] = HUNDREDFOLD;
  if (days <= FAR_DAYS && factor.greaterThanOrEqualTo(from) && factor.lessThanOrEqualTo(to)) {
    return isUp ? 'jump_up_100' : 'jump_down_100';
  }
  if (days > NEAR_DAYS) return null;
  const isSplit = factor.greaterThanOrEqualTo(SPLIT_FROM) && wholeRatio(factor) !== undefined;
  if (isSplit) return 'split_not_recorded';
  return factor.greaterThanOrEqualTo(JUMP) ? 'jump' : null;
};

const wholeRatio = (factor: Decimal): Decimal | undefined =>
  SPLITS.find((ratio) => factor.minus(ratio).abs().lessThanOrEqualTo(ratio.times(SPLIT_TOLERANCE)));

/**
 * The split that would make a move of the price from one close to another none: two for one when it halves.
 * @returns new units for old ones; null when no whole ratio is near
 */
export const splitBetween = (
  before: Decimal,
  after: Decimal,
): { readonly numerator: string; readonly denominator: string } | null => {
  if (!before.greaterThan(0) || !after.greaterThan(0)) return null;
  const isDown = after.lessThan(before);
  const ratio = wholeRatio(isDown ? before.div(after) : after.div(before))?.toString();
  if (ratio === undefined) return null;
  return isDown ? { numerator: ratio, denominator: '1' } : { numerator: '1', denominator: ratio };
};

const dayOf = (instant: Temporal.Instant): Temporal.PlainDate =>
  instant.toZonedDateTimeISO('UTC').toPlainDate();
