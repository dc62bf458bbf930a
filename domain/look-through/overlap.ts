import { closuresFor, type Closure, type Closures } from './closure.ts';
import type { LookThroughGraph } from './graph.ts';
import { aloneIn, commonPct, forCommon, vectorsOf, type Vector } from './vectors.ts';

/** An instrument whose overlap is asked for, with what its key in the answer may be. */
export type OverlapInstrument = {
  readonly instrumentId: string;
  readonly ticker: string | null;
  readonly mic: string | null;
  readonly isin: string | null;
};

export type SharedCompany = {
  readonly instrumentId: string;
  readonly name: string;
  readonly pctA: number;
  readonly pctB: number;
  /** The smaller of the two. */
  readonly sharedPct: number;
};

export type SharedNames = {
  readonly a: string;
  readonly b: string;
  /** How many companies both hold. */
  readonly count: number;
  /** The largest of them. */
  readonly companies: readonly SharedCompany[];
};

export type OverlapMatrix = {
  readonly instruments: ReadonlyArray<{
    readonly key: string;
    readonly id: string;
    /** Day of the holdings, ISO; null without constituents. */
    readonly asOf: string | null;
    /** Per cent that was followed to the bottom. */
    readonly coveragePct: number;
  }>;
  /** Per cent that two hold in common, by key and key; symmetric, 100 on the diagonal by definition. */
  readonly matrix: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly shared: readonly SharedNames[];
};

/** An instrument that is compared. */
type Entry = {
  readonly id: string;
  readonly key: string;
  readonly closure: Closure | null;
  readonly vector: Vector;
};

/** A company that two hold, by number. */
type Common = {
  readonly instrument: number;
  readonly pctA: number;
  readonly pctB: number;
  readonly sharedPct: number;
};

/** The largest so many of what two hold in common, the largest first, equals by id. */
class Largest {
  readonly list: Common[] = [];
  private readonly limit: number;
  private readonly ids: readonly string[];

  constructor(limit: number, ids: readonly string[]) {
    this.limit = limit;
    this.ids = ids;
  }

  /** Most are smaller than the smallest that is kept: looking at it must cost next to nothing. */
  get least(): number {
    return this.list.length < this.limit ? 0 : (this.list.at(-1)?.sharedPct ?? Number.POSITIVE_INFINITY);
  }

  add(one: Common): void {
    let at = this.list.length;
    for (let other = this.list[at - 1]; other !== undefined; other = this.list[at - 1]) {
      if (!this.isBefore(one, other)) break;
      at -= 1;
    }
    this.list.splice(at, 0, one);
    if (this.list.length > this.limit) this.list.pop();
  }

  private isBefore(one: Common, other: Common): boolean {
    if (one.sharedPct !== other.sharedPct) return one.sharedPct > other.sharedPct;
    return (this.ids[one.instrument] ?? '') < (this.ids[other.instrument] ?? '');
  }
}

/**
 * What `spread` holds (by instrument, 0 elsewhere) and `other` holds too: the sum, how many companies it is in, and the
 * largest of them. One of two is spread out so that the other is walked alone: half the steps of walking both, and none
 * of them a guess.
 */
const commonOf = (
  spread: Float64Array,
  other: Vector,
  largest: Largest | null,
): { readonly pct: number; readonly count: number } => {
  let [pct, count] = [0, 0];
  let least = largest?.least ?? Number.POSITIVE_INFINITY;
  const { instrument, pct: shares } = other;
  for (let i = 0; i < shares.length; i += 1) {
    const at = instrument[i] ?? 0;
    const pctA = spread[at] ?? 0;
    if (pctA === 0) continue;
    const pctB = shares[i] ?? 0;
    const sharedPct = pctA < pctB ? pctA : pctB;
    pct += sharedPct;
    count += 1;
    if (largest === null || sharedPct < least) continue;
    largest.add({ instrument: at, pctA, pctB, sharedPct });
    ({ least } = largest);
  }
  return { pct, count };
};

/** Spreads a vector out while `work` runs; the room is left empty. */
const whileSpread = (room: Float64Array, { instrument, pct }: Vector, work: () => void): void => {
  for (let i = 0; i < pct.length; i += 1) room[instrument[i] ?? 0] = pct[i] ?? 0;
  try {
    work();
  } finally {
    for (const at of instrument) room[at] = 0;
  }
};

const sharedCompany = ({ instrument, ...figures }: Common, closures: Closures): SharedCompany => ({
  instrumentId: closures.numbering.instrumentIds[instrument] ?? '',
  name: closures.numbering.names[instrument] ?? '',
  ...figures,
});

/** Two things compared: the cell of the matrix, every company behind it, and those that only one of them holds. */
export type ComparedPair = {
  readonly overlapPct: number;
  readonly companies: readonly SharedCompany[];
  readonly onlyFirst: readonly SharedCompany[];
  readonly onlySecond: readonly SharedCompany[];
};

/** What two things hold in common and what only one of them does, looked through; each list the largest first. */
export const sharedCompanies = (
  first: string,
  second: string,
  graph: LookThroughGraph,
  given?: Closures,
): ComparedPair => {
  const closures = closuresFor(graph, 'published', given);
  const whole = (instrumentId: string) => [{ instrumentId, weightPct: 100 }];
  const [a, b] = vectorsOf(closures, [whole(first), whole(second)]);
  if (a === undefined || b === undefined) {
    return { overlapPct: 0, companies: [], onlyFirst: [], onlySecond: [] };
  }
  const common: Common[] = [];
  forCommon(a, b, (instrument, pctA, pctB) => {
    common.push({ instrument, pctA, pctB, sharedPct: Math.min(pctA, pctB) });
  });
  const named = (some: readonly Common[], size: (one: SharedCompany) => number): SharedCompany[] =>
    some
      .map((one) => sharedCompany(one, closures))
      .toSorted((x, y) => size(y) - size(x) || (x.instrumentId < y.instrumentId ? -1 : 1));
  const onlyA = aloneIn(a, b).map(({ instrument, pct }) => ({
    instrument,
    pctA: pct,
    pctB: 0,
    sharedPct: 0,
  }));
  const onlyB = aloneIn(b, a).map(({ instrument, pct }) => ({
    instrument,
    pctA: 0,
    pctB: pct,
    sharedPct: 0,
  }));
  return {
    overlapPct: first === second ? 100 : commonPct(a, b),
    companies: named(common, (one) => one.sharedPct),
    onlyFirst: named(onlyA, (one) => one.pctA),
    onlySecond: named(onlyB, (one) => one.pctB),
  };
};

/**
 * The key of each instrument in an answer: its ticker where no other has it, else ticker@MIC, else ISIN, else id; the
 * first of these that is not another one's too, as whatever: a ticker may read like somebody's ISIN.
 */
export const overlapKeys = (instruments: readonly OverlapInstrument[]): ReadonlyMap<string, string> => {
  const holders = new Map<string, Set<string>>();
  for (const one of instruments) {
    for (const text of [...namesOf(one), one.instrumentId]) {
      holders.set(text, (holders.get(text) ?? new Set()).add(one.instrumentId));
    }
  }
  return new Map(
    instruments.map((one): [string, string] => [
      one.instrumentId,
      namesOf(one).find((text) => holders.get(text)?.size === 1) ?? one.instrumentId,
    ]),
  );
};

const namesOf = (one: OverlapInstrument): string[] =>
  [one.ticker, lineOf(one), one.isin].filter((text) => text !== null).filter((text) => text !== '');

const lineOf = (one: OverlapInstrument): string | null =>
  one.ticker === null || one.ticker === '' || one.mic === null ? null : `${one.ticker}@${one.mic}`;

/**
 * How much instruments hold in common: Σ min of the published equity weights of the same security, looked through,
 * never rescaled; 100 on the diagonal by definition. A share held directly is a fund of itself. `shared` names the
 * companies behind each pair, at most `names` of them (none by default).
 */
export const overlapMatrix = (
  instruments: readonly OverlapInstrument[],
  graph: LookThroughGraph,
  options: { readonly names?: number; readonly closures?: Closures } = {},
): OverlapMatrix => {
  const closures = closuresFor(graph, 'published', options.closures);
  const unique = [...new Map(instruments.map((one) => [one.instrumentId, one])).values()];
  const keys = overlapKeys(unique);
  const vectors = vectorsOf(
    closures,
    unique.map(({ instrumentId }) => [{ instrumentId, weightPct: 100 }]),
  );
  const entries = unique.map(({ instrumentId }, i): Entry => ({
    id: instrumentId,
    key: keys.get(instrumentId) ?? instrumentId,
    closure: closures.of(instrumentId),
    vector: vectors[i] ?? { instrument: new Uint32Array(), pct: new Float64Array() },
  }));
  const matrix = new Map<string, Map<string, number>>(entries.map(({ key }) => [key, new Map()]));
  const shared: SharedNames[] = [];
  const { first: room } = closures.numbering.room();
  const compare = (a: Entry, b: Entry): void => {
    const names = options.names ?? 0;
    const largest = names > 0 ? new Largest(names, closures.numbering.instrumentIds) : null;
    const { pct, count } = commonOf(room, b.vector, largest);
    matrix.get(a.key)?.set(b.key, pct);
    matrix.get(b.key)?.set(a.key, pct);
    if (options.names === undefined) return;
    const companies = largest?.list.map((one) => sharedCompany(one, closures)) ?? [];
    shared.push({ a: a.key, b: b.key, count, companies });
  };
  for (const [i, a] of entries.entries()) {
    matrix.get(a.key)?.set(a.key, 100);
    whileSpread(room, a.vector, () => {
      for (const b of entries.slice(i + 1)) compare(a, b);
    });
  }
  return {
    instruments: entries.map(({ id, key, closure }) => ({
      key,
      id,
      asOf: closure?.version.asOf ?? null,
      coveragePct: closure?.coveragePct ?? 0,
    })),
    matrix: Object.fromEntries(
      entries.map(({ key }) => [
        key,
        Object.fromEntries(entries.map((other) => [other.key, matrix.get(key)?.get(other.key) ?? 0])),
      ]),
    ),
    shared,
  };
};
