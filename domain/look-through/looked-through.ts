import { closuresFor, isOpaqueFund, type Closure, type Closures } from './closure.ts';
import type { Basis, LookThroughGraph, Position } from './graph.ts';
import { NOISE_PCT } from './shares.ts';

/** A thing that is held, and what is inside it where it is a fund. */
export type Part = {
  readonly instrumentId: string;
  readonly pct: number;
  readonly closure: Closure | null;
  readonly instrument: number;
  readonly attribute: number;
  /** Which of those who see a part of the whole sees this. */
  readonly seen: number;
};

/** Positions with what is inside them; several of one instrument are added up. */
export const partsOf = (positions: readonly Position[], closures: Closures, seen = 0): Part[] => {
  const byInstrument = new Map<string, number>();
  for (const { instrumentId, weightPct } of positions) {
    byInstrument.set(instrumentId, (byInstrument.get(instrumentId) ?? 0) + weightPct);
  }
  const sorted = [...byInstrument].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([instrumentId, pct]) => {
    const closure = closures.of(instrumentId);
    return { instrumentId, pct, closure, seen, ...closures.direct(instrumentId) };
  });
};

/** Sums of all that is at the bottom. */
export type Sums = {
  /** Per cent of the whole by set of attributes. */
  readonly byAttribute: Float64Array;
  readonly total: number;
  /** Per cent that was followed to the bottom. */
  readonly covered: number;
};

const sumsOf = (parts: readonly Part[], { attributes }: Closures['numbering']): Sums => {
  const byAttribute = new Float64Array(attributes.length);
  let [total, covered] = [0, 0];
  const add = (attribute: number, pct: number): void => {
    byAttribute[attribute] = (byAttribute[attribute] ?? 0) + pct;
    total += pct;
  };
  for (const { closure, pct, attribute } of parts) {
    const own = attributes[attribute];
    if (closure === null) {
      add(attribute, pct);
      if (own === undefined || !isOpaqueFund(own)) covered += pct;
      continue;
    }
    const { digest, coveragePct } = closure;
    for (let i = 0; i < digest.attribute.length; i += 1) {
      add(digest.attribute[i] ?? 0, (pct * (digest.attributePct[i] ?? 0)) / 100);
    }
    covered += (pct * coveragePct) / 100;
  }
  return { byAttribute, total, covered };
};

/** On a basis other than the published one the positions themselves are divided by their sum. */
const scaleOf = (positions: readonly Position[], basis: Basis): number => {
  if (basis === 'published') return 1;
  const sum = positions.reduce((total, position) => total + position.weightPct, 0);
  return sum > NOISE_PCT ? 100 / sum : 1;
};

/** Positions looked through to the bottom, with their sums: what every question about them is answered from. */
export type LookedThrough = {
  readonly closures: Closures;
  readonly parts: readonly Part[];
  readonly sums: Sums;
};

/** Looks positions through. The order of positions and rows never matters. */
export const lookThrough = (
  positions: readonly Position[],
  graph: LookThroughGraph,
  basis: Basis,
  given?: Closures,
): LookedThrough => lookAllThrough([{ positions, closures: closuresFor(graph, basis, given) }]);

/** Positions, and what is in them as somebody sees it. */
export type Seen = { readonly positions: readonly Position[]; readonly closures: Closures };

/**
 * Looks positions through that do not all see the same: one person's private file of a fund is not another's. Closures
 * of one basis and one numbering. Where one fund is seen in several ways, the first is the one that is described.
 */
export const lookAllThrough = (seen: readonly [Seen, ...Seen[]]): LookedThrough => {
  const [{ closures: first }, ...others] = seen;
  const closures = first.joinedBy(others.map((one) => one.closures));
  const scale = scaleOf(
    seen.flatMap((one) => one.positions),
    closures.basis,
  );
  const parts = seen.flatMap((one, at) =>
    partsOf(
      one.positions.map((position) => ({ ...position, weightPct: position.weightPct * scale })),
      one.closures,
      at,
    ),
  );
  return { closures, parts, sums: sumsOf(parts, closures.numbering) };
};

/** Hands over everything at the bottom of every part, in per cent of the whole. */
export const forEachLeaf = (
  parts: readonly Part[],
  take: (instrument: number, attribute: number, pct: number) => void,
): void => {
  for (const { closure, instrument, attribute, pct } of parts) {
    if (closure === null) take(instrument, attribute, pct);
    else {
      const { leaves } = closure;
      for (let i = 0; i < leaves.pct.length; i += 1) {
        take(leaves.instrument[i] ?? 0, leaves.attribute[i] ?? 0, (pct * (leaves.pct[i] ?? 0)) / 100);
      }
    }
  }
};

/** Ids of everything at the bottom, each once. */
export const heldIn = ({ closures, parts }: LookedThrough): string[] => {
  const { instrumentIds } = closures.numbering;
  const isHeld = new Uint8Array(instrumentIds.length);
  forEachLeaf(parts, (instrument) => {
    isHeld[instrument] = 1;
  });
  return instrumentIds.filter((_, instrument) => isHeld[instrument] === 1);
};
