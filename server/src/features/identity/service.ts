/**
 * Accounts, sessions and personal access tokens.
 *
 * Contents: registrationOptions · hashNewPassword, register · checkCredentials, signIn · refresh · signOut ·
 * readMe, changeMe · listSessions, revokeSession · listTokens, createToken, revokeToken · forgetExpired
 */
import { randomUUIDv7 } from 'node:crypto';

import type { AccessToken, Preferences, ProfilePatch, Session, SignedIn, User } from '@pm/contracts/identity';
import { isCurrency } from '@pm/domain/money';
import type { Static } from 'typebox';

import { errorCode, withWorker, withoutTenant } from '#platform/database/index.ts';
import type { Db, Tx } from '#platform/database/index.ts';
import {
  type AppError,
  badRequest,
  conflict,
  forbidden,
  notFound,
  preconditionFailed,
  unauthorised,
  unprocessable,
} from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';
import { REFRESH_TOKEN_DAYS, hashToken, newPersonalToken, newRefreshToken } from '#platform/tokens.ts';
import type { AccessTokens } from '#platform/tokens.ts';

import { readLocale, readTimezone } from './locale.ts';
import type { Passwords } from './passwords.ts';
import * as queries from './queries.ts';

type UserAnswer = Static<typeof User>;
type PreferencesAnswer = Static<typeof Preferences>;

/** What identity needs of the install. */
export type IdentityDeps = {
  readonly db: Db;
  readonly accessTokens: AccessTokens;
  readonly passwords: Passwords;
  /** Whether strangers may register; the first person always may. */
  readonly registration: 'open' | 'closed';
};

/** Where somebody signs in from; shown to them in the list of their sessions. */
export type Device = { readonly ip: string; readonly userAgent: string | null };

/** A person who has just proved who they are. */
export type SignIn = {
  readonly answer: Static<typeof SignedIn>;
  readonly refreshToken: string;
  readonly refreshExpiresAt: Temporal.Instant;
};

/** Why a refresh was refused. What it changed (a stolen token ends its session) must be kept. */
export type RefusedRefresh = { readonly error: AppError };

const HOURS_PER_DAY = 24;
/** Nobody needs more, and a list of them stays readable. */
const TOKENS_MAX = 100;
/** Ended sessions and revoked tokens are kept so long, for whoever asks what happened. */
const KEPT_DAYS = 30;
/** So much of a personal token is kept to tell it from others. */
const TOKEN_PREFIX_CHARACTERS = 12;

const userAnswer = (row: queries.UserRow): UserAnswer => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role as UserAnswer['role'],
  locale: row.locale,
  timezone: row.timezone,
  expertiseLevel: row.expertise_level as UserAnswer['expertiseLevel'],
  preferences: row.preferences as PreferencesAnswer,
  createdAt: row.created_at.toString(),
  lastLoginAt: row.last_login_at?.toString() ?? null,
  version: row.version,
});

export const registrationOptions = async (
  tx: Tx,
  deps: IdentityDeps,
): Promise<{ registrationOpen: boolean }> => ({
  registrationOpen: await queries.isRegistrationOpen(tx, deps.registration === 'open'),
});

/** A person who registers; the password is already hashed. */
export type NewAccount = {
  readonly email: string;
  readonly passwordHash: string;
  readonly name?: string | undefined;
  readonly locale?: string | undefined;
  readonly timezone?: string | undefined;
};

/**
 * Makes an account and signs it in.
 * @throws {AppError} 409 `email_taken`; 403 `registration_closed`; 400 for an unknown locale or time zone
 */
export const register = async (
  tx: Tx,
  deps: IdentityDeps,
  account: NewAccount,
  device: Device,
  now: Temporal.Instant,
): Promise<SignIn> => {
  const id = randomUUIDv7();
  const { email, passwordHash, name, locale, timezone } = account;
  try {
    await queries.registerUser(tx, {
      id,
      email,
      passwordHash,
      name: name ?? null,
      locale: locale === undefined ? null : readLocale(locale),
      timezone: timezone === undefined ? null : readTimezone(timezone),
      demo: false,
      open: deps.registration === 'open',
    });
  } catch (error) {
    throw refusedRegistration(error);
  }
  return startSession(tx, deps, id, device, now);
};

const refusedRegistration = (error: unknown): unknown => {
  // 23505: somebody registered the same address in the same moment.
  if (errorCode(error) === 'PM409' || errorCode(error) === '23505') {
    return conflict(
      'email_taken',
      'There is already an account with this e-mail address. Sign in instead.',
      'email',
    );
  }
  if (errorCode(error) === 'PM403') {
    return forbidden(
      'registration_closed',
      'This install does not take new accounts. Ask its administrator.',
    );
  }
  return error;
};

/**
 * Whose credentials these are. Runs before the request's transaction: a quarter of a second of hashing is no time to
 * hold one open.
 * @throws {AppError} 401 `wrong_credentials`, after the same time for unknown people
 */
export const checkCredentials = async (
  deps: IdentityDeps,
  credentials: { readonly email: string; readonly password: string },
): Promise<string> => {
  const found = await withoutTenant(deps.db, async (tx) => queries.lookUpLogin(tx, credentials.email));
  const matches = await deps.passwords.matches(credentials.password, found?.password_hash);
  if (found === undefined || !matches) {
    throw unauthorised('wrong_credentials', 'The e-mail address or the password is wrong.');
  }
  return found.id;
};

/** Opens a session for somebody who has proved who they are. */
export const startSession = async (
  tx: Tx,
  deps: IdentityDeps,
  userId: string,
  device: Device,
  now: Temporal.Instant,
): Promise<SignIn> => {
  const sessionId = randomUUIDv7();
  const refreshToken = newRefreshToken();
  const expiresAt = refreshExpiry(now);
  const refreshHash = hashToken(refreshToken);
  await queries.startSession(tx, { id: sessionId, userId, refreshHash, expiresAt, ...device });
  return signInOf(tx, deps, { userId, sessionId }, { token: refreshToken, expiresAt });
};

const refreshExpiry = (now: Temporal.Instant): Temporal.Instant =>
  now.add({ hours: REFRESH_TOKEN_DAYS * HOURS_PER_DAY });

const signInOf = async (
  tx: Tx,
  deps: IdentityDeps,
  who: { readonly userId: string; readonly sessionId: string },
  refreshToken: { readonly token: string; readonly expiresAt: Temporal.Instant },
): Promise<SignIn> => {
  await queries.becomeUser(tx, who.userId, who.sessionId);
  const [user, access] = [await readMe(tx, who.userId), await deps.accessTokens.issue(who)];
  return {
    answer: { token: access.token, expiresAt: access.expiresAt.toString(), user },
    refreshToken: refreshToken.token,
    refreshExpiresAt: refreshToken.expiresAt,
  };
};

/**
 * Exchanges a refresh token for a new pair. A token that was already exchanged is honoured for 20 seconds more (two
 * tabs refresh at once); after that it is taken for stolen and ends its session.
 * @returns why it was refused, in a transaction that must be committed all the same
 */
export const refresh = async (
  tx: Tx,
  deps: IdentityDeps,
  oldToken: string,
  now: Temporal.Instant,
): Promise<SignIn | RefusedRefresh> => {
  const token = newRefreshToken();
  const expiresAt = refreshExpiry(now);
  const {
    outcome,
    user_id: userId,
    session_id: sessionId,
  } = await queries.rotateSession(tx, { old: hashToken(oldToken), new: hashToken(token) }, expiresAt);
  if ((outcome !== 'rotated' && outcome !== 'grace') || userId === null || sessionId === null) {
    return { error: unauthorised('session_ended', 'Your session has ended. Sign in again.') };
  }
  return signInOf(tx, deps, { userId, sessionId }, { token, expiresAt });
};

/** Ends the session of a refresh token, or of an access token for scripts that keep no other. Twice is fine. */
export const signOut = async (
  tx: Tx,
  proof: {
    readonly refreshToken?: string | undefined;
    readonly session?: { userId: string; sessionId: string } | undefined;
  },
): Promise<void> => {
  if (proof.refreshToken !== undefined) await queries.endSession(tx, hashToken(proof.refreshToken));
  if (proof.session === undefined) return;
  await queries.becomeUser(tx, proof.session.userId, proof.session.sessionId);
  await queries.revokeSession(tx, proof.session.userId, proof.session.sessionId, 'signed_out');
};

/** @throws {AppError} 404 when the account is gone */
export const readMe = async (tx: Tx, userId: string): Promise<UserAnswer> => {
  const row = await queries.findUser(tx, userId);
  if (row === undefined) throw notFound('account');
  return userAnswer(row);
};

/**
 * Changes what is given and keeps the rest, inside `preferences` too (RFC 7396; lists are replaced whole).
 * @param version the version last seen; undefined to change whatever is there
 * @throws {AppError} 412 `version_mismatch`; 400 for an unknown locale, time zone or currency
 */
export const changeMe = async (
  tx: Tx,
  userId: string,
  patch: Static<typeof ProfilePatch>,
  version: number | undefined,
): Promise<UserAnswer> => {
  const before = await queries.lockUser(tx, userId);
  if (before === undefined) throw notFound('account');
  if (version !== undefined && version !== before.version) throw preconditionFailed();
  const { name, locale, timezone, expertiseLevel, preferences } = patch;
  if (typeof preferences?.currency === 'string' && !isCurrency(preferences.currency)) {
    throw badRequest(
      'unknown_currency',
      'The currency must be an ISO 4217 code such as GBP.',
      'preferences.currency',
    );
  }
  const changes: queries.UserChanges = {
    ...(name === undefined ? {} : { name }),
    ...(locale === undefined ? {} : { locale: readLocale(locale) }),
    ...(timezone === undefined ? {} : { timezone: readTimezone(timezone) }),
    ...(expertiseLevel === undefined ? {} : { expertise_level: expertiseLevel }),
    ...(preferences === undefined ? {} : { preferences: mergePreferences(before.preferences, preferences) }),
  };
  if (Object.keys(changes).length === 0) return userAnswer(before);
  return userAnswer(await queries.updateUser(tx, userId, changes));
};

const mergePreferences = (
  before: unknown,
  { currency, ...patch }: NonNullable<Static<typeof ProfilePatch>['preferences']>,
): PreferencesAnswer => {
  const { currency: oldCurrency, ...old } = before as PreferencesAnswer;
  const kept = currency === undefined ? oldCurrency : currency;
  return {
    ...old,
    ...patch,
    ...(typeof kept === 'string' && { currency: kept }),
    ...(patch.notifications === undefined
      ? {}
      : { notifications: { ...old.notifications, ...patch.notifications } }),
    ...(patch.research === undefined ? {} : { research: { ...old.research, ...patch.research } }),
  };
};

/** Who asks, as far as identity must know: sessions and tokens are managed with a session only. */
export type Asker = { readonly id: string; readonly sessionId: string | null };

/** A leaked personal token must not be able to make another one, or to sign its owner out. */
const requireSession = (asker: Asker): void => {
  if (asker.sessionId === null) {
    throw forbidden('session_needed', 'Sign in to do this: a personal access token is not enough.');
  }
};

type PageQuery = { readonly limit?: number | undefined; readonly cursor?: string | undefined };

const readPage = (query: PageQuery): queries.Page => ({
  limit: query.limit ?? DEFAULT_PAGE,
  before: readCursor(query.cursor),
});

/** Living sessions, newest first. */
export const listSessions = async (tx: Tx, asker: Asker, query: PageQuery) => {
  const page = readPage(query);
  const { items, nextCursor } = pageOf(await queries.listSessions(tx, asker.id, page), page.limit);
  const answer = items.map((row): Static<typeof Session> => ({
    id: row.id,
    current: row.id === asker.sessionId,
    userAgent: row.user_agent,
    createdAt: row.created_at.toString(),
    lastUsedAt: row.last_used_at.toString(),
    expiresAt: row.expires_at.toString(),
  }));
  return { items: answer, nextCursor };
};

/** @throws {AppError} 404 when there is no such living session; 403 `session_needed` */
export const revokeSession = async (tx: Tx, asker: Asker, id: string): Promise<void> => {
  requireSession(asker);
  if (!(await queries.revokeSession(tx, asker.id, id, 'revoked'))) throw notFound('session');
};

type TokenRow = Awaited<ReturnType<typeof queries.insertToken>>;

const tokenAnswer = (row: TokenRow): Static<typeof AccessToken> => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at.toString(),
  lastUsedAt: row.last_used_at?.toString() ?? null,
  expiresAt: row.expires_at?.toString() ?? null,
});

/** Personal access tokens that were not revoked, newest first. */
export const listTokens = async (tx: Tx, asker: Asker, query: PageQuery) => {
  const page = readPage(query);
  const { items, nextCursor } = pageOf(await queries.listTokens(tx, asker.id, page), page.limit);
  return { items: items.map(tokenAnswer), nextCursor };
};

/**
 * Makes a personal access token. The token itself is answered once and stored nowhere.
 * @throws {AppError} 403 `session_needed`; 422 `too_many_tokens`
 */
export const createToken = async (
  tx: Tx,
  asker: Asker,
  wanted: { readonly name: string; readonly expiresInDays?: number | undefined },
  now: Temporal.Instant,
) => {
  requireSession(asker);
  if ((await queries.countTokens(tx, asker.id)) >= TOKENS_MAX) {
    throw unprocessable(
      'too_many_tokens',
      `You have ${TOKENS_MAX} tokens already. Revoke one that you no longer use.`,
    );
  }
  const token = newPersonalToken();
  const { name, expiresInDays: days } = wanted;
  const row = await queries.insertToken(tx, {
    id: randomUUIDv7(),
    userId: asker.id,
    name,
    hash: hashToken(token),
    prefix: token.slice(0, TOKEN_PREFIX_CHARACTERS),
    expiresAt: days === undefined ? null : now.add({ hours: days * HOURS_PER_DAY }),
  });
  return { ...tokenAnswer(row), token };
};

/** @throws {AppError} 404 when there is no such token; 403 `session_needed` */
export const revokeToken = async (tx: Tx, asker: Asker, id: string): Promise<void> => {
  requireSession(asker);
  if (!(await queries.revokeToken(tx, asker.id, id))) throw notFound('token');
};

/** Takes away what nobody can use any more. @param worker pool of the worker role */
export const forgetExpired = async (worker: Db): Promise<queries.Forgotten> =>
  withWorker(worker, async (tx) => queries.deleteExpired(tx, KEPT_DAYS));
