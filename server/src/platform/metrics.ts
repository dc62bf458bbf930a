/**
 * What is measured below HTTP: pools, cache, jobs. Registered with the registry that `/metrics` shows.
 *
 * | metric                          | labels        | meaning                                             |
 * |---------------------------------|---------------|-----------------------------------------------------|
 * | database_pool_connections       | pool, state   | connections: max, total, idle; and waiting requests |
 * | cache_lookups_total             | kind, outcome | hit, miss, shared (waited for another's computation) |
 * | jobs_total                      | job, outcome  | success, retry, failure                             |
 * | job_duration_seconds            | job           | time of one run                                     |
 */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

import type { CacheEvent } from './cache/cache.ts';
import { poolUsage } from './database/database.ts';
import type { Db } from './database/database.ts';
import type { JobOutcome } from './jobs/worker.ts';

/** Jobs take from milliseconds to minutes. Seconds. */
const JOB_BUCKETS = [0.01, 0.05, 0.25, 1, 5, 30, 120, 600];

/** Where the parts report to. */
export type PlatformMetrics = {
  /** Fits `startWorker`'s `onJob`. */
  readonly onJob: (name: string, outcome: JobOutcome, milliseconds: number) => void;
  /** Fits `createCache`'s `onEvent`. */
  readonly onCacheEvent: (event: CacheEvent) => void;
  /** Shows how full a pool is, read when the metrics are read. */
  readonly watchPool: (name: string, db: Db) => void;
};

/** Registers the metrics. Once for each registry. */
export const registerPlatformMetrics = (registry: Registry): PlatformMetrics => {
  const registers = [registry];
  const jobs = new Counter({
    name: 'jobs_total',
    help: 'Runs of jobs',
    labelNames: ['job', 'outcome'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'job_duration_seconds',
    help: 'Time of one run of a job',
    labelNames: ['job'] as const,
    buckets: JOB_BUCKETS,
    registers,
  });
  const lookups = new Counter({
    name: 'cache_lookups_total',
    help: 'Look-ups in the cache',
    labelNames: ['kind', 'outcome'] as const,
    registers,
  });
  const pools = new Map<string, Db>();
  const connections: Gauge<'pool' | 'state'> = new Gauge({
    name: 'database_pool_connections',
    help: 'Connections of a pool by state, and requests that wait for one',
    labelNames: ['pool', 'state'] as const,
    registers,
    collect: () => {
      for (const [pool, db] of pools) {
        for (const [state, value] of Object.entries(poolUsage(db) ?? {})) {
          connections.set({ pool, state }, value);
        }
      }
    },
  });
  return {
    onJob: (job, outcome, milliseconds) => {
      jobs.inc({ job, outcome });
      durations.observe({ job }, milliseconds / 1000);
    },
    onCacheEvent: ({ kind, outcome }) => lookups.inc({ kind, outcome }),
    watchPool: (name, db) => void pools.set(name, db),
  };
};
