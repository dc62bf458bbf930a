import { Closures } from './closure.ts';
import type { LookThroughGraph, Position } from './graph.ts';
import { vectorsOf, withinPct, sumOf, type Vector } from './vectors.ts';

/** Up to this many funds every set of them is tried: a million sets. */
export const MAX_EXACT_FUNDS = 20;
/** Sums that differ by less are the same. */
const NOISE = 1e-9;

/** A fund of the set, and what it adds to those before it. */
export type CoveringFund = {
  readonly instrumentId: string;
  /** Per cent of all that is held in shares through funds. */
  readonly addsPct: number;
  readonly coveredPct: number;
  /** Companies that none of the funds before it holds. */
  readonly addsCompanies: number;
};

export type Cover = {
  /** Per cent of the whole that is held in shares through funds: what is to be covered. */
  readonly equityPct: number;
  readonly coveredPct: number;
  /** Whether no smaller set covers as much; else it was found step by step and may not be the smallest. */
  readonly exact: boolean;
  /** The one that adds most first. */
  readonly funds: readonly CoveringFund[];
  /** The other funds, with the per cent of their own shares that is in companies of the set. */
  readonly others: ReadonlyArray<{ readonly instrumentId: string; readonly coveredPct: number }>;
};

type Fund = { readonly instrumentId: string; readonly vector: Vector };

/** How much of each company is held through all funds together, by number. */
const exposureOf = (held: readonly Position[], closures: Closures): Map<number, number> => {
  const [all] = vectorsOf(closures, [held]);
  return new Map(Array.from(all?.instrument ?? [], (instrument, i) => [instrument, all?.pct[i] ?? 0]));
};

/**
 * The smallest set of held funds that holds the companies in which `targetPct` per cent of the shares are that are held
 * through funds; of several such sets the one that covers most, then the first by ids. A company counts as covered when
 * a fund of the set holds it, however little. With more than twenty funds each next one is the one that adds most.
 */
export const coverOf = (
  held: readonly Position[],
  targetPct: number,
  graph: LookThroughGraph,
  closures = new Closures(graph, 'published'),
): Cover => {
  const inFunds = held.filter((one) => one.weightPct > 0 && closures.of(one.instrumentId) !== null);
  const ids = [...new Set(inFunds.map((one) => one.instrumentId))].toSorted();
  const vectors = vectorsOf(
    closures,
    ids.map((instrumentId) => [{ instrumentId, weightPct: 100 }]),
  );
  const funds = ids.map((instrumentId, i): Fund => ({ instrumentId, vector: vectors[i] ?? NOTHING }));
  const exposure = exposureOf(inFunds, closures);
  const total = [...exposure.values()].reduce((sum, pct) => sum + pct, 0);
  const goal = (total * targetPct) / 100 - NOISE;
  const exact = funds.length <= MAX_EXACT_FUNDS;
  const allowed = exact ? smallestSet(funds, exposure, goal) : funds;
  const steps = total > 0 ? greedy(allowed, exposure, exact ? Number.POSITIVE_INFINITY : goal) : [];
  let covered = 0;
  const chosen = steps.map(({ fund, adds, companies }): CoveringFund => {
    covered += adds;
    return {
      instrumentId: fund.instrumentId,
      addsPct: (adds / total) * 100,
      coveredPct: (covered / total) * 100,
      addsCompanies: companies,
    };
  });
  const union = unionOf(steps.map(({ fund }) => fund.vector));
  return {
    equityPct: total,
    coveredPct: chosen.at(-1)?.coveredPct ?? 0,
    exact,
    funds: chosen,
    others: funds
      .filter((fund) => !steps.some((step) => step.fund === fund))
      .map(({ instrumentId, vector }) => {
        const sum = sumOf(vector);
        return { instrumentId, coveredPct: sum > 0 ? (withinPct(vector, union) / sum) * 100 : 0 };
      }),
  };
};

const NOTHING: Vector = { instrument: new Uint32Array(), pct: new Float64Array() };

const unionOf = (vectors: readonly Vector[]): Vector => {
  const instrument = Uint32Array.from(
    new Set(vectors.flatMap((vector) => [...vector.instrument])),
  ).toSorted();
  return { instrument, pct: new Float64Array(instrument.length) };
};

/** Takes the fund that adds most, again and again, until the goal is covered or none adds anything. */
const greedy = (funds: readonly Fund[], exposure: ReadonlyMap<number, number>, goal: number) => {
  const left = new Map(exposure);
  const steps: Array<{ fund: Fund; adds: number; companies: number }> = [];
  const remaining = new Set(funds);
  let covered = 0;
  while (covered < goal && remaining.size > 0) {
    let best: { fund: Fund; adds: number } | null = null;
    for (const fund of remaining) {
      const adds = addsOf(fund, left);
      if (best === null || adds > best.adds + NOISE) best = { fund, adds };
    }
    if (best === null || best.adds <= 0) break;
    const { fund, adds } = best;
    const before = left.size;
    for (const instrument of fund.vector.instrument) left.delete(instrument);
    remaining.delete(fund);
    covered += adds;
    steps.push({ fund, adds, companies: before - left.size });
  }
  return steps;
};

const addsOf = ({ vector }: Fund, left: ReadonlyMap<number, number>): number =>
  vector.instrument.reduce((sum, instrument) => sum + (left.get(instrument) ?? 0), 0);

/** Tries every set of funds: the fewest that reach the goal, of those the most covered, then the first by order. */
const smallestSet = (
  funds: readonly Fund[],
  exposure: ReadonlyMap<number, number>,
  goal: number,
): readonly Fund[] => {
  const missed = missedBySet(funds, exposure);
  const everything = missed.length - 1;
  const total = missed[everything] ?? 0;
  let best = { set: everything, size: funds.length, covered: total };
  for (let set = 0; set <= everything; set += 1) {
    // What lies only in funds outside the set is what the set misses.
    const covered = total - (missed[everything - set] ?? 0);
    if (covered < goal) continue;
    const size = bitsIn(set);
    if (size < best.size || (size === best.size && covered > best.covered + NOISE)) {
      best = { set, size, covered };
    }
  }
  return funds.filter((_fund, i) => (best.set & (1 << i)) !== 0);
};

/** For each set of funds, as a bit mask, how much is held of companies that lie in funds of that set only. */
const missedBySet = (funds: readonly Fund[], exposure: ReadonlyMap<number, number>): Float64Array => {
  const holders = new Map<number, number>();
  for (const [i, { vector }] of funds.entries()) {
    for (const instrument of vector.instrument) {
      holders.set(instrument, (holders.get(instrument) ?? 0) | (1 << i));
    }
  }
  const sums = new Float64Array(2 ** funds.length);
  for (const [instrument, pct] of exposure) {
    const set = holders.get(instrument) ?? 0;
    sums[set] = (sums[set] ?? 0) + pct;
  }
  for (let bit = 1; bit < sums.length; bit *= 2) {
    for (let set = 0; set < sums.length; set += 1) {
      if ((set & bit) !== 0) sums[set] = (sums[set] ?? 0) + (sums[set - bit] ?? 0);
    }
  }
  return sums;
};

const bitsIn = (set: number): number => {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
};
