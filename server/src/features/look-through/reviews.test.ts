/** Rows in doubt: what is asked, who may answer, what an answer does, and taking it back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
let ben: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  ben = await app.register();
});
afterAll(async () => app.close());

let made = 0;
const fund = async (person: TestPerson): Promise<string> => {
  made += 1;
  const body = { type: 'ETF' as const, ticker: `RVF${made}`, name: `Review fund ${made}`, currency: 'GBP' };
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};
const HEAD = 'Ticker,Name,Sector,Asset Class,Weight,Country,Exchange,Currency,ISIN';
const share = (ticker: string, name: string, weight: string, isin = ''): string =>
  `${ticker},${name},Industrials,Equity,${weight},United States,New York Stock Exchange Inc.,USD,${isin}`;
const send = async (person: TestPerson, id: string, asOf: string, ...rows: readonly string[]) =>
  person.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf, fileName: 'holdings.csv' },
    body: Buffer.from(`${HEAD}\n${rows.join('\n')}\n`),
  });
const reviews = async (person: TestPerson, importId: string) =>
  (await person.expect(200, 'GET /api/identity-reviews', { query: { importId } })).items;
const childrenOf = async (person: TestPerson, id: string, asOf: string): Promise<string[]> =>
  (
    await person.expect(200, 'GET /api/instruments/:id/constituents', { params: { id }, query: { asOf } })
  ).items.map((row) => row.instrumentId);

/** A security known from one fund, and the same ticker with another name in a second one: after a renaming, say. */
const doubt = async (person: TestPerson, key: string) => {
  const [one, two] = [await fund(person), await fund(person)];
  await send(person, one, '2024-03-01', share(key, `${key} GENERAL WORKS INC`, '100'));
  const report = await send(
    person,
    two,
    '2024-03-01',
    share(key, `${key} AEROSPACE`, '60'),
    share(`${key}X`, `${key}X OTHER INC`, '40'),
  );
  const [review] = await reviews(person, report.importId);
  const [known = ''] = await childrenOf(person, one, '2024-03-01');
  if (review === undefined) throw new Error('There should be a question');
  return { one, two, report, review, known };
};
const decide = async (
  person: TestPerson,
  id: string,
  body: { decision: 'same' | 'different'; instrumentId?: string; renamed?: boolean },
) => person.expect(200, 'POST /api/identity-reviews/:id/decision', { params: { id }, body });
const reopen = async (person: TestPerson, id: string) =>
  person.expect(200, 'DELETE /api/identity-reviews/:id/decision', { params: { id } });

describe('a question', () => {
  it('shows the row, its file, and each candidate with its evidence', async () => {
    const { review, known, one, two, report } = await doubt(anna, 'SHOW');
    expect(report).toMatchObject({ unmatched: 1, created: 1 });
    expect(review).toMatchObject({
      status: 'open',
      scope: 'private',
      mayDecide: true,
      fund: { instrumentId: two },
      fileName: 'holdings.csv',
      asOf: '2024-03-01',
      row: { name: 'SHOW AEROSPACE', ticker: 'SHOW', weightPct: '60', country: 'United States', isin: null },
      candidates: [
        {
          instrumentId: known,
          name: 'SHOW GENERAL WORKS INC',
          country: 'United States',
          listings: [{ ticker: 'SHOW', exchange: 'XNYS' }],
          heldIn: [{ instrumentId: one, asOf: '2024-03-01' }],
        },
      ],
      chosenInstrumentId: null,
      decidedAt: null,
    });
    expect(review.candidates[0]?.why).toMatch(/^Same ticker SHOW on XNYS/u);
    const params = { id: review.id };
    expect(await anna.expect(200, 'GET /api/identity-reviews/:id', { params })).toEqual(review);
    for (const query of [
      { instrumentId: two },
      { instrumentId: review.securityId ?? '' },
      { status: 'open' as const },
    ]) {
      const { items } = await anna.expect(200, 'GET /api/identity-reviews', { query });
      expect(items.map(({ id }) => id)).toContain(review.id);
    }
    const decided = await anna.expect(200, 'GET /api/identity-reviews', { query: { status: 'same' } });
    expect(decided.items.map(({ id }) => id)).not.toContain(review.id);
  });

  it('of a private file is its owner’s alone; of a shared one everybody reads it and administrators decide', async () => {
    const own = await doubt(anna, 'OWNQ');
    for (const other of [ben, app.admin]) {
      await other.refused(404, 'GET /api/identity-reviews/:id', { params: { id: own.review.id } });
      await other.refused(404, 'POST /api/identity-reviews/:id/decision', {
        params: { id: own.review.id },
        body: { decision: 'different' },
      });
      await other.refused(404, 'GET /api/identity-reviews', { query: { importId: own.report.importId } });
    }
    const shared = await doubt(app.admin, 'SHRQ');
    const params = { id: shared.review.id };
    expect(await ben.expect(200, 'GET /api/identity-reviews/:id', { params })).toMatchObject({
      scope: 'shared',
      mayDecide: false,
    });
    const body = { decision: 'different' as const };
    expect(await ben.refused(403, 'POST /api/identity-reviews/:id/decision', { params, body })).toMatchObject(
      {
        code: 'admin_only',
      },
    );
    await decide(app.admin, shared.review.id, body);
    expect(await ben.refused(403, 'DELETE /api/identity-reviews/:id/decision', { params })).toMatchObject({
      code: 'admin_only',
    });
  });

  it('comes in pages', async () => {
    const person = await app.register();
    const ids: string[] = [];
    for (const key of ['PAGA', 'PAGB', 'PAGC']) ids.push((await doubt(person, key)).review.id);
    const first = await person.expect(200, 'GET /api/identity-reviews', {
      query: { status: 'open', limit: 2 },
    });
    const cursor = first.nextCursor ?? '';
    const second = await person.expect(200, 'GET /api/identity-reviews', {
      query: { status: 'open', limit: 2, cursor },
    });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(second.nextCursor).toBeNull();
  });
});

describe('the answer “same”', () => {
  it('makes them one, and taken back lets everything be as before', async () => {
    const { review, known, two, report } = await doubt(anna, 'SAMQ');
    const rows = async () =>
      anna.expect(200, 'GET /api/instruments/:id/constituents', { params: { id: two } });
    const before = await rows();
    const answer = await decide(anna, review.id, { decision: 'same', instrumentId: known });
    expect(answer).toMatchObject({
      status: 'same',
      chosenInstrumentId: known,
      decidedByYou: true,
      securityId: known,
    });
    expect((await childrenOf(anna, two, '2024-03-01'))[0]).toBe(known);
    expect(
      await anna.refused(409, 'POST /api/identity-reviews/:id/decision', {
        params: { id: review.id },
        body: { decision: 'different' },
      }),
    ).toMatchObject({ code: 'already_decided' });
    const again = await reopen(anna, review.id);
    expect(again).toMatchObject({ ...review, version: again.version });
    expect(await rows()).toEqual(before);
    expect(await reviews(anna, report.importId)).toHaveLength(1);
  });

  it('is told with the merge: the row, its file, and what spoke for it, until it is taken back', async () => {
    const { review, known, two } = await doubt(anna, 'TOLQ');
    const answer = await decide(anna, review.id, { decision: 'same', instrumentId: known });
    const merges = async (person: TestPerson) =>
      person.expect(200, 'GET /api/identity-merges', { query: { instrumentId: known } });
    const why = review.candidates[0]?.why ?? '';
    expect(why).not.toBe('');
    expect((await merges(anna)).items).toMatchObject([
      {
        id: answer.mergeId,
        from: { instrumentId: review.securityId },
        into: { instrumentId: known },
        evidence: [
          {
            reviewId: review.id,
            rowNumber: review.row.number,
            fileName: 'holdings.csv',
            asOf: '2024-03-01',
            fund: { instrumentId: two },
            why,
          },
        ],
      },
    ]);
    await reopen(anna, review.id);
    expect((await merges(anna)).items).toMatchObject([{ id: answer.mergeId, moved: {}, evidence: [] }]);
  });

  it('needs one of the candidates, and the version that was seen', async () => {
    const { review, two } = await doubt(anna, 'CNDQ');
    const refuse = async (
      status: number,
      body: { decision: 'same'; instrumentId?: string },
      ifMatch?: number,
    ) =>
      anna.refused(status, 'POST /api/identity-reviews/:id/decision', {
        params: { id: review.id },
        body,
        ...(ifMatch !== undefined && { ifMatch }),
      });
    expect(await refuse(422, { decision: 'same' })).toMatchObject({
      code: 'candidate_missing',
      field: 'instrumentId',
    });
    expect(await refuse(422, { decision: 'same', instrumentId: two })).toMatchObject({
      code: 'not_a_candidate',
    });
    await refuse(412, { decision: 'same', instrumentId: two }, review.version + 1);
    expect(
      await anna.refused(409, 'DELETE /api/identity-reviews/:id/decision', { params: { id: review.id } }),
    ).toMatchObject({ code: 'not_decided' });
  });

  it('sent twice under one key is one answer', async () => {
    const { review, known } = await doubt(anna, 'IDMQ');
    const request = {
      params: { id: review.id },
      body: { decision: 'same' as const, instrumentId: known },
      idempotencyKey: 'decide-once',
    };
    const one = await anna.expect(200, 'POST /api/identity-reviews/:id/decision', request);
    expect(await anna.expect(200, 'POST /api/identity-reviews/:id/decision', request)).toEqual(one);
  });
});

describe('an answer is remembered', () => {
  it('“same”: a later file takes it without asking, and asks again once it is taken back', async () => {
    const { review, known, two } = await doubt(anna, 'REMS');
    await decide(anna, review.id, { decision: 'same', instrumentId: known });
    // Another punctuation of the name and another weight: the same row all the same.
    const rows = [share('REMS', 'Rems Aerospace', '55'), share('REMSX', 'REMSX OTHER INC', '45')];
    const april = await send(anna, two, '2024-04-01', ...rows);
    expect(april).toMatchObject({ unmatched: 0, created: 0, methods: { decision: 1, 'ticker-exchange': 1 } });
    expect((await childrenOf(anna, two, '2024-04-01'))[0]).toBe(known);
    await reopen(anna, review.id);
    const may = await send(anna, two, '2024-05-01', ...rows);
    expect(may.methods).not.toHaveProperty('decision');
    expect((await childrenOf(anna, two, '2024-05-01'))[0]).toBe(review.securityId);
  });

  it('“different”: a later file, also another fund’s, finds the security that was made for the row', async () => {
    const { review, two } = await doubt(anna, 'REMD');
    const decided = await decide(anna, review.id, { decision: 'different' });
    expect(decided).toMatchObject({
      status: 'different',
      chosenInstrumentId: null,
      securityId: review.securityId,
    });
    const other = await fund(anna);
    for (const id of [two, other]) {
      const report = await send(anna, id, '2024-04-01', share('REMD', 'REMD AEROSPACE', '100'));
      expect(report).toMatchObject({ unmatched: 0, created: 0, methods: { decision: 1 } });
      expect(await childrenOf(anna, id, '2024-04-01')).toEqual([review.securityId]);
    }
    const again = await reopen(anna, review.id);
    expect(again).toMatchObject({ ...review, version: again.version });
  });

  it('does not stand against a number', async () => {
    const { review, two } = await doubt(anna, 'REMN');
    await decide(anna, review.id, { decision: 'different' });
    const numbered = await fund(anna);
    await send(anna, numbered, '2024-03-01', share('ZZZN', 'THE ONE WITH THE NUMBER', '100', 'US4592001014'));
    const [known = ''] = await childrenOf(anna, numbered, '2024-03-01');
    const report = await send(
      anna,
      two,
      '2024-04-01',
      share('REMN', 'REMN AEROSPACE', '100', 'US4592001014'),
    );
    expect(report.methods).toEqual({ isin: 1 });
    expect(await childrenOf(anna, two, '2024-04-01')).toEqual([known]);
  });

  it('a question that is still open is not made into another security by the next file', async () => {
    const { review, known, two } = await doubt(anna, 'OPNQ');
    const third = await fund(anna);
    // A second namesake, so that the row cannot be told again.
    await send(anna, third, '2024-03-01', share('OPNQ', 'OPNQ AEROSPACE HOLDINGS TRUST', '100'));
    const report = await send(anna, two, '2024-04-01', share('OPNQ', 'OPNQ AEROSPACE', '100'));
    expect(report.created).toBe(0);
    expect(await childrenOf(anna, two, '2024-04-01')).toEqual([review.securityId]);
    const answer = await decide(anna, review.id, { decision: 'same', instrumentId: known });
    expect(answer.status).toBe('same');
    expect(await childrenOf(anna, two, '2024-04-01')).toEqual([known]);
    const { items } = await anna.expect(200, 'GET /api/identity-reviews', {
      query: { status: 'open', instrumentId: two },
    });
    expect(items).toEqual([]);
  });

  it('one’s own answer counts for oneself only', async () => {
    const shared = await fund(app.admin);
    await send(app.admin, shared, '2024-03-01', share('OWNA', 'OWNA GENERAL WORKS INC', '100'));
    const [known = ''] = await childrenOf(app.admin, shared, '2024-03-01');
    const row = share('OWNA', 'OWNA AEROSPACE', '100');
    const annas = await fund(anna);
    const report = await send(anna, annas, '2024-03-01', row);
    const [review] = await reviews(anna, report.importId);
    await decide(anna, review?.id ?? '', { decision: 'same', instrumentId: known });
    expect(await send(anna, await fund(anna), '2024-03-01', row)).toMatchObject({ methods: { decision: 1 } });
    const bens = await send(ben, await fund(ben), '2024-03-01', row);
    expect(bens).toMatchObject({ unmatched: 1, methods: { unsure: 1 } });
    // What her answer taught about the shared security is hers as well.
    const names = await ben.expect(200, 'GET /api/instruments', { query: { query: 'owna aerospace' } });
    expect(names.items.map(({ id }) => id)).not.toContain(known);
  });
});

describe('what a merge or a number taught', () => {
  it('a former name and a former number lead to the survivor', async () => {
    const [one, two, three] = [await fund(anna), await fund(anna), await fund(anna)];
    await send(anna, one, '2024-03-01', share('FRMA', 'FORMERLY PAPER INC', '100', 'US0079031078'));
    await send(anna, two, '2024-03-01', share('NOWA', 'NOWADAYS MEDIA INC', '100', 'US0231351067'));
    const [from = ''] = await childrenOf(anna, one, '2024-03-01');
    const [into = ''] = await childrenOf(anna, two, '2024-03-01');
    await anna.expect(201, 'POST /api/instruments/:id/merge', {
      params: { id: from },
      body: { into, renamed: true },
    });
    expect(await childrenOf(anna, one, '2024-03-01')).toEqual([into]);
    const byNumber = await send(anna, three, '2024-03-01', share('XXXX', 'ANY NAME', '100', 'US0079031078'));
    expect(byNumber).toMatchObject({ created: 0, methods: { isin: 1 } });
    const byName = await send(anna, three, '2024-04-01', share('FRMA', 'Formerly Paper', '100'));
    expect(byName).toMatchObject({ created: 0, methods: { 'ticker-exchange': 1 } });
    expect(await childrenOf(anna, three, '2024-04-01')).toEqual([into]);
  });

  it('a CUSIP and the ISIN made of it meet, whichever came first', async () => {
    const head = 'Name,Weight,CUSIP,ISIN';
    const write = async (id: string, row: string) =>
      ben.expect(201, 'POST /api/instruments/:id/constituents', {
        params: { id },
        query: { asOf: '2024-03-01' },
        body: Buffer.from(`${head}\n${row}\n`),
      });
    for (const [first, second] of [
      ['ONE SPELLING,100,594918104,', 'QUITE ANOTHER,100,,US5949181045'],
      ['ONE MORE SPELLING,100,,US0378331005', 'AND STILL ANOTHER,100,037833100,'],
    ] as const) {
      const [one, two] = [await fund(ben), await fund(ben)];
      expect(await write(one, first)).toMatchObject({ created: 1 });
      expect(await write(two, second)).toMatchObject({ created: 0, methods: { cusip: 1 } });
    }
  });
});
