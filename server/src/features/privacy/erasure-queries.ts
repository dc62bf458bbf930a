/**
 * SQL of erasure. What is deleted, and in which order, is the database's own function `pm.erase_user`.
 *
 * Contents: countOwned · sharedByMe · isLastAdministrator · requestErasure · peopleWhoLeft · peopleMarked · markLeft · erase · forgetJobs
 */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

export type Owned = {
  readonly portfolios: number;
  readonly holdings: number;
  readonly trades: number;
  readonly instruments: number;
  readonly files: number;
  readonly sharedWithMe: number;
};

/** How much of everything a person has. */
export const countOwned = async (tx: Tx, userId: string): Promise<Owned> => {
  const { rows } = await sql<Owned>`select
    (select count(*)::int from pm.portfolios where user_id = ${userId}::uuid and deleted_at is null) as portfolios,
    (select count(*)::int from pm.holdings where user_id = ${userId}::uuid and deleted_at is null) as holdings,
    (select count(*)::int from pm.trades where user_id = ${userId}::uuid and deleted_at is null) as trades,
    (select count(*)::int from pm.instruments where owner_user_id = ${userId}::uuid) as instruments,
    (select count(*)::int from pm.constituent_imports where owner_user_id = ${userId}::uuid) as files,
    (select count(*)::int from pm.portfolio_access where user_id = ${userId}::uuid) as "sharedWithMe"`.execute(
    tx,
  );
  const [row] = rows;
  if (!row) throw new Error('nothing was counted');
  return row;
};

/** The person's portfolios that others see, with how many of them. */
export const sharedByMe = async (
  tx: Tx,
  userId: string,
): Promise<readonly { name: string; people: number }[]> => {
  const { rows } = await sql<{ name: string; people: number }>`
    select p.name, count(*)::int as people from pm.portfolio_access a
    join pm.portfolios p on p.user_id = a.owner_id and p.id = a.portfolio_id
    where a.owner_id = ${userId}::uuid and p.deleted_at is null group by p.id, p.name order by p.name limit 200`.execute(
    tx,
  );
  return rows;
};

/** Whether the install would have nobody to administer it. */
export const isLastAdministrator = async (tx: Tx): Promise<boolean> => {
  const { rows } = await sql<{ last: boolean }>`select pm.am_last_administrator() as last`.execute(tx);
  return rows[0]?.last ?? false;
};

/** From now on nobody gets in as this person, who is the one of the transaction. */
export const requestErasure = async (tx: Tx, userId: string): Promise<void> => {
  await sql`select pm.request_erasure(${userId}::uuid)`.execute(tx);
};

/** People who have left and are still here, as the worker. */
export const peopleWhoLeft = async (tx: Tx, limit: number): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select id from pm.users where deleted_at is not null order by deleted_at limit ${limit}`.execute(tx);
  return rows.map((row) => row.id);
};

/** People whose mark is on the list. */
export const peopleMarked = async (tx: Tx, marks: readonly string[]): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select id from pm.users where encode(sha256(convert_to(id::text, 'UTF8')), 'hex') = any(${marks}::text[])`.execute(
    tx,
  );
  return rows.map((row) => row.id);
};

export const markLeft = async (tx: Tx, userId: string): Promise<void> => {
  await sql`update pm.users set deleted_at = coalesce(deleted_at, now()) where id = ${userId}::uuid`.execute(
    tx,
  );
};

/** Erases a person who has left. The install is not left without an administrator while there is anybody. */
export const erase = async (tx: Tx, userId: string): Promise<void> => {
  await sql`select pm.erase_user(${userId}::uuid)`.execute(tx);
  await sql`
    update pm.users set role = 'admin' where id = (
      select u.id from pm.users u where u.deleted_at is null and not u.is_demo order by u.created_at, u.id limit 1
    ) and not exists (select from pm.users a where a.role = 'admin' and a.deleted_at is null and not a.is_demo)`.execute(
    tx,
  );
};

/** Jobs that people asked for who are gone: a payload names who asked. One that is under way is left to end. */
export const forgetJobs = async (tx: Tx): Promise<void> => {
  await sql`
    delete from graphile_worker._private_jobs j
    where j.locked_at is null and j.payload ->> '_requestedBy' is not null
      and not exists (select from pm.users u where u.id::text = j.payload ->> '_requestedBy')`.execute(tx);
};
