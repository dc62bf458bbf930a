/**
 * `npm run soak`: the product runs for a long time against stand-ins for its providers, while answers go wrong and processes
 * are killed, and people look on. At the end, and every few minutes, everything stored and shown is compared with a book
 * of what was truthfully said.
 *
 *   npm run soak -- --minutes 60 --seed 7     the same seed plans the same faults at the same moments
 *     --keep        keeps the folder with the logs of a run that failed
 *     --self-test   only proves that the comparisons find what they must; every run begins with that
 *
 * The last line counts what was checked: `N passed, N failed`. Exit code 1 when a wrong price was stored or shown, a gap was not
 * said, something crashed, memory grew, or a listener was not told a change.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { buildWebWhenStale } from '../../server/src/entry/web-build.ts';
import { silentLogger } from '../../server/src/platform/log.ts';
import { createClient } from '../faults/client.ts';
import { makeHome } from '../faults/home.ts';
import type { Home } from '../faults/home.ts';
import { createRandom } from '../faults/random.ts';
import { asOwner, published, silentGaps, unheard, wrongLatest, wrongPrices, wrongRates } from './checks.ts';
import { settleHousehold } from './household.ts';
import type { Household, Person } from './household.ts';
import { residentMb, startSoakInstall } from './install.ts';
import type { SoakInstall } from './install.ts';
import { startListener } from './listeners.ts';
import type { Publication, SoakListener } from './listeners.ts';
import { Truth } from './market.ts';
import { growthOf } from './memory.ts';
import { startOnlookers } from './onlookers.ts';
import type { Onlookers } from './onlookers.ts';
import { startProviders } from './provider.ts';
import type { Providers } from './provider.ts';
import { selfTest } from './self-test.ts';
import { planOf } from './weather.ts';
import type { Blow, Plan } from './weather.ts';

const MINUTES = 60;
const MINUTES_MIN = 12;
const MINUTES_MAX = 7 * 24 * 60;
const SEED_MAX = 999_999;
const EXIT_FAILED = 1;
const EXIT_MISUSED = 2;
const EXIT_INTERRUPTED = 130;
const MINUTE_MS = 60_000;
const SAMPLE_MS = 5_000;
const CHECK_MS = 2 * MINUTE_MS;
const TURN_MS = 500;
/** A listener for each person with a token of their own, and one whose token ends and is asked for anew. */
const SIGN_IN_EVERY_MS = 14 * MINUTE_MS;
const QUIET_MS = 3_000;
const REDIS_AWAY_MS = 20_000;
/** Looking takes a connection; with the database away for a moment it is tried again. */
const CHECK_TRIES = 20;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const score = { passed: 0, failed: 0 };
const count = (what: string, problems: readonly string[]): void => {
  if (problems.length === 0) score.passed += 1;
  else {
    score.failed += 1;
    say(`${what} FAILED\n${problems.map((one) => `     ${one}`).join('\n')}`);
  }
};

type Options = {
  readonly minutes: number;
  readonly seed: number;
  readonly keep: boolean;
  readonly selfTestOnly: boolean;
};

const readOptions = (): Options => {
  const given = process.argv.slice(2);
  const { values } = parseArgs({
    args: given[0] === '--' ? given.slice(1) : given,
    options: {
      minutes: { type: 'string', default: String(MINUTES) },
      seed: { type: 'string', default: String(Math.floor(Math.random() * SEED_MAX)) },
      keep: { type: 'boolean', default: false },
      'self-test': { type: 'boolean', default: false },
    },
  });
  return {
    minutes: wholeNumber('--minutes', values.minutes, MINUTES_MIN, MINUTES_MAX),
    seed: wholeNumber('--seed', values.seed, 0, SEED_MAX),
    keep: values.keep,
    selfTestOnly: values['self-test'],
  };
};

const wholeNumber = (name: string, text: string, least: number, most: number): number => {
  const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`${name} is a whole number from ${least} to ${most}.`);
};

/** Everything of a run. */
type World = {
  readonly began: number;
  readonly plan: Plan;
  readonly truth: Truth;
  readonly providers: Providers;
  readonly install: SoakInstall;
  readonly household: Household;
  readonly listeners: readonly SoakListener[];
  readonly onlookers: Onlookers;
  readonly memory: Map<string, { readonly atMs: number; readonly mb: number }[]>;
  /** Publications seen so far; the product forgets them after some hours. */
  readonly publications: Map<string, Publication>;
};

const elapsedOf = ({ began }: Pick<World, 'began'>): number => performance.now() - began;

const blow = async (what: Blow, { install, listeners }: World): Promise<void> => {
  const { redis } = install;
  switch (what) {
    case 'kill-worker':
      return install.killWorker();
    case 'kill-redis':
      await redis.kill();
      return redis.start();
    case 'stop-redis-for-a-while':
      await redis.kill();
      await sleep(REDIS_AWAY_MS);
      return redis.start();
    case 'fill-redis':
      await redis.fill(true);
      await sleep(REDIS_AWAY_MS);
      return redis.fill(false);
    case 'redis-lies':
      return redis.lie();
    case 'hang-redis':
      return redis.hang();
    case 'kill-postgresql':
      install.strikePostgres('SIGKILL');
      return;
    case 'restart-postgresql':
      install.strikePostgres('SIGINT');
      return;
    case 'drop-listeners':
      for (const listener of listeners) listener.drop();
  }
};

/** Runs a look at the database; it may be away for a moment, and is then tried again. */
const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= CHECK_TRIES) throw error;
      await sleep(attempt * TURN_MS);
    }
  }
};

/** What must hold at every moment. */
const checkNow = async (world: World): Promise<void> => {
  const { install, truth, household, onlookers } = world;
  const { wrong, latest, rates, news } = await patiently(async () =>
    asOwner(install.ownerUrl, async (client) => ({
      wrong: await wrongPrices(client, truth, household),
      latest: await wrongLatest(client),
      rates: await wrongRates(client),
      news: await published(client),
    })),
  );
  for (const one of news) world.publications.set(`${one.transaction} ${one.seq}`, one);
  const [serve, worker] = [install.serve, install.worker()].map((part) => residentMb(part.child.pid ?? 0));
  say(
    `${(elapsedOf(world) / MINUTE_MS).toFixed(1).padStart(6)} min: ${wrong.stored} prices stored, ${truth.size} said, ${truth.lies} lies; ` +
      `${news.length} changes published; ${onlookers.findings.prices} prices looked at, ${onlookers.findings.away} times away; ` +
      `serve ${serve?.toFixed(0) ?? '-'} MB, worker ${worker?.toFixed(0) ?? '-'} MB`,
  );
  count('what is stored', [...wrong.problems, ...latest, ...rates]);
  count('the processes', install.complaints());
};

/** Lets the run take its course. */
const live = async (world: World, minutes: number, signal: AbortSignal): Promise<void> => {
  const endMs = minutes * MINUTE_MS;
  const blows = [...world.plan.blows];
  let [sampledMs, checkedMs] = [0, elapsedOf(world)];
  while (elapsedOf(world) < endMs && !signal.aborted) {
    const atMs = elapsedOf(world);
    const due = blows[0];
    if (due !== undefined && due.atMs <= atMs) {
      blows.shift();
      say(`${(atMs / MINUTE_MS).toFixed(1).padStart(6)} min: ${due.what}`);
      await blow(due.what, world);
    }
    if (atMs - sampledMs >= SAMPLE_MS) {
      sampledMs = atMs;
      sample(world, atMs);
    }
    if (atMs - checkedMs >= CHECK_MS) {
      checkedMs = atMs;
      await checkNow(world);
    }
    await sleep(TURN_MS);
  }
};

/** Processes are known by their id: a worker that was started again is another one. */
const sample = ({ install, memory }: World, atMs: number): void => {
  for (const part of [install.serve, install.worker()]) {
    const pid = part.child.pid ?? 0;
    const mb = residentMb(pid);
    if (mb === null) continue;
    const key = `${part.name} ${pid}`;
    memory.set(key, [...(memory.get(key) ?? []), { atMs, mb }]);
  }
};

/** A token of a session, which ends after a quarter of an hour; asked for anew shortly before. */
const sessionTokens = (address: string, person: Person): (() => Promise<string>) => {
  let [token, since] = ['', 0];
  return async () => {
    if (token === '' || performance.now() - since > SIGN_IN_EVERY_MS) {
      const { email, password } = person;
      const signedIn = await createClient(address).expect(200, 'POST /api/auth/login', {
        body: { email, password },
      });
      if ('token' in signedIn) token = signedIn.token;
      since = performance.now();
    }
    return token;
  };
};

const startListeners = (address: string, { people }: Household): SoakListener[] => {
  const [first] = people;
  if (first === undefined) return [];
  return [
    ...people.map((person) => startListener(person.name, address, async () => person.token)),
    startListener(`${first.name} in a session`, address, sessionTokens(address, first)),
  ];
};

/** The last look, at everything, once it is quiet. */
const finish = async (world: World): Promise<void> => {
  const { install, household, listeners, onlookers, memory, providers, publications } = world;
  const [admin] = household.people;
  if (admin === undefined) return;
  const { gaps, problems } = await silentGaps(admin.client, household);
  count('gaps', problems);
  await checkNow(world);
  await onlookers.stop();
  count('what was shown', [...onlookers.findings.problems]);
  await sleep(QUIET_MS);
  const heard = await patiently(async () =>
    asOwner(install.ownerUrl, async (client) => {
      const before = await published(client);
      await sleep(QUIET_MS);
      const last = before.at(-1);
      const known = new Map([
        ...publications,
        ...before.map((one) => [`${one.transaction} ${one.seq}`, one] as const),
      ]);
      const problemsNow = await unheard(client, listeners, [...known.values()]);
      return { problemsNow, size: known.size, last };
    }),
  );
  count('listeners', heard.problemsNow);
  const growths = [...memory].flatMap(([name, samples]) => {
    const growth = growthOf(samples);
    return growth === null ? [] : [{ name, ...growth }];
  });
  const text = (one: (typeof growths)[number]) =>
    `${one.name}: ${one.fromMb.toFixed(0)} MB after the warm-up, ${one.toMb.toFixed(0)} MB in the end`;
  for (const one of growths) say(text(one));
  const unmeasured = growths.some(({ name }) => name.startsWith('serve'))
    ? []
    : ['the run was too short to say'];
  count('memory', [
    ...unmeasured,
    ...growths.filter(({ isFlat }) => !isFlat).map((one) => `grew: ${text(one)}`),
  ]);
  say(
    `${gaps} lines without a recent price, each of them said; ${heard.size} changes told to ${listeners.length} listeners in ${listeners.reduce((sum, one) => sum + one.connections(), 0)} connections`,
  );
  say(
    `${providers.asked} questions to stand-ins, wrong answers: ${[...providers.faults]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, times]) => `${name} ${times}`)
      .join(', ')}`,
  );
};

const run = async (options: Options, home: Home, signal: AbortSignal): Promise<void> => {
  const { seed, minutes } = options;
  await buildWebWhenStale(silentLogger, signal);
  const began = performance.now();
  const truth = new Truth();
  const plan = planOf(createRandom(seed, 'plan'), minutes);
  const parts = {
    truth,
    plan,
    random: createRandom(seed, 'answers'),
    elapsedMs: () => performance.now() - began,
  };
  const providers = await startProviders(parts);
  const install = await startSoakInstall(home, providers.settings);
  try {
    const household = await settleHousehold(install.address);
    const listeners = startListeners(install.address, household);
    const onlookers = startOnlookers(household, truth);
    const world: World = {
      began,
      plan,
      truth,
      providers,
      install,
      household,
      listeners,
      onlookers,
      memory: new Map(),
      publications: new Map(),
    };
    say(
      `a product with ${household.lines.size} lines runs; ${plan.outages.length} outages and ${plan.blows.length} blows are to come`,
    );
    await live(world, minutes, signal);
    if (!signal.aborted) await finish(world);
    await onlookers.stop();
    for (const listener of listeners) await listener.stop();
  } finally {
    count('the stop', await install.stop());
    await providers.close();
  }
};

const main = async (): Promise<void> => {
  const options = readOptions();
  const missed = selfTest();
  count('the self-test', missed);
  if (options.selfTestOnly || missed.length > 0) return;
  say(`seed ${options.seed}, ${options.minutes} minutes`);
  const interruption = new AbortController();
  const home = await makeHome('');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      say(`${signal}: ending everything`);
      process.exitCode = EXIT_INTERRUPTED;
      interruption.abort();
    });
  }
  try {
    await run(options, home, interruption.signal);
  } catch (error) {
    count('the run', [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  } finally {
    const kept = await home.close(options.keep && score.failed > 0);
    if (kept !== undefined) say(`kept: ${kept}`);
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
