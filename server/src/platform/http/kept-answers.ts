/**
 * Answers kept in this process and sent again while nothing that they came from has changed.
 *
 * An answer belongs to one session and one address. It is dropped when a change of the person, of anybody who shares a
 * portfolio with them, or of what everybody shares is heard, and in any case after a short while: what is said of time
 * (the age of a price, whose day it is) may not lag behind. Never needed for a right answer.
 * Contents: KeptAnswer · createKeptAnswers
 */
import { LRUCache } from 'lru-cache';

import type { CacheEvent } from '#platform/cache/index.ts';
import type { Changes, Mark } from '#platform/changes/index.ts';

/** How long an answer may be sent again, whatever happens. */
export const KEPT_SECONDS = 30;
/** All answers of the process together. Characters. */
const MAX_TOTAL_LENGTH = 48_000_000;
/** Longer ones are computed each time: one of them must not push out a thousand small ones. Characters. */
const MAX_LENGTH = 4_000_000;

/** An answer as it was sent. */
export type KeptAnswer = {
  readonly body: string;
  readonly etag: string | null;
  /** Taken before the transaction that it was read in. */
  readonly mark: Mark;
  /** Those whose changes it may show. */
  readonly people: readonly string[];
  /** When it was computed. Milliseconds since 1970. */
  readonly at: number;
};

/** The kept answers of one server. */
export type KeptAnswers = {
  /**
   * The answer kept under this key, when it still holds; else that of `compute`, which is kept unless it is undefined.
   * Callers that come meanwhile wait for it, and take it if it holds for them.
   */
  findOrCompute(
    key: string,
    now: number,
    compute: (mark: Mark | undefined) => Promise<KeptAnswer | undefined>,
  ): Promise<KeptAnswer | undefined>;
};

/** Makes the store. Without `changes` nothing is ever kept. */
export const createKeptAnswers = (
  changes: Changes | undefined,
  onEvent: (event: CacheEvent) => void = () => undefined,
): KeptAnswers => {
  const answers = new LRUCache<string, KeptAnswer>({
    maxSize: MAX_TOTAL_LENGTH,
    maxEntrySize: MAX_LENGTH,
    sizeCalculation: ({ body }, key) => body.length + key.length,
  });
  const underWay = new Map<string, Promise<unknown>>();
  const count = (outcome: CacheEvent['outcome']): void => onEvent({ kind: 'answer', outcome });

  const find = (key: string, now: number): KeptAnswer | undefined => {
    const kept = answers.get(key);
    if (kept === undefined || changes === undefined) return undefined;
    const age = now - kept.at;
    if (age >= 0 && age < KEPT_SECONDS * 1000 && changes.unchangedSince(kept.mark, kept.people)) return kept;
    answers.delete(key);
    return undefined;
  };

  return {
    findOrCompute: async (key, now, compute) => {
      const kept = find(key, now);
      if (kept !== undefined) {
        count('hit');
        return kept;
      }
      const leader = underWay.get(key);
      if (leader !== undefined) {
        // The leader's failure may be its own affair: its request was cut off.
        await leader.catch(() => undefined);
        const shared = find(key, now);
        if (shared !== undefined) {
          count('shared');
          return shared;
        }
      }
      count('miss');
      const own = compute(changes?.mark());
      underWay.set(key, own);
      try {
        const answer = await own;
        if (answer !== undefined) answers.set(key, answer);
        return answer;
      } finally {
        if (underWay.get(key) === own) underWay.delete(key);
      }
    },
  };
};
