/**
 * The API as a program on this machine uses it, typed by the contracts.
 *
 * Contents: Client · createClient · Outcome
 */
import type { Api } from '@pm/contracts';

import type { AnswerBody, ApiKey } from '../../server/src/platform/http/index.ts';
import type { CallOptions } from '../support/app.ts';

/** What came of a request. */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The answer is the one that was stored for an earlier request with the same key. */
      readonly replayed: boolean;
      readonly body: unknown;
    }
  /** No answer came: the request may have been carried out, or not. */
  | { readonly kind: 'unanswered'; readonly reason: string };

/** A request that can be sent again as it is. */
export type StoredRequest = {
  readonly key: ApiKey;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

export type Client = {
  /** Sends a request, once. */
  send(request: StoredRequest): Promise<Outcome>;
  /** The body of the one status that is expected; a busy or absent server is asked again for a while. */
  expect<S extends keyof Api[K]['response'] & number, K extends ApiKey>(
    status: S,
    key: K,
    options: CallOptions<K>,
  ): Promise<AnswerBody<K, S>>;
};

/** A request takes milliseconds; one that takes so long has no answer. */
const TIMEOUT_MS = 10_000;
const PATIENCE_MS = 10_000;
const PAUSE_MS = 50;
/** Not now: the database is away for a moment. */
const UNAVAILABLE = 503;

/** Makes a client of an address. */
export const createClient = (address: string, token?: string): Client => {
  const authorisation = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const send = async ({ key, path, headers, body }: StoredRequest): Promise<Outcome> => {
    try {
      const response = await fetch(`${address}${path}`, {
        method: key.slice(0, key.indexOf(' ')),
        headers: { ...authorisation, ...headers },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      return {
        kind: 'answered',
        status: response.status,
        replayed: response.headers.get('idempotent-replayed') === 'true',
        body: text === '' ? null : (JSON.parse(text) as unknown),
      };
    } catch (error) {
      return { kind: 'unanswered', reason: reasonOf(error) };
    }
  };
  return {
    send,
    expect: async (status, key, options) => {
      const deadline = performance.now() + PATIENCE_MS;
      for (;;) {
        const outcome = await send(storedRequest(key, options));
        // The contract's own shape: the server's tests compare each answer with it.
        if (outcome.kind === 'answered' && outcome.status === status) return outcome.body as never;
        const isPassing = outcome.kind === 'unanswered' || outcome.status === UNAVAILABLE;
        if (!isPassing || performance.now() > deadline) {
          throw new Error(`${key} should answer ${status}: ${JSON.stringify(outcome)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
  };
};

/** A request in the form that can be kept and sent again: path and body are bytes from here on. */
export const storedRequest = <K extends ApiKey>(key: K, options: CallOptions<K>): StoredRequest => {
  const {
    params = {},
    query = {},
    body,
    idempotencyKey,
    headers,
  } = options as {
    readonly params?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string | number | boolean>>;
    readonly body?: unknown;
    readonly idempotencyKey?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const path = key
    .slice(key.indexOf(' ') + 1)
    .replaceAll(/:(\w+)/gu, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const type = Buffer.isBuffer(body) ? 'text/csv' : 'application/json';
  return {
    key,
    path: search.size === 0 ? path : `${path}?${search.toString()}`,
    headers: {
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...headers,
    },
    body: body === undefined ? undefined : Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body),
  };
};

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause: unknown = error.cause instanceof Error ? Reflect.get(error.cause, 'code') : undefined;
  return typeof cause === 'string' ? cause : error.message;
};
