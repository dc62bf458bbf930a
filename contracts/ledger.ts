import { LEGS, TRADE_TYPES } from '@pm/domain/ledger';
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
  OneOfTypes,
  Page,
  pageQuery,
  Percent,
  QuoteUnitCode,
  Uuid,
  Version,
} from './common.ts';
import { InstrumentType } from './instruments.ts';
import { debtRoutes } from './ledger/debts.ts';
import { planRoutes } from './ledger/plans.ts';
import { defineRoutes } from './route.ts';
import { HoldingValue } from './valuation.ts';

export * from './ledger/debts.ts';
export * from './ledger/plans.ts';

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
  name: Type.String({ description: 'Of its instrument; without one, what it was called where it came from' }),
  section: ListName,
  theme: ListName,
  account: ListName,
  qty: DecimalText,
  avgCost: Nullable(DecimalText),
  costBasis: DecimalText,
  costCurrency: CurrencyCode,
  targetPct: Nullable(Percent),
  include: Type.Boolean(),
  overdraft: Type.Boolean({
    description: 'Cash below zero, because a settlement was allowed to overdraw it',
  }),
  hasDebt: Type.Boolean({ description: 'Something is, or was, owed against it; see its debts' }),
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
    instrumentId: Nullable(
      Type.String({
        ...Uuid,
        description: 'Of a holding that came without an instrument: which one it is; null takes that back',
      }),
    ),
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

export const TradeType = Literals(TRADE_TYPES);
export const TradeLeg = Literals(LEGS, {
  description: 'What happened, its cash, the units a dividend bought, or the other end of a transfer',
});
export const DepositSource = Literals(['own', 'employer', 'tax_relief_expected', 'tax_relief_received']);
const SplitPart = Type.Integer({ minimum: 1, maximum: 1_000_000 });

const trade = {
  id: Uuid,
  holdingId: Uuid,
  type: TradeType,
  date: Day,
  price: Type.String({ ...DecimalText, description: 'Of one unit, in currency; 0 where the type has none' }),
  currency: CurrencyCode,
  quoted: Closed({ price: DecimalText, unit: QuoteUnitCode }),
  qty: Type.String({ ...DecimalText, description: 'Units; for cash, the amount; 0 where the type has none' }),
  amount: Nullable(
    Type.String({ ...DecimalText, description: 'Gross sum in currency, where it is not quantity × price' }),
  ),
  fees: DecimalText,
  taxes: DecimalText,
  fxRate: DecimalText,
  fxSource: Type.String({ description: 'identity, given by hand, or the published source with its day' }),
  split: Nullable(Closed({ numerator: SplitPart, denominator: SplitPart })),
  carriedCost: Nullable(
    Type.String({ ...DecimalText, description: 'Cost that a transfer takes along, in totalCurrency' }),
  ),
  source: Nullable(DepositSource),
  eventId: Nullable(Type.String({ ...Uuid, description: 'Shared by the legs of one event' })),
  leg: TradeLeg,
  overdraw: Type.Boolean({ description: 'This leg was allowed to take cash below zero' }),
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
/** What a change to the ledger left: the holding it was asked of, and every holding that it touched. */
const moved = {
  holding: HoldingPosition,
  holdings: Type.Array(HoldingPosition, { description: 'Every holding that the change touched' }),
};
export const TradeRecorded = Closed({
  ...trade,
  legs: Type.Array(Trade, { description: 'All legs of the event, this one too' }),
  ...moved,
});
export const TradeWithLegs = Closed({ ...trade, legs: Type.Array(Trade) });
export const TradeWithRunning = Closed({
  ...trade,
  running: Closed({ qty: DecimalText, costBasis: DecimalText, avgCost: Nullable(DecimalText) }),
  realised: Type.String({
    ...DecimalText,
    description: 'What was sold, net, less its cost, in totalCurrency; 0 for what is no sale',
  }),
});

/** Settles a trade against a Cash holding in the same transaction. */
export const Settlement = Closed({
  holdingId: Type.Optional(
    Type.String({
      ...Uuid,
      description: 'Cash holding; without it that of the account, in the trade’s currency first',
    }),
  ),
  overdraw: Type.Optional(Type.Boolean({ description: 'The cash may fall below zero' })),
  fxRate: Type.Optional(
    Type.String({
      ...DecimalText,
      description: 'Units of the cash’s currency for one of the trade’s, where neither is the portfolio’s',
    }),
  ),
});

const when = { date: Day, notes: Type.Optional(Notes) };
const inCurrency = {
  currency: Type.Optional(CurrencyCode),
  fxRate: Type.Optional(DecimalText),
};
const charges = { fees: Type.Optional(DecimalText), taxes: Type.Optional(DecimalText) };
const settle = { settle: Type.Optional(Settlement) };
/** A sum of money: as `amount`, or as all trades can say it. */
const sum = {
  amount: Type.Optional(DecimalText),
  price: Type.Optional(
    Type.String({ ...DecimalText, description: 'Instead of amount, with qty: their product; of cash 1' }),
  ),
  qty: Type.Optional(DecimalText),
};
const priced = { price: DecimalText, qty: DecimalText, quoteUnit: Type.Optional(QuoteUnitCode) };

/** The units that a dividend bought at once. */
export const Reinvestment = Closed({ ...priced, ...charges });

/** The holding that receives a transfer: named, or that of the same instrument in an account, made where there is none. */
export const TransferTarget = Closed({
  holdingId: Type.Optional(Uuid),
  portfolioId: Type.Optional(Type.String({ ...Uuid, description: 'Without it the same portfolio' })),
  account: Type.Optional(ListName),
  section: Type.Optional(ListName),
  theme: Type.Optional(ListName),
});

export const TradeDraft = OneOfTypes([
  Closed({ type: Literals(['buy', 'sell']), ...when, ...priced, ...inCurrency, ...charges, ...settle }),
  Closed({ type: Literals(['opening']), ...when, ...priced, ...inCurrency, ...charges }),
  Closed({
    type: Literals(['dividend']),
    ...when,
    amount: Type.Optional(DecimalText),
    price: Type.Optional(
      Type.String({ ...DecimalText, description: 'For one unit, with qty, instead of amount' }),
    ),
    qty: Type.Optional(DecimalText),
    quoteUnit: Type.Optional(QuoteUnitCode),
    ...inCurrency,
    ...charges,
    ...settle,
    reinvest: Type.Optional(Reinvestment),
  }),
  Closed({
    type: Literals(['interest']),
    ...when,
    ...sum,
    ...inCurrency,
    ...charges,
    ...settle,
  }),
  Closed({ type: Literals(['fee', 'tax']), ...when, ...sum, ...inCurrency, ...settle }),
  Closed({ type: Literals(['split']), ...when, numerator: SplitPart, denominator: SplitPart }),
  Closed({
    type: Literals(['deposit']),
    ...when,
    ...sum,
    ...inCurrency,
    source: Type.Optional(DepositSource),
  }),
  Closed({
    type: Literals(['withdrawal']),
    ...when,
    ...sum,
    ...inCurrency,
  }),
  Closed({
    type: Literals(['transfer_out']),
    ...when,
    qty: DecimalText,
    to: Type.Optional(TransferTarget),
    arrives: Type.Optional(
      Type.String({
        ...Day,
        description:
          'Day of arrival, when it is later; within a portfolio it may be expected. In between it is in transit',
      }),
    ),
    fxRate: Type.Optional(
      Type.String({
        ...DecimalText,
        description: 'Units of the receiving portfolio’s currency for one of this one’s',
      }),
    ),
  }),
  Closed({
    type: Literals(['transfer_in']),
    ...when,
    qty: DecimalText,
    cost: Type.Optional(
      Type.String({ ...DecimalText, description: 'What the units have cost, in currency' }),
    ),
    price: Type.Optional(
      Type.String({ ...DecimalText, description: 'Instead of cost: what each of them has cost' }),
    ),
    ...inCurrency,
  }),
]);

/** What of a trade is corrected; the other legs of its event follow. Null takes a settlement or reinvestment away. */
export const TradePatch = Type.Partial(
  Closed({
    date: Day,
    price: DecimalText,
    qty: DecimalText,
    amount: DecimalText,
    fees: DecimalText,
    taxes: DecimalText,
    fxRate: DecimalText,
    quoteUnit: QuoteUnitCode,
    numerator: SplitPart,
    denominator: SplitPart,
    source: DepositSource,
    cost: DecimalText,
    arrives: Day,
    settle: Nullable(Settlement),
    reinvest: Nullable(Reinvestment),
    notes: Nullable(Notes),
  }),
  { additionalProperties: false, minProperties: 1 },
);

/** What undoes a deletion within 30 days: POST /api/deletions/:id/restore. */
export const Deleted = Closed({ deletionId: Uuid });

/** Something deleted that can still be brought back. */
export const Deletion = Closed({
  id: Uuid,
  kind: Literals(['portfolio', 'holding', 'trade', 'import']),
  title: Type.String({ description: 'What was deleted, in words' }),
  portfolioId: Uuid,
  deletedAt: Instant,
  restorableUntil: Instant,
});

const tags = ['ledger'];

export const ledgerRoutes = defineRoutes({
  'GET /api/portfolios/:id/holdings': {
    summary: 'Holdings with their value',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ ...pageQuery, asOf: Type.Optional(Day), type: Type.Optional(InstrumentType) }),
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
    response: { 200: Deleted },
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
    summary: 'Record a trade of any type; quantity and cost follow, its cash with it when it settles',
    tags,
    auth: 'user',
    params: IdParams,
    body: TradeDraft,
    response: { 201: TradeRecorded },
  },
  'PATCH /api/trades/:id': {
    summary: 'Correct a trade and the other legs of its event; every holding concerned is replayed',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: TradePatch,
    response: { 200: TradeRecorded },
  },
  'DELETE /api/trades/:id': {
    summary: 'Delete a trade with all legs of its event; every holding concerned is replayed',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    response: { 200: Closed({ ...moved, deletionId: Uuid }) },
  },
  'GET /api/trades/:id': {
    summary: 'One trade with all legs of its event',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: TradeWithLegs },
  },
  'GET /api/deletions': {
    summary: 'What was deleted in the last 30 days and can be restored, newest first',
    tags,
    auth: 'user',
    query: Closed(pageQuery),
    response: { 200: Page(Deletion) },
  },
  'POST /api/deletions/:id/restore': {
    summary: 'Bring back exactly what one deletion took along, or say why not',
    tags,
    auth: 'user',
    params: IdParams,
    response: {
      200: Closed({
        kind: Literals(['portfolio', 'holding', 'trade', 'import']),
        portfolioId: Uuid,
        holdings: Type.Integer({ description: 'Holdings brought back' }),
        trades: Type.Integer({ description: 'Trades brought back' }),
      }),
    },
  },
  ...debtRoutes,
  ...planRoutes,
});
