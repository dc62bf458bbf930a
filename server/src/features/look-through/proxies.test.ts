import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let alice: TestPerson;
let bob: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  [alice, bob] = [await app.register(), await app.register()];
});
afterAll(async () => app.close());

const FILE = (us: number): Buffer =>
  Buffer.from(
    `Ticker,Name,Sector,Asset Class,Weight,Country\nACME,ACME TOOLS INC,Industrials,Equity,${us},United States\nBOLT,BOLT MOTORS PLC,Industrials,Equity,${100 - us},United Kingdom\n`,
  );

let made = 0;
const fund = async (person: TestPerson, metadata?: object): Promise<string> => {
  made += 1;
  const name = `Proxied fund ${made}`;
  const body = {
    type: 'ETF' as const,
    ticker: `PX${made}`,
    name,
    currency: 'GBP',
    ...(metadata && { metadata }),
  };
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};
const send = async (person: TestPerson, id: string, us: number, asOf = '2024-03-01') =>
  (
    await person.expect(201, 'POST /api/instruments/:id/constituents', {
      params: { id },
      query: { asOf },
      body: FILE(us),
    })
  ).importId;
const exposure = async (person: TestPerson, id: string, asOf?: string) =>
  person.expect(200, 'GET /api/instruments/:id/exposure', {
    params: { id },
    query: { basis: 'marketValue', ...(asOf !== undefined && { asOf }) },
  });
const treat = async (person: TestPerson, id: string, proxyInstrumentId: string, more = {}) =>
  person.expect(200, 'PUT /api/instruments/:id/proxy', {
    params: { id },
    body: { proxyInstrumentId, ...more },
  });

describe('a fund that is treated as another one', () => {
  it('holds what that one holds, and says that it is an assumption', async () => {
    const [id, other] = [await fund(alice), await fund(alice)];
    await send(alice, other, 60);
    expect((await exposure(alice, id)).coveragePct).toBe(0);
    expect(await treat(alice, id, other, { note: 'Same index' })).toMatchObject({
      proxyName: 'Proxied fund 2',
      scope: 'private',
      note: 'Same index',
      mayChange: true,
    });
    const answer = await exposure(alice, id);
    expect(answer.byCountry).toMatchObject({ 'United States': 60, 'United Kingdom': 40 });
    expect(answer.coveragePct).toBe(100);
    expect(answer.funds).toMatchObject(
      [
        { instrumentId: id, weightPct: 100, treatedAs: { instrumentId: other, name: 'Proxied fund 2' } },
        { instrumentId: other, weightPct: 100, treatedAs: null },
      ].toSorted((a, b) => (a.instrumentId < b.instrumentId ? -1 : 1)),
    );
    expect(answer.warnings.join(' ')).toContain(
      'Proxied fund 1 (100.00 %) is treated as Proxied fund 2: an assumption',
    );
    expect(answer.warnings.join(' ')).toContain('No market values for Proxied fund 2:');
    expect(answer.byCompany[0]?.paths[0]?.via).toEqual([id, other]);
  });

  it('holds its own as soon as that is known, and only from the day from which it is assumed', async () => {
    const [id, other] = [await fund(alice), await fund(alice)];
    await send(alice, other, 60, '2024-01-31');
    await treat(alice, id, other, { validFrom: '2024-02-10' });
    await send(alice, id, 10, '2024-04-30');
    const states = async (day: string) => (await exposure(alice, id, day)).byCountry['United States'];
    expect([await states('2024-02-09'), await states('2024-02-10'), await states('2024-04-30')]).toEqual([
      undefined,
      60,
      10,
    ]);
  });

  it('is so for whoever assumes it, and for everybody when an administrator does', async () => {
    const [id, first, second] = [await fund(app.admin), await fund(app.admin), await fund(app.admin)];
    await send(app.admin, first, 60);
    await send(app.admin, second, 20);
    expect((await treat(app.admin, id, first)).scope).toBe('shared');
    expect(await treat(bob, id, second)).toMatchObject({ scope: 'private' });
    const states = async (person: TestPerson) => (await exposure(person, id)).byCountry['United States'];
    expect([await states(alice), await states(bob), await states(app.admin)]).toEqual([60, 20, 60]);
    await alice.refused(403, 'DELETE /api/instruments/:id/proxy', { params: { id } });
    await bob.expect(204, 'DELETE /api/instruments/:id/proxy', { params: { id } });
    expect(await states(bob)).toBe(60);
    const body = { proxyInstrumentId: second, scope: 'shared' as const };
    await bob.refused(403, 'PUT /api/instruments/:id/proxy', { params: { id }, body });
    await app.admin.expect(204, 'DELETE /api/instruments/:id/proxy', { params: { id } });
    expect(await states(alice)).toBeUndefined();
    expect((await alice.expect(200, 'GET /api/instruments/:id/proxy', { params: { id } })).proxy).toBeNull();
  });

  it('is refused in words where it would go round in a circle, or is no fund', async () => {
    const [a, b, c] = [await fund(alice), await fund(alice), await fund(alice)];
    const refused = async (id: string, proxyInstrumentId: string) =>
      (
        await alice.refused(422, 'PUT /api/instruments/:id/proxy', {
          params: { id },
          body: { proxyInstrumentId },
        })
      ).code;
    await treat(alice, a, b);
    await treat(alice, b, c);
    expect([await refused(a, a), await refused(b, a), await refused(c, a)]).toEqual([
      'proxy_is_itself',
      'proxy_in_circle',
      'proxy_in_circle',
    ]);
    const share = await alice.expect(201, 'POST /api/instruments', {
      body: { type: 'Stock', ticker: 'SHARE', name: 'Share', currency: 'GBP' },
    });
    expect([await refused(a, share.id), await refused(share.id, a)]).toEqual(['not_a_fund', 'not_a_fund']);
    // Nobody's holdings are known yet: it counts as itself.
    expect((await exposure(alice, a)).coveragePct).toBe(0);
    await send(alice, c, 60);
    expect((await exposure(alice, a)).byCountry['United States']).toBe(60);
  });
});

describe('the age of holdings', () => {
  it('is said where they are used, against how often they are published', async () => {
    const url = 'https://issuer.example/fund';
    const daily = await fund(alice, { constituentsRefreshCadence: 'daily', issuerUrl: url });
    const monthly = await fund(alice, { constituentsRefreshCadence: 'monthly' });
    const [id] = [await fund(alice)];
    await send(alice, daily, 60, '2024-05-24');
    await send(alice, monthly, 60, '2024-05-24');
    const answer = await exposure(alice, daily, '2024-06-03');
    expect(answer.funds).toMatchObject([{ ageDays: 10, stale: true, cadence: 'daily', issuerUrl: url }]);
    expect(answer.warnings.join(' ')).toContain('(2024-05-24, 10 days old)');
    const fresh = await exposure(alice, monthly, '2024-06-03');
    expect(fresh.funds).toMatchObject([{ ageDays: 10, stale: false, cadence: 'monthly', issuerUrl: null }]);
    expect(fresh.warnings.join(' ')).not.toContain('days old');
    expect((await exposure(alice, daily, '2024-05-28')).funds).toMatchObject([{ ageDays: 4, stale: false }]);
    expect((await exposure(alice, id)).funds).toMatchObject([{ ageDays: null, stale: false, cadence: null }]);
  });
});
