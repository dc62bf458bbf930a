import { Closures } from './closure.ts';
import { wordOn, type Dimension } from './dimensions.ts';
import type { Weights } from './exposure.ts';
import type { LookThroughGraph, Position } from './graph.ts';
import { isCompany } from './kinds.ts';
import { forEachLeaf, partsOf } from './looked-through.ts';
import { largerFirst } from './shares.ts';
import { commonPct, vectorsOf, withinPct, type Vector } from './vectors.ts';

/** A company that is not held yet, with its share of the candidate. */
export type NewCompany = { readonly instrumentId: string; readonly name: string; readonly pct: number };

/** What buying something would add to what is held. All in published per cent; only shares are compared. */
export type Candidate = {
  /** Per cent of the candidate that is in shares: `alreadyHeldPct` and `newPct` together. Unknown funds are not. */
  readonly equityPct: number;
  /** Per cent of the candidate in companies that are held already, however little of them. */
  readonly alreadyHeldPct: number;
  /** Per cent of the candidate in companies that are not held yet. */
  readonly newPct: number;
  /** Σ min of its weights and those of all that is held together, as between two funds. */
  readonly overlapPct: number;
  /** The same against each other thing held, the most alike first. */
  readonly byHeld: ReadonlyArray<{
    readonly instrumentId: string;
    readonly overlapPct: number;
    readonly alreadyHeldPct: number;
  }>;
  /** What is new, as per cent of the candidate, the largest first. */
  readonly newCompanies: readonly NewCompany[];
  readonly newByRegion: Weights;
  readonly newByCountry: Weights;
  readonly newBySector: Weights;
};

/** Compares a candidate with what is held, both looked through. */
export const candidateOf = (
  held: readonly Position[],
  candidateId: string,
  graph: LookThroughGraph,
  closures = new Closures(graph, 'published'),
): Candidate => {
  const whole = [{ instrumentId: candidateId, weightPct: 100 }];
  const heldIds = [...new Set(held.map((one) => one.instrumentId))].filter((id) => id !== candidateId);
  const [candidate = NOTHING, all = NOTHING, ...each] = vectorsOf(closures, [
    whole,
    held,
    ...heldIds.map((instrumentId) => [{ instrumentId, weightPct: 100 }]),
  ]);
  const isHeld = new Set(all.instrument);
  const { instrumentIds, names, attributes } = closures.numbering;
  const parts = partsOf(whole, closures);
  // A fund inside that is not known is no new company; where it is held itself it is held already.
  const companies = new Set<number>();
  forEachLeaf(parts, (instrument, attribute) => {
    const own = attributes[attribute];
    if (own !== undefined && isCompany(own)) companies.add(instrument);
  });
  const fresh = new Map<number, number>();
  for (const [i, instrument] of candidate.instrument.entries()) {
    if (companies.has(instrument) && !isHeld.has(instrument)) fresh.set(instrument, candidate.pct[i] ?? 0);
  }
  const newBy = (dimension: Dimension): Weights => {
    const sums = new Map<string, number>();
    forEachLeaf(parts, (instrument, attribute, pct) => {
      const own = attributes[attribute];
      if (own === undefined || !fresh.has(instrument)) return;
      const word = wordOn(own, dimension);
      sums.set(word, (sums.get(word) ?? 0) + pct);
    });
    return Object.fromEntries([...sums].toSorted(byPct));
  };
  const alreadyHeldPct = withinPct(candidate, all);
  const newPct = [...fresh.values()].reduce((sum, pct) => sum + pct, 0);
  return {
    equityPct: alreadyHeldPct + newPct,
    alreadyHeldPct,
    newPct,
    overlapPct: commonPct(candidate, all),
    byHeld: heldIds
      .map((instrumentId, i) => ({
        instrumentId,
        overlapPct: commonPct(candidate, each[i] ?? NOTHING),
        alreadyHeldPct: withinPct(candidate, each[i] ?? NOTHING),
      }))
      .toSorted(
        (a, b) => largerFirst(a.overlapPct, b.overlapPct) || (a.instrumentId < b.instrumentId ? -1 : 1),
      ),
    newCompanies: [...fresh]
      .map(([instrument, pct]) => ({
        instrumentId: instrumentIds[instrument] ?? '',
        name: names[instrument] ?? '',
        pct,
      }))
      .toSorted((a, b) => largerFirst(a.pct, b.pct) || (a.instrumentId < b.instrumentId ? -1 : 1)),
    newByRegion: newBy('region'),
    newByCountry: newBy('country'),
    newBySector: newBy('sector'),
  };
};

const NOTHING: Vector = { instrument: new Uint32Array(), pct: new Float64Array() };

const byPct = (a: readonly [string, number], b: readonly [string, number]): number =>
  largerFirst(a[1], b[1]) || (a[0] < b[0] ? -1 : 1);
