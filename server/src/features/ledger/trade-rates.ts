/**
 * The rate of a trade: given by hand, kept from before, or as published on its day.
 *
 * Contents: TradeRate · rateOfTrade · SAME_CURRENCY
 */
import { currency, decimalText, isCurrency } from '@pm/domain/money';

import { findRate } from '#features/market-data';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import { rateIn } from './trade-input.ts';
import type { TradeRow, TradeValues } from './trade-queries.ts';

export type TradeRate = Pick<TradeValues, 'fxRate' | 'fxSource' | 'fxDate'> & { readonly fxRate: string };

export const SAME_CURRENCY: TradeRate = { fxRate: '1', fxSource: 'identity', fxDate: null };

export type RateRequest = {
  readonly from: string;
  /** The portfolio's currency. */
  readonly to: string;
  readonly date: Temporal.PlainDate;
  /** As the person gave it. */
  readonly given: string | undefined;
  /** The trade as it was, when it is corrected. */
  readonly before: TradeRow | undefined;
};

/**
 * The rate of a corrected trade is the one given; else the one it has, while its day stays or when a person gave it; else
 * the one published on its new day. So correcting a note never moves a cost.
 * @throws {AppError} 422 `unknown_currency`, `rate_not_one`, `rate_missing` naming the pair and the day
 */
export const rateOfTrade = async (tx: Tx, request: RateRequest): Promise<TradeRate> => {
  const { from, date, given, before } = request;
  const base = currency(request.to);
  if (!isCurrency(from)) {
    throw unprocessable(
      'unknown_currency',
      `“${from}” is not an ISO 4217 currency; pence are a quoteUnit (GBX).`,
      'currency',
    );
  }
  const rate = given === undefined ? null : rateIn('fxRate', given);
  if (from === base) {
    if (rate && !rate.equals(1)) {
      throw unprocessable(
        'rate_not_one',
        `The trade is in the portfolio’s own currency (${base}); its rate is 1.`,
        'fxRate',
      );
    }
    return SAME_CURRENCY;
  }
  if (rate) return { fxRate: decimalText(rate), fxSource: 'given', fxDate: null };
  const isKept =
    before?.currency === from &&
    (before.fx_date === null || before.date.equals(date)) &&
    before.fx_rate !== null;
  if (isKept && before.fx_rate !== null) {
    return { fxRate: before.fx_rate, fxSource: before.fx_source, fxDate: before.fx_date };
  }
  const found = await findRate(tx, from, base, date);
  if ('missing' in found) {
    const detail = `There is no ${from} to ${base} rate for ${date.toString()}. Give fxRate (${base} for 1 ${from}) or import rates.`;
    throw unprocessable('rate_missing', detail, 'fxRate');
  }
  return { fxRate: decimalText(found.rate), fxSource: found.source, fxDate: found.date };
};
