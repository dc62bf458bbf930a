/** The Bank of England's rates over real HTTP: what is asked for, stored and said. Invented figures. */
import { currency } from '@pm/domain/money';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { createTestDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { startProviderStub } from '../../../../tests/support/provider-stub.ts';
import type { ProviderStub } from '../../../../tests/support/provider-stub.ts';
import { loadConfig } from '../../platform/config.ts';
import { withWorker } from '../../platform/database/index.ts';
import { silentLogger } from '../../platform/log.ts';
import { fetchBoeRates, newestBoeDay } from './boe-fetch.ts';
import { marketDataStatus } from './market-status.ts';
import { findRate } from './rates.ts';

const PATH = '/_iadb-fromshowcolumns.asp';
/** A Monday morning in London. */
const MONDAY = Temporal.Instant.from('2026-03-23T11:00:00Z');

let database: TestDatabase;
let stub: ProviderStub;
beforeAll(async () => {
  [database, stub] = await Promise.all([createTestDatabase(), startProviderStub()]);
});
afterAll(async () => {
  await stub.close();
  await database.drop();
});
afterEach(async () => {
  stub.reset();
  await database.owner.transaction().execute(async (tx) => {
    await sql`delete from pm.fx_rates`.execute(tx);
    await sql`delete from pm.provider_states`.execute(tx);
  });
});

const settings = () => loadConfig({ BOE_BASE_URL: stub.url, PM_RATE_PROVIDERS: 'ecb,boe' }).providers;
const fetchAt = async (now: Temporal.Instant) =>
  fetchBoeRates({ db: database.worker, settings: settings(), now, log: silentLogger, timeoutMs: 500 });
const statusAt = async (now: Temporal.Instant) => {
  const { providers } = await withWorker(database.worker, async (tx) =>
    marketDataStatus(tx, settings(), now),
  );
  return providers.find((provider) => provider.id === 'BoE');
};

it('expects the rates of the last weekday', () => {
  expect(newestBoeDay(MONDAY).toString()).toBe('2026-03-20');
  expect(newestBoeDay(MONDAY.add({ hours: 24 })).toString()).toBe('2026-03-23');
});

it('fetches what is missing, once, and crosses through the pound with both legs', async () => {
  stub.answer(PATH, {
    text: 'DATE,XUDLUSS,XUDLERS\r\n19 Mar 2026,1.2512,1.1501\r\n20 Mar 2026,1.26,1.2\r\n',
  });
  expect(await fetchAt(MONDAY)).toMatchObject({ added: 4, source: 'BoE', to: '2026-03-20' });
  const asked = new URL(stub.requests[0] ?? '', stub.url).searchParams;
  expect([asked.get('Datefrom'), asked.get('Dateto')]).toEqual(['20/Dec/2025', '20/Mar/2026']);
  const rate = await withWorker(database.worker, async (tx) =>
    findRate(tx, currency('EUR'), currency('USD'), Temporal.PlainDate.from('2026-03-22')),
  );
  // 1.26 / 1.2 is 1.05.
  expect('rate' in rate && rate.rate.toFixed()).toBe('1.05');
  expect(rate).toMatchObject({ method: 'cross', source: 'BoE', carriedForward: true });
  expect(await statusAt(MONDAY)).toMatchObject({ state: 'ok', newest: '2026-03-20' });
  expect(await fetchAt(MONDAY)).toBeNull();
  expect(stub.requests).toHaveLength(1);
});

it('takes a bank holiday, on which there are none, for what it is', async () => {
  stub.answer(PATH, { text: 'DATE,XUDLUSS,XUDLERS\r\n' });
  expect(await fetchAt(MONDAY)).toBeNull();
  expect(await statusAt(MONDAY)).toMatchObject({ state: 'waiting', lastSuccessAt: MONDAY.toString() });
});

it('says why it failed, and stores nothing', async () => {
  stub.answer(PATH, { text: '<html>The database is closed</html>' });
  await expect(fetchAt(MONDAY)).rejects.toThrow('something else where rates were expected');
  expect(await statusAt(MONDAY)).toMatchObject({ state: 'failing', newest: null });
  stub.reset();
  stub.answer(PATH, { text: 'DATE,XUDLUSS\r\n20 Mar 2026,1.25\r\n19 Mar 2026,oops\r\n' });
  await expect(fetchAt(MONDAY)).rejects.toThrow('Line 3');
  expect(await statusAt(MONDAY)).toMatchObject({ state: 'failing', newest: null });
});
