import type { Api, Static, TSchema } from '@pm/contracts';
import { connectionLost, connectionWorks } from './connection.ts';
import { ApiOffline, ApiProblem, readProblem } from './problem.ts';
import { newKey } from './uuid.ts';

/** `METHOD /path` of every route, from the contracts. */
export type RouteKey = keyof Api;

/** Optional fields may also be given as undefined: they are left out on the way. */
type Loose<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [P in keyof T]: Record<never, never> extends Pick<T, P> ? Loose<T[P]> | undefined : Loose<T[P]> }
    : T;

type Part<K extends RouteKey, P extends string> = Api[K] extends {
  readonly [Q in P]: infer S extends TSchema;
}
  ? Loose<Static<S>>
  : undefined;
type Field<N extends string, T> = undefined extends T
  ? { readonly [Q in N]?: Exclude<T, undefined> | undefined }
  : Record<never, never> extends T
    ? { readonly [Q in N]?: T | undefined }
    : { readonly [Q in N]: T };

type Body<K extends RouteKey> = Api[K] extends { readonly rawBody: unknown }
  ? { readonly body: Blob }
  : Field<'body', Part<K, 'body'>>;

/** What a call of route `K` takes: the parts that its contract declares. */
export type Request<K extends RouteKey> = Field<'params', Part<K, 'params'>> &
  Field<'query', Part<K, 'query'>> &
  Body<K> & {
    readonly signal?: AbortSignal | undefined;
    /** The version last seen, sent as If-Match. */
    readonly version?: number | undefined;
    /** Given by a form so that sending it twice writes once; otherwise one is made for each call. */
    readonly idempotencyKey?: string | undefined;
    /** Content type of a raw body. */
    readonly contentType?: string | undefined;
    /** Extra preference, such as `respond-async`. */
    readonly prefer?: string | undefined;
  };

type Success = 200 | 201 | 202;
type Answers<R> = {
  [S in keyof R]: S extends Success ? (R[S] extends TSchema ? Static<R[S]> : undefined) : never;
}[keyof R];

/** What route `K` answers when it succeeds. */
export type Answer<K extends RouteKey> = [Answers<Api[K]['response']>] extends [never]
  ? undefined
  : Answers<Api[K]['response']>;

/** Called when the session is over and cannot be renewed. */
let onSignedOut: () => void = () => undefined;
export const whenSignedOut = (handler: () => void): void => {
  onSignedOut = handler;
};

type Plain = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly version?: number;
  readonly idempotencyKey?: string;
  readonly contentType?: string;
  readonly prefer?: string;
};

/** `/api/portfolios/:id` with its parameters filled in and the query behind it; undefined values are left out. */
export const addressOf = (path: string, params: Plain['params'] = {}, query: Plain['query'] = {}): string => {
  const filled = path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
};

const send = async (method: string, url: string, init: Plain): Promise<Response> => {
  const headers = new Headers({ accept: 'application/json' });
  let body: BodyInit | null = null;
  if (init.body instanceof Blob) {
    body = init.body;
    headers.set('content-type', init.contentType ?? 'application/octet-stream');
  } else if (init.body !== undefined) {
    body = JSON.stringify(init.body);
    headers.set('content-type', 'application/json');
  }
  if (init.idempotencyKey !== undefined) headers.set('idempotency-key', init.idempotencyKey);
  if (init.version !== undefined) headers.set('if-match', `"${init.version}"`);
  if (init.prefer !== undefined) headers.set('prefer', init.prefer);
  try {
    // A delete outlives the page it was made on.
    const response = await fetch(url, {
      method,
      headers,
      body,
      credentials: 'same-origin',
      keepalive: method === 'DELETE',
      signal: init.signal ?? null,
    });
    connectionWorks();
    return response;
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    connectionLost();
    throw new ApiOffline(error);
  }
};

let refreshing: Promise<boolean> | undefined;

/** One refresh at a time, however many requests found the access token expired. */
const refresh = (): Promise<boolean> => {
  refreshing ??= send('POST', '/api/auth/refresh', {})
    .then((response) => response.ok)
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
};

const isAuthRoute = (path: string): boolean => path.startsWith('/api/auth/');

/**
 * Calls one route. The same idempotency key goes with the retry after a refresh, so a write happens once.
 * Throws `ApiProblem` (the server's refusal in words) or `ApiOffline`.
 */
export const call = async (method: string, path: string, init: Plain): Promise<unknown> => {
  const response = await answered(method, path, init);
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined;
  return response.json();
};

/** The bytes of a file that the server keeps. Throws as `call` does. */
export const fileOf = async (path: string): Promise<Blob> => (await answered('GET', path, {})).blob();

const answered = async (method: string, path: string, init: Plain): Promise<Response> => {
  const url = addressOf(path, init.params, init.query);
  const keyed =
    method === 'POST' && !isAuthRoute(path)
      ? { ...init, idempotencyKey: init.idempotencyKey ?? newKey() }
      : init;
  let response = await send(method, url, keyed);
  if (response.status === 401 && !isAuthRoute(path)) {
    if (await refresh()) response = await send(method, url, keyed);
    if (response.status === 401) onSignedOut();
  }
  if (!response.ok) throw await readProblem(response);
  return response;
};

/** Calls a route of the contracts: `api('POST /api/portfolios', { body: { name } })`. */
export const api = async <K extends RouteKey>(
  key: K,
  ...[request]: Record<never, never> extends Request<K> ? [request?: Request<K>] : [request: Request<K>]
): Promise<Answer<K>> => {
  const space = key.indexOf(' ');
  // The one place where the wire meets the types: the server answers what its contract says, by test.
  return (await call(key.slice(0, space), key.slice(space + 1), (request ?? {}) as Plain)) as Answer<K>;
};

export { ApiOffline, ApiProblem };
