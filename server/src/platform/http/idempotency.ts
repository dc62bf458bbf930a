/**
 * The same request twice, done once.
 *
 * A write with an `Idempotency-Key` claims the key in its own transaction: a twin that comes while the first is still
 * at work waits for it at the unique index, and one that comes later finds the stored answer and gets it again. A
 * request that fails stores nothing, because the claim is rolled back with everything else, so it may be repeated.
 */
import { createHash } from 'node:crypto';

import { sql } from 'kysely';

import { json } from '#platform/database/index.ts';
import type { Tx } from '#platform/database/index.ts';
import { badRequest, unprocessable } from '#platform/errors.ts';

import { IDEMPOTENCY_HOURS, IDEMPOTENCY_KEY_LENGTH_MAX } from './limits.ts';

/** What makes two requests the same one. */
export type RequestIdentity = {
  readonly userId: string;
  readonly key: string;
  readonly method: string;
  /** Path with its query: `?force=true` is another request. */
  readonly path: string;
  /** SHA-256 of the body as it was sent. */
  readonly bodyHash: Buffer;
};

/** An answer as it is stored and given again. */
export type StoredAnswer = { readonly status: number; readonly etag: string | null; readonly body: unknown };

/** Longest address that is stored as it is, in characters. */
const PATH_LENGTH_MAX = 2_048;

const KEY = /^[\u0021-\u007e]+$/u;

/**
 * The key of a request.
 * @throws {AppError} 400 `invalid_idempotency_key`
 */
export const parseIdempotencyKey = (header: string | readonly string[] | undefined): string | undefined => {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && header.length <= IDEMPOTENCY_KEY_LENGTH_MAX && KEY.test(header)) {
    return header;
  }
  throw badRequest(
    'invalid_idempotency_key',
    `Idempotency-Key must be one value of 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} visible ASCII characters.`,
    'Idempotency-Key',
  );
};

/** SHA-256 of a body; of nothing when there is none. */
export const hashBody = (bytes: Buffer | undefined): Buffer =>
  createHash('sha256')
    .update(bytes ?? Buffer.alloc(0))
    .digest();

/**
 * Claims the key for this transaction.
 * @returns the stored answer of an earlier twin, or undefined when the work is ours to do
 * @throws {AppError} 422 `idempotency_key_reused` when the key was used for another request
 */
export const claim = async (tx: Tx, request: RequestIdentity): Promise<StoredAnswer | undefined> => {
  const { userId, key, method, bodyHash } = request;
  const path = storedPath(request.path);
  const claimed = await sql`
    insert into pm.idempotency_keys (user_id, key, method, path, body_hash, expires_at)
    values (${userId}, ${key}, ${method}, ${path}, ${bodyHash}, now() + make_interval(hours => ${IDEMPOTENCY_HOURS}))
    on conflict (user_id, key) do update
      set method = excluded.method, path = excluded.path, body_hash = excluded.body_hash,
          status = null, headers = '{}', body = null, expires_at = excluded.expires_at
      where idempotency_keys.expires_at < now()
    returning key`.execute(tx);
  if (claimed.rows.length > 0) return undefined;
  // The statement above waited for the twin, so its row is there to be seen by this one.
  const stored = await tx
    .selectFrom('idempotency_keys')
    .select(['method', 'path', 'body_hash', 'status', 'headers', 'body'])
    .where('user_id', '=', userId)
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  if (stored.method !== method || stored.path !== path || !stored.body_hash.equals(bodyHash)) {
    throw unprocessable(
      'idempotency_key_reused',
      'This Idempotency-Key was already used for another request. Use a new key for a new request.',
      'Idempotency-Key',
    );
  }
  if (stored.status === null || stored.body === null) {
    throw new Error('An idempotency key was kept without its answer.');
  }
  const { etag = null } = stored.headers as { readonly etag?: string };
  return { status: stored.status, etag, body: JSON.parse(stored.body) as unknown };
};

/** Stores the answer with the key that was claimed. */
export const store = async (tx: Tx, request: RequestIdentity, answer: StoredAnswer): Promise<void> => {
  const { status, etag, body } = answer;
  await tx
    .updateTable('idempotency_keys')
    .set({ status, headers: json(etag === null ? {} : { etag }), body: JSON.stringify(body) })
    .where('user_id', '=', request.userId)
    .where('key', '=', request.key)
    .execute();
};

/** Longer addresses than the column takes are told apart by their hash. */
const storedPath = (path: string): string =>
  path.length <= PATH_LENGTH_MAX ? path : `sha256:${createHash('sha256').update(path).digest('hex')}`;
