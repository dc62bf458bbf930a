/**
 * Prices that were held back: listed, accepted, rejected.
 *
 * Contents: listHeldPrices · decideHeldPrice · reopenHeldPrice
 */
import type { HeldPrice } from '@pm/contracts/market-data';
import { exchangeZone, splitBetween } from '@pm/domain/market-data';
import { dec, decimalText } from '@pm/domain/money';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { badRequest, conflict, forbidden, notFound, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE } from '#platform/paging.ts';

import { storePublishedEvents } from './events.ts';
import { ensurePartitions } from './feed-queries.ts';
import * as queries from './market-queries.ts';
import type { HeldRow } from './market-queries.ts';

/** What one decision settles at most. */
const MAX_ALIKE = 20_000;

type Answer = Static<typeof HeldPrice>;
type Decider = { readonly id: string; readonly role: string };

const plain = (numeric: string | null): string | null =>
  numeric === null ? null : decimalText(dec(numeric));

const mayDecide = (row: HeldRow, user: Decider): boolean =>
  row.owner_user_id === null ? user.role === 'admin' : row.owner_user_id === user.id;

/** A price in another currency, or none, cannot become the price of the line. */
const canBeAccepted = (row: HeldRow): boolean =>
  row.close !== null && dec(row.close).greaterThan(0) && row.currency === row.line_currency;

const answerOf = (row: HeldRow, user: Decider): Answer => ({
  id: row.id,
  instrumentId: row.instrument_id,
  listingId: row.listing_id,
  name: row.name,
  ticker: row.ticker,
  exchange: row.mic,
  dateTime: row.date_time.toString(),
  source: row.source,
  close: plain(row.close),
  currency: row.currency,
  // Check constraints of the table hold the reasons and states of the contract.
  reason: row.reason as Answer['reason'],
  comparedWith:
    row.compared_close === null || row.compared_at === null
      ? null
      : { close: decimalText(dec(row.compared_close)), dateTime: row.compared_at.toString() },
  proposedSplit: proposedSplit(row),
  status: row.status as Answer['status'],
  decidedAt: row.decided_at?.toString() ?? null,
  canDecide: row.status === 'open' && mayDecide(row, user),
  canAccept: row.status === 'open' && mayDecide(row, user) && canBeAccepted(row),
});

/** The split that would explain a jump, by the prices before and after it. */
const proposedSplit = (row: HeldRow): Answer['proposedSplit'] =>
  row.reason !== 'split_not_recorded' || row.compared_close === null || row.close === null
    ? null
    : splitBetween(dec(row.compared_close), dec(row.close));

const placeText = (row: HeldRow | undefined): string | null =>
  row === undefined ? null : Buffer.from(row.id).toString('base64url');

const PLACE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

const readPlace = (cursor: string | undefined): string | null => {
  if (cursor === undefined) return null;
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (PLACE.test(id)) return id;
  const detail = 'The cursor is not one that a list answered; start again without it.';
  throw badRequest('bad_cursor', detail, 'cursor');
};

/** What was held back of lines that the person may see, newest first. */
export const listHeldPrices = async (
  tx: Tx,
  query: { readonly status?: string; readonly limit?: number; readonly cursor?: string },
  user: Decider,
): Promise<{ items: Answer[]; nextCursor: string | null }> => {
  const limit = query.limit ?? DEFAULT_PAGE;
  const rows = await queries.pageOfHeldPrices(tx, query.status ?? 'open', {
    limit,
    before: readPlace(query.cursor),
  });
  const shown = rows.slice(0, limit);
  return {
    items: shown.map((row) => answerOf(row, user)),
    nextCursor: rows.length > limit ? placeText(shown.at(-1)) : null,
  };
};

/**
 * Accepts a held price, which is stored and counts from now on, or rejects it. `alsoAlike` settles every open one of the
 * same line and source that is doubted for the same reason; `recordSplit` also records the split that explains it.
 * @throws {AppError} 404; 403 for what others decide; 409 `already_decided`; 422 `cannot_be_accepted`, `no_split`
 */
export const decideHeldPrice = async (
  tx: Tx,
  id: string,
  decision: { readonly accept: boolean; readonly alsoAlike: boolean; readonly recordSplit: boolean },
  user: Decider,
): Promise<{ decided: number }> => {
  const row = await queries.heldPrice(tx, id);
  if (row === null) throw notFound('held price');
  if (!mayDecide(row, user)) {
    throw forbidden('forbidden', 'An administrator decides on prices that everybody shares.');
  }
  if (row.status !== 'open') {
    throw conflict('already_decided', `This price was ${row.status} already.`);
  }
  if (decision.accept && !canBeAccepted(row)) {
    const detail =
      'This is no price that the line can have: it is missing, not above 0 or in another currency. Reject it.';
    throw unprocessable('cannot_be_accepted', detail);
  }
  if (decision.accept && decision.recordSplit) await recordProposed(tx, row);
  const alike = await queries.heldLike(tx, row, decision.alsoAlike ? MAX_ALIKE : 1);
  if (decision.accept) {
    await ensurePartitions(
      tx,
      alike.map((one) => one.date_time),
    );
  }
  const ids = alike.map((one) => one.id);
  return { decided: await queries.decideHeld(tx, ids, decision.accept) };
};

const recordProposed = async (tx: Tx, row: HeldRow): Promise<void> => {
  const split = proposedSplit(row);
  if (split === null) {
    throw unprocessable(
      'no_split',
      'No split would explain this price; accept it without, or reject it.',
      'recordSplit',
    );
  }
  const of = {
    instrumentId: row.instrument_id,
    ownerUserId: row.owner_user_id,
    mic: row.mic,
    currency: row.line_currency,
    quoteUnit: row.line_currency,
    source: 'manual',
  };
  const day = row.date_time.toZonedDateTimeISO(exchangeZone(row.mic)).toPlainDate();
  await storePublishedEvents(tx, of, [{ kind: 'split', day, ...split }]);
};

/**
 * Takes a decision back: an accepted price is no longer stored, a rejected one waits again.
 * @throws {AppError} 404; 403 for what others decide; 409 `not_decided`
 */
export const reopenHeldPrice = async (tx: Tx, id: string, user: Decider): Promise<{ decided: number }> => {
  const row = await queries.heldPrice(tx, id);
  if (row === null) throw notFound('held price');
  if (!mayDecide(row, user)) {
    throw forbidden('forbidden', 'An administrator decides on prices that everybody shares.');
  }
  if (!(await queries.reopenHeld(tx, id))) throw conflict('not_decided', 'This price waits already.');
  return { decided: 1 };
};
