/**
 * Splits and dividends of a security: as published, and what they make of a series of prices. Series are adjusted when they
 * are read; what is stored is what was paid on the day.
 *
 * Contents: Split · Dividend · PublishedEvent · splitsAmong · splitRatio · rawSeries · adjustSeries
 */
import { dec, type Decimal, decimalText, roundAmount } from '@pm/domain/money';

import { exchangeZone } from './exchange-close.ts';

/** `numerator` new units for `denominator` old ones, from the start of the ex-date on. */
export type Split = {
  readonly at: Temporal.Instant;
  readonly numerator: Decimal;
  readonly denominator: Decimal;
};

/** Money paid for each unit held before the start of the ex-date. */
export type Dividend = {
  readonly at: Temporal.Instant;
  readonly amount: Decimal;
  readonly currency: string;
};

/** An event as a source publishes it; figures are exact decimal text. */
export type PublishedEvent =
  | {
      readonly kind: 'split';
      readonly day: Temporal.PlainDate;
      readonly numerator: string;
      readonly denominator: string;
    }
  | {
      readonly kind: 'dividend';
      readonly day: Temporal.PlainDate;
      /** For one unit as it was on that day. */
      readonly amount: string;
      /** Quote unit or currency of the amount; null when the source does not say. */
      readonly unit: string | null;
      readonly payDate: Temporal.PlainDate | null;
    };

const ONE = dec('1');

/** The splits among what was published, from the start of their day on a market. */
export const splitsAmong = (events: readonly PublishedEvent[], mic: string | null): Split[] =>
  events.flatMap((event) =>
    event.kind === 'dividend'
      ? []
      : [
          {
            at: event.day.toZonedDateTime(exchangeZone(mic)).toInstant(),
            numerator: dec(event.numerator),
            denominator: dec(event.denominator),
          },
        ],
  );

/** Units that one unit held at `after` has become at `until`: the product of the splits between. */
export const splitRatio = (
  splits: readonly Split[],
  after: Temporal.Instant,
  until: Temporal.Instant,
): Decimal =>
  splits
    .filter(({ at }) => Temporal.Instant.compare(at, after) > 0 && Temporal.Instant.compare(at, until) <= 0)
    .reduce((ratio, { numerator, denominator }) => ratio.times(numerator).div(denominator), ONE);

/**
 * A figure per unit that its source has divided by all later splits, as it was on its day.
 * @param day the day of the figure; a split on that day is one that the figure knows already
 */
export const rawSeries = (
  events: readonly PublishedEvent[],
): ((figure: string, day: Temporal.PlainDate) => string) => {
  const splits = events.filter((event) => event.kind === 'split');
  return (figure, day) => {
    const later = splits.filter((split) => Temporal.PlainDate.compare(split.day, day) > 0);
    if (later.length === 0) return figure;
    const ratio = later.reduce(
      (product, { numerator, denominator }) => product.times(numerator).div(denominator),
      ONE,
    );
    return decimalText(roundAmount(dec(figure).times(ratio)));
  };
};

/** A price of a series. */
export type SeriesPoint = {
  readonly at: Temporal.Instant;
  readonly close: Decimal;
  readonly currency: string;
};

/** How a series is made comparable over time: as traded; for splits; for splits and dividends, as total return. */
export type Adjustment = 'none' | 'splits' | 'all';

/**
 * A series of closes in terms of its newest one. A split of n for m multiplies what lies before it by m/n. A dividend D
 * multiplies what lies before its ex-date by 1 − D/C, where C is the last close before it, per unit after the splits of
 * the same day (CRSP's method); a dividend without a close before it, in another currency, or not smaller than that close
 * changes nothing.
 * @returns the points from the oldest on, and the dividends that were left out although they lie within the series
 */
export const adjustSeries = (
  points: readonly SeriesPoint[],
  events: { readonly splits: readonly Split[]; readonly dividends: readonly Dividend[] },
  adjustment: Adjustment,
): { readonly points: readonly SeriesPoint[]; readonly leftOut: readonly Dividend[] } => {
  const ascending = points.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at));
  if (adjustment === 'none') return { points: ascending, leftOut: [] };
  const leftOut: Dividend[] = [];
  const adjusted: SeriesPoint[] = [];
  let factor = ONE;
  let next: SeriesPoint | undefined;
  for (const point of ascending.toReversed()) {
    if (next !== undefined) {
      const ratio = splitRatio(events.splits, point.at, next.at);
      factor = factor.div(ratio);
      const from = point.at;
      const until = next.at;
      const between =
        adjustment === 'splits'
          ? []
          : events.dividends.filter(
              ({ at }) => Temporal.Instant.compare(at, from) > 0 && Temporal.Instant.compare(at, until) <= 0,
            );
      const before = point.close.div(ratio);
      for (const dividend of between) {
        if (dividend.currency === point.currency && dividend.amount.lessThan(before)) {
          factor = factor.times(ONE.minus(dividend.amount.div(before)));
        } else leftOut.push(dividend);
      }
    }
    adjusted.push({ ...point, close: roundAmount(point.close.times(factor)) });
    next = point;
  }
  return { points: adjusted.toReversed(), leftOut };
};
