/**
 * Runs jobs, inside `npm start` beside the API or alone.
 *
 * Contents: startWorker · the wrapper around each job · the pool · restart after a lost database
 */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { parseCronItems, run } from 'graphile-worker';
import type {
  JobHelpers as QueueHelpers,
  ParsedCronItem,
  Runner,
  TaskList,
  WorkerEvents,
} from 'graphile-worker';
import pg from 'pg';

import { clientConfig } from '../database/connection.ts';
import { connectionLoss, stripDriver } from '../database/failures.ts';
import type { Logger } from '../log.ts';
import type { Job, JobServices } from './define.ts';
import { MAX_JOB_ATTEMPTS } from './install.ts';
import { keepAlive } from './liveness.ts';
import type { Liveness } from './liveness.ts';
import { queueLogger } from './queue-logger.ts';

/** Jobs at the same time in one process: they share two cores with the API. */
const CONCURRENCY = 2;
/** New jobs are announced by NOTIFY; looking in between only finds jobs whose time has come. */
const POLL_INTERVAL_MS = 1_000;
/** How long running jobs may finish when the worker stops, before their signal aborts. */
const STOP_GRACE_MS = 5_000;
/** Pause before the queue is started again after it broke down. */
const RESTART_PAUSE_MS = 2_000;
/** Statements of the queue itself: one per running job, one that listens, one to spare. */
const QUEUE_POOL_MAX = CONCURRENCY + 2;
const MS_PER_HOUR = 3_600_000;
/**
 * How the queue notes that jobs are done or failed. One by one, it does not wait for its own statement: a database that
 * is away at that moment then ends the whole process by an unhandled rejection. In batches, even of no delay, it ends
 * the queue, which we start again.
 */
const RELEASE_IN_BATCHES = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } } as const;

/** What became of a job, for the metrics. */
export type JobOutcome = 'success' | 'retry' | 'failure';

/** What the worker needs. */
export type WorkerOptions = JobServices & {
  /** Direct connection of the worker role; a pooler in transaction mode cannot LISTEN. */
  readonly workerUrl: string;
  readonly jobs: readonly Job[];
  /** Stops the worker when it aborts, like `stop`. */
  readonly signal?: AbortSignal;
  readonly onJob?: (name: string, outcome: JobOutcome, milliseconds: number) => void;
};

/** A worker at work. */
export type RunningWorker = {
  /** Takes no new jobs, lets running ones finish for five seconds, then aborts their signal. Safe to call twice. */
  stop(): Promise<void>;
};

/**
 * Starts to take jobs. Rejects when the database cannot be reached now; later losses are waited out.
 * @throws {Error} when two jobs have one name
 */
export const startWorker = async (options: WorkerOptions): Promise<RunningWorker> => {
  const tasks = taskList(options);
  const pool = queuePool(options.workerUrl, options.log);
  const stopping = new AbortController();
  let attempt: Attempt;
  try {
    attempt = await startQueue(options, tasks, pool);
  } catch (error) {
    await pool.end();
    throw stripDriver(error);
  }
  const supervised = supervise(attempt, stopping.signal, options.log, async () =>
    startQueue(options, tasks, pool),
  );

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopped ??= (async () => {
      stopping.abort();
      await supervised;
      await pool.end();
    })();
    return stopped;
  };
  options.signal?.addEventListener('abort', () => void stop(), { once: true });
  if (options.signal?.aborted === true) await stop();
  return { stop };
};

type Attempt = { readonly runner: Runner; readonly liveness: Liveness };

const startQueue = async (options: WorkerOptions, tasks: TaskList, pool: pg.Pool): Promise<Attempt> => {
  const events: WorkerEvents = new EventEmitter();
  let workerId = '';
  events.on('pool:create', ({ workerPool }) => {
    workerId = workerPool.id;
  });
  const runner = await run({
    pgPool: pool,
    taskList: tasks,
    parsedCronItems: cronItems(options.jobs),
    logger: queueLogger(options.log),
    events,
    concurrency: CONCURRENCY,
    pollInterval: POLL_INTERVAL_MS,
    gracefulShutdownAbortTimeout: STOP_GRACE_MS,
    preset: RELEASE_IN_BATCHES,
    // The process has one shutdown of its own; a second one inside it would end it half-way.
    noHandleSignals: true,
  });
  // Awaited by `supervise`; a rejection in between must not count as unhandled.
  runner.promise.catch(() => undefined);
  try {
    return { runner, liveness: await keepAlive(options.workerUrl, workerId, options.log) };
  } catch (error) {
    await runner.stop().catch(() => undefined);
    throw error;
  }
};

/** Waits for the queue to end; unless it was stopped, starts it again until that works. */
const supervise = async (
  first: Attempt,
  stopping: AbortSignal,
  log: Logger,
  start: () => Promise<Attempt>,
): Promise<void> => {
  let current: Attempt | undefined = first;
  while (!stopping.aborted) {
    if (current !== undefined) {
      await Promise.race([ended(current.runner, log), aborted(stopping)]);
      await finish(current, log);
      current = undefined;
      continue;
    }
    await sleep(RESTART_PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) break;
    current = await start().catch((error: unknown) => {
      log.warn({ err: stripDriver(error) }, 'The job queue could not be started again yet');
      return undefined;
    });
  }
  if (current !== undefined) await finish(current, log);
};

const ended = async (runner: Runner, log: Logger): Promise<void> => {
  await runner.promise.catch((error: unknown) =>
    log.error({ err: stripDriver(error) }, 'The job queue broke down'),
  );
};

const aborted = async (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const finish = async ({ runner, liveness }: Attempt, log: Logger): Promise<void> => {
  // "Runner is already stopped" when it broke down by itself.
  await runner
    .stop()
    .catch((error: unknown) => log.debug({ err: error }, 'The job queue was already stopped'));
  await liveness.release();
};

/** A pool with pg's own value types, which the queue is written for. */
const queuePool = (workerUrl: string, log: Logger): pg.Pool => {
  const { types: _ours, ...config } = clientConfig(workerUrl, { max: QUEUE_POOL_MAX });
  const pool = new pg.Pool(
    Object.defineProperty(config, 'password', { value: clientConfig(workerUrl).password, enumerable: false }),
  );
  pool.on('error', (error) =>
    log.warn(connectionLoss(error), 'An idle connection of the job queue was lost'),
  );
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
};

const cronItems = (jobs: readonly Job[]): ParsedCronItem[] =>
  parseCronItems(
    jobs.flatMap(({ name, cron }) =>
      cron === undefined
        ? []
        : {
            task: name,
            match: cron.match,
            identifier: name,
            options: {
              backfillPeriod: (cron.catchUpHours ?? 0) * MS_PER_HOUR,
              maxAttempts: MAX_JOB_ATTEMPTS,
              // Several runs that were missed become one.
              jobKey: `cron:${name}`,
            },
          },
    ),
  );

const taskList = (options: WorkerOptions): TaskList => {
  const tasks: TaskList = {};
  for (const job of options.jobs) {
    if (Object.hasOwn(tasks, job.name)) throw new Error(`Two jobs are called ${job.name}.`);
    tasks[job.name] = async (payload: unknown, helpers: QueueHelpers) =>
      execute(job, payload, helpers, options);
  }
  return tasks;
};

/** One run of one job, with its time limit, its log lines and its outcome. */
const execute = async (
  job: Job,
  payload: unknown,
  queue: QueueHelpers,
  options: WorkerOptions,
): Promise<void> => {
  const { id: jobId, attempts: attempt, max_attempts: maxAttempts } = queue.job;
  const log = options.log.child({ job: job.name, jobId, attempt });
  const timeout = AbortSignal.timeout(job.timeoutMs);
  const signal = queue.abortSignal === undefined ? timeout : AbortSignal.any([timeout, queue.abortSignal]);
  const startedAt = performance.now();
  const elapsed = (): number => Math.round(performance.now() - startedAt);
  const { db, app, clock, config } = options;
  try {
    const work = job.execute(
      payload,
      { db, app, clock, config, log },
      { jobId, attempt, maxAttempts, signal },
    );
    await Promise.race([work, rejectOnAbort(signal, job)]);
    options.onJob?.(job.name, 'success', elapsed());
    log.info({ durationMs: elapsed() }, 'Job done');
  } catch (error) {
    const last = attempt >= maxAttempts;
    options.onJob?.(job.name, last ? 'failure' : 'retry', elapsed());
    log[last ? 'error' : 'warn'](
      { err: stripDriver(error), durationMs: elapsed() },
      last ? 'Job given up' : 'Job failed, will be tried again',
    );
    throw error;
  }
};

const rejectOnAbort = async (signal: AbortSignal, job: Job): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        const timedOut = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
        const why = timedOut
          ? `took longer than ${job.timeoutMs / 1_000} s`
          : 'was interrupted because the worker stops';
        reject(new Error(`The job ${job.name} ${why}.`));
      },
      { once: true },
    );
  });
