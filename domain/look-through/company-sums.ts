import type { Vector } from './digest.ts';
import { COMPANY, EQUITY } from './kinds.ts';
import type { LookedThrough } from './looked-through.ts';
import type { Room } from './numbering.ts';

/** Per cent of the whole in each company, in no order. */
export type CompanySums = {
  readonly instrument: Uint32Array;
  /** In all its securities. */
  readonly pct: Float64Array;
  /** In its shares only. */
  readonly sharesPct: Float64Array;
};

/** Adds a part's companies to the sums; new ones are noted. @returns how many are noted now */
const addAll = (
  { seen, touched }: Room,
  sums: Float64Array,
  { instrument, pct }: Vector,
  share: number,
  noted: number,
): number => {
  const scale = share / 100;
  let count = noted;
  for (let i = 0; i < pct.length; i += 1) {
    const at = instrument[i] ?? 0;
    if (seen[at] === 0) {
      seen[at] = 1;
      touched[count] = at;
      count += 1;
    }
    sums[at] = (sums[at] ?? 0) + scale * (pct[i] ?? 0);
  }
  return count;
};

/** Adds up what every part holds in companies. */
export const companySums = ({ parts, closures: { numbering } }: LookedThrough): CompanySums => {
  const room = numbering.room();
  let count = 0;
  for (const part of parts) {
    if (part.closure !== null) {
      const { shares, securities } = part.closure.digest;
      count = addAll(room, room.first, shares, part.pct, count);
      if (securities.pct.length > 0) count = addAll(room, room.second, securities, part.pct, count);
      continue;
    }
    const kinds = numbering.kinds[part.attribute] ?? 0;
    if ((kinds & COMPANY) === 0) continue;
    const whole = { instrument: Uint32Array.of(part.instrument), pct: Float64Array.of(100) };
    count = addAll(room, (kinds & EQUITY) === 0 ? room.second : room.first, whole, part.pct, count);
  }
  const instrument = room.touched.slice(0, count);
  const sharesPct = new Float64Array(count);
  const pct = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const at = instrument[i] ?? 0;
    const [first, second] = [room.first[at] ?? 0, room.second[at] ?? 0];
    sharesPct[i] = first;
    pct[i] = first + second;
    room.first[at] = 0;
    room.second[at] = 0;
    room.seen[at] = 0;
  }
  return { instrument, pct, sharesPct };
};
