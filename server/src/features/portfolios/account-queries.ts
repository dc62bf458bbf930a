/** SQL of accounts. Contents: accountsOf · getAccount · lockAccount · updateAccount */
import { sql } from 'kysely';
import type { Tx } from '#platform/database/index.ts';

const accountRows = (tx: Tx) =>
  tx
    .selectFrom('accounts as a')
    .innerJoin('portfolios as p', 'p.id', 'a.portfolio_id')
    .select([
      'a.id',
      'a.portfolio_id',
      'a.name',
      'a.wrapper',
      'a.owner_name',
      'a.provider',
      'a.opened_on',
      'a.closed_on',
      'a.version',
      sql<number>`(select count(*)::int from pm.holdings h where h.portfolio_id = a.portfolio_id and h.account = a.name
        and h.deleted_at is null and h.qty <> 0)`.as('holding_count'),
    ])
    .where('p.deleted_at', 'is', null);

export type AccountRow = Awaited<ReturnType<typeof getAccount>> & object;

export const accountsOf = (tx: Tx, portfolioId: string): Promise<AccountRow[]> =>
  accountRows(tx).where('a.portfolio_id', '=', portfolioId).execute();

export const getAccount = (tx: Tx, id: string) => accountRows(tx).where('a.id', '=', id).executeTakeFirst();

/** Keeps others from changing an account until the transaction ends. */
export const lockAccount = async (tx: Tx, id: string): Promise<void> => {
  await tx.selectFrom('accounts').select('id').where('id', '=', id).forNoKeyUpdate().execute();
};

export const updateAccount = async (
  tx: Tx,
  id: string,
  values: Pick<AccountRow, 'wrapper' | 'owner_name' | 'provider' | 'opened_on' | 'closed_on'>,
): Promise<void> => {
  await tx.updateTable('accounts').set(values).where('id', '=', id).execute();
};
