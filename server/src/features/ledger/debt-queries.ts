/**
 * SQL of what is owed against holdings.
 *
 * Contents: debtsOn · debtsOfPortfolio · listDebts · getDebt · newestBefore · countDebts · insertDebt · updateDebt ·
 * deleteDebt
 */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

const debtRows = (tx: Tx) =>
  tx
    .selectFrom('holding_debts')
    .select([
      'id',
      'user_id',
      'portfolio_id',
      'holding_id',
      'date',
      'amount',
      'currency',
      'notes',
      'version',
      'created_at',
    ]);

export type DebtRow = Awaited<ReturnType<typeof getDebt>> & object;

/** What is owed against holdings on a day: of each the newest amount that is not of a later day. */
export const debtsOn = async (tx: Tx, holdingIds: readonly string[], day: Temporal.PlainDate) =>
  debtRows(tx)
    .distinctOn('holding_id')
    .where('holding_id', 'in', holdingIds)
    .where('date', '<=', day)
    .orderBy('holding_id')
    .orderBy('date', 'desc')
    .execute();

/** All that was ever owed against the holdings of a portfolio, by day. */
export const debtsOfPortfolio = (tx: Tx, portfolioId: string): Promise<DebtRow[]> =>
  debtRows(tx).where('portfolio_id', '=', portfolioId).orderBy('holding_id').orderBy('date').execute();

/** Amounts of a holding before a day, newest first, one more than `limit` when there are more. */
export const listDebts = (
  tx: Tx,
  holdingId: string,
  page: { readonly limit: number; readonly before: Temporal.PlainDate | null },
): Promise<DebtRow[]> =>
  debtRows(tx)
    .where('holding_id', '=', holdingId)
    .$if(page.before !== null, (query) => query.where('date', '<', page.before))
    .orderBy('date', 'desc')
    .limit(page.limit + 1)
    .execute();

export const getDebt = (tx: Tx, id: string) => debtRows(tx).where('id', '=', id).executeTakeFirst();

/** The currency of the newest amount that is not of a later day. */
export const currencyBefore = async (
  tx: Tx,
  holdingId: string,
  day: Temporal.PlainDate,
): Promise<string | null> => {
  const [row] = await debtsOn(tx, [holdingId], day);
  return row?.currency ?? null;
};

export const countDebts = async (tx: Tx, holdingId: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pm.holding_debts where holding_id = ${holdingId}::uuid`.execute(tx);
  return rows[0]?.count ?? 0;
};

/** Whether another amount of the holding is of the same day. */
export const hasDebtOn = async (
  tx: Tx,
  holdingId: string,
  day: Temporal.PlainDate,
  self: string,
): Promise<boolean> => {
  const row = await tx
    .selectFrom('holding_debts')
    .select('id')
    .where('holding_id', '=', holdingId)
    .where('date', '=', day)
    .where('id', '<>', self)
    .executeTakeFirst();
  return row !== undefined;
};

/** What of an amount is written. */
export type DebtValues = {
  readonly date: Temporal.PlainDate;
  readonly amount: string;
  readonly currency: string;
  readonly notes: string | null;
};

export const insertDebt = async (
  tx: Tx,
  place: {
    readonly id: string;
    readonly userId: string;
    readonly portfolioId: string;
    readonly holdingId: string;
  },
  values: DebtValues,
): Promise<void> => {
  await tx
    .insertInto('holding_debts')
    .values({
      id: place.id,
      user_id: place.userId,
      portfolio_id: place.portfolioId,
      holding_id: place.holdingId,
      ...values,
    })
    .execute();
};

export const updateDebt = async (tx: Tx, id: string, values: DebtValues): Promise<void> => {
  await tx.updateTable('holding_debts').set(values).where('id', '=', id).execute();
};

export const deleteDebt = async (tx: Tx, id: string): Promise<void> => {
  await tx.deleteFrom('holding_debts').where('id', '=', id).execute();
};
