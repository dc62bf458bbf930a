/**
 * What is known of a portfolio's accounts. Their names are the portfolio's lists; several of one wrapper are normal.
 *
 * Contents: listAccounts · changeAccount
 */
import type { Account, AccountPatch } from '@pm/contracts/portfolios';
import { FIRST_LEDGER_DAY, isAfter, isBefore, parseDay } from '@pm/domain/calendar';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { notFound, preconditionFailed, unprocessable } from '#platform/errors.ts';

import * as queries from './account-queries.ts';
import type { AccountRow } from './account-queries.ts';
import { readEditablePortfolio, readPortfolio } from './service.ts';

type AccountAnswer = Static<typeof Account>;

const answer = (row: AccountRow): AccountAnswer => ({
  id: row.id,
  portfolioId: row.portfolio_id,
  name: row.name,
  wrapper: row.wrapper as AccountAnswer['wrapper'],
  owner: row.owner_name,
  provider: row.provider,
  openedOn: row.opened_on?.toString() ?? null,
  closedOn: row.closed_on?.toString() ?? null,
  holdingCount: row.holding_count,
  version: row.version,
});

/** The accounts that a portfolio lists, in its order. @throws {AppError} 404 */
export const listAccounts = async (tx: Tx, portfolioId: string) => {
  const { lists } = await readPortfolio(tx, portfolioId);
  const rows = new Map((await queries.accountsOf(tx, portfolioId)).map((row) => [row.name, row]));
  const items = lists.accounts.flatMap((name) => {
    const row = rows.get(name);
    return row === undefined ? [] : [answer(row)];
  });
  return { items, nextCursor: null };
};

/** A day of an account: any from 1900 until today. @throws {AppError} 422 naming the field */
const dayOf = (field: string, text: string, today: Temporal.PlainDate): Temporal.PlainDate => {
  const day = parseDay(text);
  if (day === null || isBefore(day, FIRST_LEDGER_DAY) || isAfter(day, today)) {
    const detail = `${field} is a day from ${FIRST_LEDGER_DAY.toString()} until today.`;
    throw unprocessable('invalid_date', detail, field);
  }
  return day;
};

const textOf = (field: string, text: string | null): string | null => {
  const trimmed = text?.trim() ?? null;
  if (trimmed === '') throw unprocessable('blank', `${field} is blank; leave it out with null.`, field);
  return trimmed;
};

/**
 * Says what an account is. One that still holds something cannot be closed.
 * @throws {AppError} 404; 403 `read_only`; 412; 422 naming the field
 */
export const changeAccount = async (
  tx: Tx,
  id: string,
  patch: Static<typeof AccountPatch>,
  ifMatch: number | undefined,
  today: Temporal.PlainDate,
): Promise<AccountAnswer> => {
  const seen = await queries.getAccount(tx, id);
  if (!seen) throw notFound('account');
  await readEditablePortfolio(tx, seen.portfolio_id);
  await queries.lockAccount(tx, id);
  const before = await queries.getAccount(tx, id);
  if (!before) throw notFound('account');
  if (ifMatch !== undefined && ifMatch !== before.version) throw preconditionFailed();
  const day = (field: 'openedOn' | 'closedOn', now: Temporal.PlainDate | null): Temporal.PlainDate | null => {
    const given = patch[field];
    return given === undefined ? now : given === null ? null : dayOf(field, given, today);
  };
  const [opened, closed] = [day('openedOn', before.opened_on), day('closedOn', before.closed_on)];
  if (opened !== null && closed !== null && isBefore(closed, opened)) {
    throw unprocessable('invalid_date', 'An account cannot be closed before it was opened.', 'closedOn');
  }
  if (before.closed_on === null && closed !== null && before.holding_count > 0) {
    const detail = `${before.name} still holds something; sell it or move it first.`;
    throw unprocessable('account_in_use', detail, 'closedOn');
  }
  await queries.updateAccount(tx, id, {
    wrapper: patch.wrapper ?? before.wrapper,
    owner_name: patch.owner === undefined ? before.owner_name : textOf('owner', patch.owner),
    provider: patch.provider === undefined ? before.provider : textOf('provider', patch.provider),
    opened_on: opened,
    closed_on: closed,
  });
  const after = await queries.getAccount(tx, id);
  if (!after) throw notFound('account');
  return answer(after);
};
