import { largerFirst, NOISE_PCT } from './shares.ts';

/** Up to so many are kept in order while going through; more are cheaper to sort as a whole. */
const MAX_KEPT = 1_000;

/**
 * Places of the largest so many, the largest first; those that are the same to nine places in the order of `before`.
 * Most are smaller than the smallest that is kept: looking at them costs next to nothing.
 */
export const largestOf = (
  pct: Float64Array,
  limit: number,
  before: (a: number, b: number) => number,
): readonly number[] => {
  const order = (a: number, b: number): number => largerFirst(pct[a] ?? 0, pct[b] ?? 0) || before(a, b);
  if (limit > MAX_KEPT || limit >= pct.length) {
    return Array.from(pct, (_, at) => at)
      .toSorted(order)
      .slice(0, limit);
  }
  const kept: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < pct.length && limit > 0; at += 1) {
    if ((pct[at] ?? 0) < least) continue;
    let [place, end] = [0, kept.length];
    while (place < end) {
      const middle = (place + end) >>> 1;
      if (order(kept[middle] ?? 0, at) > 0) end = middle;
      else place = middle + 1;
    }
    kept.splice(place, 0, at);
    if (kept.length > limit) kept.pop();
    if (kept.length === limit) least = (pct[kept.at(-1) ?? 0] ?? 0) - NOISE_PCT;
  }
  return kept;
};
