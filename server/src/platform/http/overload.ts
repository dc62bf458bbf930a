/**
 * Says "not now" while it is still cheap to say so.
 *
 * A queue that only grows answers nobody. Above a number of requests under way, or when the event loop is late, a new
 * API request gets 503 with Retry-After at once. Health checks are never refused here.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { unavailable } from '#platform/errors.ts';

import { OVERLOAD_RETRY_SECONDS } from './limits.ts';

const NANOSECONDS_PER_MS = 1e6;
const SAMPLE_MS = 1_000;
const RESOLUTION_MS = 20;

/** Counts what is under way. */
export type LoadGauge = {
  /** @throws {AppError} 503 when there is too much to do; otherwise the request counts until `leave` */
  enter(): void;
  leave(): void;
  /** Requests under way. */
  readonly inFlight: number;
  /** Median delay of the event loop over the last second, in milliseconds. */
  readonly eventLoopDelayMs: number;
  stop(): void;
};

/** Starts measuring. */
export const createLoadGauge = (limits: {
  readonly inFlightMax: number;
  readonly eventLoopDelayMsMax: number;
}): LoadGauge => {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let inFlight = 0;
  let delayMs = 0;
  let delayBeforeMs = 0;
  const timer = setInterval(() => {
    delayBeforeMs = delayMs;
    delayMs = histogram.percentile(50) / NANOSECONDS_PER_MS;
    histogram.reset();
  }, SAMPLE_MS).unref();
  return {
    enter: () => {
      // Two seconds in a row: one long step, such as loading a module, is over when it is noticed.
      const isLate = Math.min(delayMs, delayBeforeMs) > limits.eventLoopDelayMsMax;
      if (inFlight >= limits.inFlightMax || isLate) {
        throw unavailable(OVERLOAD_RETRY_SECONDS);
      }
      inFlight += 1;
    },
    leave: () => {
      inFlight -= 1;
    },
    get inFlight() {
      return inFlight;
    },
    get eventLoopDelayMs() {
      return delayMs;
    },
    stop: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
};
