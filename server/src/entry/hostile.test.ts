import { routes } from '@pm/contracts';
import type { RouteContract } from '@pm/contracts';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../tests/support/app.ts';
import type { TestApp } from '../../../tests/support/app.ts';
import { hostileFile, hostileValue } from '../../../tests/support/hostile.ts';

/** Four hundred found no more than these do; more only costs time. */
const REQUESTS_PER_ROUTE = 30;
const SEED = 20_240_223;

let app: TestApp;
const NOBODYS_ID = '0190a8b2-0000-7000-8000-000000000000';
const ids = [NOBODYS_ID];
const usual: Record<string, unknown[]> = {
  section: ['Core'],
  theme: ['Global Equity'],
  account: ['ISA'],
  currency: ['GBP', 'USD'],
  quoteUnit: ['GBX', 'GBP'],
  price: ['10', '10.5'],
  qty: ['1', '2.5'],
};
/** The thing that an address is about, by its first word. */
const subjects: Record<string, string> = {};
beforeAll(async () => {
  app = await createTestApp();
  const { admin } = app;
  const { id: portfolio } = await admin.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } });
  const { id: instrumentId } = await admin.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: 'World', ticker: 'SWDA', exchange: 'XLON', currency: 'GBP', quoteUnit: 'GBX' },
  });
  const { id: holding } = await admin.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolio },
    body: { instrumentId, section: 'Core', theme: 'Global Equity', account: 'ISA' },
  });
  const { id: trade } = await admin.expect(201, 'POST /api/holdings/:id/trades', {
    params: { id: holding },
    body: { type: 'buy', date: '2024-02-23', price: '10', qty: '5' },
  });
  ids.push(portfolio, instrumentId, holding, trade);
  usual['instrumentId'] = [instrumentId];
  usual['cursor'] = ids;
  usual['instruments'] = [instrumentId, `${instrumentId},${NOBODYS_ID}`];
  Object.assign(subjects, {
    portfolios: portfolio,
    instruments: instrumentId,
    holdings: holding,
    trades: trade,
  });
});
afterAll(async () => app.close());

type Parts = {
  readonly id: string;
  readonly query: object;
  readonly body: unknown;
  readonly ifMatch: string | undefined;
};

const partsOf = (key: string, contract: RouteContract): fc.Arbitrary<Parts> => {
  const subject = subjects[key.split('/')[2] ?? ''] ?? NOBODYS_ID;
  const valuesOf = (schema: unknown) => hostileValue(schema as Record<string, unknown>, { ids, usual });
  return fc.record({
    id: fc.oneof(
      { weight: 8, arbitrary: fc.constant(subject) },
      { weight: 1, arbitrary: fc.constantFrom(...ids) },
    ),
    query:
      contract.query === undefined
        ? fc.constant({})
        : valuesOf(contract.query).map((value) => Object(value) as object),
    body: contract.rawBody === undefined ? valuesOf(contract.body ?? {}) : hostileFile,
    ifMatch: fc.constantFrom(undefined, undefined, undefined, '"1"', '"2"', '*', 'x'),
  });
};

const requestOf = (key: string, contract: RouteContract, parts: Parts): InjectOptions => {
  const [method, path = ''] = key.split(' ') as [NonNullable<InjectOptions['method']>, string?];
  const query = Object.entries(parts.query).map(([name, value]: [string, unknown]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const search = new URLSearchParams(query).toString();
  const takesBody = contract.rawBody !== undefined || contract.body !== undefined;
  return {
    method,
    url: `${path.replaceAll(/:\w+/gu, parts.id)}?${search}`,
    headers: {
      ...(parts.ifMatch === undefined ? {} : { 'if-match': parts.ifMatch }),
      ...(takesBody ? { 'content-type': Buffer.isBuffer(parts.body) ? 'text/csv' : 'application/json' } : {}),
    },
    ...(takesBody ? { payload: Buffer.isBuffer(parts.body) ? parts.body : JSON.stringify(parts.body) } : {}),
  };
};

// What deletes comes last, so that the rest still finds its things.
const byHarm = (Object.entries(routes) as [string, RouteContract][]).toSorted(
  ([a], [b]) => Number(a.startsWith('DELETE')) - Number(b.startsWith('DELETE')),
);

describe('whatever is sent', () => {
  // A 500 makes `raw` throw with the server's own error, and an answer against its contract is a 500.
  it.each(byHarm)(
    '%s answers it or says what is wrong',
    async (key, contract) => {
      const samples = fc.sample(partsOf(key, contract), { numRuns: REQUESTS_PER_ROUTE, seed: SEED });
      for (const parts of samples) {
        const request = requestOf(key, contract, parts);
        const who = contract.auth === 'none' ? app.anonymous : app.admin;
        const answer = await who.raw(request);
        const shown = `${answer.statusCode} ${answer.payload.slice(0, 300)} to ${JSON.stringify(request).slice(0, 500)}`;
        if (answer.statusCode < 400) continue;
        expect(shown).toMatch(/^4\d\d /u);
        expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
        expect(answer.json<{ detail: string }>().detail.length).toBeGreaterThan(10);
      }
    },
    120_000,
  );
});
