/**
 * People who write at the same time until they are stopped: trades, prices, holdings, issuers' files.
 *
 * Contents: startWriters · Writers
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { Fraction } from '../oracles/fraction.ts';
import type { Book, Write } from './book.ts';
import { storedRequest } from './client.ts';
import type { StoredRequest } from './client.ts';
import {
  holdingFigures,
  holdingPlace,
  importFigures,
  importPlace,
  priceFigures,
  pricePlace,
  tradeFigures,
  tradePlace,
} from './figures.ts';
import { SECTION, THEME } from './household.ts';
import type { Household } from './household.ts';
import { issuerFile } from './issuer-file.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

/** A write that is about to be sent. */
type Draft = {
  readonly id: string;
  readonly place: string;
  readonly figures: string;
  readonly request: StoredRequest;
};
/** Thinks of the next write; of none when there is no room for another. */
type Author = (id: string) => Draft | undefined;

export type Writers = {
  /** Settles when so many writes of these writers are acknowledged. */
  reached(acknowledged: number): Promise<void>;
  /** Nobody begins another write; settles when all have their answer, or know that none comes. */
  stop(): Promise<void>;
};

type Team = { readonly name: string; readonly pauseMs: number; readonly author: AuthorOf };
type AuthorOf = (random: Random, household: Household, book: Book) => Author;

/** After an answer that the database is away. */
const UNAVAILABLE_PAUSE_MS = 40;
const POLL_MS = 3;
const FIRST_INSTANT = Temporal.Instant.from('2021-01-01T09:00:00Z');
const FIRST_FUND_DAY = Temporal.PlainDate.from('1990-01-01');
const FIRST_TRADE_DAY = Temporal.PlainDate.from('2020-01-02');
const TRADE_DAYS = 2_000;

const tradeAuthor: AuthorOf = (random, household) => (id) => {
  const holdingId = random.pick(household.holdings).id;
  const isForeign = random.chance(0.2);
  const isInPence = !isForeign && random.chance(0.4);
  const body = {
    type: random.pick(['buy', 'buy', 'sell'] as const),
    // Most are of the newest day; the others make the holding be replayed.
    date: FIRST_TRADE_DAY.add({
      days: random.chance(0.8) ? TRADE_DAYS : random.integer(0, TRADE_DAYS),
    }).toString(),
    price: random.decimal(4, 10),
    qty: random.decimal(2, 10),
    fees: random.chance(0.5) ? random.decimal(2, 4) : '0',
    notes: id,
    ...(isForeign ? { currency: 'USD', fxRate: random.decimal(1, 12) } : {}),
    ...(isInPence ? { quoteUnit: 'GBX' } : {}),
  };
  const unit = isForeign ? 'USD' : isInPence ? 'GBX' : 'GBP';
  return {
    id,
    place: tradePlace(id),
    figures: tradeFigures({ fxRate: '1', ...body, holdingId, unit }),
    request: storedRequest('POST /api/holdings/:id/trades', {
      params: { id: holdingId },
      idempotencyKey: id,
      body,
    }),
  };
};

const priceAuthor: AuthorOf = (random, household, book) => (id) => {
  const instrumentId = random.pick(household.shares);
  const seconds = book.writes.length;
  const again = random.chance(0.15) ? replaceable(book, `price of ${instrumentId} `) : undefined;
  const dateTime = again?.slice(again.lastIndexOf(' ') + 1) ?? FIRST_INSTANT.add({ seconds }).toString();
  const unit = random.pick(['GBP', 'GBX']);
  const close = random.decimal(4, 12);
  return {
    id,
    place: pricePlace(instrumentId, dateTime),
    figures: priceFigures(close, unit),
    request: storedRequest('POST /api/instruments/:id/prices', {
      params: { id: instrumentId },
      idempotencyKey: id,
      body: { dateTime, close, quoteUnit: unit },
    }),
  };
};

const holdingAuthor: AuthorOf = (random, household, book) => {
  // Each account takes one holding of an instrument.
  const taken = book.writes.filter(({ place }) => place.startsWith('holding ')).length;
  const free = household.accounts.flatMap((account) =>
    household.shares.map((instrumentId) => ({ account, instrumentId })),
  );
  let next = taken;
  return (id) => {
    const place = free[next];
    if (place === undefined) return undefined;
    const { account, instrumentId } = place;
    next += 1;
    const qty = random.decimal(4, 6);
    const avgCost = random.decimal(4, 6);
    const costBasis = Fraction.of(qty).times(Fraction.of(avgCost)).toDecimal();
    return {
      id,
      place: holdingPlace(id),
      figures: holdingFigures({ instrumentId, account, qty, costBasis }),
      request: storedRequest('POST /api/portfolios/:id/holdings', {
        params: { id: household.portfolioId },
        idempotencyKey: id,
        body: { instrumentId, section: SECTION, theme: THEME, account, qty, avgCost, notes: id },
      }),
    };
  };
};

const importAuthor: AuthorOf = (random, household, book) => (id) => {
  const fundId = random.pick(household.funds);
  const isCorrection = random.chance(0.25);
  const isLater = !isCorrection && random.chance(0.2);
  const again = isCorrection ? replaceable(book, `constituents of ${fundId} `) : undefined;
  const days = book.writes.filter(({ place }) => place.startsWith('constituents ')).length;
  const asOf = again?.slice(again.lastIndexOf(' ') + 1) ?? FIRST_FUND_DAY.add({ days }).toString();
  const { rows, text } = issuerFile(random);
  return {
    id,
    place: importPlace(fundId, asOf),
    figures: importFigures(rows),
    request: storedRequest('POST /api/instruments/:id/constituents', {
      params: { id: fundId },
      query: { asOf, fileName: `${id}.csv` },
      idempotencyKey: id,
      headers: isLater ? { prefer: 'respond-async' } : {},
      body: Buffer.from(text),
    }),
  };
};

/** A place whose last word is known, so that it is clear what a further write there replaces. */
const replaceable = (book: Book, prefix: string): string | undefined => {
  const settled = new Map<string, boolean>();
  for (const { place, standing } of book.writes) {
    if (!place.startsWith(prefix)) continue;
    settled.set(place, standing === 'acknowledged' && settled.get(place) !== false);
  }
  return [...settled].findLast(([, isSettled]) => isSettled)?.[0];
};

/** One writer per kind where they replace what they wrote themselves, several where they do not. */
const TEAMS: readonly Team[] = [
  { name: 'trade-a', pauseMs: 0, author: tradeAuthor },
  { name: 'trade-b', pauseMs: 0, author: tradeAuthor },
  { name: 'trade-c', pauseMs: 0, author: tradeAuthor },
  { name: 'price', pauseMs: 5, author: priceAuthor },
  { name: 'holding', pauseMs: 120, author: holdingAuthor },
  { name: 'import', pauseMs: 20, author: importAuthor },
];

/** Starts all writers of a round. */
export const startWriters = (
  household: Household,
  book: Book,
  { seed, round }: { readonly seed: number; readonly round: number },
): Writers => {
  let acknowledged = 0;
  let isStopped = false;
  const run = async ({ name, pauseMs, author }: Team): Promise<void> => {
    const next = author(createRandom(seed, `round ${round} ${name}`), household, book);
    for (let count = 1; !isStopped; count += 1) {
      const draft = next(`${seed}-${round}-${name}-${count}`);
      if (draft === undefined) return;
      const write = book.open(draft);
      const outcome = await household.client.send(write.request);
      book.close(write, outcome);
      if (isDone(write)) acknowledged += 1;
      if (outcome.kind === 'unanswered') return;
      if (pauseMs > 0 || write.standing === 'unanswered') {
        await sleep(write.standing === 'unanswered' ? UNAVAILABLE_PAUSE_MS : pauseMs);
      }
    }
  };
  const writers = TEAMS.map(run);
  return {
    reached: async (count) => {
      while (acknowledged < count && !isStopped) await sleep(POLL_MS);
    },
    stop: async () => {
      isStopped = true;
      await Promise.all(writers);
    },
  };
};

const isDone = ({ standing }: Write): boolean => standing === 'acknowledged' || standing === 'accepted';
