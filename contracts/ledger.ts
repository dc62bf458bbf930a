import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  Day,
  DecimalText,
  IdParams,
  Instant,
  Literals,
  Nullable,
  Page,
  pageQuery,
  Percent,
  QuoteUnitCode,
  Uuid,
  Version,
} from './common.ts';
import { defineRoutes } from './route.ts';
import { HoldingValue } from './valuation.ts';

const ListName = Type.String({ minLength: 1, maxLength: 100 });
const Notes = Type.String({ maxLength: 4000 });

export const HoldingInstrument = Closed({
  id: Uuid,
  type: Type.String(),
  ticker: Nullable(Type.String()),
  isin: Nullable(Type.String()),
  name: Type.String(),
  exchange: Nullable(Type.String()),
  currency: CurrencyCode,
  quoteUnit: QuoteUnitCode,
});

const holding = {
  id: Uuid,
  portfolioId: Uuid,
  instrumentId: Nullable(Uuid),
  instrument: Nullable(HoldingInstrument),
  section: ListName,
  theme: ListName,
  account: ListName,
  qty: DecimalText,
  avgCost: Nullable(DecimalText),
  costBasis: DecimalText,
  costCurrency: CurrencyCode,
  targetPct: Nullable(Percent),
  include: Type.Boolean(),
  notes: Nullable(Type.String()),
  version: Version,
  createdAt: Instant,
  updatedAt: Instant,
};

export const Holding = Closed(holding);
export const ValuedHolding = Closed({ ...holding, valuation: HoldingValue });

export const HoldingDraft = Closed({
  instrumentId: Uuid,
  section: ListName,
  theme: ListName,
  account: ListName,
  qty: Type.Optional(DecimalText),
  avgCost: Type.Optional(DecimalText),
  date: Type.Optional(Day),
  targetPct: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
  include: Type.Optional(Type.Boolean()),
  notes: Type.Optional(Notes),
});

export const HoldingPatch = Type.Partial(
  Closed({
    section: ListName,
    theme: ListName,
    account: ListName,
    qty: DecimalText,
    avgCost: DecimalText,
    targetPct: Nullable(Type.Number({ minimum: 0, maximum: 100 })),
    include: Type.Boolean(),
    notes: Nullable(Notes),
  }),
  { additionalProperties: false, minProperties: 1 },
);

/** Types that are recorded by hand so far; `opening` is made when a holding is entered with a quantity. */
export const TradeType = Literals(['buy', 'sell', 'opening']);

const trade = {
  id: Uuid,
  holdingId: Uuid,
  type: TradeType,
  date: Day,
  price: DecimalText,
  currency: CurrencyCode,
  quoted: Closed({ price: DecimalText, unit: QuoteUnitCode }),
  qty: DecimalText,
  fees: DecimalText,
  fxRate: DecimalText,
  fxSource: Type.String({ description: 'identity, given by hand, or the published source with its day' }),
  total: DecimalText,
  totalCurrency: CurrencyCode,
  notes: Nullable(Type.String()),
  version: Version,
  createdAt: Instant,
};

const HoldingPosition = Closed({
  id: Uuid,
  qty: DecimalText,
  avgCost: Nullable(DecimalText),
  costBasis: DecimalText,
  costCurrency: CurrencyCode,
  version: Version,
});

export const Trade = Closed(trade);
export const TradeRecorded = Closed({ ...trade, holding: HoldingPosition });
export const TradeWithRunning = Closed({
  ...trade,
  running: Closed({ qty: DecimalText, costBasis: DecimalText, avgCost: Nullable(DecimalText) }),
});

export const TradeDraft = Closed({
  type: Literals(['buy', 'sell']),
  date: Day,
  price: DecimalText,
  qty: DecimalText,
  fees: Type.Optional(DecimalText),
  fxRate: Type.Optional(DecimalText),
  currency: Type.Optional(CurrencyCode),
  quoteUnit: Type.Optional(QuoteUnitCode),
  notes: Type.Optional(Notes),
});

export const TradePatch = Type.Partial(
  Closed({
    date: Day,
    price: DecimalText,
    qty: DecimalText,
    fees: DecimalText,
    fxRate: DecimalText,
    quoteUnit: QuoteUnitCode,
    notes: Nullable(Notes),
  }),
  { additionalProperties: false, minProperties: 1 },
);

const tags = ['ledger'];

export const ledgerRoutes = defineRoutes({
  'GET /api/portfolios/:id/holdings': {
    summary: 'Holdings with their value',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ ...pageQuery, asOf: Type.Optional(Day) }),
    response: { 200: Page(ValuedHolding) },
  },
  'POST /api/portfolios/:id/holdings': {
    summary: 'Add a holding; a quantity given here becomes its opening trade',
    tags,
    auth: 'user',
    params: IdParams,
    body: HoldingDraft,
    response: { 201: Holding },
  },
  'GET /api/holdings/:id': {
    summary: 'One holding with its value',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: ValuedHolding },
  },
  'PATCH /api/holdings/:id': {
    summary: 'Change a holding; quantity and cost only while the opening trade is its only one',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: HoldingPatch,
    response: { 200: Holding },
  },
  'DELETE /api/holdings/:id': {
    summary: 'Delete a holding and its trades',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    response: { 204: null },
  },
  'GET /api/holdings/:id/trades': {
    summary: 'Trades, newest first, with the quantity and cost after each',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed(pageQuery),
    response: { 200: Page(TradeWithRunning) },
  },
  'POST /api/holdings/:id/trades': {
    summary: 'Record a buy or a sale; quantity and cost follow',
    tags,
    auth: 'user',
    params: IdParams,
    body: TradeDraft,
    response: { 201: TradeRecorded },
  },
  'PATCH /api/trades/:id': {
    summary: 'Correct a trade; the holding is replayed',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: TradePatch,
    response: { 200: TradeRecorded },
  },
  'DELETE /api/trades/:id': {
    summary: 'Delete a trade; the holding is replayed',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    response: { 200: Closed({ holding: HoldingPosition }) },
  },
});
