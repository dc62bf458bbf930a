/**
 * Splits and dividends of instruments: from providers, files and people, listed, and taken into a series of closes.
 *
 * Contents: storePublishedEvents · corporateEvents · listEvents · giveEvent · importEvents · removeEvent · readPriceSeries
 */
import type { GivenEvent, InstrumentEvent, PriceSeries } from '@pm/contracts/market-data';
import { endOfDay, parseDay } from '@pm/domain/calendar';
import { exchangeZone, PriceFileError, readEventFile, adjustSeries } from '@pm/domain/market-data';
import type { Adjustment, Dividend, PublishedEvent, Split } from '@pm/domain/market-data';
import { dec, decimalText, isQuoteUnit, quoteUnit, roundAmount, toCurrencyUnits } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import type { AnnouncedDividend, UnitSplit } from '@pm/domain/valuation/income';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import { badRequest, forbidden, invalidFields, notFound, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE } from '#platform/paging.ts';

import * as queries from './event-queries.ts';
import type { EventMetadata, EventRow, EventToSave } from './event-queries.ts';
import { findLine } from './price-queries.ts';
import type { LineRow } from './price-queries.ts';
import { within } from './prices.ts';

type Answer = Static<typeof InstrumentEvent>;
type Giver = { readonly id: string; readonly role: string };

/** Whose events are stored, and of what. */
export type EventsOf = {
  readonly instrumentId: string;
  /** NULL: everybody's. */
  readonly ownerUserId: string | null;
  readonly mic: string | null;
  readonly currency: string;
  readonly quoteUnit: string;
  readonly source: string;
};

/** A dividend larger than this part of a unit's price is doubted: more likely it came in another unit. */
const DOUBTED_PART = dec('0.5');

/**
 * Stores what a source published. Amounts become currency units. A dividend in another currency than the line's is kept in
 * it; one that is more than half of `priceBefore` is kept with a doubt, and counts in no calculation.
 */
export const storePublishedEvents = async (
  tx: Tx,
  of: EventsOf,
  events: readonly PublishedEvent[],
  priceBefore: (day: Temporal.PlainDate) => Decimal | null = () => null,
): Promise<{ readonly added: number; readonly corrected: number }> => {
  const places = new Map<string, number>();
  const rows = events.filter(isKept).map((event): EventToSave => {
    const key = `${of.instrumentId} ${event.kind} ${event.day.toString()}`;
    const place = places.get(key) ?? 0;
    places.set(key, place + 1);
    const { title, metadata } =
      event.kind === 'split' ? splitFacts(event) : dividendFacts(of, event, priceBefore);
    return {
      instrumentId: of.instrumentId,
      ownerUserId: of.ownerUserId,
      type: event.kind,
      title,
      at: event.day.toZonedDateTime(exchangeZone(of.mic)).toInstant(),
      metadata: { exDate: event.day.toString(), ...metadata },
      source: of.source,
      externalId: place === 0 ? key : `${key} ${place}`,
    };
  });
  return queries.saveEvents(tx, rows);
};

type Facts = { readonly title: string; readonly metadata: EventMetadata };

const splitFacts = (event: PublishedEvent & { kind: 'split' }): Facts => {
  const [numerator, denominator] = [event.numerator, event.denominator].map((one) => decimalText(dec(one)));
  return {
    title: `Split: ${numerator} for ${denominator}`,
    metadata: { numerator: numerator ?? '1', denominator: denominator ?? '1' },
  };
};

const dividendFacts = (
  of: EventsOf,
  event: PublishedEvent & { kind: 'dividend' },
  priceBefore: (day: Temporal.PlainDate) => Decimal | null,
): Facts => {
  const given = event.unit ?? of.quoteUnit;
  const unit = quoteUnit(isQuoteUnit(given) ? given : of.currency);
  const amount = roundAmount(toCurrencyUnits(dec(event.amount), unit));
  const before = unit.currency === of.currency ? priceBefore(event.day) : null;
  const isDoubted = before !== null && amount.greaterThan(before.times(DOUBTED_PART));
  return {
    title: `Dividend: ${decimalText(amount)} ${unit.currency}`,
    metadata: {
      amount: decimalText(amount),
      currency: unit.currency,
      payDate: event.payDate?.toString() ?? null,
      ...(isDoubted ? { doubt: 'It is more than half of the price before it; its unit may be wrong.' } : {}),
    },
  };
};

/** Splits and dividends that count, the oldest first. */
export type CorporateEvents = { readonly splits: readonly Split[]; readonly dividends: readonly Dividend[] };

const NO_EVENTS: CorporateEvents = { splits: [], dividends: [] };

/**
 * The splits and dividends of instruments as the person of the transaction sees them: per unit as it was on the ex-date,
 * from its start on the exchange. Every id is in the answer.
 */
export const corporateEvents = async (
  tx: Tx,
  instrumentIds: readonly string[],
): Promise<ReadonlyMap<string, CorporateEvents>> => {
  const rows = await queries.countingEvents(tx, [...new Set(instrumentIds)]);
  const byInstrument = Map.groupBy(rows, (row) => row.instrument_id);
  return new Map(instrumentIds.map((id) => [id, eventsOf(byInstrument.get(id) ?? []) ?? NO_EVENTS] as const));
};

/** Dividends and splits of one security by their ex-dates, the oldest first. */
export type DividendCalendar = {
  readonly dividends: readonly (AnnouncedDividend & { readonly source: string })[];
  readonly splits: readonly UnitSplit[];
};

/**
 * Dividends that are known of, also those to come, with their days of payment, and the splits that change what a unit is.
 * As the person of the transaction sees them; ids without either are left out.
 */
export const dividendCalendars = async (
  tx: Tx,
  instrumentIds: readonly string[],
): Promise<ReadonlyMap<string, DividendCalendar>> => {
  const rows = await queries.countingEvents(tx, [...new Set(instrumentIds)]);
  return new Map(
    [...Map.groupBy(rows, (row) => row.instrument_id)].map(([id, own]) => [id, calendarOf(own)] as const),
  );
};

const calendarOf = (rows: readonly EventRow[]): DividendCalendar => {
  const places = new Map<string, number>();
  return {
    dividends: rows.flatMap(({ day, source, metadata: { amount, currency, payDate } }) => {
      if (amount === undefined || currency === undefined) return [];
      const place = (places.get(day) ?? 0) + 1;
      places.set(day, place);
      return [
        {
          exDate: Temporal.PlainDate.from(day),
          place,
          payDate: payDate == null ? null : parseDay(payDate),
          perUnit: dec(amount),
          currency,
          source: source ?? '',
        },
      ];
    }),
    splits: rows.flatMap(({ day, metadata: { numerator, denominator } }) =>
      numerator === undefined || denominator === undefined
        ? []
        : [{ day: Temporal.PlainDate.from(day), numerator: dec(numerator), denominator: dec(denominator) }],
    ),
  };
};

const eventsOf = (rows: readonly EventRow[]): CorporateEvents => ({
  splits: rows.flatMap(({ date_time: at, metadata: { numerator, denominator } }) =>
    numerator === undefined || denominator === undefined
      ? []
      : [{ at, numerator: dec(numerator), denominator: dec(denominator) }],
  ),
  dividends: rows.flatMap(({ date_time: at, metadata: { amount, currency } }) =>
    amount === undefined || currency === undefined ? [] : [{ at, amount: dec(amount), currency }],
  ),
});

const mayDelete = (row: EventRow, user: Giver): boolean =>
  row.owner_user_id === null ? user.role === 'admin' : row.owner_user_id === user.id;

const answerOf = (row: EventRow, user: Giver): Answer => {
  const { amount, currency, payDate, numerator, denominator, doubt } = row.metadata;
  return {
    id: row.id,
    instrumentId: row.instrument_id,
    // A check constraint of the table holds the types of the contract.
    type: row.type as Answer['type'],
    title: row.title,
    date: row.day,
    dividend:
      amount === undefined || currency === undefined ? null : { amount, currency, payDate: payDate ?? null },
    split: numerator === undefined || denominator === undefined ? null : { numerator, denominator },
    source: row.source,
    scope: row.owner_user_id === null ? 'shared' : 'private',
    doubt: doubt ?? null,
    canDelete: mayDelete(row, user),
  };
};

const requireInstrument = async (tx: Tx, id: string): Promise<void> => {
  if (!(await describeInstruments(tx, [id])).has(id)) throw notFound('instrument');
};

type Range = { readonly from?: string; readonly to?: string };

const readRange = ({
  from,
  to,
}: Range): { from: Temporal.PlainDate | null; to: Temporal.PlainDate | null } => {
  const read = (field: 'from' | 'to', text: string | undefined): Temporal.PlainDate | null => {
    if (text === undefined) return null;
    const day = parseDay(text);
    if (day === null) throw invalidFields([{ field, message: 'is not a day of the calendar' }]);
    return day;
  };
  const [first, last] = [read('from', from), read('to', to)];
  if (first !== null && last !== null && Temporal.PlainDate.compare(first, last) > 0) {
    throw invalidFields([{ field: 'from', message: 'is after “to”' }]);
  }
  return { from: first, to: last };
};

const PLACE = /^(\d{4}-\d\d-\d\d) ([0-9a-f-]{36})$/u;

const readPlace = (cursor: string | undefined): { day: string; id: string } | null => {
  if (cursor === undefined) return null;
  const [, day, id] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (day !== undefined && id !== undefined) return { day, id };
  const detail = 'The cursor is not one that a list answered; start again without it.';
  throw badRequest('bad_cursor', detail, 'cursor');
};

/** Events of an instrument, newest first. @throws {AppError} 404; 400 naming `from`, `to` or `cursor` */
export const listEvents = async (
  tx: Tx,
  instrumentId: string,
  query: Range & { readonly limit?: number; readonly cursor?: string },
  user: Giver,
): Promise<{ items: Answer[]; nextCursor: string | null }> => {
  await requireInstrument(tx, instrumentId);
  const limit = query.limit ?? DEFAULT_PAGE;
  const { from, to } = readRange(query);
  const rows = await queries.pageOfEvents(tx, instrumentId, {
    from: from?.toString() ?? null,
    to: to?.toString() ?? null,
    limit,
    after: readPlace(query.cursor),
  });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => answerOf(row, user)),
    nextCursor:
      rows.length > limit && last !== undefined
        ? Buffer.from(`${last.day} ${last.id}`).toString('base64url')
        : null,
  };
};

/** Whose a person's event is: everybody's where an administrator gives it for a shared line, else their own. */
const scopeOf = (line: LineRow, user: Giver, source: string, instrumentId: string): EventsOf => ({
  instrumentId,
  ownerUserId: line.owner_user_id === null && user.role === 'admin' ? null : user.id,
  mic: line.mic,
  currency: line.currency,
  quoteUnit: line.quote_unit,
  source,
});

const lineOf = async (tx: Tx, instrumentId: string): Promise<LineRow> => {
  await requireInstrument(tx, instrumentId);
  const line = await findLine(tx, instrumentId, null);
  if (line !== null) return line;
  throw unprocessable('no_line', 'The instrument has no primary line that events could belong to; add one.');
};

/**
 * Records a split or a dividend by hand; one of the same kind and day, given by hand before, is replaced.
 * @throws {AppError} 404; 400 naming each field; 422 `no_line`
 */
export const giveEvent = async (
  tx: Tx,
  instrumentId: string,
  body: Static<typeof GivenEvent>,
  user: Giver,
): Promise<Answer> => {
  const line = await lineOf(tx, instrumentId);
  const event = readGiven(body, line);
  const of = scopeOf(line, user, 'manual', instrumentId);
  await storePublishedEvents(tx, of, [event]);
  const page = { from: event.day.toString(), to: event.day.toString(), limit: DEFAULT_PAGE, after: null };
  const rows = await queries.pageOfEvents(tx, instrumentId, page);
  const stored = rows.find((row) => row.type === event.kind && row.source === 'manual');
  if (stored === undefined) throw new Error('An event given by hand counts before all others.');
  return answerOf(stored, user);
};

const MAX_RATIO = dec('1000000');
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;

const isKept = ({ day }: PublishedEvent): boolean => day.year >= FIRST_YEAR && day.year <= LAST_YEAR;

const readGiven = (body: Static<typeof GivenEvent>, line: LineRow): PublishedEvent => {
  const errors: { field: string; message: string }[] = [];
  const day = parseDay(body.date);
  if (day === null || day.year < FIRST_YEAR || day.year > LAST_YEAR) {
    errors.push({ field: 'date', message: 'is not a day from 1900 to 2199' });
  }
  const positive = (field: string, text: string): string => {
    const isGood = dec(text).greaterThan(0) && dec(text).lessThanOrEqualTo(MAX_RATIO);
    if (!isGood) errors.push({ field, message: 'must be above 0, and at most 1,000,000' });
    return text;
  };
  if (body.type === 'split') {
    const numerator = positive('numerator', body.numerator);
    const denominator = positive('denominator', body.denominator);
    if (errors.length > 0 || day === null) throw invalidFields(errors);
    return { kind: 'split', day, numerator, denominator };
  }
  const amount = positive('amount', body.amount);
  const payDate = body.payDate === undefined ? null : parseDay(body.payDate);
  if (body.payDate !== undefined && payDate === null) {
    errors.push({ field: 'payDate', message: 'is not a day of the calendar' });
  }
  if (body.quoteUnit !== undefined && !isQuoteUnit(body.quoteUnit)) {
    errors.push({ field: 'quoteUnit', message: 'is neither a currency nor a unit such as GBX, ZAc or ILA' });
  }
  if (errors.length > 0 || day === null) throw invalidFields(errors);
  return { kind: 'dividend', day, amount, unit: body.quoteUnit ?? line.quote_unit, payDate };
};

/** Reads a file of splits and dividends. @throws {AppError} 422 with the code of the reader */
export const readEvents = (bytes: Uint8Array | undefined): readonly PublishedEvent[] => {
  try {
    const events = readEventFile(bytes ?? new Uint8Array());
    const strange = events.find((event) => !isKept(event));
    if (strange !== undefined) {
      throw new PriceFileError('bad_date', `${strange.day.toString()} is not a day from 1900 to 2199`);
    }
    if (events.length > 0) return events;
  } catch (error) {
    if (error instanceof PriceFileError) throw unprocessable(error.code, `${error.message}.`, 'body');
    throw error;
  }
  throw unprocessable('no_events', 'The file has neither splits nor dividends.', 'body');
};

/** Stores the events of a file. @throws {AppError} 404; 400 naming `quoteUnit`; 422 `no_line`, `bad_unit` */
export const importEvents = async (
  tx: Tx,
  instrumentId: string,
  unit: string | undefined,
  events: readonly PublishedEvent[],
  user: Giver,
) => {
  const line = await lineOf(tx, instrumentId);
  if (unit !== undefined && !isQuoteUnit(unit)) {
    const message = 'is neither a currency nor a unit such as GBX, ZAc or ILA';
    throw invalidFields([{ field: 'quoteUnit', message }]);
  }
  const inUnit = events.map((event) =>
    event.kind === 'dividend' ? { ...event, unit: event.unit ?? unit ?? null } : event,
  );
  const bad = inUnit.find(
    (event) => event.kind === 'dividend' && event.unit !== null && !isQuoteUnit(event.unit),
  );
  if (bad?.kind === 'dividend') {
    const detail = `“${(bad.unit ?? '').slice(0, 20)}” is neither a currency nor a unit such as GBX.`;
    throw unprocessable('bad_unit', detail, 'body');
  }
  const of = scopeOf(line, user, 'file', instrumentId);
  const counts = await storePublishedEvents(tx, of, inUnit);
  return { rows: events.length, ...counts, scope: of.ownerUserId === null ? 'shared' : 'private' } as const;
};

/** @throws {AppError} 404; 403 for what an administrator decides */
export const removeEvent = async (tx: Tx, instrumentId: string, id: string, user: Giver): Promise<void> => {
  const row = await queries.findEvent(tx, instrumentId, id);
  if (row === null) throw notFound('event');
  if (!mayDelete(row, user)) {
    throw forbidden('forbidden', 'An administrator deletes events that everybody shares.');
  }
  await queries.deleteEvent(tx, id);
};

/** A chart shows at most so many points; a longer series has one a week. */
const POINTS_MAX = 2_600;
const FIRST_YEARS = 1;
const EVENTS_MAX = 2_000;

/**
 * Closes of the primary line for a chart, one a day: as traded, or adjusted now for what is recorded now. An instrument
 * without prices of a feed has the person's own.
 * @throws {AppError} 404; 400 naming `from` or `to`
 */
export const readPriceSeries = async (
  tx: Tx,
  instrumentId: string,
  query: Range & { readonly adjust?: Adjustment },
  user: Giver,
  now: Temporal.Instant,
): Promise<Static<typeof PriceSeries>> => {
  await requireInstrument(tx, instrumentId);
  const line = await findLine(tx, instrumentId, null);
  const zone = exchangeZone(line?.mic ?? null);
  const range = readRange(query);
  const to = range.to ?? now.toZonedDateTimeISO(zone).toPlainDate();
  const from = range.from ?? to.subtract({ years: FIRST_YEARS });
  const start = within(from.toZonedDateTime(zone).toInstant());
  const end = within(endOfDay(to, zone));
  const feed = line === null ? [] : await queries.dailyCloses(tx, line.id, zone, start, end);
  const closes = feed.length > 0 ? feed : await queries.dailyOwnPrices(tx, instrumentId, zone, start, end);
  const adjustment = query.adjust ?? 'splits';
  const counting = (await corporateEvents(tx, [instrumentId])).get(instrumentId) ?? NO_EVENTS;
  const points = closes.map((row) => ({ at: row.date_time, close: dec(row.close), currency: row.currency }));
  const adjusted = adjustSeries(points, counting, adjustment);
  const page = { from: from.toString(), to: to.toString(), limit: EVENTS_MAX, after: null };
  const events = (await queries.pageOfEvents(tx, instrumentId, page)).slice(0, EVENTS_MAX);
  const days = closes.map((row) => row.day);
  const shown = adjusted.points.map((point, index) => ({
    date: days[index] ?? '',
    close: decimalText(point.close),
  }));
  const isLong = shown.length > POINTS_MAX;
  const leftOut = new Set(adjusted.leftOut.map(({ at, amount }) => `${at.toString()} ${amount.toString()}`));
  return {
    instrumentId,
    listingId: feed.length > 0 ? (line?.id ?? null) : null,
    currency: closes.at(-1)?.currency ?? line?.currency ?? null,
    adjustment,
    points: isLong ? weekly(shown) : shown,
    events: events.map((row) => answerOf(row, user)),
    leftOut: events
      .filter(
        ({ date_time: at, metadata: { amount } }) =>
          amount !== undefined && leftOut.has(`${at.toString()} ${dec(amount).toString()}`),
      )
      .map((row) => row.id),
    thinned: isLong,
  };
};

/** The last point of each week. */
const weekly = <T extends { readonly date: string }>(points: readonly T[]): T[] => {
  const byWeek = new Map<string, T>();
  for (const point of points) {
    const { yearOfWeek, weekOfYear } = Temporal.PlainDate.from(point.date);
    byWeek.set(`${yearOfWeek} ${weekOfYear}`, point);
  }
  return [...byWeek.values()];
};
