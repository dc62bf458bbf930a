import { createHmac, timingSafeEqual } from 'node:crypto';

import { Redis } from 'ioredis';

import { maskSecrets } from '../log.ts';
import type { Logger } from '../log.ts';
import type { CacheStore } from './store.ts';

/** A cache that takes longer than this is slower than computing. Milliseconds. */
const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_PAUSE_MAX_MS = 5_000;
/** A Redis that is away is reported once in this time, not with every request. */
const REPORT_INTERVAL_MS = 60_000;
/** Expiry and eviction are used as Redis 7 does them. */
const MIN_MAJOR_VERSION = 7;

type Options = {
  /** With it a value counts only where it was written under, by this install: others may write there too. */
  readonly sealKey?: Buffer | undefined;
  readonly timeoutMs?: number | undefined;
};

/**
 * Keeps values in Redis. Every failure is a miss: Redis gone mid-flight costs speed, never an error.
 * Connects in the background and again after a loss.
 */
export const redisStore = (
  url: string,
  log: Logger,
  { sealKey, timeoutMs = COMMAND_TIMEOUT_MS }: Options,
): CacheStore => {
  const seals = sealKey === undefined ? NO_SEALS : sealsWith(sealKey);
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    commandTimeout: timeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // While there is no connection, a command fails at once instead of waiting for one.
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, RECONNECT_PAUSE_MAX_MS),
  });
  let reportedAt = Number.NEGATIVE_INFINITY;
  const report = (error: unknown): void => {
    if (performance.now() - reportedAt < REPORT_INTERVAL_MS) return;
    reportedAt = performance.now();
    // Only the message: the client's error objects carry the command with its arguments, a password among them.
    log.warn(
      { reason: maskSecrets(error instanceof Error ? error.message : String(error)) },
      'Redis is not answering; going on without',
    );
  };
  redis.on('error', report);
  redis.on('ready', () => {
    reportedAt = Number.NEGATIVE_INFINITY;
    log.info('Redis is connected');
    void warnIfOld(redis, log);
  });
  const attempt = async <T>(command: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await command();
    } catch (error) {
      report(error);
      return undefined;
    }
  };
  return {
    name: 'redis',
    get: async (key) => {
      const found = await attempt(async () => redis.get(key));
      return found === undefined || found === null ? undefined : seals.open(key, found);
    },
    set: async (key, value, ttlSeconds) =>
      void (await attempt(async () => redis.set(key, seals.close(key, value), 'EX', ttlSeconds))),
    delete: async (key) => void (await attempt(async () => redis.del(key))),
    close: async () => redis.disconnect(),
  };
};

type Seals = {
  close(key: string, value: string): string;
  /** The value, or undefined when the seal is not ours or of another key. */
  open(key: string, sealed: string): string | undefined;
};

const NO_SEALS: Seals = { close: (_key, value) => value, open: (_key, value) => value };

/** Characters of an HMAC-SHA-256 in base64url. */
const SEAL_LENGTH = 43;

const sealsWith = (sealKey: Buffer): Seals => {
  const sealOf = (key: string, value: string): string =>
    createHmac('sha256', sealKey).update(key).update('\n').update(value).digest('base64url');
  return {
    close: (key, value) => `${sealOf(key, value)}${value}`,
    open: (key, sealed) => {
      const [seal, value] = [sealed.slice(0, SEAL_LENGTH), sealed.slice(SEAL_LENGTH)];
      if (Buffer.byteLength(seal) !== SEAL_LENGTH) return undefined;
      return timingSafeEqual(Buffer.from(seal), Buffer.from(sealOf(key, value))) ? value : undefined;
    },
  };
};

const warnIfOld = async (redis: Redis, log: Logger): Promise<void> => {
  const information = await redis.info('server').catch(() => '');
  const version = /redis_version:(\S+)/u.exec(information)?.[1];
  if (version !== undefined && Number.parseInt(version, 10) < MIN_MAJOR_VERSION) {
    log.warn({ version }, `REDIS_URL is a Redis ${version}, but at least ${MIN_MAJOR_VERSION} is needed`);
  }
};
