/**
 * Whether a provider may be asked at this moment: a bucket of tokens keeps us within its limit, and a circuit breaker leaves
 * it alone when it fails or asks for it. Buckets are of a process; pauses are remembered in the database.
 *
 * Contents: TokenBucket · afterSuccess · afterFailure
 */
import type { Pause } from './feed-queries.ts';
import type { ProviderError, ProviderFacts } from './providers/provider.ts';

/** The longest that a question waits for its turn, in milliseconds. */
const MAX_WAIT_MS = 20_000;

/** Lets as many requests through as the limit says, the first ones at once, the others evenly. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #msPerToken: number;
  readonly #clock: () => number;
  #tokens: number;
  #countedAt: number;

  constructor(limit: ProviderFacts['limit'], clock: () => number = () => performance.now()) {
    this.#capacity = limit.requests;
    this.#msPerToken = (limit.seconds * 1000) / limit.requests;
    this.#clock = clock;
    this.#tokens = limit.requests;
    this.#countedAt = clock();
  }

  /** Takes a turn. @returns how many milliseconds to wait for it; null when that would be too long, and none was taken */
  take(): number | null {
    const now = this.#clock();
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#countedAt) / this.#msPerToken);
    this.#countedAt = now;
    const waitMs = Math.max(0, (1 - this.#tokens) * this.#msPerToken);
    if (waitMs > MAX_WAIT_MS) return null;
    this.#tokens -= 1;
    return waitMs;
  }
}

/** Failures one after the other that open the circuit. */
const FAILURES_UNTIL_PAUSE = 4;
/** The first pause; each further failure doubles it. */
const FIRST_PAUSE_SECONDS = 300;
const MAX_PAUSE_SECONDS = 6 * 3600;
/** Where it wants fewer requests and does not say for how long. */
const RATE_LIMIT_PAUSE_SECONDS = 60;
/** A key does not become right by itself. */
const BAD_KEY_PAUSE_SECONDS = 3600;

/** It works. */
export const afterSuccess = (): Pause => ({ failures: 0, pausedUntil: null });

/**
 * After a failure: left alone as long as it asked for; for an hour when it does not accept the key; after four failures one
 * after the other for five minutes, doubled with each further one up to six hours. A line that it does not have says
 * nothing about the provider.
 */
export const afterFailure = (before: Pause, error: ProviderError, now: Temporal.Instant): Pause => {
  const pause = (seconds: number): Temporal.Instant => now.add({ seconds });
  switch (error.failure) {
    case 'unknown_symbol':
    case 'not_allowed':
      return afterSuccess();
    case 'interrupted':
      return before;
    case 'rate_limited':
      return { ...before, pausedUntil: pause(error.retryAfterSeconds ?? RATE_LIMIT_PAUSE_SECONDS) };
    case 'bad_key':
      return { ...before, pausedUntil: pause(BAD_KEY_PAUSE_SECONDS) };
    case 'unreachable':
    case 'bad_answer':
  }
  // It was on its way when the pause began, and says nothing new.
  if (before.pausedUntil !== null && Temporal.Instant.compare(before.pausedUntil, now) > 0) return before;
  const failures = before.failures + 1;
  if (failures < FAILURES_UNTIL_PAUSE) return { failures, pausedUntil: before.pausedUntil };
  const seconds = FIRST_PAUSE_SECONDS * 2 ** Math.min(failures - FAILURES_UNTIL_PAUSE, 10);
  return { failures, pausedUntil: pause(Math.min(seconds, MAX_PAUSE_SECONDS)) };
};
