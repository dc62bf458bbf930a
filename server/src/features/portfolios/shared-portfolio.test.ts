/** A portfolio shared within the household, asked for through the API: who sees what, who may write what. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';

let app: TestApp;
let anna: TestPerson;
let ben: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  [anna, ben] = [await app.register(), await app.register()];
  // 1 EUR = 1.25 USD = 0.80 GBP, so 1 USD = 0.64 GBP.
  const days = ['2024-02-23', '2024-02-26'].map((day) => `${day},1.25,0.80,`);
  const today = Temporal.Now.plainDateISO('UTC').toString();
  const file = `Date,USD,GBP,\n${today},1.25,0.80,\n${days.join('\n')}\n`;
  await app.admin.expect(201, 'POST /api/fx/import', { body: Buffer.from(file) });
});
afterAll(async () => app.close());

const share = async (portfolioId: string, role: 'view' | 'edit'): Promise<void> => {
  await app.database.owner.transaction().execute(async (tx) =>
    sql`insert into pm.portfolio_access (user_id, portfolio_id, owner_id, role)
      values (${ben.id}, ${portfolioId}, ${anna.id}, ${role})
      on conflict (user_id, portfolio_id) do update set role = excluded.role`.execute(tx),
  );
};
const revoke = async (portfolioId: string): Promise<void> => {
  await app.database.owner
    .transaction()
    .execute(async (tx) =>
      sql`delete from pm.portfolio_access where portfolio_id = ${portfolioId}`.execute(tx),
    );
};

let made = 0;
const instrument = async (person: TestPerson, extras: { currency?: string; name?: string } = {}) => {
  made += 1;
  const body = {
    type: 'ETF' as const,
    ticker: `SP${made}`,
    name: extras.name ?? `Shared portfolio fund ${made}`,
    exchange: 'XLON',
    currency: extras.currency ?? 'GBP',
  };
  return (await person.expect(201, 'POST /api/instruments', { body })).id;
};
const price = async (person: TestPerson, id: string, close: string, currency = 'GBP') =>
  person.expect(201, 'POST /api/instruments/:id/prices', {
    params: { id },
    body: { dateTime: Temporal.Now.instant().subtract({ hours: 1 }).toString(), close, currency },
  });
const names = { section: 'Core', theme: 'Global Equity', account: 'ISA' };
const hold = async (person: TestPerson, portfolioId: string, instrumentId: string, extras: object = {}) =>
  person.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, ...names, ...extras },
  });
const importFile = async (person: TestPerson, id: string, rows: readonly string[]) =>
  person.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf: '2024-03-01' },
    body: Buffer.from(
      `Ticker,Name,Sector,Asset Class,Weight,Country,Exchange,Currency\n${rows.join('\n')}\n`,
    ),
  });
const ALL_UK = ['BOLT,BOLT MOTORS PLC,Industrials,Equity,100,United Kingdom,London Stock Exchange,GBP'];
const ALL_US = ['ACME,ACME TOOLS INC,Industrials,Equity,100,United States,New York Stock Exchange Inc.,USD'];

/** A portfolio of Anna's with one private fund, its file and its price: ten units at £3. */
let portfolioId: string;
let fundId: string;
let holdingId: string;
beforeEach(async () => {
  const made_ = await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Household' } });
  portfolioId = made_.id;
  fundId = await instrument(anna);
  await price(anna, fundId, '3');
  await importFile(anna, fundId, ALL_UK);
  holdingId = (await hold(anna, portfolioId, fundId, { qty: '10', avgCost: '2' })).id;
});

const atPortfolio = () => ({ params: { id: portfolioId } });
const atHolding = () => ({ params: { id: holdingId } });

describe('view', () => {
  it('reads all that the portfolio reaches, the owner’s private fund, file and price included', async () => {
    await share(portfolioId, 'view');
    expect(await ben.expect(200, 'GET /api/portfolios/:id', atPortfolio())).toMatchObject({ access: 'view' });
    expect(await ben.expect(200, 'GET /api/portfolios/:id/summary', atPortfolio())).toMatchObject({
      value: '30',
      cost: '20',
      gain: '10',
      missing: [],
    });
    const { items } = await ben.expect(200, 'GET /api/portfolios/:id/holdings', atPortfolio());
    expect(items).toMatchObject([{ id: holdingId, instrument: { id: fundId }, valuation: { value: '30' } }]);
    expect(await ben.expect(200, 'GET /api/holdings/:id', atHolding())).toMatchObject({
      instrument: { id: fundId },
      valuation: { value: '30', price: { kind: 'manual', close: '3' } },
    });
    expect((await ben.expect(200, 'GET /api/holdings/:id/trades', atHolding())).items).toHaveLength(1);
    for (const exposure of [
      await ben.expect(200, 'GET /api/holdings/:id/exposure', atHolding()),
      await ben.expect(200, 'GET /api/portfolios/:id/exposure', atPortfolio()),
    ]) {
      expect(exposure.byCountry).toMatchObject({ 'United Kingdom': 100 });
    }
    const overlap = await ben.expect(200, 'GET /api/portfolios/:id/overlap', atPortfolio());
    expect(overlap.instruments.map((one) => one.id)).toEqual([fundId]);
  });

  it('writes nothing', async () => {
    await share(portfolioId, 'view');
    const { items } = await anna.expect(200, 'GET /api/holdings/:id/trades', atHolding());
    const trade = { params: { id: items[0]?.id ?? '' } };
    const shared = await instrument(app.admin);
    const buy = { type: 'buy' as const, date: '2024-03-01', price: '1', qty: '1' };
    const refusals = [
      await ben.refused(403, 'PATCH /api/portfolios/:id', { ...atPortfolio(), body: { name: 'Mine' } }),
      await ben.refused(403, 'DELETE /api/portfolios/:id', atPortfolio()),
      await ben.refused(403, 'POST /api/portfolios/:id/holdings', {
        ...atPortfolio(),
        body: { instrumentId: shared, ...names },
      }),
      await ben.refused(403, 'PATCH /api/holdings/:id', { ...atHolding(), body: { include: false } }),
      await ben.refused(403, 'DELETE /api/holdings/:id', atHolding()),
      await ben.refused(403, 'POST /api/holdings/:id/trades', { ...atHolding(), body: buy }),
      await ben.refused(403, 'PATCH /api/trades/:id', { ...trade, body: { qty: '1' } }),
      await ben.refused(403, 'DELETE /api/trades/:id', trade),
    ];
    for (const refusal of refusals) expect(['read_only', 'not_owner']).toContain(refusal.code);
    expect(await anna.expect(200, 'GET /api/holdings/:id', atHolding())).toMatchObject({
      qty: '10',
      include: true,
    });
    expect(await anna.expect(200, 'GET /api/portfolios/:id', atPortfolio())).toMatchObject({
      name: 'Household',
      holdingCount: 1,
      version: 1,
    });
  });

  it('opens nothing of the owner’s outside the portfolio', async () => {
    await share(portfolioId, 'view');
    const other = await instrument(anna, { name: 'Kept to herself' });
    const params = { id: fundId };
    await ben.refused(404, 'GET /api/instruments/:id', { params });
    await ben.refused(404, 'GET /api/instruments/:id/prices', { params });
    await ben.refused(404, 'GET /api/instruments/:id/constituents', { params });
    await ben.refused(404, 'GET /api/instruments/:id/exposure', { params });
    await ben.refused(404, 'GET /api/overlap', { query: { instruments: `${fundId},${other}` } });
    await ben.refused(404, 'POST /api/instruments/:id/prices', {
      params,
      body: { dateTime: '2024-03-01T12:00:00Z', close: '1' },
    });
    const found = await ben.expect(200, 'GET /api/instruments', { query: { query: 'Kept to herself' } });
    expect(found.items).toEqual([]);
  });
});

describe('edit', () => {
  it('records trades in the currency of the owner’s private fund', async () => {
    await share(portfolioId, 'edit');
    const dollars = await instrument(anna, { currency: 'USD' });
    const { id } = await hold(anna, portfolioId, dollars);
    const trade = await ben.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { type: 'buy', date: '2024-02-23', price: '100', qty: '1' },
    });
    expect(trade).toMatchObject({ currency: 'USD', total: '64', totalCurrency: 'GBP' });
    const seen = await anna.expect(200, 'GET /api/holdings/:id', { params: { id } });
    expect(seen).toMatchObject({ qty: '1', costBasis: '64' });
    const corrected = await ben.expect(200, 'PATCH /api/trades/:id', {
      params: { id: trade.id },
      body: { qty: '2' },
    });
    expect(corrected.holding).toMatchObject({ qty: '2', costBasis: '128' });
    await ben.expect(200, 'DELETE /api/trades/:id', { params: { id: trade.id } });
  });

  it('adds what is shared with everybody, not what is the guest’s own or kept from the guest', async () => {
    await share(portfolioId, 'edit');
    const shared = await instrument(app.admin);
    await hold(ben, portfolioId, shared);
    for (const instrumentId of [await instrument(ben), await instrument(anna)]) {
      const problem = await ben.refused(404, 'POST /api/portfolios/:id/holdings', {
        ...atPortfolio(),
        body: { instrumentId, ...names },
      });
      expect(problem).toMatchObject({ code: 'not_found', field: 'instrumentId' });
    }
    // What the portfolio holds already may be held in another account too.
    await hold(ben, portfolioId, fundId, { account: 'SIPP' });
    expect(await anna.expect(200, 'GET /api/portfolios/:id', atPortfolio())).toMatchObject({
      holdingCount: 3,
    });
  });

  it('changes the portfolio, but does not delete it', async () => {
    await share(portfolioId, 'edit');
    await ben.expect(200, 'PATCH /api/portfolios/:id', {
      ...atPortfolio(),
      body: { lists: { accounts: ['ISA', 'SIPP', 'GIA', 'Ben’s ISA'] } },
    });
    expect(await ben.refused(403, 'DELETE /api/portfolios/:id', atPortfolio())).toMatchObject({
      code: 'not_owner',
    });
    await ben.expect(200, 'DELETE /api/holdings/:id', atHolding());
    await anna.refused(404, 'GET /api/holdings/:id', atHolding());
  });
});

describe('the owner’s eyes', () => {
  it('see the same figures as the guest, whose own prices, files and lines count elsewhere only', async () => {
    const shared = await instrument(app.admin);
    await price(anna, shared, '5');
    await importFile(anna, shared, ALL_UK);
    const { id } = await hold(anna, portfolioId, shared, { qty: '1', avgCost: '1' });
    // The guest's own, newer than the owner's.
    await price(ben, shared, '700');
    await importFile(ben, shared, ALL_US);
    await ben.expect(201, 'POST /api/instruments/:id/listings', {
      params: { id: shared },
      body: { ticker: 'BENS', currency: 'USD', isPrimary: true },
    });
    await share(portfolioId, 'view');
    const figures = async (person: TestPerson) => ({
      summary: (await person.expect(200, 'GET /api/portfolios/:id/summary', atPortfolio())).value,
      holding: (await person.expect(200, 'GET /api/holdings/:id', { params: { id } })).instrument,
      exposure: (await person.expect(200, 'GET /api/portfolios/:id/exposure', atPortfolio())).byCountry,
    });
    const hers = await figures(anna);
    expect(hers.summary).toBe('35');
    expect(hers.exposure).toMatchObject({ 'United Kingdom': 100 });
    expect(await figures(ben)).toEqual(hers);
  });
});

describe('after revocation', () => {
  it.each(['view', 'edit'] as const)('nothing is there any more (%s)', async (role) => {
    await share(portfolioId, role);
    await ben.expect(200, 'GET /api/portfolios/:id/summary', atPortfolio());
    await revoke(portfolioId);
    await ben.refused(404, 'GET /api/portfolios/:id', atPortfolio());
    await ben.refused(404, 'GET /api/portfolios/:id/summary', atPortfolio());
    await ben.refused(404, 'GET /api/portfolios/:id/holdings', atPortfolio());
    await ben.refused(404, 'GET /api/portfolios/:id/exposure', atPortfolio());
    await ben.refused(404, 'GET /api/portfolios/:id/overlap', atPortfolio());
    await ben.refused(404, 'GET /api/holdings/:id', atHolding());
    await ben.refused(404, 'GET /api/holdings/:id/exposure', atHolding());
    await ben.refused(404, 'GET /api/holdings/:id/trades', atHolding());
    await ben.refused(404, 'PATCH /api/holdings/:id', { ...atHolding(), body: { include: false } });
    const { items } = await ben.expect(200, 'GET /api/portfolios');
    expect(items.map((one) => one.id)).not.toContain(portfolioId);
  });
});
