/**
 * Answers that may be used by every session and process of a person: in the cache, under the specification's keys.
 *
 * The key names all that an answer comes from: the address, the person, the day, what has been heard of changes, and
 * where prices of now count, the quarter of an hour. What changed is another key, so that nothing has to be taken back.
 * Contents: SharedKind · SharedUnder · createSharedAnswers
 */
import { LRUCache } from 'lru-cache';

import { cacheKey } from '#platform/cache/index.ts';
import type { Cache, CacheKey, CacheLayer } from '#platform/cache/index.ts';
import type { Changes, Mark } from '#platform/changes/index.ts';

import type { StoredAnswer } from './idempotency.ts';

/** Under which of the specification's keys a route's answers stand. */
export type SharedKind = 'portfolio' | 'exposure' | 'overlap' | 'user';

const LAYERS: Readonly<Record<SharedKind, CacheLayer>> = {
  portfolio: 'hot',
  user: 'hot',
  exposure: 'warm',
  overlap: 'warm',
};

/** What an answer comes from, beside the people whose data it may show. */
export type SharedUnder = {
  readonly kind: SharedKind;
  /** What the address is about: an id. */
  readonly subject: string;
  readonly url: string;
  readonly userId: string;
  /** The day asked for, by the person's calendar. */
  readonly day: Temporal.PlainDate;
  readonly today: Temporal.PlainDate;
  readonly now: Temporal.Instant;
  /** Taken before the transaction began to read. */
  readonly mark: Mark;
};

type Read = { readonly people: readonly string[]; readonly answer: StoredAnswer };

export type SharedAnswers = {
  /**
   * The answer that was computed from the same, or that of `compute`; only answers of 200 are shared.
   * @param readPeople whose data the person may see. Asked beside the computing where that saves a round trip
   */
  findOrCompute(
    under: SharedUnder,
    readPeople: () => Promise<readonly string[]>,
    compute: () => Promise<StoredAnswer>,
  ): Promise<Read>;
};

/** A price counts as fresh or stale by its age: an answer of today is not used much longer. Milliseconds. */
const MOMENT_MS = 15 * 60 * 1000;
const PEOPLE_REMEMBERED_MAX = 20_000;

const keyOf = (under: SharedUnder, version: string, release: string): CacheKey => {
  const { kind, subject, url, userId, day, today, now } = under;
  // Of a day that is over nothing is counted from now.
  const isOver = Temporal.PlainDate.compare(day, today) < 0;
  const moment = isOver ? null : Math.floor(now.epochMilliseconds / MOMENT_MS);
  return cacheKey(kind, subject, { date: day, user: userId, url, version, release, moment });
};

/** Not an answer to be shared. */
class Unshared extends Error {
  readonly answer: StoredAnswer;

  constructor(answer: StoredAnswer) {
    super('This answer is not shared.');
    this.answer = answer;
  }
}

/** @param release answers of another version of the product may have another shape */
export const createSharedAnswers = (cache: Cache, changes: Changes, release: string): SharedAnswers => {
  const seen = new LRUCache<string, { people: readonly string[]; mark: Mark }>({
    max: PEOPLE_REMEMBERED_MAX,
  });

  /** Whose data the person may see, where that was read and has not changed since. */
  const remembered = (userId: string): readonly string[] | undefined => {
    const found = seen.get(userId);
    return found !== undefined && changes.unchangedSince(found.mark, found.people) ? found.people : undefined;
  };

  /** The key, or undefined where it cannot be known that the transaction reads what was heard. */
  const findKey = async (under: SharedUnder, people: readonly string[]): Promise<CacheKey | undefined> => {
    const version = await changes.versionOf(people);
    return version !== undefined && changes.unchangedSince(under.mark, people)
      ? keyOf(under, version, release)
      : undefined;
  };

  const findUnder = async (
    key: CacheKey,
    { kind }: SharedUnder,
    compute: () => Promise<StoredAnswer>,
  ): Promise<StoredAnswer> => {
    try {
      return await cache.getOrCompute(key, LAYERS[kind], async () => {
        const answer = await compute();
        if (answer.status !== 200) throw new Unshared(answer);
        return answer;
      });
    } catch (error) {
      if (error instanceof Unshared) return error.answer;
      throw error;
    }
  };

  return {
    findOrCompute: async (under, readPeople, compute) => {
      const { userId, mark } = under;
      const before = remembered(userId) ?? (cache.store === 'redis' ? await readPeople() : undefined);
      if (before !== undefined) {
        seen.set(userId, { people: before, mark });
        const key = await findKey(under, before);
        return {
          people: before,
          answer: await (key === undefined ? compute() : findUnder(key, under, compute)),
        };
      }
      const [people, answer] = await Promise.all([readPeople(), compute()]);
      seen.set(userId, { people, mark });
      const key = answer.status === 200 ? await findKey(under, people) : undefined;
      if (key !== undefined) await cache.set(key, answer, LAYERS[under.kind]);
      return { people, answer };
    },
  };
};
