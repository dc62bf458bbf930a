/**
 * From answers to what the pictures draw. Shares are always of the whole, also where one part of it is looked into.
 *
 * Contents: isRest · crossedWeights · companyBars · crossedBranches · filledBranches · pairsOf
 */
import type { TreemapBranch, TreemapLeaf } from '../../ui/chart/treemap.tsx';
import type { Cross, HeldCompany } from './queries.ts';
import type { Dimension, Division } from './view.ts';
import type { Weight } from './weights.ts';

/** Leaves that stand for several have an id that is no company's. */
const REST = 'rest ';
export const isRest = (leaf: TreemapLeaf): boolean => leaf.rest === true;

/** Less than this is the noise of adding up. */
const NOISE = 0.005;

/** The weights on the other side of one word. */
export const crossedWeights = (cross: Cross, word: string): Record<string, number> => {
  const weights: Record<string, number> = {};
  for (const cell of cross.cells) if (cell.a === word) weights[cell.b] = (weights[cell.b] ?? 0) + cell.pct;
  return weights;
};

/** The largest companies and everything else that counts in the same place. */
export const companyBars = (
  companies: readonly HeldCompany[],
  total: number,
  count: number,
  rest: string,
): (Weight & { readonly id?: string; readonly like?: string })[] => {
  const named = companies.slice(0, count).map((one) => ({
    id: one.instrumentId,
    name: one.name,
    percent: one.pct,
    like: one.sector,
  }));
  const left = total - named.reduce((sum, one) => sum + one.percent, 0);
  return left > NOISE ? [...named, { name: rest, percent: left, rest: true }] : named;
};

const LAST = 'Unclassified';
const bySize = (one: TreemapBranch, other: TreemapBranch): number =>
  Number(one.name === LAST) - Number(other.name === LAST) || other.percent - one.percent;

/** A table of pairs as branches and leaves. Names without an id stand for several where companies are leaves. */
export const crossedBranches = (cross: Cross, inner: Division): TreemapBranch[] => {
  const branches = new Map<string, { name: string; percent: number; leaves: TreemapLeaf[] }>();
  for (const { a, b, bId, pct } of cross.cells) {
    const branch = branches.get(a) ?? { name: a, percent: 0, leaves: [] };
    branch.percent += pct;
    const several = bId === null && (inner === 'company' || inner === 'issuer');
    branch.leaves.push({
      id: several ? `${REST}${a} ${b}` : (bId ?? b),
      name: b,
      percent: pct,
      ...(several && { rest: true }),
    });
    branches.set(a, branch);
  }
  return [...branches.values()]
    .map((branch) => ({
      ...branch,
      // What stands for several comes last, whatever its size.
      leaves: branch.leaves.toSorted(
        (x, y) => Number(isRest(x)) - Number(isRest(y)) || y.percent - x.percent,
      ),
    }))
    .toSorted(bySize);
};

/** Weights as branches, filled with the companies that are known to count there; the others of each share a leaf. */
export const filledBranches = (
  weights: Readonly<Record<string, number>>,
  companies: readonly HeldCompany[],
  dimension: Dimension,
  others: string,
): TreemapBranch[] =>
  Object.entries(weights)
    .map(([name, percent]) => {
      const leaves: TreemapLeaf[] = companies
        .filter((one) => one[dimension] === name)
        .map((one) => ({ id: one.instrumentId, name: one.name, percent: one.pct }));
      const left = percent - leaves.reduce((sum, leaf) => sum + leaf.percent, 0);
      const rest = {
        id: `${REST}${name}`,
        name: leaves.length === 0 ? name : others,
        percent: left,
        rest: true,
      };
      return { name, percent, leaves: left > NOISE ? [...leaves, rest] : leaves };
    })
    .toSorted(bySize);

/** One line of the table beside a nested picture. */
export type Pair = { readonly branch: TreemapBranch; readonly leaf: TreemapLeaf };

/** Both rings line by line, without what rounds to nothing. */
export const pairsOf = (branches: readonly TreemapBranch[]): Pair[] =>
  branches.flatMap((branch) =>
    branch.leaves.filter(({ percent }) => Math.abs(percent) >= NOISE).map((leaf) => ({ branch, leaf })),
  );
