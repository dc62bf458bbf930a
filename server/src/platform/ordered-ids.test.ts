import { expect, test } from 'vitest';

import { orderedIds } from './ordered-ids.ts';

test('ten thousand ids are UUIDv7, different, and in order', () => {
  const next = orderedIds();
  const ids = Array.from({ length: 10_000 }, next);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(
    ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u.test(id)),
  ).toBe(true);
});
