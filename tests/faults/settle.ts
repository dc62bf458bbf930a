/**
 * After a kill and a start: is everything there that was said to be, and only that? What had no answer is sent again.
 *
 * Contents: World · Tally · settle · awaitAccepted
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Book, Write } from './book.ts';
import { standingOf } from './book.ts';
import { storedRequest } from './client.ts';
import { checkDatabase } from './database-checks.ts';
import type { Household } from './household.ts';
import { describeProblem, judge, judgeRepeat } from './judge.ts';
import type { Observed } from './judge.ts';
import type { Product } from './product.ts';
import { strangersBeside } from './product.ts';
import { createRandom } from './random.ts';
import { readBack } from './read-back.ts';

/** An install with its household and what was written there. */
export type World = {
  readonly seed: number;
  readonly household: Household;
  readonly book: Book;
  /** The product as it was started last. */
  product: Product;
  /** Places whose problems were told already. */
  readonly told: Set<string>;
};

/** What a check has counted. */
export type Tally = {
  readonly acknowledged: number;
  readonly unanswered: number;
  /** Unanswered writes that were carried out nevertheless. */
  readonly done: number;
  /** Acknowledged writes that were sent again. */
  readonly repeated: number;
  /** Writes that are not there exactly once as they were sent. */
  readonly lost: number;
  readonly holdings: number;
  readonly trades: number;
  readonly problems: readonly string[];
};

/** Acknowledged writes of a round that are sent again. */
const REPEATS = 5;
/** Days of funds from earlier rounds that are read again. */
const OLD_IMPORTS = 3;
/** A job whose worker was killed is given back after twenty seconds at most. */
const JOB_LIMIT_MS = 45_000;
const POLL_MS = 250;
const TRIES = 20;

/**
 * Checks everything after a round; sends again what had no answer, and some of what had.
 * @param all reads every import again, not only those of the round and some others
 */
export const settle = async (world: World, round: number, all = false): Promise<Tally> => {
  const { book, product } = world;
  const written = book.ofRound(round);
  const problems = [...(await strangersBeside(product)), ...refusals(world, written)];
  const wrong = await lookAtAccepted(world);
  const acknowledged = written.filter(
    ({ standing }) => standing === 'acknowledged' || standing === 'accepted',
  );
  const unanswered = written.filter(({ standing }) => standing === 'unanswered');
  const imports = all ? importsOf(book) : importsToRead(world, round);

  const before = await readBack(world.household, imports);
  wrong.push(...findWrong(world, before.observed));
  const there = unanswered.filter((write) => isThere(write, before.observed));
  const repeats = createRandom(world.seed, `repeats ${round}`).shuffled(acknowledged).slice(0, REPEATS);
  for (const write of [...unanswered, ...repeats]) {
    problems.push(...(await sendAgain(world, write, before.observed)));
  }

  const after = await readBack(world.household, imports);
  wrong.push(...findWrong(world, after.observed));
  const database = await checkDatabase(product.install);
  problems.push(...wrong, ...after.problems, ...database.problems);
  return {
    acknowledged: acknowledged.length,
    unanswered: unanswered.length,
    done: there.length,
    repeated: repeats.length,
    lost: wrong.length,
    holdings: database.holdings,
    trades: database.trades,
    problems: once(world, problems),
  };
};

/** Nothing that the writers send may be refused. */
const refusals = (world: World, written: readonly Write[]): string[] =>
  written
    .filter(({ standing }) => standing === 'refused')
    .map(({ id, request, answer }) => `${id} (${request.key}) was refused: ${answer ?? ''}`);

const importsOf = (book: Book): readonly Write[] =>
  book.writes.filter(({ place }) => place.startsWith('constituents '));

/** All days of this round, and some of earlier ones: reading them all each time would take longer than the rest. */
const importsToRead = ({ book, seed }: World, round: number): readonly Write[] => {
  const imports = importsOf(book);
  const old = imports.filter((write) => write.round < round);
  return [
    ...imports.filter((write) => write.round === round),
    ...createRandom(seed, `old imports ${round}`).shuffled(old).slice(0, OLD_IMPORTS),
  ];
};

const findWrong = ({ book, told }: World, observed: Observed): string[] =>
  judge(book.writes, observed)
    .filter(({ place }) => !told.has(place))
    .map((problem) => {
      told.add(problem.place);
      return describeProblem(problem);
    });

const isThere = ({ place, figures }: Write, { found }: Observed): boolean =>
  found.get(place)?.includes(figures) === true;

/** Sends a write again as it was; the database may be away for a moment still. */
const sendAgain = async (world: World, write: Write, observed: Observed): Promise<string[]> => {
  let outcome = await world.household.client.send(write.request);
  for (let tries = 1; tries < TRIES && standingOf(outcome).standing === 'unanswered'; tries += 1) {
    await sleep(POLL_MS);
    outcome = await world.household.client.send(write.request);
  }
  const isLater = write.request.headers['prefer'] !== undefined;
  // An import that is done later says nothing about whether it was asked for.
  const isUnknown = isLater || world.told.has(write.place);
  const wasThere = isUnknown ? undefined : write.standing !== 'unanswered' || isThere(write, observed);
  const problem = judgeRepeat(write, wasThere, outcome);
  if (write.standing === 'unanswered') world.book.close(write, outcome);
  return problem === undefined ? [] : [problem];
};

/** Follows the imports that were put aside for later. @returns those that failed or are not known any more */
const lookAtAccepted = async ({ book, household }: World): Promise<string[]> => {
  const problems: string[] = [];
  for (const write of book.writes.filter(({ standing }) => standing === 'accepted')) {
    const { importId } = JSON.parse(write.answer ?? '{}') as { readonly importId: string };
    const request = storedRequest('GET /api/imports/:id', { params: { id: importId } });
    const outcome = await household.client.send(request);
    // Away for a moment: the next look will tell.
    if (standingOf(outcome).standing === 'unanswered' || outcome.kind === 'unanswered') continue;
    const { state, error } = outcome.body as { readonly state?: string; readonly error?: unknown };
    if (state === 'succeeded') write.standing = 'acknowledged';
    else if (state !== 'queued' && state !== 'running') {
      write.standing = 'refused';
      const why =
        outcome.status === 200 ? `it failed: ${JSON.stringify(error)}` : 'nobody knows of it any more';
      problems.push(`LOST ${write.place}, which was accepted as ${write.id}: ${why}`);
    }
  }
  return problems;
};

/** Waits for all imports that were put aside. */
export const awaitAccepted = async (world: World): Promise<readonly string[]> => {
  const deadline = performance.now() + JOB_LIMIT_MS;
  const problems: string[] = [];
  for (;;) {
    problems.push(...(await lookAtAccepted(world)));
    const waiting = world.book.writes.filter(({ standing }) => standing === 'accepted');
    if (waiting.length === 0) return problems;
    if (performance.now() > deadline) {
      const names = waiting.map(({ id }) => id).join(', ');
      return [...problems, `not done by the worker within ${JOB_LIMIT_MS / 1000} s: ${names}`];
    }
    await sleep(POLL_MS);
  }
};

/** What was not told before: a fault of one round would otherwise be a fault of all that follow. */
const once = ({ told }: World, problems: readonly string[]): readonly string[] => {
  const fresh = [...new Set(problems)].filter((problem) => !told.has(problem));
  for (const problem of fresh) told.add(problem);
  return fresh;
};
