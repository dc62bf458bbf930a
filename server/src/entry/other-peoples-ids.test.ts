/**
 * Somebody else's id, in every place of every route that takes one: 404, nothing told and nothing changed.
 *
 * The routes and their places are read off the contracts. A new route that takes an id fails here until its address
 * begins with a thing that `World` has, and until it has a sample body with which its own person succeeds.
 */
import { routes } from '@pm/contracts';
import type { RouteContract } from '@pm/contracts';
import type { InjectOptions } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../tests/support/app.ts';

/** One thing of each kind, by the word that its addresses begin with. */
type World = Readonly<Record<string, string>>;

/** Stands in every text of the person whose things must stay hers. */
const MARK = 'Zanzibar';

const FILE = Buffer.from('Ticker,Name,Weight,Country\nACME,ACME TOOLS INC,100,United States\n');
/** One deposit, which makes the cash that it goes into. */
const STATEMENT = Buffer.from('Date,Type,Amount\n2024-02-20,Deposit,100\n');
const NAMES = { section: 'Core', theme: 'Global Equity', account: 'ISA' };

let app: TestApp;
let anna: TestPerson;
let hers: World;
let tickers = 0;
/** Making a household of everything takes its time on a busy machine. */
const WORLD_MS = 180_000;

/** So that there is a session which is not the one that asks. */
const signInAgain = async ({ email, password }: TestPerson): Promise<void> => {
  await app.anonymous.expect(200, 'POST /api/auth/login', { body: { email, password } });
};

const makeWorld = async (person: TestPerson, mark: string): Promise<World> => {
  tickers += 1;
  const { id: portfolios } = await person.expect(201, 'POST /api/portfolios', { body: { name: mark } });
  const { id: instruments, listings: lines } = await person.expect(201, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      name: `${mark} fund`,
      ticker: `${mark}${tickers}`,
      currency: 'GBP',
      scope: 'private',
    },
  });
  const { id: holdings } = await person.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolios },
    body: { ...NAMES, instrumentId: instruments, notes: mark },
  });
  const { id: trades } = await person.expect(201, 'POST /api/holdings/:id/trades', {
    params: { id: holdings },
    body: { type: 'buy', date: '2024-02-23', price: '10', qty: '5', notes: mark },
  });
  const { id: proxies } = await person.expect(201, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      name: `${mark} tracker`,
      ticker: `${mark}T${tickers}`,
      currency: 'GBP',
      scope: 'private',
    },
  });
  await person.expect(200, 'PUT /api/instruments/:id/proxy', {
    params: { id: instruments },
    body: { proxyInstrumentId: proxies, note: mark },
  });
  const { importId: imports } = await person.expect(202, 'POST /api/instruments/:id/constituents', {
    params: { id: instruments },
    query: { asOf: '2024-03-01', fileName: `${mark}.csv` },
    body: FILE,
    headers: { prefer: 'respond-async' },
  });
  const { importId: versions } = await person.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id: instruments },
    query: { asOf: '2024-02-01', fileName: `${mark}.csv` },
    body: FILE,
  });
  const { id: tokens } = await person.expect(201, 'POST /api/me/tokens', { body: { name: mark } });
  await signInAgain(person);
  const sessions = await person.expect(200, 'GET /api/me/sessions');
  const other = sessions.items.find((one) => !one.current);
  return {
    portfolios,
    statements: await makeStatement(person, mark, portfolios),
    ...(await makeOtherPortfolios(person, mark, portfolios)),
    instruments,
    ...otherWords(holdings, instruments),
    holdings,
    trades,
    deletions: await makeDeletion(person, holdings),
    imports,
    versions,
    proxies,
    tokens,
    quarantine: await makeHeldPrice(instruments, 'open'),
    ...(await makeMarketData(person, instruments)),
    listings: lines[0]?.id ?? '',
    ...(await makeDoubts(person, mark, `${mark}${tickers}`)),
    ...(await makeGuests(person, portfolios)),
    ...(await makePlan(person, portfolios, holdings)),
    sessions: other?.id ?? '',
  };
};

/** Any instrument may be asked for as a company or a benchmark, and a holding as a part of its portfolio. */
const otherWords = (holding: string, instrument: string): World => ({
  companies: instrument,
  benchmarks: `instrument:${instrument}`,
  scopes: `holding:${holding}`,
});

/** An account; a debt; a plan with a proposal that waits, and one that was skipped. */
const makePlan = async (person: TestPerson, portfolioId: string, holdingId: string): Promise<World> => {
  const today = Temporal.Now.plainDateISO('Europe/London');
  const { id: plans } = await person.expect(201, 'POST /api/portfolios/:id/plans', {
    params: { id: portfolioId },
    body: {
      name: 'Savings',
      amount: '10',
      every: 'week',
      day: 1,
      startsOn: today.subtract({ days: 21 }).toString(),
      parts: [{ holdingId, percent: 100 }],
    },
  });
  const { items } = await person.expect(200, 'GET /api/portfolios/:id/proposals', {
    params: { id: portfolioId },
  });
  const [skipped, proposals] = items.map((one) => one.id);
  await person.expect(200, 'POST /api/proposals/:id/skip', { params: { id: skipped ?? '' } });
  const accounts = await person.expect(200, 'GET /api/portfolios/:id/accounts', {
    params: { id: portfolioId },
  });
  return {
    accounts: accounts.items[0]?.id ?? '',
    plans,
    proposals: proposals ?? '',
    skipped: skipped ?? '',
    planned: holdingId,
    debts: await makeDebt(person, holdingId),
  };
};

/** What is owed against a holding. */
const makeDebt = async (person: TestPerson, holdingId: string): Promise<string> => {
  const body = { date: '2024-02-01', amount: '1' };
  return (await person.expect(201, 'POST /api/holdings/:id/debts', { params: { id: holdingId }, body })).id;
};

/** Somebody with access, somebody asked, and an invitation from somebody else. */
const makeGuests = async (person: TestPerson, portfolioId: string): Promise<World> => {
  const at = { params: { id: portfolioId } };
  const [guest, host] = [await app.register(), await app.register()];
  const ask = (email: string) => ({ ...at, body: { email, role: 'view' as const } });
  const asked = await person.expect(201, 'POST /api/portfolios/:id/invitations', ask(guest.email));
  await guest.expect(200, 'POST /api/invitations/:id/accept', { params: { id: asked.id } });
  const open = await person.expect(201, 'POST /api/portfolios/:id/invitations', ask('nobody@example.test'));
  const theirs = await host.expect(201, 'POST /api/portfolios', { body: { name: 'A host’s' } });
  const received = await host.expect(201, 'POST /api/portfolios/:id/invitations', {
    params: { id: theirs.id },
    body: { email: person.email, role: 'view' },
  });
  return { access: guest.id, invitations: open.id, received: received.id };
};

/** A draft, and a model. */
const makeOtherPortfolios = async (person: TestPerson, mark: string, of: string): Promise<World> => {
  const { id: drafts } = await person.expect(201, 'POST /api/portfolios/:id/draft', { params: { id: of } });
  const body = { name: mark, type: 'model' as const };
  const { id: models } = await person.expect(201, 'POST /api/portfolios', { body });
  // Making a portfolio can be taken back, as long as nothing happened in it.
  const { items } = await person.expect(200, 'GET /api/me/activity', { query: { limit: 1 } });
  return { drafts, models, activity: items[0]?.id ?? '' };
};

/** A recorded statement. */
const makeStatement = async (person: TestPerson, mark: string, portfolioId: string): Promise<string> =>
  (
    await person.expect(201, 'POST /api/imports/statements', {
      query: { portfolioId, account: 'ISA', fileName: `${mark}.csv` },
      body: STATEMENT,
    })
  ).importId;

/** A price of somebody's own line that was held back. */
const makeHeldPrice = async (instrumentId: string, status: 'open' | 'rejected'): Promise<string> =>
  app.database.owner.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      insert into pm.price_quarantine (id, listing_id, date_time, source, close, currency, reason, status, decided_at)
      select gen_random_uuid(), id, now(), ${status}, 12, currency, 'jump', ${status},
        case when ${status} <> 'open' then now() end
      from pm.instrument_listings where instrument_id = ${instrumentId} returning id`.execute(tx);
    return rows[0]?.id ?? '';
  });

const PRICED_AT = '2024-03-01T12:00:00Z';

/** A stored price of the instrument's line, an event of it, and that it is watched. */
const makeMarketData = async (person: TestPerson, instrumentId: string): Promise<World> => {
  await app.database.owner.transaction().execute(async (tx) => {
    await sql`select pm.ensure_price_partition(date '2024-03-01')`.execute(tx);
    await sql`insert into pm.prices (listing_id, date_time, source, interval, close, currency)
      select id, ${PRICED_AT}::timestamptz, 'yahoo', 'quote', 12, currency from pm.instrument_listings
      where instrument_id = ${instrumentId}`.execute(tx);
  });
  const { id: events } = await person.expect(201, 'POST /api/instruments/:id/events', {
    params: { id: instrumentId },
    body: { type: 'split', date: '2024-02-01', numerator: '2', denominator: '1' },
  });
  await person.expect(201, 'POST /api/instruments/:id/events', {
    params: { id: instrumentId },
    body: { type: 'dividend', date: DIVIDEND_ON, amount: '0.01' },
  });
  const { id: watchlist } = await person.expect(201, 'POST /api/watchlist', { body: { instrumentId } });
  return { events, watchlist, decidedPrices: await makeHeldPrice(instrumentId, 'rejected') };
};

/** Something deleted that could be brought back. */
const makeDeletion = async (person: TestPerson, holdingId: string): Promise<string> => {
  const { id } = await person.expect(201, 'POST /api/holdings/:id/trades', {
    params: { id: holdingId },
    body: { type: 'buy', date: '2024-02-23', price: '1', qty: '1' },
  });
  return (await person.expect(200, 'DELETE /api/trades/:id', { params: { id } })).deletionId;
};

/** Two rows that may be known securities, one of them decided; and two instruments that became one. */
const makeDoubts = async (person: TestPerson, mark: string, ticker: string): Promise<World> => {
  const make = async (body: { type: 'ETF' | 'Stock'; name: string; ticker: string }): Promise<string> => {
    const draft = { ...body, currency: 'GBP', scope: 'private' as const };
    return (await person.expect(201, 'POST /api/instruments', { body: draft })).id;
  };
  const fund = await make({ type: 'ETF', name: `${mark} other fund`, ticker: `${ticker}F` });
  await make({ type: 'Stock', name: `${mark} stock`, ticker: `${ticker}S` });
  const targets = await make({ type: 'Stock', name: `${mark} target`, ticker: `${ticker}T` });
  const given = await make({ type: 'Stock', name: `${mark} given up`, ticker: `${ticker}G` });
  const { id: merges } = await person.expect(201, 'POST /api/instruments/:id/merge', {
    params: { id: given },
    body: { into: targets },
  });
  // Ticker and name agree, but there is neither exchange nor country to compare.
  const rows = `${ticker},${mark} fund,50\n${ticker}S,${mark} stock,50`;
  const { importId } = await person.expect(201, 'POST /api/instruments/:id/constituents', {
    params: { id: fund },
    query: { asOf: '2024-02-01' },
    body: Buffer.from(`Ticker,Name,Weight\n${rows}\n`),
  });
  const { items } = await person.expect(200, 'GET /api/identity-reviews', { query: { importId } });
  const open = items.find((one) => one.row.ticker === ticker)?.id ?? '';
  const decided = items.find((one) => one.row.ticker !== ticker)?.id ?? '';
  await person.expect(200, 'POST /api/identity-reviews/:id/decision', {
    params: { id: decided },
    body: { decision: 'different' },
  });
  return { targets, 'identity-merges': merges, 'identity-reviews': open, decisions: decided };
};

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  hers = await makeWorld(anna, MARK);
}, WORLD_MS);
afterAll(async () => app.close());

/** Where a request takes an id: in its path, or in a field of its query or body, and of which kind of thing. */
type Place = { readonly part: 'path' | 'query' | 'body'; readonly name: string; readonly kind: string };

/** The things that fields mean, by their names. */
const KINDS: Readonly<Record<string, string>> = {
  instrumentId: 'instruments',
  instruments: 'instruments',
  proxyInstrumentId: 'proxies',
  instrument: 'instruments',
  a: 'instruments',
  b: 'instruments',
  portfolioId: 'portfolios',
  against: 'portfolios',
  modelId: 'models',
  holdingId: 'holdings',
  tradeId: 'trades',
  importId: 'versions',
  into: 'targets',
  listingId: 'listings',
  scope: 'scopes',
  benchmark: 'benchmarks',
};

/** Routes whose address says `imports` and means a version of what a fund holds, not the run that takes a file in. */
const OF_VERSIONS = /^(?:GET|POST) \/api\/imports\/:id\/(?:file|withdraw|restore)$/u;
/** Only a draft is promoted. */
const OF_DRAFTS = 'POST /api/portfolios/:id/promote';
/** Takes a decision back, so there must be one. */
const OF_DECISIONS = 'DELETE /api/identity-reviews/:id/decision';
/** Takes back what was decided on a price. */
const OF_DECIDED_PRICES = 'POST /api/market-data/quarantine/:id/reopen';
/** Takes an invitation that somebody else sent. */
const OF_RECEIVED = 'POST /api/invitations/:id/accept';
/** Takes back that something was skipped. */
const OF_SKIPPED = 'POST /api/proposals/:id/reopen';
/** After these their own thing is no longer what it was. */
const ONCE = /^DELETE|\/(?:confirm|dismiss|skip|merge|decision|undo|accept|reject|reopen|corrections)$/u;

/** A part of an address that is no id. */
const DAY = ':date';
/** Before it something is held. */
const DIVIDEND_ON = '2024-03-11';

type Schema = {
  readonly properties?: Readonly<Record<string, { format?: string; description?: string }>>;
};

const fieldsWithIds = (part: 'query' | 'body', schema: unknown): Place[] =>
  Object.entries((schema as Schema | undefined)?.properties ?? {})
    .filter(([, one]) => one.format === 'uuid' || /\bids?\b/iu.test(one.description ?? ''))
    .map(([name]) => ({ part, name, kind: KINDS[name] ?? `unknown: ${name}` }));

const placesOf = (key: string, contract: RouteContract): Place[] => {
  const segments = key.split('/');
  const special = OF_VERSIONS.test(key)
    ? 'versions'
    : (
        {
          [OF_DECISIONS]: 'decisions',
          [OF_DECIDED_PRICES]: 'decidedPrices',
          [OF_DRAFTS]: 'drafts',
          [OF_RECEIVED]: 'received',
          [OF_SKIPPED]: 'skipped',
        } as Record<string, string>
      )[key];
  const path = segments.flatMap((segment, at): Place[] =>
    segment.startsWith(':') && segment !== DAY
      ? [{ part: 'path', name: segment, kind: special ?? segments[at - 1] ?? '' }]
      : [],
  );
  return [...path, ...fieldsWithIds('query', contract.query), ...fieldsWithIds('body', contract.body)];
};

/** What a request needs besides ids to succeed; `@holdings` deep in a body stands for one's own. */
const SAMPLES: Readonly<Record<string, { readonly query?: string; readonly body?: object | Buffer }>> = {
  'PATCH /api/portfolios/:id': { body: { name: 'Renamed' } },
  'GET /api/portfolios/:id/history': { query: 'at=2100-01-01T00:00:00Z' },
  'POST /api/portfolios/:id/lists': { body: { type: 'add', list: 'accounts', name: 'Premium bonds' } },
  'POST /api/portfolios/:id/holdings': { body: { ...NAMES, account: 'SIPP' } },
  'PATCH /api/holdings/:id': { body: { include: false } },
  'POST /api/holdings/:id/trades': { body: { type: 'buy', date: '2024-02-23', price: '1', qty: '1' } },
  'POST /api/portfolios/:id/invitations': { body: { email: 'somebody@example.test', role: 'edit' } },
  'PATCH /api/portfolios/:id/access/:userId': { body: { role: 'edit' } },
  'POST /api/portfolios/:id/plans': {
    body: {
      name: 'Savings',
      amount: '10',
      every: 'month',
      day: 1,
      parts: [{ holdingId: '@planned', percent: 100 }],
    },
  },
  'POST /api/holdings/:id/debts': { body: { date: '2024-02-23', amount: '5' } },
  'PATCH /api/debts/:id': { body: { amount: '5' } },
  'PATCH /api/accounts/:id': { body: { provider: 'A broker' } },
  'PATCH /api/plans/:id': { body: { paused: true } },
  'POST /api/proposals/:id/confirm': {
    body: { date: '2024-02-23', lines: [{ holdingId: '@planned', price: '1', qty: '1' }] },
  },
  'PATCH /api/trades/:id': { body: { qty: '7' } },
  'POST /api/holdings/:id/dividends/:date/confirm': { body: { amount: '1' } },
  'POST /api/holdings/:id/dividends/:date/dismiss': { body: {} },
  'POST /api/holdings/:id/dividends/:date/reopen': { body: {} },
  'PATCH /api/instruments/:id': { body: { name: 'Renamed' } },
  'PUT /api/instruments/:id/proxy': { body: { note: 'The same index' } },
  'POST /api/instruments/:id/listings': { body: { ticker: 'LINE', currency: 'GBP' } },
  'POST /api/instruments/:id/prices': { body: { dateTime: '2024-03-01T12:00:00Z', close: '1' } },
  'POST /api/instruments/:id/prices/import': { body: Buffer.from('Date,Close\n2024-03-01,1\n') },
  'POST /api/instruments/:id/events': {
    body: { type: 'split', date: '2024-03-01', numerator: '2', denominator: '1' },
  },
  'POST /api/instruments/:id/events/import': { body: Buffer.from('Date,Dividends\n2024-03-01,1\n') },
  'POST /api/instruments/:id/prices/corrections': {
    body: { dateTime: PRICED_AT, source: 'yahoo', close: null },
  },
  'PUT /api/instruments/:id/listings/:listingId/symbols': { body: { symbols: { yahoo: 'FUND.L' } } },
  'POST /api/watchlist': { body: {} },
  'POST /api/instruments/:id/merge': { body: {} },
  'POST /api/identity-reviews/:id/decision': { body: { decision: 'same' } },
  'POST /api/imports/statements/preview': { query: 'account=ISA', body: STATEMENT },
  'POST /api/imports/statements': { query: 'account=ISA', body: STATEMENT },
  'POST /api/instruments/:id/constituents': { query: 'asOf=2024-03-01', body: FILE },
};

const withOwn = (body: object, own: World): object =>
  JSON.parse(
    JSON.stringify(body).replaceAll(/"@(\w+)"/gu, (_, kind: string) => JSON.stringify(own[kind] ?? '')),
  ) as object;

/** The request with one's own things, but somebody else's at `stranger`. */
const requestOf = (key: string, places: readonly Place[], own: World, stranger?: Place): InjectOptions => {
  const idAt = (place: Place): string => (place === stranger ? hers : own)[place.kind] ?? '';
  const [method, path = ''] = key.split(' ') as [NonNullable<InjectOptions['method']>, string?];
  const { query = '', body } = SAMPLES[key] ?? {};
  const of = (part: Place['part']) => places.filter((place) => place.part === part);
  const url = of('path').reduce(
    (text, place) => text.replace(place.name, idAt(place)),
    path.replace(DAY, DIVIDEND_ON),
  );
  const ids = of('query').map((place) => `${place.name}=${idAt(place)}`);
  const fields = Object.fromEntries(of('body').map((place) => [place.name, idAt(place)]));
  return {
    method,
    url: `${url}?${[query, ...ids].join('&')}`,
    ...(Buffer.isBuffer(body) ? { payload: body, headers: { 'content-type': 'text/csv' } } : {}),
    ...(body === undefined || Buffer.isBuffer(body) ? {} : { payload: withOwn({ ...body, ...fields }, own) }),
  };
};

/** A fingerprint of every row that is hers. */
const herRows = async (): Promise<string> =>
  app.database.owner.transaction().execute(async (tx) => {
    const tables = await sql<{ name: string; column: string }>`
      select c.relname as name, a.attname as column
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname in ('user_id', 'owner_user_id')
      where c.relnamespace = 'pm'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      order by 1, 2`.execute(tx);
    const prints: string[] = [];
    for (const { name, column } of tables.rows) {
      const { rows } = await sql<{ print: string | null }>`
        select md5(string_agg(t::text, '|' order by t::text)) as print
        from ${sql.table(`pm.${name}`)} t where t.${sql.ref(column)} = ${anna.id}`.execute(tx);
      prints.push(`${name} ${rows[0]?.print ?? 'none'}`);
    }
    return prints.join('\n');
  });

const all = Object.entries(routes) as [string, RouteContract][];
const withIds = all.filter(([key, contract]) => placesOf(key, contract).length > 0);
const others = [
  ['a member', async () => app.register()],
  ['an administrator', async () => app.admin],
] as const;

it('finds the routes that take ids', () => {
  expect(withIds.length).toBeGreaterThan(25);
  const unknown = withIds.flatMap(([key, contract]) =>
    placesOf(key, contract).flatMap(({ kind }) => (kind in hers ? [] : [`${key} takes an id of ${kind}`])),
  );
  expect(unknown).toEqual([]);
});

describe.each(others)('%s with her ids', (_who, find) => {
  let stranger: TestPerson;
  let own: World;
  beforeAll(async () => {
    stranger = await find();
    own = await makeWorld(stranger, 'Own');
  }, WORLD_MS);

  it.each(withIds)('%s', async (key, contract) => {
    const places = placesOf(key, contract);
    const before = await herRows();
    expect(before).toMatch(/^holdings [0-9a-f]{32}$/mu);
    for (const place of places) {
      const answer = await stranger.raw(requestOf(key, places, own, place));
      expect({ place, status: answer.statusCode, said: answer.payload }).toMatchObject({
        place,
        status: 404,
      });
      expect(answer.json<{ code: string }>().code).toBe('not_found');
      expect(answer.payload).not.toContain(MARK);
    }
    expect(await herRows()).toBe(before);
    // With nothing but one's own it succeeds: the refusals were for her ids and for nothing else.
    const mine = ONCE.test(key) ? await makeWorld(stranger, 'Gone') : own;
    const { statusCode, payload } = await stranger.raw(requestOf(key, places, mine));
    expect([statusCode < 300, payload]).toEqual([true, payload]);
  });

  it('finds nothing of hers in any list', async () => {
    const lists = all.filter(
      ([key, contract]) =>
        key.startsWith('GET') && !withIds.some(([one]) => one === key) && contract.auth !== 'none',
    );
    for (const [key] of lists) {
      const answer = await stranger.raw({ method: 'GET', url: `${key.split(' ')[1] ?? ''}?limit=200` });
      const found = await stranger.raw({ method: 'GET', url: `${key.split(' ')[1] ?? ''}?query=${MARK}` });
      expect(`${answer.payload}${found.payload}`).not.toContain(MARK);
    }
    const preview = await stranger.raw({
      method: 'POST',
      url: `/api/imports/constituents/preview?fileName=${MARK}1.csv`,
      headers: { 'content-type': 'text/csv' },
      payload: FILE,
    });
    expect(preview.statusCode).toBe(200);
    expect(preview.payload).not.toContain(MARK);
  });
});
