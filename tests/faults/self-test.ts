/**
 * Proves that the comparison can fail: each fault that it is there to find is planted, and must be found as what it is.
 * Without a product; at the end of a run `sabotage.ts` does the same with a real one.
 *
 * Contents: selfTest
 */
import type { Standing, Write } from './book.ts';
import { createBook, standingOf } from './book.ts';
import { storedRequest } from './client.ts';
import type { Outcome } from './client.ts';
import { importFigures } from './figures.ts';
import type { ConstituentFigures } from './figures.ts';
import { judge, judgeRepeat } from './judge.ts';
import type { Observed } from './judge.ts';
import { planRounds } from './plan.ts';

/** A case: what is planted, and what must be said of it. */
type Case = {
  readonly what: string;
  readonly writes: readonly Write[];
  readonly found: Readonly<Record<string, readonly string[]>>;
  /** Kind and place of each problem; none for what is right. */
  readonly expected: readonly string[];
};

const write = (place: string, figures: string, standing: Standing, answer = '{"id":1}'): Write => ({
  id: `key of ${place}`,
  place,
  figures,
  request: storedRequest('GET /healthz', {}),
  round: 1,
  standing,
  answer,
});

const row = (name: string): ConstituentFigures => ({ isin: `GB${name}`, name, weightPct: '50' });

const CASES: readonly Case[] = [
  {
    what: 'all as it was said',
    writes: [
      write('a', '1', 'acknowledged'),
      write('b', '2', 'unanswered'),
      write('c', '3', 'unanswered'),
      write('d', '4', 'refused'),
      write('e', '5', 'accepted'),
    ],
    found: { a: ['1'], b: ['2'] },
    expected: [],
  },
  {
    what: 'an acknowledged write that is not there',
    writes: [write('a', '1', 'acknowledged'), write('b', '2', 'acknowledged')],
    found: { b: ['2'] },
    expected: ['lost a'],
  },
  {
    what: 'a write that is there twice',
    writes: [write('a', '1', 'acknowledged'), write('b', '2', 'unanswered')],
    found: { a: ['1', '1'], b: ['2', '2'] },
    expected: ['doubled a', 'doubled b'],
  },
  {
    what: 'a write with one digit changed',
    writes: [write('a', 'buy of 0.0000000001', 'acknowledged'), write('b', '2', 'unanswered')],
    found: { a: ['buy of 0.000000001'], b: ['half of 2'] },
    expected: ['altered a', 'altered b'],
  },
  {
    what: 'a write that was refused and is there, and one that nobody asked for',
    writes: [write('a', '1', 'refused')],
    found: { a: ['1'], b: ['2'] },
    expected: ['unasked a', 'unasked b'],
  },
  {
    what: 'a correction that was acknowledged and fell back',
    writes: [write('a', 'old', 'acknowledged'), write('a', 'new', 'acknowledged')],
    found: { a: ['old'] },
    expected: ['altered a'],
  },
  {
    what: 'a correction without an answer, done or not',
    writes: [
      write('a', 'old', 'acknowledged'),
      write('a', 'new', 'unanswered'),
      write('b', 'old', 'acknowledged'),
      write('b', 'new', 'unanswered'),
    ],
    found: { a: ['old'], b: ['new'] },
    expected: [],
  },
  {
    what: 'a correction without an answer that took the old one with it',
    writes: [write('a', 'old', 'acknowledged'), write('a', 'new', 'unanswered')],
    found: {},
    expected: ['lost a'],
  },
  {
    what: 'half an import',
    writes: [write('a', importFigures([row('1'), row('2')]), 'acknowledged')],
    found: { a: [importFigures([row('1')])] },
    expected: ['altered a'],
  },
];

type Repeat = {
  readonly what: string;
  readonly write: Write;
  readonly wasThere: boolean;
  readonly outcome: Outcome;
  readonly isFault: boolean;
};

const FIRST_ANSWER = { id: 1 };
const answered = (status: number, replayed: boolean, body: unknown = FIRST_ANSWER): Outcome => ({
  kind: 'answered',
  status,
  replayed,
  body,
});
const open = write('a', '1', 'unanswered');
const done = write('a', '1', 'acknowledged');

const REPEATS: readonly Repeat[] = [
  { what: 'done before', write: open, wasThere: true, outcome: answered(201, true), isFault: false },
  { what: 'not done before', write: open, wasThere: false, outcome: answered(201, false), isFault: false },
  { what: 'done a second time', write: open, wasThere: true, outcome: answered(201, false), isFault: true },
  {
    what: 'a key without its write',
    write: open,
    wasThere: false,
    outcome: answered(201, true),
    isFault: true,
  },
  { what: 'refused', write: open, wasThere: false, outcome: answered(409, false), isFault: true },
  { what: 'the first answer', write: done, wasThere: true, outcome: answered(201, true), isFault: false },
  {
    what: 'another answer',
    write: done,
    wasThere: true,
    outcome: answered(201, true, { id: 2 }),
    isFault: true,
  },
  {
    what: 'no answer',
    write: done,
    wasThere: true,
    outcome: { kind: 'unanswered', reason: 'ECONNRESET' },
    isFault: true,
  },
];

/** Runs all cases. @returns what the comparison failed to find, or found where nothing is */
export const selfTest = (): readonly string[] => [
  ...CASES.flatMap(checkCase),
  ...REPEATS.flatMap(checkRepeat),
  ...checkStandings(),
  ...checkPlan(),
];

const checkCase = ({ what, writes, found, expected }: Case): string[] => {
  const observed: Observed = { covers: () => true, found: new Map(Object.entries(found)) };
  const said = judge(writes, observed).map(({ kind, place }) => `${kind} ${place}`);
  return said.join() === expected.join()
    ? []
    : [`${what}: said “${said.join(', ')}”, not “${expected.join(', ')}”`];
};

const checkRepeat = ({ what, write: one, wasThere, outcome, isFault }: Repeat): string[] => {
  const said = judgeRepeat(one, wasThere, outcome);
  return (said !== undefined) === isFault ? [] : [`sent again, ${what}: said ${said ?? 'nothing'}`];
};

const checkStandings = (): string[] => {
  const expected: readonly (readonly [Outcome, Standing])[] = [
    [answered(201, false), 'acknowledged'],
    [answered(202, false), 'accepted'],
    [answered(422, false), 'refused'],
    [answered(503, false), 'unanswered'],
    [{ kind: 'unanswered', reason: 'ECONNRESET' }, 'unanswered'],
  ];
  const book = createBook();
  return expected.flatMap(([outcome, standing]) => {
    const { place, figures, id, request } = open;
    const opened = book.open({ place, figures, id, request });
    if (opened.standing !== 'unanswered') return ['a write that was just sent counts as answered'];
    book.close(opened, outcome);
    return opened.standing === standing && standingOf(outcome).standing === standing
      ? []
      : [`${JSON.stringify(outcome)} counts as ${opened.standing}`];
  });
};

/** The same seed must kill at the same moments, another at others. */
const checkPlan = (): string[] => {
  const [one, same, other] = [1, 1, 2].map((seed) => JSON.stringify(planRounds(seed, 30)));
  return one === same && one !== other ? [] : ['the plan does not follow from the seed'];
};
