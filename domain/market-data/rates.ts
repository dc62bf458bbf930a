import { dec, ONE, roundRate, type Currency, type Decimal } from '@pm/domain/money';
import { daysBetween, isAfter } from '@pm/domain/calendar';

/** A published rate: `rate` units of `to` for one unit of `from`, as its source publishes it (ECB: from EUR). */
export type PublishedRate = {
  readonly from: Currency;
  readonly to: Currency;
  readonly rate: Decimal;
  readonly date: Temporal.PlainDate;
  readonly source: string;
};

export type Rate = {
  readonly from: Currency;
  readonly to: Currency;
  readonly rate: Decimal;
  /** The day of the published rates; earlier than asked for when carried forward over a weekend or holiday. */
  readonly date: Temporal.PlainDate;
  readonly requestedDate: Temporal.PlainDate;
  readonly source: string;
  readonly method: 'identity' | 'published' | 'inverse' | 'cross';
  readonly legs: readonly PublishedRate[];
  readonly carriedForward: boolean;
};

export type MissingRate = {
  readonly missing: 'rate';
  readonly from: Currency;
  readonly to: Currency;
  readonly requestedDate: Temporal.PlainDate;
};

/** Longest time that a published rate stands in for days without one; beyond it the rate is missing, not guessed. */
export const MAX_CARRY_DAYS = 7;

/** Currencies through which two others are crossed: what the ECB and the Bank of England quote against. */
export const PIVOTS = ['EUR', 'GBP'] as const;

/**
 * Which publisher counts where several have a rate for the same day: the ECB, which has the most currencies, so that
 * figures of one day rest on one publisher; then the Bank of England; then others by name.
 */
export const SOURCE_ORDER: readonly string[] = ['ECB', 'BoE'];

const preference = (source: string): string => {
  const place = SOURCE_ORDER.indexOf(source);
  return `${place === -1 ? SOURCE_ORDER.length : place} ${source}`;
};

/**
 * The rate from one currency to another on a day, from published rates only: as published, inverted, or crossed
 * through one pivot with both legs from one source and one day. The newest day wins, at most seven days back; on one day
 * the source that comes first in `SOURCE_ORDER`.
 * `published` may hold any rates; those after the day or too old are not used.
 */
export const rateOn = (
  published: readonly PublishedRate[],
  from: Currency,
  to: Currency,
  requestedDate: Temporal.PlainDate,
): Rate | MissingRate => {
  if (from === to) {
    return {
      from,
      to,
      rate: ONE,
      date: requestedDate,
      requestedDate,
      source: 'identity',
      method: 'identity',
      legs: [],
      carriedForward: false,
    };
  }
  const usable = published
    .filter(
      (leg) => !isAfter(leg.date, requestedDate) && daysBetween(leg.date, requestedDate) <= MAX_CARRY_DAYS,
    )
    .toSorted(
      (a, b) =>
        Temporal.PlainDate.compare(b.date, a.date) || (preference(a.source) < preference(b.source) ? -1 : 1),
    );
  const groups = new Map<string, PublishedRate[]>();
  for (const leg of usable) {
    const key = `${leg.date.toString()} ${leg.source}`;
    const group = groups.get(key);
    if (group) group.push(leg);
    else groups.set(key, [leg]);
  }
  for (const legs of groups.values()) {
    const found = within(legs, from, to);
    const first = found?.legs[0];
    if (found && first) {
      return {
        from,
        to,
        ...found,
        requestedDate,
        date: first.date,
        source: first.source,
        carriedForward: !first.date.equals(requestedDate),
      };
    }
  }
  return { missing: 'rate', from, to, requestedDate };
};

type Found = { rate: Decimal; method: Rate['method']; legs: PublishedRate[] };

const within = (legs: readonly PublishedRate[], from: Currency, to: Currency): Found | null => {
  const leg = (a: string, b: string) => legs.find((one) => one.from === a && one.to === b);
  const direct = leg(from, to);
  if (direct) return { rate: direct.rate, method: 'published', legs: [direct] };
  const inverse = leg(to, from);
  if (inverse) return { rate: roundRate(ONE.div(inverse.rate)), method: 'inverse', legs: [inverse] };
  for (const pivot of PIVOTS) {
    const down = leg(pivot, from);
    const up = leg(pivot, to);
    if (down && up) return { rate: roundRate(up.rate.div(down.rate)), method: 'cross', legs: [down, up] };
  }
  return null;
};

/** Reads a rate as published; null for anything that is not a positive plain decimal (the ECB writes N/A). */
export const publishedRate = (text: string): Decimal | null => {
  if (!/^\d{1,15}(\.\d{1,20})?$/.test(text)) return null;
  const rate = dec(text);
  return rate.isZero() ? null : rate;
};
