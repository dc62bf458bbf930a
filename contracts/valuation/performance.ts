import { TRADE_TYPES } from '@pm/domain/ledger';
import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  Day,
  DecimalText,
  IdParams,
  Literals,
  Nullable,
  Percent,
  Uuid,
} from '../common.ts';
import { defineRoutes } from '../route.ts';
import { FxRate, GainSplit, Owed, PriceUsed, SignedText } from './figures.ts';

/** Periods by name; a custom one is given by its days. */
export const PERIOD_NAMES = ['day', 'week', 'month', 'quarter', 'taxYear', 'year', 'start'] as const;

const Words = Type.String({ description: 'How the figure is computed, in words' });

/** A rate that fits what came, went and was there; `annualPct` by ACT/365. */
const FittingRate = Closed({ pct: Percent, annualPct: Percent });

export const TimeWeightedReturn = Closed({
  pct: Nullable(Percent),
  annualisedPct: Nullable(Type.Number({ description: 'Per year by ACT/365; null for a year or less' })),
  undefinedDays: Type.Array(Day, {
    description: 'Days for which no return can be said; then there is no pct',
  }),
  formula: Words,
});

export const MoneyWeightedReturn = Closed({
  kind: Literals(['one', 'several', 'none'], {
    description: 'several: more than one rate fits and none of them is the return; none: see reason',
  }),
  pct: Nullable(Percent),
  annualPct: Nullable(Percent),
  rates: Type.Array(FittingRate),
  reason: Nullable(Type.String({ description: 'Why there is none, in words' })),
  formula: Words,
});

export const Drawdown = Closed({
  pct: Type.Number({ description: 'Negative: −25 is a fall by a quarter' }),
  peak: Day,
  trough: Day,
  recovered: Nullable(Day),
});

const PeriodReturn = Closed({ from: Day, to: Day, pct: Percent });

/** What one holding (or one portfolio of several) did: endValue − startValue − netFlow = gain. */
export const Contribution = Closed({
  id: Uuid,
  name: Type.String(),
  startValue: DecimalText,
  endValue: DecimalText,
  netFlow: SignedText('What came in less what went out'),
  gain: DecimalText,
  split: Nullable(GainSplit),
  contributionPct: Nullable(
    Type.Number({ description: 'Its part of the time-weighted return; the parts add up to it' }),
  ),
});

/** One point of the chart. */
export const PerformancePoint = Closed({
  date: Day,
  value: DecimalText,
  flow: SignedText('What came in less what went out since the point before'),
  pct: Nullable(Type.Number({ description: 'Time-weighted return since the start of the period' })),
  benchmarkPct: Nullable(Percent),
  benchmarkValue: Nullable(SignedText('What the same money would be worth in the benchmark')),
});

export const BenchmarkResult = Closed({
  id: Type.String({ description: 'As asked for' }),
  name: Type.String(),
  pct: Nullable(Percent),
  annualisedPct: Nullable(Percent),
  differencePct: Nullable(Type.Number({ description: 'Percentage points ahead of the benchmark' })),
  endValue: Nullable(SignedText('What the same money would be worth in the benchmark')),
  missing: Nullable(Type.String({ description: 'Why it cannot be compared, in words' })),
  formula: Words,
});

const Gap = Closed({ id: Uuid, name: Type.String(), days: Type.Integer(), from: Day, to: Day });

export const Completeness = Closed({
  complete: Type.Boolean({ description: 'Everything that was held had a price and a rate on every day' }),
  missing: Type.Array(Gap, { description: 'Left out on so many days, for want of a price or rate' }),
  carried: Type.Array(Gap, { description: 'Valued by a price more than seven days old on so many days' }),
  changedFrom: Nullable(
    Type.String({
      ...Day,
      description:
        'Something in the past changed from this day on; what is kept is being brought up to date, the figures here are right already',
    }),
  ),
});

export const Performance = Closed({
  portfolioId: Nullable(Uuid),
  scope: Type.String(),
  name: Type.String(),
  currency: CurrencyCode,
  period: Nullable(Literals(PERIOD_NAMES)),
  from: Type.String({ ...Day, description: 'The evening from which the period counts' }),
  to: Day,
  days: Type.Integer(),
  startValue: DecimalText,
  endValue: DecimalText,
  netFlow: DecimalText,
  gain: SignedText('endValue − startValue − netFlow'),
  split: Nullable(GainSplit),
  timeWeighted: TimeWeightedReturn,
  moneyWeighted: MoneyWeightedReturn,
  drawdown: Nullable(Drawdown),
  volatilityPct: Nullable(Percent),
  months: Type.Array(Closed({ month: Type.String(), pct: Percent, whole: Type.Boolean() })),
  best: Closed({ day: Nullable(PeriodReturn), month: Nullable(PeriodReturn) }),
  worst: Closed({ day: Nullable(PeriodReturn), month: Nullable(PeriodReturn) }),
  flows: Type.Array(Closed({ date: Day, amount: DecimalText }), {
    description: 'The newest days on which something came in or went out',
  }),
  flowDays: Type.Integer(),
  contributions: Type.Array(Contribution),
  contributionCount: Type.Integer(),
  series: Type.Array(PerformancePoint),
  benchmark: Nullable(BenchmarkResult),
  completeness: Completeness,
});

const DayRow = Closed({
  holdingId: Uuid,
  name: Type.String(),
  account: Type.String(),
  qty: DecimalText,
  value: Nullable(DecimalText),
  valueBefore: Nullable(DecimalText),
  price: Nullable(PriceUsed),
  rate: Nullable(FxRate),
  owed: Nullable(Owed),
  missing: Nullable(Literals(['price', 'rate', 'instrument'])),
});

export const PerformanceDay = Closed({
  date: Day,
  currency: CurrencyCode,
  value: DecimalText,
  valueBefore: DecimalText,
  flow: DecimalText,
  pct: Nullable(Percent),
  formula: Words,
  rows: Type.Array(DayRow),
  trades: Type.Array(
    Closed({
      id: Uuid,
      holdingId: Uuid,
      name: Type.String(),
      type: Literals(TRADE_TYPES),
      total: DecimalText,
    }),
  ),
});

const scope = Type.String({
  maxLength: 140,
  pattern: '^(portfolio|(account|wrapper|theme|section|holding):.+)$',
  description: 'portfolio, or account:, wrapper:, theme:, section: with a name, or holding: with an id',
});
const benchmark = Type.String({
  maxLength: 400,
  description: 'instrument:ID, rate:4.5 (per cent per year), or blend:ID*60,ID*40',
});
const asked = {
  from: Type.Optional(Type.String({ ...Day, description: 'The evening from which the period counts' })),
  to: Type.Optional(Day),
  period: Type.Optional(Literals(PERIOD_NAMES)),
  benchmark: Type.Optional(benchmark),
};

export const performanceRoutes = defineRoutes({
  'GET /api/portfolios/:id/performance': {
    summary: 'How a portfolio, an account, a wrapper, a theme, a section or a holding did over a period',
    tags: ['valuation'],
    auth: 'user',
    params: IdParams,
    query: Closed({ ...asked, scope: Type.Optional(scope) }),
    response: { 200: Performance },
  },
  'GET /api/portfolios/:id/performance/days/:date': {
    summary: 'One day of a history: what was held, at which prices and rates, and what came and went',
    tags: ['valuation'],
    auth: 'user',
    params: Closed({ id: IdParams.properties.id, date: Day }),
    query: Closed({ scope: Type.Optional(scope) }),
    response: { 200: PerformanceDay },
  },
  'GET /api/performance': {
    summary: 'How all one’s portfolios together did over a period, in one currency',
    tags: ['valuation'],
    auth: 'user',
    query: Closed({ ...asked, currency: Type.Optional(CurrencyCode) }),
    response: { 200: Performance },
  },
});
