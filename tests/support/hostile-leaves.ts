/**
 * Requests that succeed but for one leaf: each field of a sample body, each field of a query and each id of a path in
 * turn holds a value that breaks something somewhere. JSON is written by hand where JavaScript would tidy it up.
 */

/** What a request of each route with a body needs to succeed, but for the ids in it. */
export const SAMPLE_BODIES: Readonly<Record<string, object>> = {
  'POST /api/auth/register': {
    email: 'ada@example.test',
    password: 'correct horse battery',
    name: 'Ada',
    locale: 'en-GB',
    timezone: 'Europe/London',
  },
  'POST /api/auth/login': { email: 'ada@example.test', password: 'correct horse battery' },
  'POST /api/auth/refresh': { refreshToken: 'none' },
  'POST /api/auth/logout': { refreshToken: 'none' },
  'PATCH /api/me': {
    name: 'Ada',
    timezone: 'Europe/London',
    preferences: {
      currency: 'GBP',
      notifications: { digest: 'daily' },
      research: { preferredSources: ['FT'] },
    },
  },
  'POST /api/me/tokens': { name: 'Script', expiresInDays: 30 },
  'POST /api/portfolios': {
    name: 'Ours',
    settings: {
      currency: 'GBP',
      lockedTotal: '1',
      livePriceUpdateInterval: 10,
      visibleColumns: { qty: true },
    },
    lists: { sections: ['Core'], themes: ['Bonds'], accounts: ['ISA'], themeSections: { Bonds: 'Core' } },
    budgets: { sections: { Core: { percent: 60, amount: '1' } }, themes: {}, accounts: {} },
  },
  'PATCH /api/portfolios/:id': {
    name: 'Ours',
    settings: { targetPortfolioValue: '100' },
    lists: { accounts: ['ISA', 'SIPP', 'GIA'] },
    budgets: { accounts: { ISA: { amount: '20000' } } },
  },
  'PATCH /api/accounts/:id': {
    wrapper: 'ISA',
    owner: 'Anna',
    provider: 'A broker',
    openedOn: '2015-04-06',
    closedOn: '2024-04-05',
  },
  'POST /api/portfolios/:id/invitations': { email: 'ben@example.test', role: 'view' },
  'PATCH /api/portfolios/:id/access/:userId': { role: 'edit' },
  'POST /api/portfolios/:id/draft': { name: 'What if' },
  'POST /api/portfolios/:id/promote': { name: 'Real' },
  'POST /api/portfolios/:id/lists': { type: 'add', list: 'themes', name: 'Gold', section: 'Core' },
  'PUT /api/imports/statement-mappings': {
    signature: 'a'.repeat(43),
    mapping: {
      preset: 'general',
      columns: { date: 'Date', qty: 'Units' },
      dayOrder: 'dmy',
      decimalSign: 'point',
      currency: 'GBP',
      priceUnit: 'GBX',
      securities: { 'name alder': '018f0000-0000-7000-8000-000000000000' },
    },
  },
  'PUT /api/instruments/:id/proxy': {
    proxyInstrumentId: '018f0000-0000-7000-8000-000000000000',
    validFrom: '2024-02-23',
    note: 'It tracks the same index',
    scope: 'private',
  },
  'POST /api/portfolios/:id/holdings': {
    section: 'Core',
    theme: 'Global Equity',
    account: 'SIPP',
    qty: '1',
    avgCost: '2',
    date: '2024-02-23',
    targetPct: 50,
    notes: 'Note',
  },
  'PATCH /api/holdings/:id': { section: 'Core', targetPct: 10, include: false, notes: 'Note' },
  'POST /api/holdings/:id/trades': {
    type: 'buy',
    date: '2024-02-23',
    price: '1',
    qty: '1',
    fees: '0',
    currency: 'GBP',
    quoteUnit: 'GBP',
    fxRate: '1',
    notes: 'Note',
  },
  'POST /api/portfolios/:id/plans': {
    name: 'Savings',
    amount: '100',
    every: 'month',
    day: 1,
    startsOn: '2024-01-31',
    endsOn: '2024-02-28',
    settle: false,
    parts: [{ holdingId: '019a0000-0000-7000-8000-000000000000', percent: 100 }],
  },
  'PATCH /api/plans/:id': { name: 'Savings', amount: '50', day: 2, endsOn: '2024-02-28', paused: true },
  'POST /api/proposals/:id/confirm': {
    date: '2024-02-23',
    settle: false,
    lines: [
      {
        holdingId: '019a0000-0000-7000-8000-000000000000',
        price: '1',
        qty: '1',
        quoteUnit: 'GBP',
        fees: '0',
      },
    ],
  },
  'POST /api/holdings/:id/debts': {
    date: '2024-01-31',
    amount: '210000',
    currency: 'GBP',
    notes: 'Mortgage',
  },
  'PATCH /api/debts/:id': { date: '2024-01-31', amount: '205000', currency: 'GBP', notes: null },
  'POST /api/holdings/:id/dividends/:date/confirm': {
    place: 1,
    amount: '1',
    currency: 'GBP',
    fxRate: '1',
    date: '2024-02-23',
    taxes: '0',
    fees: '0',
    settle: false,
  },
  'POST /api/holdings/:id/dividends/:date/dismiss': { place: 1 },
  'POST /api/holdings/:id/dividends/:date/reopen': { place: 1 },
  'PATCH /api/trades/:id': { date: '2024-02-23', price: '10', qty: '7', fees: '1', notes: 'Note' },
  'POST /api/instruments': {
    type: 'ETF',
    name: 'Fund',
    ticker: 'FUND',
    currency: 'GBP',
    quoteUnit: 'GBX',
    metadata: { ocf: 0.2, country: 'Japan', lastConstituentsUpdate: '2024-01-01' },
  },
  'PATCH /api/instruments/:id': { name: 'Renamed', metadata: { sector: 'Energy', trackingDifference: -0.1 } },
  'POST /api/instruments/:id/listings': { ticker: 'LINE', currency: 'GBP', isPrimary: false },
  'POST /api/instruments/:id/merge': { into: '019a0000-0000-7000-8000-000000000000', renamed: true },
  'POST /api/market-data/quarantine/:id/accept': { alsoAlike: false, recordSplit: false },
  'POST /api/instruments/:id/events': {
    type: 'dividend',
    date: '2024-03-01',
    amount: '1',
    quoteUnit: 'GBX',
    payDate: '2024-04-01',
  },
  'POST /api/instruments/:id/prices/corrections': {
    listingId: '019a0000-0000-7000-8000-000000000000',
    dateTime: '2024-03-01T12:00:00Z',
    source: 'yahoo',
    close: '1',
    quoteUnit: 'GBX',
  },
  'PUT /api/instruments/:id/listings/:listingId/symbols': { symbols: { yahoo: 'FUND.L' } },
  'POST /api/watchlist': { instrumentId: '019a0000-0000-7000-8000-000000000000', note: 'Note' },
  'POST /api/market-data/quarantine/:id/reject': { alsoAlike: true },
  'POST /api/identity-reviews/:id/decision': {
    decision: 'same',
    instrumentId: '019a0000-0000-7000-8000-000000000000',
    renamed: false,
  },
  'POST /api/instruments/:id/prices': {
    dateTime: '2024-03-01T12:00:00Z',
    close: '1',
    open: '1',
    volume: 1,
    currency: 'GBP',
    quoteUnit: 'GBX',
  },
};

/** More bodies of routes that take several types of them. */
export const MORE_BODIES: Readonly<Record<string, readonly object[]>> = {
  'POST /api/holdings/:id/trades': [
    { type: 'opening', date: '2024-02-23', price: '1', qty: '1', taxes: '0' },
    {
      type: 'dividend',
      date: '2024-02-23',
      amount: '1',
      taxes: '0.1',
      reinvest: { price: '1', qty: '1', fees: '0', quoteUnit: 'GBX' },
    },
    { type: 'sell', date: '2024-02-23', price: '1', qty: '1', settle: { overdraw: true, fxRate: '1' } },
    { type: 'interest', date: '2024-02-23', amount: '1', fees: '0', settle: {} },
    { type: 'fee', date: '2024-02-23', amount: '1', currency: 'USD', fxRate: '0.8' },
    { type: 'split', date: '2024-02-23', numerator: 2, denominator: 1 },
    { type: 'deposit', date: '2024-02-23', amount: '1', source: 'own' },
    { type: 'withdrawal', date: '2024-02-23', amount: '1' },
    { type: 'transfer_out', date: '2024-02-23', qty: '0.1', to: { account: 'SIPP', theme: 'Bonds' } },
    { type: 'transfer_in', date: '2024-02-23', qty: '1', cost: '1', fxRate: '1' },
  ],
  'POST /api/portfolios/:id/lists': [
    { type: 'rename', list: 'themes', name: 'Bonds', to: 'Gilts' },
    { type: 'merge', list: 'accounts', name: 'GIA', to: 'ISA' },
    { type: 'remove', list: 'sections', name: 'Satellite', moveTo: 'Core' },
    { type: 'order', list: 'accounts', names: ['SIPP', 'ISA', 'GIA'] },
    { type: 'section', name: 'Cash', to: 'Core' },
  ],
  'PATCH /api/trades/:id': [{ settle: null, reinvest: null, taxes: '1', fxRate: '1', quoteUnit: 'GBX' }],
};

const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\uD800',
  'x'.repeat(10_000),
  '\u202E\u0661\uFF11',
  "';--",
  '%_\\',
  '-0',
  '1e309',
  'NaN',
  '99999999999999999999.999999999999999999',
  '-99999999999999999999.999999999999999999',
  '100000000000000000000',
  '0.000000000000000001',
  '0.0000000000000000001',
  `${'0'.repeat(62)}1`,
  '0001-01-01',
  '0000-01-01',
  '9999-12-31',
  '+275760-09-13',
  '-271821-04-20',
  '2024-02-30',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999-23:59',
  '+275760-09-13T00:00:00Z',
  '2024-02-29T24:00:00Z',
  '__proto__',
  'toString',
  '\n',
];
const RAW = [
  'null',
  'true',
  '-0',
  '1e309',
  '-1e309',
  '1e-400',
  '9007199254740993',
  '0.30000000000000004',
  '[]',
  '{}',
];

/** Everything that a leaf may be replaced by, as JSON text. */
const HOSTILE_LEAVES: readonly string[] = [
  ...TEXTS.map((text) => JSON.stringify(text)),
  ...RAW,
  '"\\ud800\\u0000"',
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{}}}',
  `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
];
/** The same for what stands in an address, where all is text. */
export const HOSTILE_WORDS: readonly string[] = [...TEXTS, ...RAW];

const HOLE = '\u0001hole\u0001';

/** The sample as JSON with a hole in the place of each of its leaves in turn, and of a field that it does not have. */
const withHole = (value: unknown): unknown[] => {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return [
      ...items.flatMap((item, at) => withHole(item).map((one) => items.with(at, one))),
      [...items, HOLE],
    ];
  }
  if (typeof value !== 'object' || value === null) return [HOLE];
  const fields = Object.entries(value).flatMap(([name, child]) =>
    withHole(child).map((one) => ({ ...value, [name]: one })),
  );
  return [...fields, { ...value, unknown: HOLE }];
};

/** Every body that differs from the sample in one leaf, as JSON text. */
export const hostileBodies = (sample: object): string[] => {
  const hole = JSON.stringify(HOLE);
  return withHole(sample)
    .map((one) => JSON.stringify(one))
    .flatMap((text) => HOSTILE_LEAVES.map((leaf) => text.replace(hole, () => leaf)));
};
