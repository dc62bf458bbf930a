/**
 * Cached values: in this process, or in Redis when `REDIS_URL` is given. Never needed for a right answer.
 *
 * Contents: TTL_SECONDS · Cache · createCache · cacheOver (the policy above a store)
 */
import type { Logger } from '../log.ts';
import type { CacheKey } from './key.ts';
import { memoryStore } from './memory-store.ts';
import { redisStore } from './redis-store.ts';
import type { CacheStore } from './store.ts';

/** The three layers of the specification: how long a value may be reused. Seconds. */
export const TTL_SECONDS = {
  /** Current prices, session data, the active portfolio's summary. */
  hot: 5 * 60,
  /** Constituents, exposures, overlaps. */
  warm: 60 * 60,
  /** Historical prices, news, education. */
  cold: 24 * 60 * 60,
} as const;

/** A layer of the cache. */
export type CacheLayer = keyof typeof TTL_SECONDS;

/** Larger values are computed each time: one of them must not push out a thousand small ones. Characters. */
export const MAX_VALUE_LENGTH = 4_000_000;

/** What happened to a look-up, for the metrics. */
export type CacheEvent = { readonly kind: string; readonly outcome: 'hit' | 'miss' | 'shared' };

/** The cache as features see it. Values are anything that JSON keeps whole: no Temporal, no Decimal, no undefined. */
export type Cache = {
  /** The cached value, or `undefined`. */
  get<T>(key: CacheKey): Promise<T | undefined>;
  set(key: CacheKey, value: unknown, layer: CacheLayer): Promise<void>;
  delete(key: CacheKey): Promise<void>;
  /**
   * The cached value, or what `compute` returns, kept for the layer's time. Callers that come while it is being
   * computed wait for the first one; when that one fails, each computes for itself and errors are not kept.
   */
  getOrCompute<T>(key: CacheKey, layer: CacheLayer, compute: () => Promise<T>): Promise<T>;
  readonly store: CacheStore['name'];
  close(): Promise<void>;
};

/** Options of `createCache`. */
export type CacheOptions = {
  readonly redisUrl?: string | undefined;
  /** Key of this install, with which values in Redis are sealed. */
  readonly sealKey?: Buffer | undefined;
  /** How long Redis may take before the value is computed instead. */
  readonly timeoutMs?: number | undefined;
  readonly log: Logger;
  readonly onEvent?: (event: CacheEvent) => void;
};

/** The cache of this process. Redis need not be there: without it values are computed. */
export const createCache = ({ redisUrl, sealKey, timeoutMs, log, onEvent }: CacheOptions): Cache =>
  cacheOver(
    redisUrl === undefined ? memoryStore() : redisStore(redisUrl, log, { sealKey, timeoutMs }),
    onEvent,
  );

/** The cache's rules above any store. */
export const cacheOver = (
  store: CacheStore,
  onEvent: (event: CacheEvent) => void = () => undefined,
): Cache => {
  const underWay = new Map<string, Promise<unknown>>();

  const get = async <T>(key: CacheKey): Promise<T | undefined> => {
    const found = await store.get(key);
    return found === undefined ? undefined : parse<T>(found);
  };

  const set = async (key: CacheKey, value: unknown, layer: CacheLayer): Promise<void> => {
    const serialised: string | undefined = JSON.stringify(value);
    if (serialised === undefined || serialised.length > MAX_VALUE_LENGTH) return;
    await store.set(key, serialised, TTL_SECONDS[layer]);
  };

  const computeAndKeep = async <T>(
    key: CacheKey,
    layer: CacheLayer,
    compute: () => Promise<T>,
  ): Promise<T> => {
    const found = await get<T>(key);
    if (found !== undefined) {
      onEvent({ kind: kindOf(key), outcome: 'hit' });
      return found;
    }
    onEvent({ kind: kindOf(key), outcome: 'miss' });
    const value = await compute();
    await set(key, value, layer);
    return value;
  };

  const getOrCompute = async <T>(key: CacheKey, layer: CacheLayer, compute: () => Promise<T>): Promise<T> => {
    const leader = underWay.get(key) as Promise<T> | undefined;
    if (leader !== undefined) {
      const shared = await leader.then(
        (value) => ({ value }),
        () => undefined,
      );
      // The leader's failure may be its own affair: its request was cut off, its transaction rolled back.
      if (shared === undefined) return computeAndKeep(key, layer, compute);
      onEvent({ kind: kindOf(key), outcome: 'shared' });
      return structuredClone(shared.value);
    }
    const own = computeAndKeep(key, layer, compute);
    underWay.set(key, own);
    try {
      return await own;
    } finally {
      underWay.delete(key);
    }
  };

  return {
    get,
    set,
    delete: async (key) => store.delete(key),
    getOrCompute,
    store: store.name,
    close: async () => store.close(),
  };
};

const kindOf = (key: CacheKey): string => key.slice(0, key.indexOf(':'));

/** What somebody else wrote into Redis may be anything. */
const parse = <T>(text: string): T | undefined => {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
};
