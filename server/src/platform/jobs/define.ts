/**
 * What a job is. Each feature's `jobs.ts` exports its jobs, made with `defineJob`; the entry points hand them all to
 * `startWorker`.
 *
 *   export const fetchRates = defineJob({
 *     name: 'market-data.fetch-ecb-rates',
 *     schema: Type.Object({}),
 *     cron: { match: '15 15 * * 1-5', catchUpHours: 12 },
 *     run: async ({ db, log, clock, config }) => { … },
 *   });
 */
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Db } from '../database/database.ts';
import type { Logger } from '../log.ts';
import { REQUESTED_BY } from './install.ts';

/** A job that takes longer than this is given up and tried again, unless it says otherwise. */
export const DEFAULT_JOB_TIMEOUT_MS = 10 * 60_000;

/** What every job may use. */
export type JobServices = {
  /** Pool of the worker role, which sees every user's rows: open transactions with `withWorker`. */
  readonly db: Db;
  /** Pool of the request role, for work in a person's name: `withTenant` shows and writes what that person may. */
  readonly app: Db;
  readonly log: Logger;
  readonly clock: Clock;
  readonly config: Config;
};

/** About this run of the job. */
export type JobHelpers = {
  readonly jobId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Aborts when the job's time is up or the worker stops: pass it to fetch, check it in loops. */
  readonly signal: AbortSignal;
  /** The person whose request asked for the job, as the database wrote it down; null for scheduled jobs. */
  readonly requestedBy: string | null;
};

/** What `run` is given. */
export type JobContext<Payload> = JobServices & { readonly payload: Payload; readonly helpers: JobHelpers };

/** When a job runs by itself. */
export type Schedule = {
  /** Five fields as in crontab, in UTC: minute, hour, day of month, month, day of week. */
  readonly match: string;
  /** After a standstill, runs that were missed in the last so many hours are made up for. Default 0. */
  readonly catchUpHours?: number;
};

/** What a feature says about its job. */
export type JobDefinition<Schema extends TSchema> = {
  /** `<feature>.<what-it-does>`. Requests may only ask for names in `ENQUEUEABLE_JOBS`. */
  readonly name: string;
  /** Shape of the payload. A scheduled job's payload is an empty object. */
  readonly schema: Schema;
  readonly cron?: Schedule;
  readonly timeoutMs?: number;
  /**
   * Does the work. May run more than once for one request (after a crash, or when it threw), so a second run must do
   * no harm. Throwing means: try again later.
   */
  readonly run: (context: JobContext<Static<Schema>>) => Promise<void>;
};

/** A job as the worker sees it: its payload is checked inside. */
export type Job = {
  readonly name: string;
  readonly cron: Schedule | undefined;
  readonly timeoutMs: number;
  /** @throws {Error} when the payload does not fit the job's schema; whatever the job throws */
  readonly execute: (
    payload: unknown,
    services: JobServices,
    helpers: Omit<JobHelpers, 'requestedBy'>,
  ) => Promise<void>;
};

const NAME = /^[a-z][a-z-]*\.[a-z][a-z-]*$/u;

/** Makes a job of a definition. */
export const defineJob = <Schema extends TSchema>(definition: JobDefinition<Schema>): Job => {
  const { name, schema, cron, run } = definition;
  if (!NAME.test(name)) throw new Error(`The job name ${name} must look like feature.what-it-does.`);
  return {
    name,
    cron,
    timeoutMs: definition.timeoutMs ?? DEFAULT_JOB_TIMEOUT_MS,
    execute: async (raw, services, helpers) => {
      const { payload, requestedBy } = unpack(raw);
      if (!Value.Check(schema, payload)) {
        const [first] = Value.Errors(schema, payload);
        throw new Error(
          `The payload of the job ${name} does not fit: ${first?.instancePath ?? ''} ${first?.message ?? ''}.`,
        );
      }
      await run({ ...services, payload, helpers: { ...helpers, requestedBy } });
    },
  };
};

/** Takes out what the database and the scheduler put into the payload. */
const unpack = (raw: unknown): { payload: unknown; requestedBy: string | null } => {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return { payload: raw, requestedBy: null };
  }
  const { [REQUESTED_BY]: requestedBy, _cron: _scheduled, ...payload } = raw as Record<string, unknown>;
  return { payload, requestedBy: typeof requestedBy === 'string' ? requestedBy : null };
};
