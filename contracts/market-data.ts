import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  Day,
  DecimalText,
  IdParams,
  Instant,
  Literals,
  Mic,
  Nullable,
  OneOfTypes,
  Page,
  pageQuery,
  Percent,
  QuoteUnitCode,
  Uuid,
} from './common.ts';
import { InstrumentType } from './instruments.ts';
import { defineRoutes } from './route.ts';
import { FxRate } from './valuation.ts';

export const Price = Closed({
  instrumentId: Uuid,
  listingId: Nullable(Uuid),
  dateTime: Instant,
  close: DecimalText,
  open: Nullable(DecimalText),
  high: Nullable(DecimalText),
  low: Nullable(DecimalText),
  volume: Nullable(Type.String({ pattern: '^[0-9]+$' })),
  currency: CurrencyCode,
  quoted: Closed({ close: DecimalText, unit: QuoteUnitCode }),
  kind: Literals(['live', 'manual']),
  source: Type.String(),
});

export const ManualPrice = Closed({
  dateTime: Instant,
  close: DecimalText,
  open: Type.Optional(DecimalText),
  high: Type.Optional(DecimalText),
  low: Type.Optional(DecimalText),
  volume: Type.Optional(Type.Integer({ minimum: 0 })),
  currency: Type.Optional(CurrencyCode),
  quoteUnit: Type.Optional(QuoteUnitCode),
});

/** New units for old ones: 4 for 1. */
const Ratio = Closed({ numerator: DecimalText, denominator: DecimalText });

/** A split or a dividend of an instrument, or another event of it. */
export const InstrumentEvent = Closed({
  id: Uuid,
  instrumentId: Uuid,
  type: Literals(['earnings', 'dividend', 'split', 'rns', 'rebalance', 'macro', 'political']),
  title: Type.String(),
  date: Day,
  dividend: Nullable(
    Closed({
      amount: DecimalText,
      currency: CurrencyCode,
      payDate: Nullable(Day),
    }),
  ),
  split: Nullable(Ratio),
  source: Nullable(Type.String()),
  scope: Literals(['shared', 'private']),
  doubt: Nullable(Type.String({ description: 'Why it is left out of every calculation' })),
  canDelete: Type.Boolean(),
});

/** A split or a dividend given by hand; `date` is the ex-date on the exchange. */
export const GivenEvent = OneOfTypes([
  Closed({ type: Literals(['split']), date: Day, numerator: DecimalText, denominator: DecimalText }),
  Closed({
    type: Literals(['dividend']),
    date: Day,
    amount: DecimalText,
    quoteUnit: Type.Optional(QuoteUnitCode),
    payDate: Type.Optional(Day),
  }),
]);

export const PriceSeries = Closed({
  instrumentId: Uuid,
  listingId: Nullable(Uuid),
  currency: Nullable(CurrencyCode),
  adjustment: Literals(['none', 'splits', 'all']),
  points: Type.Array(Closed({ date: Day, close: DecimalText })),
  events: Type.Array(InstrumentEvent),
  leftOut: Type.Array(Uuid, { description: 'Dividends that the adjustment could not take in' }),
  thinned: Type.Boolean({ description: 'True: one point a week' }),
});

/** A price that looks wrong, as received, until somebody decides. It is used for no value. */
export const HeldPrice = Closed({
  id: Uuid,
  instrumentId: Uuid,
  listingId: Uuid,
  name: Type.String(),
  ticker: Nullable(Type.String()),
  exchange: Nullable(Mic),
  dateTime: Instant,
  source: Type.String(),
  close: Nullable(DecimalText),
  currency: Nullable(Type.String({ description: 'As said; of a wrong one the unit that was given' })),
  reason: Literals([
    'jump_up_100',
    'jump_down_100',
    'jump',
    'zero',
    'missing',
    'negative',
    'wrong_currency',
    'split_not_recorded',
    'other',
  ]),
  comparedWith: Nullable(Closed({ close: DecimalText, dateTime: Instant })),
  /** The split that would explain the jump: accepted with `recordSplit` when there was one. */
  proposedSplit: Nullable(Ratio),
  status: Literals(['open', 'accepted', 'rejected']),
  decidedAt: Nullable(Instant),
  canDecide: Type.Boolean(),
  canAccept: Type.Boolean({
    description: 'False for what can only be rejected: no price, zero, another currency',
  }),
});

const Decision = Type.Optional(
  Closed({
    alsoAlike: Type.Optional(
      Type.Boolean({ description: 'Every open one of the same line, source and reason too' }),
    ),
    recordSplit: Type.Optional(
      Type.Boolean({
        description: 'When accepting: also records the proposed split on the day of the price',
      }),
    ),
  }),
);
const Decided = Closed({ decided: Type.Integer({ description: 'Prices settled' }) });

/** Something watched without being held, with its price and what that did since yesterday's end. */
export const WatchedInstrument = Closed({
  id: Uuid,
  instrumentId: Uuid,
  name: Type.String(),
  type: InstrumentType,
  ticker: Nullable(Type.String()),
  exchange: Nullable(Mic),
  note: Nullable(Type.String()),
  price: Nullable(
    Closed({
      close: DecimalText,
      currency: CurrencyCode,
      quoted: Closed({ close: DecimalText, unit: QuoteUnitCode }),
      dateTime: Instant,
      kind: Literals(['live', 'manual']),
      source: Type.String(),
      stale: Type.Boolean(),
    }),
  ),
  dayChange: Nullable(Closed({ amount: DecimalText, pct: Percent, since: Instant })),
  createdAt: Instant,
});

/** A stored price named by its line, moment and source; `close` null takes it back. */
export const PriceCorrection = Closed({
  listingId: Type.Union([Uuid, Type.Null()], { description: 'Id of the line; null: a price of your own' }),
  dateTime: Instant,
  source: Type.String({ minLength: 1, maxLength: 50 }),
  close: Nullable(DecimalText),
  quoteUnit: Type.Optional(QuoteUnitCode),
});

/** What a provider calls a line: as somebody wrote it down, else as ticker and market make it. */
const ProviderSymbol = Closed({
  provider: Type.String(),
  written: Nullable(Type.String()),
  made: Nullable(Type.String({ description: 'Null: it does not cover the line' })),
});

/** Prices of one instrument, source by source. */
export const PriceSources = Closed({
  lines: Type.Array(
    Closed({
      listingId: Uuid,
      symbols: Type.Array(ProviderSymbol),
      canEdit: Type.Boolean(),
      askedAt: Nullable(Instant),
      provider: Nullable(Type.String({ description: 'Whose price was taken the last time' })),
      attempts: Type.Array(
        Closed({
          provider: Type.String(),
          outcome: Literals(['used', 'held', 'skipped', 'failed']),
          why: Nullable(Type.String()),
        }),
      ),
      sources: Type.Array(
        Closed({ source: Type.String(), dateTime: Instant, close: DecimalText, currency: CurrencyCode }),
      ),
      spreadPct: Nullable(Percent),
      disagree: Type.Boolean({ description: 'Sources of about the same time differ by more than 2 %' }),
    }),
  ),
});

/** A provider of prices or rates: what it is, how it does, and why it is not used where it is not. */
export const ProviderStatus = Closed({
  id: Type.String(),
  name: Type.String(),
  what: Type.String(),
  state: Literals(['ok', 'failing', 'waiting', 'off']),
  detail: Type.String(),
  lastSuccessAt: Nullable(Instant),
  lastAttemptAt: Nullable(Instant),
  newest: Nullable(Day),
  does: Type.Array(Literals(['quote', 'history', 'rates'])),
  coverage: Type.String(),
  quoteUnit: Type.String({ description: 'In what unit its figures come' }),
  cost: Type.String(),
  needsKey: Type.Boolean(),
  limit: Closed({ requests: Type.Integer(), seconds: Type.Integer() }),
  used: Type.Integer({ description: 'Lines whose newest price is its' }),
  skipped: Type.Array(Closed({ why: Type.String(), lines: Type.Integer() })),
  pausedUntil: Nullable(Instant),
});

/** What became of a file of past prices. */
export const PriceImport = Closed({
  instrumentId: Uuid,
  listingId: Uuid,
  form: Literals(['yahoo', 'stooq', 'generic']),
  source: Type.String({ description: 'Under which the prices are stored' }),
  scope: Literals(['shared', 'private'], { description: 'private: prices given by hand, seen by you alone' }),
  rows: Type.Integer(),
  added: Type.Integer(),
  corrected: Type.Integer({ description: 'Prices that were there with another figure' }),
  held: Type.Integer({ description: 'Prices held back because they look wrong' }),
  from: Day,
  to: Day,
  warnings: Type.Array(Type.String()),
});

/** The largest file of prices accepted. */
export const MAX_PRICE_FILE_BYTES = 48 * 1024 * 1024;
/** Above so many rows the worker takes the file in. */
export const MAX_PRICES_AT_ONCE = 20_000;

/** The largest file of splits and dividends accepted. */
export const MAX_EVENT_FILE_BYTES = 1024 * 1024;

/** The largest rate file accepted: the ECB's whole history is under 2 MB. */
export const MAX_RATE_FILE_BYTES = 16 * 1024 * 1024;

const tags = ['market data'];

export const marketDataRoutes = defineRoutes({
  'GET /api/instruments/:id/prices': {
    summary: 'Prices of an instrument, newest first, the feed’s and your own',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ ...pageQuery, from: Type.Optional(Day), to: Type.Optional(Day) }),
    response: { 200: Page(Price) },
  },
  'POST /api/instruments/:id/prices': {
    summary: 'Give a price by hand; only you see it. In the quote unit given, else in the listing’s currency',
    tags,
    auth: 'user',
    params: IdParams,
    body: ManualPrice,
    response: { 201: Price },
  },
  'GET /api/instruments/:id/price-sources': {
    summary: 'Newest price of each source side by side, whether they disagree, and how the last fetch went',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: PriceSources },
  },
  'POST /api/instruments/:id/prices/import': {
    summary: 'Import past prices: Yahoo’s or Stooq’s CSV, or any table with a day and a price',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({
      listingId: Type.Optional(Uuid),
      quoteUnit: Type.Optional(QuoteUnitCode),
      fileName: Type.Optional(Type.String({ maxLength: 255 })),
    }),
    rawBody: { maxBytes: MAX_PRICE_FILE_BYTES, description: 'The file, with its header' },
    response: { 201: PriceImport, 202: Closed({ importId: Uuid }) },
  },
  'GET /api/instruments/:id/events': {
    summary:
      'Splits, dividends and other events of an instrument, newest first; of a day with several sources the best one',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ ...pageQuery, from: Type.Optional(Day), to: Type.Optional(Day) }),
    response: { 200: Page(InstrumentEvent) },
  },
  'POST /api/instruments/:id/events': {
    summary: 'Record a split or a dividend; an administrator’s counts for all, anybody else’s for themselves',
    tags,
    auth: 'user',
    params: IdParams,
    body: GivenEvent,
    response: { 201: InstrumentEvent },
  },
  'POST /api/instruments/:id/events/import': {
    summary: 'Import splits and dividends: Yahoo’s CSV, or any table with a day and an amount or a ratio',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ quoteUnit: Type.Optional(QuoteUnitCode) }),
    rawBody: { maxBytes: MAX_EVENT_FILE_BYTES, description: 'The file, with its header' },
    response: {
      201: Closed({
        rows: Type.Integer(),
        added: Type.Integer(),
        corrected: Type.Integer(),
        scope: Literals(['shared', 'private']),
      }),
    },
  },
  'DELETE /api/instruments/:id/events/:eventId': {
    summary: 'Delete an event: your own, or as an administrator one that all share',
    tags,
    auth: 'user',
    params: Closed({ id: Uuid, eventId: Uuid }),
    response: { 204: null },
  },
  'GET /api/instruments/:id/price-series': {
    summary: 'Daily closes for a chart, as traded or adjusted at this moment, with splits and dividends',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({
      from: Type.Optional(Day),
      to: Type.Optional(Day),
      adjust: Type.Optional(Literals(['none', 'splits', 'all'])),
    }),
    response: { 200: PriceSeries },
  },
  'GET /api/market-data/quarantine': {
    summary: 'Prices that were held back because they look wrong, newest first',
    tags,
    auth: 'user',
    query: Closed({
      ...pageQuery,
      status: Type.Optional(Literals(['open', 'accepted', 'rejected'])),
    }),
    response: { 200: Page(HeldPrice) },
  },
  'POST /api/market-data/quarantine/:id/accept': {
    summary:
      'Accept a held price: it is stored and counts. Administrators for what all share, owners for their own',
    tags,
    auth: 'user',
    params: IdParams,
    body: Decision,
    response: { 200: Decided },
  },
  'POST /api/market-data/quarantine/:id/reject': {
    summary: 'Reject a held price: it is never stored, also when it is sent again',
    tags,
    auth: 'user',
    params: IdParams,
    body: Decision,
    response: { 200: Decided },
  },
  'POST /api/market-data/quarantine/:id/reopen': {
    summary: 'Take a decision back: an accepted price is no longer stored, a rejected one waits again',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: Decided },
  },
  'POST /api/instruments/:id/prices/corrections': {
    summary: 'Take a stored price back or replace it; what stood there stays among the rejected ones',
    tags,
    auth: 'user',
    params: IdParams,
    body: PriceCorrection,
    response: { 200: Closed({ close: Nullable(DecimalText) }) },
  },
  'PUT /api/instruments/:id/listings/:listingId/symbols': {
    summary: 'Write down what providers call a line; null forgets it. Administrators for shared lines',
    tags,
    auth: 'user',
    params: Closed({ id: Uuid, listingId: Uuid }),
    body: Closed({
      symbols: Type.Record(Type.String({ maxLength: 50 }), Nullable(Type.String({ maxLength: 50 }))),
    }),
    response: { 200: Closed({ symbols: Type.Record(Type.String(), Type.String()) }) },
  },
  'GET /api/watchlist': {
    summary: 'What you watch, with prices',
    tags,
    auth: 'user',
    query: Closed(pageQuery),
    response: { 200: Page(WatchedInstrument) },
  },
  'POST /api/watchlist': {
    summary: 'Watch an instrument: its price is fetched and told as if you held it',
    tags,
    auth: 'user',
    body: Closed({ instrumentId: Uuid, note: Type.Optional(Type.String({ maxLength: 1000 })) }),
    response: { 201: WatchedInstrument },
  },
  'DELETE /api/watchlist/:id': {
    summary: 'Watch it no longer',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 204: null },
  },
  'GET /api/fx': {
    summary: 'A rate on a day, with the published rates behind it',
    tags,
    auth: 'user',
    query: Closed({ from: CurrencyCode, to: CurrencyCode, date: Type.Optional(Day) }),
    response: { 200: FxRate },
  },
  'POST /api/fx/import': {
    summary: 'Import the ECB’s reference rates: its CSV history, CSV of the day, data-service CSV or XML',
    tags,
    auth: 'admin',
    rawBody: { maxBytes: MAX_RATE_FILE_BYTES, description: 'The file as published' },
    response: {
      201: Closed({
        rows: Type.Integer({ description: 'Rates stored or confirmed' }),
        added: Type.Integer({ description: 'Rates that were not there before' }),
        corrected: Type.Integer({ description: 'Rates that were there with another figure' }),
        pairs: Type.Integer(),
        from: Day,
        to: Day,
        source: Type.String(),
        warnings: Type.Array(Type.String()),
      }),
    },
  },
  'GET /api/market-data/status': {
    summary: 'Per provider: state, last success, why it was skipped',
    tags,
    auth: 'user',
    response: {
      200: Closed({
        providers: Type.Array(ProviderStatus),
      }),
    },
  },
});
