import { expect, test } from 'vitest';
import { instantOf, wallTimeOf } from './zone.ts';

test.each([
  ['2026-07-01T16:35', 'Europe/London', '2026-07-01T15:35:00.000Z'],
  ['2026-11-22T16:35', 'Europe/London', '2026-11-22T16:35:00.000Z'],
  ['2026-11-22T09:00', 'Asia/Tokyo', '2026-11-22T00:00:00.000Z'],
  // British clocks go from 01:00 to 02:00 on this day: half past one does not exist and moves to half past two.
  ['2026-03-29T01:30', 'Europe/London', '2026-03-29T01:30:00.000Z'],
  ['nonsense', 'Europe/London', null],
])('%s in %s is %s', (wall, zone, instant) => {
  expect(instantOf(wall, zone)).toBe(instant);
});

test('an instant as the clock on the wall', () => {
  expect(wallTimeOf(new Date('2026-07-01T15:35:00Z'), 'Europe/London')).toBe('2026-07-01T16:35');
});
