/**
 * Two portfolios side by side: by any name under which both have weights, in per cent.
 *
 * Contents: Compared · compareWeights · commonPct · movedPct · distanceFromTargets
 */

/** One name with its weight on each side, per cent; 0 where that side has none of it. */
export type Compared = {
  readonly key: string;
  readonly left: number;
  readonly right: number;
  /** Right less left. */
  readonly difference: number;
};

/** Weights in per cent by key. */
export type WeightsByKey = ReadonlyMap<string, number>;

/** Everything that either side has, the largest difference first; of equal ones the larger weight, then the key. */
export const compareWeights = (left: WeightsByKey, right: WeightsByKey): Compared[] => {
  const keys = new Set([...left.keys(), ...right.keys()]);
  const rows = [...keys].map((key): Compared => {
    const [one, other] = [left.get(key) ?? 0, right.get(key) ?? 0];
    return { key, left: one, right: other, difference: other - one };
  });
  return rows.toSorted(
    (a, b) =>
      Math.abs(b.difference) - Math.abs(a.difference) ||
      Math.max(b.left, b.right) - Math.max(a.left, a.right) ||
      (a.key < b.key ? -1 : 1),
  );
};

/** What both sides have in common: the sum of the smaller weights, per cent. Nothing is common with a short position. */
export const commonPct = (rows: readonly Compared[]): number =>
  rows.reduce((sum, { left, right }) => sum + Math.max(0, Math.min(left, right)), 0);

/** What would have to move to make one side the other: half the sum of the differences without their signs, per cent. */
export const movedPct = (rows: readonly Compared[]): number =>
  rows.reduce((sum, { difference }) => sum + Math.abs(difference), 0) / 2;

/**
 * What would have to move to meet the targets, per cent; null where there are none. Names without a target count with
 * what they have, because something of them has to go.
 */
export const distanceFromTargets = (actual: WeightsByKey, targets: WeightsByKey): number | null =>
  targets.size === 0 ? null : movedPct(compareWeights(actual, targets));
