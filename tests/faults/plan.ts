/**
 * What is killed in which round, and when: all of it follows from the seed.
 *
 * Contents: KINDS · RoundPlan · planRounds
 */
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

/** What a round does to the product. */
export const KINDS = {
  app: 'the app alone, while people write; PostgreSQL lives on',
  'app-group': 'the app with its process group, while people write',
  everything: 'the app and every process of PostgreSQL at once, while people write',
  postmaster: 'PostgreSQL’s main process, while people write; the app mends that by itself',
  backend: 'one of PostgreSQL’s processes, while people write; the app mends that by itself',
  'postmaster-then-app': 'PostgreSQL’s main process, then the app while it mends that',
  starting: 'a start, at some moment of it',
  recovering: 'everything while people write, then the start after it too',
  stopping: 'a stop, at some moment of it, while people write',
  'stopping-a-start': 'nothing: a start is asked to stop',
  'first-start': 'first starts in an empty folder, then everything while people write',
} as const;

export type RoundKind = keyof typeof KINDS;

/** What a kill hits. */
export type Victim = 'app' | 'app-group' | 'everything' | 'postmaster';

export type RoundPlan = {
  readonly number: number;
  readonly kind: RoundKind;
  /** The kill comes once so many writes of the round are acknowledged … */
  readonly afterWrites: number;
  /** … and so many milliseconds more have gone by. */
  readonly delayMs: number;
  /** Between the two kills or signals of a round that has two, in milliseconds. */
  readonly pauseMs: number;
  /** How long the writers go on after the kill, in milliseconds. */
  readonly writeOnMs: number;
  /** Moments of the starts that are killed, as parts of the time that such a start takes. */
  readonly startParts: readonly number[];
  /** What is killed where the kind leaves that open. */
  readonly victim: Victim;
  /** Which of several processes is hit, as a part of their list. */
  readonly which: number;
};

/** First those that a short run must not miss, then the others; each comes once before any comes twice. */
const CORE: readonly RoundKind[] = ['everything', 'first-start', 'app'];
const OTHERS: readonly RoundKind[] = [
  'postmaster',
  'backend',
  'starting',
  'recovering',
  'stopping',
  'app-group',
  'postmaster-then-app',
  'stopping-a-start',
];

/** The first part of a start only loads the program; a little after it the next requests come. In per cent. */
const FIRST_PART = 25;
const LAST_PART = 105;

/** The rounds of a run, of all kinds or of one. */
export const planRounds = (seed: number, rounds: number, only?: RoundKind): readonly RoundPlan[] => {
  const random = createRandom(seed, 'kinds');
  const kinds: RoundKind[] = [];
  while (kinds.length < rounds) kinds.push(...random.shuffled(CORE), ...random.shuffled(OTHERS));
  return kinds.slice(0, rounds).map((kind, index) => planRound(seed, index + 1, only ?? kind));
};

const planRound = (seed: number, number: number, kind: RoundKind): RoundPlan => {
  const random = createRandom(seed, `round ${number}`);
  return {
    number,
    kind,
    afterWrites: random.integer(5, kind === 'first-start' ? 40 : 140),
    delayMs: random.integer(0, 20),
    pauseMs: random.integer(0, kind === 'stopping' ? 150 : 400),
    writeOnMs: random.integer(0, 300),
    startParts: Array.from(
      { length: random.integer(1, 2) },
      () => random.integer(FIRST_PART, LAST_PART) / 100,
    ),
    victim: victimOf(random, kind),
    which: random.next(),
  };
};

const victimOf = (random: Random, kind: RoundKind): Victim => {
  const victims: readonly Victim[] =
    kind === 'starting' ? ['app', 'everything', 'postmaster'] : ['app', 'app-group', 'everything'];
  return random.pick(victims);
};
