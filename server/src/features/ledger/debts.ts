/**
 * What is owed against a holding, such as a mortgage against a house: amounts, each from its day on.
 *
 * Contents: listDebts · addDebt · changeDebt · removeDebt
 */
import { randomUUIDv7 } from 'node:crypto';

import { DEBTS_MAX } from '@pm/contracts/ledger';
import type { HoldingDebt, HoldingDebtDraft, HoldingDebtPatch } from '@pm/contracts/ledger';
import { parseDay } from '@pm/domain/calendar';
import { decimalText, isCurrency } from '@pm/domain/money';
import type { Static } from 'typebox';

import { enterPortfolio, lockedPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { conflict, notFound, preconditionFailed, unprocessable } from '#platform/errors.ts';
import { badCursor, DEFAULT_PAGE } from '#platform/paging.ts';

import { plain } from './answers.ts';
import * as queries from './debt-queries.ts';
import type { DebtRow, DebtValues } from './debt-queries.ts';
import { readHoldingRow } from './holdings.ts';
import type { HoldingRow } from './queries.ts';
import { amountIn, checkDay } from './trade-input.ts';

type Answer = Static<typeof HoldingDebt>;

export const debtAnswer = (row: DebtRow): Answer => ({
  id: row.id,
  holdingId: row.holding_id,
  date: row.date.toString(),
  amount: plain(row.amount),
  currency: row.currency,
  notes: row.notes,
  version: row.version,
  createdAt: row.created_at.toString(),
});

/** The day before which the page begins. @throws {AppError} 400 `bad_cursor` */
const dayIn = (cursor: string | undefined): Temporal.PlainDate | null => {
  if (cursor === undefined) return null;
  const day = parseDay(cursor);
  if (day === null) throw badCursor();
  return day;
};

/** @throws {AppError} 404; 400 `bad_cursor` */
export const listDebts = async (tx: Tx, holdingId: string, query: { limit?: number; cursor?: string }) => {
  await readHoldingRow(tx, holdingId);
  const limit = query.limit ?? DEFAULT_PAGE;
  const rows = await queries.listDebts(tx, holdingId, { limit, before: dayIn(query.cursor) });
  const items = rows.slice(0, limit).map(debtAnswer);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.date ?? null) : null };
};

/** The holding, in a portfolio that the person may change and that nobody else changes meanwhile. */
const heldByEditor = async (tx: Tx, holdingId: string): Promise<{ holding: HoldingRow; owner: string }> => {
  const seen = await readHoldingRow(tx, holdingId);
  await lockedPortfolio(tx, seen.portfolio_id, 'change');
  const owner = (await enterPortfolio(tx, seen.portfolio_id)) ?? '';
  return { holding: await readHoldingRow(tx, holdingId), owner };
};

/** @throws {AppError} 422 naming the field; 409 `debt_exists` */
const checked = async (
  tx: Tx,
  holdingId: string,
  given: { date: string; amount: string; currency: string; notes: string | null },
  { today, self }: { readonly today: Temporal.PlainDate; readonly self: string },
): Promise<DebtValues> => {
  const date = checkDay('date', given.date, today);
  if (!isCurrency(given.currency)) {
    const detail = `${given.currency} is not a currency of ISO 4217.`;
    throw unprocessable('unknown_currency', detail, 'currency');
  }
  if (await queries.hasDebtOn(tx, holdingId, date, self)) {
    const detail = `What is owed from ${date.toString()} on is recorded already; correct that amount instead.`;
    throw conflict('debt_exists', detail, 'date');
  }
  const amount = decimalText(amountIn('amount', given.amount, 'not negative'));
  return { date, amount, currency: given.currency, notes: given.notes };
};

/**
 * Says what is owed against a holding from a day on.
 * @throws {AppError} 404; 403 `read_only`; 409 `debt_exists`, `too_many_debts`; 422 naming the field
 */
export const addDebt = async (
  tx: Tx,
  holdingId: string,
  draft: Static<typeof HoldingDebtDraft>,
  today: Temporal.PlainDate,
): Promise<Answer> => {
  const { holding, owner } = await heldByEditor(tx, holdingId);
  if ((await queries.countDebts(tx, holdingId)) >= DEBTS_MAX) {
    const detail = `A holding keeps at most ${DEBTS_MAX} amounts; take older ones away first.`;
    throw conflict('too_many_debts', detail);
  }
  const day = checkDay('date', draft.date, today);
  const currency =
    draft.currency ?? (await queries.currencyBefore(tx, holdingId, day)) ?? holding.base_currency;
  const id = randomUUIDv7();
  const given = { date: draft.date, amount: draft.amount, currency, notes: draft.notes ?? null };
  const values = await checked(tx, holdingId, given, { today, self: id });
  await queries.insertDebt(tx, { id, userId: owner, portfolioId: holding.portfolio_id, holdingId }, values);
  return debtAnswer(await readDebt(tx, id));
};

/** @throws {AppError} 404, also where its holding was deleted */
const readDebt = async (tx: Tx, id: string): Promise<DebtRow> => {
  const row = await queries.getDebt(tx, id);
  if (!row) throw notFound('debt');
  await readHoldingRow(tx, row.holding_id).catch(() => {
    throw notFound('debt');
  });
  return row;
};

/** The amount as it is while nobody else changes it. @throws {AppError} 404; 403; 412 */
const lockedDebt = async (tx: Tx, id: string, ifMatch: number | undefined): Promise<DebtRow> => {
  const seen = await readDebt(tx, id);
  await heldByEditor(tx, seen.holding_id);
  const row = await readDebt(tx, id);
  if (ifMatch !== undefined && ifMatch !== row.version) throw preconditionFailed();
  return row;
};

/** @throws {AppError} 404; 403 `read_only`; 409 `debt_exists`; 412; 422 naming the field */
export const changeDebt = async (
  tx: Tx,
  id: string,
  patch: Static<typeof HoldingDebtPatch>,
  ifMatch: number | undefined,
  today: Temporal.PlainDate,
): Promise<Answer> => {
  const before = await lockedDebt(tx, id, ifMatch);
  const given = {
    date: patch.date ?? before.date.toString(),
    amount: patch.amount ?? plain(before.amount),
    currency: patch.currency ?? before.currency,
    notes: patch.notes === undefined ? before.notes : patch.notes,
  };
  await queries.updateDebt(tx, id, await checked(tx, before.holding_id, given, { today, self: id }));
  return debtAnswer(await readDebt(tx, id));
};

/** @throws {AppError} 404; 403 `read_only`; 412 */
export const removeDebt = async (tx: Tx, id: string, ifMatch: number | undefined): Promise<void> => {
  const { id: locked } = await lockedDebt(tx, id, ifMatch);
  await queries.deleteDebt(tx, locked);
};
