/** Where "now" comes from. Code that needs the time takes a `Clock`, so that tests can say what time it is. */
export type Clock = {
  /** The present moment, with the precision of the host (milliseconds or better). */
  now(): Temporal.Instant;
};

/** The clock of the host. */
export const systemClock: Clock = Object.freeze({ now: () => Temporal.Now.instant() });

/** A clock that stands still until it is told otherwise. */
export type FixedClock = Clock & {
  /** Move to this moment. */
  set(instant: Temporal.Instant | string): void;
  /** Move by this much, e.g. `{ minutes: 15 }`. Days and longer are not allowed: an instant has no calendar. */
  advance(duration: Temporal.DurationLike): void;
};

/**
 * A clock for tests.
 * @param start ISO 8601 with zone, e.g. `2024-02-23T12:00:00Z`
 */
export const fixedClock = (start: Temporal.Instant | string): FixedClock => {
  let current = Temporal.Instant.from(start);
  return {
    now: () => current,
    set: (instant) => {
      current = Temporal.Instant.from(instant);
    },
    advance: (duration) => {
      current = current.add(duration);
    },
  };
};
