import { DIMENSIONS, UNCLASSIFIED, wordOn, type Dimension } from './dimensions.ts';
import type { Attributes } from './graph.ts';
import type { IssuerOf } from './issuers.ts';
import { isCompany } from './kinds.ts';
import { forEachLeaf, type LookedThrough } from './looked-through.ts';
import { largerFirst, NOISE_PCT } from './shares.ts';

/** What may be crossed with another: any dimension, the companies themselves, and their issuers. */
export const CROSSED = [...DIMENSIONS, 'company', 'issuer'] as const;
export type Crossed = (typeof CROSSED)[number];

/** What counts under both words. The ids are those of companies and issuers; two may have one name. */
export type CrossCell = {
  readonly a: string;
  readonly b: string;
  readonly aId: string | null;
  readonly bId: string | null;
  readonly pct: number;
};

export const OTHER_COMPANIES = 'Other companies';
export const OTHER_ISSUERS = 'Other issuers';
export const NO_COMPANY = 'Not a company';

/** Where a leaf counts on one side: a small number, and what each number stands for. */
type Side = {
  readonly at: (instrument: number, attribute: number) => number;
  readonly labels: ReadonlyArray<{ readonly name: string; readonly id: string | null }>;
};

class Labels {
  readonly list: Array<{ name: string; id: string | null }> = [];
  private readonly numbers = new Map<string, number>();

  of(name: string, id: string | null): number {
    const key = id ?? ` ${name}`;
    const before = this.numbers.get(key);
    if (before !== undefined) return before;
    this.numbers.set(key, this.list.length);
    return this.list.push({ name, id }) - 1;
  }
}

const attributeSide = (attributes: readonly Attributes[], dimension: Dimension): Side => {
  const labels = new Labels();
  const numbers = attributes.map((one) => labels.of(wordOn(one, dimension), null));
  return { at: (_instrument, attribute) => numbers[attribute] ?? 0, labels: labels.list };
};

export type CrossOptions = {
  /** Name at most this many companies or issuers, the largest. */
  readonly companies?: number;
  /** Who issued what; needed for crosses with issuers. */
  readonly issuerOf?: IssuerOf;
};

/** A side of companies, or of the issuers that `issuerOf` makes of them. */
const companySide = (
  { closures, parts }: LookedThrough,
  { companies = Number.POSITIVE_INFINITY, issuerOf }: CrossOptions,
): Side => {
  const { attributes, instrumentIds, names } = closures.numbering;
  const counts = attributes.map((one) => isCompany(one));
  const idOf = (instrument: number): string => {
    const id = instrumentIds[instrument] ?? '';
    return issuerOf?.get(id)?.issuerId ?? id;
  };
  const sums = new Map<string, number>();
  const nameOf = new Map<string, string>();
  forEachLeaf(parts, (instrument, attribute, pct) => {
    if (counts[attribute] !== true) return;
    const id = idOf(instrument);
    sums.set(id, (sums.get(id) ?? 0) + pct);
    nameOf.set(id, issuerOf?.get(instrumentIds[instrument] ?? '')?.name ?? names[instrument] ?? '');
  });
  const largest = [...sums].toSorted(([a, pctA], [b, pctB]) => largerFirst(pctA, pctB) || (a < b ? -1 : 1));
  const labels = new Labels();
  const none = labels.of(NO_COMPANY, null);
  const other = labels.of(issuerOf === undefined ? OTHER_COMPANIES : OTHER_ISSUERS, null);
  const numbers = new Map(
    largest.slice(0, companies).map(([id]) => [id, labels.of(nameOf.get(id) ?? '', id)]),
  );
  return {
    at: (instrument, attribute) =>
      counts[attribute] === true ? (numbers.get(idOf(instrument)) ?? other) : none,
    labels: labels.list,
  };
};

/**
 * What counts under each pair of words, the largest first; sums to 100. What no row accounts for is Unclassified on
 * both sides, so that the sums over either side are the maps of the other. Of companies at most `companies` are named,
 * the largest; the rest are "Other companies". Likewise issuers.
 */
export const crossOf = (
  looked: LookedThrough,
  [first, second]: readonly [Crossed, Crossed],
  options: CrossOptions = {},
): CrossCell[] => {
  const { attributes } = looked.closures.numbering;
  const { issuerOf = new Map(), ...bare } = options;
  const sideOf = (one: Crossed): Side => {
    if (one === 'company') return companySide(looked, bare);
    return one === 'issuer' ? companySide(looked, { ...bare, issuerOf }) : attributeSide(attributes, one);
  };
  const [a, b] = [sideOf(first), sideOf(second)];
  const cells = new Map<string, { a: Label; b: Label; pct: number }>();
  const add = (one: Label, other: Label, pct: number): void => {
    const key = `${one.id ?? one.name}\t${other.id ?? other.name}`;
    const before = cells.get(key);
    if (before === undefined) cells.set(key, { a: one, b: other, pct });
    else before.pct += pct;
  };
  const sums = new Map<number, number>();
  forEachLeaf(looked.parts, (instrument, attribute, pct) => {
    const key = a.at(instrument, attribute) * 2 ** 24 + b.at(instrument, attribute);
    sums.set(key, (sums.get(key) ?? 0) + pct);
  });
  for (const [key, pct] of sums) {
    add(a.labels[Math.floor(key / 2 ** 24)] ?? NOWHERE, b.labels[key % 2 ** 24] ?? NOWHERE, pct);
  }
  const rest = 100 - looked.sums.total;
  if (Math.abs(rest) > NOISE_PCT) add(NOWHERE, NOWHERE, rest);
  return [...cells]
    .filter(([, { pct }]) => pct !== 0)
    .toSorted(([keyA, one], [keyB, other]) => largerFirst(one.pct, other.pct) || (keyA < keyB ? -1 : 1))
    .map(([, cell]) => ({ a: cell.a.name, b: cell.b.name, aId: cell.a.id, bId: cell.b.id, pct: cell.pct }));
};

type Label = Side['labels'][number];
const NOWHERE: Label = { name: UNCLASSIFIED, id: null };
