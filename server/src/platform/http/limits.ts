/**
 * Every limit of the HTTP layer, named, in one place.
 *
 * A limit that a person can meet is told to them in the refusal; none of them is a matter of correctness.
 */

/**
 * Largest JSON body, in bytes; a route that takes a file has its own in the contract. The largest honest one, a
 * portfolio with full lists and budgets, is under 100 kB.
 */
export const JSON_BODY_BYTES_MAX = 1_048_576;

/** Deepest nesting of a JSON body. Our own contracts need six levels. */
export const JSON_DEPTH_MAX = 32;

/** Most fields named in one refusal; a body of a thousand mistakes needs no thousand sentences. */
export const FIELD_ERRORS_MAX = 10;

/** Longest path parameter, in characters (an id is 36). Longer ones match no route. */
export const PARAM_LENGTH_MAX = 200;

/** Longest `Idempotency-Key`, in characters. */
export const IDEMPOTENCY_KEY_LENGTH_MAX = 200;

/** How long a stored answer is replayed, in hours. */
export const IDEMPOTENCY_HOURS = 24;

/** API requests worked on at the same time; the next one is answered 503 at once instead of queueing for ever. */
export const IN_FLIGHT_MAX = 500;

/** Event loop delay (median of the last second), in milliseconds, above which new work is answered 503. */
export const EVENT_LOOP_DELAY_MS_MAX = 1_000;

/** What an overloaded answer tells the client to wait, in seconds. */
export const OVERLOAD_RETRY_SECONDS = 2;

/** Time for the whole request to arrive, in milliseconds: 64 MB over a slow line, but not for ever. */
export const REQUEST_TIMEOUT_MS = 120_000;

/** Idle keep-alive connections are closed after this many milliseconds (longer than the usual proxy's 60 s). */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** How long a shutdown waits for answers under way before it cuts the connections, in milliseconds. */
export const DRAIN_TIMEOUT_MS = 10_000;

/** How often a shutdown closes connections that have become idle, in milliseconds. */
export const DRAIN_SWEEP_MS = 50;

/** One limit of requests in a sliding window. */
export type RateLimit = { readonly max: number; readonly windowSeconds: number };

/** The request rates that are allowed; see `rate-limits.ts` for what each is counted by. */
export type RateLimits = {
  /** Every route under /api, by address; not for programs on this machine. */
  readonly general: RateLimit;
  /** Sign-in attempts, by address. */
  readonly signInByAddress: RateLimit;
  /** Sign-in attempts, by e-mail address: protects one account against many addresses. */
  readonly signInByEmail: RateLimit;
  /** Registrations, by address. */
  readonly register: RateLimit;
  /** Refreshes of a session, by address (a household behind one router, several tabs each). */
  readonly refresh: RateLimit;
};

export const RATE_LIMITS: RateLimits = {
  general: { max: 1_200, windowSeconds: 60 },
  signInByAddress: { max: 60, windowSeconds: 60 },
  signInByEmail: { max: 20, windowSeconds: 60 },
  register: { max: 60, windowSeconds: 60 },
  refresh: { max: 120, windowSeconds: 60 },
};
