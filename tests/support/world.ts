/**
 * One thing of each kind that an address or a field can mean, belonging to one person: for tests that walk through all
 * routes, and for the examples of the API's reference.
 *
 *   const world = await makeWorld({ app, person, mark: 'Alder', today });
 *   world.portfolio   // its id
 */
import { randomBytes } from 'node:crypto';

import { sql } from 'kysely';

import type { TestApp, TestPerson } from './app.ts';

/** Whose world, and what stands in every text of it. Marks of one person's worlds differ. */
export type WorldParts = {
  readonly app: TestApp;
  readonly person: TestPerson;
  readonly mark: string;
  readonly today: Temporal.PlainDate;
};

/** The ids, by what they are ids of. */
export type World = Awaited<ReturnType<typeof makeWorld>>;

/** What a fund holds, as an issuer would publish it. */
export const CONSTITUENTS = Buffer.from(
  'Ticker,Name,Weight,Country,Sector\n' +
    'ACME,ACME TOOLS INC,60,United States,Industrials\n' +
    'BOREAL,BOREAL BANK PLC,40,United Kingdom,Financials\n',
);
const OF_THE_TRACKER = Buffer.from(
  'Ticker,Name,Weight,Country,Sector\n' +
    'ACME,ACME TOOLS INC,70,United States,Industrials\n' +
    'CEDAR,CEDAR WATER SA,30,France,Utilities\n',
);
/** One deposit, which makes the cash that it goes into. */
export const STATEMENT = Buffer.from('Date,Type,Amount\n2024-02-20,Deposit,100\n');
/** When the price that a provider told was made. */
export const PRICED_AT = '2024-03-01T12:00:00Z';
/** The ex-date of a dividend; the fund is held by then. */
export const DIVIDEND_ON = '2024-02-27';

export const makeWorld = async (parts: WorldParts) => {
  const { person, mark } = parts;
  const { id: portfolio } = await person.expect(201, 'POST /api/portfolios', { body: { name: mark } });
  const funds = await makeFunds(parts);
  const held = await makeHoldings(parts, portfolio, funds);
  const files = await makeImports(parts, funds);
  const { id: token } = await person.expect(201, 'POST /api/me/tokens', { body: { name: mark } });
  return {
    portfolio,
    ...funds,
    ...held,
    ...files,
    token,
    session: await signInAgain(parts),
    debt: await makeDebt(parts, held.holding),
    statement: await makeStatement(parts, portfolio),
    ...(await makeOtherPortfolios(parts, portfolio)),
    deletion: await makeDeletion(parts, held.holding),
    ...(await makeMarketData(parts, funds.instrument)),
    ...(await makeDoubts(parts)),
    ...(await makeGuests(parts, portfolio)),
    ...(await makePlan(parts, portfolio, held.holding)),
  };
};

/** A fund whose line is known, and another one that tracks the same index. */
const makeFunds = async ({ person, mark }: WorldParts) => {
  const fund = { type: 'ETF', currency: 'GBP', scope: 'private' } as const;
  const made = await person.expect(201, 'POST /api/instruments', {
    body: { ...fund, name: `${mark} World Shares`, ticker: mark.toUpperCase() },
  });
  const tracker = await person.expect(201, 'POST /api/instruments', {
    body: { ...fund, name: `${mark} World Tracker`, ticker: `${mark.toUpperCase()}T` },
  });
  await person.expect(200, 'PUT /api/instruments/:id/proxy', {
    params: { id: made.id },
    body: { proxyInstrumentId: tracker.id, note: mark },
  });
  return { instrument: made.id, listing: made.listings[0]?.id ?? '', proxy: tracker.id };
};

const makeHoldings = async (
  { person, mark }: WorldParts,
  portfolioId: string,
  { instrument, proxy }: { readonly instrument: string; readonly proxy: string },
) => {
  const place = { section: 'Core', theme: 'Global Equity', account: 'ISA' };
  const { id: holding } = await person.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { ...place, instrumentId: instrument, targetPct: 60, notes: mark },
  });
  const { id: trade } = await person.expect(201, 'POST /api/holdings/:id/trades', {
    params: { id: holding },
    body: { type: 'buy', date: '2024-02-23', price: '10', qty: '5', fees: '1.50', notes: mark },
  });
  await person.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: {
      ...place,
      instrumentId: proxy,
      qty: '8',
      avgCost: '4.25',
      date: '2024-02-20',
      targetPct: 40,
      notes: mark,
    },
  });
  for (const [dateTime, close] of [
    ['2024-02-20T16:30:00Z', '4.25'],
    [PRICED_AT, '5'],
  ] as const) {
    await person.expect(201, 'POST /api/instruments/:id/prices', {
      params: { id: proxy },
      body: { dateTime, close },
    });
  }
  return { holding, trade };
};

/** A file that waits to be taken in, what was taken in of two funds, and a company that both hold. */
const makeImports = async (
  { person, mark }: WorldParts,
  { instrument: id, proxy }: { readonly instrument: string; readonly proxy: string },
) => {
  const { importId: importRun } = await person.expect(202, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf: '2024-03-01', fileName: `${mark}.csv` },
    body: CONSTITUENTS,
    headers: { prefer: 'respond-async' },
  });
  const { importId: version } = await person.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf: '2024-02-01', fileName: `${mark}.csv` },
    body: CONSTITUENTS,
  });
  await person.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id: proxy },
    query: { asOf: '2024-02-01', fileName: `${mark} tracker.csv` },
    body: OF_THE_TRACKER,
  });
  const { items } = await person.expect(200, 'GET /api/instruments/:id/constituents', { params: { id } });
  return { importRun, version, company: items[0]?.instrumentId ?? '' };
};

/** So that there is a session which is not the one that asks. */
const signInAgain = async ({ app, person }: WorldParts): Promise<string> => {
  const { email, password } = person;
  await app.anonymous.expect(200, 'POST /api/auth/login', { body: { email, password } });
  const sessions = await person.expect(200, 'GET /api/me/sessions');
  return sessions.items.find((one) => !one.current)?.id ?? '';
};

/** A recorded statement. */
const makeStatement = async ({ person, mark }: WorldParts, portfolioId: string): Promise<string> =>
  (
    await person.expect(201, 'POST /api/imports/statements', {
      query: { portfolioId, account: 'ISA', fileName: `${mark}.csv` },
      body: STATEMENT,
    })
  ).importId;

/** A draft, and a model. */
const makeOtherPortfolios = async ({ person, mark }: WorldParts, of: string) => {
  const { id: draft } = await person.expect(201, 'POST /api/portfolios/:id/draft', { params: { id: of } });
  const body = { name: mark, type: 'model' as const };
  const { id: model } = await person.expect(201, 'POST /api/portfolios', { body });
  // Making a portfolio can be taken back, as long as nothing happened in it.
  const { items } = await person.expect(200, 'GET /api/me/activity', { query: { limit: 1 } });
  return { draft, model, act: items[0]?.id ?? '' };
};

/** What is owed against a holding. */
const makeDebt = async ({ person }: WorldParts, id: string): Promise<string> => {
  const body = { date: '2024-02-01', amount: '1' };
  return (await person.expect(201, 'POST /api/holdings/:id/debts', { params: { id }, body })).id;
};

/** Something deleted that could be brought back. */
const makeDeletion = async ({ person }: WorldParts, holding: string): Promise<string> => {
  const { id } = await person.expect(201, 'POST /api/holdings/:id/trades', {
    params: { id: holding },
    body: { type: 'buy', date: '2024-02-23', price: '1', qty: '1' },
  });
  return (await person.expect(200, 'DELETE /api/trades/:id', { params: { id } })).deletionId;
};

/** A price of somebody's own line that was held back. */
const makeHeldPrice = async (
  { app }: WorldParts,
  instrument: string,
  status: 'open' | 'rejected',
  source: string,
): Promise<string> =>
  app.database.owner.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      insert into pm.price_quarantine (id, listing_id, date_time, source, close, currency, reason, status, decided_at)
      select gen_random_uuid(), id, ${PRICED_AT}::timestamptz, ${source}, 120, currency, 'jump', ${status},
        case when ${status} <> 'open' then now() end
      from pm.instrument_listings where instrument_id = ${instrument} returning id`.execute(tx);
    return rows[0]?.id ?? '';
  });

/** Prices of the instrument's line, stored, held and refused; an event of it, and that it is watched. */
const makeMarketData = async (parts: WorldParts, instrument: string) => {
  const { app, person } = parts;
  await app.database.owner.transaction().execute(async (tx) => {
    await sql`select pm.ensure_price_partition(day) from unnest(array[date '2024-02-01', date '2024-03-01']) day`.execute(
      tx,
    );
    await sql`insert into pm.prices (listing_id, date_time, source, interval, close, currency)
      select id, at, 'yahoo', kind, close, currency from pm.instrument_listings,
        (values (timestamptz '2024-02-22T21:00:00Z', '1d', 10), (timestamptz '2024-02-28T21:00:00Z', '1d', 11),
          (${PRICED_AT}::timestamptz, 'quote', 12)) told (at, kind, close)
      where instrument_id = ${instrument}`.execute(tx);
  });
  const { id: event } = await person.expect(201, 'POST /api/instruments/:id/events', {
    params: { id: instrument },
    body: { type: 'split', date: '2024-02-01', numerator: '2', denominator: '1' },
  });
  await person.expect(201, 'POST /api/instruments/:id/events', {
    params: { id: instrument },
    body: { type: 'dividend', date: DIVIDEND_ON, amount: '0.01' },
  });
  const { id: watched } = await person.expect(201, 'POST /api/watchlist', {
    body: { instrumentId: instrument },
  });
  return {
    event,
    watched,
    heldPrice: await makeHeldPrice(parts, instrument, 'open', 'finnhub'),
    rejectedPrice: await makeHeldPrice(parts, instrument, 'rejected', 'stooq'),
  };
};

/** Two rows that may be known securities, one of them decided; and two instruments that became one. */
const makeDoubts = async ({ person, mark }: WorldParts) => {
  const ticker = mark.toUpperCase();
  const make = async (type: 'ETF' | 'Stock', name: string, end: string): Promise<string> => {
    const body = { type, name: `${mark} ${name}`, ticker: `${ticker}${end}`, currency: 'GBP' };
    return (await person.expect(201, 'POST /api/instruments', { body: { ...body, scope: 'private' } })).id;
  };
  const fund = await make('ETF', 'Other Fund', 'F');
  await make('Stock', 'Stock', 'S');
  const target = await make('Stock', 'Target', 'G');
  const given = await make('Stock', 'Given Up', 'U');
  const { id: merge } = await person.expect(201, 'POST /api/instruments/:id/merge', {
    params: { id: given },
    body: { into: target },
  });
  // Ticker and name agree, but there is neither exchange nor country to compare.
  const rows = `${ticker},${mark} World Shares,50\n${ticker}S,${mark} Stock,50`;
  const { importId } = await person.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id: fund },
    query: { asOf: '2024-02-01' },
    body: Buffer.from(`Ticker,Name,Weight\n${rows}\n`),
  });
  const { items } = await person.expect(200, 'GET /api/identity-reviews', { query: { importId } });
  const review = items.find((one) => one.row.ticker === ticker)?.id ?? '';
  const decided = items.find((one) => one.row.ticker !== ticker)?.id ?? '';
  await person.expect(200, 'POST /api/identity-reviews/:id/decision', {
    params: { id: decided },
    body: { decision: 'different' },
  });
  return { target, merge, review, decided };
};

/** Somebody with access, somebody asked, and an invitation from somebody else. */
const makeGuests = async ({ app, person }: WorldParts, portfolioId: string) => {
  const at = { params: { id: portfolioId } };
  const only = randomBytes(6).toString('hex');
  const ben = await app.register(`ben.${only}@example.test`);
  const carla = await app.register(`carla.${only}@example.test`);
  const ask = (email: string) => ({ ...at, body: { email, role: 'view' as const } });
  const asked = await person.expect(201, 'POST /api/portfolios/:id/invitations', ask(ben.email));
  await ben.expect(200, 'POST /api/invitations/:id/accept', { params: { id: asked.id } });
  const open = await person.expect(201, 'POST /api/portfolios/:id/invitations', ask('nobody@example.test'));
  const theirs = await carla.expect(201, 'POST /api/portfolios', { body: { name: 'Carla’s' } });
  const received = await carla.expect(201, 'POST /api/portfolios/:id/invitations', {
    params: { id: theirs.id },
    body: { email: person.email, role: 'view' },
  });
  return { guest: ben.id, invitation: open.id, received: received.id };
};

/** An account; a plan with a proposal that waits, and one that was skipped. */
const makePlan = async ({ person, today }: WorldParts, id: string, holdingId: string) => {
  const { id: plan } = await person.expect(201, 'POST /api/portfolios/:id/plans', {
    params: { id },
    body: {
      name: 'Savings',
      amount: '10',
      every: 'week',
      day: 1,
      startsOn: today.subtract({ days: 21 }).toString(),
      parts: [{ holdingId, percent: 100 }],
    },
  });
  const { items } = await person.expect(200, 'GET /api/portfolios/:id/proposals', { params: { id } });
  const [skipped = '', proposal = ''] = items.map((one) => one.id);
  await person.expect(200, 'POST /api/proposals/:id/skip', { params: { id: skipped } });
  const accounts = await person.expect(200, 'GET /api/portfolios/:id/accounts', { params: { id } });
  return { account: accounts.items[0]?.id ?? '', plan, proposal, skipped };
};
