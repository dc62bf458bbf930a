/**
 * Trades: recorded and corrected with all legs of their event, under the locks of every holding that it touches, with the
 * projections moved in the same transaction.
 *
 * Contents: recordTrade · correctTrade · readTrade · listTrades
 */
import type { TradePatch, TradeRecorded } from '@pm/contracts/ledger';
import { replay } from '@pm/domain/ledger';
import { decimalText } from '@pm/domain/money';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { badRequest, notFound, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE } from '#platform/paging.ts';

import { ledgerTrade, runningAnswer, tradeAnswer } from './answers.ts';
import { changeBook, openBook } from './book.ts';
import type { Book, Changed } from './book.ts';
import { correctedDraft } from './event-draft.ts';
import { planEvent } from './event-plan.ts';
import type { Draft } from './event-plan.ts';
import type { EventPlace } from './event-place.ts';
import { eventOf, openEvent, positionsAnswer, seenTrade } from './events.ts';
import { readHoldingRow } from './holdings.ts';
import { cashFor, targetOf } from './other-holdings.ts';
import * as queries from './trade-queries.ts';
import type { TradeRow } from './trade-queries.ts';

const recordedAnswer = (book: Book, changed: Changed, id: string): Static<typeof TradeRecorded> => {
  const legs = changed.rows.map((row) => tradeAnswer(row, baseOf(book, row)));
  const trade = legs.find((leg) => leg.id === id);
  if (!trade) throw new Error('a trade was not written');
  return { ...trade, legs, ...positionsAnswer(book, changed) };
};

const baseOf = (book: Book, row: TradeRow): string =>
  (book.holdings.get(row.holding_id) ?? book.primary).base_currency;

/** The other holdings that a draft reaches: the cash that settles it, the one that receives a transfer. */
const reach = async (tx: Tx, holdingId: string, draft: Draft, today: Temporal.PlainDate) => {
  const settle = 'settle' in draft ? draft.settle : undefined;
  const to = 'to' in draft ? draft.to : undefined;
  if (settle === undefined && to === undefined) return {};
  const holding = await readHoldingRow(tx, holdingId);
  return {
    ...(settle !== undefined && { cash: await cashFor(tx, holding, settle, draft) }),
    ...(to !== undefined && { target: await targetOf(tx, holding, to, today) }),
  };
};

const placeOf = (
  book: Book,
  reached: { readonly cash?: string; readonly target?: string },
  before: readonly TradeRow[],
  today: Temporal.PlainDate,
): EventPlace => ({
  holding: book.primary,
  cash: reached.cash === undefined ? undefined : book.holdings.get(reached.cash),
  target: reached.target === undefined ? undefined : book.holdings.get(reached.target),
  before,
  today,
});

/**
 * Records a trade of any type with the other legs of its event.
 * @throws {AppError} 404; 422 naming the field: `oversold`, `rate_missing`, `invalid_amount`, `invalid_date` …
 */
export const recordTrade = async (
  tx: Tx,
  holdingId: string,
  draft: Draft,
  today: Temporal.PlainDate,
): Promise<Static<typeof TradeRecorded>> => {
  const reached = await reach(tx, holdingId, draft, today);
  const book = await openBook(tx, holdingId, Object.values(reached));
  if (draft.type === 'opening' && (await queries.hasOpening(tx, holdingId))) {
    throw unprocessable('has_opening', 'This holding has its opening trade; correct that one.', 'type');
  }
  const added = await planEvent(tx, placeOf(book, reached, [], today), draft);
  const changed = await changeBook(tx, book, { added });
  return recordedAnswer(book, changed, added[0]?.id ?? '');
};

/**
 * Corrects a trade; the other legs of its event follow, and every holding concerned is replayed.
 * @throws {AppError} as `recordTrade`, and 412; 422 `not_primary` for a leg that follows from another trade
 */
export const correctTrade = async (
  tx: Tx,
  id: string,
  patch: Static<typeof TradePatch>,
  ifMatch: number | undefined,
  today: Temporal.PlainDate,
): Promise<Static<typeof TradeRecorded>> => {
  const seen = await seenTrade(tx, id);
  if (seen.leg !== 'primary') {
    const detail = 'This follows from another trade of its event; correct that one.';
    throw unprocessable('not_primary', detail, 'id');
  }
  const reached = await reach(
    tx,
    seen.holding_id,
    correctedDraft(seen, await eventOf(tx, seen), patch),
    today,
  );
  const { book, trade, legs } = await openEvent(tx, seen, ifMatch, Object.values(reached));
  const target = legs.find((leg) => leg.leg === 'counterpart')?.holding_id;
  const place = placeOf(book, target === undefined ? reached : { ...reached, target }, legs, today);
  const planned = (await planEvent(tx, place, correctedDraft(trade, legs, patch))).map((one) =>
    one.id === id ? { ...one, dateAssumed: trade.date_assumed && patch.date === undefined } : one,
  );
  const stored = new Set(legs.map((leg) => leg.id));
  const kept = new Set(planned.map((one) => one.id));
  const isLeft = (row: TradeRow): boolean => stored.has(row.id) && !kept.has(row.id);
  const [changes, added] = [
    planned.filter((one) => stored.has(one.id)),
    planned.filter((one) => !stored.has(one.id)),
  ];
  const changed = await changeBook(tx, book, { changed: changes, added, removed: isLeft });
  await queries.removeTrades(
    tx,
    legs.filter(isLeft).map((leg) => leg.id),
  );
  return recordedAnswer(book, changed, id);
};

/** One trade with all legs of its event. @throws {AppError} 404 */
export const readTrade = async (tx: Tx, id: string) => {
  const trade = await seenTrade(tx, id);
  const legs = await eventOf(tx, trade);
  const answers = new Map<string, Static<typeof TradeRecorded>['legs'][number]>();
  for (const leg of legs) {
    const { base_currency: base } = await readHoldingRow(tx, leg.holding_id);
    answers.set(leg.id, tradeAnswer(leg, base));
  }
  const answer = answers.get(id);
  if (!answer) throw notFound('trade');
  return { trade: { ...answer, legs: [...answers.values()] }, version: trade.version };
};

/** Trades newest first, each with the position after it. @throws {AppError} 404; 400 `bad_cursor` */
export const listTrades = async (tx: Tx, holdingId: string, query: { limit?: number; cursor?: string }) => {
  const holding = await readHoldingRow(tx, holdingId);
  const rows = await queries.tradesOfHoldings(tx, [holdingId]);
  const result = replay(rows.map(ledgerTrade));
  if ('oversold' in result) throw new Error(`stored trades of holding ${holdingId} do not replay`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const newestFirst = result.steps.toReversed();
  const start =
    query.cursor === undefined ? 0 : newestFirst.findIndex((step) => step.trade.id === query.cursor) + 1;
  if (query.cursor !== undefined && start === 0) {
    throw badRequest(
      'bad_cursor',
      'The cursor is not one that this list answered; start again without it.',
      'cursor',
    );
  }
  const page = newestFirst.slice(start, start + (query.limit ?? DEFAULT_PAGE));
  const items = page.flatMap((step) => {
    const row = byId.get(step.trade.id);
    const realised = decimalText(step.realised);
    return row
      ? [{ ...tradeAnswer(row, holding.base_currency), running: runningAnswer(step.position), realised }]
      : [];
  });
  const more = start + page.length < newestFirst.length;
  return { items, nextCursor: more ? (page.at(-1)?.trade.id ?? null) : null };
};
