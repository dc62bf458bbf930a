/** The older version's data through the API: looked at, taken over once, and hostile data refused in words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { fixedClock } from '../../platform/clock.ts';

let app: TestApp;
let anna: TestPerson;
beforeAll(async () => {
  app = await createTestApp({ clock: fixedClock('2026-11-20T16:00:00Z') });
  anna = await app.register();
  await anna.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: 'Alder World', ticker: 'ALDW', exchange: 'XLON', currency: 'GBP' },
  });
});
afterAll(async () => app.close());

const holding = {
  id: 'h1',
  section: 'Core',
  theme: 'Global',
  account: 'ISA',
  name: 'Alder World',
  qty: 10,
  avgCost: '2.50',
};
const DATA = {
  portfolios: [
    {
      id: 'a',
      name: 'Family',
      type: 'actual',
      settings: { currency: 'GBP', lockTotal: false, targetPortfolioValue: 100000, colour: 'red' },
      lists: { sections: ['Core'], themes: ['Global'], accounts: ['ISA'], themeSections: { Global: 'Core' } },
      budgets: { sections: { Core: { percent: 60, amount: 60000 } }, accounts: { LISA: { amount: 1 } } },
      holdings: [
        holding,
        { ...holding, id: 'h2', name: 'Unheard of', qty: '1.000000000000000001', account: 'SIPP' },
      ],
      trades: [
        { id: 't1', holdingId: 'h1', type: 'buy', date: '2024-01-05', price: 2, qty: 8 },
        { id: 't2', holdingId: 'h1', type: 'sell', date: '2024-02-05', price: 3, qty: 2 },
      ],
    },
    { id: 'b', name: 'What if', type: 'draft', parentId: 'a' },
  ],
};
const send = async (data: unknown, person = anna) =>
  person.expect(201, 'POST /api/imports/local-storage', { body: Buffer.from(JSON.stringify(data)) });
const look = async (data: unknown, person = anna) =>
  person.expect(200, 'POST /api/imports/local-storage', {
    query: { preview: true },
    body: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
  });

describe('the older version’s data', () => {
  it('is looked at, taken over, and not taken over twice', async () => {
    const preview = await look(DATA);
    expect(preview).toMatchObject({
      ready: true,
      made: { portfolios: 2, holdings: 2, trades: 4 },
      refused: [],
    });
    expect(preview.changed.map((one) => one.field)).toEqual([
      'portfolios.0.settings',
      'portfolios.0.lists.accounts',
      'portfolios.0.budgets.accounts',
      'portfolios.0.holdings.0.qty',
      'portfolios.0.holdings.1.name',
    ]);
    expect((await anna.expect(200, 'GET /api/portfolios')).items).toEqual([]);
    expect(await send(DATA)).toMatchObject({ made: { portfolios: 2, holdings: 2, trades: 4 } });
    const { items } = await anna.expect(200, 'GET /api/portfolios');
    expect(items.map((one) => [one.name, one.type, one.parentId === items[0]?.id])).toEqual([
      ['Family', 'actual', false],
      ['What if', 'draft', true],
    ]);
    expect(items[0]?.settings.targetPortfolioValue).toBe('100000');
    const held = await anna.expect(200, 'GET /api/portfolios/:id/holdings', {
      params: { id: items[0]?.id ?? '' },
    });
    // 4 at 2.50 before, 8 at 2.00; a sixth of £26.00 sold.
    expect(
      held.items.map((one) => [one.instrument?.name ?? null, one.qty, one.costBasis.slice(0, 8)]),
    ).toEqual([
      ['Alder World', '10', '21.66666'],
      [null, '1.000000000000000001', '2.500000'],
    ]);
    expect(await send(DATA)).toMatchObject({
      made: { portfolios: 0, holdings: 0, trades: 0 },
      known: { portfolios: 2, holdings: 2, trades: 2 },
      ready: false,
    });
    const more = structuredClone(DATA);
    more.portfolios[0]?.trades?.push({
      id: 't3',
      holdingId: 'h1',
      type: 'buy',
      date: '2024-03-05',
      price: 1,
      qty: 5,
    });
    expect(await send(more)).toMatchObject({ made: { portfolios: 0, holdings: 0, trades: 1 } });
  });

  it('makes ids of its own: another person with the same data has other portfolios', async () => {
    const ben = await app.register();
    const mine = await anna.expect(200, 'GET /api/portfolios');
    const data = { portfolios: [{ id: mine.items[0]?.id, name: 'Claimed' }] };
    expect(await send(data, ben)).toMatchObject({ made: { portfolios: 1 } });
    const { items } = await ben.expect(200, 'GET /api/portfolios');
    expect(items[0]?.id).not.toBe(mine.items[0]?.id);
    expect((await anna.expect(200, 'GET /api/portfolios')).items[0]?.name).toBe('Family');
  });
});

describe('hostile data', () => {
  const [family] = DATA.portfolios;
  const withHolding = (change: object) => ({
    portfolios: [{ ...family, id: 'x', trades: [], holdings: [{ ...holding, id: 'x1', ...change }] }],
  });
  const withTrade = (change: object) => ({
    portfolios: [
      {
        ...family,
        id: 'x',
        holdings: [{ ...holding, id: 'x1' }],
        trades: [{ id: 'x2', holdingId: 'x1', type: 'buy', date: '2024-01-05', price: 2, qty: 8, ...change }],
      },
    ],
  });
  it.each([
    ['no JSON', '{"portfolios": [', 'body', /is not JSON/u],
    ['something else', '{"cats": []}', 'portfolios', /is missing/u],
    ['a list in place of an object', { portfolios: [[]] }, 'portfolios.0', /must be an object/u],
    ['a number as name', { portfolios: [{ id: 'x', name: {} }] }, 'portfolios.0.name', /must be text/u],
    [
      'a prototype key',
      '{"portfolios":[{"id":"x","name":"X","settings":{"__proto__":{"role":"admin"}}}]}',
      'portfolios.0.settings.__proto__',
      /no data has/u,
    ],
    [
      'text in a number',
      withHolding({ qty: '12abc' }),
      'portfolios.0.holdings.0.qty',
      /must be a decimal number/u,
    ],
    ['a negative quantity', withHolding({ qty: -1 }), 'portfolios.0.holdings.0.qty', /must not be negative/u],
    [
      'more digits than fit',
      withHolding({ qty: '0.1234567890123456789' }),
      'portfolios.0.holdings.0.qty',
      /more than 18 decimal places/u,
    ],
    [
      'a target of 200 %',
      withHolding({ targetPct: 200 }),
      'portfolios.0.holdings.0.targetPct',
      /between 0 and 100/u,
    ],
    [
      'somebody else’s holding',
      withTrade({ holdingId: 'h1' }),
      'portfolios.0.trades.0.holdingId',
      /not in this portfolio/u,
    ],
    [
      'an unknown type',
      withTrade({ type: 'gift' }),
      'portfolios.0.trades.0.type',
      /must be one of buy, sell/u,
    ],
    ['a day that is none', withTrade({ date: '2024-02-30' }), 'portfolios.0.trades.0.date', /is not a day/u],
    ['a day to come', withTrade({ date: '2030-01-01' }), 'portfolios.0.trades.0.date', /in the future/u],
    ['a price of nothing', withTrade({ price: 0 }), 'portfolios.0.trades.0.price', /more than 0/u],
    [
      'an id twice',
      {
        portfolios: [
          { id: 'x', name: 'A' },
          { id: 'x', name: 'B' },
        ],
      },
      'portfolios.1.id',
      /of portfolios.0 too/u,
    ],
    [
      'parents in a circle',
      {
        portfolios: [
          { id: 'x', name: 'A', parentId: 'y' },
          { id: 'y', name: 'B', parentId: 'x' },
        ],
      },
      'portfolios.0.parentId',
      /leads back to itself/u,
    ],
    [
      'a parent from elsewhere',
      { portfolios: [{ id: 'x', name: 'A', parentId: 'zz' }] },
      'portfolios.0.parentId',
      /not in this data/u,
    ],
    [
      'a currency that is none',
      { portfolios: [{ id: 'x', name: 'A', settings: { currency: 'GBX' } }] },
      'portfolios.0.settings.currency',
      /not an ISO 4217/u,
    ],
    [
      'a budget of 900 %',
      {
        portfolios: [
          {
            id: 'x',
            name: 'A',
            lists: { sections: ['Core'], themes: [], accounts: [] },
            budgets: { sections: { Core: { percent: 900 } } },
          },
        ],
      },
      'portfolios.0.budgets.sections.Core.percent',
      /between 0 and 100/u,
    ],
  ])('%s is refused with its place, and nothing is made', async (_what, data, field, message) => {
    const cara = await app.register();
    const preview = await look(data, cara);
    expect(preview.ready).toBe(false);
    expect(preview.refused.find((one) => one.field === field)?.message).toMatch(message);
    const body = Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
    const no = await cara.refused(422, 'POST /api/imports/local-storage', { body });
    expect(no.code).toBe('local_storage_refused');
    expect((await cara.expect(200, 'GET /api/portfolios')).items).toEqual([]);
  });

  it('fifty megabytes and nesting without end are refused in words', async () => {
    const large = Buffer.alloc(50 * 1024 * 1024, 32);
    const answer = await anna.call('POST /api/imports/local-storage', { body: large });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([413, 'body_too_large']);
    const deep = `{"portfolios":[{"id":"x","name":"X","settings":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}]}`;
    const preview = await look(deep);
    expect(preview.refused[0]?.message).toMatch(/nested more than 20 deep/u);
  });
});
