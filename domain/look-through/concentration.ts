import { largestOf } from './largest.ts';

/** Of how many of the largest the share is said. */
export const TOP_COUNTS = [1, 5, 10, 20, 50, 100] as const;

/** How much rests on how few. */
export type Concentration = {
  /** Per cent of the whole that is in shares of known companies: what the figures are of. Shorts are left out. */
  readonly equityPct: number;
  /** How many they are. */
  readonly count: number;
  /** Herfindahl–Hirschman index of their shares of `equityPct`: from 1/count to 1. Null where there are none. */
  readonly hhi: number | null;
  /** 1 / HHI: so many equal ones would be as concentrated. */
  readonly effectiveCount: number | null;
  /** The largest ones together: per cent of the whole, and of `equityPct`. */
  readonly top: ReadonlyArray<{ readonly count: number; readonly pct: number; readonly ofEquityPct: number }>;
};

const MOST = Math.max(...TOP_COUNTS);

/** Concentration of anything with a size; sizes of nothing and below are left out. */
export const concentrationOf = (sizes: ArrayLike<number>): Concentration => {
  const all = new Float64Array(sizes.length);
  let [total, count] = [0, 0];
  for (let i = 0; i < sizes.length; i += 1) {
    const pct = sizes[i] ?? 0;
    if (!(pct > 0)) continue;
    all[count++] = pct;
    total += pct;
  }
  const held = all.subarray(0, count);
  let hhi = 0;
  for (const pct of held) hhi += (pct / total) * (pct / total);
  const largest = largestOf(held, MOST, () => 0).map((at) => held[at] ?? 0);
  const top = TOP_COUNTS.map((largestCount) => {
    const pct = sumOf(largest.slice(0, largestCount));
    return { count: largestCount, pct, ofEquityPct: total > 0 ? (pct / total) * 100 : 0 };
  });
  return {
    equityPct: total,
    count,
    hhi: count === 0 ? null : hhi,
    effectiveCount: count === 0 ? null : 1 / hhi,
    top,
  };
};

const sumOf = (sizes: Iterable<number>): number => {
  let sum = 0;
  for (const pct of sizes) sum += pct;
  return sum;
};
