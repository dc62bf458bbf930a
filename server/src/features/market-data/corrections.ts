/**
 * What people put right about a line: what providers call it, and stored prices that turned out to be wrong.
 *
 * Contents: setSymbols · correctPrice
 */
import { randomUUIDv7 } from 'node:crypto';

import type { PriceCorrection } from '@pm/contracts/market-data';
import { dec, decimalText, isQuoteUnit, quoteUnit, roundAmount, toCurrencyUnits } from '@pm/domain/money';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import { PRICE_PROVIDERS } from '#platform/config.ts';
import type { Tx } from '#platform/database/index.ts';
import { forbidden, invalidFields, notFound } from '#platform/errors.ts';

import * as queries from './correction-queries.ts';
import { findLine } from './price-queries.ts';
import type { LineRow } from './price-queries.ts';

type Editor = { readonly id: string; readonly role: string };

const lineToEdit = async (
  tx: Tx,
  instrumentId: string,
  listingId: string,
  user: Editor,
): Promise<LineRow> => {
  if (!(await describeInstruments(tx, [instrumentId])).has(instrumentId)) throw notFound('instrument');
  const line = await findLine(tx, instrumentId, listingId);
  if (line === null) throw notFound('listing');
  const mayEdit = line.owner_user_id === null ? user.role === 'admin' : line.owner_user_id === user.id;
  if (mayEdit) return line;
  throw forbidden(
    'admin_only',
    'An administrator decides on lines that everybody shares; add a line of your own.',
  );
};

/** What a provider calls a line: letters, digits and the signs that symbols have. */
const SYMBOL = /^[\p{L}\p{N}.:^=@_/ -]{1,50}$/u;

/**
 * Writes down what providers call a line, which is then asked for under that symbol at once; null forgets it.
 * @throws {AppError} 404; 403; 400 naming the provider
 */
export const setSymbols = async (
  tx: Tx,
  of: { readonly instrumentId: string; readonly listingId: string },
  symbols: Readonly<Record<string, string | null>>,
  user: Editor,
): Promise<{ symbols: Record<string, string> }> => {
  const line = await lineToEdit(tx, of.instrumentId, of.listingId, user);
  const errors = Object.entries(symbols).flatMap(([provider, symbol]) => {
    const field = `symbols.${provider}`;
    if (!PRICE_PROVIDERS.some((known) => known === provider)) {
      return [{ field, message: `is no provider; there are ${PRICE_PROVIDERS.join(', ')}` }];
    }
    return symbol === null || SYMBOL.test(symbol.trim())
      ? []
      : [{ field, message: 'is not a symbol: at most 50 letters, digits and signs such as . - ^ =' }];
  });
  if (errors.length > 0) throw invalidFields(errors);
  const kept = { ...(await queries.symbolsOf(tx, line.id)) };
  for (const [provider, symbol] of Object.entries(symbols)) {
    if (symbol === null) Reflect.deleteProperty(kept, provider);
    else kept[provider] = symbol.trim();
  }
  await queries.saveSymbols(tx, line.id, kept);
  return { symbols: kept };
};

/**
 * Takes a stored price back, or replaces its close. What stood there goes to the rejected ones, from where it can be
 * brought back. `listingId` null: the person's own price, which is deleted or replaced without a trace but the log's.
 * @throws {AppError} 404 for the instrument, the line or the price; 403; 400 naming `close` or `quoteUnit`
 */
export const correctPrice = async (
  tx: Tx,
  instrumentId: string,
  body: Static<typeof PriceCorrection>,
  user: Editor,
): Promise<{ close: string | null }> => {
  const at = readMoment(body.dateTime);
  if (body.listingId === null) {
    const own = await queries.ownPrice(tx, instrumentId, at);
    if (own === null) throw notFound('price');
    const close = readClose(body, own.currency, own.quote_unit);
    await queries.correctOwnPrice(tx, instrumentId, at, close);
    return { close };
  }
  const line = await lineToEdit(tx, instrumentId, body.listingId, user);
  const close = readClose(body, line.currency, line.quote_unit);
  const isDone = await queries.correctPrice(tx, {
    listingId: line.id,
    at,
    source: body.source,
    close,
    id: randomUUIDv7(),
  });
  if (!isDone) throw notFound('price');
  return { close };
};

const readMoment = (text: string): Temporal.Instant => {
  try {
    return Temporal.Instant.from(text).round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
  } catch {
    throw invalidFields([
      { field: 'dateTime', message: 'is not a time with a zone, such as 2024-02-23T16:30:00Z' },
    ]);
  }
};

/** The close in currency units; null takes the price back. */
const readClose = (
  body: Static<typeof PriceCorrection>,
  currency: string,
  lineUnit: string,
): string | null => {
  if (body.close === null) return null;
  const code = body.quoteUnit ?? lineUnit;
  if (!isQuoteUnit(code) || quoteUnit(code).currency !== currency) {
    throw invalidFields([
      { field: 'quoteUnit', message: `is no unit of ${currency}, in which the line trades` },
    ]);
  }
  const close = roundAmount(toCurrencyUnits(dec(body.close), quoteUnit(code)));
  if (close.greaterThan(0) && close.lessThan('1e20')) return decimalText(close);
  throw invalidFields([{ field: 'close', message: 'must be above 0' }]);
};
