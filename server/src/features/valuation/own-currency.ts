/**
 * Histories reckoned in the currency that their instruments trade in, beside the portfolio's.
 *
 * Contents: OwnCurrency · ownCurrencyOf
 */
import type { LedgerTrade, Terms } from '@pm/domain/ledger';
import { isCurrency, ONE, roundAmount, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';

import { lineOf } from '#features/ledger';
import type { HoldingRow } from '#features/ledger';
import { findRatesOn } from '#features/market-data';
import type { CurrencyPair } from '#features/market-data';
import type { Tx } from '#platform/database/index.ts';

export type OwnCurrency = {
  readonly terms: Terms;
  /** Why a holding cannot be reckoned in its own currency; nothing for those that can. */
  readonly missing: ReadonlyMap<string, string>;
  /** Units of the holding's own currency for one of its portfolio's, on the day of the valuation. */
  readonly today: (row: HoldingRow) => Decimal | null;
};

export const currencyOf = (row: HoldingRow): string => lineOf(row).currency;

/** Holdings with a missing rate, and those that their transfers feed: their cost would be missing too. */
const spread = (
  missing: ReadonlyMap<string, string>,
  trades: readonly LedgerTrade[],
): ReadonlyMap<string, string> => {
  const all = new Map(missing);
  const left = new Map(
    trades.flatMap((one) => (one.type === 'transfer_out' ? [[one.eventId, one.holdingId] as const] : [])),
  );
  const arrivals = trades.filter((one) => one.type === 'transfer_in' && one.eventId !== null);
  for (let before = -1; before !== all.size;) {
    before = all.size;
    for (const one of arrivals) {
      const why = all.get(left.get(one.eventId) ?? '');
      if (why !== undefined && !all.has(one.holdingId)) all.set(one.holdingId, why);
    }
  }
  return all;
};

/**
 * Terms for replaying `trades` of `rows` in their own currencies. A trade in another currency, such as an opening in the
 * portfolio's, is converted at the rate published for its day; a rate that is missing is named.
 */
export const ownCurrencyOf = async (
  tx: Tx,
  rows: readonly HoldingRow[],
  trades: readonly LedgerTrade[],
  day: Temporal.PlainDate,
): Promise<OwnCurrency> => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const pairOf = (row: HoldingRow): CurrencyPair | null => {
    const [from, to] = [row.base_currency, currencyOf(row)];
    return isCurrency(from) && isCurrency(to) && from !== to ? { from, to } : null;
  };
  /** The pair that a trade is converted by, beyond its own rate; null when it needs none. */
  const needed = (trade: LedgerTrade): CurrencyPair | null => {
    const row = byId.get(trade.holdingId);
    if (!row || trade.type === 'split') return null;
    // An arrival from outside the replay brings a cost in the portfolio's currency.
    const isArrival = trade.type === 'transfer_in' && trade.eventId !== null;
    return trade.currency === currencyOf(row) && !isArrival ? null : pairOf(row);
  };
  const converted = trades.flatMap((trade) => {
    const pair = needed(trade);
    return pair === null ? [] : [{ trade, pair }];
  });
  const pairs = new Map(
    [...converted.map((one) => one.pair), ...rows.flatMap((row) => pairOf(row) ?? [])].map((pair) => [
      `${pair.from}/${pair.to}`,
      pair,
    ]),
  );
  const days = [
    ...new Map(
      [...converted.map(({ trade }) => trade.date), day].map((one) => [one.toString(), one]),
    ).values(),
  ];
  const found = await findRatesOn(tx, [...pairs.values()], days);
  const rates = new Map(days.map((one, at) => [one.toString(), found[at]]));
  const rateOn = ({ from, to }: CurrencyPair, on: Temporal.PlainDate): Decimal | null => {
    const rate = rates.get(on.toString())?.get(`${from}/${to}`);
    return rate === undefined || 'missing' in rate ? null : rate.rate;
  };
  const missing = new Map<string, string>();
  for (const { trade, pair } of converted) {
    if (rateOn(pair, trade.date) !== null || missing.has(trade.holdingId)) continue;
    missing.set(trade.holdingId, `There is no ${pair.from} to ${pair.to} rate for ${trade.date.toString()}.`);
  }
  const further = (trade: LedgerTrade): Decimal => {
    const pair = needed(trade);
    return (pair === null ? null : rateOn(pair, trade.date)) ?? ONE;
  };
  const rateOf = (trade: LedgerTrade): Decimal =>
    trade.currency === currencyOfTrade(byId, trade) ? ONE : trade.fxRate.times(further(trade));
  return {
    terms: {
      rateOf,
      arriving: (trade) =>
        trade.eventId === null
          ? roundAmount((trade.amount ?? ZERO).times(rateOf(trade)))
          : roundAmount((trade.carriedCost ?? ZERO).times(further(trade))),
      carried: (_trade, cost) => cost,
    },
    missing: spread(missing, trades),
    today: (row) => {
      const pair = pairOf(row);
      return pair === null ? ONE : rateOn(pair, day);
    },
  };
};

const currencyOfTrade = (byId: ReadonlyMap<string, HoldingRow>, trade: LedgerTrade): string | null => {
  const row = byId.get(trade.holdingId);
  return row === undefined ? null : currencyOf(row);
};
