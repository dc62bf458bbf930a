/** Erasure through the API: every table of every schema is searched for the person's id, address and names. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { erasureMark } from './erasure-list.ts';
import { eraseLeavers, replayErasures } from './erasure.ts';

const NAME = 'Zebedee Quillfeather';
const EMAIL = 'zebedee.quillfeather@example.test';
const NAMES = { section: 'Core', theme: 'Bonds', account: 'ISA' };

let app: TestApp;
let folder: string;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pm-erasure-'));
});
afterEach(async () => rm(folder, { recursive: true }));

const now = (): Temporal.Instant => Temporal.Now.instant();
const erase = async (): Promise<number> => eraseLeavers(app.database.worker, folder, now());

/** Where in the whole catalogue any of some words stands, as text or as the bytes of a file. */
const tracesOf = async (words: readonly string[]): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
    order by 1`.execute(app.database.owner);
  const sought = words.flatMap((word) => [word.toLowerCase(), Buffer.from(word).toString('hex')]);
  const traces: string[] = [];
  for (const { name } of rows) {
    const found = await sql<{ word: string }>`
      select distinct w.word from ${sql.raw(name)} t
      join unnest(${sought}::text[]) as w (word) on strpos(lower(to_jsonb(t)::text), w.word) > 0`.execute(
      app.database.owner,
    );
    traces.push(...found.rows.map(({ word }) => `${name}: ${word}`));
  }
  return traces;
};

/** Somebody with a hand in everything that the product lets people do. */
const live = async (person: TestPerson, other: TestPerson): Promise<void> => {
  await person.expect(200, 'PATCH /api/me', { body: { name: NAME } });
  await app.anonymous.expect(200, 'POST /api/auth/login', {
    body: { email: EMAIL, password: person.password },
  });
  await person.expect(201, 'POST /api/me/tokens', { body: { name: `${NAME}’s script` } });
  await person.expect(201, 'POST /api/demo');
  const portfolio = await person.expect(201, 'POST /api/portfolios', {
    body: { name: `${NAME}’s`, lists: { accounts: ['ISA', 'SIPP'] } },
    idempotencyKey: EMAIL,
  });
  const at = { params: { id: portfolio.id } };
  const fund = await person.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: `${NAME} fund`, ticker: 'ZEB', currency: 'GBP', scope: 'private' },
  });
  await person.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id: fund.id },
    body: { dateTime: now().toString(), close: '5' },
  });
  await person.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id: fund.id },
    query: { asOf: '2024-03-01', fileName: `${NAME}.csv` },
    body: Buffer.from(`Ticker,Name,Weight,Country\nZEBX,${NAME.toUpperCase()} LTD,100,United States\n`),
  });
  await person.expect(202, 'POST /api/instruments/:id/constituents', {
    params: { id: fund.id },
    query: { asOf: '2024-03-02', fileName: `${NAME}.csv` },
    body: Buffer.from(`Ticker,Name,Weight,Country\nZEBX,${NAME.toUpperCase()} LTD,100,United States\n`),
    headers: { prefer: 'respond-async' },
  });
  const held = await person.expect(201, 'POST /api/portfolios/:id/holdings', {
    ...at,
    body: { instrumentId: fund.id, ...NAMES, notes: NAME },
  });
  const trade = await person.expect(201, 'POST /api/holdings/:id/trades', {
    params: { id: held.id },
    body: { type: 'buy', date: '2024-02-23', price: '10', qty: '5', notes: NAME },
  });
  await person.expect(200, 'PATCH /api/trades/:id', { params: { id: trade.id }, body: { qty: '6' } });
  await person.expect(200, 'DELETE /api/trades/:id', { params: { id: trade.id } });
  await person.expect(201, 'POST /api/portfolios/:id/draft', at);
  // Each has something of the other's.
  const invite = async (host: TestPerson, guest: TestPerson, id: string): Promise<void> => {
    const asked = await host.expect(201, 'POST /api/portfolios/:id/invitations', {
      params: { id },
      body: { email: guest.email, role: 'edit' },
    });
    await guest.expect(200, 'POST /api/invitations/:id/accept', { params: { id: asked.id } });
  };
  await invite(person, other, portfolio.id);
  const theirs = await other.expect(201, 'POST /api/portfolios', { body: { name: 'Theirs' } });
  await invite(other, person, theirs.id);
  await person.expect(200, 'PATCH /api/portfolios/:id', {
    params: { id: theirs.id },
    body: { lists: { accounts: ['ISA', 'SIPP', 'GIA', 'LISA'] } },
  });
  const asked = await other.expect(201, 'POST /api/portfolios', { body: { name: 'Asked' } });
  await other.expect(201, 'POST /api/portfolios/:id/invitations', {
    params: { id: asked.id },
    body: { email: EMAIL, role: 'view' },
  });
};

const leave = async (person: TestPerson) =>
  person.expect(204, 'DELETE /api/me', { body: { email: person.email, password: person.password } });

describe('erasure', () => {
  it('leaves no trace in any table, nor of others’ things anything less', async () => {
    const [person, other] = [await app.register(EMAIL), await app.register()];
    await live(person, other);
    const words = [person.id, EMAIL, NAME];
    expect((await tracesOf(words)).length).toBeGreaterThan(20);
    expect(await person.expect(200, 'GET /api/me/erasure')).toMatchObject({
      portfolios: 4,
      shared: [{ name: `${NAME}’s`, people: 1 }],
      sharedWithMe: 1,
      lastAdministrator: false,
      backupDays: 35,
    });
    const before = (await other.expect(200, 'GET /api/portfolios')).items.filter((one) => one.owner === null);

    await leave(person);
    await person.refused(401, 'GET /api/me');
    await person.refused(401, 'POST /api/auth/refresh', { body: { refreshToken: person.refreshToken } });
    await app.anonymous.refused(401, 'POST /api/auth/login', {
      body: { email: EMAIL, password: person.password },
    });
    expect(await erase()).toBe(1);

    expect(await tracesOf(words)).toEqual([]);
    const after = await other.expect(200, 'GET /api/portfolios');
    expect(after.items).toEqual(before);
    const list = await readFile(join(folder, 'erasures.txt'), 'utf8');
    expect(list).toMatch(new RegExp(`^\\d{4}-\\d{2}-\\d{2} ${erasureMark(person.id)}\\n$`, 'u'));
    expect(list).not.toContain(person.id);
    // The address is free again, and somebody new.
    expect((await app.register(EMAIL)).id).not.toBe(person.id);
  });

  it('asks for the person’s own address and password, and for a session', async () => {
    const [person, other] = [await app.register(), await app.register()];
    const refuse = async (email: string, password: string) =>
      (await person.refused(422, 'DELETE /api/me', { body: { email, password } })).code;
    expect(await refuse(person.email, 'not my password')).toBe('not_confirmed');
    expect(await refuse(other.email, other.password)).toBe('not_confirmed');
    const { token } = await person.expect(201, 'POST /api/me/tokens', { body: { name: 'script' } });
    const body = { email: person.email, password: person.password };
    expect((await app.withToken(token).refused(403, 'DELETE /api/me', { body })).code).toBe('session_needed');
    expect(await erase()).toBe(0);
    await person.expect(200, 'GET /api/me');
  });

  it('is repeated for whom a backup brings back, and for nobody else', async () => {
    const [person, kept] = [await app.register(), await app.register()];
    await leave(person);
    await erase();
    // As a restored backup has it: the row is there again and says nothing of leaving.
    await sql`insert into pm.users (id, email, password_hash)
      values (${person.id}, ${person.email}, ${'x'.repeat(60)})`.execute(app.database.owner);
    expect(await replayErasures(app.database.worker, folder, now())).toBe(1);
    expect(await replayErasures(app.database.worker, folder, now())).toBe(0);
    expect(await tracesOf([person.id])).toEqual([]);
    await kept.expect(200, 'GET /api/me');
    expect((await readFile(join(folder, 'erasures.txt'), 'utf8')).split('\n').length).toBe(2);
  });

  it('does not leave the install without an administrator', async () => {
    const { admin } = app;
    expect((await admin.expect(200, 'GET /api/me/erasure')).lastAdministrator).toBe(true);
    await leave(admin);
    await erase();
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pm.users where role = 'admin' and deleted_at is null`.execute(
      app.database.owner,
    );
    expect(rows).toEqual([{ count: 1 }]);
    const { rows: totals } = await sql<{ total: number }>`
      select sum(erased_count)::int as total from pm.erasure_totals`.execute(app.database.owner);
    // The person, the one who came back (twice), and the administrator.
    expect(totals).toEqual([{ total: 4 }]);
  });
});
