import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import { createTestDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { silentLogger } from '../log.ts';
import { withConnection } from './connection.ts';
import { checkRequestRole, prepareRoles, withCredentials } from './roles.ts';
import type { RoleUrls } from './roles.ts';
import { scramVerifier } from './scram.ts';

// Roles belong to the whole server, which other tests use as well: each run has names of its own.
const prefix = `t${process.pid}_`;
const PASSWORD = 'only-for-this-test';
let database: TestDatabase;
let dataDir = '';

const admin = async (sql: string): Promise<void> =>
  withConnection(database.adminUrl, async (client) => {
    await client.query(sql);
  });
const as = (user: string): string => withCredentials(database.adminUrl, `${prefix}${user}`, PASSWORD);
const prepare = async (
  given: { appUrl?: string; workerUrl?: string; ownerUrl?: string } = {},
): Promise<RoleUrls> =>
  prepareRoles({ ownerUrl: as('owner'), dataDir, log: silentLogger, rolePrefix: prefix, ...given });
const whoAmI = async (url: string): Promise<string | undefined> =>
  withConnection(
    url,
    async (client) => (await client.query<{ u: string }>('select current_user as u')).rows[0]?.u,
  );

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterAll(async () => database.drop());
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pm-roles-'));
  await admin(`create role ${prefix}owner login createrole password '${PASSWORD}'`);
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
  const all = ['app', 'worker', 'login', 'other', 'pm_auth', 'pm_audit', 'owner'];
  await admin(
    `do $$ declare r name; begin
       for r in select rolname from pg_roles where rolname in (${all.map((name) => `'${prefix}${name}'`).join(', ')})
       loop execute format('drop owned by %I cascade', r); execute format('drop role %I', r); end loop; end $$`,
  );
});

describe('prepareRoles', () => {
  it('makes all roles once, with passwords kept in a private file', async () => {
    const first = await prepare();
    expect(await whoAmI(first.appUrl)).toBe(`${prefix}app`);
    expect(await whoAmI(first.workerUrl)).toBe(`${prefix}worker`);
    expect(await prepare()).toEqual(first);
    const kept: unknown = JSON.parse(await readFile(join(dataDir, 'database-roles.json'), 'utf8'));
    expect(Object.keys(kept as object)).toEqual(['app', 'worker']);
  });

  it('lets the owner hand a function over to the sign-in role', async () => {
    await prepare();
    await admin(`create schema if not exists handover authorization ${prefix}owner`);
    await withConnection(as('owner'), async (client) => {
      await client.query(
        `create function handover.f() returns int language sql as 'select 1';
         grant create, usage on schema handover to ${prefix}pm_auth;
         alter function handover.f() owner to ${prefix}pm_auth`,
      );
      const { rows } = await client.query(
        `select proowner::regrole::text as owner from pg_proc where proname = 'f' and pronamespace = 'handover'::regnamespace`,
      );
      expect(rows).toEqual([{ owner: `${prefix}pm_auth` }]);
    });
  });

  it('makes a given login a member of the request role', async () => {
    await admin(`create role ${prefix}login login password '${PASSWORD}'`);
    const urls = await prepare({ appUrl: as('login') });
    expect(urls.appUrl).toBe(as('login'));
    await withConnection(urls.appUrl, async (client) => {
      const { rows } = await client.query(
        `select pg_has_role(current_user, '${prefix}app', 'USAGE') as member`,
      );
      expect(rows).toEqual([{ member: true }]);
    });
  });

  it('says when the role exists with another password', async () => {
    await admin(`create role ${prefix}app login password 'somebody else chose it'`);
    await expect(prepare()).rejects.toThrow(
      `The role ${prefix}app exists on the server with a password that is not in database-roles.json of the data folder: give DATABASE_APP_URL, or drop the role so that it is made again.`,
    );
  });

  it('says when the owner may not create roles', async () => {
    await admin(`alter role ${prefix}owner nocreaterole`);
    await expect(prepare()).rejects.toThrow(
      `The role ${prefix}pm_auth does not exist and the owner at DATABASE_URL may not create it`,
    );
  });

  it('says when the password file is damaged', async () => {
    await writeFile(join(dataDir, 'database-roles.json'), '{"app":');
    await expect(prepare()).rejects.toThrow(
      'The file database-roles.json in the data folder (PM_DATA_DIR) is damaged',
    );
  });

  it.each([
    ['a superuser', 'superuser', 'is a superuser'],
    ['one with BYPASSRLS', 'bypassrls', 'has BYPASSRLS'],
  ])('refuses %s for requests', async (_what, attribute, reason) => {
    await admin(`create role ${prefix}login login ${attribute} password '${PASSWORD}'`);
    await prepare();
    await admin(`grant ${prefix}app to ${prefix}login`);
    await expect(prepare({ appUrl: as('login') })).rejects.toThrow(
      `DATABASE_APP_URL is refused: the role ${prefix}login ${reason}, so row-level security would not protect one user from another; use a plain login role.`,
    );
  });

  it('refuses an owner of tables, and a member of one', async () => {
    await admin(`create role ${prefix}login login password '${PASSWORD}'; create role ${prefix}other;
      create schema if not exists s; create table s.owned (id int); alter table s.owned owner to ${prefix}login`);
    await expect(prepare({ appUrl: as('login') })).rejects.toThrow(`the role ${prefix}login owns a table`);
    await admin(`alter table s.owned owner to ${prefix}other; grant ${prefix}other to ${prefix}login`);
    await expect(prepare({ appUrl: as('login') })).rejects.toThrow(
      `the role ${prefix}login belongs to ${prefix}other, which owns a table`,
    );
  });

  it.each([
    ['a server that is not there', 'postgres://owner:hunter2@127.0.0.1:1/x', 'nothing listens there'],
    ['a host without name', 'postgres://owner:hunter2@no-such-host.invalid/x', 'the host name is not known'],
  ])('says what is wrong with %s, without the password', async (_what, ownerUrl, reason) => {
    const error: unknown = await prepare({ ownerUrl }).catch((e: unknown) => e);
    expect(String(error)).toContain(`DATABASE_URL (owner@`);
    expect(String(error)).toContain(reason);
    expect(String(error)).not.toContain('hunter2');
  });

  it('refuses a database of another encoding', async () => {
    const name = `${database.name}_latin1`;
    await admin(
      `create database ${name} owner ${prefix}owner encoding 'LATIN1' locale 'C' template template0`,
    );
    await expect(prepare({ ownerUrl: as('owner').replace(database.name, name) })).rejects.toThrow(
      "The database at DATABASE_URL has the encoding LATIN1, but UTF8 is needed: create it with ENCODING 'UTF8'.",
    );
    await admin(`drop database ${name}`);
  });

  it('says when password or database are wrong', async () => {
    const wrong = withCredentials(database.adminUrl, `${prefix}owner`, PASSWORD).replace(
      database.name,
      'no_such_database',
    );
    await expect(prepare({ ownerUrl: wrong })).rejects.toThrow('cannot be used: there is no such database.');
  });
});

describe('checkRequestRole', () => {
  it('accepts the role that requests use', async () => {
    await withConnection(database.appUrl, async (client) => {
      await expect(checkRequestRole(client, 'DATABASE_APP_URL')).resolves.toBeUndefined();
    });
  });

  it('refuses the administrator', async () => {
    await withConnection(inject('testRun').adminUrl, async (client) => {
      await expect(checkRequestRole(client, 'X')).rejects.toThrow('X is refused: the role');
    });
  });
});

describe('withCredentials', () => {
  it.each([
    ['postgres://a:b@host:5433/db?sslmode=require', 'postgres://u:p%40@host:5433/db?sslmode=require'],
    ['postgresql://host/db', 'postgresql://u:p%40@host/db'],
    ['postgres:///db?host=/run/pg', 'postgres://u:p%40@/db?host=/run/pg'],
    ['postgres://host/db?user=a&password=b', 'postgres://u:p%40@host/db'],
  ])('puts user and password into %s', (url, expected) => {
    expect(withCredentials(url, 'u', 'p@')).toBe(expected);
  });
});

describe('scramVerifier', () => {
  // Oracle: PostgreSQL 15's own answer for this password and salt, read from pg_authid.
  it('is what PostgreSQL stores', async () => {
    const stored = await withConnection(inject('testRun').adminUrl, async (client) => {
      await client.query(
        `set password_encryption = 'scram-sha-256'; create role ${prefix}other password 'pencil'`,
      );
      const { rows } = await client.query<{ v: string }>(
        'select rolpassword as v from pg_authid where rolname = $1',
        [`${prefix}other`],
      );
      return rows[0]?.v ?? '';
    });
    const salt = /:([^$]+)\$/u.exec(stored)?.[1] ?? '';
    expect(scramVerifier('pencil', Buffer.from(salt, 'base64'))).toBe(stored);
  });
});
