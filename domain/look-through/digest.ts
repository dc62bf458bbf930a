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

/** Adds up, instrument by instrument, the leaves whose attributes are taken. */
const vectorOf = (
  { instrument, attribute, pct }: Leaves,
  isTaken: (kinds: number) => boolean,
  kinds: readonly number[],
): Vector => {
  const numbers = new Uint32Array(pct.length);
  const sums = new Float64Array(pct.length);
  let size = 0;
  for (let i = 0; i < pct.length; i += 1) {
    if (!isTaken(kinds[attribute[i] ?? 0] ?? 0)) continue;
    const number = instrument[i] ?? 0;
    if (size === 0 || numbers[size - 1] !== number) numbers[size++] = number;
    sums[size - 1] = (sums[size - 1] ?? 0) + (pct[i] ?? 0);
  }
  // Most funds hold nothing but shares, in one set of attributes each: their own columns serve.
  return size === pct.length
    ? { instrument, pct }
    : { instrument: numbers.slice(0, size), pct: sums.slice(0, size) };
};

/** What is held, not owed. */
const positive = (vector: Vector): Vector => {
  const { instrument, pct } = vector;
  if (pct.every((one) => one > 0)) return vector;
  const isHeld = (_: number, at: number): boolean => (pct[at] ?? 0) > 0;
  return { instrument: instrument.filter(isHeld), pct: pct.filter(isHeld) };
};

/** @param leaves in order of their instruments */
export const digestOf = (leaves: Leaves, numbering: Numbering): Digest => {
  const kinds = numbering.kinds;
  const byAttribute = new Map<number, number>();
  let total = 0;
  for (let i = 0; i < leaves.pct.length; i += 1) {
    const [attribute, pct] = [leaves.attribute[i] ?? 0, leaves.pct[i] ?? 0];
    total += pct;
    byAttribute.set(attribute, (byAttribute.get(attribute) ?? 0) + pct);
  }
  const attribute = Uint32Array.from(byAttribute.keys());
  const shares = vectorOf(leaves, (bits) => bits === (COMPANY | EQUITY), kinds);
  const hasFunds = attribute.some((one) => kinds[one] === EQUITY);
  return {
    attribute,
    attributePct: Float64Array.from(byAttribute.values()),
    total,
    shares,
    securities: vectorOf(leaves, (bits) => bits === COMPANY, kinds),
    equity: positive(hasFunds ? vectorOf(leaves, (bits) => (bits & EQUITY) !== 0, kinds) : shares),
  };
};
