/**
 * What a person sends for a trade, checked and brought into the trade's currency.
 *
 * Contents: amountIn · sumIn · rateIn · checkDay · Line · lineOf · priceInCurrency
 */
import { FIRST_LEDGER_DAY, isAfter, isBefore, parseDay } from '@pm/domain/calendar';
import {
  dec,
  decimalProblem,
  decimalText,
  isQuoteUnit,
  quoteUnit,
  RATE_SCALE,
  toCurrencyUnits,
} from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';

import { invalidFields, unprocessable } from '#platform/errors.ts';

import type { HoldingRow } from './queries.ts';

type Sign = 'positive' | 'not negative';

/**
 * Reads an amount, price, quantity or rate.
 * @throws {AppError} 422 `invalid_amount` naming the field: not a number, too many digits or places, zero, negative
 */
export const amountIn = (field: string, text: string, sign: Sign, scale?: number): Decimal => {
  const problem = decimalProblem(text, scale);
  if (problem !== null) throw unprocessable('invalid_amount', `${field} ${problem}.`, field);
  const value = dec(text);
  if (value.isNegative() && !value.isZero()) {
    throw unprocessable('invalid_amount', `${field} must not be negative.`, field);
  }
  if (sign === 'positive' && value.isZero()) {
    throw unprocessable('invalid_amount', `${field} must be more than 0.`, field);
  }
  return value;
};

/**
 * A sum that is said as a whole (`amount`, `cost`), or as price × quantity.
 * @throws {AppError} 400 `invalid_fields` where it is missing, or said twice; 422 `invalid_amount`
 */
export const sumIn = (
  field: 'amount' | 'cost',
  given: {
    readonly whole?: string | undefined;
    readonly price?: string | undefined;
    readonly qty?: string | undefined;
  },
  sign: Sign,
): Decimal => {
  const { whole, price, qty } = given;
  // How many units arrive is no part of what they have cost.
  const parts = { price, ...(field === 'amount' && { qty }) };
  const stray = Object.entries(parts).find(([, value]) => value !== undefined);
  if (whole !== undefined && stray !== undefined) {
    throw invalidFields([{ field: stray[0], message: `is not given together with ${field}` }]);
  }
  if (whole !== undefined) return amountIn(field, whole, sign);
  if (price === undefined || qty === undefined) {
    throw invalidFields([{ field, message: 'is required, or price and qty in its place' }]);
  }
  const product = amountIn('price', price, sign).times(amountIn('qty', qty, 'positive'));
  return amountIn(field, decimalText(product), sign);
};

export const rateIn = (field: string, text: string): Decimal => amountIn(field, text, 'positive', RATE_SCALE);

/**
 * Reads a ledger day: from 1900 until today, as the person's calendar has it.
 * @throws {AppError} 422 `invalid_date` naming the field
 */
export const checkDay = (field: string, text: string, today: Temporal.PlainDate): Temporal.PlainDate => {
  const day = parseDay(text);
  if (day === null) throw unprocessable('invalid_date', `${field} is not a day of the calendar.`, field);
  if (isBefore(day, FIRST_LEDGER_DAY)) {
    throw unprocessable('invalid_date', `${field} must not be before ${FIRST_LEDGER_DAY.toString()}.`, field);
  }
  if (isAfter(day, today)) {
    throw unprocessable('invalid_date', `${field} is in the future; today is ${today.toString()}.`, field);
  }
  return day;
};

/** The line that a trade is priced on: its trading currency and quote unit. */
export type Line = { readonly currency: string; readonly quoteUnit: string };

export const lineOf = (holding: HoldingRow): Line => ({
  currency: holding.listing_currency ?? holding.instrument_currency ?? holding.base_currency,
  quoteUnit: holding.quote_unit ?? holding.base_currency,
});

export type PricedIn = { readonly price: Decimal; readonly currency: string; readonly unit: string };

/**
 * A price in the quote unit when one is given, else in `currency`, else in the line's currency.
 * @throws {AppError} 422 naming `quoteUnit` or `price`
 */
export const priceInCurrency = (
  given: { readonly price: string; readonly currency?: string; readonly quoteUnit?: string },
  line: Line,
  sign: Sign = 'positive',
): PricedIn => {
  const price = amountIn('price', given.price, sign);
  const currency =
    given.currency ??
    (given.quoteUnit !== undefined && isQuoteUnit(given.quoteUnit)
      ? quoteUnit(given.quoteUnit).currency
      : line.currency);
  if (given.quoteUnit === undefined) return { price, currency, unit: currency };
  if (!isQuoteUnit(given.quoteUnit)) {
    throw unprocessable(
      'unknown_quote_unit',
      `“${given.quoteUnit}” is neither a currency nor GBX, ZAc or ILA.`,
      'quoteUnit',
    );
  }
  const unit = quoteUnit(given.quoteUnit);
  if (unit.currency !== currency) {
    throw unprocessable(
      'quote_unit_mismatch',
      `A price in ${unit.code} is a price in ${unit.currency}, not in ${currency}.`,
      'quoteUnit',
    );
  }
  const converted = toCurrencyUnits(price, unit);
  const problem = decimalProblem(decimalText(converted));
  if (problem !== null) {
    throw unprocessable('invalid_amount', `price in ${unit.currency} ${problem}.`, 'price');
  }
  return { price: converted, currency: unit.currency, unit: unit.code };
};
