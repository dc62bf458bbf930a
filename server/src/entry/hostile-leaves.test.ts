import { routes } from '@pm/contracts';
import type { RouteContract } from '@pm/contracts';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../tests/support/app.ts';
import type { TestApp } from '../../../tests/support/app.ts';
import {
  HOSTILE_WORDS,
  hostileBodies,
  MORE_BODIES,
  SAMPLE_BODIES,
} from '../../../tests/support/hostile-leaves.ts';

/** All of them together are some eight thousand requests; every third finds the same in three seconds. */
const STRIDE = 3;

let app: TestApp;
const subjects: Record<string, string> = {};
beforeAll(async () => {
  app = await createTestApp();
  const { admin } = app;
  const { id: portfolios } = await admin.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } });
  const { id: instruments } = await admin.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: 'World', ticker: 'SWDA', exchange: 'XLON', currency: 'GBP', quoteUnit: 'GBX' },
  });
  const { id: holdings } = await admin.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolios },
    body: { instrumentId: instruments, section: 'Core', theme: 'Global Equity', account: 'ISA' },
  });
  const { id: trades } = await admin.expect(201, 'POST /api/holdings/:id/trades', {
    params: { id: holdings },
    body: { type: 'buy', date: '2024-02-23', price: '10', qty: '5' },
  });
  Object.assign(subjects, { portfolios, instruments, holdings, trades });
});
afterAll(async () => app.close());

const some = <T>(all: readonly T[], offset: number): T[] =>
  all.filter((_, at) => (at + offset) % STRIDE === 0);
const encoded = (word: string): string => (word.isWellFormed() ? encodeURIComponent(word) : '%ED%A0%80');

/** Every request of a route that is as it should be but for one leaf. */
const requestsOf = (key: string, contract: RouteContract, offset: number): InjectOptions[] => {
  const [method, path = ''] = key.split(' ') as [NonNullable<InjectOptions['method']>, string?];
  const subject = subjects[key.split('/')[2] ?? ''] ?? subjects['portfolios'] ?? '';
  const url = path.replace(':id', subject).replace(':userId', '019a0000-0000-7000-8000-000000000000');
  const json = (payload: string | undefined): Partial<InjectOptions> =>
    payload === undefined ? {} : { payload, headers: { 'content-type': 'application/json' } };
  const own = key === 'POST /api/portfolios/:id/holdings' ? { instrumentId: subjects['instruments'] } : {};
  const sample = SAMPLE_BODIES[key] === undefined ? undefined : { ...SAMPLE_BODIES[key], ...own };
  const samples = [...(sample === undefined ? [] : [sample]), ...(MORE_BODIES[key] ?? [])];
  const body = sample === undefined ? undefined : JSON.stringify(sample);
  const schema: { properties?: object } = contract.query ?? {};
  const words = some(HOSTILE_WORDS, offset);
  const asked = words.flatMap((word) =>
    Object.keys(schema.properties ?? {}).map((name) => `${url}?${name}=${encoded(word)}`),
  );
  const meant = path.includes(':id') ? words.map((word) => path.replace(':id', encoded(word))) : [];
  return [
    ...some(samples.flatMap(hostileBodies), offset).map((payload) => ({
      method,
      url,
      ...json(payload),
    })),
    ...[...asked, ...meant].map((address) => ({ method, url: address, ...json(body) })),
  ];
};

const refusedWell = (answer: LightMyRequestResponse): boolean =>
  answer.statusCode < 400 ||
  (answer.statusCode < 500 && String(answer.headers['content-type']).startsWith('application/problem+json'));

const all = (Object.entries(routes) as [string, RouteContract][]).filter(
  ([key]) => !key.startsWith('DELETE'),
);

describe('a request with one hostile leaf', () => {
  it('has a sample of every route that takes a body', () => {
    const without = all.filter(([key, { body }]) => body !== undefined && !(key in SAMPLE_BODIES));
    expect(without.map(([key]) => key)).toEqual([]);
  });

  // A 500 makes `raw` throw with the server's own error, and an answer against its contract is a 500.
  it.each(all.map(([key, contract], at) => [key, contract, at] as const))(
    '%s is answered or refused in words',
    async (key, contract, at) => {
      for (const request of requestsOf(key, contract, at)) {
        const answer = await app.admin.raw(request);
        const shown = `${answer.statusCode} ${answer.payload.slice(0, 300)} to ${JSON.stringify(request).slice(0, 500)}`;
        expect([refusedWell(answer), shown]).toEqual([true, shown]);
      }
    },
  );
});
