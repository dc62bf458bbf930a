/** Parts of a fund as parallel columns: instrument, attributes, and per cent of the fund; in order of the first two. */
export type Leaves = {
  readonly instrument: Uint32Array;
  readonly attribute: Uint32Array;
  readonly pct: Float64Array;
};

const scaled = ({ instrument, attribute, pct }: Leaves, share: number): Leaves => ({
  instrument,
  attribute,
  pct: share === 100 ? pct : pct.map((one) => (one * share) / 100),
});

/** Below zero when the entry `i` of `a` comes before the entry `k` of `b`. */
const order = (a: Leaves, i: number, b: Leaves, k: number): number =>
  (a.instrument[i] ?? 0) - (b.instrument[k] ?? 0) || (a.attribute[i] ?? 0) - (b.attribute[k] ?? 0);

const merged = (a: Leaves, b: Leaves): Leaves => {
  const [n, m] = [a.pct.length, b.pct.length];
  const instrument = new Uint32Array(n + m);
  const attribute = new Uint32Array(n + m);
  const pct = new Float64Array(n + m);
  let size = 0;
  for (let i = 0, k = 0; i < n || k < m; size += 1) {
    const side = i >= n ? 1 : k >= m ? -1 : order(a, i, b, k);
    const [from, at] = side <= 0 ? [a, i] : [b, k];
    instrument[size] = from.instrument[at] ?? 0;
    attribute[size] = from.attribute[at] ?? 0;
    pct[size] = (from.pct[at] ?? 0) + (side === 0 ? (b.pct[k] ?? 0) : 0);
    if (side <= 0) i += 1;
    if (side >= 0) k += 1;
  }
  return {
    instrument: instrument.slice(0, size),
    attribute: attribute.slice(0, size),
    pct: pct.slice(0, size),
  };
};

/** Adds parts up, each at its share in per cent: pairs of pairs, so that many small parts cost little more than one. */
export const sumOfLeaves = (
  parts: ReadonlyArray<{ readonly leaves: Leaves; readonly pct: number }>,
): Leaves => {
  let layer = parts.map(({ leaves, pct }) => scaled(leaves, pct));
  while (layer.length > 1) {
    const next: Leaves[] = [];
    for (let i = 0; i < layer.length; i += 2) {
      const [a, b] = [layer[i], layer[i + 1]];
      if (a !== undefined) next.push(b === undefined ? a : merged(a, b));
    }
    layer = next;
  }
  return layer[0] ?? NONE;
};

const NONE: Leaves = {
  instrument: new Uint32Array(),
  attribute: new Uint32Array(),
  pct: new Float64Array(),
};

/** The entries that are not among those left out. */
export const leavesWithout = ({ instrument, attribute, pct }: Leaves, left: ReadonlySet<number>): Leaves => {
  const isKept = (_: number, at: number): boolean => !left.has(at);
  return {
    instrument: instrument.filter(isKept),
    attribute: attribute.filter(isKept),
    pct: pct.filter(isKept),
  };
};

/** The first place whose instrument is not below this one, from `from` on. */
const placeOf = (instrument: Uint32Array, wanted: number, from: number): number => {
  let [low, high] = [from, instrument.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((instrument[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Hands over the places of these instruments' entries. @param wanted in ascending order */
export const forWanted = (
  { instrument }: Leaves,
  wanted: Uint32Array,
  take: (at: number, instrument: number) => void,
): void => {
  let at = 0;
  for (const one of wanted) {
    at = placeOf(instrument, one, at);
    for (; instrument[at] === one; at += 1) take(at, one);
  }
};
