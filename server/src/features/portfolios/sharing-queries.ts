/**
 * SQL of sharing. What people may know of each other is decided by the definer functions of the schema.
 *
 * Contents: peopleOf · invitationsFor · insertInvitation · deleteInvitation · setRole · removeAccess ·
 * receivedInvitations · acceptInvitation · declineInvitation
 */
import { sql } from 'kysely';
import type { Tx } from '#platform/database/index.ts';

/** Somebody in a portfolio; `since` is null for its owner. */
export type PersonRow = {
  readonly user_id: string;
  readonly name: string | null;
  readonly email: string;
  readonly role: 'owner' | 'view' | 'edit';
  readonly since: Temporal.Instant | null;
};

/** To the owner everybody, to a guest the owner and themselves; nobody to anybody else. */
export const peopleOf = async (tx: Tx, portfolioId: string): Promise<PersonRow[]> =>
  (
    await sql<PersonRow>`select * from pm.people_of_portfolio(${portfolioId}::uuid)
      order by since nulls first, user_id`.execute(tx)
  ).rows;

const COLUMNS = ['id', 'email', 'role', 'created_at', 'expires_at'] as const;

/** Invitations that the owner has sent for a portfolio and that nobody has answered. */
export const invitationsFor = (tx: Tx, portfolioId: string) =>
  tx
    .selectFrom('portfolio_invitations')
    .select(COLUMNS)
    .where('portfolio_id', '=', portfolioId)
    .where('expires_at', '>', sql<Temporal.Instant>`now()`)
    .orderBy('id')
    .execute();

export type InvitationRow = Awaited<ReturnType<typeof invitationsFor>>[number];

/** Makes an invitation in place of an earlier one to the same address. */
export const insertInvitation = async (
  tx: Tx,
  row: { id: string; userId: string; portfolioId: string; email: string; role: string },
): Promise<InvitationRow> => {
  await tx
    .deleteFrom('portfolio_invitations')
    .where('portfolio_id', '=', row.portfolioId)
    .where(sql`lower(email)`, '=', row.email.toLowerCase())
    .execute();
  return tx
    .insertInto('portfolio_invitations')
    .values({
      id: row.id,
      user_id: row.userId,
      portfolio_id: row.portfolioId,
      email: row.email,
      role: row.role,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
};

/** Withdraws one that the person sent. False when there is none. */
export const deleteInvitation = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.deleteFrom('portfolio_invitations').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;

/** Changes what a person may do in a portfolio of one's own. */
export const setRole = async (tx: Tx, portfolioId: string, userId: string, role: string): Promise<void> => {
  await tx
    .updateTable('portfolio_access')
    .set({ role })
    .where('portfolio_id', '=', portfolioId)
    .where('user_id', '=', userId)
    .execute();
};

/** Ends a person's access: the owner anybody's, a guest their own. */
export const removeAccess = async (tx: Tx, portfolioId: string, userId: string): Promise<void> => {
  await tx
    .deleteFrom('portfolio_access')
    .where('portfolio_id', '=', portfolioId)
    .where('user_id', '=', userId)
    .execute();
};

export type ReceivedRow = {
  readonly id: string;
  readonly portfolio_name: string;
  readonly owner_name: string | null;
  readonly owner_email: string;
  readonly role: 'view' | 'edit';
  readonly created_at: Temporal.Instant;
  readonly expires_at: Temporal.Instant;
};

/** Invitations to the person's own address, one more than `limit` when there are more. */
export const receivedInvitations = async (
  tx: Tx,
  page: { limit: number; after: string | null },
): Promise<ReceivedRow[]> =>
  (
    await sql<ReceivedRow>`select * from pm.invitations_to_me()
      where ${page.after}::uuid is null or id > ${page.after}::uuid order by id limit ${page.limit + 1}`.execute(
      tx,
    )
  ).rows;

/** The portfolio that came with it; null when there is no such invitation. */
export const acceptInvitation = async (tx: Tx, id: string): Promise<string | null> =>
  (await sql<{ portfolio: string | null }>`select pm.accept_invitation(${id}::uuid) as portfolio`.execute(tx))
    .rows[0]?.portfolio ?? null;

/** False when there is no such invitation. */
export const declineInvitation = async (tx: Tx, id: string): Promise<boolean> =>
  (await sql<{ declined: boolean }>`select pm.decline_invitation(${id}::uuid) as declined`.execute(tx))
    .rows[0]?.declined === true;
