import { COMPANY, EQUITY } from './kinds.ts';
import type { Leaves } from './leaves.ts';
import type { Numbering } from './numbering.ts';

/** Per cent of something by instrument: numbers in ascending order, each once. */
export type Vector = { readonly instrument: Uint32Array; readonly pct: Float64Array };

/**
 * Leaves added up in the ways that answers need them, once: whoever holds the fund then only scales and adds these.
 */
export type Digest = {
  /** The sets of attributes that occur, and per cent of the fund under each. */
  readonly attribute: Uint32Array;
  readonly attributePct: Float64Array;
  readonly total: number;
  /** Companies by their shares, and by their other securities. Below zero where sold short. */
  readonly shares: Vector;
  readonly securities: Vector;
  /** Everything that counts as shares, funds as such too: what overlaps compare. Shorts are no holding. */
  readonly equity: Vector;
};

const NOTHING: Vector = { instrument: new Uint32Array(), pct: new Float64Array() };

/** Most funds hold nothing but shares, in one set of attributes each: their own columns serve. */
const isEachOnce = (instrument: Uint32Array): boolean => {
  for (let i = 1; i < instrument.length; i += 1) if (instrument[i] === instrument[i - 1]) return false;
  return true;
};

/** Adds up, instrument by instrument, the leaves whose attributes are taken. @param present the attributes that occur */
const vectorOf = (
  { instrument, attribute, pct }: Leaves,
  present: Uint32Array,
  isTaken: (kinds: number) => boolean,
  kinds: readonly number[],
): Vector => {
  const taken = present.filter((one) => isTaken(kinds[one] ?? 0));
  if (taken.length === 0) return NOTHING;
  if (taken.length === present.length && isEachOnce(instrument)) return { instrument, pct };
  const numbers = new Uint32Array(pct.length);
  const sums = new Float64Array(pct.length);
  let size = 0;
  for (let i = 0; i < pct.length; i += 1) {
    if (!isTaken(kinds[attribute[i] ?? 0] ?? 0)) continue;
    const number = instrument[i] ?? 0;
    if (size === 0 || numbers[size - 1] !== number) numbers[size++] = number;
    sums[size - 1] = (sums[size - 1] ?? 0) + (pct[i] ?? 0);
  }
  return { instrument: numbers.slice(0, size), pct: sums.slice(0, size) };
};

const isAllHeld = (pct: Float64Array): boolean => {
  for (let i = 0; i < pct.length; i += 1) if (!((pct[i] ?? 0) > 0)) return false;
  return true;
};

/** What is held, not owed. */
const positive = (vector: Vector): Vector => {
  const { instrument, pct } = vector;
  if (isAllHeld(pct)) return vector;
  const isHeld = (_: number, at: number): boolean => (pct[at] ?? 0) > 0;
  return { instrument: instrument.filter(isHeld), pct: pct.filter(isHeld) };
};

/** @param leaves in order of their instruments */
export const digestOf = (leaves: Leaves, numbering: Numbering): Digest => {
  const kinds = numbering.kinds;
  const sums = new Float64Array(kinds.length);
  const isSeen = new Uint8Array(kinds.length);
  const seen: number[] = [];
  let total = 0;
  for (let i = 0; i < leaves.pct.length; i += 1) {
    const at = leaves.attribute[i] ?? 0;
    const pct = leaves.pct[i] ?? 0;
    if (isSeen[at] === 0) {
      isSeen[at] = 1;
      seen.push(at);
    }
    total += pct;
    sums[at] = (sums[at] ?? 0) + pct;
  }
  const attribute = Uint32Array.from(seen);
  const shares = vectorOf(leaves, attribute, (bits) => bits === (COMPANY | EQUITY), kinds);
  const hasFunds = attribute.some((one) => kinds[one] === EQUITY);
  return {
    attribute,
    attributePct: Float64Array.from(seen, (at) => sums[at] ?? 0),
    total,
    shares,
    securities: vectorOf(leaves, attribute, (bits) => bits === COMPANY, kinds),
    equity: positive(hasFunds ? vectorOf(leaves, attribute, (bits) => (bits & EQUITY) !== 0, kinds) : shares),
  };
};
