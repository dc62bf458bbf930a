/** SQL of what was decided about dividends. Contents: decisionsOf · lockDividend · saveDecision · removeDecision */
import { randomUUIDv7 } from 'node:crypto';

import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** The place of a dividend among those of a holding. */
export type DividendKey = {
  readonly holdingId: string;
  readonly exDate: Temporal.PlainDate;
  readonly place: number;
};

export type Decision = {
  readonly holding_id: string;
  readonly ex_date: Temporal.PlainDate;
  readonly place: number;
  readonly status: string;
  readonly trade_id: string | null;
};

/** What still counts: a confirmed dividend whose trade was deleted waits again. */
export const decisionsOf = async (tx: Tx, portfolioId: string): Promise<Decision[]> => {
  const { rows } = await sql<Decision>`
    select d.holding_id, d.ex_date::date as ex_date, d.place, d.status, d.trade_id
    from pm.income_decisions d
    where d.portfolio_id = ${portfolioId}::uuid and (d.status = 'dismissed' or exists (
      select from pm.trades t where t.id = d.trade_id and t.deleted_at is null))`.execute(tx);
  return rows;
};

/** Of several people who decide one dividend, one does; the others wait for the transaction to end. */
export const lockDividend = async (tx: Tx, key: DividendKey): Promise<void> => {
  const text = `pm.income_decisions ${key.holdingId} ${key.exDate.toString()} ${key.place}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${text}, 0))`.execute(tx);
};

export const saveDecision = async (
  tx: Tx,
  key: DividendKey,
  of: { readonly userId: string; readonly portfolioId: string },
  decided: { readonly status: 'confirmed' | 'dismissed'; readonly tradeId: string | null },
): Promise<void> => {
  const values = { status: decided.status, trade_id: decided.tradeId };
  await tx
    .insertInto('income_decisions')
    .values({
      id: randomUUIDv7(),
      user_id: of.userId,
      portfolio_id: of.portfolioId,
      holding_id: key.holdingId,
      ex_date: key.exDate,
      place: key.place,
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['holding_id', 'ex_date', 'place']).doUpdateSet(values))
    .execute();
};

export const removeDecision = async (tx: Tx, key: DividendKey): Promise<void> => {
  await tx
    .deleteFrom('income_decisions')
    .where('holding_id', '=', key.holdingId)
    .where('ex_date', '=', key.exDate)
    .where('place', '=', key.place)
    .execute();
};
