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

const file = (us: number): Buffer =>
  Buffer.from(
    `Ticker,Name,Sector,Asset Class,Weight,Country\nACME,ACME TOOLS INC,Industrials,Equity,${us},United States\nBOLT,BOLT MOTORS PLC,Industrials,Equity,${100 - us},United Kingdom\n`,
  );

let made = 0;
const fund = async (person: TestPerson): Promise<string> => {
  made += 1;
  const body = { type: 'ETF' as const, ticker: `VE${made}`, name: `Versioned fund ${made}`, currency: 'GBP' };
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};
const send = async (person: TestPerson, id: string, us: number, asOf = '2024-03-01', scope?: 'private') => {
  const query = { asOf, fileName: 'holdings "of" today.csv', ...(scope && { scope }) };
  const body = file(us);
  return (await person.expect(201, 'POST /api/instruments/:id/constituents', { params: { id }, query, body }))
    .importId;
};
const unitedStates = async (person: TestPerson, id: string) =>
  (await person.expect(200, 'GET /api/instruments/:id/exposure', { params: { id } })).byCountry[
    'United States'
  ];
const versions = async (person: TestPerson, id: string) =>
  (await person.expect(200, 'GET /api/instruments/:id/imports', { params: { id } })).items;
const withdraw = async (person: TestPerson, id: string) =>
  person.expect(200, 'POST /api/imports/:id/withdraw', { params: { id } });
const restore = async (person: TestPerson, id: string) =>
  person.expect(200, 'POST /api/imports/:id/restore', { params: { id } });
const updated = async (person: TestPerson, id: string) =>
  (await person.expect(200, 'GET /api/instruments/:id', { params: { id } })).metadata.lastConstituentsUpdate;

describe('an import that is withdrawn', () => {
  it('gives its day back to the one that it superseded, and takes it again when restored', async () => {
    const id = await fund(alice);
    const first = await send(alice, id, 60);
    const second = await send(alice, id, 70);
    expect(await withdraw(alice, second)).toMatchObject({ status: 'withdrawn', mayChange: true });
    expect(await unitedStates(alice, id)).toBe(60);
    expect(await versions(alice, id)).toMatchObject([
      { importId: second, status: 'withdrawn' },
      { importId: first, status: 'active', supersededBy: null, rows: 2, weightSumPct: 100, scope: 'private' },
    ]);
    await restore(alice, second);
    expect(await unitedStates(alice, id)).toBe(70);
    expect(await versions(alice, id)).toMatchObject([
      { status: 'active' },
      { status: 'superseded', supersededBy: second },
    ]);
  });

  it('lets the day before count again, and says from when the holdings are', async () => {
    const id = await fund(alice);
    await send(alice, id, 60, '2024-03-01');
    const later = await send(alice, id, 70, '2024-04-01');
    expect(await updated(alice, id)).toBe('2024-04-01');
    await withdraw(alice, later);
    expect(await updated(alice, id)).toBe('2024-03-01');
    expect(await unitedStates(alice, id)).toBe(60);
  });

  it('leaves no gap when it had been superseded itself', async () => {
    const id = await fund(alice);
    const [first, second, third] = [
      await send(alice, id, 10),
      await send(alice, id, 20),
      await send(alice, id, 30),
    ];
    await withdraw(alice, second);
    expect(await unitedStates(alice, id)).toBe(30);
    await withdraw(alice, third);
    expect(await unitedStates(alice, id)).toBe(10);
    expect((await withdraw(alice, first)).status).toBe('withdrawn');
    expect(await updated(alice, id)).toBeUndefined();
    await restore(alice, second);
    expect(await unitedStates(alice, id)).toBe(20);
  });

  it('may be sent again', async () => {
    const id = await fund(alice);
    const first = await send(alice, id, 60);
    await withdraw(alice, first);
    expect(await send(alice, id, 60)).not.toBe(first);
    expect(await unitedStates(alice, id)).toBe(60);
  });

  it('changes nothing when it is withdrawn or restored twice', async () => {
    const id = await fund(alice);
    const only = await send(alice, id, 60);
    expect((await restore(alice, only)).statusChangedAt).toBeNull();
    const once = await withdraw(alice, only);
    expect(await withdraw(alice, only)).toEqual(once);
  });
});

describe('whose an import is', () => {
  it('decides who may undo it: a shared one only an administrator', async () => {
    const id = await fund(app.admin);
    const shared = await send(app.admin, id, 60);
    expect(await versions(bob, id)).toMatchObject([
      { mayChange: false, importedByYou: false, scope: 'shared' },
    ]);
    const problem = await bob.refused(403, 'POST /api/imports/:id/withdraw', { params: { id: shared } });
    expect(problem.code).toBe('shared_needs_admin');
    await bob.refused(403, 'POST /api/imports/:id/restore', { params: { id: shared } });
    const own = await send(bob, id, 20, '2024-03-01', 'private');
    expect(await unitedStates(bob, id)).toBe(20);
    await withdraw(bob, own);
    expect(await unitedStates(bob, id)).toBe(60);
    expect(await unitedStates(app.admin, id)).toBe(60);
  });

  it('decides who sees it: nobody else, not even an administrator', async () => {
    const id = await fund(app.admin);
    const own = await send(bob, id, 20, '2024-03-01', 'private');
    for (const stranger of [alice, app.admin]) {
      expect(await versions(stranger, id)).toEqual([]);
      await stranger.refused(404, 'GET /api/imports/:id/file', { params: { id: own } });
      await stranger.refused(404, 'POST /api/imports/:id/withdraw', { params: { id: own } });
      await stranger.refused(404, 'POST /api/imports/:id/restore', { params: { id: own } });
    }
  });
});

describe('the list and the file', () => {
  it('come page by page, and byte for byte', async () => {
    const id = await fund(alice);
    const days = ['2024-01-31', '2024-02-29', '2024-03-28'];
    const sent: string[] = [];
    for (const [n, asOf] of days.entries()) sent.push(await send(alice, id, n + 1, asOf));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await alice.expect(200, 'GET /api/instruments/:id/imports', {
        params: { id },
        query: { limit: 2, ...(cursor !== undefined && { cursor }) },
      });
      seen.push(...page.items.map((one) => one.importId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(sent.toReversed());
    const answer = await alice.call('GET /api/imports/:id/file', { params: { id: sent[0] ?? '' } });
    expect(answer.rawPayload.equals(file(1))).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="holdings _of_ today.csv"',
    });
    await alice.refused(400, 'GET /api/instruments/:id/imports', {
      params: { id },
      query: { cursor: '2024-02-31_0' },
    });
  });
});
