/** What features and entry points use of the cache. */
export { createCache } from './cache.ts';
export { cacheKey } from './key.ts';
export type { Cache, CacheEvent, CacheLayer, CacheOptions } from './cache.ts';
export type { CacheKey, CacheKind } from './key.ts';
