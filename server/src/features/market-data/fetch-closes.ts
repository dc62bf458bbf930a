/**
 * Daily closes of what people hold, with the splits and dividends of the time: what is missing, from the first provider in
 * order that has any.
 *
 * Contents: fetchMissingCloses
 */
import { dayIn } from '@pm/domain/calendar';
import { checkPrices, exchangeZone } from '@pm/domain/market-data';
import type { PublishedPrice } from '@pm/domain/market-data';
import { dec, isQuoteUnit, quoteUnit, toCurrencyUnits } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';

import { withWorker } from '#platform/database/index.ts';

import * as queries from './feed-queries.ts';
import type { ClosingLine } from './feed-queries.ts';
import { recordedSplits } from './event-queries.ts';
import { storePublishedEvents } from './events.ts';
import { askProvider, eventsOf, saveStates } from './fetch-prices.ts';
import type { FetchPricesParts, Run } from './fetch-prices.ts';
import { PROVIDERS } from './providers/index.ts';
import type { History, HistoryRange, ProviderId } from './providers/provider.ts';

/** Lines that one run asks for. */
const LINES_PER_RUN = 300;
/** How far back the closes of a line go that has none. */
const FIRST_DAYS = 730;
/** A close younger than this is the day's own. */
const FRESH_HOURS = 20;

/** What a run did. */
export type FetchedCloses = { readonly lines: number; readonly added: number; readonly held: number };

/** Asks line by line, each stored as soon as it is there; what looks wrong is held back. */
export const fetchMissingCloses = async (parts: FetchPricesParts): Promise<FetchedCloses> => {
  const { db, now, settings, log } = parts;
  const before = now.subtract({ hours: FRESH_HOURS });
  const lines = await withWorker(db, async (tx) => queries.linesWithoutClose(tx, before, LINES_PER_RUN));
  const total = { lines: lines.length, added: 0, held: 0 };
  if (lines.length === 0) return total;
  const pauses = await withWorker(db, async (tx) => queries.readPauses(tx, settings.prices));
  const run: Run = { ...parts, pauses, went: new Map(), beganAt: performance.now() };
  for (const line of lines) {
    parts.signal?.throwIfAborted();
    const found = await askInOrder(run, line);
    const { added, held } = await storeCloses(run, line, found);
    total.added += added;
    total.held += held;
  }
  log.info(total, 'Daily closes fetched');
  return total;
};

type Found = History & { readonly source: ProviderId };

const askInOrder = async (run: Run, line: ClosingLine): Promise<Found | null> => {
  const to = dayIn(run.now, 'UTC');
  const from =
    line.newest_close === null ? to.subtract({ days: FIRST_DAYS }) : dayIn(line.newest_close, 'UTC');
  const range: HistoryRange = { from, to };
  for (const source of run.settings.prices) {
    const { history } = PROVIDERS[source];
    if (history === undefined) continue;
    const answer = await askProvider(run, PROVIDERS[source], line, async (symbol, of, how) =>
      history(symbol, of, range, how),
    );
    if ('value' in answer && answer.value.prices.length > 0) return { source, ...answer.value };
  }
  return null;
};

const storeCloses = async (
  run: Run,
  line: ClosingLine,
  found: Found | null,
): Promise<Omit<FetchedCloses, 'lines'>> =>
  withWorker(run.db, async (tx) => {
    await saveStates(run, tx);
    const moments = (found?.prices ?? [])
      .map((price) => price.at)
      .toSorted((a, b) => Temporal.Instant.compare(a, b));
    const [first, last] = [moments[0], moments.at(-1)];
    if (found === null || first === undefined || last === undefined) return { added: 0, held: 0 };
    const id = line.listing_id;
    const { source } = found;
    await storePublishedEvents(tx, eventsOf(line, source), found.events, closeBefore(found.prices, line));
    const splits = (await recordedSplits(tx, [id])).get(id) ?? [];
    const references = await queries.referencePrices(tx, [id], first.subtract({ milliseconds: 1 }));
    const stored = await queries.storedCloses(tx, id, source, first, last);
    const of = { currency: line.currency, quoteUnit: line.quote_unit };
    const checked = checkPrices(found.prices, of, references.get(id) ?? null, stored, splits);
    const { added } = await queries.storePrices(
      tx,
      checked.good.map((price) => ({ ...price, listingId: id, source })),
    );
    await queries.holdPrices(
      tx,
      checked.held.map((price) => ({ ...price, listingId: id, source })),
    );
    return { added, held: checked.held.length };
  });

/** The last of these closes before a day, in the currency of the line. */
const closeBefore =
  (prices: readonly PublishedPrice[], line: ClosingLine) =>
  (day: Temporal.PlainDate): Decimal | null => {
    const start = day.toZonedDateTime(exchangeZone(line.mic)).toInstant();
    const last = prices.findLast(
      (price) => price.close !== null && Temporal.Instant.compare(price.at, start) < 0,
    );
    const unit = last?.unit ?? line.quote_unit;
    if (last?.close == null || !isQuoteUnit(unit)) return null;
    return toCurrencyUnits(dec(last.close), quoteUnit(unit));
  };
