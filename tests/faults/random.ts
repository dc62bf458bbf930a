/**
 * Dice that fall the same way for the same seed.
 *
 * Contents: Random · createRandom
 */

/** A stream of random choices. */
export type Random = {
  /** A number from 0 up to, but without, 1. */
  next(): number;
  /** A whole number between the two, both included. */
  integer(least: number, most: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  /**
   * A positive decimal as text, without trailing zeros, as the product gives it back: at most so many digits before
   * and so many places after the point.
   */
  decimal(digitsMax: number, placesMax: number): string;
};

const UINT32 = 2 ** 32;

/** FNV-1a, so that streams of one seed with different labels have nothing in common. */
const hash = (text: string): number => {
  let value = 0x81_1c_9d_c5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01_00_01_93);
  return value >>> 0;
};

/**
 * Makes a stream.
 * @param label what it is for: each writer of each round has its own, so that one that draws more often changes no other
 */
export const createRandom = (seed: number, label: string): Random => {
  let state = hash(`${seed} ${label}`);
  // Mulberry32, by Tommy Ettinger; public domain.
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32;
  };
  const integer = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  const digits = (count: number): string => Array.from({ length: count }, () => integer(0, 9)).join('');
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (list) => {
      const found = list[integer(0, list.length - 1)];
      if (found === undefined) throw new Error('nothing to pick from');
      return found;
    },
    shuffled: (list) =>
      list
        .map((value) => ({ value, at: next() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ value }) => value),
    decimal: (digitsMax, placesMax) => {
      const whole = `${integer(1, 9)}${digits(integer(0, digitsMax - 1))}`;
      const places = integer(0, placesMax);
      return places === 0 ? whole : `${whole}.${digits(places - 1)}${integer(1, 9)}`;
    },
  };
};
