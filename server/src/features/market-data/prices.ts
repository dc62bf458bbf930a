/**
 * Prices: given by hand, listed, and found for a valuation.
 *
 * Contents: givePrice · listPrices · pricesAt
 */
import { randomUUIDv7 } from 'node:crypto';

import type { ManualPrice, Price } from '@pm/contracts/market-data';
import { endOfDay, parseDay } from '@pm/domain/calendar';
import { currency, dec, Decimal, decimalText, isQuoteUnit, quoteUnit } from '@pm/domain/money';
import type { QuoteUnit } from '@pm/domain/money';
import type { PriceQuote } from '@pm/domain/valuation';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import type { InstrumentFacts } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import { badRequest, invalidFields, notFound } from '#platform/errors.ts';
import { DEFAULT_PAGE } from '#platform/paging.ts';

import { readPriceInput } from './price-input.ts';
import * as queries from './price-queries.ts';
import type { PricePage, PriceRow, QuoteFound, QuoteRow } from './price-queries.ts';

type PriceAnswer = Static<typeof Price>;

const findInstrument = async (tx: Tx, id: string): Promise<InstrumentFacts> => {
  const instrument = (await describeInstruments(tx, [id])).get(id);
  if (instrument === undefined) throw notFound('instrument');
  return instrument;
};

/**
 * Stores a price that a person gives; only they see it. One at the same instant is replaced.
 * @throws {AppError} 404 for the instrument; 400 `invalid_fields` naming each field
 */
export const givePrice = async (
  tx: Tx,
  userId: string,
  instrumentId: string,
  body: Static<typeof ManualPrice>,
  now: Temporal.Instant,
): Promise<PriceAnswer> => {
  const instrument = await findInstrument(tx, instrumentId);
  const input = readPriceInput(body, instrument.currency, now);
  await queries.saveManualPrice(tx, { ...input, id: randomUUIDv7(), userId, instrumentId });
  const row: PriceRow = {
    kind: 'manual',
    listing_id: null,
    date_time: input.dateTime,
    source: 'manual',
    open: input.open,
    high: input.high,
    low: input.low,
    close: input.close,
    volume: input.volume,
    currency: input.currency,
    quote_unit: input.quoteUnit,
    key: '',
  };
  return priceAnswer(instrumentId, row);
};

/** The unit that a price was quoted in; its currency itself when its line was quoted in another one at that time. */
const unitOf = (row: Pick<PriceRow, 'currency' | 'quote_unit'>): QuoteUnit => {
  const unit = isQuoteUnit(row.quote_unit) ? quoteUnit(row.quote_unit) : quoteUnit(row.currency);
  return unit.currency === row.currency ? unit : quoteUnit(row.currency);
};

/** A stored NUMERIC without the zeros that its scale adds. */
const plain = (numeric: string | null): string | null =>
  numeric === null ? null : decimalText(dec(numeric));

const priceAnswer = (instrumentId: string, row: PriceRow): PriceAnswer => {
  const unit = unitOf(row);
  return {
    instrumentId,
    listingId: row.listing_id,
    dateTime: row.date_time.toString(),
    close: decimalText(dec(row.close)),
    open: plain(row.open),
    high: plain(row.high),
    low: plain(row.low),
    volume: row.volume === null ? null : dec(row.volume).toFixed(0, Decimal.ROUND_DOWN),
    currency: row.currency,
    quoted: { close: decimalText(dec(row.close).times(unit.perCurrencyUnit)), unit: unit.code },
    kind: row.kind,
    source: row.source,
  };
};

type PriceListQuery = {
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly cursor?: string;
};

/**
 * Prices of an instrument, newest first: the feed's and the person's own. `from` and `to` are days where the person is.
 * @throws {AppError} 404 for the instrument; 400 naming `from`, `to` or `cursor`
 */
export const listPrices = async (
  tx: Tx,
  instrumentId: string,
  query: PriceListQuery,
  timezone: string,
): Promise<{ items: PriceAnswer[]; nextCursor: string | null }> => {
  await findInstrument(tx, instrumentId);
  const page = readPage(query, timezone);
  const rows = await queries.pageOfPrices(tx, instrumentId, page);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => priceAnswer(instrumentId, row)),
    nextCursor: rows.length > page.limit && last !== undefined ? placeText(last) : null,
  };
};

/** Before and after every price that there can be. */
const FIRST = Temporal.Instant.from('1800-01-01T00:00:00Z');
const LAST = Temporal.Instant.from('9999-01-01T00:00:00Z');

const readPage = (query: PriceListQuery, timezone: string): PricePage => {
  const from = readDay('from', query.from);
  const to = readDay('to', query.to);
  if (from !== null && to !== null && Temporal.PlainDate.compare(from, to) > 0) {
    throw invalidFields([{ field: 'from', message: 'is after “to”' }]);
  }
  const start = from === null ? FIRST : within(from.toZonedDateTime(timezone).toInstant());
  const end = to === null ? LAST : within(endOfDay(to, timezone));
  const place = readPlace(query.cursor);
  const limit = query.limit ?? DEFAULT_PAGE;
  return place === null
    ? { from: start, until: end, afterKey: '', limit }
    : { from: start, until: place.at, afterKey: place.key, limit };
};

/** A day may begin or end outside of what the database can hold; there are no prices there. */
export const within = (instant: Temporal.Instant): Temporal.Instant => {
  if (Temporal.Instant.compare(instant, FIRST) < 0) return FIRST;
  return Temporal.Instant.compare(instant, LAST) > 0 ? LAST : instant;
};

const readDay = (field: 'from' | 'to', text: string | undefined): Temporal.PlainDate | null => {
  if (text === undefined) return null;
  const day = parseDay(text);
  if (day === null) throw invalidFields([{ field, message: 'is not a day of the calendar' }]);
  return day;
};

const placeText = (row: PriceRow): string =>
  Buffer.from(`${row.date_time.toString()} ${row.key}`).toString('base64url');

const PLACE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ([ab][^\0]*)$/u;

const readPlace = (cursor: string | undefined): { at: Temporal.Instant; key: string } | null => {
  if (cursor === undefined) return null;
  const [, at = '', key = ''] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  try {
    return { at: Temporal.Instant.from(at), key };
  } catch {
    throw badRequest(
      'bad_cursor',
      'The cursor is not one that a list answered; start again without it.',
      'cursor',
    );
  }
};

/** The prices that a value may be made with. */
export type PricesOfInstrument = { readonly live: PriceQuote | null; readonly manual: PriceQuote | null };

/** A moment of a valuation: the present, with the latest prices that there are, or a past instant. */
export type PriceMoment = { readonly now: Temporal.Instant } | { readonly asOf: Temporal.Instant };

/**
 * The newest price of the feed (of the primary line) and the newest given by hand, for each instrument, at each moment
 * asked for; one statement. `now`: the latest that there are, except that one stamped with a time that is still to come counts
 * from then on. `asOf`: the newest not after that instant. Every id is in each answer. Which of the two counts, and whether it is stale, is for `choosePrice` to say.
 */
export const pricesAt = async (
  tx: Tx,
  instrumentIds: readonly string[],
  moments: readonly PriceMoment[],
): Promise<ReadonlyMap<string, PricesOfInstrument>[]> => {
  const ids = [...new Set(instrumentIds)];
  if (ids.length === 0) return moments.map(() => new Map<string, PricesOfInstrument>());
  const untils = moments.map((moment) => ('asOf' in moment ? moment.asOf : null));
  const newest = await queries.newestQuotes(tx, ids, untils);
  const found = await withoutFuture(tx, newest, moments);
  return moments.map((_, at) => {
    const live = byInstrument(found, at, 'live');
    const manual = byInstrument(found, at, 'manual');
    return new Map(ids.map((id) => [id, { live: live.get(id) ?? null, manual: manual.get(id) ?? null }]));
  });
};

/** Puts the newest price that is not still to come in the place of one that is. */
const withoutFuture = async (
  tx: Tx,
  found: readonly QuoteFound[],
  moments: readonly PriceMoment[],
): Promise<readonly QuoteFound[]> => {
  let all = found;
  for (const [at, moment] of moments.entries()) {
    if (!('now' in moment)) continue;
    const { now } = moment;
    const early = all.filter((row) => row.moment === at && Temporal.Instant.compare(row.date_time, now) > 0);
    if (early.length === 0) continue;
    const keys = new Set(early.map((row) => `${row.kind} ${row.instrument_id}`));
    const ids = [...new Set(early.map((row) => row.instrument_id))];
    const before = (await queries.newestQuotes(tx, ids, [now])).filter((row) =>
      keys.has(`${row.kind} ${row.instrument_id}`),
    );
    all = [...all.filter((row) => !early.includes(row)), ...before.map((row) => ({ ...row, moment: at }))];
  }
  return all;
};

const byInstrument = (
  rows: readonly QuoteFound[],
  moment: number,
  kind: QuoteFound['kind'],
): Map<string, PriceQuote> =>
  new Map(
    rows
      .filter((row) => row.moment === moment && row.kind === kind)
      .map((row) => [row.instrument_id, quoteOf(row, kind)]),
  );

const quoteOf = (row: QuoteRow, kind: PriceQuote['kind']): PriceQuote => {
  const unit = unitOf(row);
  const close = dec(row.close);
  return {
    close,
    currency: currency(row.currency),
    quoted: { close: close.times(unit.perCurrencyUnit), unit: unit.code },
    at: row.date_time,
    kind,
    source: row.source,
  };
};
