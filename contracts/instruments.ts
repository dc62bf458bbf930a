import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  Day,
  IdParams,
  Instant,
  Literals,
  Mic,
  Nullable,
  Page,
  pageQuery,
  QuoteUnitCode,
  Uuid,
  Version,
} from './common.ts';
import { defineRoutes } from './route.ts';

export const INSTRUMENT_TYPES = [
  'ETF',
  'Stock',
  'Bond',
  'Crypto',
  'Fund',
  'Cash',
  'Other',
  'Derivative',
  'Property',
  'Commodity',
] as const;
export const InstrumentType = Literals(INSTRUMENT_TYPES);
export const Scope = Literals(['shared', 'private']);

/** Known metadata of funds and companies; percentages are numbers. */
export const InstrumentMetadata = Closed({
  domicile: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
  replicationMethod: Type.Optional(Literals(['physical', 'optimised', 'synthetic'])),
  securitiesLending: Type.Optional(Type.Boolean()),
  ocf: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
  trackingDifference: Type.Optional(Type.Number({ minimum: -100, maximum: 100 })),
  distributionPolicy: Type.Optional(Literals(['accumulating', 'distributing'])),
  lastConstituentsUpdate: Type.Optional(Day),
  constituentsRefreshCadence: Type.Optional(Literals(['daily', 'weekly', 'monthly', 'quarterly'])),
  issuerUrl: Type.Optional(
    Type.String({
      maxLength: 500,
      pattern: '^https://[^\\s/]+(/\\S*)?$',
      description: 'Where the issuer publishes what the fund holds',
    }),
  ),
  sector: Type.Optional(Type.String({ maxLength: 100 })),
  industry: Type.Optional(Type.String({ maxLength: 100 })),
  country: Type.Optional(Type.String({ maxLength: 100 })),
  region: Type.Optional(Type.String({ maxLength: 100 })),
  demo: Type.Optional(Type.Boolean()),
});

export const Listing = Closed({
  id: Uuid,
  exchange: Nullable(Mic),
  ticker: Nullable(Type.String()),
  currency: CurrencyCode,
  quoteUnit: QuoteUnitCode,
  isPrimary: Type.Boolean(),
});

export const Instrument = Closed({
  id: Uuid,
  type: InstrumentType,
  isin: Nullable(Type.String()),
  ticker: Nullable(Type.String()),
  name: Type.String(),
  exchange: Nullable(Mic),
  currency: CurrencyCode,
  quoteUnit: QuoteUnitCode,
  scope: Scope,
  metadata: InstrumentMetadata,
  listings: Type.Array(Listing),
  constituentsAsOf: Nullable(Day),
  version: Version,
  createdAt: Instant,
  updatedAt: Instant,
});

const Ticker = Type.String({ minLength: 1, maxLength: 50, pattern: '^\\S(.*\\S)?$' });
const Isin = Type.String({
  pattern: '^[A-Z]{2}[A-Z0-9]{9}[0-9]$',
  description: 'ISIN; its check digit is verified',
});

const ListingDraft = {
  ticker: Type.Optional(Ticker),
  exchange: Type.Optional(Mic),
  currency: CurrencyCode,
  quoteUnit: Type.Optional(QuoteUnitCode),
};

export const InstrumentDraft = Closed({
  type: InstrumentType,
  isin: Type.Optional(Isin),
  name: Type.String({ minLength: 1, maxLength: 255 }),
  ...ListingDraft,
  metadata: Type.Optional(InstrumentMetadata),
  scope: Type.Optional(Scope),
});

export const InstrumentPatch = Type.Partial(
  Closed({
    type: InstrumentType,
    isin: Nullable(Isin),
    name: Type.String({ minLength: 1, maxLength: 255 }),
    metadata: InstrumentMetadata,
  }),
  { additionalProperties: false, minProperties: 1 },
);

const tags = ['instruments'];

export const instrumentRoutes = defineRoutes({
  'GET /api/instruments': {
    summary: 'Search instruments by name, ticker or ISIN',
    tags,
    auth: 'user',
    query: Closed({
      ...pageQuery,
      query: Type.Optional(Type.String({ maxLength: 100 })),
      type: Type.Optional(InstrumentType),
      withConstituents: Type.Optional(Type.Boolean({ description: 'Only funds that can be looked through' })),
    }),
    response: { 200: Page(Instrument) },
  },
  'POST /api/instruments': {
    summary: 'Create an instrument with its primary listing',
    tags,
    auth: 'user',
    body: InstrumentDraft,
    response: { 201: Instrument },
  },
  'GET /api/instruments/:id': {
    summary: 'One instrument; by the id of one that was merged away, the one that it was merged into',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: Instrument },
  },
  'PATCH /api/instruments/:id': {
    summary: 'Correct an instrument',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: InstrumentPatch,
    response: { 200: Instrument },
  },
  'GET /api/instruments/:id/listings': {
    summary: 'Lines of an instrument',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed(pageQuery),
    response: { 200: Page(Listing) },
  },
  'POST /api/instruments/:id/listings': {
    summary: 'Add a line: another exchange, ticker, currency or quote unit',
    tags,
    auth: 'user',
    params: IdParams,
    body: Closed({ ...ListingDraft, isPrimary: Type.Optional(Type.Boolean()) }),
    response: { 201: Listing },
  },
});
