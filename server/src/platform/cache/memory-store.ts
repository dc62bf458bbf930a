import { LRUCache } from 'lru-cache';

import type { CacheStore } from './store.ts';

/** All cached values of the process together. Characters; a character takes one or two bytes. */
const MAX_TOTAL_LENGTH = 32_000_000;

/** Keeps values in this process, the least recently used going first. Serialised, so that nobody changes them. */
export const memoryStore = (): CacheStore => {
  const values = new LRUCache<string, string>({
    maxSize: MAX_TOTAL_LENGTH,
    sizeCalculation: (value, key) => value.length + key.length,
    perf: { now: () => performance.now() },
  });
  return {
    name: 'memory',
    get: async (key) => values.get(key),
    set: async (key, value, ttlSeconds) => void values.set(key, value, { ttl: ttlSeconds * 1000 }),
    delete: async (key) => void values.delete(key),
    close: async () => values.clear(),
  };
};
