// Random lives of a portfolio, from a seed: purchases, sales, dividends, fees, splits, money in and out, gaps in prices.

import type { Act, Market } from './returns.ts';

/** A source of numbers that is the same every time. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
};

const INSTRUMENTS = 3;
/** What people did, and what the market was like meanwhile. */
export interface Story {
  readonly acts: readonly Act[];
  readonly market: Market;
}

/**
 * A random life of a portfolio of three instruments, every other one foreign, and cash; the same for the same seed.
 * @param poundsOn pounds for one unit of the foreign currency on a day, as plain decimal text
 */
export const storyFrom = (seed: number, length: number, poundsOn: (day: number) => string): Story => {
  const random = randomFrom(seed);
  const foreign = Array.from({ length: INSTRUMENTS }, (_, at) => at % 2 === 1);
  const close = foreign.map(() => {
    let level = 20 + random() * 50;
    return Array.from({ length }, (_, day) => {
      level *= 0.95 + random() * 0.1;
      return day > 0 && random() < 0.4 ? undefined : level.toFixed(4);
    });
  });
  const acts: Act[] = [
    { day: 1, what: 'deposit', instrument: -1, qty: '100000', price: '0', fees: '0', settles: false },
  ];
  const held = foreign.map(() => 0);
  for (let at = 0; at < 30; at += 1) {
    const day = 2 + Math.floor((at / 30) * (length - 3));
    const which = Math.floor(random() * INSTRUMENTS);
    const amount = 1 + Math.floor(random() * 50);
    const base = {
      day,
      instrument: which,
      price: '0',
      fees: '0',
      settles: random() < 0.6,
      qty: String(amount),
    };
    const chance = random();
    const worth = (20 + random() * 40).toFixed(2);
    if (chance < 0.5) {
      acts.push({ ...base, what: 'buy', price: worth, fees: '1.5' });
      held[which] = (held[which] ?? 0) + amount;
    } else if (chance < 0.65 && (held[which] ?? 0) > 1) {
      const sold = Math.min(amount, held[which] ?? 0);
      acts.push({ ...base, what: 'sell', qty: String(sold), price: worth, fees: '1' });
      held[which] = (held[which] ?? 0) - sold;
    } else if (chance < 0.75) acts.push({ ...base, what: 'dividend' });
    else if (chance < 0.8) acts.push({ ...base, what: 'fee' });
    else if (chance < 0.85 && day > 3) {
      acts.push({ ...base, what: 'split', qty: '2' });
      held[which] = (held[which] ?? 0) * 2;
    } else {
      const what = chance < 0.95 ? 'deposit' : 'withdrawal';
      acts.push({ ...base, instrument: -1, what, qty: String(amount * 10), settles: false });
    }
  }
  // Splits come first on their day, whatever the order of recording.
  acts.sort((a, b) => a.day - b.day || Number(a.what !== 'split') - Number(b.what !== 'split'));
  const pounds = Array.from({ length }, (_, day) => poundsOn(day));
  return { acts, market: { foreign, close, pounds } };
};
