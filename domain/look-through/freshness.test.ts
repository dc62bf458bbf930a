import { expect, it } from 'vitest';

import { freshnessOf, type Cadence } from './freshness.ts';

const on = (day: string, cadence: Cadence | null) =>
  freshnessOf(Temporal.PlainDate.from('2024-03-28'), Temporal.PlainDate.from(day), cadence);

it('a daily list is fresh over a long weekend, and no longer after it', () => {
  // Maundy Thursday; the Tuesday after Easter Monday is five days later.
  expect(on('2024-04-02', 'daily')).toEqual({ ageDays: 5, stale: false });
  expect(on('2024-04-03', 'daily')).toEqual({ ageDays: 6, stale: true });
});

it('the slower a fund publishes, the longer its list is fresh', () => {
  expect(on('2024-04-10', 'weekly').stale).toBe(true);
  expect(on('2024-04-30', 'monthly')).toEqual({ ageDays: 33, stale: false });
  expect(on('2024-05-13', 'monthly').stale).toBe(true);
  expect(on('2024-07-15', 'quarterly').stale).toBe(false);
});

it('where nobody said how often, a quarter is waited for', () => {
  expect([on('2024-07-15', null).stale, on('2024-08-01', null).stale]).toEqual([false, true]);
});
