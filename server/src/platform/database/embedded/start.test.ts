import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { startEmbeddedPostgres } from './index.ts';
import {
  cleanUp,
  copyOfStoppedCluster,
  makeFolder,
  query,
  refusal,
  serversOf,
  start,
} from './testing/harness.ts';

afterAll(cleanUp);

/** Machines that run other things at the same time are slow; a start that takes this long is broken. */
const COLD_MS_MAX = 20_000;
const WARM_MS_MAX = 8_000;

describe('a first start', () => {
  test('makes a cluster, a database and logins with least rights, and stops cleanly', async () => {
    const dataDir = join(makeFolder(), 'not', 'there', 'yet');
    const begin = performance.now();
    const server = await start(dataDir, { durability: 'full' });
    expect(performance.now() - begin).toBeLessThan(COLD_MS_MAX);
    expect(server).toMatchObject({ adopted: false, version: '18.4' });

    const settings = await query(
      server.adminUrl,
      `select name, setting from pg_settings where name in
         ('data_checksums', 'wal_segment_size', 'server_encoding', 'listen_addresses', 'fsync', 'password_encryption')
       order by name`,
    );
    expect(settings).toEqual([
      { name: 'data_checksums', setting: 'on' },
      { name: 'fsync', setting: 'on' },
      { name: 'listen_addresses', setting: '' },
      { name: 'password_encryption', setting: 'scram-sha-256' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'wal_segment_size', setting: '1048576' },
    ]);
    const locale = await query(
      server.adminUrl,
      `select datlocprovider, datlocale, datcollate, pg_get_userbyid(datdba) as owner
         from pg_database where datname = 'portfolio_manager'`,
    );
    expect(locale).toEqual([{ datlocprovider: 'b', datlocale: 'C.UTF-8', datcollate: 'C', owner: 'owner' }]);
    expect(
      await query(
        server.adminUrl,
        `select count(*)::int as n from pg_hba_file_rules where auth_method <> 'scram-sha-256'`,
      ),
    ).toEqual([{ n: 0 }]);

    await server.stop();
    await server.stop();
    expect(serversOf(dataDir)).toEqual([]);
    expect(readdirSync(dataDir).toSorted()).toEqual(['pg18', 'pg18.log', 'pg18.secrets.json']);
    expect(statSync(join(dataDir, 'pg18.secrets.json')).mode.toString(8)).toBe('100600');
    expect(statSync(join(dataDir, 'pg18')).mode.toString(8)).toBe('40700');
  });

  test('of a folder whose name has spaces, quotes and umlauts', async () => {
    const server = await start(join(makeFolder(), `Ännes "data" & co's`));
    expect(await query(server.appUrl, 'select current_user, current_database()')).toEqual([
      { current_user: 'app', current_database: 'portfolio_manager' },
    ]);
    await server.stop();
  });

  test('may be interrupted, and leaves nothing that runs', async () => {
    const dataDir = join(makeFolder(), 'data');
    const aborting = new AbortController();
    const starting = startEmbeddedPostgres({ dataDir, log: () => undefined, signal: aborting.signal });
    setTimeout(() => aborting.abort(), 150);
    expect(await refusal(starting)).toMatchObject({ code: 'aborted' });
    expect(readdirSync(dataDir).filter((name) => name.includes('.init-'))).toEqual([]);
    const server = await start(dataDir);
    await server.stop();
  });
});

describe('the logins', () => {
  test('are what their names say, and none of them is a superuser', async () => {
    const server = await start(await copyOfStoppedCluster());
    const rights = await query(
      server.adminUrl,
      `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolconfig
         from pg_roles where rolcanlogin and rolname <> 'postgres' order by rolname`,
    );
    const plain = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreatedb: false,
      rolreplication: false,
      rolconfig: ['search_path=pm'],
    };
    expect(rights).toEqual([
      { rolname: 'app', rolcreaterole: false, ...plain },
      { rolname: 'owner', rolcreaterole: true, ...plain },
      { rolname: 'worker', rolcreaterole: false, ...plain },
    ]);
    for (const [url, name] of [
      [server.ownerUrl, 'owner'],
      [server.appUrl, 'app'],
      [server.workerUrl, 'worker'],
    ] as const) {
      expect(await query(url, `select current_user, current_setting('search_path') as path`)).toEqual([
        { current_user: name, path: 'pm' },
      ]);
    }
    await server.stop();
  });

  test('let the owner make roles and manage app, but not become it', async () => {
    const server = await start(await copyOfStoppedCluster());
    await query(server.ownerUrl, 'create role pm_auth nologin; drop role pm_auth');
    await query(server.ownerUrl, `alter role app set statement_timeout = '30s'`);
    await expect(query(server.ownerUrl, 'set role app')).rejects.toThrow(/permission denied to set role/u);
    await expect(query(server.ownerUrl, 'create database another')).rejects.toThrow(/permission denied/u);
    await server.stop();
  });

  test('keep app out of the public schema and out of other databases', async () => {
    const server = await start(await copyOfStoppedCluster());
    await expect(query(server.appUrl, 'create table public.mine (id int)')).rejects.toThrow(
      /permission denied/u,
    );
    await expect(query(server.appUrl, 'create temporary table mine (id int)')).rejects.toThrow(
      /permission denied/u,
    );
    const elsewhere = server.appUrl.replace('/portfolio_manager?', '/postgres?');
    await expect(query(elsewhere, 'select 1')).rejects.toThrow(/permission denied for database/u);
    const wrong = server.appUrl.replace(/app:[^@]*@/u, 'app:wrong@');
    await expect(query(wrong, 'select 1')).rejects.toThrow(/password authentication failed/u);
    await server.stop();
  });

  test('find words with accents: the trigram index knows letters that are not ASCII', async () => {
    const server = await start(await copyOfStoppedCluster());
    await query(
      server.ownerUrl,
      'create extension pg_trgm schema pm; create extension citext schema pm; create extension pgcrypto schema pm',
    );
    expect(
      await query(server.ownerUrl, `select similarity('Nestlé', 'NESTLÉ') as same, lower('ÅÑÉ') as lower`),
    ).toEqual([{ same: 1, lower: 'åñé' }]);
    expect(await query(server.ownerUrl, `select 'É'::citext = 'é'::citext as same`)).toEqual([
      { same: true },
    ]);
    await server.stop();
  });
});

describe('a later start', () => {
  test('is quick, keeps what was written and changes no password', async () => {
    const dataDir = await copyOfStoppedCluster();
    const first = await start(dataDir);
    await first.stop();
    const begin = performance.now();
    const second = await start(dataDir, { durability: 'full' });
    expect(performance.now() - begin).toBeLessThan(WARM_MS_MAX);
    expect(second.ownerUrl).toBe(first.ownerUrl);
    expect(await query(second.ownerUrl, 'select text from note')).toEqual([{ text: 'kept' }]);
    await second.stop();
  });

  test.each(['lost', 'damaged'])(
    'gives the cluster new passwords when the file with the old ones is %s',
    async (how) => {
      const dataDir = await copyOfStoppedCluster();
      const secrets = join(dataDir, 'pg18.secrets.json');
      if (how === 'lost') rmSync(secrets);
      else writeFileSync(secrets, '{"superuser": "');
      const server = await start(dataDir);
      expect(await query(server.ownerUrl, 'select text from note')).toEqual([{ text: 'kept' }]);
      expect(await query(server.appUrl, 'select current_user')).toEqual([{ current_user: 'app' }]);
      await server.stop();
    },
  );

  test('over loopback TCP where no socket is to be had', async () => {
    const dataDir = await copyOfStoppedCluster();
    const server = await start(dataDir, { transport: 'tcp' });
    expect(server.appUrl).toMatch(/^postgresql:\/\/app:[\w-]+@127\.0\.0\.1:\d+\/portfolio_manager$/u);
    expect(await query(server.appUrl, 'select host(inet_server_addr()) as address')).toEqual([
      { address: '127.0.0.1' },
    ]);
    await server.stop();
  });
});
