/**
 * Prepares the job queue in the database: graphile-worker's own schema, and who may do what with it.
 *
 * graphile-worker switches row-level security on for its tables and adds no policies; with grants alone the worker
 * role would see an empty queue and say nothing. Requests reach the queue through one definer function only.
 */
import { createHash } from 'node:crypto';

import { runMigrations } from 'graphile-worker';
import pg from 'pg';

import { clientConfig, quoteLiteral, withConnection } from '../database/connection.ts';
import type { Logger } from '../log.ts';
import { queueLogger } from './queue-logger.ts';
import { ENQUEUEABLE_JOBS } from './names.ts';

/** Payloads name what to do, they do not carry it. Bytes. */
export const MAX_PAYLOAD_BYTES = 65_536;

/**
 * Tries of one job in all. graphile-worker waits e^n seconds after the n-th, so the tenth comes after about six hours.
 */
export const MAX_JOB_ATTEMPTS = 10;

/** Where in a payload the database writes whose request it was. */
export const REQUESTED_BY = '_requestedBy';

/** graphile-worker's tables that hold jobs, queues, task names and the last runs of scheduled jobs. */
const QUEUE_TABLES = [
  '_private_jobs',
  '_private_job_queues',
  '_private_tasks',
  '_private_known_crontabs',
] as const;

/**
 * Installs or updates the job queue. Safe to repeat; the caller holds the setup lock.
 * @param options.ownerUrl the owner of the schema; a direct connection
 */
export const installJobs = async (options: {
  readonly ownerUrl: string;
  readonly log: Logger;
}): Promise<void> => {
  await migrateQueue(options.ownerUrl, options.log);
  await withConnection(options.ownerUrl, async (client) => {
    // Replacing policies locks the queue for a moment, so it is only done when something changed.
    const { rows } = await client.query<{ installed: string | null }>(
      `select obj_description(to_regprocedure('${ENQUEUE_SIGNATURE}'), 'pg_proc') as installed`,
    );
    if (rows[0]?.installed === INSTALLED) return;
    await client.query(
      `begin; set local client_min_messages = warning; ${GRANTS}; ${POLICIES}; ${ENQUEUE_FUNCTION};
       comment on function ${ENQUEUE_SIGNATURE} is '${INSTALLED}'; commit`,
    );
  });
};

const migrateQueue = async (ownerUrl: string, log: Logger): Promise<void> => {
  const pool = new pg.Pool(clientConfig(ownerUrl, { max: 1 }));
  const ignore = (): void => undefined;
  // Errors reach us through the rejected query; without listeners they would end the process as well.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  try {
    await runMigrations({ pgPool: pool, logger: queueLogger(log) });
  } finally {
    await pool.end();
  }
};

const ENQUEUE_SIGNATURE = 'pm.enqueue_job(text, json, text, timestamptz)';

const GRANTS = `
  revoke all on schema graphile_worker from public;
  revoke execute on all functions in schema graphile_worker from public;
  grant usage on schema graphile_worker to worker;
  grant execute on all functions in schema graphile_worker to worker;
  grant select on graphile_worker.migrations to worker;
  grant select, insert, update, delete on ${QUEUE_TABLES.map((table) => `graphile_worker.${table}`).join(', ')} to worker;
  grant usage, select on all sequences in schema graphile_worker to worker`;

// The owner needs no policy: row-level security is enabled but not forced on these tables.
const POLICIES = QUEUE_TABLES.map(
  (table) => `
  drop policy if exists worker_all on graphile_worker.${table};
  create policy worker_all on graphile_worker.${table} for all to worker using (true) with check (true)`,
).join(';');

/**
 * What `pm.enqueue_job` does besides passing the job on: only listed names; bounded payloads; the person whose request
 * it is is written into the payload here, where a request cannot forge it; keys belong to that person, so that nobody
 * replaces somebody else's waiting job. A job with the key of a waiting one replaces it.
 * The function runs as the owner; its search path is fixed so that nothing can be put in front of it.
 */
const ENQUEUE_FUNCTION = `
  create or replace function pm.enqueue_job(
    identifier text, payload json, job_key text default null, run_at timestamptz default now()
  ) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $body$
  declare
    me text := nullif(current_setting('app.user_id', true), '');
    job_id bigint;
  begin
    if enqueue_job.identifier is null or not (enqueue_job.identifier = any (array[${ENQUEUEABLE_JOBS.map(quoteLiteral).join(', ')}]::text[])) then
      raise exception 'no job % may be asked for', enqueue_job.identifier using errcode = '22023';
    end if;
    if octet_length(enqueue_job.payload::text) > ${MAX_PAYLOAD_BYTES} then
      raise exception 'a job payload may have at most ${MAX_PAYLOAD_BYTES} bytes' using errcode = '22001';
    end if;
    select job.id into job_id
      from graphile_worker.add_job(
             enqueue_job.identifier,
             (coalesce(enqueue_job.payload::jsonb, '{}') || jsonb_build_object('${REQUESTED_BY}', me))::json,
             run_at := coalesce(enqueue_job.run_at, now()),
             max_attempts := ${MAX_JOB_ATTEMPTS},
             job_key := enqueue_job.identifier || ':' || coalesce(me, '') || ':' || enqueue_job.job_key) as job;
    return job_id;
  end
  $body$;
  revoke all on function ${ENQUEUE_SIGNATURE} from public;
  grant execute on function ${ENQUEUE_SIGNATURE} to app, worker`;

const INSTALLED = `job queue ${createHash('sha256')
  .update(GRANTS + POLICIES + ENQUEUE_FUNCTION)
  .digest('hex')
  .slice(0, 16)}`;
