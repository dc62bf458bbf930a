/**
 * Finds jobs whose worker died while running them.
 *
 * graphile-worker itself gives such a job back after four hours. Here every worker holds an advisory lock on a
 * connection of its own, which PostgreSQL releases the moment the process is gone; whoever sees a locked job whose
 * worker's lock is free twice in a row gives the job back.
 */
import pg from 'pg';

import { clientConfig } from '../database/connection.ts';
import { connectionLoss } from '../database/failures.ts';
import type { Logger } from '../log.ts';

/** A killed worker's jobs wait at most twice this; once, when its successor starts right away. */
const SWEEP_INTERVAL_MS = 10_000;

/** The lock of one worker. */
export type Liveness = {
  /** Looks once, as the timer does. Returns the workers whose jobs were given back. */
  sweep(): Promise<readonly string[]>;
  release(): Promise<void>;
};

/**
 * Holds the lock of a worker and looks for dead ones from time to time.
 * A lost connection is opened again at the next look; the double check covers the moment in between.
 */
export const keepAlive = async (workerUrl: string, workerId: string, log: Logger): Promise<Liveness> => {
  let client: pg.Client | undefined;
  let suspects = new Set<string>();

  const connected = async (): Promise<pg.Client> => {
    if (client !== undefined) return client;
    const next = new pg.Client(clientConfig(workerUrl));
    const forget = (): void => {
      if (client === next) client = undefined;
    };
    next.on('error', forget);
    next.on('end', forget);
    await next.connect();
    await next.query('select pg_advisory_lock(hashtextextended($1, 0))', [lockName(workerId)]);
    client = next;
    return next;
  };

  const sweep = async (): Promise<readonly string[]> => {
    const connection = await connected();
    const dead: string[] = [];
    const seen = new Set<string>();
    for (const other of await lockedBy(connection, workerId)) {
      if (await isAlive(connection, other)) continue;
      if (suspects.has(other)) dead.push(other);
      else seen.add(other);
    }
    suspects = seen;
    if (dead.length > 0) {
      await connection.query('select graphile_worker.force_unlock_workers($1)', [dead]);
      log.warn({ workers: dead }, 'Jobs of workers that died were given back');
    }
    return dead;
  };

  // Looks do not overlap: a slow database makes them rarer, not more.
  let running: Promise<unknown> = sweep();
  await running;
  const timer = setInterval(() => {
    running = running
      .then(sweep)
      .catch((error: unknown) => log.warn(connectionLoss(error), 'Looking for dead workers failed'));
  }, SWEEP_INTERVAL_MS);
  return {
    sweep,
    release: async () => {
      clearInterval(timer);
      await running;
      await client?.end().catch(() => undefined);
    },
  };
};

const lockName = (workerId: string): string => `pm worker ${workerId}`;

const lockedBy = async (client: pg.Client, except: string): Promise<string[]> => {
  const { rows } = await client.query<{ id: string }>(
    `select locked_by as id from graphile_worker._private_jobs where locked_by is not null and locked_by <> $1
     union select locked_by from graphile_worker._private_job_queues where locked_by is not null and locked_by <> $1`,
    [except],
  );
  return rows.map(({ id }) => id);
};

/** A lock that can be taken is held by nobody. */
const isAlive = async (client: pg.Client, workerId: string): Promise<boolean> => {
  const { rows } = await client.query<{ free: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as free',
    [lockName(workerId)],
  );
  if (rows[0]?.free !== true) return true;
  await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [lockName(workerId)]);
  return false;
};
