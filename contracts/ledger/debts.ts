import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  Day,
  DecimalText,
  IdParams,
  Instant,
  Nullable,
  Page,
  pageQuery,
  Uuid,
  Version,
} from '../common.ts';
import { defineRoutes } from '../route.ts';

/** The most amounts that are kept of one holding: one a month for eighty years. */
export const DEBTS_MAX = 1000;

const Notes = Type.String({ maxLength: 4000 });
const Amount = Type.String({
  ...DecimalText,
  description: 'Owed in the evening of the day; 0 when it is paid off',
});

/** What is owed against a holding from a day on, until the next one: a mortgage against a house. */
export const HoldingDebt = Closed({
  id: Uuid,
  holdingId: Uuid,
  date: Day,
  amount: Amount,
  currency: CurrencyCode,
  notes: Nullable(Type.String()),
  version: Version,
  createdAt: Instant,
});

export const HoldingDebtDraft = Closed({
  date: Day,
  amount: Amount,
  currency: Type.Optional(
    Type.String({
      ...CurrencyCode,
      description: 'Without it the one of the amount before, else the portfolio’s',
    }),
  ),
  notes: Type.Optional(Notes),
});

export const HoldingDebtPatch = Type.Partial(
  Closed({ date: Day, amount: Amount, currency: CurrencyCode, notes: Nullable(Notes) }),
  { additionalProperties: false, minProperties: 1 },
);

const tags = ['ledger'];

export const debtRoutes = defineRoutes({
  'GET /api/holdings/:id/debts': {
    summary: 'What was owed against a holding from which day on, newest first',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed(pageQuery),
    response: { 200: Page(HoldingDebt) },
  },
  'POST /api/holdings/:id/debts': {
    summary: 'Say what is owed against a holding from a day on; it counts against the holding’s value',
    tags,
    auth: 'user',
    params: IdParams,
    body: HoldingDebtDraft,
    response: { 201: HoldingDebt },
  },
  'PATCH /api/debts/:id': {
    summary: 'Correct an amount that is owed',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: HoldingDebtPatch,
    response: { 200: HoldingDebt },
  },
  'DELETE /api/debts/:id': {
    summary: 'Take an amount away; the one before it counts again',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    response: { 204: null },
  },
});
