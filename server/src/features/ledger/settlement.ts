/**
 * The cash leg of an event: a purchase or a sale of cash at 1, for what the other legs bring or cost.
 *
 * Contents: planSettlement
 */
import { randomUUIDv7 } from 'node:crypto';

import type { Settlement } from '@pm/contracts/ledger';
import { isOutlay, netInTradeCurrency, tradeTotal } from '@pm/domain/ledger';
import { currency, decimalText, isCurrency, ONE, roundAmount, roundRate, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import type { Static } from 'typebox';

import { findRate } from '#features/market-data';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import { plannedTrade } from './answers.ts';
import { cashCurrency, emptyLeg } from './event-place.ts';
import type { EventPlace } from './event-place.ts';
import { rateIn } from './trade-input.ts';
import type { TradeValues } from './trade-queries.ts';

type Cash = {
  readonly amount: Decimal;
  readonly rate: Pick<TradeValues, 'fxRate' | 'fxSource' | 'fxDate'>;
};

/** What the legs bring (above zero) or cost, in their own currency and in the portfolio's. */
const netOf = (legs: readonly TradeValues[]): { own: Decimal; ours: Decimal } => {
  let [own, ours] = [ZERO, ZERO];
  for (const leg of legs) {
    const trade = plannedTrade(leg, 0);
    const [net, total] = [netInTradeCurrency(trade), tradeTotal(trade)];
    own = isOutlay(trade.type) ? own.minus(net) : own.plus(net);
    ours = isOutlay(trade.type) ? ours.minus(total) : ours.plus(total);
  }
  return { own: roundAmount(own), ours };
};

/** The rate between the trade's currency and the cash's, where neither is the portfolio's. */
const conversion = async (
  tx: Tx,
  from: string,
  to: string,
  date: Temporal.PlainDate,
  given: string | undefined,
): Promise<Decimal> => {
  if (given !== undefined) return rateIn('settle.fxRate', given);
  const found = isCurrency(from) && isCurrency(to) ? await findRate(tx, from, to, date) : { missing: 'rate' };
  if ('missing' in found) {
    const detail = `There is no ${from} to ${to} rate for ${date.toString()}. Give settle.fxRate (${to} for 1 ${from}) or import rates.`;
    throw unprocessable('rate_missing', detail, 'settle.fxRate');
  }
  return found.rate;
};

/**
 * The amount in the cash's currency. What the cash is worth in the portfolio's currency is what the trade is worth there,
 * so that settling neither makes nor loses anything.
 */
const cashFor = async (
  tx: Tx,
  place: EventPlace,
  legs: readonly TradeValues[],
  unit: string,
  settle: Static<typeof Settlement>,
): Promise<Cash> => {
  const [first] = legs;
  if (first === undefined) throw new Error('an event has at least one leg');
  const base = currency(place.holding.base_currency);
  const net = netOf(legs);
  if (settle.fxRate !== undefined && (unit === first.currency || unit === base)) {
    const detail =
      unit === first.currency
        ? 'The trade and the cash are in one currency; there is no rate between them.'
        : 'The rate between the trade and this cash is the trade’s own; give it as fxRate.';
    throw unprocessable('not_applicable', detail, 'settle.fxRate');
  }
  const { fxRate, fxSource, fxDate } = first;
  if (unit === first.currency) return { amount: net.own, rate: { fxRate, fxSource, fxDate } };
  if (unit === base) return { amount: net.ours, rate: { fxRate: '1', fxSource: 'identity', fxDate: null } };
  const rate = await conversion(tx, first.currency, unit, first.date, settle.fxRate);
  const worth = roundRate((fxRate === null ? ONE : ONE.times(fxRate)).div(rate));
  return {
    amount: roundAmount(net.own.times(rate)),
    rate: { fxRate: decimalText(worth), fxSource: 'by the rate of the trade', fxDate: null },
  };
};

/**
 * The cash leg; none when nothing is to be paid.
 * @throws {AppError} 422 naming `settle` or `settle.fxRate`
 */
export const planSettlement = async (
  tx: Tx,
  place: EventPlace,
  legs: readonly TradeValues[],
  settle: Static<typeof Settlement>,
): Promise<TradeValues[]> => {
  const { cash, holding } = place;
  const [first] = legs;
  const unit = cash === undefined ? null : cashCurrency(cash);
  if (cash === undefined || unit === null || first === undefined) {
    throw unprocessable('not_cash', 'A trade settles against a Cash holding.', 'settle.holdingId');
  }
  if (cash.portfolio_id !== holding.portfolio_id) {
    const detail = 'A trade settles against cash of its own portfolio.';
    throw unprocessable('other_portfolio', detail, 'settle.holdingId');
  }
  if (cash.id === holding.id && (first.type === 'buy' || first.type === 'sell')) {
    throw unprocessable('settles_itself', 'Cash cannot be bought with itself.', 'settle.holdingId');
  }
  const { amount, rate } = await cashFor(tx, place, legs, unit, settle);
  if (amount.isZero()) return [];
  const type = amount.isNegative() ? 'sell' : 'buy';
  const leg = emptyLeg(place, 'settlement', cash, { type, date: first.date, currency: unit });
  const before = place.before.find((row) => row.id === leg.id);
  return [
    {
      ...leg,
      // The type of a stored leg never changes: one that turns round is another leg.
      ...(before !== undefined && before.type !== type && { id: randomUUIDv7() }),
      qty: decimalText(amount.abs()),
      price: '1',
      ...rate,
      overdraw: amount.isNegative() && settle.overdraw === true,
    },
  ];
};
