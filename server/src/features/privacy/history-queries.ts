/** SQL of what was recorded at a moment. Contents: firstRecorded · portfolioAt · holdingsAt */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** When the portfolio was first recorded; null for one that the person may not see, or no longer as a guest. */
export const firstRecorded = async (tx: Tx, id: string): Promise<Temporal.Instant | null> => {
  const { rows } = await sql<{ first: Temporal.Instant }>`
    select p.created_at as first from pm.portfolios p
    where p.id = ${id}::uuid
      and (p.deleted_at is null or p.user_id = nullif(current_setting('app.user_id', true), '')::uuid)`.execute(
    tx,
  );
  return rows[0]?.first ?? null;
};

/** The version of a portfolio in force at a moment, unless it was deleted then. */
export const portfolioAt = (tx: Tx, id: string, at: Temporal.Instant) =>
  tx
    .selectFrom('portfolios_versions')
    .select(['name', 'type', 'base_currency', 'lists', 'budgets', 'version', 'valid_from', 'valid_to'])
    .where('id', '=', id)
    .where('valid_from', '<=', at)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', at)]))
    .where('deleted_at', 'is', null)
    .executeTakeFirst();

export type RecordedHoldingRow = {
  readonly id: string;
  readonly instrument_id: string | null;
  readonly unlinked_name: string | null;
  readonly instrument_name: string | null;
  readonly ticker: string | null;
  readonly section: string;
  readonly theme: string;
  readonly account: string;
  readonly qty: string;
  readonly cost_basis: string;
  readonly target_pct: string | null;
  readonly include: boolean;
  readonly notes: string | null;
  readonly trade_count: number;
};

/** Holdings in force at a moment after `after` in the order of making, one more than `limit` when there are more. */
export const holdingsAt = async (
  tx: Tx,
  portfolioId: string,
  at: Temporal.Instant,
  page: { readonly limit: number; readonly after: string | null },
): Promise<readonly RecordedHoldingRow[]> => {
  const { rows } = await sql<RecordedHoldingRow>`
    select h.id, h.instrument_id, h.unlinked_name, i.name as instrument_name, i.ticker, h.section, h.theme, h.account,
      h.qty, h.cost_basis, h.target_pct, h.include, h.notes,
      coalesce(n.trades, 0) as trade_count
    from pm.holdings_versions h left join pm.instrument_details i on i.id = h.instrument_id
    left join (select t.holding_id, count(*)::int as trades from pm.trades_versions t
      where t.portfolio_id = ${portfolioId}::uuid and t.valid_from <= ${at} and (t.valid_to is null or t.valid_to > ${at})
        and t.deleted_at is null group by t.holding_id) n on n.holding_id = h.id
    where h.portfolio_id = ${portfolioId}::uuid and h.valid_from <= ${at} and (h.valid_to is null or h.valid_to > ${at})
      and h.deleted_at is null and (${page.after}::uuid is null or h.id > ${page.after}::uuid)
    order by h.id limit ${page.limit + 1}`.execute(tx);
  return rows;
};
