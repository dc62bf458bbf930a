/** Files of past prices through the API: for everybody, for oneself, large ones by the worker, and refused ones. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { fixedClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config.ts';
import { silentLogger } from '../../platform/log.ts';
import { importPricesJob } from './jobs.ts';

const NOW = '2026-11-20T16:00:00Z';
const clock = fixedClock(NOW);

let app: TestApp;
let anna: TestPerson;
beforeAll(async () => {
  app = await createTestApp({ clock });
  anna = await app.register();
});
afterAll(async () => app.close());

let made = 0;
const pence = async (person: TestPerson = app.admin): Promise<string> => {
  made += 1;
  const listing = { ticker: `FILE${made}`, exchange: 'XLON', currency: 'GBP', quoteUnit: 'GBX' };
  const body = { type: 'ETF' as const, name: `Fund ${made}`, ...listing };
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};
const send = async (person: TestPerson, id: string, text: string, query: { quoteUnit?: string } = {}) =>
  person.expect(201, 'POST /api/instruments/:id/prices/import', {
    params: { id },
    query,
    body: Buffer.from(text),
  });
const pricesOf = async (person: TestPerson, id: string) => {
  const { items } = await person.expect(200, 'GET /api/instruments/:id/prices', { params: { id } });
  return items.map((price) => [price.dateTime.slice(0, 10), price.close, price.kind, price.source]);
};
const heldOf = async (id: string) => {
  const { items } = await app.admin.expect(200, 'GET /api/market-data/quarantine', { query: { limit: 200 } });
  return items.filter((one) => one.instrumentId === id);
};

const YAHOO =
  'Date,Open,High,Low,Close,Adj Close,Volume\n' +
  '2024-02-20,7400,7450,7390,7440,7000,10\n' +
  '2024-02-21,74,74.5,73.9,74.5,70,10\n' +
  '2024-02-22,null,null,null,null,null,null\n' +
  '2024-02-23,0,0,0,7512,7000,10\n';

describe('an administrator’s file for what everybody shares', () => {
  it('becomes the feed’s, in currency units; what looks wrong waits', async () => {
    const id = await pence();
    const done = await send(app.admin, id, YAHOO);
    expect(done).toMatchObject({
      form: 'yahoo',
      source: 'yahoo-file',
      scope: 'shared',
      rows: 4,
      added: 2,
      corrected: 0,
      held: 2,
      from: '2024-02-20',
      to: '2024-02-23',
      warnings: [
        'Prices that look wrong were held back until somebody decides: 2024-02-21 (0.745), 2024-02-22 (no price).',
      ],
    });
    expect(await pricesOf(anna, id)).toEqual([
      ['2024-02-23', '75.12', 'live', 'yahoo-file'],
      ['2024-02-20', '74.4', 'live', 'yahoo-file'],
    ]);
    expect((await heldOf(id)).map((one) => one.reason).toSorted()).toEqual(['jump_down_100', 'missing']);
  });

  it('can be sent again: nothing is doubled, corrections win, decisions stay', async () => {
    const id = await pence();
    await send(app.admin, id, YAHOO);
    const jump = (await heldOf(id)).find((one) => one.reason === 'jump_down_100');
    await app.admin.expect(200, 'POST /api/market-data/quarantine/:id/accept', {
      params: { id: jump?.id ?? '' },
    });
    const again = await send(app.admin, id, YAHOO.replace('7440,7000', '7441,7000'));
    // The accepted one is believed from now on; the one after it is doubted against it, and was stored before.
    expect(again).toMatchObject({ added: 0, corrected: 1, held: 1 });
    expect((await pricesOf(anna, id)).map(([, close]) => close)).toEqual(['75.12', '0.745', '74.41']);
  });

  it('is in the unit that the person says', async () => {
    const id = await pence();
    await send(app.admin, id, 'Date,Close\n2024-02-23,75.12\n', { quoteUnit: 'GBP' });
    expect(await pricesOf(anna, id)).toEqual([['2024-02-23', '75.12', 'live', 'file']]);
    const refused = await app.admin.refused(400, 'POST /api/instruments/:id/prices/import', {
      params: { id },
      query: { quoteUnit: 'USD' },
      body: Buffer.from('Date,Close\n2024-02-23,75.12\n'),
    });
    expect(refused.errors).toMatchObject([{ field: 'quoteUnit' }]);
  });

  it('leaves the day out that is not over on its market', async () => {
    const id = await pence();
    // London closes half an hour after the clock of this test.
    const text = 'Date,Close\n2026-11-19,7440\n2026-11-20,7450\n';
    const done = await send(app.admin, id, text);
    expect(done).toMatchObject({ rows: 1, added: 1, to: '2026-11-19' });
    expect(done.warnings).toEqual([
      'The price of the last day was left out: that day is not over on its market.',
    ]);
    expect(await pricesOf(anna, id)).toEqual([['2026-11-19', '74.4', 'live', 'file']]);
    const refused = await app.admin.refused(422, 'POST /api/instruments/:id/prices/import', {
      params: { id },
      body: Buffer.from('Date,Close\n2026-11-19,7440\n2026-12-24,7450\n'),
    });
    expect(refused.detail).toBe('The file has prices of 2026-12-24, which is still to come.');
  });

  it('reaches into months that have no partition yet, and an older file changes no latest price', async () => {
    const id = await pence();
    await send(app.admin, id, 'Date,Close\n2024-02-23,7512\n');
    await send(app.admin, id, 'Date,Close\n1998-05-04,3000\n2003-01-31,4000\n');
    expect((await pricesOf(anna, id)).map(([day]) => day)).toEqual([
      '2024-02-23',
      '2003-01-31',
      '1998-05-04',
    ]);
  });
});

describe('anybody else’s file', () => {
  it('is prices given by hand, seen by that person alone; what looks wrong is left out and named', async () => {
    const id = await pence();
    const done = await send(anna, id, YAHOO);
    expect(done).toMatchObject({ scope: 'private', source: 'manual', added: 2, held: 0 });
    expect(done.warnings).toEqual([
      'Prices that look wrong were left out: 2024-02-21 (0.745), 2024-02-22 (no price).',
    ]);
    expect(await pricesOf(anna, id)).toEqual([
      ['2024-02-23', '75.12', 'manual', 'manual'],
      ['2024-02-20', '74.4', 'manual', 'manual'],
    ]);
    expect(await pricesOf(app.admin, id)).toEqual([]);
    expect(await heldOf(id)).toEqual([]);
    expect(await send(anna, id, YAHOO)).toMatchObject({ added: 0, corrected: 0 });
  });
});

describe('a large file', () => {
  const lines = Array.from({ length: 20_050 }, (_, minute) => {
    const at = Temporal.Instant.from('2024-01-02T08:00:00Z').add({ minutes: minute });
    return `${at.toString()},${7500 + (minute % 50)}`;
  });

  it('is taken in by the worker, and the run says how it went', async () => {
    const id = await pence();
    const { importId } = await app.admin.expect(202, 'POST /api/instruments/:id/prices/import', {
      params: { id },
      body: Buffer.from(`Datetime,Close\n${lines.join('\n')}\n`),
    });
    const run = async () => app.admin.expect(200, 'GET /api/imports/:id', { params: { id: importId } });
    expect(await run()).toMatchObject({ state: 'queued', kind: 'prices', prices: null });
    const services = {
      db: app.database.worker,
      app: app.database.app,
      log: silentLogger,
      clock,
      config: loadConfig({}),
    };
    const helpers = { jobId: '1', attempt: 1, maxAttempts: 3, signal: new AbortController().signal };
    const payload = { runId: importId, _requestedBy: app.admin.id };
    await importPricesJob.execute(payload, services, helpers);
    expect(await run()).toMatchObject({
      state: 'succeeded',
      progressPct: 100,
      result: null,
      prices: { rows: 20_050, added: 20_050, held: 0, scope: 'shared' },
    });
    // A second run of the job does nothing.
    await importPricesJob.execute(payload, services, helpers);
    expect((await pricesOf(anna, id))[0]?.[0]).toBe('2024-01-16');
  });

  it('that is refused there says so in the words of a request', async () => {
    const id = await pence();
    const { importId } = await anna.expect(202, 'POST /api/instruments/:id/prices/import', {
      params: { id },
      body: Buffer.from('Date,Close\n23/02/2024,1\n'),
      headers: { prefer: 'respond-async' },
    });
    const services = {
      db: app.database.worker,
      app: app.database.app,
      log: silentLogger,
      clock,
      config: loadConfig({}),
    };
    const helpers = { jobId: '1', attempt: 1, maxAttempts: 3, signal: new AbortController().signal };
    await importPricesJob.execute({ runId: importId, _requestedBy: anna.id }, services, helpers);
    const run = await anna.expect(200, 'GET /api/imports/:id', { params: { id: importId } });
    expect(run).toMatchObject({ state: 'failed', error: { code: 'bad_date' }, prices: null });
  });
});

it.each([
  ['Date,Close\n2024-02-23,abc\n', 'bad_price'],
  ['<html></html>', 'not_a_price_file'],
  ['Date,Close\n2030-01-01,1\n', 'date_out_of_range'],
  ['Date,Close\n1959-12-31,1\n', 'date_out_of_range'],
  ['Date,Close\n2024-02-23,1\n2024-02-23,2\n', 'conflicting_prices'],
])('%j is refused as a whole', async (text, code) => {
  const id = await pence();
  const refused = await app.admin.refused(422, 'POST /api/instruments/:id/prices/import', {
    params: { id },
    body: Buffer.from(text),
  });
  expect(refused.code).toBe(code);
  expect(await pricesOf(app.admin, id)).toEqual([]);
});
