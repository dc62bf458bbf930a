import { inspect } from 'node:util';

import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { AppError } from '../errors.ts';
import { connectionParts, describeTarget, withConnection } from './connection.ts';
import { createDatabase, json, poolUsage } from './database.ts';
import type { Tx } from './database.ts';
import { MAX_ATTEMPTS, withTenant, withWorker, withoutTenant } from './transaction.ts';

// An empty database with a stand-in for the tenant function: this is about transactions, not about the schema.
const SCRATCH = `
  create schema pm;
  create table pm.notes (id integer primary key, user_id uuid not null, body text not null);
  alter table pm.notes enable row level security;
  create policy own on pm.notes to app
    using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
  create function pm.begin_request(p_user uuid, p_session uuid)
    returns table (role text, locale text, timezone text) language plpgsql as $$
  begin
    if p_session = '00000000-0000-0000-0000-00000000dead' then
      raise exception 'session ended' using errcode = 'PM401';
    end if;
    perform set_config('app.user_id', p_user::text, true);
    return query select 'member', 'en-GB', 'Europe/London';
  end $$;
  grant usage on schema pm to app, worker;
  grant select, insert, update, delete on pm.notes to app, worker;
  create policy all_rows on pm.notes to worker using (true) with check (true);
`;
const ANN = '11111111-1111-7111-8111-111111111111';
const BOB = '22222222-2222-7222-8222-222222222222';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  await withConnection(database.ownerUrl, async (client) => client.query(SCRATCH));
});
afterAll(async () => database.drop());

const count = async (tx: Tx): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from notes`.execute(tx);
  return rows[0]?.n ?? -1;
};
const insert = async (tx: Tx, id: number, userId: string) =>
  sql`insert into notes values (${id}, ${userId}, 'x')`.execute(tx);
const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

type Query = (this: pg.Client, ...args: readonly unknown[]) => unknown;

/** Notes when statements are sent and when they are answered, while `work` runs. */
const watchingDriver = async (work: () => Promise<unknown>): Promise<string[]> => {
  const seen: string[] = [];
  const original = pg.Client.prototype.query as Query;
  const watching: Query = function watching(...args) {
    const [first] = args as [string | { readonly text: string }];
    const text = (typeof first === 'string' ? first : first.text).replace(/;.*/su, '');
    const note = (): void => {
      seen.push(`< ${text}`);
    };
    seen.push(`> ${text}`);
    const answer = Reflect.apply(original, this, args);
    void (answer as Promise<unknown>).then(note, note);
    return answer;
  };
  Object.assign(pg.Client.prototype, { query: watching });
  try {
    await work();
  } finally {
    Object.assign(pg.Client.prototype, { query: original });
  }
  return seen;
};

describe('statements that do not need one another', () => {
  const one = async (tx: Tx, text: string): Promise<unknown> =>
    sql`select ${sql.lit(text)} as text`.execute(tx);

  it('travel together, the first of them with the beginning', async () => {
    const seen = await watchingDriver(async () =>
      withWorker(database.worker, async (tx) => {
        await Promise.all([one(tx, 'a'), one(tx, 'b')]);
        await one(tx, 'c');
      }),
    );
    expect(seen).toEqual([
      '> begin',
      "> select 'a' as text",
      "> select 'b' as text",
      '< begin',
      "< select 'a' as text",
      "< select 'b' as text",
      "> select 'c' as text",
      "< select 'c' as text",
      '> commit',
      '< commit',
    ]);
  });

  it('are undone together when one fails, and its failure is the one that is reported', async () => {
    const wrong = withTenant(database.app, { userId: ANN }, async (tx) =>
      Promise.all([insert(tx, 70, ANN), sql`select 1/0`.execute(tx), insert(tx, 71, ANN)]),
    );
    expect(await failure(wrong)).toMatchObject({ code: '22012' });
    const left = await withTenant(database.app, { userId: ANN }, async (tx) =>
      sql`select from notes where id in (70, 71)`.execute(tx),
    );
    expect(left.rows).toEqual([]);
  });
});

describe('withTenant', () => {
  it('sees and writes the user’s own rows only', async () => {
    await withTenant(database.app, { userId: ANN }, async (tx) => insert(tx, 1, ANN));
    await withTenant(database.app, { userId: BOB }, async (tx) => insert(tx, 2, BOB));
    expect(await withTenant(database.app, { userId: ANN }, count)).toBe(1);
    const error = await failure(withTenant(database.app, { userId: ANN }, async (tx) => insert(tx, 3, BOB)));
    expect(error).toMatchObject({ code: '42501' });
    expect(await withWorker(database.worker, count)).toBe(2);
  });

  it('leaves no user behind on the pooled connection', async () => {
    const one = createDatabase({ url: database.appUrl, max: 1 });
    expect(await withTenant(one, { userId: ANN }, count)).toBe(1);
    expect(await withoutTenant(one, count)).toBe(0);
    await one.destroy();
  });

  it('tells who the tenant is', async () => {
    const facts = await withTenant(database.app, { userId: ANN }, async (_tx, told) => told);
    expect(facts).toEqual({ role: 'member', locale: 'en-GB', timezone: 'Europe/London' });
  });

  it('rolls back when the story fails', async () => {
    const error = await failure(
      withTenant(database.app, { userId: ANN }, async (tx) => {
        await insert(tx, 10, ANN);
        throw new Error('changed my mind');
      }),
    );
    expect(error).toMatchObject({ message: 'changed my mind' });
    expect(await withTenant(database.app, { userId: ANN }, count)).toBe(1);
  });

  it('answers 401 for an ended session', async () => {
    const sessionId = '00000000-0000-0000-0000-00000000dead';
    const error = await failure(withTenant(database.app, { userId: ANN, sessionId }, count));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ status: 401, code: 'session_ended' });
  });

  it('runs again after a deadlock, so that both succeed', async () => {
    let attempts = 0;
    let firstTime = 0;
    const both = new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (firstTime < 2) return;
        clearInterval(timer);
        resolve();
      }, 5);
    });
    const lockInOrder = async (ids: readonly number[]): Promise<void> =>
      withWorker(database.worker, async (tx) => {
        attempts += 1;
        await sql`update notes set body = body || '.' where id = ${ids[0]}`.execute(tx);
        firstTime += 1;
        await both;
        await sql`update notes set body = body || '.' where id = ${ids[1]}`.execute(tx);
      });
    await Promise.all([lockInOrder([1, 2]), lockInOrder([2, 1])]);
    expect(attempts).toBe(3);
    const { rows } = await withWorker(database.worker, async (tx) =>
      sql<{ body: string }>`select body from notes order by id`.execute(tx),
    );
    expect(rows).toEqual([{ body: 'x..' }, { body: 'x..' }]);
  });

  it('gives up after a bounded number of attempts and says to come back', async () => {
    let attempts = 0;
    const error = await failure(
      withTenant(database.app, { userId: ANN }, async (tx) => {
        attempts += 1;
        await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(tx);
      }),
    );
    expect(attempts).toBe(MAX_ATTEMPTS);
    expect(error).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  it('refuses to write when only reading was asked for', async () => {
    const error = await failure(
      withTenant(database.app, { userId: ANN }, async (tx) => insert(tx, 20, ANN), { readOnly: true }),
    );
    expect(error).toMatchObject({ code: '25006' });
  });
});

describe('limits', () => {
  it('hold inside the transaction and are gone after it', async () => {
    const one = createDatabase({
      url: database.appUrl,
      max: 1,
      limits: { statementTimeoutMs: 50, lockTimeoutMs: 40, idleTimeoutMs: 30 },
    });
    const read = async (tx: Tx) => {
      const { rows } = await sql<{ limits: string }>`
        select concat_ws(' ', current_setting('statement_timeout'), current_setting('lock_timeout'),
          current_setting('idle_in_transaction_session_timeout'), current_setting('search_path'),
          current_setting('timezone'), current_setting('jit')) as limits`.execute(tx);
      return rows[0]?.limits;
    };
    expect(await withoutTenant(one, read)).toBe('50ms 40ms 30ms pm UTC off');
    const outside = await sql<{
      limit: string;
    }>`select current_setting('statement_timeout') as limit`.execute(one);
    expect(outside.rows).toEqual([{ limit: '0' }]);
    const slow = await failure(withoutTenant(one, async (tx) => sql`select pg_sleep(5)`.execute(tx)));
    expect(slow).toMatchObject({ status: 503, code: 'unavailable' });
    await one.destroy();
  });

  it('answers 503 when the pool is empty, and recovers', async () => {
    const one = createDatabase({ url: database.appUrl, max: 1, connectionTimeoutMillis: 100 });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => void (release = resolve));
    const holding = withoutTenant(one, async () => held);
    const error = await failure(withoutTenant(one, count));
    expect(error).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(poolUsage(one)).toEqual({ max: 1, total: 1, idle: 0, waiting: 0 });
    release();
    await holding;
    expect(await withoutTenant(one, count)).toBe(0);
    await one.destroy();
  });

  it('answers 503 when the connection is cut mid-way, and recovers', async () => {
    const one = createDatabase({ url: database.appUrl, max: 1 });
    const error = await failure(
      withoutTenant(one, async (tx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        await withConnection(database.adminUrl, async (c) =>
          c.query('select pg_terminate_backend($1)', [rows[0]?.pid]),
        );
        await sql`select 1`.execute(tx);
      }),
    );
    expect(error).toMatchObject({ status: 503 });
    expect(await withoutTenant(one, count)).toBe(0);
    await one.destroy();
  });
});

describe('failing connections', () => {
  it('never show the password', async () => {
    const url = 'postgres://app:hunter2@127.0.0.1:1/none';
    const nowhere = createDatabase({ url, connectionTimeoutMillis: 500 });
    const error = await failure(withoutTenant(nowhere, count));
    expect(error).toMatchObject({ status: 503 });
    for (const thing of [error, nowhere, connectionParts(url), poolUsage(nowhere)]) {
      expect(inspect(thing, { depth: 12 })).not.toContain('hunter2');
      expect(JSON.stringify(thing) ?? '').not.toContain('hunter2');
    }
    expect(describeTarget(url)).toBe('app@127.0.0.1:1/none');
    await nowhere.destroy();
  });
});

describe('values', () => {
  const fetch = async <T>(query: ReturnType<typeof sql<{ v: T }>>): Promise<T | undefined> =>
    withoutTenant(database.app, async (tx) => (await query.execute(tx)).rows[0]?.v);

  it('keep every digit and microsecond on the way back', async () => {
    const { rows } = await withoutTenant(database.app, async (tx) =>
      sql<Record<string, unknown>>`select 1234567890123456789012345678.0123456789::numeric as n,
        array[0.1::numeric, null] as ns, 9223372036854775807::int8 as i, array[1::int8] as is,
        '2024-02-29'::date as d, array['2024-02-29'::date] as ds,
        '2024-02-23 12:00:00.123456+05:30'::timestamptz as t, null::date as nothing`.execute(tx),
    );
    const row = rows[0] ?? {};
    expect(row).toMatchObject({
      n: '1234567890123456789012345678.0123456789',
      ns: ['0.1', null],
      i: '9223372036854775807',
      is: ['1'],
      nothing: null,
    });
    expect([String(row['d']), String(row['ds']), String(row['t'])]).toEqual([
      '2024-02-29',
      '2024-02-29',
      '2024-02-23T06:30:00.123456Z',
    ]);
    expect(row['d']).toBeInstanceOf(Temporal.PlainDate);
    expect(row['t']).toBeInstanceOf(Temporal.Instant);
  });

  it('go out as text: Temporal, lists of them, JSON', async () => {
    const day = Temporal.PlainDate.from('2024-02-29');
    const instant = Temporal.Instant.from('2024-02-23T06:30:00.123456Z');
    expect(String(await fetch(sql`select ${day}::date as v`))).toBe('2024-02-29');
    expect(String(await fetch(sql`select ${instant}::timestamptz as v`))).toBe('2024-02-23T06:30:00.123456Z');
    expect(await fetch(sql`select date '2024-02-29' = any(${[day]}::date[]) as v`)).toBe(true);
    expect(await fetch(sql`select ${json([1, { a: 'b' }])} as v`)).toEqual([1, { a: 'b' }]);
  });

  it('are refused when they would be guessed', async () => {
    await expect(fetch(sql`select ${new Date()}::timestamptz as v`)).rejects.toThrow('not Date');
    await expect(fetch(sql`select ${Number.NaN}::numeric as v`)).rejects.toThrow('NaN');
    await expect(fetch(sql`select '2024-01-01'::timestamp as v`)).rejects.toThrow('without time zone');
    await expect(fetch(sql`select 'infinity'::timestamptz as v`)).rejects.toThrow('infinite');
  });
});
