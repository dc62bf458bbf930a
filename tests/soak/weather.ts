/**
 * What goes wrong, and when: single answers of providers by dice, outages of whole providers, and blows to processes, all by
 * the seed and the length of the run. The last part of a run is clear, so that everything can recover.
 *
 * Contents: AnswerFault · Blow · Plan · planOf · faultOf
 */
import type { Random } from '../faults/random.ts';

/** How an answer of a provider goes wrong; `late-milliseconds` and `no-close-before` are odd, but true. */
export const ANSWER_FAULTS = [
  'silence',
  'cut',
  'too-many-requests',
  'too-many-requests-for-a-while',
  'server-error',
  'garbage',
  'redirect-to-a-page',
  'page',
  'hundredfold',
  'hundredth',
  'zero',
  'null',
  'negative',
  'other-currency',
  'future',
  'yesterday',
  'milliseconds',
  'odd-but-true',
] as const;
export type AnswerFault = (typeof ANSWER_FAULTS)[number];

/** Faults that make a whole provider useless for a while. */
const OUTAGES = [
  'silence',
  'cut',
  'too-many-requests',
  'server-error',
  'garbage',
  'redirect-to-a-page',
] as const satisfies readonly AnswerFault[];

export const STAND_INS = ['finnhub', 'yahoo', 'stooq'] as const;
export type StandIn = (typeof STAND_INS)[number];

/** What is done to a process. */
export const BLOWS = [
  'kill-worker',
  'kill-redis',
  'stop-redis-for-a-while',
  'fill-redis',
  'redis-lies',
  'hang-redis',
  'kill-postgresql',
  'restart-postgresql',
  'drop-listeners',
] as const;
export type Blow = (typeof BLOWS)[number];

type Outage = {
  readonly of: StandIn;
  readonly fault: AnswerFault;
  readonly fromMs: number;
  readonly toMs: number;
};

export type Plan = {
  readonly outages: readonly Outage[];
  readonly blows: readonly { readonly what: Blow; readonly atMs: number }[];
  /** Nothing goes wrong before, so that each line has a price to compare with, nor after. */
  readonly fromMs: number;
  readonly toMs: number;
};

const MINUTE = 60_000;
/** Each line is asked for once before anything lies about it. */
const FIRST_MINUTES = 3;
/** As long as a pause of a provider that failed lasts, and a round of fetches. */
const CLEAR_MINUTES = 7;
const OUTAGE_EVERY_MINUTES = 6;
const OUTAGE_MS = 45_000;
/** PostgreSQL is started again by its keeper at most so often in ten minutes. */
const BLOW_EVERY_MS = 80_000;
/** One answer in so many goes wrong. */
const FAULT_CHANCE = 0.12;

/** Lays out a run of so many minutes. */
export const planOf = (random: Random, minutes: number): Plan => {
  const fromMs = FIRST_MINUTES * MINUTE;
  const toMs = Math.max(fromMs, (minutes - CLEAR_MINUTES) * MINUTE);
  const outages: Outage[] = [];
  for (let at = fromMs + MINUTE; at + OUTAGE_MS < toMs; at += OUTAGE_EVERY_MINUTES * MINUTE) {
    const of = STAND_INS[outages.length % STAND_INS.length] ?? 'yahoo';
    outages.push({ of, fault: random.pick(OUTAGES), fromMs: at, toMs: at + OUTAGE_MS });
  }
  const blows: Plan['blows'][number][] = [];
  let order: Blow[] = [];
  for (let at = fromMs; at < toMs; at += BLOW_EVERY_MS) {
    if (order.length === 0) order = random.shuffled(BLOWS);
    const what = order.shift();
    if (what !== undefined) blows.push({ what, atMs: at + random.integer(0, BLOW_EVERY_MS / 2) });
  }
  return { outages, blows, fromMs, toMs };
};

/** What becomes of one answer at a moment of the run; null: it is given as it should be. */
export const faultOf = (plan: Plan, random: Random, of: StandIn, atMs: number): AnswerFault | null => {
  if (atMs < plan.fromMs || atMs >= plan.toMs) return null;
  const outage = plan.outages.find((one) => one.of === of && atMs >= one.fromMs && atMs < one.toMs);
  if (outage !== undefined) return outage.fault;
  return random.chance(FAULT_CHANCE) ? random.pick(ANSWER_FAULTS) : null;
};
