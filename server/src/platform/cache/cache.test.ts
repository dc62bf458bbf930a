import { afterEach, describe, expect, it, vi } from 'vitest';

import { stubRedis } from '../../../../tests/support/redis.ts';
import { createLogger, silentLogger } from '../log.ts';
import { MAX_VALUE_LENGTH, TTL_SECONDS, cacheOver, createCache } from './cache.ts';
import type { Cache, CacheEvent } from './cache.ts';
import { cacheKey } from './key.ts';

const key = cacheKey('exposure', 'p1', { date: '2024-02-23', basis: 'published', version: 3, user: 'u1' });
const other = cacheKey('exposure', 'p2', { date: '2024-02-23', basis: 'published', version: 3, user: 'u1' });

let cache: Cache | undefined;
afterEach(async () => {
  await cache?.close();
  vi.useRealTimers();
});

describe('cacheKey', () => {
  it('begins with the specification’s pattern', () => {
    expect(cacheKey('price', 'VUSA', { exchange: 'XLON' })).toBe('price:VUSA:XLON');
    expect(cacheKey('portfolio', 'p1', { version: 7 })).toBe('portfolio:p1:summary:version=7');
    expect(key).toBe('exposure:p1:2024-02-23:basis=published&user=u1&version=3');
    expect(cacheKey('overlap', 'p1', { date: Temporal.PlainDate.from('2024-02-23') })).toBe(
      'overlap:p1:2024-02-23',
    );
    expect(cacheKey('user', 'u1', {})).toBe('user:u1:preferences');
  });

  it('does not depend on the order of the inputs', () => {
    expect(cacheKey('user', 'u', { a: 1, b: 2 })).toBe(cacheKey('user', 'u', { b: 2, a: 1 }));
  });

  it('tells inputs apart that look alike', () => {
    const variants = [
      { a: '1' },
      { a: 1 },
      { a: null },
      { a: 'null' },
      { a: true },
      { a: 'true' },
      { a: "'1" },
      { a: '' },
      { a: 'x&b=y' },
      { a: 'x', b: 'y' },
      { a: 'x:y' },
      {},
    ];
    expect(new Set(variants.map((inputs) => cacheKey('user', 'u', inputs))).size).toBe(variants.length);
    expect(cacheKey('price', 'a:b', { exchange: 'c' })).not.toBe(cacheKey('price', 'a', { exchange: 'b:c' }));
  });

  it('stays short, and different, with many inputs', () => {
    const long = (last: string) => cacheKey('user', 'u', { ids: `${'x'.repeat(500)}${last}` });
    expect(long('1').length).toBeLessThan(100);
    expect(long('1')).not.toBe(long('2'));
  });

  it('refuses a forgotten input', () => {
    const forgotten = { date: undefined } as unknown as { date: string };
    expect(() => cacheKey('exposure', 'p', forgotten)).toThrow('lacks its input date');
  });
});

describe('the cache in this process', () => {
  it('computes once, then remembers', async () => {
    const events: CacheEvent[] = [];
    cache = createCache({ log: silentLogger, onEvent: (event) => events.push(event) });
    const compute = vi.fn(async () => ({ total: '0.1', missing: [] }));
    expect(await cache.getOrCompute(key, 'warm', compute)).toEqual({ total: '0.1', missing: [] });
    expect(await cache.getOrCompute(key, 'warm', compute)).toEqual({ total: '0.1', missing: [] });
    expect(compute).toHaveBeenCalledTimes(1);
    expect(events.map(({ outcome }) => outcome)).toEqual(['miss', 'hit']);
    expect(events[0]?.kind).toBe('exposure');
  });

  it('remembers null and false, which are answers too', async () => {
    cache = createCache({ log: silentLogger });
    const compute = vi.fn(async () => null);
    await cache.getOrCompute(key, 'warm', compute);
    expect(await cache.getOrCompute(key, 'warm', compute)).toBeNull();
    expect(compute).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['hot', 300],
    ['warm', 3_600],
    ['cold', 86_400],
  ] as const)('keeps a %s value for %i seconds', async (layer, seconds) => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
    // The store takes a start at zero for "no start".
    vi.advanceTimersByTime(1);
    cache = createCache({ log: silentLogger });
    await cache.set(key, 'x', layer);
    vi.advanceTimersByTime(seconds * 1000 - 1_000);
    expect(await cache.get(key)).toBe('x');
    vi.advanceTimersByTime(2_000);
    expect(await cache.get(key)).toBeUndefined();
    expect(TTL_SECONDS[layer]).toBe(seconds);
  });

  it('computes once for callers that come together', async () => {
    cache = createCache({ log: silentLogger });
    const compute = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { list: [1] };
    });
    const together = cache;
    const all = await Promise.all(
      Array.from({ length: 20 }, async () => together.getOrCompute(key, 'warm', compute)),
    );
    expect(compute).toHaveBeenCalledTimes(1);
    // Nobody can change what another one was given.
    all[0]?.list.push(2);
    expect(all[1]).toEqual({ list: [1] });
    expect(await cache.get(key)).toEqual({ list: [1] });
  });

  it('does not make others pay for the first one’s failure', async () => {
    cache = createCache({ log: silentLogger });
    const failing = cache.getOrCompute(key, 'warm', async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      throw new Error('my request was cut off');
    });
    const following = cache.getOrCompute(key, 'warm', async () => 'computed by the second');
    await expect(failing).rejects.toThrow('my request was cut off');
    expect(await following).toBe('computed by the second');
    expect(await cache.get(key)).toBe('computed by the second');
  });

  it('forgets on request, and does not keep what is too large', async () => {
    cache = createCache({ log: silentLogger });
    await cache.set(key, 'x', 'hot');
    await cache.delete(key);
    expect(await cache.get(key)).toBeUndefined();
    await cache.set(key, 'x'.repeat(MAX_VALUE_LENGTH), 'hot');
    expect(await cache.get(key)).toBeUndefined();
  });
});

describe('the cache in Redis', () => {
  const connected = async (port: number, log = silentLogger): Promise<Cache> =>
    connectedWith(port, undefined, log);
  const connectedWith = async (
    port: number,
    sealKey: Buffer | undefined,
    log = silentLogger,
  ): Promise<Cache> => {
    const made = createCache({ redisUrl: `redis://:hunter2@127.0.0.1:${port}/0`, sealKey, log });
    await vi.waitFor(async () => {
      await made.set(other, 'ready', 'hot');
      expect(await made.get(other)).toBe('ready');
    });
    return made;
  };

  it('uses the same keys and times', async () => {
    const redis = await stubRedis();
    cache = await connected(redis.port);
    await cache.getOrCompute(key, 'warm', async () => ({ a: 1 }));
    expect(redis.values.get('exposure:p1:2024-02-23:basis=published&user=u1&version=3')).toBe('{"a":1}');
    expect(redis.commands).toContainEqual(['set', key, '{"a":1}', 'EX', '3600']);
    expect(await cache.getOrCompute(key, 'warm', async () => ({ a: 2 }))).toEqual({ a: 1 });
    await cache.delete(key);
    expect(await cache.get(key)).toBeUndefined();
    redis.values.set(key, 'not json');
    expect(await cache.getOrCompute(key, 'warm', async () => 'anew')).toBe('anew');
    await redis.stop();
  });

  it('costs time, not an error, when Redis hangs or goes away, and comes back by itself', async () => {
    let written = '';
    const log = createLogger({ level: 'info', destination: { write: (line) => void (written += line) } });
    const redis = await stubRedis();
    cache = await connected(redis.port, log);
    redis.mute(true);
    const startedAt = performance.now();
    expect(await cache.getOrCompute(key, 'warm', async () => 'computed')).toBe('computed');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await redis.stop();
    for (let i = 0; i < 5; i += 1) expect(await cache.getOrCompute(key, 'warm', async () => i)).toBe(i);
    const sinceConnected = written.slice(written.indexOf('Redis is connected'));
    expect(sinceConnected.match(/Redis is not answering/gu)).toHaveLength(1);
    expect(written).toContain('REDIS_URL is a Redis 6.2.0, but at least 7 is needed');
    expect(written).not.toContain('hunter2');
    const again = await stubRedis(redis.port);
    await vi.waitFor(
      async () => {
        await cache?.set(key, 'back', 'hot');
        expect(again.values.get(key)).toBe('"back"');
      },
      { timeout: 10_000 },
    );
    await again.stop();
  });

  it('gives back only what this install wrote under the very key, when it is given a key to seal with', async () => {
    const redis = await stubRedis();
    cache = await connectedWith(redis.port, Buffer.alloc(32, 1));
    await cache.set(key, { mine: true }, 'warm');
    expect(await cache.get(key)).toEqual({ mine: true });
    const sealed = redis.values.get(key) ?? '';
    redis.values.set(other, sealed);
    expect(await cache.get(other)).toBeUndefined();
    for (const wrong of ['{"mine":false}', sealed.replace('true', 'null'), '', 'ü'.repeat(60)]) {
      redis.values.set(key, wrong);
      expect(await cache.get(key)).toBeUndefined();
    }
    await redis.stop();
  });

  it('works without any Redis there', async () => {
    cache = createCache({ redisUrl: 'redis://127.0.0.1:1', log: silentLogger });
    expect(await cache.getOrCompute(key, 'hot', async () => 'computed')).toBe('computed');
  });
});

describe('a store that forgets everything', () => {
  it('is still right', async () => {
    const forgetful = cacheOver({
      name: 'memory',
      get: async () => undefined,
      set: async () => undefined,
      delete: async () => undefined,
      close: async () => undefined,
    });
    let n = 0;
    expect(await forgetful.getOrCompute(key, 'hot', async () => (n += 1))).toBe(1);
    expect(await forgetful.getOrCompute(key, 'hot', async () => (n += 1))).toBe(2);
  });
});
