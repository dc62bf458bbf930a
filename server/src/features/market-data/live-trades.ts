/**
 * Trades as they happen, for lines that somebody holds or watches: the newest of each line is stored a few times a minute, by
 * the same rules as a fetched price. While trades of a line come, its quote is not asked for; when they stop, it is asked
 * for again after its interval.
 *
 * Contents: startLiveTrades
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { checkPrices } from '@pm/domain/market-data';

import type { Clock } from '#platform/clock.ts';
import type { ProviderSettings } from '#platform/config.ts';
import { withWorker } from '#platform/database/index.ts';
import type { Db, Tx } from '#platform/database/index.ts';
import { whileLeading } from '#platform/database/leader.ts';
import type { Logger } from '#platform/log.ts';

import { recordedSplits } from './event-queries.ts';
import * as queries from './feed-queries.ts';
import type { DueLine, PriceToHold, PriceToStore } from './feed-queries.ts';
import { FINNHUB_TRADES, MAX_SYMBOLS, openTrades, tradesOffBecause } from './providers/finnhub-trades.ts';
import type { Trade } from './providers/finnhub-trades.ts';
import { finnhub } from './providers/finnhub.ts';
import { lineOf } from './providers/provider.ts';
import { recordFailure, recordSuccess } from './rate-queries.ts';

/** How often things are done, in milliseconds. */
type Pace = {
  readonly storeMs: number;
  /** How often it is looked what is held and watched by now. */
  readonly lookMs: number;
  /** The pause before it is tried again: a random part of this, doubled with each failure. */
  readonly retryMs: number;
  readonly askMs?: number;
};
const PACE: Pace = { storeMs: 15_000, lookMs: 30_000, retryMs: 2_000 };
const MAX_DOUBLINGS = 7;
/** Lines among which those are looked for that it covers. */
const MAX_LINES = 2_000;
/** Clocks differ; a trade that is further ahead of ours than this is not taken. */
const MAX_SECONDS_AHEAD = 120;
/** Its prices are those of the provider. */
const SOURCE = finnhub.id;

export type LiveTradesParts = {
  /** Pool of the worker role. */
  readonly db: Db;
  /** Direct connection of the worker role. */
  readonly workerUrl: string;
  readonly settings: ProviderSettings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pace?: Pace;
};

/** Listens wherever this process leads, until it is stopped. One process listens, however many there are. */
export const startLiveTrades = (parts: LiveTradesParts): { stop(): Promise<void> } => {
  const { workerUrl: url, settings, log, pace = PACE } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const leading = {
    url,
    name: 'live trades',
    log,
    signal,
    ...(pace.askMs !== undefined && { askMs: pace.askMs }),
  };
  const work =
    tradesOffBecause(settings) === null
      ? whileLeading(leading, async (leads) => listen({ ...parts, pace, signal: leads }))
      : Promise.resolve();
  return {
    stop: async () => {
      stopping.abort();
      await work;
    },
  };
};

type Listening = LiveTradesParts & { readonly pace: Pace; readonly signal: AbortSignal };

const pause = async (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

const aborted = async (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** One connection after the other; nobody is listened to while nobody holds anything that is on it. */
const listen = async (at: Listening): Promise<void> => {
  let failures = 0;
  while (!at.signal.aborted) {
    const lines = await wantedLines(at);
    if (lines.size === 0) {
      await pause(at.pace.lookMs, at.signal);
      continue;
    }
    const hasHeard = await connection(at, lines);
    failures = hasHeard ? 0 : Math.min(failures + 1, MAX_DOUBLINGS);
    await pause(Math.random() * at.pace.retryMs * 2 ** failures, at.signal);
  }
};

/** By symbol: lines that are held or watched, which the provider did not refuse. */
const wantedLines = async ({ db }: Listening): Promise<ReadonlyMap<string, DueLine>> => {
  const lines = await withWorker(db, async (tx) => queries.linesToStream(tx, MAX_LINES));
  const bySymbol = new Map<string, DueLine>();
  for (const line of lines) {
    const isRefused = line.attempts.some(
      ({ provider, refusedAt }) => provider === SOURCE && refusedAt !== undefined,
    );
    const symbol = isRefused ? null : finnhub.symbolFor(lineOf(line));
    if (symbol !== null && bySymbol.size < MAX_SYMBOLS && !bySymbol.has(symbol)) bySymbol.set(symbol, line);
  }
  return bySymbol;
};

/** One connection until it ends, or the lead does. @returns whether any trade was heard */
const connection = async (at: Listening, first: ReadonlyMap<string, DueLine>): Promise<boolean> => {
  const { settings, pace, signal, log } = at;
  let lines = first;
  let hasHeard = false;
  const waiting = new Map<string, Trade>();
  const trades = openTrades(settings, (heard) => {
    const latest = at.clock.now().add({ seconds: MAX_SECONDS_AHEAD });
    for (const trade of heard) {
      hasHeard = true;
      if (Temporal.Instant.compare(trade.at, latest) > 0) continue;
      const before = waiting.get(trade.symbol);
      const isOlder = before !== undefined && Temporal.Instant.compare(trade.at, before.at) < 0;
      if (!isOlder) waiting.set(trade.symbol, trade);
    }
  });
  trades.follow([...lines.keys()]);
  const isOver = new AbortController();
  const every = async (ms: number, act: () => Promise<void>): Promise<void> => {
    const until = AbortSignal.any([signal, isOver.signal]);
    while (!until.aborted) {
      await pause(ms, until);
      // With the database away it is done the next time.
      await act().catch((error: unknown) => log.warn({ err: error }, 'Trades could not be stored or chosen'));
    }
  };
  const store = async (): Promise<void> => {
    const taken = [...waiting.values()];
    if (taken.length === 0) return;
    await storeTrades(at, lines, taken);
    for (const trade of taken) if (waiting.get(trade.symbol) === trade) waiting.delete(trade.symbol);
  };
  const look = async (): Promise<void> => {
    lines = await wantedLines(at);
    trades.follow([...lines.keys()]);
  };
  const work = Promise.all([every(pace.storeMs, store), every(pace.lookMs, look)]);
  const end = await Promise.race([trades.ended, aborted(signal)]);
  isOver.abort();
  trades.close();
  await work;
  if (end !== undefined) {
    await withWorker(at.db, async (tx) =>
      recordFailure(tx, FINNHUB_TRADES.id, at.clock.now(), end.message),
    ).catch((error: unknown) => log.warn({ err: error }, 'The end of the trades could not be written down'));
  }
  return hasHeard;
};

/** Believes, holds back and stores by the rules of fetched prices. A line without any price waits for its first quote. */
const storeTrades = async (
  { db, clock }: Listening,
  lines: ReadonlyMap<string, DueLine>,
  trades: readonly Trade[],
): Promise<void> => {
  const now = clock.now();
  const known = trades.flatMap((trade) => {
    const line = lines.get(trade.symbol);
    return line === undefined ? [] : [{ line, trade }];
  });
  await withWorker(db, async (tx) => {
    const ids = known.map(({ line }) => line.listing_id);
    const references = await queries.referencePrices(tx, ids, null);
    const splits = await recordedSplits(tx, ids);
    const good: PriceToStore[] = [];
    const held: PriceToHold[] = [];
    for (const { line, trade } of known) {
      const listingId = line.listing_id;
      const reference = references.get(listingId);
      if (reference === undefined) continue;
      const published = {
        at: trade.at,
        interval: 'quote',
        close: trade.price,
        open: null,
        high: null,
        low: null,
        volume: null,
        unit: null,
      } as const;
      const of = { currency: line.currency, quoteUnit: line.quote_unit };
      const checked = checkPrices([published], of, reference, undefined, splits.get(listingId) ?? []);
      good.push(...checked.good.map((price) => ({ ...price, listingId, source: SOURCE })));
      held.push(...checked.held.map((price) => ({ ...price, listingId, source: SOURCE })));
    }
    await keep(tx, good, held, now);
  });
};

const keep = async (
  tx: Tx,
  good: readonly PriceToStore[],
  held: readonly PriceToHold[],
  now: Temporal.Instant,
): Promise<void> => {
  await queries.storePrices(tx, good);
  await queries.holdPrices(tx, held);
  await queries.noteTrades(
    tx,
    good.map((price) => price.listingId),
    SOURCE,
    now,
  );
  await recordSuccess(tx, FINNHUB_TRADES.id, now);
};
