/**
 * Dividends that were due: confirmed, which records a trade, or dismissed; and either taken back.
 *
 * Contents: confirmDividend · dismissDividend · reopenDividend
 */
import type { IncomeConfirmation, IncomePayment } from '@pm/contracts/valuation';
import { isAfter, parseDay } from '@pm/domain/calendar';
import { decimalText } from '@pm/domain/money';
import type { Static } from 'typebox';

import { deleteTrade, readHoldingRow, recordTrade } from '#features/ledger';
import { enterPortfolio, readEditablePortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { conflict, notFound, unprocessable } from '#platform/errors.ts';

import { paymentAnswer, paymentsOf } from './income-payments.ts';
import type { Payment } from './income-payments.ts';
import { decisionsOf, lockDividend, removeDecision, saveDecision } from './income-queries.ts';
import type { DividendKey } from './income-queries.ts';

type Answer = Static<typeof IncomePayment>;

/** Which dividend of which holding is meant. */
export type DividendAsked = {
  readonly holdingId: string;
  readonly exDate: string;
  readonly place?: number;
  readonly today: Temporal.PlainDate;
};

type Opened = {
  readonly key: DividendKey;
  readonly portfolioId: string;
  readonly ownerId: string;
  readonly currency: string;
  readonly today: Temporal.PlainDate;
};

/** The portfolio of a dividend, for writing, with the dividend locked. @throws {AppError} 404; 403 `read_only`; 422 */
const open = async (tx: Tx, asked: DividendAsked): Promise<Opened> => {
  const holding = await readHoldingRow(tx, asked.holdingId);
  const portfolio = await readEditablePortfolio(tx, holding.portfolio_id);
  const ownerId = await enterPortfolio(tx, holding.portfolio_id);
  const exDate = parseDay(asked.exDate);
  if (exDate === null) {
    throw unprocessable('invalid_date', 'The ex-date is not a day of the calendar.', 'date');
  }
  const key = { holdingId: asked.holdingId, exDate, place: asked.place ?? 1 };
  await lockDividend(tx, key);
  return {
    key,
    portfolioId: holding.portfolio_id,
    ownerId: ownerId ?? '',
    currency: portfolio.baseCurrency,
    today: asked.today,
  };
};

/** The dividend as it stands. @throws {AppError} 404 where none is known or nothing was held */
const standing = async (tx: Tx, { key, portfolioId, currency, today }: Opened): Promise<Payment> => {
  const found = (await paymentsOf(tx, portfolioId, currency, today)).find(
    ({ holding, exDate, place, status }) =>
      holding.id === key.holdingId &&
      status !== 'estimated' &&
      exDate?.equals(key.exDate) === true &&
      place === key.place,
  );
  if (found === undefined) throw notFound('dividend of that ex-date for this holding');
  return found;
};

const answerOf = async (tx: Tx, opened: Opened): Promise<Answer> =>
  paymentAnswer(await standing(tx, opened), opened);

/**
 * Records what was paid. Confirming again what is confirmed changes nothing.
 * @throws {AppError} 404; 403 `read_only`; 409 `already_decided`; 422 naming the field, as recording a trade does
 */
export const confirmDividend = async (
  tx: Tx,
  asked: DividendAsked,
  body: Static<typeof IncomeConfirmation>,
): Promise<Answer> => {
  const opened = await open(tx, asked);
  const before = await standing(tx, opened);
  if (before.confirmed) return paymentAnswer(before, opened);
  if (before.status === 'dismissed') {
    throw conflict('already_decided', 'This was dismissed; let it wait again before confirming it.');
  }
  if (before.status === 'received') {
    throw conflict('already_decided', 'The ledger has this payment already; correct that trade instead.');
  }
  const { amount, currency, fxRate, taxes, fees } = body;
  const recorded = await recordTrade(
    tx,
    asked.holdingId,
    {
      type: 'dividend',
      date: body.date ?? (isAfter(before.day, asked.today) ? asked.today : before.day).toString(),
      amount: amount ?? decimalText(before.gross),
      currency: currency ?? before.paidIn,
      ...(fxRate !== undefined && { fxRate }),
      ...(taxes !== undefined && { taxes }),
      ...(fees !== undefined && { fees }),
      ...(body.settle === true && { settle: {} }),
    },
    asked.today,
  );
  const of = { userId: opened.ownerId, portfolioId: opened.portfolioId };
  await saveDecision(tx, opened.key, of, { status: 'confirmed', tradeId: recorded.id });
  return answerOf(tx, opened);
};

/** @throws {AppError} 404; 403 `read_only`; 409 `already_decided` for what the ledger has */
export const dismissDividend = async (tx: Tx, asked: DividendAsked): Promise<Answer> => {
  const opened = await open(tx, asked);
  const before = await standing(tx, opened);
  if (before.status === 'received') {
    throw conflict('already_decided', 'The ledger has this payment; delete its trade instead.');
  }
  if (before.status !== 'dismissed') {
    const of = { userId: opened.ownerId, portfolioId: opened.portfolioId };
    await saveDecision(tx, opened.key, of, { status: 'dismissed', tradeId: null });
  }
  return answerOf(tx, opened);
};

/** What waits already is left as it is. @throws {AppError} 404; 403 `read_only`; as deleting the trade does */
export const reopenDividend = async (tx: Tx, asked: DividendAsked): Promise<Answer> => {
  const opened = await open(tx, asked);
  const decided = (await decisionsOf(tx, opened.portfolioId)).find(
    (one) =>
      one.holding_id === opened.key.holdingId &&
      one.ex_date.equals(opened.key.exDate) &&
      one.place === opened.key.place,
  );
  if (decided?.trade_id != null) await deleteTrade(tx, decided.trade_id, undefined);
  if (decided !== undefined) await removeDecision(tx, opened.key);
  return answerOf(tx, opened);
};
