/**
 * Events: the legs of one thing that happened, locked together and deleted together.
 *
 * Contents: positionsAnswer · eventOf · openEvent · seenTrade · deleteTrade
 */
import { randomUUIDv7 } from 'node:crypto';

import type { TradeRecorded } from '@pm/contracts/ledger';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { conflict, notFound, preconditionFailed } from '#platform/errors.ts';

import { positionAnswer } from './answers.ts';
import { changeBook, openBook } from './book.ts';
import type { Book, Changed } from './book.ts';
import { noteDeletion, stampTrades } from './deletion-queries.ts';
import { linkedElsewhere, nameOfHolding } from './ledger-words.ts';
import * as queries from './trade-queries.ts';
import type { TradeRow } from './trade-queries.ts';

type Positions = Pick<Static<typeof TradeRecorded>, 'holding' | 'holdings'>;

export const positionsAnswer = (book: Book, { moved }: Changed): Positions => {
  const holdings = moved.map((one) => positionAnswer(one.holding, one.position, one.version));
  const holding = holdings.find((one) => one.id === book.primary.id);
  if (!holding) throw new Error('the holding of a trade was not replayed');
  return { holding, holdings };
};

/** The live legs of a trade's event that the person may see, the trade itself first. */
export const eventOf = async (tx: Tx, trade: TradeRow): Promise<TradeRow[]> =>
  trade.event_id === null ? [trade] : queries.tradesOfEvent(tx, trade.event_id);

/** A transfer of which the person sees one end only is not theirs to move. */
const requireBothEnds = (legs: readonly TradeRow[]): void => {
  const [first] = legs;
  const isTransfer = first?.type === 'transfer_out' || first?.type === 'transfer_in';
  if (isTransfer && first.event_id !== null && legs.length < 2) throw linkedElsewhere();
};

/**
 * A trade with the legs of its event, and every holding that they are in, or will be in, locked.
 * @throws {AppError} 404; 403 `read_only`; 409 `changed_meanwhile`; 412; 422 `linked_elsewhere`
 */
export const openEvent = async (
  tx: Tx,
  seen: TradeRow,
  ifMatch: number | undefined,
  others: readonly string[] = [],
) => {
  const places = (await eventOf(tx, seen)).map((leg) => leg.holding_id);
  const book = await openBook(tx, seen.holding_id, [...new Set([...places, ...others])]);
  const trade = await queries.getTrade(tx, seen.id);
  if (!trade) throw notFound('trade');
  if (ifMatch !== undefined && ifMatch !== trade.version) throw preconditionFailed();
  const legs = await eventOf(tx, trade);
  if (legs.some((leg) => !book.holdings.has(leg.holding_id))) {
    throw conflict('changed_meanwhile', 'This was changed in the meantime; try again.');
  }
  requireBothEnds(legs);
  return { book, trade, legs };
};

export const seenTrade = async (tx: Tx, id: string): Promise<TradeRow> => {
  const seen = await queries.getTrade(tx, id);
  if (!seen) throw notFound('trade');
  return seen;
};

const titleOf = (book: Book, trade: TradeRow): string =>
  `${nameOfHolding(book.primary)}: ${trade.type.replace('_', ' ')}, ${trade.date.toString()}`;

/**
 * Deletes a trade with all legs of its event and replays every holding concerned.
 * @throws {AppError} 404; 412; 422 `oversold` when a later sale needs it, `linked_elsewhere`
 */
export const deleteTrade = async (tx: Tx, id: string, ifMatch: number | undefined) => {
  const { book, trade, legs } = await openEvent(tx, await seenTrade(tx, id), ifMatch);
  const ids = new Set(legs.map((leg) => leg.id));
  const changed = await changeBook(tx, book, { removed: (row) => ids.has(row.id) });
  const deletionId = randomUUIDv7();
  await stampTrades(tx, [...ids], deletionId);
  const { user_id: userId, portfolio_id: portfolioId } = book.primary;
  await noteDeletion(tx, { id: deletionId, userId, portfolioId, kind: 'trade', title: titleOf(book, trade) });
  return { ...positionsAnswer(book, changed), deletionId };
};
