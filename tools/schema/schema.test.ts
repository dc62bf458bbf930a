import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { withConnection } from '../../server/src/platform/database/connection.ts';
import { createTestDatabase } from '../../tests/support/database.ts';
import type { TestDatabase } from '../../tests/support/database.ts';
import { readSchemaDump, unqualifySingleSource } from './dump.ts';
import { readErDiagram } from './er-diagram.ts';
import { readTypes } from './types.ts';

// A small schema that has one of everything, so that what is read does not depend on the product's tables.
const SCHEMA = `
  create schema pm;
  set search_path = pm;
  grant usage on schema pm to app;
  create extension pg_trgm with schema pm;
  create domain amount as numeric(38, 18) constraint is_number check (value <> 'NaN');
  create table parents (id uuid primary key, day date not null default '2024-02-23', price amount);
  create table children (
    id bigint generated always as identity primary key,
    parent_id uuid not null references parents on delete cascade,
    uncle_id uuid unique references parents,
    name text not null constraint name_given check (name <> ''),
    at timestamptz,
    shouted text generated always as (upper(name)) stored
  );
  comment on column children.name is 'As given at birth.';
  create index children_by_parent on children (parent_id) where at is not null;
  create table events (at timestamptz not null) partition by range (at);
  create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
  alter table children enable row level security;
  create policy own on children for select to app, current_role using (parent_id is not null);
  grant select, update (name) on children to app;
  create function double(n integer) returns integer language sql immutable as 'select n * 2';
  revoke all on function double(integer) from public;
  grant execute on function double(integer) to app;
  create view named as select c.id, c.name from children c where c.name <> 'x';
`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  await withConnection(database.ownerUrl, async (client) => client.query(SCHEMA));
});
afterAll(async () => database.drop());

describe('readSchemaDump', () => {
  it('writes everything once, as SQL', async () => {
    await expect(await readSchemaDump(database.ownerUrl)).toMatchFileSnapshot('fixtures/schema.sql');
  });

  it('notices a change of any part', async () => {
    let before = await readSchemaDump(database.ownerUrl);
    for (const change of [
      'create policy other on pm.parents to app using (true)',
      'grant insert (name) on pm.children to app',
      'alter table pm.children force row level security',
      'create trigger t before update on pm.parents for each row execute function suppress_redundant_updates_trigger()',
      'alter domain pm.amount add constraint positive check (value > 0)',
      'create index on pm.parents (day)',
    ]) {
      await withConnection(database.ownerUrl, async (client) => client.query(change));
      const after = await readSchemaDump(database.ownerUrl);
      expect(after === before ? `unnoticed: ${change}` : 'noticed').toBe('noticed');
      before = after;
    }
  });
});

describe('unqualifySingleSource', () => {
  const view = (from: string): string => `CREATE VIEW v AS\n SELECT s.a,\n    s.b\n   FROM ${from}`;
  it('drops the table’s name where there is only one table', () => {
    expect(unqualifySingleSource(view('some_table s\n  WHERE s.a > 1;'))).toBe(
      'CREATE VIEW v AS\n SELECT a,\n    b\n   FROM some_table s\n  WHERE a > 1;',
    );
    expect(unqualifySingleSource(view('s;'))).toBe('CREATE VIEW v AS\n SELECT a,\n    b\n   FROM s;');
  });
  it('keeps it where there are several', () => {
    const joined = view('some_table s\n     LEFT JOIN other o ON o.a = s.a;');
    expect(unqualifySingleSource(joined)).toBe(joined);
    const listed = view('some_table s,\n    other o;');
    expect(unqualifySingleSource(listed)).toBe(listed);
  });
});

describe('readErDiagram', () => {
  it('has the keys and one line for each foreign key', async () => {
    const diagram = await readErDiagram(database.ownerUrl);
    expect(diagram).toContain(
      '  children {\n    bigint id PK\n    uuid parent_id FK\n    uuid uncle_id FK\n  }',
    );
    expect(diagram).toContain('  parents ||--o{ children : "parent_id"');
    expect(diagram).toContain('  parents |o--o| children : "uncle_id"');
  });
});

describe('readTypes', () => {
  it('never makes a number of money, and has days and instants as Temporal', async () => {
    const types = await readTypes(database.ownerUrl);
    expect(types).toContain('price: string | null;');
    expect(types).toContain('day: Generated<Temporal.PlainDate>;');
    expect(types).toContain('at: Temporal.Instant | null;');
    expect(types).toMatch(/id: Generated(?:Always)?<(?:string|Int8)>/u);
    expect(types).toContain('* As given at birth.');
    expect(types).not.toContain('Events2024');
  });
});
