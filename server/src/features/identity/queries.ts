/** SQL of identity. What happens before there is a user goes through the definer functions of `pm_auth`. */
import type { Preferences } from '@pm/contracts/identity';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import { json } from '#platform/database/index.ts';
import type { Tx } from '#platform/database/index.ts';

/** A person as requests may see them (never the hash). */
export type UserRow = {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: string;
  readonly locale: string;
  readonly timezone: string;
  readonly expertise_level: string;
  readonly preferences: unknown;
  readonly created_at: Temporal.Instant;
  readonly last_login_at: Temporal.Instant | null;
  readonly version: number;
};

/** A new person. */
export type NewUser = {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly name: string | null;
  readonly locale: string | null;
  readonly timezone: string | null;
  readonly demo: boolean;
  /** Whether strangers may register; the first person always may. */
  readonly open: boolean;
};

/** A new session. */
export type NewSession = {
  readonly id: string;
  readonly userId: string;
  readonly refreshHash: Buffer;
  readonly expiresAt: Temporal.Instant;
  readonly userAgent: string | null;
  readonly ip: string;
};

/** @throws SQLSTATE PM409 (address taken) or PM403 (registration closed) */
export const registerUser = async (tx: Tx, user: NewUser): Promise<void> => {
  await sql`select pm.register_user(${user.id}::uuid, ${user.email}, ${user.passwordHash}, ${user.name},
    ${user.locale}, ${user.timezone}, ${user.demo}, ${user.open})`.execute(tx);
};

export const isRegistrationOpen = async (tx: Tx, open: boolean): Promise<boolean> => {
  const { rows } = await sql<{ open: boolean }>`select pm.registration_is_open(${open}) as open`.execute(tx);
  return rows[0]?.open ?? false;
};

export const lookUpLogin = async (
  tx: Tx,
  email: string,
): Promise<{ readonly id: string; readonly password_hash: string } | undefined> => {
  const { rows } = await sql<{ id: string; password_hash: string }>`
    select id, password_hash from pm.login_lookup(${email})`.execute(tx);
  return rows[0];
};

export const startSession = async (tx: Tx, session: NewSession): Promise<void> => {
  await sql`select pm.start_session(${session.id}::uuid, ${session.userId}::uuid, ${session.refreshHash},
    ${session.expiresAt}, ${session.userAgent}, ${session.ip})`.execute(tx);
};

/** What became of a refresh token; the ids are null for an unknown one. */
export type Rotation = {
  readonly outcome: 'rotated' | 'grace' | 'reused' | 'expired' | 'unknown';
  readonly user_id: string | null;
  readonly session_id: string | null;
};

export const rotateSession = async (
  tx: Tx,
  hashes: { readonly old: Buffer; readonly new: Buffer },
  expiresAt: Temporal.Instant,
): Promise<Rotation> => {
  const { rows } = await sql<Rotation>`select outcome, user_id, session_id
    from pm.rotate_session(${hashes.old}, ${hashes.new}, ${expiresAt})`.execute(tx);
  return rows[0] ?? { outcome: 'unknown', user_id: null, session_id: null };
};

export const endSession = async (tx: Tx, refreshHash: Buffer): Promise<void> => {
  await sql`select pm.end_session(${refreshHash})`.execute(tx);
};

/** Makes the transaction this person's. @throws SQLSTATE PM401 when the session is over */
export const becomeUser = async (tx: Tx, userId: string, sessionId: string): Promise<void> => {
  await sql`select from pm.begin_request(${userId}::uuid, ${sessionId}::uuid)`.execute(tx);
};

const userColumns = [
  'id',
  'email',
  'name',
  'role',
  'locale',
  'timezone',
  'expertise_level',
  'preferences',
  'created_at',
  'last_login_at',
  'version',
] as const;

export const findUser = async (tx: Tx, id: string): Promise<UserRow | undefined> =>
  tx.selectFrom('users').select(userColumns).where('id', '=', id).executeTakeFirst();

/** The same, and keeps others from changing it until the transaction ends. */
export const lockUser = async (tx: Tx, id: string): Promise<UserRow | undefined> =>
  tx.selectFrom('users').select(userColumns).where('id', '=', id).forNoKeyUpdate().executeTakeFirst();

/** Fields of a person that they may change themselves. */
export type UserChanges = {
  readonly name?: string | null;
  readonly locale?: string;
  readonly timezone?: string;
  readonly expertise_level?: string;
  readonly preferences?: Static<typeof Preferences>;
};

export const updateUser = async (tx: Tx, id: string, changes: UserChanges): Promise<UserRow> => {
  const { preferences, ...columns } = changes;
  return tx
    .updateTable('users')
    .set({ ...columns, ...(preferences === undefined ? {} : { preferences: json(preferences) }) })
    .where('id', '=', id)
    .returning(userColumns)
    .executeTakeFirstOrThrow();
};

/** A page of something, newest first. */
export type Page = { readonly limit: number; readonly before: string | null };

/** Sessions that still live. */
export const listSessions = async (tx: Tx, userId: string, page: Page) =>
  tx
    .selectFrom('sessions')
    .select(['id', 'user_agent', 'created_at', 'last_used_at', 'expires_at'])
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<Temporal.Instant>`now()`)
    .$if(page.before !== null, (query) => query.where('id', '<', page.before ?? ''))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute();

/** @returns false when there is no such living session of this person */
export const revokeSession = async (
  tx: Tx,
  userId: string,
  id: string,
  reason: 'signed_out' | 'revoked',
): Promise<boolean> => {
  const result = await tx
    .updateTable('sessions')
    .set({ revoked_at: sql<Temporal.Instant>`now()`, revoked_reason: reason })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
};

const tokenColumns = ['id', 'name', 'created_at', 'last_used_at', 'expires_at'] as const;

/** Personal access tokens that were not revoked, also expired ones. */
export const listTokens = async (tx: Tx, userId: string, page: Page) =>
  tx
    .selectFrom('personal_access_tokens')
    .select(tokenColumns)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .$if(page.before !== null, (query) => query.where('id', '<', page.before ?? ''))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute();

export const countTokens = async (tx: Tx, userId: string): Promise<number> => {
  const row = await tx
    .selectFrom('personal_access_tokens')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
};

export const insertToken = async (
  tx: Tx,
  token: {
    readonly id: string;
    readonly userId: string;
    readonly name: string;
    readonly hash: Buffer;
    readonly prefix: string;
    readonly expiresAt: Temporal.Instant | null;
  },
) =>
  tx
    .insertInto('personal_access_tokens')
    .values({
      id: token.id,
      user_id: token.userId,
      name: token.name,
      token_hash: token.hash,
      token_prefix: token.prefix,
      expires_at: token.expiresAt,
    })
    .returning(tokenColumns)
    .executeTakeFirstOrThrow();

/** @returns false when there is no such token of this person */
export const revokeToken = async (tx: Tx, userId: string, id: string): Promise<boolean> => {
  const result = await tx
    .updateTable('personal_access_tokens')
    .set({ revoked_at: sql<Temporal.Instant>`now()` })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
};

/** What a clean-up took away. */
export type Forgotten = { readonly sessions: number; readonly tokens: number; readonly answers: number };

/** Worker only: ended sessions and revoked tokens after so many days, and idempotent answers past their day. */
export const deleteExpired = async (tx: Tx, keptDays: number): Promise<Forgotten> => {
  const before = sql<Temporal.Instant>`now() - make_interval(days => ${keptDays})`;
  const sessions = await tx
    .deleteFrom('sessions')
    .where(sql<Temporal.Instant>`least(revoked_at, expires_at)`, '<', before)
    .executeTakeFirst();
  const tokens = await tx
    .deleteFrom('personal_access_tokens')
    .where(sql<Temporal.Instant>`least(revoked_at, expires_at)`, '<', before)
    .executeTakeFirst();
  const answers = await tx
    .deleteFrom('idempotency_keys')
    .where('expires_at', '<', sql<Temporal.Instant>`now()`)
    .executeTakeFirst();
  return {
    sessions: Number(sessions.numDeletedRows),
    tokens: Number(tokens.numDeletedRows),
    answers: Number(answers.numDeletedRows),
  };
};
