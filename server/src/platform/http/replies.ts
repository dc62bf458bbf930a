/**
 * What a handler returns: a status that its contract declares, a body of that status's type, and what goes with it.
 *
 * Contents: Reply · ok · created · accepted · noContent · reply · refused
 */
import type { AppError } from '#platform/errors.ts';

/** A cookie to set; without a value it is removed. */
export type ReplyCookie = {
  readonly name: string;
  readonly value: string | undefined;
  /** Path it is sent back to. */
  readonly path: string;
  /** When the browser forgets it. */
  readonly expiresAt?: Temporal.Instant;
};

/** What may accompany an answer. It is only sent when the transaction has been committed. */
export type ReplyExtras = {
  /** The version of what is answered; becomes a strong `ETag`, to be sent back as `If-Match`. */
  readonly etag?: number | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly ReplyCookie[];
};

/** An answer of one status. */
export type Reply<Status extends number, Body> = {
  readonly kind: 'reply';
  readonly status: Status;
  readonly body: Body;
} & ReplyExtras;

/** A refusal that keeps what the transaction wrote (a thrown AppError rolls it back). */
export type Refused = {
  readonly kind: 'refused';
  readonly error: AppError;
  readonly cookies?: readonly ReplyCookie[];
};

/** Any status that the contract declares, e.g. `reply(503, { status: 'not ready' })`. */
export const reply = <const Status extends number, Body>(
  status: Status,
  body: Body,
  extras: ReplyExtras = {},
): Reply<Status, Body> => ({ kind: 'reply', status, body, ...extras });

/** 200 */
export const ok = <Body>(body: Body, extras?: ReplyExtras): Reply<200, Body> => reply(200, body, extras);

/** 201 */
export const created = <Body>(body: Body, extras?: ReplyExtras): Reply<201, Body> => reply(201, body, extras);

/** 202: the work goes on elsewhere; the body says where to look. */
export const accepted = <Body>(body: Body, extras?: ReplyExtras): Reply<202, Body> =>
  reply(202, body, extras);

/** 204 */
export const noContent = (extras?: ReplyExtras): Reply<204, null> => reply(204, null, extras);

/**
 * Refuses, and commits what the handler wrote all the same: ending the session whose refresh token was stolen must
 * not be undone by the 401 that says so.
 */
export const refused = (error: AppError, cookies: readonly ReplyCookie[] = []): Refused => ({
  kind: 'refused',
  error,
  cookies,
});
