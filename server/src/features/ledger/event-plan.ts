/**
 * From what a person sends to the legs that are stored: the trade itself, the units that a dividend bought, the other
 * end of a transfer, and the cash that settles it.
 *
 * Contents: Draft · planEvent
 */
import { randomUUIDv7 } from 'node:crypto';

import type { TradeDraft } from '@pm/contracts/ledger';
import { isBefore } from '@pm/domain/calendar';
import { dec, decimalText, roundAmount } from '@pm/domain/money';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import { cashCurrency, emptyLeg, legBefore } from './event-place.ts';
import type { EventPlace } from './event-place.ts';
import type { HoldingRow } from './queries.ts';
import { planSettlement } from './settlement.ts';
import { amountIn, checkDay, lineOf, priceInCurrency, sumIn } from './trade-input.ts';
import type { TradeValues } from './trade-queries.ts';
import { rateOfTrade } from './trade-rates.ts';
import type { TradeRate } from './trade-rates.ts';

export type Draft = Static<typeof TradeDraft>;
type DraftOf<T extends Draft['type']> = Extract<Draft, { type: T }>;

const chargesOf = (draft: { readonly fees?: string; readonly taxes?: string }) => ({
  fees: decimalText(amountIn('fees', draft.fees ?? '0', 'not negative')),
  taxes: decimalText(amountIn('taxes', draft.taxes ?? '0', 'not negative')),
});

type Planner = { readonly tx: Tx; readonly place: EventPlace; readonly date: Temporal.PlainDate };

const ourRate = (
  { tx, place, date }: Planner,
  from: string,
  given: string | undefined,
  before = legBefore(place, 'primary', place.holding),
): Promise<TradeRate> => rateOfTrade(tx, { from, to: place.holding.base_currency, date, given, before });

type Priced = { price: string; qty: string; quoteUnit?: string; currency?: string };
const pricedPart = (draft: Priced, holding: HoldingRow, sign: 'positive' | 'not negative') => {
  const { price, currency, unit } = priceInCurrency(draft, lineOf(holding), sign);
  const qty = decimalText(amountIn('qty', draft.qty, 'positive'));
  return { qty, price: decimalText(price), currency, quoteUnit: unit };
};

const planPriced = async (
  planner: Planner,
  draft: DraftOf<'buy' | 'sell' | 'opening'>,
): Promise<TradeValues> => {
  const { place, date } = planner;
  const part = pricedPart(draft, place.holding, draft.type === 'opening' ? 'not negative' : 'positive');
  const rate = await ourRate(planner, part.currency, draft.fxRate);
  const leg = emptyLeg(place, 'primary', place.holding, { type: draft.type, date, currency: part.currency });
  const before = legBefore(place, 'primary', place.holding);
  // The sum that a statement said stays while what it is the sum of stays.
  const isSame =
    before?.qty != null &&
    before.price != null &&
    dec(before.qty).equals(part.qty) &&
    dec(before.price).equals(part.price);
  return { ...leg, ...part, amount: isSame ? before.amount : null, ...rate, ...chargesOf(draft) };
};

/** A dividend by its sum, or by what each unit paid. */
const dividendPart = (draft: DraftOf<'dividend'>, holding: HoldingRow) => {
  const { amount, price, qty, quoteUnit, currency } = draft;
  if (price !== undefined && qty !== undefined) {
    const part = pricedPart({ ...draft, price, qty }, holding, 'positive');
    return {
      ...part,
      amount: amount === undefined ? null : decimalText(amountIn('amount', amount, 'positive')),
    };
  }
  if (price !== undefined || qty !== undefined || quoteUnit !== undefined) {
    const missing = price === undefined ? 'price' : 'qty';
    const detail = 'A dividend is given by its amount, or by price and qty together.';
    throw unprocessable('incomplete_dividend', detail, missing);
  }
  if (amount === undefined) {
    throw unprocessable('incomplete_dividend', 'Give the dividend’s amount, or price and qty.', 'amount');
  }
  const unit = currency ?? lineOf(holding).currency;
  return { currency: unit, quoteUnit: unit, amount: decimalText(amountIn('amount', amount, 'positive')) };
};

const planDividend = async (planner: Planner, draft: DraftOf<'dividend'>): Promise<TradeValues[]> => {
  const { place, date } = planner;
  const part = dividendPart(draft, place.holding);
  const rate = await ourRate(planner, part.currency, draft.fxRate);
  const facts = { date, currency: part.currency };
  const leg = emptyLeg(place, 'primary', place.holding, { type: 'dividend', ...facts });
  const dividend = { ...leg, ...part, ...rate, ...chargesOf(draft) };
  if (draft.reinvest === undefined) return [dividend];
  const bought = pricedPart({ ...draft.reinvest, currency: part.currency }, place.holding, 'positive');
  const units = emptyLeg(place, 'reinvestment', place.holding, { type: 'buy', ...facts });
  return [dividend, { ...units, ...bought, ...rate, ...chargesOf(draft.reinvest) }];
};

const planAmount = async (
  planner: Planner,
  draft: DraftOf<'interest' | 'fee' | 'tax'>,
): Promise<TradeValues> => {
  const { place, date } = planner;
  const currency = draft.currency ?? lineOf(place.holding).currency;
  const leg = emptyLeg(place, 'primary', place.holding, { type: draft.type, date, currency });
  return {
    ...leg,
    amount: decimalText(sumIn('amount', { ...draft, whole: draft.amount }, 'positive')),
    ...(await ourRate(planner, currency, draft.fxRate)),
    ...(draft.type === 'interest' && chargesOf(draft)),
  };
};

const planSplit = ({ place, date }: Planner, draft: DraftOf<'split'>): TradeValues => {
  const { numerator, denominator } = draft;
  if (numerator === denominator) {
    throw unprocessable('no_split', 'A split of so many into as many changes nothing.', 'numerator');
  }
  const currency = lineOf(place.holding).currency;
  const leg = emptyLeg(place, 'primary', place.holding, { type: 'split', date, currency });
  return { ...leg, split: { numerator, denominator } };
};

const planMoney = async (
  planner: Planner,
  draft: DraftOf<'deposit' | 'withdrawal'>,
): Promise<TradeValues> => {
  const { place, date } = planner;
  const currency = cashCurrency(place.holding);
  if (currency === null) {
    const detail = 'Money is paid into cash and out of it; choose the account’s Cash holding.';
    throw unprocessable('not_cash', detail, 'type');
  }
  if (draft.currency !== undefined && draft.currency !== currency) {
    const detail = `This cash is kept in ${currency}; choose a Cash holding in ${draft.currency}.`;
    throw unprocessable('currency_mismatch', detail, 'currency');
  }
  if (draft.price !== undefined && !amountIn('price', draft.price, 'positive').equals(1)) {
    throw unprocessable('cash_costs_one', 'A unit of cash is worth 1; leave the price out.', 'price');
  }
  const given = { whole: draft.amount, price: draft.price ?? (draft.amount === undefined ? '1' : undefined) };
  return {
    ...emptyLeg(place, 'primary', place.holding, { type: draft.type, date, currency }),
    qty: decimalText(sumIn('amount', { ...given, qty: draft.qty }, 'positive')),
    ...(await ourRate(planner, currency, draft.fxRate)),
    source: draft.type === 'deposit' ? (draft.source ?? 'own') : null,
  };
};

/** How far ahead the arrival of a transfer may be expected. */
const EXPECTED_DAYS_MAX = 366;

/** Both ends of a transfer. What it carries follows from the replay. */
const planTransfer = async (planner: Planner, draft: DraftOf<'transfer_out'>): Promise<TradeValues[]> => {
  const { tx, place, date } = planner;
  const { holding, target } = place;
  const qty = decimalText(amountIn('qty', draft.qty, 'positive'));
  const facts = { currency: holding.base_currency };
  const leg = emptyLeg(place, 'primary', holding, { type: 'transfer_out', date, ...facts });
  const leaving = { ...leg, qty, carriedCost: '0', fxRate: '1', fxSource: 'identity' };
  if (target === undefined) {
    if (draft.arrives !== undefined || draft.fxRate !== undefined) {
      const detail =
        'A transfer to elsewhere has neither a day of arrival nor a rate here; give to, or leave it out.';
      throw unprocessable('not_applicable', detail, draft.arrives === undefined ? 'fxRate' : 'arrives');
    }
    return [leaving];
  }
  // Between holdings of one portfolio the day of arrival may be one that is expected.
  const latest =
    target.portfolio_id === holding.portfolio_id ? place.today.add({ days: EXPECTED_DAYS_MAX }) : place.today;
  const arrives = draft.arrives === undefined ? date : checkDay('arrives', draft.arrives, latest);
  if (isBefore(arrives, date)) {
    throw unprocessable('invalid_date', 'A transfer cannot arrive before it left.', 'arrives');
  }
  const rate = await rateOfTrade(tx, {
    from: holding.base_currency,
    to: target.base_currency,
    date: arrives,
    given: draft.fxRate,
    before: legBefore(place, 'counterpart', target),
  });
  const end = emptyLeg(place, 'counterpart', target, { type: 'transfer_in', date: arrives, ...facts });
  return [leaving, { ...end, qty, carriedCost: '0', ...rate }];
};

const planArrival = async (planner: Planner, draft: DraftOf<'transfer_in'>): Promise<TradeValues> => {
  const { place, date } = planner;
  const currency = draft.currency ?? place.holding.base_currency;
  const cost = sumIn('cost', { ...draft, whole: draft.cost }, 'not negative');
  const rate = await ourRate(planner, currency, draft.fxRate);
  return {
    ...emptyLeg(place, 'primary', place.holding, { type: 'transfer_in', date, currency }),
    qty: decimalText(amountIn('qty', draft.qty, 'positive')),
    amount: cost.isZero() ? null : decimalText(cost),
    carriedCost: decimalText(roundAmount(cost.times(rate.fxRate))),
    ...rate,
  };
};

const planLegs = async (planner: Planner, draft: Draft): Promise<TradeValues[]> => {
  switch (draft.type) {
    case 'buy':
    case 'sell':
    case 'opening':
      return [await planPriced(planner, draft)];
    case 'dividend':
      return planDividend(planner, draft);
    case 'interest':
    case 'fee':
    case 'tax':
      return [await planAmount(planner, draft)];
    case 'split':
      return [planSplit(planner, draft)];
    case 'deposit':
    case 'withdrawal':
      return [await planMoney(planner, draft)];
    case 'transfer_out':
      return planTransfer(planner, draft);
    case 'transfer_in':
      return [await planArrival(planner, draft)];
  }
};

/**
 * The legs of an event, the trade itself first.
 * @throws {AppError} 422 naming the field
 */
export const planEvent = async (tx: Tx, place: EventPlace, draft: Draft): Promise<TradeValues[]> => {
  const date = checkDay('date', draft.date, place.today);
  const legs = await planLegs({ tx, place, date }, draft);
  const settle = 'settle' in draft ? draft.settle : undefined;
  if (settle !== undefined) legs.push(...(await planSettlement(tx, place, legs, settle)));
  const eventId = legs.length === 1 ? null : (place.before[0]?.event_id ?? randomUUIDv7());
  return legs.map((leg) => ({
    ...leg,
    eventId,
    notes: leg.leg === 'primary' ? (draft.notes ?? null) : null,
  }));
};
