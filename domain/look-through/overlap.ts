import { closuresFor, type Closures } from './closure.ts';
import type { LookThroughGraph } from './graph.ts';
import { isEquity } from './looked-through.ts';

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

/** What a fund holds in shares: instrument numbers in order, and per cent of the fund. Shorts are no holding. */
type Vector = { readonly instrument: Uint32Array; readonly pct: Float64Array };

const vectorOf = (instrumentId: string, closures: Closures): Vector => {
  const closure = closures.of(instrumentId);
  const direct = closures.direct(instrumentId);
  const { attributes } = closures.numbering;
  const sums = new Map<number, number>();
  const add = (instrument: number, attribute: number, pct: number): void => {
    const own = attributes[attribute];
    if (own !== undefined && isEquity(own)) sums.set(instrument, (sums.get(instrument) ?? 0) + pct);
  };
  if (closure === null) add(direct.instrument, direct.attribute, 100);
  else {
    const { instrument, attribute, pct } = closure.leaves;
    for (let i = 0; i < pct.length; i += 1) add(instrument[i] ?? 0, attribute[i] ?? 0, pct[i] ?? 0);
  }
  const entries = [...sums].filter(([, pct]) => pct > 0).toSorted(([a], [b]) => a - b);
  return {
    instrument: Uint32Array.from(entries, ([instrument]) => instrument),
    pct: Float64Array.from(entries, ([, pct]) => pct),
  };
};

/** Walks two vectors side by side and hands over what both hold. */
const forCommon = (
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

const commonPct = (a: Vector, b: Vector): number => {
  let sum = 0;
  forCommon(a, b, (_instrument, pctA, pctB) => {
    sum += Math.min(pctA, pctB);
  });
  return sum;
};

const sharedOf = (
  a: { key: string; vector: Vector },
  b: { key: string; vector: Vector },
  closures: Closures,
  limit: number,
): SharedNames => {
  const { instrumentIds, names } = closures.numbering;
  const all: SharedCompany[] = [];
  forCommon(a.vector, b.vector, (instrument, pctA, pctB) => {
    all.push({
      instrumentId: instrumentIds[instrument] ?? '',
      name: names[instrument] ?? '',
      pctA,
      pctB,
      sharedPct: Math.min(pctA, pctB),
    });
  });
  const ranked = all.toSorted(
    (x, y) => y.sharedPct - x.sharedPct || (x.instrumentId < y.instrumentId ? -1 : 1),
  );
  return { a: a.key, b: b.key, count: all.length, companies: ranked.slice(0, limit) };
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
  const entries = unique.map(({ instrumentId }) => ({
    id: instrumentId,
    key: keys.get(instrumentId) ?? instrumentId,
    closure: closures.of(instrumentId),
    vector: vectorOf(instrumentId, closures),
  }));
  const matrix = new Map<string, Map<string, number>>(entries.map(({ key }) => [key, new Map()]));
  const shared: SharedNames[] = [];
  for (const [i, a] of entries.entries()) {
    matrix.get(a.key)?.set(a.key, 100);
    for (const b of entries.slice(i + 1)) {
      const pct = commonPct(a.vector, b.vector);
      matrix.get(a.key)?.set(b.key, pct);
      matrix.get(b.key)?.set(a.key, pct);
      if (options.names !== undefined) shared.push(sharedOf(a, b, closures, options.names));
    }
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
