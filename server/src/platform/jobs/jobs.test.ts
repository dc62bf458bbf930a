import { sql } from 'kysely';
import pg from 'pg';
import { Type } from 'typebox';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { createTestDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { fixedClock } from '../clock.ts';
import { loadConfig } from '../config.ts';
import { withConnection } from '../database/connection.ts';
import type { Tx } from '../database/database.ts';
import { withWorker, withoutTenant } from '../database/transaction.ts';
import { silentLogger } from '../log.ts';
import { defineJob } from './define.ts';
import type { Job } from './define.ts';
import { enqueue } from './enqueue.ts';
import { MAX_PAYLOAD_BYTES, installJobs } from './install.ts';
import { keepAlive } from './liveness.ts';
import type { EnqueueableJob } from './names.ts';
import { startWorker } from './worker.ts';
import type { RunningWorker, WorkerOptions } from './worker.ts';

const ANN = '11111111-1111-7111-8111-111111111111';
const BOB = '22222222-2222-7222-8222-222222222222';
const NAME: EnqueueableJob = 'market-data.fetch-ecb-rates';

let database: TestDatabase;
let worker: RunningWorker | undefined;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  await withConnection(database.ownerUrl, async (client) =>
    client.query('delete from graphile_worker._private_jobs'),
  );
});
afterAll(async () => database.drop());

const start = async (jobs: readonly Job[], more: Partial<WorkerOptions> = {}): Promise<void> => {
  worker = await startWorker({
    workerUrl: database.workerUrl,
    db: database.worker,
    app: database.app,
    jobs,
    log: silentLogger,
    clock: fixedClock('2024-02-23T12:00:00Z'),
    config: loadConfig({}),
    ...more,
  });
};
/** A transaction of the request role as somebody, as far as the queue is concerned. */
const as = async <T>(userId: string | undefined, fn: (tx: Tx) => Promise<T>): Promise<T> =>
  withoutTenant(database.app, async (tx) => {
    await sql`select set_config('app.user_id', ${userId ?? ''}, true)`.execute(tx);
    return fn(tx);
  });
type Waiting = {
  readonly payload: Record<string, unknown>;
  readonly last_error: string | null;
  readonly attempts: number;
};
const waiting = async (): Promise<readonly Waiting[]> =>
  withWorker(database.worker, async (tx) => {
    const { rows } = await sql<Waiting>`
      select payload, last_error, attempts from graphile_worker._private_jobs order by id`.execute(tx);
    return rows;
  });
const job = (run: Parameters<typeof defineJob>[0]['run'], more: { timeoutMs?: number } = {}): Job =>
  defineJob({ name: NAME, schema: Type.Object({ day: Type.Optional(Type.String()) }), run, ...more });

/** Lets nobody in and sends everybody away, as a server that went down; or lets them in again. */
const shutDatabase = async (isShut: boolean): Promise<void> => {
  const url = new URL(database.adminUrl);
  url.pathname = '/postgres';
  await withConnection(url.href, async (client) => {
    await client.query(
      `alter database ${pg.escapeIdentifier(database.name)} with allow_connections ${!isShut}`,
    );
    if (isShut) {
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
        database.name,
      ]);
    }
  });
};
/** Gives all jobs back at once, as the look for dead workers does after some seconds. */
const unlockAll = async (tx: Tx): Promise<unknown> =>
  sql`select graphile_worker.force_unlock_workers(array_agg(locked_by))
      from graphile_worker._private_jobs where locked_by is not null`.execute(tx);

describe('enqueue', () => {
  it('is part of the transaction: a roll-back takes the job along', async () => {
    await expect(
      as(ANN, async (tx) => {
        await enqueue(tx, NAME, { day: '2024-02-23' });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await waiting()).toEqual([]);
    await as(ANN, async (tx) => enqueue(tx, NAME, { day: '2024-02-23' }));
    expect(await waiting()).toMatchObject([{ payload: { day: '2024-02-23', _requestedBy: ANN } }]);
  });

  it('does not let a request say that it is somebody else’s', async () => {
    await as(ANN, async (tx) => enqueue(tx, NAME, { _requestedBy: BOB }));
    expect(await waiting()).toMatchObject([{ payload: { _requestedBy: ANN } }]);
  });

  it('replaces a waiting job of the same key and person only', async () => {
    for (const [user, day] of [
      [ANN, 'first'],
      [ANN, 'second'],
      [BOB, 'third'],
    ] as const) {
      await as(user, async (tx) => enqueue(tx, NAME, { day }, { key: 'rates' }));
    }
    expect((await waiting()).map(({ payload }) => payload['day'])).toEqual(['second', 'third']);
  });

  it('refuses names that are not listed, and payloads that are too large', async () => {
    const unlisted = 'operations.drop-everything' as EnqueueableJob;
    await expect(as(ANN, async (tx) => enqueue(tx, unlisted, {}))).rejects.toThrow('may be asked for');
    const large = { day: 'x'.repeat(MAX_PAYLOAD_BYTES) };
    await expect(as(ANN, async (tx) => enqueue(tx, NAME, large))).rejects.toThrow('at most 65536 bytes');
  });

  it('is the only way in: the request role cannot read or write the queue itself', async () => {
    for (const statement of [
      sql`select * from graphile_worker._private_jobs`,
      sql`select graphile_worker.add_job('operations.drop-everything')`,
    ]) {
      await expect(as(ANN, async (tx) => statement.execute(tx))).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('the worker', () => {
  it('runs a job with its payload, services and the person who asked', async () => {
    const seen: unknown[] = [];
    const outcomes: unknown[] = [];
    await start(
      [
        job(async ({ payload, helpers, db, clock }) => {
          const { rows } = await withWorker(db, async (tx) => sql`select current_user as role`.execute(tx));
          seen.push({
            payload,
            by: helpers.requestedBy,
            attempt: helpers.attempt,
            rows,
            at: clock.now().toString(),
          });
        }),
      ],
      { onJob: (name, outcome) => outcomes.push([name, outcome]) },
    );
    await as(ANN, async (tx) => enqueue(tx, NAME, { day: '2024-02-23' }));
    await vi.waitFor(() => expect(outcomes).toEqual([[NAME, 'success']]), 5_000);
    expect(seen).toEqual([
      {
        payload: { day: '2024-02-23' },
        by: ANN,
        attempt: 1,
        rows: [{ role: 'worker' }],
        at: '2024-02-23T12:00:00Z',
      },
    ]);
    await vi.waitFor(async () => expect(await waiting()).toEqual([]), 5_000);
  });

  it('keeps a job that fails, to try it again later', async () => {
    const outcomes: unknown[] = [];
    const failing = job(async () => {
      throw new Error('the bank is closed');
    });
    await start([failing], { onJob: (_name, outcome) => outcomes.push(outcome) });
    await as(ANN, async (tx) => enqueue(tx, NAME, {}));
    await vi.waitFor(
      async () => expect(await waiting()).toMatchObject([{ attempts: 1, last_error: 'the bank is closed' }]),
      5_000,
    );
    expect(outcomes).toEqual(['retry']);
  });

  it('does not run a job whose payload does not fit', async () => {
    const run = vi.fn(async () => undefined);
    await start([job(run)]);
    await as(ANN, async (tx) => enqueue(tx, NAME, { day: 7 }));
    await vi.waitFor(
      async () => expect((await waiting())[0]?.last_error).toContain('does not fit: /day'),
      5_000,
    );
    expect(run).not.toHaveBeenCalled();
  });

  it('gives up a job that takes too long, and tells it', async () => {
    let told = false;
    const endless = job(
      async ({ helpers }) =>
        new Promise((resolve) =>
          helpers.signal.addEventListener('abort', () => {
            told = true;
            resolve();
          }),
        ),
      { timeoutMs: 100 },
    );
    await start([endless]);
    await as(ANN, async (tx) => enqueue(tx, NAME, {}));
    await vi.waitFor(async () => expect(await waiting()).toMatchObject([{ attempts: 1 }]), 5_000);
    await vi.waitFor(() => expect(told).toBe(true), 5_000);
  });

  it('lets a running job finish when it stops', async () => {
    let begun = false;
    let finished = false;
    await start([
      job(async () => {
        begun = true;
        await new Promise((resolve) => setTimeout(resolve, 300));
        finished = true;
      }),
    ]);
    await as(ANN, async (tx) => enqueue(tx, NAME, {}));
    await vi.waitFor(() => expect(begun).toBe(true), 5_000);
    await worker?.stop();
    expect(finished).toBe(true);
    expect(await waiting()).toEqual([]);
  });

  it('goes on after all its connections were cut', async () => {
    const days: unknown[] = [];
    await start([job(async ({ payload }) => void days.push(payload))]);
    await withConnection(database.adminUrl, async (client) =>
      client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'worker' and pid <> pg_backend_pid()`,
        [database.name],
      ),
    );
    await as(ANN, async (tx) => enqueue(tx, NAME, { day: 'after' }));
    await vi.waitFor(() => expect(days).toEqual([{ day: 'after' }]), 15_000);
  });

  it.for(['done', 'failed'])(
    'lives on when the database is away at the moment that a job is %s, and does it again',
    async (end) => {
      const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
      const { promise: gone, resolve: goOn } = Promise.withResolvers<undefined>();
      let runs = 0;
      await as(ANN, async (tx) => enqueue(tx, NAME, {}));
      await start([
        job(async () => {
          runs += 1;
          begin(undefined);
          await gone;
          if (end === 'failed' && runs === 1) throw new Error('failed');
        }),
      ]);
      await begun;
      await shutDatabase(true);
      goOn(undefined);
      // Long enough for the queue to try to note the end; a rejection that nobody handles fails the test run.
      await new Promise((resolve) => setTimeout(resolve, 500));
      await shutDatabase(false);
      await withWorker(database.worker, async (tx) => unlockAll(tx));
      await vi.waitFor(async () => expect(await waiting()).toEqual([]), 15_000);
      expect(runs).toBe(2);
    },
  );

  it('refuses two jobs of one name', async () => {
    const same = job(async () => undefined);
    await expect(start([same, same])).rejects.toThrow(`Two jobs are called ${NAME}.`);
  });

  it('does not start without its database, and does not show the password', async () => {
    const workerUrl = 'postgres://worker:hunter2@127.0.0.1:1/none';
    const error: unknown = await start([job(async () => undefined)], { workerUrl }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Error);
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });
});

describe('a worker that died', () => {
  it('has its jobs given back at the second look, a living one keeps them', async () => {
    await as(ANN, async (tx) => enqueue(tx, NAME, { day: 'of the dead' }));
    await as(ANN, async (tx) => enqueue(tx, NAME, { day: 'of the living' }));
    const living = await keepAlive(database.workerUrl, 'pool-living', silentLogger);
    const looking = await keepAlive(database.workerUrl, 'pool-looking', silentLogger);
    await withWorker(database.worker, async (tx) =>
      sql`update graphile_worker._private_jobs set locked_at = now(),
        locked_by = case payload ->> 'day' when 'of the dead' then 'pool-dead' else 'pool-living' end`.execute(
        tx,
      ),
    );
    expect(await looking.sweep()).toEqual([]);
    expect(await looking.sweep()).toEqual(['pool-dead']);
    const { rows } = await withWorker(database.worker, async (tx) =>
      sql`select locked_by from graphile_worker._private_jobs order by id`.execute(tx),
    );
    expect(rows).toEqual([{ locked_by: null }, { locked_by: 'pool-living' }]);
    await living.release();
    await looking.release();
  });
});

describe('installJobs', () => {
  it('can be repeated', async () => {
    await installJobs({ ownerUrl: database.ownerUrl, log: silentLogger });
    await as(ANN, async (tx) => enqueue(tx, NAME, {}));
    expect(await waiting()).toHaveLength(1);
  });
});

describe('defineJob', () => {
  it('refuses a name that tells nothing', () => {
    expect(() => defineJob({ name: 'Fetch', schema: Type.Object({}), run: async () => undefined })).toThrow(
      'must look like feature.what-it-does',
    );
  });
});
