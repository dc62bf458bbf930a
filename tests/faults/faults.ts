/**
 * `npm run faults`: kills the real product with people writing to it, starts it again, and looks whether everything is
 * there that it said was done.
 *
 *   npm run faults -- --rounds 30 --seed 7      the same seed kills the same things at the same moments
 *     --kind NAME     only rounds of one kind (see plan.ts)
 *     --keep          keeps the folder of a run that failed
 *     --self-test     only proves that the comparison finds what it must; every run begins with that
 *
 * The last line counts rounds, the proof at the beginning and the one at the end: `N passed, N failed`. Exit code 1 when
 * anything was lost, doubled or altered, when a start failed or took too long, or when something was left running.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { buildWebWhenStale } from '../../server/src/entry/web-build.ts';
import { silentLogger } from '../../server/src/platform/log.ts';
import { ECB_90_DAYS, ECB_DAILY, ecbXml, startEcbStub } from '../support/ecb-stub.ts';
import type { EcbStub } from '../support/ecb-stub.ts';
import { makeHome } from './home.ts';
import type { Home } from './home.ts';
import { KINDS, planRounds } from './plan.ts';
import type { RoundKind, RoundPlan } from './plan.ts';
import { awaitReady, startNoMore, startProduct, stopProduct } from './product.ts';
import type { Install } from './product.ts';
import { problemLines, roundLine, summary } from './report.ts';
import { FIRST_START_LIMIT_MS, START_LIMIT_MS, STOP_LIMIT_MS, moveIn, paceOf, runRound } from './rounds.ts';
import type { Pace, RoundResult } from './rounds.ts';
import { sabotage } from './sabotage.ts';
import { selfTest } from './self-test.ts';
import { awaitAccepted, settle } from './settle.ts';
import type { World } from './settle.ts';

const ROUNDS = 30;
const ROUNDS_MAX = 1_000;
const SEED_MAX = 999_999;
const EXIT_FAILED = 1;
const EXIT_MISUSED = 2;
const EXIT_INTERRUPTED = 130;
const VERIFY_LIMIT_MS = 30_000;
const CLI = fileURLToPath(new URL('../../server/src/entry/cli.ts', import.meta.url));

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Ctrl-C. */
const interruption = new AbortController();

/** What has passed and failed so far. */
const score = { passed: 0, failed: 0 };

const count = (what: string, problems: readonly string[], world?: World): void => {
  if (problems.length === 0) score.passed += 1;
  else {
    score.failed += 1;
    say(`${what} FAILED\n${problemLines(problems, world?.product)}`);
  }
};

type Options = {
  readonly rounds: number;
  readonly seed: number;
  readonly kind: RoundKind | undefined;
  readonly keep: boolean;
  readonly selfTestOnly: boolean;
};

const isKind = (text: string): text is RoundKind => Object.hasOwn(KINDS, text);

const readOptions = (): Options => {
  const given = process.argv.slice(2);
  const { values } = parseArgs({
    args: given[0] === '--' ? given.slice(1) : given,
    options: {
      rounds: { type: 'string', default: String(ROUNDS) },
      seed: { type: 'string', default: String(Math.floor(Math.random() * SEED_MAX)) },
      kind: { type: 'string' },
      keep: { type: 'boolean', default: false },
      'self-test': { type: 'boolean', default: false },
    },
  });
  const { kind, keep } = values;
  if (kind !== undefined && !isKind(kind)) {
    throw new Error(`--kind is one of ${Object.keys(KINDS).join(', ')}.`);
  }
  return {
    rounds: wholeNumber('--rounds', values.rounds, 1, ROUNDS_MAX),
    seed: wholeNumber('--seed', values.seed, 0, SEED_MAX),
    kind,
    keep,
    selfTestOnly: values['self-test'],
  };
};

const wholeNumber = (name: string, text: string, least: number, most: number): number => {
  const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`${name} is a whole number from ${least} to ${most}.`);
};

const startRates = async (): Promise<EcbStub> => {
  const ecb = await startEcbStub();
  const body = ecbXml({ [Temporal.Now.plainDateISO().toString()]: { GBP: '0.8512', USD: '1.0861' } });
  for (const path of [ECB_DAILY, ECB_90_DAYS]) ecb.answer(path, { body });
  return ecb;
};

/** The first start, and one after an orderly stop: how long they take here tells when to kill others. */
const settleAndMeasure = async (
  seed: number,
  install: Install,
): Promise<{ readonly world: World; readonly pace: Pace; readonly problems: readonly string[] }> => {
  const { world, ms: firstMs } = await moveIn(seed, startProduct(install), FIRST_START_LIMIT_MS);
  const { problems, ms: stopMs } = await stopProduct(world.product, STOP_LIMIT_MS);
  world.product = startProduct(install);
  const startMs = await awaitReady(world.product, START_LIMIT_MS);
  say(
    `a first start takes ${Math.round(firstMs)} ms here, a stop ${Math.round(stopMs)} ms, a start ${Math.round(startMs)} ms`,
  );
  return { world, pace: paceOf(firstMs, startMs), problems };
};

type Played = { readonly plan: RoundPlan; readonly result: RoundResult };

/** All rounds, until one leaves no product to go on with. */
const play = async (world: World, plans: readonly RoundPlan[], home: Home, pace: Pace): Promise<Played[]> => {
  const played: Played[] = [];
  for (const plan of plans) {
    const result = await runRound(world, plan, home, pace);
    played.push({ plan, result });
    say(roundLine(plan, result));
    if (result.problems.length === 0) score.passed += 1;
    else {
      score.failed += 1;
      say(problemLines(result.problems, result.product));
    }
    if (world.product.ended() !== undefined) {
      say('     there is no product to go on with');
      break;
    }
  }
  return played;
};

/** Everything once more, every import too; the command that people use; then the proof that it could have failed. */
const finish = async (world: World, install: Install): Promise<void> => {
  const late = await awaitAccepted(world);
  const whole = await settle(world, -1, true);
  const verified = spawnSync(process.execPath, [CLI, 'verify'], {
    env: { ...process.env, PM_DATA_DIR: install.dataDir },
    encoding: 'utf8',
    timeout: VERIFY_LIMIT_MS,
  });
  const said = verified.stdout.trim().split('\n').at(-1) ?? '';
  const wrong =
    verified.status === 0
      ? []
      : [`pm verify: exit code ${verified.status ?? ''}, ${said} ${verified.stderr}`];
  say(`in the end: ${world.book.writes.length} writes compared; ${said}`);
  count('the last look', [...late, ...whole.problems, ...wrong], world);
  count('the sabotage', await sabotage(world));
  const { problems } = await stopProduct(world.product, STOP_LIMIT_MS);
  count('the last stop', problems, world);
};

const run = async (options: Options, home: Home): Promise<void> => {
  const { seed, rounds, kind } = options;
  const began = performance.now();
  await buildWebWhenStale(silentLogger, interruption.signal);
  const install = await home.makeInstall('main', false);
  const { world, pace, problems } = await settleAndMeasure(seed, install);
  count('the first stop', problems, world);
  const plans = planRounds(seed, rounds, kind);
  const played = await play(world, plans, home, pace);
  say(summary(played, performance.now() - began));
  if (world.product.ended() === undefined) await finish(world, install);
};

/** Everything ends with this run, however it ends. */
const closeOnSignals = (home: Home): void => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      say(`${signal}: ending everything`);
      interruption.abort();
      startNoMore();
      void home.close(false).finally(() => process.exit(EXIT_INTERRUPTED));
    });
  }
};

const main = async (): Promise<void> => {
  const options = readOptions();
  const missed = selfTest();
  count('the self-test', missed);
  if (options.selfTestOnly || missed.length > 0) return;
  say(`seed ${options.seed}`);
  const ecb = await startRates();
  const home = await makeHome(ecb.url);
  closeOnSignals(home);
  try {
    await run(options, home);
  } catch (error) {
    count('the run', [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  } finally {
    const kept = await home.close(options.keep && score.failed > 0);
    if (kept !== undefined) say(`kept: ${kept}`);
    await ecb.close();
  }
};

try {
  await main();
  say(`${score.passed} passed, ${score.failed} failed`);
  if (score.failed > 0) process.exitCode = EXIT_FAILED;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = EXIT_MISUSED;
}
