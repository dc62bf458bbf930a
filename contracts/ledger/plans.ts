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
  QuoteUnitCode,
  Uuid,
  Version,
} from '../common.ts';
import { defineRoutes } from '../route.ts';

/** The most holdings that a plan is split over. */
export const PLAN_PARTS_MAX = 50;

const Name = Type.String({ minLength: 1, maxLength: 255 });
const Every = Literals(['month', 'week']);
const PlanDay = Type.Integer({
  minimum: 1,
  maximum: 31,
  description: 'Of the month, the last one where a month has fewer; or of the week from 1, Monday, to 7',
});
const Share = Type.Number({ exclusiveMinimum: 0, maximum: 100 });

/** A holding with its share of a plan: a percentage, or an amount. */
export const PlanPart = Closed({
  holdingId: Uuid,
  percent: Type.Optional(Share),
  amount: Type.Optional(DecimalText),
});

const plan = {
  name: Name,
  amount: Type.String({ ...DecimalText, description: 'Each time, in the portfolio’s currency' }),
  every: Every,
  day: PlanDay,
  startsOn: Day,
  settle: Type.Boolean({ description: 'The purchases are paid out of the account’s cash' }),
};

export const Plan = Closed({
  id: Uuid,
  portfolioId: Uuid,
  ...plan,
  endsOn: Nullable(Day),
  paused: Type.Boolean(),
  currency: CurrencyCode,
  account: Type.String({ description: 'Of the holdings that it buys' }),
  parts: Type.Array(
    Closed({
      holdingId: Uuid,
      name: Type.String(),
      percent: Nullable(Type.Number()),
      amount: Nullable(DecimalText),
    }),
  ),
  nextOn: Nullable(Type.String({ ...Day, description: 'The next day; null when it has ended' })),
  openProposals: Type.Integer(),
  version: Version,
});

const Parts = Type.Array(PlanPart, { minItems: 1, maxItems: PLAN_PARTS_MAX });

export const PlanDraft = Closed({
  ...plan,
  settle: Type.Optional(plan.settle),
  startsOn: Type.Optional(Type.String({ ...Day, description: 'Without it, today' })),
  endsOn: Type.Optional(Day),
  parts: Parts,
});

export const PlanPatch = Type.Partial(
  Closed({ ...plan, endsOn: Nullable(Day), paused: Type.Boolean(), parts: Parts }),
  { additionalProperties: false, minProperties: 1 },
);

/** What one holding of a proposal would buy, at the price and the rate of its day as far as they are known. */
export const ProposalLine = Closed({
  holdingId: Uuid,
  name: Type.String(),
  amount: Type.String({ ...DecimalText, description: 'In the portfolio’s currency' }),
  price: Nullable(Type.String({ ...DecimalText, description: 'Of one unit, in quoteUnit' })),
  quoteUnit: QuoteUnitCode,
  priceAt: Nullable(Instant),
  priceSource: Nullable(Type.String()),
  fxRate: Nullable(
    Type.String({ ...DecimalText, description: 'Of the portfolio’s currency for one of the price’s' }),
  ),
  qty: Nullable(
    Type.String({ ...DecimalText, description: 'What the amount buys, rounded down to six places' }),
  ),
});

/** One day of a plan, waiting or decided. */
export const Proposal = Closed({
  id: Uuid,
  planId: Uuid,
  planName: Type.String(),
  portfolioId: Uuid,
  dueOn: Day,
  tradeOn: Type.String({ ...Day, description: 'The day of the trades: the Monday after a weekend' }),
  status: Literals(['open', 'confirmed', 'skipped']),
  decidedAt: Nullable(Instant),
  currency: CurrencyCode,
  amount: DecimalText,
  settle: Type.Boolean(),
  tradeIds: Type.Array(Uuid),
  lines: Type.Array(ProposalLine, { description: 'What would be bought; empty once it is decided' }),
});

/** What was really bought, where it is not what was proposed. */
export const Confirmation = Closed({
  date: Type.Optional(Day),
  settle: Type.Optional(Type.Boolean()),
  lines: Type.Optional(
    Type.Array(
      Closed({
        holdingId: Uuid,
        price: Type.Optional(DecimalText),
        qty: Type.Optional(DecimalText),
        quoteUnit: Type.Optional(QuoteUnitCode),
        fees: Type.Optional(DecimalText),
        taxes: Type.Optional(DecimalText),
        fxRate: Type.Optional(DecimalText),
      }),
      { minItems: 1, maxItems: PLAN_PARTS_MAX },
    ),
  ),
});

const tags = ['ledger'];

export const planRoutes = defineRoutes({
  'GET /api/portfolios/:id/plans': {
    summary: 'Recurring plans of a portfolio',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed(pageQuery),
    response: { 200: Page(Plan) },
  },
  'POST /api/portfolios/:id/plans': {
    summary: 'Make a recurring plan; each of its days proposes trades that a person confirms',
    tags,
    auth: 'user',
    params: IdParams,
    body: PlanDraft,
    response: { 201: Plan },
  },
  'GET /api/plans/:id': {
    summary: 'One recurring plan',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: Plan },
  },
  'PATCH /api/plans/:id': {
    summary: 'Change a plan, or pause it; what waits follows, days while it is paused are not made up for',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: PlanPatch,
    response: { 200: Plan },
  },
  'DELETE /api/plans/:id': {
    summary: 'Delete a plan with what it still proposes; trades that it recorded stay',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    response: { 204: null },
  },
  'GET /api/portfolios/:id/proposals': {
    summary: 'What plans propose, oldest first: waiting, or decided',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ ...pageQuery, status: Type.Optional(Literals(['open', 'confirmed', 'skipped'])) }),
    response: { 200: Page(Proposal) },
  },
  'POST /api/proposals/:id/confirm': {
    summary: 'Record the trades of a proposal, at the proposed prices or at the real ones',
    tags,
    auth: 'user',
    params: IdParams,
    body: Confirmation,
    response: { 200: Proposal },
  },
  'POST /api/proposals/:id/skip': {
    summary: 'Leave a proposal out',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: Proposal },
  },
  'POST /api/proposals/:id/reopen': {
    summary: 'Let a proposal that was skipped wait again',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: Proposal },
  },
});
