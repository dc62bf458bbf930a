/**
 * SQL of statements.
 *
 * Contents: findMapping · saveMapping · knownKeys · byHand · cashInstruments · heldNow · insertImport · listImports · getImport
 */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

export const findMapping = async (tx: Tx, signature: string): Promise<unknown> =>
  (
    await tx
      .selectFrom('statement_mappings')
      .select('mapping')
      .where('signature', '=', signature)
      .executeTakeFirst()
  )?.mapping;

export const saveMapping = async (
  tx: Tx,
  userId: string,
  signature: string,
  mapping: object,
): Promise<void> => {
  const text = JSON.stringify(mapping);
  await tx
    .insertInto('statement_mappings')
    .values({ user_id: userId, signature, mapping: text })
    .onConflict((conflict) => conflict.columns(['user_id', 'signature']).doUpdateSet({ mapping: text }))
    .execute();
};

/** Where a statement goes, and the days that it tells of. */
export type StatementPlace = {
  readonly portfolioId: string;
  readonly account: string;
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
};

/** Which rows of statements the account has already. */
export const knownKeys = async (tx: Tx, place: StatementPlace): Promise<ReadonlySet<string>> => {
  const rows = await tx
    .selectFrom('trades')
    .select('import_key')
    .where('portfolio_id', '=', place.portfolioId)
    .where('date', '>=', place.from)
    .where('date', '<=', place.to)
    .where('deleted_at', 'is', null)
    .where('import_key', 'is not', null)
    .execute();
  return new Set(rows.map((row) => row.import_key ?? ''));
};

/** A trade that somebody entered by hand. */
export type ByHand = {
  readonly instrumentId: string | null;
  readonly type: string;
  readonly day: string;
  readonly qty: string | null;
  readonly amount: string | null;
};

/** What was entered by hand in the account in those days. */
export const byHand = async (tx: Tx, place: StatementPlace): Promise<ByHand[]> => {
  const found = await sql<ByHand>`
    select h.instrument_id as "instrumentId", t.type, t.date::text as day, trim_scale(t.qty)::text as qty,
      trim_scale(t.amount)::text as amount
    from pm.trades t join pm.holdings h on h.id = t.holding_id and h.user_id = t.user_id
    where t.portfolio_id = ${place.portfolioId}::uuid and h.account = ${place.account} and t.deleted_at is null
      and t.import_key is null and t.leg = 'primary' and t.date between ${place.from.toString()}::date and ${place.to.toString()}::date`.execute(
    tx,
  );
  return found.rows;
};

/** Cash instruments in some currencies: those held in the portfolio first, then the owner's, then shared ones. */
export const cashInstruments = async (
  tx: Tx,
  portfolioId: string,
  owner: string,
  currencies: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const found = await sql<{ currency: string; id: string }>`
    select distinct on (i.currency) i.currency, i.id
    from pm.instruments i
    where i.type = 'Cash' and i.currency = any (${currencies}::text[]) and (i.owner_user_id is null or i.owner_user_id = ${owner}::uuid)
      and (not i.is_demo or exists (select from pm.holdings h where h.portfolio_id = ${portfolioId}::uuid and h.instrument_id = i.id))
    order by i.currency,
      exists (select from pm.holdings h where h.portfolio_id = ${portfolioId}::uuid and h.instrument_id = i.id and h.deleted_at is null) desc,
      i.owner_user_id nulls last, i.id`.execute(tx);
  return new Map(found.rows.map((row) => [row.currency, row.id]));
};

/** What some holdings hold. */
export const heldNow = async (tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const found = await sql<{ id: string; qty: string }>`
    select h.id, trim_scale(h.qty)::text as qty
    from unnest(${ids}::uuid[]) as w (id) join pm.holdings h on h.id = w.id`.execute(tx);
  return new Map(found.rows.map((row) => [row.id, row.qty]));
};

export type NewImport = {
  readonly id: string;
  readonly userId: string;
  readonly portfolioId: string;
  readonly account: string;
  readonly preset: string;
  readonly fileName: string | null;
  readonly report: object;
  readonly madeHoldings: readonly string[];
};

export const insertImport = async (tx: Tx, row: NewImport): Promise<void> => {
  await tx
    .insertInto('statement_imports')
    .values({
      id: row.id,
      user_id: row.userId,
      portfolio_id: row.portfolioId,
      account: row.account,
      preset: row.preset,
      file_name: row.fileName,
      report: JSON.stringify(row.report),
      made_holdings: [...row.madeHoldings],
    })
    .execute();
};

const imports = (tx: Tx) =>
  tx
    .selectFrom('statement_imports as s')
    .innerJoin('portfolios as p', (join) =>
      join.onRef('p.id', '=', 's.portfolio_id').onRef('p.user_id', '=', 's.user_id'),
    )
    .select([
      's.id',
      's.user_id',
      's.portfolio_id',
      's.account',
      's.file_name',
      's.report',
      's.made_holdings',
      's.created_at',
    ])
    .select(
      sql<boolean>`exists (select from pm.trades t where t.portfolio_id = s.portfolio_id and t.import_id = s.id
        and t.deleted_at is null)`.as('is_recorded'),
    )
    .where('p.deleted_at', 'is', null);

export const getImport = (tx: Tx, id: string) => imports(tx).where('s.id', '=', id).executeTakeFirst();

export type ImportRow = Awaited<ReturnType<typeof getImport>> & object;

/** Newest first, one more than `limit` when there are more; ids rise with time. */
export const listImports = (
  tx: Tx,
  page: { readonly limit: number; readonly after: string | null; readonly portfolioId: string | undefined },
): Promise<ImportRow[]> =>
  imports(tx)
    .$if(page.after !== null, (query) => query.where('s.id', '<', page.after))
    .$if(page.portfolioId !== undefined, (query) =>
      query.where('s.portfolio_id', '=', page.portfolioId ?? ''),
    )
    .orderBy('s.id', 'desc')
    .limit(page.limit + 1)
    .execute();
