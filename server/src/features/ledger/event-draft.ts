/**
 * A stored event as the draft that it could have been recorded with, and a correction applied to it.
 *
 * Contents: correctedDraft
 */
import type { TradePatch } from '@pm/contracts/ledger';
import { parseDay } from '@pm/domain/calendar';
import type { TradeType } from '@pm/domain/ledger';
import { dec, decimalText, quoteUnit } from '@pm/domain/money';
import type { Static } from 'typebox';

import { unprocessable } from '#platform/errors.ts';

import { plain } from './answers.ts';
import type { Draft } from './event-plan.ts';
import type { TradeRow } from './trade-queries.ts';

type Patch = Static<typeof TradePatch>;
type Field = keyof Patch;

const PRICED = ['price', 'qty', 'quoteUnit', 'fees', 'taxes', 'fxRate'] as const;
/** What of each type can be corrected, besides its day and notes. */
const FIELDS: Readonly<Record<TradeType, readonly Field[]>> = {
  buy: [...PRICED, 'settle'],
  sell: [...PRICED, 'settle'],
  opening: PRICED,
  dividend: [...PRICED, 'amount', 'settle', 'reinvest'],
  interest: ['amount', 'fees', 'taxes', 'fxRate', 'settle'],
  fee: ['amount', 'fxRate', 'settle'],
  tax: ['amount', 'fxRate', 'settle'],
  split: ['numerator', 'denominator'],
  deposit: ['amount', 'fxRate', 'source'],
  withdrawal: ['amount', 'fxRate'],
  transfer_out: ['qty', 'arrives', 'fxRate'],
  transfer_in: ['qty', 'cost', 'fxRate'],
};

const chargesOf = (row: TradeRow) => ({ fees: plain(row.fees), taxes: plain(row.taxes) });

/** The price as it was entered, with the quantity. */
const pricedPart = (row: TradeRow) => {
  const unit = quoteUnit(row.quote_unit ?? row.currency);
  const price = dec(row.price ?? '0').times(unit.perCurrencyUnit);
  return { price: decimalText(price), quoteUnit: unit.code, qty: plain(row.qty ?? '0') };
};

const byType = (row: TradeRow, legs: readonly TradeRow[]): object => {
  const currency = { currency: row.currency };
  const amount = row.amount === null ? {} : { amount: plain(row.amount) };
  switch (row.type as TradeType) {
    case 'buy':
    case 'sell':
    case 'opening':
      return { ...pricedPart(row), ...chargesOf(row), ...currency };
    case 'dividend': {
      const bought = legs.find((leg) => leg.leg === 'reinvestment');
      return {
        ...(row.qty === null ? {} : pricedPart(row)),
        ...amount,
        ...chargesOf(row),
        ...currency,
        ...(bought && { reinvest: { ...pricedPart(bought), ...chargesOf(bought) } }),
      };
    }
    case 'interest':
      return { ...amount, ...chargesOf(row), ...currency };
    case 'fee':
    case 'tax':
      return { ...amount, ...currency };
    case 'split':
      return { numerator: row.split_numerator, denominator: row.split_denominator };
    case 'deposit':
      return { amount: plain(row.qty ?? '0'), source: row.deposit_source ?? 'own' };
    case 'withdrawal':
      return { amount: plain(row.qty ?? '0') };
    case 'transfer_out': {
      const arrival = legs.find((leg) => leg.leg === 'counterpart');
      return { qty: plain(row.qty ?? '0'), ...(arrival && { arrives: arrival.date.toString() }) };
    }
    case 'transfer_in':
      return { qty: plain(row.qty ?? '0'), cost: plain(row.amount ?? '0'), ...currency };
  }
};

const settlementOf = (legs: readonly TradeRow[]): object => {
  const cash = legs.find((leg) => leg.leg === 'settlement');
  return cash === undefined ? {} : { settle: { holdingId: cash.holding_id, overdraw: cash.overdraw } };
};

/** A transfer that moves to another day arrives as many days later as before, unless its arrival is given too. */
const moveArrival = (row: TradeRow, legs: readonly TradeRow[], patch: Patch): object => {
  const arrival = legs.find((leg) => leg.leg === 'counterpart');
  const day = patch.date === undefined ? null : parseDay(patch.date);
  if (arrival === undefined || day === null || patch.arrives !== undefined) return {};
  return { arrives: day.add(row.date.until(arrival.date)).toString() };
};

/**
 * The draft of an event as corrected. `legs` are those that it has, the trade itself first.
 * @throws {AppError} 422 `not_applicable` naming a field that trades of this type do not have
 */
export const correctedDraft = (row: TradeRow, legs: readonly TradeRow[], patch: Patch): Draft => {
  const type = row.type as TradeType;
  const isKnown = (field: string): boolean =>
    field === 'date' || field === 'notes' || FIELDS[type].some((one) => one === field);
  const stray = Object.keys(patch).find((field) => !isKnown(field));
  if (stray !== undefined) {
    throw unprocessable('not_applicable', `A trade of type ${type} has no ${stray} to correct.`, stray);
  }
  const before = {
    type,
    date: row.date.toString(),
    notes: row.notes,
    ...byType(row, legs),
    ...settlementOf(legs),
  };
  const merged: Record<string, unknown> = { ...before, ...moveArrival(row, legs, patch), ...patch };
  // Null takes away, as in the patch.
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as Draft;
};
