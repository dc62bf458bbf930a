/**
 * SQL of deletions: one id for everything that one deletion takes along.
 *
 * Contents: noteDeletion · stampTrades · stampHolding · eventLegsOutside · getDeletion · listDeletions · stampedHoldings ·
 * unstamp · forgetDeletion · expiredDeletions · purge
 */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** How long a deletion can be undone. */
export const RESTORABLE_DAYS = 30;

export type NewDeletion = {
  readonly id: string;
  readonly userId: string;
  readonly portfolioId: string;
  readonly kind: 'portfolio' | 'holding' | 'trade' | 'import';
  readonly title: string;
};

export const noteDeletion = async (tx: Tx, one: NewDeletion): Promise<void> => {
  await tx
    .insertInto('deletions')
    .values({
      id: one.id,
      user_id: one.userId,
      portfolio_id: one.portfolioId,
      kind: one.kind,
      title: one.title,
    })
    .execute();
};

const stamp = (deletionId: string) => ({
  deleted_at: sql<Temporal.Instant>`now()`,
  deletion_id: deletionId,
});

export const stampTrades = async (tx: Tx, ids: readonly string[], deletionId: string): Promise<void> => {
  if (ids.length === 0) return;
  await tx
    .updateTable('trades')
    .set(stamp(deletionId))
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .execute();
};

/** Live trades that an import brought, with the other legs of their events. */
export const tradesOfImport = async (tx: Tx, portfolioId: string, importId: string): Promise<string[]> => {
  const found = await sql<{ id: string }>`
    with brought as materialized (select t.id, t.event_id from pm.trades t
      where t.portfolio_id = ${portfolioId}::uuid and t.import_id = ${importId}::uuid and t.deleted_at is null)
    select id from brought
    union
    select o.id from (select distinct event_id from brought where event_id is not null) e
    join pm.trades o on o.event_id = e.event_id and o.deleted_at is null`.execute(tx);
  return found.rows.map((row) => row.id);
};

/** The holdings that those trades are in. */
export const placesOfImport = async (tx: Tx, portfolioId: string, importId: string): Promise<string[]> => {
  const ids = await tradesOfImport(tx, portfolioId, importId);
  const found = await sql<{ id: string }>`
    select distinct t.holding_id as id from unnest(${ids}::uuid[]) as i (id) join pm.trades t on t.id = i.id`.execute(
    tx,
  );
  return found.rows.map((row) => row.id);
};

export const stampMany = async (tx: Tx, ids: readonly string[], deletionId: string): Promise<void> => {
  await sql`update pm.trades t set deleted_at = now(), deletion_id = ${deletionId}::uuid
    from unnest(${ids}::uuid[]) as i (id) where t.id = i.id and t.deleted_at is null`.execute(tx);
};

/** Stamps those of some holdings that have no live trade left. @returns how many */
export const stampEmpty = async (tx: Tx, ids: readonly string[], deletionId: string): Promise<number> => {
  const done = await sql`update pm.holdings h set deleted_at = now(), deletion_id = ${deletionId}::uuid
    from unnest(${ids}::uuid[]) as i (id)
    where h.id = i.id and h.deleted_at is null
      and not exists (select from pm.trades t where t.holding_id = h.id and t.deleted_at is null)`.execute(
    tx,
  );
  return Number(done.numAffectedRows ?? 0n);
};

/** What a deletion begins with: one holding, or all of a portfolio. */
export type Going = { readonly holdingId: string } | { readonly portfolioId: string };

const goingTrades = (going: Going) =>
  'holdingId' in going
    ? sql<boolean>`t.holding_id = ${going.holdingId}::uuid`
    : sql<boolean>`t.portfolio_id = ${going.portfolioId}::uuid`;

/** Live legs elsewhere of the events that live trades of what goes take part in: they go along. */
export const legsOutside = async (
  tx: Tx,
  going: Going,
): Promise<readonly { id: string; holdingId: string }[]> => {
  const found = await sql<{ id: string; holdingId: string }>`
    select o.id, o.holding_id as "holdingId"
    from (select distinct t.event_id from pm.trades t
      where ${goingTrades(going)} and t.event_id is not null and t.deleted_at is null) e
    join pm.trades o on o.event_id = e.event_id and o.deleted_at is null
    where not (${sql.raw('holdingId' in going ? 'o.holding_id' : 'o.portfolio_id')} = ${
      'holdingId' in going ? going.holdingId : going.portfolioId
    }::uuid)`.execute(tx);
  return found.rows;
};

/** Whether some transfer of what goes has an end that the person does not see. */
export const hasHiddenEnd = async (tx: Tx, going: Going): Promise<boolean> => {
  const found = await sql<{ hidden: boolean }>`
    select exists (select 1 from pm.trades t
      where ${goingTrades(going)} and t.deleted_at is null and t.event_id is not null
        and t.type in ('transfer_in', 'transfer_out')
        and not exists (select 1 from pm.trades o where o.event_id = t.event_id and o.id <> t.id and o.deleted_at is null)
    ) as hidden`.execute(tx);
  return found.rows[0]?.hidden ?? false;
};

/** Stamps a holding, or the holdings of a portfolio, with their live trades. */
export const stampGoing = async (tx: Tx, going: Going, deletionId: string): Promise<void> => {
  await sql`update pm.trades t set deleted_at = now(), deletion_id = ${deletionId}::uuid
    where ${goingTrades(going)} and t.deleted_at is null`.execute(tx);
  await tx
    .updateTable('holdings')
    .set(stamp(deletionId))
    .where('deleted_at', 'is', null)
    .where(
      'holdingId' in going ? 'id' : 'portfolio_id',
      '=',
      'holdingId' in going ? going.holdingId : going.portfolioId,
    )
    .execute();
};

const caller = sql<string>`nullif(current_setting('app.user_id', true), '')::uuid`;
const oldest = sql<Temporal.Instant>`now() - make_interval(days => ${RESTORABLE_DAYS})`;

/** Deletions that can be undone by the person: of portfolios that are there, and of their own portfolios. */
const restorable = (tx: Tx) =>
  tx
    .selectFrom('deletions as d')
    .innerJoin('portfolios as p', (join) =>
      join.onRef('p.user_id', '=', 'd.user_id').onRef('p.id', '=', 'd.portfolio_id'),
    )
    .select(['d.id', 'd.user_id', 'd.portfolio_id', 'd.kind', 'd.title', 'd.deleted_at'])
    .where('d.deleted_at', '>', oldest)
    .where((eb) => eb.or([eb('d.user_id', '=', caller), eb('d.kind', '<>', 'portfolio')]))
    .where((eb) => eb.or([eb('p.deleted_at', 'is', null), eb('d.kind', '=', 'portfolio')]));

export const getDeletion = (tx: Tx, id: string) => restorable(tx).where('d.id', '=', id).executeTakeFirst();

export type DeletionRow = Awaited<ReturnType<typeof getDeletion>> & object;

/** Newest first, one more than `limit` when there are more; ids rise with time. */
export const listDeletions = (
  tx: Tx,
  page: { readonly limit: number; readonly after: string | null },
): Promise<DeletionRow[]> =>
  restorable(tx)
    .$if(page.after !== null, (query) => query.where('d.id', '<', page.after))
    .orderBy('d.id', 'desc')
    .limit(page.limit + 1)
    .execute();

export type StampedHolding = {
  readonly id: string;
  readonly portfolioId: string;
  readonly portfolioName: string;
  /** The deletion that took the portfolio, or null while it is there. */
  readonly portfolioDeletion: string | null;
  /** The deletion that took the holding, or null while it is there. */
  readonly holdingDeletion: string | null;
};

/** Holdings that a deletion took, or took trades of, in the order of their ids. */
export const stampedHoldings = async (tx: Tx, deletionId: string): Promise<readonly StampedHolding[]> => {
  const found = await sql<StampedHolding>`
    select h.id, h.portfolio_id as "portfolioId", p.name as "portfolioName", p.deletion_id as "portfolioDeletion",
      h.deletion_id as "holdingDeletion"
    from pm.holdings h join pm.portfolios p on p.user_id = h.user_id and p.id = h.portfolio_id
    where h.id in (select id from pm.holdings where deletion_id = ${deletionId}::uuid
      union select holding_id from pm.trades where deletion_id = ${deletionId}::uuid)
    order by h.id`.execute(tx);
  return found.rows;
};

/** A live holding that took the place of one that a deletion took; its instrument's name. */
export const takenPlaces = async (tx: Tx, deletionId: string): Promise<readonly { account: string }[]> => {
  const found = await sql<{ account: string }>`
    select h.account from pm.holdings h
    join pm.holdings o on o.portfolio_id = h.portfolio_id and o.account = h.account
      and o.instrument_id = h.instrument_id and o.deleted_at is null
    where h.deletion_id = ${deletionId}::uuid limit 1`.execute(tx);
  return found.rows;
};

export type Filed = {
  readonly portfolioId: string;
  readonly section: string;
  readonly theme: string;
  readonly account: string;
};

/** Under which names the holdings that a deletion took were filed. */
export const filedUnder = (tx: Tx, deletionId: string): Promise<Filed[]> =>
  tx
    .selectFrom('holdings')
    .select(['portfolio_id as portfolioId', 'section', 'theme', 'account'])
    .distinct()
    .where('deletion_id', '=', deletionId)
    .execute();

const NOT_DELETED = { deleted_at: null, deletion_id: null };

/** Brings back the portfolio that a deletion took. */
export const unstampPortfolio = async (tx: Tx, deletionId: string): Promise<void> => {
  await tx.updateTable('portfolios').set(NOT_DELETED).where('deletion_id', '=', deletionId).execute();
};

/** Brings back the holdings and trades that a deletion took. @returns how many of each */
export const unstamp = async (tx: Tx, deletionId: string): Promise<{ holdings: number; trades: number }> => {
  const holdings = await tx
    .updateTable('holdings')
    .set(NOT_DELETED)
    .where('deletion_id', '=', deletionId)
    .executeTakeFirst();
  const trades = await tx
    .updateTable('trades')
    .set(NOT_DELETED)
    .where('deletion_id', '=', deletionId)
    .executeTakeFirst();
  return { holdings: Number(holdings.numUpdatedRows), trades: Number(trades.numUpdatedRows) };
};

export const forgetDeletion = async (tx: Tx, id: string): Promise<void> => {
  await tx.deleteFrom('deletions').where('id', '=', id).execute();
};

/**
 * Purges, oldest first, at most so many deletions that can no longer be undone, with everything that they took.
 * @returns how many deletions and trades
 */
export const purgeSome = async (
  tx: Tx,
  before: Temporal.Instant,
  limit: number,
): Promise<{ deletions: number; trades: number }> => {
  const found = await tx
    .selectFrom('deletions')
    .select('id')
    .where('deleted_at', '<', before)
    .orderBy('deleted_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  const ids = found.map((row) => row.id);
  if (ids.length === 0) return { deletions: 0, trades: 0 };
  const trades = await tx.deleteFrom('trades').where('deletion_id', 'in', ids).executeTakeFirst();
  await tx.deleteFrom('holdings').where('deletion_id', 'in', ids).execute();
  await tx.deleteFrom('portfolios').where('deletion_id', 'in', ids).execute();
  await tx.deleteFrom('deletions').where('id', 'in', ids).execute();
  return { deletions: ids.length, trades: Number(trades.numDeletedRows) };
};
