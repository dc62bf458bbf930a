/**
 * Ids (UUIDv7) that stand in the order in which they are made, also within a millisecond: lists are in the order of their
 * ids, and what is brought in together keeps its order.
 */
import { randomUUIDv7 } from 'node:crypto';

const TIME_DIGITS = 12;
const COUNT_BITS = 12n;

/** A source of such ids. Each has a random part of 62 bits. */
export const orderedIds = (): (() => string) => {
  const hexOf = (id: string): string => id.replaceAll('-', '');
  const base = BigInt(`0x${hexOf(randomUUIDv7()).slice(0, TIME_DIGITS)}`);
  let made = 0n;
  return () => {
    const at = made;
    made += 1n;
    const random = hexOf(randomUUIDv7());
    const time = (base + (at >> COUNT_BITS)).toString(16).padStart(TIME_DIGITS, '0');
    const count = (at & ((1n << COUNT_BITS) - 1n)).toString(16).padStart(3, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${random.slice(16, 20)}-${random.slice(20)}`;
  };
};
