/**
 * The live flow: the newest price of every line that somebody holds, from the first provider in order that has one which
 * can be believed, with the reason why each was used or not.
 *
 * Contents: fetchDuePrices · askProvider (for other questions than the newest price) · eventsOf
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { dayIn } from '@pm/domain/calendar';
import { checkPrices, splitsAmong } from '@pm/domain/market-data';
import type { PublishedEvent, PublishedPrice, ReferencePrice, Split } from '@pm/domain/market-data';
import { dec } from '@pm/domain/money';

import type { ProviderSettings } from '#platform/config.ts';
import { withWorker } from '#platform/database/index.ts';
import type { Db } from '#platform/database/index.ts';
import type { Logger } from '#platform/log.ts';

import { recordedSplits } from './event-queries.ts';
import { storePublishedEvents } from './events.ts';
import type { EventsOf } from './events.ts';
import * as queries from './feed-queries.ts';
import type { Attempt, DueLine, Pause, PriceToHold, PriceToStore } from './feed-queries.ts';
import { afterFailure, afterSuccess, TokenBucket } from './provider-gate.ts';
import { PROVIDERS } from './providers/index.ts';
import { lineOf, ProviderError } from './providers/provider.ts';
import type { Ask, Line, PriceProvider, ProviderId } from './providers/provider.ts';
import { recordFailure, recordSuccess } from './rate-queries.ts';

/** Lines that one run asks for; the others are asked for by the next, the longest waiting first. */
const LINES_PER_RUN = 400;
/** Lines whose prices are stored together. */
const LINES_PER_PART = 40;
/** Questions at the same time. */
const CONCURRENCY = 4;
/** A claim holds for so long and is renewed in the meantime: of a worker that was killed, others take over soon. */
const CLAIM_SECONDS = 120;
const RENEW_MS = 30_000;
/** Clocks differ; a quote that is further ahead of ours than this is no quote of now. */
const MAX_SECONDS_AHEAD = 120;
/** A provider that does not have a line is asked for it again after so long. */
const REFUSED_HOURS = 24;

/** What a run needs. */
export type FetchPricesParts = {
  /** Pool of the worker role. */
  readonly db: Db;
  readonly settings: ProviderSettings;
  readonly now: Temporal.Instant;
  readonly log: Logger;
  readonly signal?: AbortSignal;
  /** One answer may take this long. */
  readonly timeoutMs?: number;
  /** What keeps it within the providers' limits; those of the process unless given. */
  readonly buckets?: Map<ProviderId, TokenBucket>;
};

/** What a run did. */
export type FetchedPrices = {
  readonly lines: number;
  /** Lines with a price that was taken. */
  readonly priced: number;
  readonly held: number;
  /** Prices that were not stored before. */
  readonly added: number;
};

/** One for each provider, so that all runs of this process together keep within its limit. */
const OF_THIS_PROCESS = new Map<ProviderId, TokenBucket>();

const bucketOf = ({ buckets = OF_THIS_PROCESS }: Run, provider: PriceProvider): TokenBucket => {
  const bucket = buckets.get(provider.id) ?? new TokenBucket(provider.limit);
  buckets.set(provider.id, bucket);
  return bucket;
};

/** A run in the middle of its work. */
export type Run = FetchPricesParts & {
  /** When it began, on the clock of the process. */
  readonly beganAt: number;
  readonly pauses: Map<string, Pause>;
  /** How the last question to each provider went: null is well. */
  readonly went: Map<ProviderId, ProviderError | null>;
};

/** Asks for the prices that are due, part by part, each stored as soon as it is there. */
export const fetchDuePrices = async (parts: FetchPricesParts): Promise<FetchedPrices> => {
  const { db, now, log } = parts;
  const beganAt = performance.now();
  const lines = await withWorker(db, async (tx) =>
    queries.claimDueLines(tx, now, now.add({ seconds: CLAIM_SECONDS }), LINES_PER_RUN),
  );
  const total = { lines: lines.length, priced: 0, held: 0, added: 0 };
  if (lines.length === 0) return total;
  const pauses = await withWorker(db, async (tx) => queries.readPauses(tx, parts.settings.prices));
  const run: Run = { ...parts, pauses, went: new Map(), beganAt };
  const ids = lines.map((line) => line.listing_id);
  const renewing = setInterval(() => void renewClaims(run, ids), RENEW_MS).unref();
  try {
    for (let start = 0; start < lines.length; start += LINES_PER_PART) {
      parts.signal?.throwIfAborted();
      const part = await fetchPart(run, lines.slice(start, start + LINES_PER_PART));
      total.priced += part.priced;
      total.held += part.held;
      total.added += part.added;
    }
  } finally {
    clearInterval(renewing);
  }
  log.info(total, 'Prices fetched');
  return total;
};

/** The present moment of a run. */
const nowOf = ({ now, beganAt }: Run): Temporal.Instant =>
  now.add({ milliseconds: Math.floor(performance.now() - beganAt) });

/** Keeps what is not asked for yet. When that fails another worker asks for it too, which does no harm. */
const renewClaims = async (run: Run, ids: readonly string[]): Promise<void> => {
  const until = nowOf(run).add({ seconds: CLAIM_SECONDS });
  await withWorker(run.db, async (tx) => queries.renewClaims(tx, ids, until)).catch((error: unknown) =>
    run.log.debug({ err: error }, 'Claims could not be renewed'),
  );
};

const fetchPart = async (run: Run, lines: readonly DueLine[]): Promise<Omit<FetchedPrices, 'lines'>> => {
  const ids = lines.map((line) => line.listing_id);
  const known = await withWorker(run.db, async (tx) => ({
    references: new Map([
      ...(await queries.siblingPrices(tx, ids)),
      ...(await queries.referencePrices(tx, ids, null)),
    ]),
    splits: await recordedSplits(tx, ids),
  }));
  const waiting = [...lines];
  const results: LineResult[] = [];
  const work = async (): Promise<void> => {
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      const id = line.listing_id;
      const of = { reference: known.references.get(id) ?? null, splits: known.splits.get(id) ?? [] };
      results.push(await fetchLine(run, line, of));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const good = results.flatMap((result) => result.price ?? []);
  const held = results.flatMap((result) => result.held);
  const stored = await withWorker(run.db, async (tx) => {
    for (const { line, events, source } of results.flatMap((result) => result.news)) {
      await storePublishedEvents(tx, eventsOf(line, source), events);
    }
    const counts = await queries.storePrices(tx, good);
    await queries.holdPrices(tx, held);
    await queries.recordFetches(tx, results, run.now);
    await saveStates(run, tx);
    return counts;
  });
  return { priced: good.length, held: held.length, added: stored.added };
};

/** Writes down how the providers asked so far do. */
export const saveStates = async (run: Run, tx: Parameters<typeof recordSuccess>[0]): Promise<void> => {
  // In one order, so that two workers do not wait for each other.
  for (const [provider, error] of [...run.went].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (error === null) await recordSuccess(tx, provider, run.now);
    else await recordFailure(tx, provider, run.now, error.message);
    const pause = run.pauses.get(provider);
    if (pause !== undefined) await queries.savePause(tx, provider, pause);
  }
};

type LineResult = {
  readonly listingId: string;
  readonly provider: string | null;
  readonly price: PriceToStore | null;
  readonly held: readonly PriceToHold[];
  readonly attempts: readonly Attempt[];
  /** Events that were asked for because a price jumped. */
  readonly news: readonly { line: DueLine; source: ProviderId; events: readonly PublishedEvent[] }[];
};

/** What is known of a line before its price is asked for. */
type Known = { readonly reference: ReferencePrice | null; readonly splits: readonly Split[] };

const fetchLine = async (run: Run, due: DueLine, known: Known): Promise<LineResult> => {
  const listingId = due.listing_id;
  const news: LineResult['news'][number][] = [];
  let isDisputed = false;
  const attempts: Attempt[] = [];
  const held: PriceToHold[] = [];
  for (const id of run.settings.prices) {
    const provider = PROVIDERS[id];
    const answer = await askQuote(run, provider, due);
    if ('attempt' in answer) {
      attempts.push({ provider: id, ...answer.attempt });
      continue;
    }
    const line = { currency: due.currency, quoteUnit: due.quote_unit };
    let checked = checkPrices([answer.value], line, known.reference, undefined, known.splits);
    if (checked.held.some((price) => price.reason === 'split_not_recorded')) {
      const events = await askForEvents(run, provider, due);
      if (events.length > 0) news.push({ line: due, source: id, events });
      const splits = [...known.splits, ...splitsAmong(events, due.mic)];
      checked = checkPrices([answer.value], line, known.reference, undefined, splits);
    }
    if (known.reference === null && checked.good.length > 0) {
      const asked = [id, ...attempts.map((attempt) => attempt.provider)];
      const other = await secondOpinion(run, asked, due);
      if (other !== null) checked = checkPrices([answer.value], line, other, undefined, known.splits);
      isDisputed = checked.held.length > 0;
    }
    const [price] = checked.good;
    held.push(...checked.held.map((one) => ({ ...one, listingId, source: id })));
    if (price !== undefined) {
      attempts.push({ provider: id, outcome: 'used', why: null });
      return { listingId, provider: id, price: { ...price, listingId, source: id }, held, attempts, news };
    }
    attempts.push({ provider: id, outcome: 'held', why: 'Its price is held back until somebody decides.' });
    // Two sources contradict each other about a line of which nothing is known: that is for a person to settle.
    if (isDisputed) break;
  }
  return { listingId, provider: null, price: null, held, attempts, news };
};

/** The newest price that a provider has of a line; one of a time that is still to come is none. */
const askQuote = async (run: Run, provider: PriceProvider, due: DueLine): Promise<Answer<PublishedPrice>> =>
  askProvider(run, provider, due, async (symbol, line, how) => {
    const price = await provider.quote(symbol, line, how);
    const latest = nowOf(run).add({ seconds: MAX_SECONDS_AHEAD });
    if (Temporal.Instant.compare(price.at, latest) <= 0) return price;
    throw new ProviderError('bad_answer', `${provider.name} sent a price of a time that is still to come.`);
  });

/**
 * The first price of a line has nothing before it to be compared with: what another provider says of about the same moment.
 * Null where no other one has a price that could be one.
 */
const secondOpinion = async (
  run: Run,
  asked: readonly string[],
  due: DueLine,
): Promise<ReferencePrice | null> => {
  for (const id of run.settings.prices.filter((one) => !asked.includes(one))) {
    const answer = await askQuote(run, PROVIDERS[id], due);
    if (!('value' in answer)) continue;
    const line = { currency: due.currency, quoteUnit: due.quote_unit };
    const [price] = checkPrices([answer.value], line, null).good;
    if (price !== undefined) return { close: dec(price.close), at: price.at };
  }
  return null;
};

/** A jump that a split would explain is worth a question: what happened in the last days. */
const SPLIT_DAYS = 10;

const askForEvents = async (
  run: Run,
  provider: PriceProvider,
  due: DueLine,
): Promise<readonly PublishedEvent[]> => {
  const { history } = provider;
  if (history === undefined) return [];
  const to = dayIn(run.now, 'UTC');
  const range = { from: to.subtract({ days: SPLIT_DAYS }), to };
  const answer = await askProvider(run, provider, due, async (symbol, line, how) =>
    history(symbol, line, range, how),
  );
  return 'value' in answer ? answer.value.events : [];
};

/** Whose events those of a line are. */
export const eventsOf = (line: DueLine, source: ProviderId): EventsOf => ({
  instrumentId: line.instrument_id,
  ownerUserId: line.owner_user_id,
  mic: line.mic,
  currency: line.currency,
  quoteUnit: line.quote_unit,
  source,
});

type Answer<T> = { readonly value: T } | { readonly attempt: Omit<Attempt, 'provider'> };

/** What a provider says to a question about a line, asked when it may be and its turn has come; else why not. */
export const askProvider = async <T>(
  run: Run,
  provider: PriceProvider,
  due: DueLine,
  question: (symbol: string, line: Line, how: Ask) => Promise<T>,
): Promise<Answer<T>> => {
  const line = lineOf(due);
  const symbol = provider.symbolFor(line);
  const skip = whySkipped(run, provider, due, symbol);
  if (skip !== null || symbol === null) {
    return { attempt: skip ?? { outcome: 'skipped', why: 'It does not cover this line.' } };
  }
  const waitMs = bucketOf(run, provider).take();
  if (waitMs === null) {
    const { requests, seconds } = provider.limit;
    const why = `Its limit of ${requests} requests in ${seconds} seconds is used up for now.`;
    return { attempt: { outcome: 'skipped', why } };
  }
  if (waitMs > 0) await sleep(waitMs);
  try {
    const { settings, now, signal, timeoutMs } = run;
    const value = await question(symbol, line, { settings, now, signal, timeoutMs });
    run.pauses.set(provider.id, afterSuccess());
    run.went.set(provider.id, null);
    return { value };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { attempt: noteFailure(run, provider, error) };
  }
};

const noteFailure = (run: Run, provider: PriceProvider, error: ProviderError): Omit<Attempt, 'provider'> => {
  const before = run.pauses.get(provider.id) ?? afterSuccess();
  run.pauses.set(provider.id, afterFailure(before, error, run.now));
  const isOfLine = error.failure === 'unknown_symbol' || error.failure === 'not_allowed';
  run.went.set(provider.id, isOfLine ? null : error);
  const refusedAt = isOfLine ? { refusedAt: run.now.toString() } : {};
  return { outcome: 'failed', why: error.message, ...refusedAt };
};

/** Why a provider is not asked for a line at this moment; null when it is. */
const whySkipped = (
  run: Run,
  provider: PriceProvider,
  due: DueLine,
  symbol: string | null,
): Omit<Attempt, 'provider'> | null => {
  const skipped = (why: string) => ({ outcome: 'skipped', why }) as const;
  const off = provider.offBecause(run.settings);
  if (off !== null) return skipped(off);
  if (symbol === null) return skipped('It does not cover this line.');
  const until = run.pauses.get(provider.id)?.pausedUntil ?? null;
  if (until !== null && Temporal.Instant.compare(until, run.now) > 0) {
    return skipped(`It is left alone until ${until.round('second').toString()}.`);
  }
  const before = due.attempts.find((attempt) => attempt.provider === provider.id);
  if (before?.refusedAt === undefined) return null;
  const again = Temporal.Instant.from(before.refusedAt).add({ hours: REFUSED_HOURS });
  if (Temporal.Instant.compare(again, run.now) <= 0) return null;
  return { ...skipped(before.why ?? 'It does not have this line.'), refusedAt: before.refusedAt };
};
