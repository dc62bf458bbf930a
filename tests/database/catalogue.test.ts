import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { withConnection } from '../../server/src/platform/database/connection.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { findViolations, RULES } from './catalogue-rules.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await withConnection(database.ownerUrl, async (owner) => {
    await owner.query(`select pm.ensure_price_partition('2024-02-23')`);
  });
});

afterAll(async () => {
  await database.drop();
});

/** Runs statements as the owner and looks at what the rules say, then takes everything back. */
const afterStatements = async (statements: string, as: 'owner' | 'admin' = 'owner'): Promise<string[]> =>
  withConnection(as === 'owner' ? database.ownerUrl : database.adminUrl, async (client: Client) => {
    await client.query('begin');
    try {
      await client.query(statements);
      return await findViolations(client);
    } finally {
      await client.query('rollback');
    }
  });

describe('the catalogue', () => {
  it.each(RULES)('$name', async (rule) => {
    const found = await withConnection(database.ownerUrl, async (owner) => findViolations(owner, [rule]));
    expect(found).toEqual([]);
  });

  it('knows the tables of the specification', async () => {
    const names = await withConnection(database.ownerUrl, async (owner) => {
      const { rows } = await owner.query<{ name: string }>(
        `select relname as name from pg_class where relnamespace = 'pm'::regnamespace and relkind in ('r', 'p', 'm') and not relispartition`,
      );
      return rows.map(({ name }) => name);
    });
    expect(names).toEqual(
      expect.arrayContaining(
        `users portfolios portfolio_access holdings trades instruments constituents prices fx_rates events news_items
        chat_messages education_modules education_progress alerts exposure_snapshots overlap_matrices
        portfolio_snapshots portfolio_summaries audit_log`.split(/\s+/u),
      ),
    );
  });
});

/** Each bad table or grant, and what must be said about it. */
const PLANTED: readonly (readonly [what: string, statements: string, expected: string])[] = [
  [
    'a table without row-level security',
    `create table pm.bad (user_id uuid references pm.users, id uuid, primary key (user_id, id))`,
    'bad: row-level security is not enabled and forced',
  ],
  [
    'one with an owner that does not force it',
    `create table pm.bad (owner_user_id uuid, id uuid primary key); alter table pm.bad enable row level security`,
    'bad: row-level security is not enabled and forced',
  ],
  [
    'a table that requests read without row-level security',
    `create table pm.bad (id uuid primary key); grant select on pm.bad to app`,
    'bad: app may use it without row-level security',
  ],
  [
    'a table without a policy for requests',
    `create table pm.bad (user_id uuid, id uuid, primary key (user_id, id)); select pm.secure_table('bad', '{}')`,
    'bad: no policy for app on SELECT',
  ],
  [
    'a table without a policy for the worker',
    `create table pm.bad (user_id uuid, id uuid, primary key (user_id, id)); select pm.protect_user_table('bad'); drop policy system on pm.bad`,
    'bad: owner and worker have no policy of their own',
  ],
  [
    'a policy that lets everybody in',
    `create policy bad on pm.trades for select to app using (true)`,
    'trades: policy bad does not ask who it is',
  ],
  [
    'a policy for everybody',
    `create policy bad on pm.trades for select using (user_id is not null)`,
    'trades: policy bad is for everybody',
  ],
  [
    'a policy that fails without a user',
    `create policy bad on pm.trades for select to app using (user_id = current_setting('app.user_id')::uuid)`,
    'trades: policy bad reads the setting in another way',
  ],
  [
    'a foreign key without an index',
    `create table pm.bad (id uuid primary key, user_ref uuid references pm.users)`,
    'bad (user_ref): no index for the foreign key',
  ],
  [
    'a foreign key with an index on the person alone',
    `create table pm.bad (user_id uuid, id uuid, portfolio_id uuid, primary key (user_id, id), foreign key (user_id, portfolio_id) references pm.portfolios)`,
    'bad (user_id, portfolio_id): no index for the foreign key',
  ],
  [
    'a foreign key that can cross over to somebody else',
    `create table pm.bad (user_id uuid, id uuid, portfolio_id uuid references pm.portfolios (id), primary key (user_id, id))`,
    'bad (portfolio_id): may refer to a row of somebody else',
  ],
  [
    'setting the person to null',
    `create table pm.bad (user_id uuid, id uuid, portfolio_id uuid, primary key (user_id, id), foreign key (user_id, portfolio_id) references pm.portfolios on delete set null)`,
    'bad (user_id, portfolio_id): deleting the parent would null a column that may not be',
  ],
  [
    'an instrument of somebody else',
    `create table pm.bad (user_id uuid, id uuid, instrument_id uuid references pm.instruments, primary key (user_id, id))`,
    'bad (instrument_id): may refer to an instrument of somebody else',
  ],
  [
    'a primary key by id alone',
    `create table pm.bad (user_id uuid not null, id uuid primary key)`,
    'bad: the primary key does not begin with user_id',
  ],
  ['truncating', `grant truncate on pm.trades to app`, 'trades: app has TRUNCATE'],
  ['reading hashes', `grant select on pm.users to app`, 'users.password_hash: app may read it'],
  ['becoming admin', `grant update (role) on pm.users to app`, 'users.role: app may update it'],
  ['moving rows', `grant update (user_id) on pm.trades to app`, 'trades.user_id: app may update it'],
  [
    'forging history',
    `grant insert (user_id) on pm.trades_history to worker`,
    'trades_history: worker may write it',
  ],
  [
    'reading the materialized view',
    `grant select on pm.portfolio_summaries to app`,
    'portfolio_summaries: app may read a materialized view',
  ],
  [
    'reading a partition',
    `grant select on pm.prices_2024_02 to app`,
    'prices_2024_02: app may use a partition directly',
  ],
  ['a privilege for everybody', `grant select on pm.fx_rates to public`, 'fx_rates: PUBLIC has SELECT'],
  ['creating in the schema', `grant create on schema pm to app`, 'role app may create in the schema'],
  [
    'a definer function without search path',
    `create function pm.bad() returns int language sql security definer as 'select 1'; revoke all on function pm.bad() from public`,
    'bad(): its search_path is not fixed',
  ],
  [
    'a definer function for everybody',
    `create function pm.bad() returns int language sql security definer set search_path = pg_catalog, pg_temp as 'select 1'`,
    'bad(): PUBLIC may execute it',
  ],
  [
    'a view that runs as the owner',
    `create view pm.bad as select * from pm.trades; grant select on pm.bad to app`,
    'bad: shows rows that its reader may not see',
  ],
  [
    'a new column that the history misses',
    `alter table pm.trades add column bad text`,
    'trades.bad: the history does not keep it',
  ],
  [
    'a new column without rights',
    `alter table pm.trades add column bad text`,
    'trades.bad: app may write its table but not this column',
  ],
  [
    'floating point',
    `alter table pm.prices add column bad float8`,
    'prices.bad: has the type double precision',
  ],
  ['NaN', `alter table pm.prices add column bad numeric(38,18)`, 'prices.bad: a bare numeric accepts NaN'],
  ['a version that nobody keeps', `drop trigger touch on pm.trades`, 'trades: nothing keeps version'],
];

describe('the rules can fail:', () => {
  it.each(PLANTED)('%s is caught', async (_what, statements, expected) => {
    expect(await afterStatements(statements)).toEqual(
      expect.arrayContaining([expect.stringContaining(expected)]),
    );
  });

  it('a table of app’s own is caught', async () => {
    const found = await afterStatements(
      'create table public.bad (id int); alter table public.bad owner to app',
      'admin',
    );
    expect(found).toEqual(
      expect.arrayContaining([expect.stringMatching(/table (?:public\.)?bad belongs to app$/u)]),
    );
  });

  it('a history brought up to date satisfies them again', async () => {
    const found =
      await afterStatements(`alter table pm.trades add column good text check (char_length(good) < 10);
      select pm.protect_portfolio_table('trades'); select pm.keep_history('trades', 'portfolio_id')`);
    expect(found).toEqual([]);
  });
});
