import type { TSchema } from 'typebox';

/** Who may call a route: anybody, a signed-in person, or an administrator of the install. */
export type RouteAuth = 'none' | 'user' | 'admin';

/**
 * One route of the API: what it takes, what it answers, who may call it. The server registers it, OpenAPI describes
 * it and the web client is typed from it, so there is no second place to keep in step.
 */
export type RouteContract = {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly auth: RouteAuth;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** The body is a file, taken as bytes whatever its content type; the number is the most bytes accepted. */
  readonly rawBody?: { readonly maxBytes: number; readonly description: string };
  /** The route takes part in optimistic concurrency: PATCH and DELETE with `If-Match: "<version>"`. */
  readonly ifMatch?: boolean;
  /** The route stores no idempotent response (sign-in routes answer with secrets). */
  readonly noIdempotency?: boolean;
  /** Answers by status; every other status is a problem+json. A null schema means an empty body. */
  readonly response: { readonly [status: number]: TSchema | null };
};

export type RouteKey = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
export type RouteTable = { readonly [key: RouteKey]: RouteContract };

/** Declares a feature's routes, keeping the literal keys and schema types. */
export const defineRoutes = <const T extends RouteTable>(routes: T): T => routes;
