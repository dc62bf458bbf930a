import type { Room } from './numbering.ts';
import type { Vector } from './vectors.ts';

/** A company that two hold, by number. */
export type Common = {
  readonly instrument: number;
  readonly pctA: number;
  readonly pctB: number;
  /** The smaller of the two. */
  readonly sharedPct: number;
};

/** What two of many have in common. */
export type Pair = {
  readonly pct: number;
  /** In so many companies. */
  readonly count: number;
  /** The largest of them, the largest first, equals by id. */
  readonly largest: readonly Common[];
};

/** The largest so many of what two hold in common. */
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

/** Who holds each company and how much of it: one company after the other, of each the largest holder first. */
type Holders = {
  readonly instrument: Uint32Array;
  /** Where each company's holders begin, and where the last one's end. */
  readonly start: Uint32Array;
  readonly holder: Uint16Array;
  readonly pct: Float64Array;
};

const holdersOf = (vectors: readonly Vector[], { first: place, touched }: Room): Holders => {
  let [companies, entries] = [0, 0];
  for (const { instrument } of vectors) {
    entries += instrument.length;
    for (let i = 0; i < instrument.length; i += 1) {
      const at = instrument[i] ?? 0;
      if (place[at] === 0) touched[companies++] = at;
      place[at] = (place[at] ?? 0) + 1;
    }
  }
  const instrument = touched.slice(0, companies);
  const start = new Uint32Array(companies + 1);
  for (let i = 0; i < companies; i += 1) {
    const at = instrument[i] ?? 0;
    start[i + 1] = (start[i] ?? 0) + (place[at] ?? 0);
    place[at] = start[i] ?? 0;
  }
  const holder = new Uint16Array(entries);
  const pct = new Float64Array(entries);
  for (const [one, vector] of vectors.entries()) {
    for (let i = 0; i < vector.pct.length; i += 1) {
      const at = vector.instrument[i] ?? 0;
      const to = place[at] ?? 0;
      holder[to] = one;
      pct[to] = vector.pct[i] ?? 0;
      place[at] = to + 1;
    }
  }
  for (const at of instrument) place[at] = 0;
  for (let i = 0; i < companies; i += 1) sortPart(pct, holder, start[i] ?? 0, start[i + 1] ?? 0);
  return { instrument, start, holder, pct };
};

/** Puts a part in order, the largest first, by insertion: the parts are small. */
const sortPart = (pct: Float64Array, holder: Uint16Array, from: number, end: number): void => {
  for (let i = from + 1; i < end; i += 1) {
    const [share, who] = [pct[i] ?? 0, holder[i] ?? 0];
    let at = i;
    for (; at > from && (pct[at - 1] ?? 0) < share; at -= 1) {
      pct[at] = pct[at - 1] ?? 0;
      holder[at] = holder[at - 1] ?? 0;
    }
    pct[at] = share;
    holder[at] = who;
  }
};

/**
 * What each two of these hold in common: Σ min of their shares of one company.
 *
 * Gone through company by company rather than pair by pair: what two do not share is never looked at, and with the
 * largest holder first the smaller share is always the later one, so that nothing is compared.
 * @param names of so many of the largest companies of each pair is told
 * @param ids of the instruments, by number
 */
export const pairsOf = (
  vectors: readonly Vector[],
  room: Room,
  names: number,
  ids: readonly string[],
): ((a: number, b: number) => Pair) => {
  const n = vectors.length;
  const sums = new Float64Array(n * n);
  const counts = new Uint32Array(n * n);
  const least = new Float64Array(n * n);
  const largest = new Map<number, Largest>();
  const { instrument, start, holder, pct } = holdersOf(vectors, room);
  const note = (company: number, more: number, less: number): void => {
    const [x, y] = [holder[more] ?? 0, holder[less] ?? 0];
    const [a, b] = x < y ? [more, less] : [less, more];
    const [low, high] = x < y ? [x, y] : [y, x];
    const kept = largest.get(low * n + high) ?? new Largest(names, ids);
    const one = { instrument: instrument[company] ?? 0, pctA: pct[a] ?? 0, pctB: pct[b] ?? 0 };
    kept.add({ ...one, sharedPct: pct[less] ?? 0 });
    largest.set(low * n + high, kept);
    least[low * n + high] = kept.least;
    least[high * n + low] = kept.least;
  };
  for (let company = 0; company < instrument.length; company += 1) {
    const [from, end] = [start[company] ?? 0, start[company + 1] ?? 0];
    for (let less = from + 1; less < end; less += 1) {
      const [share, who] = [pct[less] ?? 0, holder[less] ?? 0];
      for (let more = from; more < less; more += 1) {
        const at = (holder[more] ?? 0) * n + who;
        sums[at] = (sums[at] ?? 0) + share;
        counts[at] = (counts[at] ?? 0) + 1;
        if (names > 0 && share >= (least[at] ?? 0)) note(company, more, less);
      }
    }
  }
  // A pair is counted under whichever of the two had more of a company.
  return (a, b) => {
    const [one, other] = [a * n + b, b * n + a];
    return {
      pct: (sums[one] ?? 0) + (sums[other] ?? 0),
      count: (counts[one] ?? 0) + (counts[other] ?? 0),
      largest: largest.get(Math.min(a, b) * n + Math.max(a, b))?.list ?? [],
    };
  };
};
