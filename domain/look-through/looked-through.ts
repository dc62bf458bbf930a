import { closuresFor, isOpaqueFund, type Closure, type Closures } from './closure.ts';
import type { Attributes, Basis, LookThroughGraph, Position } from './graph.ts';

/** Less than this is rounding noise of floating-point sums. */
export const NOISE_PCT = 1e-9;

/** Compares shares for lists, the largest first: to nine places, so that no order of adding up changes a list. */
export const largerFirst = (a: number, b: number): number =>
  Math.round(b / NOISE_PCT) - Math.round(a / NOISE_PCT);

/** A thing that is held, and what is inside it where it is a fund. */
export type Part = {
  readonly instrumentId: string;
  readonly pct: number;
  readonly closure: Closure | null;
  readonly instrument: number;
  readonly attribute: number;
};

/** Positions with what is inside them; several of one instrument are added up. */
export const partsOf = (positions: readonly Position[], closures: Closures): Part[] => {
  const byInstrument = new Map<string, number>();
  for (const { instrumentId, weightPct } of positions) {
    byInstrument.set(instrumentId, (byInstrument.get(instrumentId) ?? 0) + weightPct);
  }
  const sorted = [...byInstrument].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([instrumentId, pct]) => {
    const closure = closures.of(instrumentId);
    return { instrumentId, pct, closure, ...closures.direct(instrumentId) };
  });
};

/** Sums of all that is at the bottom, by instrument and by set of attributes, in arrays. */
export class Sums {
  readonly byInstrument: Float64Array;
  readonly byAttribute: Float64Array;
  total = 0;
  covered = 0;

  constructor(parts: readonly Part[], closures: Closures) {
    const { instrumentIds, attributes } = closures.numbering;
    this.byInstrument = new Float64Array(instrumentIds.length);
    this.byAttribute = new Float64Array(attributes.length);
    forEachLeaf(parts, (instrument, attribute, pct) => this.addLeaf(instrument, attribute, pct));
    for (const { closure, pct, attribute } of parts) {
      const own = attributes[attribute];
      if (closure !== null) this.covered += (pct * closure.coveragePct) / 100;
      else if (own === undefined || !isOpaqueFund(own)) this.covered += pct;
    }
  }

  private addLeaf(instrument: number, attribute: number, pct: number): void {
    this.total += pct;
    this.byAttribute[attribute] = (this.byAttribute[attribute] ?? 0) + pct;
    this.byInstrument[instrument] = (this.byInstrument[instrument] ?? 0) + pct;
  }
}

/** Securities, and funds that their holder counts as shares. Money, contracts and funds as such are no companies. */
export const isCompany = ({ kind, assetClass }: Attributes): boolean =>
  kind === 'security' || (kind === 'fund' && assetClass === 'Equity');

/** Shares, and securities whose issuer does not say what they are. Cash, contracts and bonds are none. */
export const isEquity = (one: Attributes): boolean =>
  (one.kind === 'security' || one.kind === 'fund') &&
  (one.assetClass === 'Equity' ||
    one.assetClass === 'Fund' ||
    one.assetClass === null ||
    one.assetClass === 'Unclassified');

/** On a basis other than the published one the positions themselves are divided by their sum. */
const scaled = (positions: readonly Position[], basis: Basis): readonly Position[] => {
  if (basis === 'published') return positions;
  const sum = positions.reduce((total, position) => total + position.weightPct, 0);
  return sum > NOISE_PCT
    ? positions.map((position) => ({ ...position, weightPct: (position.weightPct * 100) / sum }))
    : positions;
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
): LookedThrough => {
  const closures = closuresFor(graph, basis, given);
  const parts = partsOf(scaled(positions, basis), closures);
  return { closures, parts, sums: new Sums(parts, closures) };
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
