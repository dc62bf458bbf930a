/** Answers that are kept, through the whole server: sent again while nothing changed, and never after that. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { withConnection } from '../database/connection.ts';
import { KEPT_SECONDS } from './kept-answers.ts';

let app: TestApp;
let now: Temporal.Instant;
let anna: TestPerson;
let ben: TestPerson;
let portfolioId: string;
let instrumentId: string;

beforeAll(async () => {
  now = Temporal.Now.instant();
  app = await createTestApp({ clock: { now: () => now } });
});
afterAll(async () => app.close());

beforeEach(async () => {
  [anna, ben] = [await app.register(), await app.register()];
  portfolioId = (await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
  instrumentId = (
    await app.admin.expect(201, 'POST /api/instruments', {
      body: {
        type: 'ETF',
        ticker: `K${portfolioId.slice(-8)}`,
        name: 'Kept',
        exchange: 'XLON',
        currency: 'GBP',
      },
    })
  ).id;
  await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, section: 'Core', theme: 'Global Equity', account: 'ISA', qty: '10', avgCost: '5' },
  });
  await price('7');
});

const price = async (close: string): Promise<void> => {
  const dateTime = now.subtract({ hours: 1 }).toString();
  await app.database.owner.transaction().execute(async (tx) => {
    await sql`select pm.ensure_price_partition(${dateTime}::timestamptz::date)`.execute(tx);
    await sql`insert into pm.prices (listing_id, date_time, source, close, currency)
      select id, ${dateTime}, 'feed', ${close}, currency from pm.instrument_listings where instrument_id = ${instrumentId}
      on conflict (listing_id, date_time, source) do update set close = excluded.close`.execute(tx);
  });
};
const share = async (role: 'view' | 'edit'): Promise<void> => {
  await app.database.owner.transaction().execute(async (tx) =>
    sql`insert into pm.portfolio_access (user_id, portfolio_id, owner_id, role)
      values (${ben.id}, ${portfolioId}, ${anna.id}, ${role})`.execute(tx),
  );
};
const summary = async (person: TestPerson) =>
  person.expect(200, 'GET /api/portfolios/:id/summary', { params: { id: portfolioId } });
const lookups = async (): Promise<Record<string, number>> => {
  const all = await app.metrics.registry.getSingleMetric('cache_lookups_total')?.get();
  const answers = (all?.values ?? []).filter(({ labels }) => labels['kind'] === 'answer');
  return Object.fromEntries(answers.map(({ labels, value }) => [String(labels['outcome']), value]));
};
/** How many of the answers meanwhile were computed. */
const computedDuring = async (ask: () => Promise<unknown>): Promise<number> => {
  const before = await lookups();
  await ask();
  return ((await lookups())['miss'] ?? 0) - (before['miss'] ?? 0);
};

describe('a kept answer', () => {
  it('is the same bytes with the same headers, without being computed', async () => {
    const request = { url: `/api/portfolios/${portfolioId}/summary` };
    const first = await anna.raw(request);
    let again = first;
    expect(await computedDuring(async () => (again = await anna.raw(request)))).toBe(0);
    expect(again.payload).toBe(first.payload);
    const stable = ({ 'x-request-id': _id, date: _date, ...headers }: typeof first.headers) => headers;
    expect(stable(again.headers)).toEqual(stable(first.headers));
  });

  it('gives way to what its owner writes, in the very next read', async () => {
    expect((await summary(anna)).value).toBe('70');
    const [holding] = (
      await anna.expect(200, 'GET /api/portfolios/:id/holdings', { params: { id: portfolioId } })
    ).items;
    await anna.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id: holding?.id ?? '' },
      body: { type: 'buy', date: now.toString().slice(0, 10), price: '7', qty: '1' },
    });
    expect((await summary(anna)).value).toBe('77');
  });

  it('gives way to a price that another process stores', async () => {
    expect((await summary(anna)).value).toBe('70');
    await price('8');
    expect((await summary(anna)).value).toBe('80');
  });

  it('stays when somebody else changes what is theirs', async () => {
    await summary(anna);
    await ben.expect(201, 'POST /api/portfolios', { body: { name: 'Theirs' } });
    expect(await computedDuring(async () => summary(anna))).toBe(0);
  });

  it('is for one session: a session that ended gets nothing', async () => {
    await summary(anna);
    await anna.expect(204, 'POST /api/auth/logout', { headers: { authorization: `Bearer ${anna.token}` } });
    const refusal = await anna.refused(401, 'GET /api/portfolios/:id/summary', {
      params: { id: portfolioId },
    });
    expect(refusal.code).toBe('session_ended');
  });

  it('is not for others who know the address', async () => {
    await summary(anna);
    const refusal = await ben.refused(404, 'GET /api/portfolios/:id/summary', {
      params: { id: portfolioId },
    });
    expect(refusal.code).toBe('not_found');
  });

  it('of a shared portfolio gives way to what either of both writes, and to the end of sharing', async () => {
    await share('edit');
    const [holding] = (
      await ben.expect(200, 'GET /api/portfolios/:id/holdings', { params: { id: portfolioId } })
    ).items;
    const trade = {
      params: { id: holding?.id ?? '' },
      body: { type: 'buy' as const, date: now.toString().slice(0, 10), price: '7', qty: '1' },
    };
    expect([(await summary(anna)).value, (await summary(ben)).value]).toEqual(['70', '70']);
    await ben.expect(201, 'POST /api/holdings/:id/trades', trade);
    expect([(await summary(anna)).value, (await summary(ben)).value]).toEqual(['77', '77']);
    await anna.expect(201, 'POST /api/holdings/:id/trades', trade);
    expect([(await summary(anna)).value, (await summary(ben)).value]).toEqual(['84', '84']);
    await app.database.owner
      .transaction()
      .execute(async (tx) => sql`delete from pm.portfolio_access where user_id = ${ben.id}`.execute(tx));
    await ben.refused(404, 'GET /api/portfolios/:id/summary', { params: { id: portfolioId } });
  });

  it('does not outlive its time', async () => {
    await summary(anna);
    now = now.add({ seconds: KEPT_SECONDS - 1 });
    expect(await computedDuring(async () => summary(anna))).toBe(0);
    now = now.add({ seconds: 1 });
    expect(await computedDuring(async () => summary(anna))).toBe(1);
  });

  it('is not used while changes are not heard, and again once they are', async () => {
    await summary(anna);
    await withConnection(app.database.adminUrl, async (client) =>
      client.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and usename = 'worker' and query in ('listen pm_changes', 'select')`),
    );
    expect(await computedDuring(async () => summary(anna))).toBe(1);
    await expect
      .poll(async () => computedDuring(async () => summary(anna)), { timeout: 10_000, interval: 100 })
      .toBe(0);
  });

  it('is computed once for all who ask at the same time', async () => {
    await price('9');
    const many = async () => Promise.all(Array.from({ length: 5 }, async () => summary(anna)));
    expect(await computedDuring(many)).toBe(1);
  });
});
