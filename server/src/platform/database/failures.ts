/** What a failed statement or connection means to the person who asked. */
import { unauthorised, unavailable } from '../errors.ts';
import { maskSecrets } from '../log.ts';

/** How soon a client should come back when the database is full or away. */
const RETRY_AFTER_SECONDS = 1;

/** Raised by `pm.begin_request` for a revoked or expired session and for a deleted user. */
const SESSION_ENDED = 'PM401';

const RETRYABLE = new Set(['40001', '40P01']);

/**
 * SQLSTATEs and socket errors that say "not now" rather than "wrong":
 * class 08 connection, 53 resources, 57P0x shutdown or start-up, 57014 statement timeout, 55P03 lock timeout,
 * 25P03/25P04 idle or transaction timeout.
 */
const UNAVAILABLE =
  /^(?:08...|53...|57P0[1-5]|57014|55P03|25P0[34]|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND)$/u;
const UNAVAILABLE_MESSAGE =
  /^(?:timeout exceeded when trying to connect|connection terminated|client has encountered a connection error|cannot use a pool after|client was closed)/iu;

/** The SQLSTATE or Node error code of an error, if it has one. */
export const errorCode = (error: unknown): string | undefined => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
};

/** True when a prepared statement no longer fits its table, because a newer version of the product has migrated it. */
export const isStalePlan = (error: unknown): boolean =>
  errorCode(error) === '0A000' &&
  error instanceof Error &&
  Reflect.get(error, 'routine') === 'RevalidateCachedQuery';

/** True for serialisation failures, deadlocks and stale plans, after which the whole transaction may be run again. */
export const isRetryable = (error: unknown): boolean =>
  RETRYABLE.has(errorCode(error) ?? '') || isStalePlan(error);

/** True when the database cannot be reached, is full, or took too long. */
export const isUnavailable = (error: unknown): boolean =>
  UNAVAILABLE.test(errorCode(error) ?? '') ||
  (error instanceof Error && UNAVAILABLE_MESSAGE.test(error.message));

/**
 * Turns a driver error into the `AppError` that it means (503 with Retry-After, 401); others come back cleaned.
 * Constraint violations are left as they are: only the feature knows what they mean.
 */
export const translateFailure = (error: unknown): unknown => {
  if (errorCode(error) === SESSION_ENDED) {
    return unauthorised('session_ended', 'Your session has ended. Sign in again.');
  }
  // Two transactions kept colliding although each was tried several times: busy, not broken.
  if (isUnavailable(error) || isRetryable(error)) {
    return unavailable(RETRY_AFTER_SECONDS, undefined, stripDriver(error));
  }
  return stripDriver(error);
};

/** A lost or refused connection for the log: the reason is enough, many are lost at once and none has a story. */
export const connectionLoss = (error: unknown): { readonly reason: string; readonly sqlState?: string } => {
  const sqlState = errorCode(error);
  const reason = maskSecrets(error instanceof Error ? error.message : String(error));
  return sqlState === undefined ? { reason } : { reason, sqlState };
};

/** Takes the driver's client, which knows the password, off an error, and masks addresses in its message. */
export const stripDriver = <T>(error: T): T => {
  if (!(error instanceof Error)) return error;
  Reflect.deleteProperty(error, 'client');
  const masked = maskSecrets(error.message);
  if (masked !== error.message) {
    error.message = masked;
    if (error.stack !== undefined) error.stack = maskSecrets(error.stack);
  }
  return error;
};
