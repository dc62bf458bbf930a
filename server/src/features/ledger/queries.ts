/**
 * SQL of holdings.
 *
 * Contents: listHoldings · heldIn · holdingsOf · getHolding · getHoldings · holdingsIn · feeding · feeders · lockHoldings · insertHolding ·
 * updateHolding · moveProjections · hasTwin · isHeld
 */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

const holdingRows = (tx: Tx) =>
  tx
    .selectFrom('holdings as h')
    .innerJoin('portfolios as p', (join) =>
      join.onRef('p.id', '=', 'h.portfolio_id').onRef('p.user_id', '=', 'h.user_id'),
    )
    .leftJoin('instrument_details as i', 'i.id', 'h.instrument_id')
    .select([
      'h.id',
      'h.user_id',
      'h.portfolio_id',
      'h.instrument_id',
      'h.unlinked_name',
      'h.section',
      'h.theme',
      'h.account',
      'h.qty',
      'h.cost_basis',
      'h.target_pct',
      'h.include',
      'h.overdraft',
      'h.notes',
      'h.version',
      'h.created_at',
      'h.updated_at',
      'p.base_currency',
      'i.type as instrument_type',
      'i.name as instrument_name',
      'i.ticker',
      'i.isin',
      'i.mic',
      'i.currency as instrument_currency',
      'i.listing_currency',
      'i.quote_unit',
      sql<boolean>`exists (select from pm.holding_debts d where d.holding_id = h.id)`.as('has_debt'),
    ])
    .where('h.deleted_at', 'is', null)
    .where('p.deleted_at', 'is', null);

export type HoldingRow = Awaited<ReturnType<typeof getHolding>> & object;

/** Holdings of a portfolio after `after` in the order of making, of one type of instrument; all of them without a limit. */
export const listHoldings = (
  tx: Tx,
  portfolioId: string,
  page?: { limit: number; after: string | null; type?: string | undefined },
): Promise<HoldingRow[]> =>
  holdingRows(tx)
    .where('h.portfolio_id', '=', portfolioId)
    .$if(page?.type !== undefined, (query) => query.where('i.type', '=', page?.type ?? ''))
    .$if(page?.after != null, (query) => query.where('h.id', '>', page?.after ?? ''))
    .orderBy('h.id')
    .$if(page !== undefined, (query) => query.limit((page?.limit ?? 0) + 1))
    .execute();

/** A holding as far as its value goes. */
export type HeldRow = Pick<
  HoldingRow,
  | 'id'
  | 'portfolio_id'
  | 'instrument_id'
  | 'unlinked_name'
  | 'account'
  | 'qty'
  | 'cost_basis'
  | 'include'
  | 'base_currency'
  | 'instrument_type'
  | 'instrument_name'
  | 'instrument_currency'
  | 'has_debt'
>;

/** All live holdings of a portfolio as far as their value goes: their lines and identifiers are not looked up. */
export const heldIn = async (tx: Tx, portfolioId: string): Promise<HeldRow[]> => {
  const { rows } = await sql<HeldRow>`
    select h.id, h.portfolio_id, h.instrument_id, h.unlinked_name, h.account, h.qty, h.cost_basis, h.include, p.base_currency,
      i.type as instrument_type, i.name as instrument_name, i.currency as instrument_currency,
      exists (select from pm.holding_debts d where d.holding_id = h.id) as has_debt
    from pm.portfolios p join pm.holdings h on h.portfolio_id = p.id and h.user_id = p.user_id and h.deleted_at is null
    left join pm.instruments i on i.id = h.instrument_id and i.merged_into is null
    where p.id = ${portfolioId}::uuid and p.deleted_at is null order by h.id`.execute(tx);
  return rows;
};

/** All holdings of several portfolios. */
export const holdingsOf = async (tx: Tx, portfolioIds: readonly string[]): Promise<HoldingRow[]> =>
  portfolioIds.length === 0
    ? []
    : holdingRows(tx).where('h.portfolio_id', 'in', portfolioIds).orderBy('h.id').execute();

export const getHolding = (tx: Tx, id: string) => holdingRows(tx).where('h.id', '=', id).executeTakeFirst();

/** Live holdings by their ids. */
export const getHoldings = (tx: Tx, ids: readonly string[]): Promise<HoldingRow[]> =>
  holdingRows(tx).where('h.id', 'in', ids).execute();

/** Live holdings of one instrument, or of any cash, in an account of a portfolio. */
export const holdingsIn = (
  tx: Tx,
  place: { readonly portfolioId: string; readonly account: string },
  what: { readonly instrumentId: string } | 'cash',
): Promise<HoldingRow[]> =>
  holdingRows(tx)
    .where('h.portfolio_id', '=', place.portfolioId)
    .where('h.account', '=', place.account)
    .$if(what === 'cash', (query) => query.where('i.type', '=', 'Cash'))
    .$if(what !== 'cash', (query) =>
      query.where('h.instrument_id', '=', what === 'cash' ? null : what.instrumentId),
    )
    .orderBy('h.id')
    .execute();

/** A holding and where it is. */
export type BookEntry = { readonly id: string; readonly portfolioId: string };

/**
 * Live holdings with those that their transfers feed, and so on: everything whose cost may follow from theirs. In order
 * of their ids.
 */
export const feeding = async (tx: Tx, ids: readonly string[]): Promise<BookEntry[]> => {
  const found = await sql<BookEntry>`
    with recursive book (id) as (
      select unnest(${ids}::uuid[])
      union
      select i.holding_id from book b
      join pm.trades o on o.holding_id = b.id and o.type = 'transfer_out' and o.event_id is not null and o.deleted_at is null
      join pm.trades i on i.event_id = o.event_id and i.type = 'transfer_in' and i.deleted_at is null
    )
    select h.id, h.portfolio_id as "portfolioId" from book b join pm.holdings h on h.id = b.id
    where h.deleted_at is null order by h.id`.execute(tx);
  return found.rows;
};

/** Live holdings from which the transfers into some others came, and so on, with those: all that their cost came from. */
export const feeders = async (tx: Tx, ids: readonly string[]): Promise<string[]> => {
  const found = await sql<{ id: string }>`
    with recursive book (id) as (
      select unnest(${ids}::uuid[])
      union
      select o.holding_id from book b
      join pm.trades i on i.holding_id = b.id and i.type = 'transfer_in' and i.event_id is not null and i.deleted_at is null
      join pm.trades o on o.event_id = i.event_id and o.type = 'transfer_out' and o.deleted_at is null
    )
    select id from book`.execute(tx);
  return found.rows.map((row) => row.id);
};

/**
 * Locks live holdings against other writers until the transaction ends, in the order of their ids; everybody locks a
 * holding before touching its trades. @returns those that are there and may be written
 */
export const lockHoldings = async (tx: Tx, ids: readonly string[]): Promise<string[]> => {
  const rows = await tx
    .selectFrom('holdings')
    .select('id')
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map((row) => row.id);
};

export type NewHolding = {
  readonly id: string;
  readonly userId: string;
  readonly portfolioId: string;
  readonly instrumentId: string | null;
  /** What an older system called it, where it is linked to no instrument. */
  readonly unlinkedName?: string | null;
  readonly section: string;
  readonly theme: string;
  readonly account: string;
  readonly targetPct: number | null;
  readonly include: boolean;
  readonly notes: string | null;
};

export const insertHolding = async (tx: Tx, row: NewHolding): Promise<void> => {
  await tx
    .insertInto('holdings')
    .values({
      id: row.id,
      user_id: row.userId,
      portfolio_id: row.portfolioId,
      instrument_id: row.instrumentId,
      section: row.section,
      theme: row.theme,
      account: row.account,
      target_pct: row.targetPct === null ? null : String(row.targetPct),
      include: row.include,
      notes: row.notes,
    })
    .execute();
};

/** Adds holdings in one statement. */
export const insertHoldings = async (tx: Tx, rows: readonly NewHolding[]): Promise<void> => {
  const of = <T>(pick: (row: NewHolding) => T): T[] => rows.map(pick);
  await sql`
    insert into pm.holdings (id, user_id, portfolio_id, instrument_id, unlinked_name, section, theme, account, target_pct,
      include, notes)
    select * from unnest(${of((row) => row.id)}::uuid[], ${of((row) => row.userId)}::uuid[],
      ${of((row) => row.portfolioId)}::uuid[], ${of((row) => row.instrumentId)}::uuid[],
      ${of((row) => row.unlinkedName ?? null)}::text[], ${of((row) => row.section)}::text[],
      ${of((row) => row.theme)}::text[], ${of((row) => row.account)}::text[],
      ${of((row) => (row.targetPct === null ? null : String(row.targetPct)))}::numeric[],
      ${of((row) => row.include)}::boolean[], ${of((row) => row.notes)}::text[])`.execute(tx);
};

export type HoldingChange = {
  readonly instrumentId?: string | null;
  readonly section?: string;
  readonly theme?: string;
  readonly account?: string;
  readonly targetPct?: number | null;
  readonly include?: boolean;
  readonly notes?: string | null;
};

export const updateHolding = async (tx: Tx, id: string, change: HoldingChange): Promise<void> => {
  await tx
    .updateTable('holdings')
    .set({
      ...(change.instrumentId !== undefined && { instrument_id: change.instrumentId }),
      ...(change.section !== undefined && { section: change.section }),
      ...(change.theme !== undefined && { theme: change.theme }),
      ...(change.account !== undefined && { account: change.account }),
      ...(change.targetPct !== undefined && {
        target_pct: change.targetPct === null ? null : String(change.targetPct),
      }),
      ...(change.include !== undefined && { include: change.include }),
      ...(change.notes !== undefined && { notes: change.notes }),
    })
    .where('id', '=', id)
    .execute();
};

/** What the replay of a holding's trades gives. */
export type Projection = { readonly id: string; readonly qty: string; readonly cost: string };

/**
 * Moves projections; the only statement that writes a holding's quantity and cost.
 * @returns the new version of each
 */
export const moveProjections = async (
  tx: Tx,
  moved: readonly Projection[],
): Promise<ReadonlyMap<string, number>> => {
  const rows = await sql<{ id: string; version: number }>`
    update pm.holdings h set qty = m.qty, cost_basis = m.cost, overdraft = m.qty < 0
    from unnest(${moved.map(({ id }) => id)}::uuid[], ${moved.map(({ qty }) => qty)}::numeric[],
      ${moved.map(({ cost }) => cost)}::numeric[]) as m (id, qty, cost)
    where h.id = m.id returning h.id, h.version`.execute(tx);
  return new Map(rows.rows.map((row) => [row.id, row.version]));
};

/** Whether another live holding of the portfolio has the same instrument in the same account. */
export const hasTwin = async (
  tx: Tx,
  holding: { portfolioId: string; account: string; instrumentId: string; self: string },
): Promise<boolean> => {
  const row = await tx
    .selectFrom('holdings')
    .select('id')
    .where('portfolio_id', '=', holding.portfolioId)
    .where('account', '=', holding.account)
    .where('instrument_id', '=', holding.instrumentId)
    .where('id', '<>', holding.self)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
};

/** Whether a portfolio holds an instrument, in whatever account. */
export const isHeld = async (tx: Tx, portfolioId: string, instrumentId: string): Promise<boolean> => {
  const row = await tx
    .selectFrom('holdings')
    .select('id')
    .where('portfolio_id', '=', portfolioId)
    .where('instrument_id', '=', instrumentId)
    .where('deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
};
