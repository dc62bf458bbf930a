import { closuresFor, type Closure, type Closures } from './closure.ts';
import type { LookThroughGraph } from './graph.ts';
import { pairsOf, type Common } from './pairs.ts';
import { aloneIn, commonPct, forCommon, vectorsOf } from './vectors.ts';

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
  const entries = unique.map(({ instrumentId }): Entry => ({
    id: instrumentId,
    key: keys.get(instrumentId) ?? instrumentId,
    closure: closures.of(instrumentId),
  }));
  const { instrumentIds } = closures.numbering;
  const pairOf = pairsOf(vectors, closures.numbering.room(), options.names ?? 0, instrumentIds);
  const pctOf = (a: number, b: number): number => (a === b ? 100 : pairOf(a, b).pct);
  const sharedBy = (a: Entry, b: Entry, i: number, k: number): SharedNames => {
    const { count, largest } = pairOf(i, k);
    return { a: a.key, b: b.key, count, companies: largest.map((one) => sharedCompany(one, closures)) };
  };
  return {
    instruments: entries.map(({ id, key, closure }) => ({
      key,
      id,
      asOf: closure?.version.asOf ?? null,
      coveragePct: closure?.coveragePct ?? 0,
    })),
    matrix: Object.fromEntries(
      entries.map(({ key }, i) => [
        key,
        Object.fromEntries(entries.map((other, k) => [other.key, pctOf(i, k)])),
      ]),
    ),
    shared:
      options.names === undefined
        ? []
        : entries.flatMap((a, i) => entries.slice(i + 1).map((b, k) => sharedBy(a, b, i, i + 1 + k))),
  };
};
