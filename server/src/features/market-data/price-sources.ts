/**
 * Where the prices of an instrument come from: the newest of each source side by side, how far they are apart, and how the
 * last asking went.
 *
 * Contents: readPriceSources
 */
import type { PriceSources } from '@pm/contracts/market-data';
import { dec, Decimal, decimalText, HUNDRED } from '@pm/domain/money';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import { notFound } from '#platform/errors.ts';

import * as queries from './market-queries.ts';
import type { FetchOfLine, SourceRow } from './market-queries.ts';
import { PROVIDERS } from './providers/index.ts';
import { writtenSymbol } from './providers/provider.ts';

/** Prices older than this are not set against newer ones. */
const COMPARED_DAYS = 14;
/** Prices of one line further apart in time than this say nothing of each other. */
const TOGETHER_HOURS = 26;
/** Sources that differ by more than this, per cent of the lower one, disagree. */
const DISAGREE_PCT = dec('2');

/** @throws {AppError} 404 for the instrument */
export const readPriceSources = async (
  tx: Tx,
  instrumentId: string,
  user: { readonly id: string; readonly role: string },
  now: Temporal.Instant,
): Promise<Static<typeof PriceSources>> => {
  if (!(await describeInstruments(tx, [instrumentId])).has(instrumentId)) throw notFound('instrument');
  const since = now.subtract({ hours: COMPARED_DAYS * 24 });
  const found = await queries.sourcesOfInstrument(tx, instrumentId, since);
  const byLine = Map.groupBy(found, (row) => row.listing_id);
  const fetches = await queries.fetchesOfInstrument(tx, instrumentId);
  return {
    lines: fetches.map((line) => {
      const sources = byLine.get(line.listing_id) ?? [];
      const spread = spreadPct(sources);
      return {
        listingId: line.listing_id,
        symbols: symbolsOf(line),
        canEdit: line.owner_user_id === null ? user.role === 'admin' : line.owner_user_id === user.id,
        askedAt: line.asked_at?.toString() ?? null,
        provider: line.provider,
        attempts: line.attempts.map(({ provider, outcome, why }) => ({ provider, outcome, why })),
        sources: sources.map((row) => ({
          source: row.source,
          dateTime: row.date_time.toString(),
          close: decimalText(dec(row.close)),
          currency: row.currency,
        })),
        spreadPct: spread === null ? null : spread.toDecimalPlaces(4).toNumber(),
        disagree: spread !== null && spread.greaterThan(DISAGREE_PCT),
      };
    }),
  };
};

/**
 * How far the highest is above the lowest, per cent of the lowest, among prices of one currency near the newest in time;
 * null when there are not two.
 */
const spreadPct = (rows: readonly SourceRow[]): Decimal | null => {
  const newest = rows.toSorted((a, b) => Temporal.Instant.compare(b.date_time, a.date_time))[0];
  if (newest === undefined) return null;
  const earliest = newest.date_time.subtract({ hours: TOGETHER_HOURS });
  const closes = rows
    .filter(
      (row) => row.currency === newest.currency && Temporal.Instant.compare(row.date_time, earliest) >= 0,
    )
    .map((row) => dec(row.close));
  if (closes.length < 2) return null;
  const [low, high] = [Decimal.min(...closes), Decimal.max(...closes)];
  return high.minus(low).div(low).times(HUNDRED);
};

/** What each provider calls a line, whether or not it is asked in this install. */
const symbolsOf = (row: FetchOfLine): Static<typeof PriceSources>['lines'][number]['symbols'] => {
  const line = {
    mic: row.mic,
    ticker: row.ticker,
    currency: row.currency,
    quoteUnit: row.quote_unit,
    isDemo: row.is_demo,
  };
  return Object.values(PROVIDERS).map((provider) => ({
    provider: provider.id,
    written: writtenSymbol({ ...line, symbols: row.provider_symbols }, provider.id),
    made: provider.symbolFor({ ...line, symbols: {} }),
  }));
};
