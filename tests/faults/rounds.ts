/**
 * The story of each kind of round: write, kill, start again, compare.
 *
 * Contents: Pace · RoundResult · runRound
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { signalProcess } from '../../server/src/platform/database/embedded/processes.ts';
import { createBook } from './book.ts';
import type { Home } from './home.ts';
import { settleIn } from './household.ts';
import type { RoundPlan } from './plan.ts';
import { awaitReady, startProduct, stopProduct, strike, strikeBackend, uglyWords } from './product.ts';
import type { Product } from './product.ts';
import { settle } from './settle.ts';
import type { Tally, World } from './settle.ts';
import { startWriters } from './writers.ts';

/** How quick this machine is, in milliseconds. */
export type Pace = {
  /** What the latest starts took: the moments of kills are parts of these, and other work comes and goes. */
  firstMs: number;
  startMs: number;
  /** What a start may take. */
  readonly firstLimitMs: number;
  readonly startLimitMs: number;
};

/** What a run measures, in milliseconds. */
export type Measure = {
  readonly what: 'start' | 'first start' | 'mended by itself' | 'stop';
  readonly ms: number;
};

/** What came of a round. */
export type RoundResult = {
  /** What was hit, and when, in words. */
  readonly hits: readonly string[];
  readonly measures: readonly Measure[];
  readonly tally: Tally | undefined;
  readonly problems: readonly string[];
  /** The product that shows the problems best. */
  readonly product: Product;
};

/** A start takes one to two seconds; whoever waits longer than this believes that it is broken. */
export const START_LIMIT_MS = 20_000;
export const FIRST_START_LIMIT_MS = 60_000;
/** On a machine that is busy with other things, so many times as long as an undisturbed start takes there. */
const BUSY_FACTOR = 6;
/** Requests under way have ten seconds, jobs five. */
export const STOP_LIMIT_MS = 20_000;
/** When nobody gets so many writes done in this time, the kill comes all the same. */
const WRITING_LIMIT_MS = 5_000;
/** A killed database is noticed within this time. */
const NOTICE_MS = 250;

/** What a round notes down on its way. */
type Notes = {
  readonly pace: Pace;
  readonly hits: string[];
  readonly measures: Measure[];
  readonly problems: string[];
  /** The product that was looked at last. */
  product: Product;
};

/** The pace by a first start and an undisturbed one. */
export const paceOf = (firstMs: number, startMs: number): Pace => ({
  firstMs,
  startMs,
  firstLimitMs: Math.max(FIRST_START_LIMIT_MS, BUSY_FACTOR * firstMs),
  startLimitMs: Math.max(START_LIMIT_MS, BUSY_FACTOR * startMs),
});

/** Runs a round. @throws never for a fault of the product: it is in the result */
export const runRound = async (
  world: World,
  plan: RoundPlan,
  home: Home,
  pace: Pace,
): Promise<RoundResult> => {
  const notes: Notes = { pace, hits: [], measures: [], problems: [], product: world.product };
  world.book.turnTo(plan.number);
  let tally: Tally | undefined;
  try {
    if (plan.kind === 'first-start') tally = await firstStart(world.seed, plan, home, notes);
    else {
      await disturb(world, plan, notes);
      tally = await settle(world, plan.number);
      if (plan.kind === 'postmaster' || plan.kind === 'backend') await restart(world, notes);
    }
  } catch (error) {
    notes.problems.push(error instanceof Error ? error.message : String(error));
  }
  const problems = [...notes.problems, ...(tally?.problems ?? []), ...uglyWords(notes.product)];
  return { ...notes, tally, problems: [...new Set(problems)] };
};

/** Everything up to the product being ready again. */
const disturb = async (world: World, plan: RoundPlan, notes: Notes): Promise<void> => {
  const { kind } = plan;
  switch (kind) {
    case 'app':
    case 'app-group':
    case 'everything':
      await whileWriting(world, plan, notes, async () => strike(world.product, kind));
      return start(world, notes);
    case 'postmaster':
    case 'backend':
      return mend(world, plan, notes);
    case 'postmaster-then-app':
      await whileWriting(world, plan, notes, async () => {
        const first = await strike(world.product, 'postmaster');
        await sleep(plan.pauseMs);
        return `${first}, ${plan.pauseMs} ms later ${await strike(world.product, 'app')}`;
      });
      return start(world, notes);
    case 'recovering':
      await whileWriting(world, plan, notes, async () => strike(world.product, 'everything'));
      await killStarts(world, plan, notes);
      return start(world, notes);
    case 'stopping':
      await whileWriting(world, plan, notes, async () => {
        signalProcess(world.product.child.pid ?? 0, 'SIGTERM');
        await sleep(plan.pauseMs);
        return `${await strike(world.product, plan.victim)} ${plan.pauseMs} ms into the stop`;
      });
      return start(world, notes);
    case 'starting':
      await stop(world.product, notes);
      await killStarts(world, plan, notes);
      return start(world, notes);
    case 'stopping-a-start':
      await stop(world.product, notes);
      await stopStarts(world, plan, notes);
      return start(world, notes);
    case 'first-start':
      throw new Error('a first start needs an install of its own');
  }
};

/** Lets people write, does something to the product at the planned moment, and lets them write on for a moment. */
const whileWriting = async (
  world: World,
  plan: RoundPlan,
  notes: Notes,
  act: () => Promise<string>,
): Promise<void> => {
  const writers = startWriters(world.household, world.book, { seed: world.seed, round: plan.number });
  await Promise.race([writers.reached(plan.afterWrites), sleep(WRITING_LIMIT_MS)]);
  await sleep(plan.delayMs);
  const done = world.book.ofRound(plan.number).filter(({ standing }) => standing !== 'unanswered').length;
  try {
    notes.hits.push(`${await act()} after ${done} writes`);
    await sleep(plan.writeOnMs);
  } finally {
    await writers.stop();
  }
};

/** Kills a process of the database and waits until the app has mended that by itself. */
const mend = async (world: World, plan: RoundPlan, notes: Notes): Promise<void> => {
  let since = 0;
  await whileWriting(world, plan, notes, async () => {
    since = performance.now();
    return plan.kind === 'backend'
      ? strikeBackend(world.product, plan.which)
      : strike(world.product, 'postmaster');
  });
  await sleep(Math.max(0, NOTICE_MS - (performance.now() - since)));
  const ms = await awaitReady(world.product, notes.pace.startLimitMs, since);
  notes.measures.push({ what: 'mended by itself', ms });
};

/** Starts and kills at the planned moments of the start. */
const killStarts = async (world: World, plan: RoundPlan, notes: Notes): Promise<void> => {
  for (const part of plan.startParts) {
    begin(world, notes);
    const ms = Math.round(part * notes.pace.startMs);
    await sleep(ms);
    notes.hits.push(`${await strike(world.product, plan.victim)} ${ms} ms into a start`);
    if (plan.victim === 'postmaster') await afterLostServer(world.product, notes);
  }
};

/** A start whose database was killed either mends that, or says in a sentence that it cannot. */
const afterLostServer = async (product: Product, notes: Notes): Promise<void> => {
  const outcome = await awaitReady(product, notes.pace.startLimitMs).then(
    () => 'it got ready all the same',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  notes.hits.push(outcome);
  notes.problems.push(...uglyWords(product));
  await strike(product, 'app');
};

/** Asks starts to stop at the planned moments. */
const stopStarts = async (world: World, plan: RoundPlan, notes: Notes): Promise<void> => {
  for (const part of plan.startParts) {
    begin(world, notes);
    const ms = Math.round(part * notes.pace.startMs);
    await sleep(ms);
    notes.hits.push(`asked to stop ${ms} ms into a start`);
    await stop(world.product, notes);
  }
};

const begin = (world: World, notes: Notes): void => {
  world.product = startProduct(world.product.install);
  notes.product = world.product;
};

const start = async (world: World, notes: Notes): Promise<void> => {
  begin(world, notes);
  const ms = await awaitReady(world.product, notes.pace.startLimitMs);
  notes.pace.startMs = ms;
  notes.measures.push({ what: 'start', ms });
};

const stop = async (product: Product, notes: Notes): Promise<void> => {
  const { ms, problems } = await stopProduct(product, STOP_LIMIT_MS);
  notes.measures.push({ what: 'stop', ms });
  notes.problems.push(...problems);
};

const restart = async (world: World, notes: Notes): Promise<void> => {
  await stop(world.product, notes);
  await start(world, notes);
};

/** A new install whose first starts are killed; then a household moves in, and everything is killed once more. */
const firstStart = async (seed: number, plan: RoundPlan, home: Home, notes: Notes): Promise<Tally> => {
  // In a folder that PostgreSQL's account cannot enter, every other time.
  const install = await home.makeInstall(`round-${plan.number}`, plan.number % 2 === 0);
  for (const part of plan.startParts) {
    notes.product = startProduct(install);
    const ms = Math.round(part * notes.pace.firstMs);
    await sleep(ms);
    notes.hits.push(`${await strike(notes.product, plan.victim)} ${ms} ms into a first start`);
  }
  notes.product = startProduct(install);
  const { world, ms: firstMs } = await moveIn(seed, notes.product, notes.pace.firstLimitMs);
  notes.pace.firstMs = firstMs;
  notes.measures.push({ what: 'first start', ms: firstMs });
  world.book.turnTo(plan.number);
  await whileWriting(world, plan, notes, async () => strike(world.product, 'everything'));
  await start(world, notes);
  const tally = await settle(world, plan.number);
  await stop(world.product, notes);
  notes.problems.push(...uglyWords(world.product));
  // A folder with a fault stays until the run ends.
  if (notes.problems.length + tally.problems.length === 0) await home.remove(install);
  return tally;
};

/**
 * Waits for a product in an install that nobody has used, and settles a household in.
 * @returns with the milliseconds of the start
 */
export const moveIn = async (
  seed: number,
  product: Product,
  limitMs: number,
): Promise<{ readonly world: World; readonly ms: number }> => {
  const ms = await awaitReady(product, limitMs);
  const book = createBook();
  const household = await settleIn(product.address, book);
  return { world: { seed, book, product, household, told: new Set() }, ms };
};
