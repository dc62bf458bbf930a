/**
 * SQL of portfolios. Row-level security decides what is seen: one's own, and those shared with one.
 *
 * Contents: listPortfolios · getPortfolio · baseCurrencyOf · lockPortfolio · insertPortfolio · insertAccounts · copyAccounts · enterPortfolio ·
 * updatePortfolio · wrappersOf · namesInUse · countFiled · heldInBoth · refile · renameAccount · deleteAccount ·
 * markPortfolioDeleted
 */
import { randomUUIDv7 } from 'node:crypto';

import { sql } from 'kysely';
import type { Tx } from '#platform/database/index.ts';

/** Settings, lists and budgets as stored: JSON whose shape the contracts fix. */
export type PortfolioDocument = { readonly [key: string]: unknown };

const caller = sql<string>`nullif(current_setting('app.user_id', true), '')::uuid`;

type OwnerOfShared = { portfolio_id: string; name: string | null; email: string };
const ownersOfShared = sql<OwnerOfShared>`pm.owners_of_shared()`.as<'o'>(sql`o`);

const portfolioRows = (tx: Tx) =>
  tx
    .selectFrom('portfolios as p')
    .leftJoin(ownersOfShared, (join) => join.onRef('o.portfolio_id', '=', 'p.id'))
    .select([
      'o.name as owner_name',
      'o.email as owner_email',
      'p.id',
      'p.user_id',
      'p.name',
      'p.type',
      'p.parent_id',
      // Null for whom it is shared with: the model is not.
      sql<string | null>`(select m.id from pm.portfolios m
        where m.id = p.model_id and m.user_id = p.user_id and m.deleted_at is null)`.as('model_id'),
      sql<boolean>`p.model_id is not null and p.user_id <> ${caller}`.as('model_hidden'),
      'p.base_currency',
      'p.settings',
      'p.lists',
      'p.budgets',
      'p.is_demo',
      'p.version',
      'p.created_at',
      'p.updated_at',
      sql<'owner' | 'view' | 'edit'>`case when p.user_id = ${caller} then 'owner' else
        (select a.role from pm.portfolio_access a
          where a.portfolio_id = p.id and a.user_id = ${caller}) end`.as('access'),
      sql<number>`(select count(*)::int from pm.holdings h
        where h.portfolio_id = p.id and h.deleted_at is null)`.as('holding_count'),
    ])
    .where('p.deleted_at', 'is', null);

export type PortfolioRow = Awaited<ReturnType<typeof getPortfolio>> & object;

/** Portfolios after `after` in the order of making, one more than `limit` when there are more. */
export const listPortfolios = (tx: Tx, page: { limit: number; after: string | null }) =>
  portfolioRows(tx)
    .$if(page.after !== null, (query) => query.where('p.id', '>', page.after))
    .orderBy('p.id')
    .limit(page.limit + 1)
    .execute();

export const getPortfolio = (tx: Tx, id: string) =>
  portfolioRows(tx).where('p.id', '=', id).executeTakeFirst();

export const baseCurrencyOf = async (tx: Tx, id: string): Promise<string | undefined> => {
  const { rows } = await sql<{ base_currency: string }>`
    select p.base_currency from pm.portfolios p where p.id = ${id}::uuid and p.deleted_at is null`.execute(
    tx,
  );
  return rows[0]?.base_currency;
};

/**
 * Locks a portfolio until the transaction ends: `kept` as it is (many at once may), or for `change` (one alone). Whoever
 * writes in a portfolio keeps it, so that it is not deleted, and its currency and lists do not change, in the meantime;
 * it is locked before its holdings. False when it is not there, or not the person's to write.
 */
export const lockPortfolio = async (tx: Tx, id: string, how: 'kept' | 'change'): Promise<boolean> => {
  const row = tx.selectFrom('portfolios').select('id').where('id', '=', id).where('deleted_at', 'is', null);
  const locked = how === 'kept' ? row.forShare() : row.forNoKeyUpdate();
  return (await locked.executeTakeFirst()) !== undefined;
};

export type NewPortfolio = {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly type: string;
  readonly baseCurrency: string;
  readonly settings: PortfolioDocument;
  readonly lists: PortfolioDocument;
  readonly budgets: PortfolioDocument;
  readonly isDemo: boolean;
  readonly parentId?: string | null;
  readonly modelId?: string | null;
};

export const insertPortfolio = async (tx: Tx, row: NewPortfolio): Promise<void> => {
  await tx
    .insertInto('portfolios')
    .values({
      id: row.id,
      user_id: row.userId,
      name: row.name,
      type: row.type,
      base_currency: row.baseCurrency,
      settings: JSON.stringify(row.settings),
      lists: JSON.stringify(row.lists),
      budgets: JSON.stringify(row.budgets),
      is_demo: row.isDemo,
      parent_id: row.parentId ?? null,
      model_id: row.modelId ?? null,
    })
    .execute();
};

/** Rows for the accounts of a list; the wrapper is read from the name where it says one. */
export const insertAccounts = async (
  tx: Tx,
  portfolio: { id: string; userId: string },
  accounts: readonly { name: string; wrapper: string; position: number }[],
): Promise<void> => {
  if (accounts.length === 0) return;
  await tx
    .insertInto('accounts')
    .values(
      accounts.map((account) => ({
        id: randomUUIDv7(),
        user_id: portfolio.userId,
        portfolio_id: portfolio.id,
        ...account,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['portfolio_id', 'name'])
        .doUpdateSet((eb) => ({ position: eb.ref('excluded.position') })),
    )
    .execute();
};

/** Copies what is known of the accounts of one portfolio to another, without the broker's references. */
export const copyAccounts = async (
  tx: Tx,
  fromId: string,
  to: { readonly id: string; readonly userId: string },
): Promise<void> => {
  const rows = await tx
    .selectFrom('accounts')
    .select(['name', 'wrapper', 'owner_name', 'provider', 'opened_on', 'closed_on', 'position'])
    .where('portfolio_id', '=', fromId)
    .execute();
  if (rows.length === 0) return;
  await tx
    .insertInto('accounts')
    .values(rows.map((row) => ({ ...row, id: randomUUIDv7(), user_id: to.userId, portfolio_id: to.id })))
    .execute();
};

/** Whose portfolio it is; from here on its owner's private instruments are seen, not the guest's. Null when unseen. */
export const enterPortfolio = async (tx: Tx, id: string): Promise<string | null> => {
  const result = await sql<{ owner: string | null }>`select pm.enter_portfolio(${id}::uuid) as owner`.execute(
    tx,
  );
  return result.rows[0]?.owner ?? null;
};

/** Replaces what is given. False when the version has moved on; the caller says so. */
export const updatePortfolio = async (
  tx: Tx,
  id: string,
  version: number,
  change: Partial<Pick<NewPortfolio, 'name' | 'baseCurrency' | 'settings' | 'lists' | 'budgets' | 'modelId'>>,
): Promise<boolean> => {
  const result = await tx
    .updateTable('portfolios')
    .set({
      ...(change.name !== undefined && { name: change.name }),
      ...(change.baseCurrency !== undefined && { base_currency: change.baseCurrency }),
      ...(change.settings !== undefined && { settings: JSON.stringify(change.settings) }),
      ...(change.lists !== undefined && { lists: JSON.stringify(change.lists) }),
      ...(change.budgets !== undefined && { budgets: JSON.stringify(change.budgets) }),
      ...(change.modelId !== undefined && { model_id: change.modelId }),
    })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
};

/** The wrapper of each account of some portfolios. */
export const wrappersOf = async (tx: Tx, portfolioIds: readonly string[]) =>
  portfolioIds.length === 0
    ? []
    : tx
        .selectFrom('accounts')
        .select(['portfolio_id', 'name', 'wrapper'])
        .where('portfolio_id', 'in', portfolioIds)
        .execute();

/** Names of a list that live holdings use, so that a list cannot lose them unnoticed. */
export const namesInUse = (tx: Tx, portfolioId: string) =>
  tx
    .selectFrom('holdings')
    .select(['section', 'theme', 'account'])
    .distinct()
    .where('portfolio_id', '=', portfolioId)
    .where('deleted_at', 'is', null)
    .execute();

export type FiledUnder = 'section' | 'theme' | 'account';

/** How many live holdings are filed under a name. */
export const countFiled = async (
  tx: Tx,
  portfolioId: string,
  column: FiledUnder,
  name: string,
): Promise<number> => {
  const row = await tx
    .selectFrom('holdings')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('portfolio_id', '=', portfolioId)
    .where(column, '=', name)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row?.count ?? 0;
};

/** The name of an instrument that two accounts of a portfolio both hold. */
export const heldInBoth = async (
  tx: Tx,
  portfolioId: string,
  one: string,
  other: string,
): Promise<string | undefined> => {
  const row = await tx
    .selectFrom('holdings as a')
    .innerJoin('holdings as b', (join) =>
      join.onRef('b.portfolio_id', '=', 'a.portfolio_id').onRef('b.instrument_id', '=', 'a.instrument_id'),
    )
    .leftJoin('instruments as i', 'i.id', 'a.instrument_id')
    .select(sql<string>`coalesce(i.name, 'the same instrument')`.as('name'))
    .where('a.portfolio_id', '=', portfolioId)
    .where('a.account', '=', one)
    .where('b.account', '=', other)
    .where('a.deleted_at', 'is', null)
    .where('b.deleted_at', 'is', null)
    .orderBy('a.id')
    .limit(1)
    .executeTakeFirst();
  return row?.name;
};

/** Files holdings under another name, deleted ones too. @returns how many live ones moved */
export const refile = async (
  tx: Tx,
  portfolioId: string,
  move: { readonly column: FiledUnder; readonly from: string; readonly to: string; readonly theme?: string },
): Promise<number> => {
  const moved = await tx
    .updateTable('holdings')
    .set({ [move.column]: move.to })
    .where('portfolio_id', '=', portfolioId)
    .where(move.column, '=', move.from)
    .$if(move.theme !== undefined, (query) => query.where('theme', '=', move.theme ?? ''))
    .returning('deleted_at')
    .execute();
  return moved.filter((row) => row.deleted_at === null).length;
};

export const renameAccount = async (tx: Tx, portfolioId: string, from: string, to: string): Promise<void> => {
  await tx
    .updateTable('accounts')
    .set({ name: to })
    .where('portfolio_id', '=', portfolioId)
    .where('name', '=', from)
    .execute();
};

/** Forgets what is known of an account that is no longer listed. */
export const deleteAccount = async (tx: Tx, portfolioId: string, name: string): Promise<void> => {
  await tx.deleteFrom('accounts').where('portfolio_id', '=', portfolioId).where('name', '=', name).execute();
};

/** Stamps a portfolio as deleted, after what is in it. False when the version has moved on. */
export const markPortfolioDeleted = async (
  tx: Tx,
  id: string,
  version: number,
  deletionId: string,
): Promise<boolean> => {
  const result = await tx
    .updateTable('portfolios')
    .set({ deleted_at: sql<Temporal.Instant>`now()`, deletion_id: deletionId })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
};
