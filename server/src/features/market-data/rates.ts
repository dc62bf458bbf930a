/**
 * Exchange rates: found for a day from published ones, and shown with what they rest on.
 *
 * Contents: findRatesOn · findRates · findRate · readRate
 */
import type { FxRate } from '@pm/contracts/valuation';
import { dayIn, parseDay } from '@pm/domain/calendar';
import { MAX_CARRY_DAYS, PIVOTS, rateOn } from '@pm/domain/market-data';
import type { MissingRate, PublishedRate, Rate } from '@pm/domain/market-data';
import { currency, decimalText } from '@pm/domain/money';
import type { Currency } from '@pm/domain/money';
import type { Static } from 'typebox';

import { currencyProblem } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import { AppError, invalidFields } from '#platform/errors.ts';
import type { FieldError } from '#platform/errors.ts';

import { findPublished } from './rate-queries.ts';
import type { PublishedPair } from './rate-queries.ts';

/** What is asked for: how many units of `to` one unit of `from` is worth. */
export type CurrencyPair = { readonly from: Currency; readonly to: Currency };

/** The key of a pair in the answer of `findRates`. */
const pairKey = (pair: CurrencyPair): string => `${pair.from}/${pair.to}`;

/** Rates by the key `FROM/TO`. */
export type Rates = ReadonlyMap<string, Rate | MissingRate>;

/**
 * The rates of all pairs on each of some days, keyed `FROM/TO`, by the rules of `rateOn`: published, inverted or crossed,
 * carried forward at most seven days. One statement however many pairs and days (which should lie close together); none
 * when every pair is of one currency.
 */
export const findRatesOn = async (
  tx: Tx,
  pairs: readonly CurrencyPair[],
  days: readonly Temporal.PlainDate[],
): Promise<Rates[]> => {
  const legs = neededLegs(pairs);
  const inOrder = days.toSorted((a, b) => Temporal.PlainDate.compare(a, b));
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  const published =
    legs.length === 0 || first === undefined || last === undefined
      ? []
      : await findPublished(tx, legs, first.subtract({ days: MAX_CARRY_DAYS }), last);
  const byPair = Map.groupBy(published, (rate) => `${rate.from}/${rate.to}`);
  const usableFor = (pair: CurrencyPair): PublishedRate[] =>
    legsOf(pair).flatMap((leg) => byPair.get(`${leg.from}/${leg.to}`) ?? []);
  return days.map(
    (day) => new Map(pairs.map((pair) => [pairKey(pair), rateOn(usableFor(pair), pair.from, pair.to, day)])),
  );
};

/** The rates of all pairs on one day; see `findRatesOn`. */
export const findRates = async (
  tx: Tx,
  pairs: readonly CurrencyPair[],
  day: Temporal.PlainDate,
): Promise<Rates> => {
  const [rates] = await findRatesOn(tx, pairs, [day]);
  return rates ?? new Map<string, Rate | MissingRate>();
};

/** The rate of one pair on a day; see `findRates`. */
export const findRate = async (
  tx: Tx,
  from: Currency,
  to: Currency,
  day: Temporal.PlainDate,
): Promise<Rate | MissingRate> => {
  const rates = await findRates(tx, [{ from, to }], day);
  return rates.get(pairKey({ from, to })) ?? { missing: 'rate', from, to, requestedDate: day };
};

/** The published pairs from which a rate may be made: itself, its inverse, and both against each pivot. */
const legsOf = ({ from, to }: CurrencyPair): PublishedPair[] => {
  if (from === to) return [];
  const crossed = PIVOTS.flatMap((pivot) => [
    { from: pivot, to: from },
    { from: pivot, to },
  ]);
  const all: PublishedPair[] = [{ from, to }, { from: to, to: from }, ...crossed];
  return distinct(all.filter((leg) => leg.from !== leg.to));
};

export const neededLegs = (pairs: readonly CurrencyPair[]): PublishedPair[] =>
  distinct(pairs.flatMap(legsOf));

const distinct = (pairs: readonly PublishedPair[]): PublishedPair[] => [
  ...new Map(pairs.map((pair) => [`${pair.from}/${pair.to}`, pair])).values(),
];

/** A rate as the contract shows it. */
export const rateAnswer = (rate: Rate): Static<typeof FxRate> => ({
  from: rate.from,
  to: rate.to,
  rate: decimalText(rate.rate),
  date: rate.date.toString(),
  requestedDate: rate.requestedDate.toString(),
  source: rate.source,
  method: rate.method,
  legs: rate.legs.map((leg) => ({
    from: leg.from,
    to: leg.to,
    rate: decimalText(leg.rate),
    date: leg.date.toString(),
    source: leg.source,
  })),
  carriedForward: rate.carriedForward,
});

/**
 * The rate that a person asked for; without a day, today's where they are.
 * @throws {AppError} 400 naming `from`, `to` or `date`; 404 `rate_missing`, saying how to get it
 */
export const readRate = async (
  tx: Tx,
  query: { readonly from: string; readonly to: string; readonly date?: string },
  now: Temporal.Instant,
  timezone: string,
): Promise<Static<typeof FxRate>> => {
  const errors: FieldError[] = [];
  for (const field of ['from', 'to'] as const) {
    const message = currencyProblem(query[field]);
    if (message !== null) errors.push({ field, message });
  }
  const day = query.date === undefined ? dayIn(now, timezone) : parseDay(query.date);
  if (day === null) errors.push({ field: 'date', message: 'is not a day of the calendar' });
  if (errors.length > 0 || day === null) throw invalidFields(errors);
  const rate = await findRate(tx, currency(query.from), currency(query.to), day);
  if ('missing' in rate) throw missingRate(rate);
  return rateAnswer(rate);
};

const missingRate = ({ from, to, requestedDate }: MissingRate): AppError =>
  new AppError(
    404,
    'rate_missing',
    `There is no rate from ${from} to ${to} for ${requestedDate.toString()}, nor for the ${MAX_CARRY_DAYS} days before it. ` +
      'Rates are fetched from the European Central Bank every working day; for older ones an administrator can import ' +
      'its history file (Settings, or: npm run pm -- import fx FILE).',
  );
