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
  QuoteUnitCode,
  Uuid,
} from './common.ts';
import { defineRoutes } from './route.ts';

/** One published rate that an answer rests on: `rate` units of `to` for one unit of `from`. */
export const FxLeg = Closed({
  from: CurrencyCode,
  to: CurrencyCode,
  rate: DecimalText,
  date: Day,
  source: Type.String(),
});

/** A rate with the way it came about: published as such, inverted, or crossed through two legs of one source and day. */
export const FxRate = Closed({
  from: CurrencyCode,
  to: CurrencyCode,
  rate: DecimalText,
  date: Day,
  requestedDate: Day,
  source: Type.String(),
  method: Literals(['identity', 'published', 'inverse', 'cross']),
  legs: Type.Array(FxLeg),
  carriedForward: Type.Boolean({
    description: 'No rate was published on the day asked for; an earlier day stands in',
  }),
});

/** The price that a value rests on. `close` is in `currency`; `quoted` is as it was written (75.12 GBP was 7512 GBX). */
export const PriceUsed = Closed({
  close: DecimalText,
  currency: CurrencyCode,
  quoted: Closed({ close: DecimalText, unit: QuoteUnitCode }),
  dateTime: Instant,
  kind: Literals(['live', 'manual', 'cash']),
  source: Type.String(),
  ageSeconds: Type.Integer({ minimum: 0 }),
  stale: Type.Boolean(),
});

export const Missing = Closed({
  holdingId: Uuid,
  instrumentId: Nullable(Uuid),
  name: Type.String(),
  what: Literals(['price', 'rate', 'instrument']),
  detail: Type.String({ description: 'What is missing and what to do, in words' }),
});

/** A holding's value with everything it rests on; null figures come with `missing`. */
export const HoldingValue = Closed({
  currency: CurrencyCode,
  value: Nullable(DecimalText),
  cost: DecimalText,
  gain: Nullable(DecimalText),
  gainPct: Nullable(Type.Number()),
  formula: Type.String({ description: 'How the value is computed, in words' }),
  price: Nullable(PriceUsed),
  rate: Nullable(FxRate),
  missing: Nullable(Literals(['price', 'rate', 'instrument'])),
});

const Totals = Type.Record(Type.String(), DecimalText, {
  description: 'Value by name, in the portfolio’s currency',
});

export const Summary = Closed({
  portfolioId: Uuid,
  currency: CurrencyCode,
  asOf: Day,
  valuedAt: Instant,
  value: Type.String({ ...DecimalText, description: 'Sum of the holdings that have a value' }),
  cost: Type.String({
    ...DecimalText,
    description: 'Cost of all included holdings, also of those whose value is missing',
  }),
  gain: Nullable(
    Type.String({
      ...DecimalText,
      description: 'Value less cost, over the holdings of which both are known; null when there is none',
    }),
  ),
  gainPct: Nullable(Type.Number()),
  dayChange: Nullable(DecimalText),
  holdingCount: Type.Integer(),
  bySection: Totals,
  byTheme: Totals,
  byAccount: Totals,
  byCurrency: Totals,
  complete: Type.Boolean({ description: 'False when something is missing and the total leaves it out' }),
  missing: Type.Array(Missing),
  stale: Type.Array(
    Closed({ holdingId: Uuid, name: Type.String(), dateTime: Instant, source: Type.String() }),
  ),
  excluded: Type.Array(Closed({ holdingId: Uuid, name: Type.String() }), {
    description: 'Holdings that their owner left out of totals (include = false)',
  }),
  rates: Type.Array(FxRate),
});

export const valuationRoutes = defineRoutes({
  'GET /api/portfolios/:id/summary': {
    summary: 'What a portfolio is worth, what it rests on and what is missing',
    tags: ['valuation'],
    auth: 'user',
    params: IdParams,
    query: Closed({ asOf: Type.Optional(Day) }),
    response: { 200: Summary },
  },
});
