/**
 * Trades: recorded, corrected and deleted under the holding's lock, with the projection moved in the same transaction.
 *
 * Contents: recordTrade · correctTrade · deleteTrade · listTrades
 */
import { randomUUIDv7 } from 'node:crypto';

import type { TradeDraft, TradePatch } from '@pm/contracts/ledger';
import { applyTrade, replay, tradeTotal } from '@pm/domain/ledger';
import type { Oversold, Position } from '@pm/domain/ledger';
import { isAfter, isBefore } from '@pm/domain/calendar';
import { currency, decimalProblem, decimalText, isCurrency } from '@pm/domain/money';
import type { Static } from 'typebox';

import { findRate } from '#features/market-data';
import type { Tx } from '#platform/database/index.ts';
import { badRequest, notFound, preconditionFailed, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE } from '#platform/paging.ts';

import { ledgerTrade, positionAnswer, positionOf, runningAnswer, tradeAnswer } from './answers.ts';
import { lockedHolding, readHoldingRow } from './holdings.ts';
import * as queries from './queries.ts';
import type { HoldingRow, NewTrade, TradeRow } from './queries.ts';
import { amountIn, checkDay, priceInCurrency, rateIn } from './trade-input.ts';

const oversold = (problem: Oversold, recorded: string) =>
  unprocessable(
    'oversold',
    problem.trade.id === recorded
      ? `Only ${decimalText(problem.held)} were held on ${problem.trade.date.toString()}; ${decimalText(problem.trade.qty)} cannot be sold.`
      : `With this, the sale of ${decimalText(problem.trade.qty)} on ${problem.trade.date.toString()} would exceed the ${decimalText(problem.held)} held that day.`,
    'qty',
  );

/** The rate of a trade: given by hand, or as published on its day. */
const rateOfTrade = async (
  tx: Tx,
  holding: HoldingRow,
  trade: { currency: string; date: Temporal.PlainDate; fxRate: string | undefined },
): Promise<Pick<NewTrade, 'fxRate' | 'fxSource' | 'fxDate'>> => {
  const base = currency(holding.base_currency);
  if (!isCurrency(trade.currency)) {
    throw unprocessable(
      'unknown_currency',
      `“${trade.currency}” is not an ISO 4217 currency; pence are a quoteUnit (GBX).`,
      'currency',
    );
  }
  const given = trade.fxRate === undefined ? null : rateIn('fxRate', trade.fxRate);
  if (trade.currency === base) {
    if (given && !given.equals(1)) {
      throw unprocessable(
        'rate_not_one',
        `The trade is in the portfolio’s own currency (${base}); its rate is 1.`,
        'fxRate',
      );
    }
    return { fxRate: '1', fxSource: 'identity', fxDate: null };
  }
  if (given) return { fxRate: decimalText(given), fxSource: 'given', fxDate: null };
  const rate = await findRate(tx, trade.currency, base, trade.date);
  if ('missing' in rate) {
    const detail = `There is no ${trade.currency} to ${base} rate for ${trade.date.toString()}. Give fxRate (${base} for 1 ${trade.currency}) or import rates.`;
    throw unprocessable('rate_missing', detail, 'fxRate');
  }
  return { fxRate: decimalText(rate.rate), fxSource: rate.source, fxDate: rate.date };
};

const lineOf = (holding: HoldingRow) => ({
  currency: holding.listing_currency ?? holding.instrument_currency ?? holding.base_currency,
  quoteUnit: holding.quote_unit ?? holding.base_currency,
});

/**
 * Records a buy or a sale.
 * @throws {AppError} 404; 422 naming the field: `oversold`, `rate_missing`, `invalid_amount`, `invalid_date` …
 */
export const recordTrade = async (
  tx: Tx,
  holdingId: string,
  draft: Static<typeof TradeDraft>,
  today: Temporal.PlainDate,
) => {
  const holding = await lockedHolding(tx, holdingId);
  const date = checkDay('date', draft.date, today);
  const qty = amountIn('qty', draft.qty, 'positive');
  const fees = amountIn('fees', draft.fees ?? '0', 'not negative');
  const priced = priceInCurrency(draft, lineOf(holding));
  const rate = await rateOfTrade(tx, holding, { currency: priced.currency, date, fxRate: draft.fxRate });
  await moveAssumedOpening(tx, holding.id, date);
  const newest = await queries.newestTradeDay(tx, holding.id);
  const row = await queries.insertTrade(tx, holding, {
    id: randomUUIDv7(),
    type: draft.type,
    date,
    dateAssumed: false,
    qty: decimalText(qty),
    price: decimalText(priced.price),
    fees: decimalText(fees),
    currency: priced.currency,
    quoteUnit: priced.unit,
    ...rate,
    notes: draft.notes ?? null,
  });
  checkTotal(row);
  const isNewest = newest === undefined || !isAfter(newest, date);
  const moved = isNewest ? append(holding, row) : await replayed(tx, holding, row.id);
  return { ...tradeAnswer(row, holding.base_currency), holding: await move(tx, holding, moved) };
};

/** What a trade costs or brings must be a figure that can be kept. @throws {AppError} 422 `too_large` */
const checkTotal = (row: TradeRow): void => {
  const problem = decimalProblem(decimalText(tradeTotal(ledgerTrade(row))));
  if (problem !== null) throw unprocessable('too_large', `The trade’s total ${problem}.`, 'price');
};

/** The position after a trade that comes last in the replay: no need to read the others again. */
const append = (holding: HoldingRow, row: TradeRow): Position => {
  const next = applyTrade(positionOf(holding), ledgerTrade(row));
  if ('oversold' in next) throw oversold(next, row.id);
  return next;
};

const replayed = async (tx: Tx, holding: HoldingRow, changed: string): Promise<Position> => {
  const result = replay((await queries.tradesOf(tx, holding.id)).map(ledgerTrade));
  if ('oversold' in result) throw oversold(result, changed);
  return result.position;
};

const move = async (tx: Tx, holding: HoldingRow, position: Position) => {
  for (const [field, value] of [
    ['qty', position.qty],
    ['price', position.cost],
  ] as const) {
    const problem = decimalProblem(decimalText(value));
    if (problem !== null) {
      throw unprocessable(
        'too_large',
        `With this, the holding’s ${field === 'qty' ? 'quantity' : 'cost'} ${problem}.`,
        field,
      );
    }
  }
  const version = await queries.moveProjection(tx, holding.id, {
    qty: decimalText(position.qty),
    cost: decimalText(position.cost),
  });
  return positionAnswer(holding, position, version);
};

/** An opening whose day nobody gave was there before any trade: its day moves back to the earliest of them. */
const moveAssumedOpening = async (tx: Tx, holdingId: string, date: Temporal.PlainDate): Promise<void> => {
  const opening = await queries.assumedOpening(tx, holdingId);
  if (opening && isBefore(date, opening.date)) await queries.dateOpening(tx, opening.id, date);
};

/** The trade with its holding locked. @throws {AppError} 404; 412 */
const lockedTrade = async (tx: Tx, id: string, ifMatch: number | undefined) => {
  const seen = await queries.getTrade(tx, id);
  if (!seen) throw notFound('trade');
  const holding = await lockedHolding(tx, seen.holding_id);
  const trade = await queries.getTrade(tx, id);
  if (!trade) throw notFound('trade');
  if (ifMatch !== undefined && ifMatch !== trade.version) throw preconditionFailed();
  return { holding, trade };
};

/**
 * The rate of a corrected trade: the one given; else the one it has, while its day stays or when a person gave it; else
 * the one published on its new day. So correcting a note never moves a cost.
 */
const rateAfter = async (
  tx: Tx,
  holding: HoldingRow,
  trade: TradeRow,
  change: { date: Temporal.PlainDate; fxRate: string | undefined },
): Promise<Pick<NewTrade, 'fxRate' | 'fxSource' | 'fxDate'>> => {
  const isKept = change.fxRate === undefined && (trade.fx_date === null || trade.date.equals(change.date));
  if (!isKept || trade.fx_rate === null) {
    return rateOfTrade(tx, holding, { currency: trade.currency, ...change });
  }
  return { fxRate: trade.fx_rate, fxSource: trade.fx_source ?? 'identity', fxDate: trade.fx_date };
};

/** Corrects a trade and replays its holding. @throws {AppError} as `recordTrade`, and 412 */
export const correctTrade = async (
  tx: Tx,
  id: string,
  patch: Static<typeof TradePatch>,
  ifMatch: number | undefined,
  today: Temporal.PlainDate,
) => {
  const { holding, trade } = await lockedTrade(tx, id, ifMatch);
  const before = tradeAnswer(trade, holding.base_currency);
  const date = patch.date === undefined ? trade.date : checkDay('date', patch.date, today);
  const qty = amountIn('qty', patch.qty ?? before.qty, 'positive');
  const fees = amountIn('fees', patch.fees ?? before.fees, 'not negative');
  const given = {
    price: patch.price ?? before.quoted.price,
    currency: trade.currency,
    quoteUnit: patch.quoteUnit ?? before.quoted.unit,
  };
  const priced = priceInCurrency(
    given,
    lineOf(holding),
    trade.type === 'opening' ? 'not negative' : 'positive',
  );
  const rate = await rateAfter(tx, holding, trade, { date, fxRate: patch.fxRate });
  const row = await queries.updateTrade(tx, id, {
    date,
    dateAssumed: trade.date_assumed && patch.date === undefined,
    qty: decimalText(qty),
    price: decimalText(priced.price),
    fees: decimalText(fees),
    quoteUnit: priced.unit,
    ...rate,
    notes: patch.notes === undefined ? trade.notes : patch.notes,
  });
  checkTotal(row);
  if (trade.type !== 'opening') await moveAssumedOpening(tx, holding.id, date);
  const position = await replayed(tx, holding, id);
  return { ...tradeAnswer(row, holding.base_currency), holding: await move(tx, holding, position) };
};

/** Deletes a trade and replays its holding. @throws {AppError} 404; 412; 422 `oversold` when a later sale needs it */
export const deleteTrade = async (tx: Tx, id: string, ifMatch: number | undefined) => {
  const { holding } = await lockedTrade(tx, id, ifMatch);
  await queries.markTradeDeleted(tx, id, randomUUIDv7());
  return { holding: await move(tx, holding, await replayed(tx, holding, id)) };
};

/** Trades newest first, each with the position after it. @throws {AppError} 404; 400 `bad_cursor` */
export const listTrades = async (tx: Tx, holdingId: string, query: { limit?: number; cursor?: string }) => {
  const holding = await readHoldingRow(tx, holdingId);
  const rows = await queries.tradesOf(tx, holdingId);
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
    return row ? [{ ...tradeAnswer(row, holding.base_currency), running: runningAnswer(step.position) }] : [];
  });
  const more = start + page.length < newestFirst.length;
  return { items, nextCursor: more ? (page.at(-1)?.trade.id ?? null) : null };
};
