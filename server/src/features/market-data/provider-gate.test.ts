/** Keeping within a provider's limit, and leaving it alone when it fails. */
import { describe, expect, it } from 'vitest';

import { afterFailure, afterSuccess, TokenBucket } from './provider-gate.ts';
import { ProviderError } from './providers/provider.ts';
import type { ProviderFailure } from './providers/provider.ts';

describe('a bucket of tokens', () => {
  it('lets the first ones through at once, then one by one, and none that would wait too long', () => {
    let now = 0;
    // One every six seconds.
    const bucket = new TokenBucket({ requests: 3, seconds: 18 }, () => now);
    const take = () => bucket.take();
    expect([take(), take(), take(), take(), take(), take()]).toEqual([0, 0, 0, 6000, 12_000, 18_000]);
    expect(take()).toBeNull();
    now = 6000;
    expect(take()).toBe(18_000);
    now = 600_000;
    expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 6000]);
  });
});

describe('a provider that fails', () => {
  const now = Temporal.Instant.from('2026-11-20T16:00:00Z');
  const seconds = (failures: number, failure: ProviderFailure, retryAfterSeconds: number | null = null) => {
    const before = { failures, pausedUntil: null };
    const error = new ProviderError(failure, 'x', { retryAfterSeconds });
    const after = afterFailure(before, error, now);
    const pause = after.pausedUntil === null ? null : now.until(after.pausedUntil).total('seconds');
    return [after.failures, pause];
  };

  it('is left alone after four failures, for twice as long with each further one', () => {
    expect(seconds(0, 'unreachable')).toEqual([1, null]);
    expect(seconds(2, 'bad_answer')).toEqual([3, null]);
    expect(seconds(3, 'unreachable')).toEqual([4, 300]);
    expect(seconds(4, 'unreachable')).toEqual([5, 600]);
    expect(seconds(30, 'unreachable')).toEqual([31, 21_600]);
  });

  it('is left alone as long as it asks for, or a minute', () => {
    expect(seconds(1, 'rate_limited', 120)).toEqual([1, 120]);
    expect(seconds(1, 'rate_limited')).toEqual([1, 60]);
    expect(seconds(0, 'bad_key')).toEqual([0, 3600]);
  });

  it('works when only the line is not its own', () => {
    expect(seconds(3, 'unknown_symbol')).toEqual([0, null]);
    expect(seconds(3, 'not_allowed')).toEqual([0, null]);
    expect(seconds(3, 'interrupted')).toEqual([3, null]);
    expect(afterSuccess()).toEqual({ failures: 0, pausedUntil: null });
  });
});
