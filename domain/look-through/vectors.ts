import type { Closures } from './closure.ts';
import type { Position } from './graph.ts';
import { forEachLeaf, isEquity, partsOf, type Part } from './looked-through.ts';

/** What something holds in shares: instrument numbers in order, and per cent of it. Shorts are no holding. */
export type Vector = { readonly instrument: Uint32Array; readonly pct: Float64Array };

/** The shares in each of these, looked through. A share that is held directly is a part of itself. */
export const vectorsOf = (closures: Closures, wanted: ReadonlyArray<readonly Position[]>): Vector[] => {
  const parts = wanted.map((positions) => partsOf(positions, closures));
  const { instrumentIds, attributes } = closures.numbering;
  const counts = Uint8Array.from(attributes, (one) => (isEquity(one) ? 1 : 0));
  const sums = new Float64Array(instrumentIds.length);
  const seen = new Uint8Array(instrumentIds.length);
  return parts.map((one) => vectorOf(one, { counts, sums, seen }));
};

/** Room to add up in, used again and again: all zero before and after. */
type Room = { readonly counts: Uint8Array; readonly sums: Float64Array; readonly seen: Uint8Array };

const vectorOf = (parts: readonly Part[], { counts, sums, seen }: Room): Vector => {
  const touched: number[] = [];
  forEachLeaf(parts, (instrument, attribute, pct) => {
    if (counts[attribute] !== 1) return;
    if (seen[instrument] !== 1) {
      seen[instrument] = 1;
      touched.push(instrument);
    }
    sums[instrument] = (sums[instrument] ?? 0) + pct;
  });
  const instrument = Uint32Array.from(touched)
    .filter((at) => (sums[at] ?? 0) > 0)
    .toSorted();
  const pct = Float64Array.from(instrument, (at) => sums[at] ?? 0);
  for (const at of touched) {
    sums[at] = 0;
    seen[at] = 0;
  }
  return { instrument, pct };
};

/** Walks two vectors side by side and hands over what both hold. */
export const forCommon = (
  a: Vector,
  b: Vector,
  take: (instrument: number, pctA: number, pctB: number) => void,
): void => {
  let i = 0;
  let k = 0;
  while (i < a.instrument.length && k < b.instrument.length) {
    const left = a.instrument[i] ?? 0;
    const right = b.instrument[k] ?? 0;
    if (left === right) {
      take(left, a.pct[i] ?? 0, b.pct[k] ?? 0);
      i += 1;
      k += 1;
    } else if (left < right) i += 1;
    else k += 1;
  }
};

/** What `a` holds and `b` does not. */
export const aloneIn = (
  a: Vector,
  b: Vector,
): Array<{ readonly instrument: number; readonly pct: number }> => {
  const others = new Set(b.instrument);
  const alone: Array<{ instrument: number; pct: number }> = [];
  for (const [at, instrument] of a.instrument.entries()) {
    if (!others.has(instrument)) alone.push({ instrument, pct: a.pct[at] ?? 0 });
  }
  return alone;
};

/** Σ min of what both hold. */
export const commonPct = (a: Vector, b: Vector): number => {
  let sum = 0;
  forCommon(a, b, (_instrument, pctA, pctB) => {
    sum += Math.min(pctA, pctB);
  });
  return sum;
};

/** What `a` has in companies that `b` holds too, however little of them. */
export const withinPct = (a: Vector, b: Vector): number => {
  let sum = 0;
  forCommon(a, b, (_instrument, pctA) => {
    sum += pctA;
  });
  return sum;
};

/** All that it holds in shares. */
export const sumOf = (vector: Vector): number => vector.pct.reduce((sum, pct) => sum + pct, 0);
