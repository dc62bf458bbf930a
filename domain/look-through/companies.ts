import { DIMENSIONS, UNCLASSIFIED, wordOn, type Dimension } from './dimensions.ts';
import type { Attributes } from './graph.ts';
import { COMPANY, isCompany } from './kinds.ts';
import { forWanted } from './leaves.ts';
import { forEachLeaf, type LookedThrough } from './looked-through.ts';
import { pathsOf, type ExposurePath } from './paths.ts';
import type { RowKind } from './published/index.ts';
import { largerFirst } from './shares.ts';

/** A thing at the bottom, with what of it counts. */
export type HeldCompany = {
  readonly instrumentId: string;
  readonly name: string;
  readonly kind: RowKind;
  /** Where the largest part of it is counted, on each dimension. */
  readonly words: Readonly<Record<Dimension, string>>;
  /** Per cent of the whole that counts where was asked. */
  readonly pct: number;
  /** Per cent of the whole, wherever it counts. */
  readonly totalPct: number;
};

export type CompanyExposure = {
  readonly instrumentId: string;
  readonly name: string;
  /** Where the largest part of it is counted. */
  readonly country: string;
  readonly sector: string;
  readonly pct: number;
  readonly paths: readonly ExposurePath[];
};

/** What is asked for: all companies, unless it says more. */
export type CompanyFilter = {
  /** Only what counts under these words. */
  readonly on?: Readonly<Partial<Record<Dimension, string>>>;
  /** Only these. */
  readonly where?: (instrumentId: string, name: string) => boolean;
  /** Cash, contracts and funds as such too. */
  readonly everything?: boolean;
};

/** The sets of attributes that a filter takes, by number. */
const attributesTaken = (attributes: readonly Attributes[], filter: CompanyFilter): readonly boolean[] => {
  const asked = DIMENSIONS.flatMap((dimension) => {
    const word = filter.on?.[dimension];
    return word === undefined ? [] : [{ dimension, word }];
  });
  return attributes.map((one) => asked.every(({ dimension, word }) => wordOn(one, dimension) === word));
};

const wordsOn = (one: Attributes): Readonly<Record<Dimension, string>> => ({
  region: wordOn(one, 'region'),
  sector: wordOn(one, 'sector'),
  industry: wordOn(one, 'industry'),
  country: wordOn(one, 'country'),
  currency: wordOn(one, 'currency'),
  assetClass: wordOn(one, 'assetClass'),
});

const byPct = (a: HeldCompany, b: HeldCompany): number =>
  largerFirst(a.pct, b.pct) || (a.instrumentId < b.instrumentId ? -1 : 1);

/**
 * Companies, largest first, where they count under the words asked for. `pct` is all that counts there, companies or
 * not, with what no row accounts for where that is asked: the figure of the map or cell that is looked into.
 */
export const companiesIn = (
  looked: LookedThrough,
  filter: CompanyFilter = {},
): { readonly companies: readonly HeldCompany[]; readonly pct: number } => {
  const { attributes, instrumentIds, names } = looked.closures.numbering;
  const taken = attributesTaken(attributes, filter);
  const listed = attributes.map(
    (one, i) => taken[i] === true && (filter.everything === true || isCompany(one)),
  );
  const found = new Map<number, { pct: number; totalPct: number; attribute: number; mainPct: number }>();
  let all = 0;
  forEachLeaf(looked.parts, (instrument, attribute, pct) => {
    if (taken[attribute] === true) all += pct;
    let one = found.get(instrument);
    if (one === undefined) found.set(instrument, (one = { pct: 0, totalPct: 0, attribute: -1, mainPct: 0 }));
    one.totalPct += pct;
    if (listed[attribute] !== true) return;
    one.pct += pct;
    if (one.attribute >= 0 && Math.abs(pct) <= one.mainPct) return;
    one.attribute = attribute;
    one.mainPct = Math.abs(pct);
  });
  const wordsOf = attributes.map(wordsOn);
  const companies: HeldCompany[] = [];
  for (const [instrument, { pct, totalPct, attribute }] of found) {
    const [own, words] = [attributes[attribute], wordsOf[attribute]];
    const [instrumentId = '', name = ''] = [instrumentIds[instrument], names[instrument]];
    if (own === undefined || words === undefined || filter.where?.(instrumentId, name) === false) continue;
    companies.push({ instrumentId, name, kind: own.kind, words, pct, totalPct });
  }
  const restCounts = Object.values(filter.on ?? {}).every((word) => word === UNCLASSIFIED);
  return { companies: companies.toSorted(byPct), pct: all + (restCounts ? 100 - looked.sums.total : 0) };
};

/** How each of these is held, where it counts under the words asked for. `cut`: the ways are not all. */
export const pathsTo = (
  looked: LookedThrough,
  instrumentIds: readonly string[],
  filter: CompanyFilter = {},
): { readonly paths: ReadonlyMap<string, readonly ExposurePath[]>; readonly cut: boolean } => {
  const { numbering } = looked.closures;
  const numbers = new Map<number, string>();
  for (const id of instrumentIds) {
    const number = numbering.numberOf(id);
    if (number !== undefined) numbers.set(number, id);
  }
  const taken = attributesTaken(numbering.attributes, filter);
  const listed = numbering.attributes.map(
    (one, i) => taken[i] === true && (filter.everything === true || isCompany(one)),
  );
  const { paths, cut } = pathsOf(looked, [...numbers.keys()], (attribute) => listed[attribute] === true);
  return { paths: new Map([...paths].map(([number, ways]) => [numbers.get(number) ?? '', ways])), cut };
};

/** Of each company, by number, the attributes under which the largest part of it counts. */
export const mainAttributes = (
  { parts, closures: { numbering } }: LookedThrough,
  instruments: readonly number[],
): ReadonlyMap<number, number> => {
  const found = new Map<number, { attribute: number; pct: number }>();
  const wanted = Uint32Array.from(instruments).toSorted();
  const add = (instrument: number, attribute: number, pct: number): void => {
    if (((numbering.kinds[attribute] ?? 0) & COMPANY) === 0) return;
    const before = found.get(instrument);
    if (before === undefined || Math.abs(pct) > before.pct) {
      found.set(instrument, { attribute, pct: Math.abs(pct) });
    }
  };
  for (const part of parts) {
    if (part.closure === null) add(part.instrument, part.attribute, part.pct);
    else {
      const { leaves } = part.closure;
      forWanted(leaves, wanted, (at, instrument) => {
        add(instrument, leaves.attribute[at] ?? 0, (part.pct * (leaves.pct[at] ?? 0)) / 100);
      });
    }
  }
  return new Map([...found].map(([instrument, { attribute }]) => [instrument, attribute]));
};
