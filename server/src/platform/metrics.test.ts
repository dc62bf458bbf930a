import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';

import { createDatabase } from './database/database.ts';
import { registerPlatformMetrics } from './metrics.ts';

describe('registerPlatformMetrics', () => {
  it('counts what is reported, and reads pools when asked', async () => {
    const registry = new Registry();
    const metrics = registerPlatformMetrics(registry);
    const db = createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', max: 7 });
    metrics.watchPool('app', db);
    metrics.onJob('market-data.fetch-ecb-rates', 'retry', 1_500);
    metrics.onCacheEvent({ kind: 'exposure', outcome: 'hit' });
    const text = await registry.metrics();
    expect(text).toContain('jobs_total{job="market-data.fetch-ecb-rates",outcome="retry"} 1');
    expect(text).toContain('job_duration_seconds_sum{job="market-data.fetch-ecb-rates"} 1.5');
    expect(text).toContain('cache_lookups_total{kind="exposure",outcome="hit"} 1');
    expect(text).toContain('database_pool_connections{pool="app",state="max"} 7');
    expect(text).toContain('database_pool_connections{pool="app",state="waiting"} 0');
    await db.destroy();
  });
});
