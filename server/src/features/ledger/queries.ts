/**
 * SQL of holdings and trades.
 *
 * Contents: listHoldings · getHolding · portfolioOf · lockHolding · insertHolding · updateHolding · moveProjection ·
 * getTrade · tradesOf · newestTradeDay · insertTrade · updateTrade · markTradeDeleted · markHoldingDeleted ·
 * tradesUntil · hasTwin · isHeld · assumedOpening · dateOpening
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
    ])
    .where('h.deleted_at', 'is', null)
    .where('p.deleted_at', 'is', null);

export type HoldingRow = Awaited<ReturnType<typeof getHolding>> & object;

/** Holdings of a portfolio after `after` in the order of making; all of them without a limit. */
export const listHoldings = (
  tx: Tx,
  portfolioId: string,
  page?: { limit: number; after: string | null },
): Promise<HoldingRow[]> =>
  holdingRows(tx)
    .where('h.portfolio_id', '=', portfolioId)
    .$if(page?.after != null, (query) => query.where('h.id', '>', page?.after ?? ''))
    .orderBy('h.id')
    .$if(page !== undefined, (query) => query.limit((page?.limit ?? 0) + 1))
    .execute();

export const getHolding = (tx: Tx, id: string) => holdingRows(tx).where('h.id', '=', id).executeTakeFirst();

/** The portfolio of a live holding; undefined when there is none. */
export const portfolioOf = async (tx: Tx, holdingId: string): Promise<string | undefined> => {
  const row = await tx
    .selectFrom('holdings')
    .select('portfolio_id')
    .where('id', '=', holdingId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row?.portfolio_id;
};

/** Locks a holding against other writers until the transaction ends; everybody locks it before touching its trades. */
export const lockHolding = async (tx: Tx, id: string): Promise<boolean> => {
  const row = await tx
    .selectFrom('holdings')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
};

export type NewHolding = {
  readonly id: string;
  readonly userId: string;
  readonly portfolioId: string;
  readonly instrumentId: string;
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

export type HoldingChange = {
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

/** Moves the projection; the only statement that writes a holding's quantity and cost. */
export const moveProjection = async (
  tx: Tx,
  id: string,
  position: { qty: string; cost: string },
): Promise<number> => {
  const row = await tx
    .updateTable('holdings')
    .set({ qty: position.qty, cost_basis: position.cost })
    .where('id', '=', id)
    .returning('version')
    .executeTakeFirstOrThrow();
  return row.version;
};

const tradeColumns = [
  'id',
  'holding_id',
  'portfolio_id',
  'type',
  'date',
  'seq',
  'qty',
  'price',
  'fees',
  'currency',
  'quote_unit',
  'fx_rate',
  'fx_source',
  'fx_date',
  'date_assumed',
  'notes',
  'version',
  'created_at',
] as const;

export const getTrade = (tx: Tx, id: string) =>
  tx
    .selectFrom('trades')
    .select(tradeColumns)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();

export type TradeRow = Awaited<ReturnType<typeof getTrade>> & object;

/** Every live trade of a holding, in replay order. */
export const tradesOf = (tx: Tx, holdingId: string): Promise<TradeRow[]> =>
  tx
    .selectFrom('trades')
    .select(tradeColumns)
    .where('holding_id', '=', holdingId)
    .where('deleted_at', 'is', null)
    .orderBy('date')
    .orderBy('seq')
    .execute();

/** Day of the newest live trade of a holding; undefined when it has none. */
export const newestTradeDay = async (tx: Tx, holdingId: string): Promise<Temporal.PlainDate | undefined> => {
  const row = await tx
    .selectFrom('trades')
    .select('date')
    .where('holding_id', '=', holdingId)
    .where('deleted_at', 'is', null)
    .orderBy('date', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.date;
};

export type NewTrade = {
  readonly id: string;
  readonly type: 'opening' | 'buy' | 'sell';
  readonly date: Temporal.PlainDate;
  readonly dateAssumed: boolean;
  readonly qty: string;
  readonly price: string;
  readonly fees: string;
  readonly currency: string;
  readonly quoteUnit: string;
  readonly fxRate: string;
  readonly fxSource: string;
  readonly fxDate: Temporal.PlainDate | null;
  readonly notes: string | null;
};

type HoldingKey = { readonly id: string; readonly user_id: string; readonly portfolio_id: string };

export const insertTrade = (tx: Tx, holding: HoldingKey, trade: NewTrade): Promise<TradeRow> =>
  tx
    .insertInto('trades')
    .values({
      id: trade.id,
      user_id: holding.user_id,
      portfolio_id: holding.portfolio_id,
      holding_id: holding.id,
      type: trade.type,
      date: trade.date,
      date_assumed: trade.dateAssumed,
      qty: trade.qty,
      price: trade.price,
      fees: trade.fees,
      currency: trade.currency,
      quote_unit: trade.quoteUnit,
      fx_rate: trade.fxRate,
      fx_source: trade.fxSource,
      fx_date: trade.fxDate,
      notes: trade.notes,
    })
    .returning(tradeColumns)
    .executeTakeFirstOrThrow();

export const updateTrade = (
  tx: Tx,
  id: string,
  change: Omit<NewTrade, 'id' | 'type' | 'currency'>,
): Promise<TradeRow> =>
  tx
    .updateTable('trades')
    .set({
      date: change.date,
      date_assumed: change.dateAssumed,
      qty: change.qty,
      price: change.price,
      fees: change.fees,
      quote_unit: change.quoteUnit,
      fx_rate: change.fxRate,
      fx_source: change.fxSource,
      fx_date: change.fxDate,
      notes: change.notes,
    })
    .where('id', '=', id)
    .returning(tradeColumns)
    .executeTakeFirstOrThrow();

const deletionStamp = (deletionId: string) => ({
  deleted_at: sql<Temporal.Instant>`now()`,
  deletion_id: deletionId,
});

export const markTradeDeleted = async (tx: Tx, id: string, deletionId: string): Promise<void> => {
  await tx.updateTable('trades').set(deletionStamp(deletionId)).where('id', '=', id).execute();
};

/** Stamps a holding and its live trades as deleted together. */
export const markHoldingDeleted = async (tx: Tx, id: string, deletionId: string): Promise<void> => {
  const stamp = deletionStamp(deletionId);
  await tx
    .updateTable('trades')
    .set(stamp)
    .where('holding_id', '=', id)
    .where('deleted_at', 'is', null)
    .execute();
  await tx.updateTable('holdings').set(stamp).where('id', '=', id).execute();
};

/** Trades up to and including a day of every live holding of a portfolio, in replay order: what `asOf` rests on. */
export const tradesUntil = (tx: Tx, portfolioId: string, day: Temporal.PlainDate): Promise<TradeRow[]> =>
  tx
    .selectFrom('trades')
    .select(tradeColumns)
    .where('portfolio_id', '=', portfolioId)
    .where('deleted_at', 'is', null)
    .where('date', '<=', day)
    .orderBy('holding_id')
    .orderBy('date')
    .orderBy('seq')
    .execute();

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

/** The opening trade whose day nobody gave; undefined when there is none. */
export const assumedOpening = (tx: Tx, holdingId: string) =>
  tx
    .selectFrom('trades')
    .select(['id', 'date'])
    .where('holding_id', '=', holdingId)
    .where('date_assumed', '=', true)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();

export const dateOpening = async (tx: Tx, id: string, date: Temporal.PlainDate): Promise<void> => {
  await tx.updateTable('trades').set({ date }).where('id', '=', id).execute();
};
