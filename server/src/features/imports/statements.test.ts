/** Brokers' statements through the API: looked at, recorded, not doubled, taken back; refused in words; by the worker. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { fixedClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import { silentLogger } from '../../platform/log.ts';
import { recordStatementJob } from './jobs.ts';

const clock = fixedClock('2026-11-20T16:00:00Z');

let app: TestApp;
let anna: TestPerson;
beforeAll(async () => {
  app = await createTestApp({ clock });
  anna = await app.register();
});
afterAll(async () => app.close());

let made = 0;
const portfolio = async (person: TestPerson = anna): Promise<string> => {
  made += 1;
  return (await person.expect(201, 'POST /api/portfolios', { body: { name: `P${made}` } })).id;
};
/** British ISINs with their check digits. */
const VODAFONE = 'GB00BH4HKS39';
const fund = async (isin?: string, name = 'Vodafone', ticker?: string): Promise<string> =>
  (
    await anna.expect(201, 'POST /api/instruments', {
      body: {
        type: 'Stock',
        name,
        currency: 'GBP',
        ...(isin && { isin }),
        ...(ticker && { ticker, exchange: 'XLON' }),
      },
    })
  ).id;

const HEAD = 'Date,Type,ISIN,Ticker,Name,Quantity,Price,Amount,Fees,Stamp duty,Reference\n';
const FILE = `${HEAD}2024-01-05,Deposit,,,,,,1000,,,d1
2024-01-08,Buy,${VODAFONE},,Vodafone,100,5,505.95,3.45,2.50,b1
2024-02-01,Dividend,${VODAFONE},,Vodafone,,,12.34,,,v1
2024-03-01,Sell,${VODAFONE},,Vodafone,40,6,235,5,,s1
2024-03-02,Interest,,,,,,1.5,,,i1
2024-03-03,Fee,,,,,,2,,,f1
`;
const send = async (portfolioId: string, text: string, query: object = {}, person: TestPerson = anna) =>
  person.expect(201, 'POST /api/imports/statements', {
    query: { portfolioId, account: 'ISA', fileName: 'isa.csv', ...query },
    body: Buffer.from(text),
  });
const look = async (portfolioId: string, text: string, query: object = {}) =>
  anna.expect(200, 'POST /api/imports/statements/preview', {
    query: { portfolioId, account: 'ISA', ...query },
    body: Buffer.from(text),
  });
const refused = async (portfolioId: string, text: string, query: object = {}, person: TestPerson = anna) =>
  person.refused(422, 'POST /api/imports/statements', {
    query: { portfolioId, account: 'ISA', ...query },
    body: Buffer.from(text),
  });
const holdings = async (id: string) => {
  const { items } = await anna.expect(200, 'GET /api/portfolios/:id/holdings', { params: { id } });
  return Object.fromEntries(items.map((one) => [one.instrument?.type ?? '', [one.qty, one.costBasis]]));
};

describe('a statement', () => {
  it('records purchases, sales, income, money and charges with their cash, to the penny', async () => {
    await fund(VODAFONE);
    const id = await portfolio();
    const preview = await look(id, FILE);
    expect(preview).toMatchObject({
      ready: true,
      preset: 'general',
      problems: [],
      trades: 11,
      settle: true,
      duplicates: 0,
    });
    expect(preview.holdings.map((one) => [one.name, one.isNew, one.qty])).toEqual([
      ['GBP cash', true, '740.89'],
      ['Vodafone', true, '60'],
    ]);
    expect(await holdings(id)).toEqual({});
    // Not even the cash that it would go into.
    const { items: cash } = await anna.expect(200, 'GET /api/instruments', { query: { type: 'Cash' } });
    expect(cash).toEqual([]);
    expect(await send(id, FILE)).toMatchObject({
      recorded: 6,
      trades: 11,
      newHoldings: 2,
      from: '2024-01-05',
      to: '2024-03-03',
    });
    // 1000 − 505.95 + 12.34 + 235 + 1.50 − 2; 60 % of 505.95.
    expect(await holdings(id)).toEqual({ Cash: ['740.89', '740.89'], Stock: ['60', '303.57'] });
  });

  it('is not doubled: the same rows of a later file are known, new ones are added', async () => {
    const id = await portfolio();
    await send(id, FILE);
    const later = `${FILE}2024-04-01,Deposit,,,,,,50,,,d2\n`;
    expect(await look(id, later)).toMatchObject({ duplicates: 6, trades: 1, ready: true });
    expect(await send(id, later)).toMatchObject({ duplicates: 6, recorded: 1 });
    expect(await send(id, later)).toMatchObject({ duplicates: 7, recorded: 0, trades: 0 });
  });

  it('keeps two rows that are alike, and knows both again', async () => {
    const id = await portfolio();
    const twice = `${HEAD}2024-01-05,Deposit,,,,,,10,,,\n2024-01-05,Deposit,,,,,,10,,,\n`;
    expect(await send(id, twice)).toMatchObject({ recorded: 2 });
    expect(await send(id, twice)).toMatchObject({ recorded: 0, duplicates: 2 });
  });

  it('warns of what was entered by hand, and leaves out what is named', async () => {
    const id = await portfolio();
    await send(id, `${HEAD}2024-01-05,Deposit,,,,,,1000,,,d1\n`);
    const { items } = await anna.expect(200, 'GET /api/portfolios/:id/holdings', { params: { id } });
    const cash = items[0]?.id ?? '';
    await anna.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id: cash },
      body: { type: 'deposit', date: '2024-05-01', amount: '70' },
    });
    const file = `${HEAD}2024-05-01,Deposit,,,,,,70.00,,,d3\n2024-05-02,Deposit,,,,,,5,,,d4\n`;
    expect((await look(id, file)).perhapsTwice).toMatchObject([{ row: 2 }]);
    expect(await send(id, file, { leaveOut: '2' })).toMatchObject({ recorded: 1, leftOut: 1 });
  });

  it('is taken back as a whole, restored as a whole, and can be recorded anew in between', async () => {
    const id = await portfolio();
    const { importId } = await send(id, FILE);
    const undone = await anna.expect(200, 'POST /api/imports/statements/:id/undo', {
      params: { id: importId },
    });
    expect(undone).toMatchObject({ trades: 11, holdings: 2 });
    expect(await holdings(id)).toEqual({});
    const { items } = await anna.expect(200, 'GET /api/imports/statements', { query: { portfolioId: id } });
    expect(items).toMatchObject([{ id: importId, state: 'undone', fileName: 'isa.csv' }]);
    await anna.expect(200, 'POST /api/deletions/:id/restore', { params: { id: undone.deletionId ?? '' } });
    expect(await holdings(id)).toEqual({ Cash: ['740.89', '740.89'], Stock: ['60', '303.57'] });
    await anna.expect(200, 'POST /api/imports/statements/:id/undo', { params: { id: importId } });
    expect(await send(id, FILE)).toMatchObject({ recorded: 6, duplicates: 0 });
  });

  it('stays when something else needs what it brought', async () => {
    const id = await portfolio();
    const { importId } = await send(id, `${HEAD}2024-01-05,Deposit,,,,,,100,,,d1\n`);
    const { items } = await anna.expect(200, 'GET /api/portfolios/:id/holdings', { params: { id } });
    await anna.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id: items[0]?.id ?? '' },
      body: { type: 'withdrawal', date: '2024-02-01', amount: '60' },
    });
    const no = await anna.refused(422, 'POST /api/imports/statements/:id/undo', { params: { id: importId } });
    expect(no.code).toBe('oversold');
  });
});

describe('what stands in the way', () => {
  it('is told by row and field, and nothing is recorded', async () => {
    const id = await portfolio();
    const file = `${FILE}2024-04-01,Gift,,,,,,5,,,x\n`;
    const no = await refused(id, file);
    expect([no.code, no.errors?.[0]?.field]).toEqual(['statement_problems', 'row 8, type']);
    expect(await holdings(id)).toEqual({});
    const oversold = await refused(id, `${HEAD}2024-01-08,Sell,${VODAFONE},,Vodafone,40,6,240,,,s\n`);
    expect(oversold.code).toBe('oversold');
    const preview = await look(id, `${HEAD}2024-01-08,Sell,${VODAFONE},,Vodafone,40,6,240,,,s\n`);
    expect(preview.problems[0]?.message).toMatch(/Only 0 were held on 2024-01-08/u);
    const future = await look(id, `${HEAD}2027-01-08,Deposit,,,,,,40,,,s\n`);
    expect(future.problems[0]).toMatchObject({ row: 2, field: 'date' });
    expect((await refused(id, 'nothing here')).code).toBe('not_a_statement');
  });

  it('a security that is not sure is asked about, and remembered once it is chosen', async () => {
    const id = await portfolio();
    const chosen = await fund(undefined, 'Alder plc');
    const file = `${HEAD}2024-01-08,Deposit,,,,,,100,,,d\n2024-01-09,Buy,,,Alder plc,10,5,50,,,b\n`;
    const preview = await look(id, file);
    expect(preview.ready).toBe(false);
    expect(preview.securities).toMatchObject([
      { key: 'name alder plc', instrument: null, candidates: [{ instrumentId: chosen, why: 'same name' }] },
    ]);
    await anna.expect(200, 'PUT /api/imports/statement-mappings', {
      body: { signature: preview.signature, mapping: { securities: { 'name alder plc': chosen } } },
    });
    expect(await look(id, file)).toMatchObject({ ready: true, remembered: true });
    expect(await send(id, file)).toMatchObject({ recorded: 2 });
  });

  it('an ISIN that nobody has is another security than the one with the ticker', async () => {
    const id = await portfolio();
    await fund(undefined, 'Birch', 'BRCH');
    const known = await look(id, `${HEAD}2024-01-09,Buy,,BRCH,Birch,10,5,50,,,b\n`, { settle: false });
    expect(known.securities[0]?.instrument).toMatchObject({ name: 'Birch', why: 'same ticker' });
    const other = await look(id, `${HEAD}2024-01-09,Buy,GB0002374006,BRCH,Birch,10,5,50,,,b\n`, {
      settle: false,
    });
    expect(other.securities[0]).toMatchObject({ instrument: null, candidates: [{ name: 'Birch' }] });
  });

  it('other people’s portfolios and instruments are not there', async () => {
    const id = await portfolio();
    const other = await app.register();
    const no = await other.refused(404, 'POST /api/imports/statements', {
      query: { portfolioId: id, account: 'ISA' },
      body: Buffer.from(FILE),
    });
    expect(no.code).toBe('not_found');
    const theirs = await portfolio(other);
    const preview = await other.expect(200, 'POST /api/imports/statements/preview', {
      query: { portfolioId: theirs, account: 'ISA' },
      body: Buffer.from(FILE),
    });
    expect(preview.securities).toMatchObject([{ isin: VODAFONE, instrument: null, candidates: [] }]);
    const { importId } = await send(id, `${HEAD}2024-01-05,Deposit,,,,,,100,,,d1\n`);
    await other.refused(404, 'POST /api/imports/statements/:id/undo', { params: { id: importId } });
  });
});

describe('a statement for the worker', () => {
  const work = async (runId: string): Promise<void> =>
    recordStatementJob.execute(
      { runId, _requestedBy: anna.id },
      { db: app.database.worker, app: app.db, log: silentLogger, clock, config: loadConfig({}) },
      { jobId: '1', attempt: 1, maxAttempts: 3, signal: new AbortController().signal },
    );

  it('is put aside, recorded, and its result is told', async () => {
    const id = await portfolio();
    const accepted = await anna.expect(202, 'POST /api/imports/statements', {
      query: { portfolioId: id, account: 'ISA' },
      body: Buffer.from(FILE),
      headers: { prefer: 'respond-async' },
    });
    await work(accepted.importId);
    const run = await anna.expect(200, 'GET /api/imports/:id', { params: { id: accepted.importId } });
    expect(run).toMatchObject({ kind: 'trades', state: 'succeeded', statement: { recorded: 6, trades: 11 } });
    expect(await holdings(id)).toEqual({ Cash: ['740.89', '740.89'], Stock: ['60', '303.57'] });
  });

  it('is refused in the same words', async () => {
    const id = await portfolio();
    const accepted = await anna.expect(202, 'POST /api/imports/statements', {
      query: { portfolioId: id, account: 'ISA' },
      body: Buffer.from('nothing here'),
      headers: { prefer: 'respond-async' },
    });
    await work(accepted.importId);
    const run = await anna.expect(200, 'GET /api/imports/:id', { params: { id: accepted.importId } });
    expect(run).toMatchObject({ state: 'failed', error: { code: 'not_a_statement' }, statement: null });
  });
});
