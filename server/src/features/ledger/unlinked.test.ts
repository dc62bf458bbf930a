/** Holdings that came without an instrument: they keep their name, and a person says which instrument they are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { fixedClock } from '../../platform/clock.ts';

let app: TestApp;
let anna: TestPerson;
let ben: TestPerson;
let portfolioId: string;
let unlinked: string;
let birch: string;
beforeAll(async () => {
  app = await createTestApp({ clock: fixedClock('2026-11-20T16:00:00Z') });
  anna = await app.register();
  ben = await app.register();
  birch = await instrumentOf(anna, 'BIRW');
  await anna.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id: birch },
    body: { dateTime: '2026-11-20T15:00:00Z', close: '5.00' },
  });
  const held = { section: 'Core', theme: 'Global', account: 'ISA' };
  const old = {
    id: 'a',
    name: 'Family',
    type: 'actual',
    lists: {
      sections: ['Core'],
      themes: ['Global'],
      accounts: ['ISA', 'SIPP'],
      themeSections: { Global: 'Core' },
    },
    holdings: [{ ...held, id: 'h', name: 'Unheard of', qty: 4, avgCost: '2.50' }],
    trades: [],
  };
  await anna.expect(201, 'POST /api/imports/local-storage', {
    body: Buffer.from(JSON.stringify({ portfolios: [old] })),
  });
  portfolioId = (await anna.expect(200, 'GET /api/portfolios')).items[0]?.id ?? '';
  const { items } = await anna.expect(200, 'GET /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
  });
  unlinked = items[0]?.id ?? '';
});
afterAll(async () => app.close());

const instrumentOf = async (person: TestPerson, ticker: string): Promise<string> => {
  const body = { type: 'ETF', name: `${ticker} fund`, ticker, exchange: 'XLON', currency: 'GBP' } as const;
  return (await person.expect(201, 'POST /api/instruments', { body: { ...body, scope: 'private' } })).id;
};
const link = (instrumentId: string | null, id = unlinked) => ({ params: { id }, body: { instrumentId } });

describe('a holding that came without an instrument', () => {
  it('keeps the name that it had', async () => {
    const before = await anna.expect(200, 'GET /api/holdings/:id', { params: { id: unlinked } });
    expect(before).toMatchObject({
      instrumentId: null,
      instrument: null,
      name: 'Unheard of',
      valuation: { value: null, missing: 'instrument' },
    });
  });

  it('is given one, is valued by it, and can be given none again', async () => {
    expect(await anna.expect(200, 'PATCH /api/holdings/:id', link(birch))).toMatchObject({
      instrumentId: birch,
      name: 'BIRW fund',
      qty: '4',
      costBasis: '10',
    });
    const { valuation } = await anna.expect(200, 'GET /api/holdings/:id', { params: { id: unlinked } });
    expect(valuation).toMatchObject({ value: '20', gain: '10', missing: null });
    expect(await anna.expect(200, 'PATCH /api/holdings/:id', link(null))).toMatchObject({
      instrumentId: null,
      name: 'Unheard of',
    });
  });

  it('is not given what its account holds already, nor what the person does not see', async () => {
    const twin = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id: portfolioId },
      body: { instrumentId: birch, section: 'Core', theme: 'Global', account: 'ISA' },
    });
    expect(twin.name).toBe('BIRW fund');
    expect(await anna.refused(409, 'PATCH /api/holdings/:id', link(birch))).toMatchObject({
      code: 'holding_exists',
      field: 'instrumentId',
    });
    // In another account it may be, in one change with the move.
    const moved = { ...link(birch), body: { instrumentId: birch, account: 'SIPP' } };
    expect(await anna.expect(200, 'PATCH /api/holdings/:id', moved)).toMatchObject({ instrumentId: birch });
    expect(
      await anna.refused(409, 'PATCH /api/holdings/:id', { ...link(birch), body: { account: 'ISA' } }),
    ).toMatchObject({ code: 'holding_exists' });
    const hers = await instrumentOf(ben, 'CEDR');
    await anna.refused(404, 'PATCH /api/holdings/:id', link(hers));
    await ben.refused(404, 'PATCH /api/holdings/:id', link(hers));
  });

  it('is the only one whose instrument can change', async () => {
    const other = await instrumentOf(anna, 'ASHW');
    const { items } = await anna.expect(200, 'GET /api/portfolios/:id/holdings', {
      params: { id: portfolioId },
    });
    const fixed = items.find((one) => one.id !== unlinked)?.id ?? '';
    for (const wanted of [other, null]) {
      expect(await anna.refused(422, 'PATCH /api/holdings/:id', link(wanted, fixed))).toMatchObject({
        code: 'instrument_fixed',
        field: 'instrumentId',
      });
    }
    expect(await anna.expect(200, 'PATCH /api/holdings/:id', link(birch, fixed))).toMatchObject({
      instrumentId: birch,
    });
    expect(await anna.expect(200, 'PATCH /api/holdings/:id', link(other))).toMatchObject({
      name: 'ASHW fund',
    });
  });
});
