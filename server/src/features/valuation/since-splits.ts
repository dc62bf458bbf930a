/**
 * Prices from before a split, for the units that there are after it: as in histories, by the days of the ledger.
 *
 * Contents: OfUnits · sinceSplits · perUnit
 */
import { dayIn, isAfter, isBefore } from '@pm/domain/calendar';
import { ONE } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import type { PriceQuote } from '@pm/domain/valuation';

import { splitsBetween } from '#features/ledger';
import type { HeldRow } from '#features/ledger';
import type { Tx } from '#platform/database/index.ts';

/** A market with what one unit of a holding, at the time of a price, has become. */
export type OfUnits<M> = M & { readonly unitsPer: (row: HeldRow, price: PriceQuote) => Decimal };

type Until = { readonly day: Temporal.PlainDate; readonly timezone: string };

/**
 * Adds what the splits of the holdings made of their units between each price and the day whose quantities are valued. The
 * ledger is asked only where a price is older than that day.
 */
export const sinceSplits = async <M extends { readonly prices: ReadonlyMap<string, PriceQuote> }>(
  tx: Tx,
  rows: readonly HeldRow[],
  { day, timezone }: Until,
  markets: readonly M[],
): Promise<OfUnits<M>[]> => {
  const instants = markets.flatMap(({ prices }) =>
    [...prices.values()].flatMap(({ kind, at }) => (kind === 'cash' ? [] : [at.epochMilliseconds])),
  );
  const oldest = instants.reduce((first, one) => Math.min(first, one), Number.POSITIVE_INFINITY);
  const earliest =
    oldest === Number.POSITIVE_INFINITY
      ? day
      : dayIn(Temporal.Instant.fromEpochMilliseconds(oldest), timezone);
  const portfolios = [...new Set(rows.map((row) => row.portfolio_id))];
  const splits = isBefore(earliest, day) ? await splitsBetween(tx, portfolios, earliest, day) : [];
  const byHolding = Map.groupBy(splits, (split) => split.holding_id);
  const unitsPer = (row: HeldRow, { kind, at }: PriceQuote): Decimal => {
    const own = kind === 'cash' ? undefined : byHolding.get(row.id);
    if (own === undefined) return ONE;
    const priceDay = dayIn(at, timezone);
    return own
      .filter(({ date }) => isAfter(date, priceDay))
      .reduce((units, split) => units.times(split.split_numerator).div(split.split_denominator), ONE);
  };
  return markets.map((market) => ({ ...market, unitsPer }));
};

/** A price for units of which there are now `units` for one at its time. */
export const perUnit = (price: PriceQuote, units: Decimal): PriceQuote =>
  units.equals(ONE)
    ? price
    : {
        ...price,
        close: price.close.div(units),
        quoted: { ...price.quoted, close: price.quoted.close.div(units) },
        units,
      };
