/**
 * What a person watches without holding it: with its price, and what that did since the day before.
 *
 * Contents: listWatched · watch · unwatch
 */
import { randomUUIDv7 } from 'node:crypto';

import type { WatchedInstrument } from '@pm/contracts/market-data';
import { dayIn, endOfDay } from '@pm/domain/calendar';
import { decimalText, HUNDRED } from '@pm/domain/money';
import { choosePrice, isStale } from '@pm/domain/valuation';
import type { PriceQuote } from '@pm/domain/valuation';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import type { InstrumentFacts } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import { notFound, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import { pricesAt } from './prices.ts';
import type { PricesOfInstrument } from './prices.ts';
import * as queries from './watchlist-queries.ts';
import type { WatchedRow } from './watchlist-queries.ts';

type Answer = Static<typeof WatchedInstrument>;

/** What one person may watch: each is asked for every ten minutes. */
const MAX_WATCHED = 500;

type Moments = { readonly now: Temporal.Instant; readonly before: Temporal.Instant };

/** The last instant of yesterday where the person is: what a change is counted from, as in the summary of a portfolio. */
const momentsOf = (now: Temporal.Instant, timezone: string): Moments => ({
  now,
  before: endOfDay(dayIn(now, timezone).subtract({ days: 1 }), timezone),
});

const chosen = (prices: PricesOfInstrument | undefined, at: Temporal.Instant): PriceQuote | null =>
  prices === undefined ? null : choosePrice(prices.live, prices.manual, at);

const answersOf = async (tx: Tx, rows: readonly WatchedRow[], moments: Moments): Promise<Answer[]> => {
  const ids = rows.map((row) => row.instrument_id);
  const facts = await describeInstruments(tx, ids);
  const [latest, earlier] = await pricesAt(tx, ids, [{ now: moments.now }, { asOf: moments.before }]);
  return rows.flatMap((row) => {
    const instrument = facts.get(row.instrument_id);
    if (instrument === undefined) return [];
    const price = chosen(latest?.get(row.instrument_id), moments.now);
    return [
      answerOf(row, instrument, price, chosen(earlier?.get(row.instrument_id), moments.before), moments.now),
    ];
  });
};

const answerOf = (
  row: WatchedRow,
  instrument: InstrumentFacts,
  price: PriceQuote | null,
  before: PriceQuote | null,
  now: Temporal.Instant,
): Answer => ({
  id: row.id,
  instrumentId: row.instrument_id,
  name: instrument.name,
  type: instrument.type,
  ticker: instrument.ticker,
  exchange: instrument.exchange,
  note: row.note,
  price:
    price === null
      ? null
      : {
          close: decimalText(price.close),
          currency: price.currency,
          quoted: { close: decimalText(price.quoted.close), unit: price.quoted.unit },
          dateTime: price.at.toString(),
          kind: price.kind === 'manual' ? 'manual' : 'live',
          source: price.source,
          stale: isStale(price, now),
        },
  dayChange:
    price === null || before === null || price.currency !== before.currency || before.close.isZero()
      ? null
      : {
          amount: decimalText(price.close.minus(before.close)),
          pct: price.close.minus(before.close).div(before.close).times(HUNDRED).toDecimalPlaces(4).toNumber(),
          since: before.at.toString(),
        },
  createdAt: row.created_at.toString(),
});

/** What the person watches, with prices. @throws {AppError} 400 naming `cursor` */
export const listWatched = async (
  tx: Tx,
  query: { readonly limit?: number; readonly cursor?: string },
  timezone: string,
  now: Temporal.Instant,
): Promise<{ items: Answer[]; nextCursor: string | null }> => {
  const limit = query.limit ?? DEFAULT_PAGE;
  const rows = await queries.pageOfWatched(tx, { limit, after: readCursor(query.cursor) });
  const page = pageOf(rows, limit);
  return { items: await answersOf(tx, page.items, momentsOf(now, timezone)), nextCursor: page.nextCursor };
};

/**
 * Watches an instrument; one that is watched already gets the note given.
 * @throws {AppError} 404 for the instrument; 422 `too_many_watched`
 */
export const watch = async (
  tx: Tx,
  user: { readonly id: string; readonly timezone: string },
  body: { readonly instrumentId: string; readonly note?: string },
  now: Temporal.Instant,
): Promise<Answer> => {
  const facts = (await describeInstruments(tx, [body.instrumentId])).get(body.instrumentId);
  if (facts === undefined) throw notFound('instrument');
  if ((await queries.countWatched(tx)) >= MAX_WATCHED) {
    throw unprocessable(
      'too_many_watched',
      `You can watch ${MAX_WATCHED} instruments at most; take one away first.`,
    );
  }
  const note = body.note?.trim() ?? '';
  const row = await queries.addWatched(tx, {
    userId: user.id,
    id: randomUUIDv7(),
    instrumentId: facts.id,
    note: note === '' ? null : note,
  });
  const [answer] = row === null ? [] : await answersOf(tx, [row], momentsOf(now, user.timezone));
  if (answer === undefined) throw notFound('instrument');
  return answer;
};

/** @throws {AppError} 404 */
export const unwatch = async (tx: Tx, id: string): Promise<void> => {
  if (!(await queries.removeWatched(tx, id))) throw notFound('watched instrument');
};
