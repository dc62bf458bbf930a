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

/** Concentration of anything with a size; sizes of nothing and below are left out. */
export const concentrationOf = (sizes: readonly number[]): Concentration => {
  const held = sizes.filter((pct) => pct > 0).toSorted((a, b) => b - a);
  const total = held.reduce((sum, pct) => sum + pct, 0);
  const hhi = held.reduce((sum, pct) => sum + (pct / total) ** 2, 0);
  const top = TOP_COUNTS.map((count) => {
    const pct = held.slice(0, count).reduce((sum, one) => sum + one, 0);
    return { count, pct, ofEquityPct: total > 0 ? (pct / total) * 100 : 0 };
  });
  return {
    equityPct: total,
    count: held.length,
    hhi: held.length === 0 ? null : hhi,
    effectiveCount: held.length === 0 ? null : 1 / hhi,
    top,
  };
};
