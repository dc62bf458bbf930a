/** SQL of copies. Contents: copyHoldings */
import { randomUUIDv7 } from 'node:crypto';

import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/**
 * Copies the live holdings of a portfolio, each with one opening trade, in one statement: they are copied as they stood
 * together. The price is the average cost as far as it can be written; where it cannot, the amount says the cost
 * exactly. Overdrawn cash, which no opening can say, is copied as the withdrawal that overdrew it.
 * @param to the copy and the person whose it is; what they may not hold is copied by its name
 */
export const copyHoldings = async (
  tx: Tx,
  fromId: string,
  to: { readonly id: string; readonly userId: string },
  today: Temporal.PlainDate,
): Promise<void> => {
  const found = await tx
    .selectFrom('holdings')
    .select('id')
    .where('portfolio_id', '=', fromId)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute();
  if (found.length === 0) return;
  const ids = { old: found.map((row) => row.id), holding: fresh(found), trade: fresh(found) };
  await sql`
    with source as (
      select h.*, n.holding, n.trade, n.nth, i.name, p.base_currency,
        coalesce(i.listing_currency, i.currency, p.base_currency)::text as currency,
        i.owner_user_id is null or i.owner_user_id = ${to.userId}::uuid as is_open,
        -- As many places as the total can keep, so that rate and quantity give the cost without rounding.
        case when h.qty < 0 and h.cost_basis < 0
          then round(h.cost_basis / h.qty, greatest(18 - scale(trim_scale(h.qty)), 8)) else 1 end as rate,
        case when h.qty > 0 then round(h.cost_basis / h.qty, 18) end as price
      from unnest(${ids.old}::uuid[], ${ids.holding}::uuid[], ${ids.trade}::uuid[])
        with ordinality as n (old, holding, trade, nth)
      join pm.holdings h on h.id = n.old and h.portfolio_id = ${fromId}::uuid and h.deleted_at is null
      join pm.portfolios p on p.user_id = h.user_id and p.id = h.portfolio_id
      left join pm.instrument_details i on i.id = h.instrument_id
    ), copied as (
      insert into pm.holdings (user_id, id, portfolio_id, instrument_id, unlinked_name, section, theme, account, qty,
        cost_basis, overdraft, target_pct, include, notes)
      select ${to.userId}::uuid, s.holding, ${to.id}::uuid, case when s.is_open then s.instrument_id end,
        case when s.is_open then s.unlinked_name else coalesce(s.name, s.unlinked_name, 'Private') end,
        s.section, s.theme, s.account, s.qty,
        case when s.qty < 0 then -round(-s.qty * s.rate, 18) when s.qty = 0 then 0 else s.cost_basis end,
        s.qty < 0, s.target_pct, s.include, s.notes
      from source s
      returning id
    )
    insert into pm.trades (user_id, id, portfolio_id, holding_id, type, date, date_assumed, qty, price, amount, currency,
      quote_unit, fx_rate, fx_source, overdraw)
    select ${to.userId}::uuid, s.trade, ${to.id}::uuid, s.holding, case when s.qty < 0 then 'withdrawal' else 'opening' end,
      ${today}::date, s.qty > 0, abs(s.qty), s.price,
      case when s.qty > 0 and s.qty * s.price <> s.cost_basis then s.cost_basis end,
      o.currency, o.currency, s.rate, case when s.rate = 1 then 'identity' else 'given' end,
      s.qty < 0
    from source s join copied c on c.id = s.holding
    cross join lateral (select case when s.qty < 0 then s.currency else s.base_currency::text end as currency) o
    where s.qty <> 0
    order by s.nth`.execute(tx);
  await copyDebts(tx, ids, to);
};

/** Gives the copies of holdings what is owed against them now. */
const copyDebts = async (
  tx: Tx,
  ids: { readonly old: readonly string[]; readonly holding: readonly string[] },
  to: { readonly id: string; readonly userId: string },
): Promise<void> => {
  await sql`
    insert into pm.holding_debts (user_id, id, portfolio_id, holding_id, date, amount, currency, notes)
    select ${to.userId}::uuid, n.debt, ${to.id}::uuid, n.holding, d.date, d.amount, d.currency, d.notes
    from unnest(${ids.old}::uuid[], ${ids.holding}::uuid[], ${fresh(ids.old)}::uuid[]) as n (old, holding, debt)
    cross join lateral (select * from pm.holding_debts o where o.holding_id = n.old order by o.date desc limit 1) d`.execute(
    tx,
  );
};

/** New ids that rise, so that what is listed by them keeps its order. */
const fresh = (rows: readonly unknown[]): string[] => rows.map(() => randomUUIDv7()).toSorted();
