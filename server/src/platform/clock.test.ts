import { describe, expect, it } from 'vitest';

import { fixedClock, systemClock } from './clock.ts';

describe('clocks', () => {
  it('stands still until moved', () => {
    const clock = fixedClock('2024-02-23T12:00:00Z');
    expect(clock.now().toString()).toBe('2024-02-23T12:00:00Z');
    clock.advance({ minutes: 15 });
    expect(clock.now().toString()).toBe('2024-02-23T12:15:00Z');
    clock.set('2020-01-01T00:00:00Z');
    expect(clock.now().toString()).toBe('2020-01-01T00:00:00Z');
  });

  it('follows the host', () => {
    const before = Date.now();
    const now = systemClock.now().epochMilliseconds;
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
