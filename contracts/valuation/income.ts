import { INCOME_PERIODS } from '@pm/domain/valuation/income';
import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  Day,
  DecimalText,
  IdParams,
  Literals,
  Nullable,
  Page,
  pageQuery,
  Percent,
  Uuid,
} from '../common.ts';
import { defineRoutes } from '../route.ts';

/** What was received (gross less what was withheld or charged on it), and what is to come. */
export const IncomeSums = Closed({
  dividends: DecimalText,
  interest: DecimalText,
  charges: Type.String({ ...DecimalText, description: 'Withheld or charged on them' }),
  net: DecimalText,
  expected: Type.String({ ...DecimalText, description: 'Announced or waiting to be confirmed, gross' }),
  estimated: Type.String({ ...DecimalText, description: 'By the pattern of the last year, gross' }),
});

const named = { name: Type.String(), ...IncomeSums.properties };

const Words = Type.String({ description: 'How the figure is computed, in words' });

/** The income of a year, with what it is of the cost and of the value of what is held now. */
const Yearly = { onCostPct: Nullable(Percent), onValuePct: Nullable(Percent), formula: Words };

export const Income = Closed({
  portfolioId: Nullable(Uuid),
  currency: CurrencyCode,
  from: Nullable(Type.String({ ...Day, description: 'The first day on which something was received' })),
  to: Type.String({ ...Day, description: 'Today' }),
  period: Closed({ from: Nullable(Day), to: Day }),
  total: IncomeSums,
  byMonth: Type.Array(Closed(named), { description: 'Named by the month, newest first' }),
  byTaxYear: Type.Array(Closed(named), {
    description: 'Named by the tax year of the United Kingdom, such as 2024/25, newest first',
  }),
  byAccount: Type.Array(Closed(named)),
  byHolding: Type.Array(Closed({ holdingId: Uuid, ...named })),
  yearly: Closed({
    net: Type.String({ ...DecimalText, description: 'Received in the 365 days up to the last one' }),
    ...Yearly,
  }),
  coming: Closed({
    gross: Type.String({ ...DecimalText, description: 'Expected and estimated in the 365 days from now on' }),
    expected: DecimalText,
    estimated: DecimalText,
    ...Yearly,
  }),
  waiting: Type.Integer({ description: 'Dividends that wait to be confirmed, whatever the period' }),
  missing: Type.Array(Type.String({ description: 'What the sums leave out, and why' })),
});

export const INCOME_STATUSES = ['received', 'waiting', 'announced', 'estimated', 'dismissed'] as const;

/** One payment of the calendar. */
export const IncomePayment = Closed({
  id: Type.String({ description: 'Of its trade; of what is expected, holding, ex-date and place' }),
  portfolioId: Uuid,
  holdingId: Uuid,
  instrumentId: Nullable(Uuid),
  name: Type.String(),
  account: Type.String(),
  kind: Literals(['dividend', 'interest']),
  status: Literals(INCOME_STATUSES, {
    description:
      'received: in the ledger; waiting: its day has come and it is not in the ledger; announced: its day is to come; ' +
      'estimated: nobody announced it, last year paid it; dismissed: not proposed again',
  }),
  exDate: Nullable(Day),
  place: Type.Integer({ description: 'Of several dividends of one security and ex-date, which; from 1' }),
  payDate: Day,
  payDateKnown: Type.Boolean({ description: 'False: the ex-date stands in' }),
  qty: Nullable(Type.String({ ...DecimalText, description: 'Units that it is paid for' })),
  perUnit: Nullable(DecimalText),
  paidIn: CurrencyCode,
  gross: Type.String({ ...DecimalText, description: 'In paidIn' }),
  currency: Type.String({ ...CurrencyCode, description: 'Of the portfolio' }),
  amount: Nullable(
    Type.String({
      ...DecimalText,
      description:
        'In the portfolio’s currency: net of charges once received, else gross; null without a rate',
    }),
  ),
  rate: Nullable(Closed({ rate: DecimalText, source: Type.String(), date: Nullable(Day) })),
  formula: Words,
  source: Type.String({ description: 'Who told of the dividend; the ledger of what was received' }),
  confirmed: Type.Boolean({ description: 'Recorded by confirming it here, and can be taken back' }),
  tradeId: Nullable(Uuid),
});

/** What was really paid, where it is not what was proposed. */
export const IncomeConfirmation = Closed({
  place: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 1 })),
  amount: Type.Optional(Type.String({ ...DecimalText, description: 'Gross, in currency' })),
  currency: Type.Optional(CurrencyCode),
  fxRate: Type.Optional(DecimalText),
  date: Type.Optional(Type.String({ ...Day, description: 'Of payment; without it the announced one' })),
  taxes: Type.Optional(Type.String({ ...DecimalText, description: 'Withheld' })),
  fees: Type.Optional(DecimalText),
  settle: Type.Optional(Type.Boolean({ description: 'Paid into the account’s cash' })),
});

const Place = Closed({ place: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 1 })) });

const period = {
  from: Type.Optional(Type.String({ ...Day, description: 'First day; without it the first payment' })),
  to: Type.Optional(Type.String({ ...Day, description: 'Last day; without it a year ahead' })),
};
const sumsOver = {
  ...period,
  period: Type.Optional(
    Literals(INCOME_PERIODS, {
      description:
        'Instead of days: twelve months back and ahead, this or the last tax year, the coming twelve months, all',
    }),
  ),
};
const inCurrency = {
  currency: Type.Optional(
    Type.String({ ...CurrencyCode, description: 'Without it the one of your preferences' }),
  ),
};
const payments = Closed({
  ...period,
  ...pageQuery,
  status: Type.Optional(Literals(INCOME_STATUSES)),
});
const DividendParams = Closed({ id: Uuid, date: Type.String({ ...Day, description: 'The ex-date' }) });
const tags = ['valuation'];

export const incomeRoutes = defineRoutes({
  'GET /api/portfolios/:id/income': {
    summary: 'Dividends and interest received and expected, by month, tax year, account and holding',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed(sumsOver),
    response: { 200: Income },
  },
  'GET /api/income': {
    summary: 'Dividends and interest of all portfolios together, in one currency',
    tags,
    auth: 'user',
    query: Closed({ ...sumsOver, ...inCurrency }),
    response: { 200: Income },
  },
  'GET /api/portfolios/:id/income/payments': {
    summary: 'Each payment, received or expected, by its day',
    tags,
    auth: 'user',
    params: IdParams,
    query: payments,
    response: { 200: Page(IncomePayment) },
  },
  'GET /api/income/payments': {
    summary: 'Each payment of all portfolios, received or expected, by its day',
    tags,
    auth: 'user',
    query: payments,
    response: { 200: Page(IncomePayment) },
  },
  'POST /api/holdings/:id/dividends/:date/confirm': {
    summary:
      'Record a dividend that was due, at the proposed amount or the real one; once, however often it is sent',
    tags,
    auth: 'user',
    params: DividendParams,
    body: IncomeConfirmation,
    response: { 200: IncomePayment },
  },
  'POST /api/holdings/:id/dividends/:date/dismiss': {
    summary: 'Do not propose a dividend again',
    tags,
    auth: 'user',
    params: DividendParams,
    body: Place,
    response: { 200: IncomePayment },
  },
  'POST /api/holdings/:id/dividends/:date/reopen': {
    summary:
      'Let a dividend wait again that was dismissed or confirmed; the trade of a confirmed one is deleted',
    tags,
    auth: 'user',
    params: DividendParams,
    body: Place,
    response: { 200: IncomePayment },
  },
});
