import type { Closures } from './closure.ts';
import type { Vector } from './digest.ts';
import type { Position } from './graph.ts';
import { EQUITY } from './kinds.ts';
import { forEachLeaf, partsOf, type Part } from './looked-through.ts';
import type { Numbering } from './numbering.ts';

export type { Vector } from './digest.ts';

/** The shares in each of these, looked through. A share that is held directly is a part of itself. Shorts are no holding. */
export const vectorsOf = (closures: Closures, wanted: ReadonlyArray<readonly Position[]>): Vector[] =>
  wanted.map((positions) => vectorOf(partsOf(positions, closures), closures.numbering));

const vectorOf = (parts: readonly Part[], numbering: Numbering): Vector => {
  const [only, ...others] = parts;
  if (only?.closure && only.pct === 100 && others.length === 0) return only.closure.digest.equity;
  return sumOfParts(parts, numbering);
};

const sumOfParts = (parts: readonly Part[], numbering: Numbering): Vector => {
  const { first: sums, seen, touched } = numbering.room();
  let count = 0;
  const add = (instrument: number, pct: number): void => {
    if (seen[instrument] === 0) {
      seen[instrument] = 1;
      touched[count] = instrument;
      count += 1;
    }
    sums[instrument] = (sums[instrument] ?? 0) + pct;
  };
  forEachLeaf(parts, (instrument, attribute, pct) => {
    if (((numbering.kinds[attribute] ?? 0) & EQUITY) !== 0) add(instrument, pct);
  });
  const all = touched.slice(0, count);
  const instrument = all.filter((at) => (sums[at] ?? 0) > 0).toSorted();
  const pct = Float64Array.from(instrument, (at) => sums[at] ?? 0);
  for (const at of all) {
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
