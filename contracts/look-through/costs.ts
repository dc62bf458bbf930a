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
import { SignedText } from '../valuation/figures.ts';

/** What one instrument charged in a year, on what was in it. */
export const FundCharge = Closed({
  instrumentId: Uuid,
  name: Type.String(),
  averageValue: Type.String({ ...DecimalText, description: 'Over the days of the year that are covered' }),
  ocfPct: Nullable(Type.Number({ description: 'Per cent a year; null where nobody says it' })),
  knownPct: Type.Number({ description: 'Of what share of the fund the charge is known' }),
  from: Literals(['own', 'inside', 'unknown'], {
    description: 'The fund’s own figure; or those of the funds inside by their weights; or none',
  }),
  charge: DecimalText,
  source: Type.String(),
  asOf: Day,
});

/** Where the rate that was paid is not the one published for the day. */
export const ExchangeCost = Closed({
  tradeId: Uuid,
  holdingId: Uuid,
  name: Type.String(),
  date: Day,
  type: Type.String(),
  currency: CurrencyCode,
  amount: Type.String({ ...DecimalText, description: 'In currency, charges included' }),
  paid: Type.String({ ...DecimalText, description: 'Units of the portfolio’s currency for one' }),
  published: DecimalText,
  publishedOn: Day,
  source: Type.String(),
  margin: SignedText('Above zero: it cost this much against the published rate'),
});

const sums = {
  fundCharges: DecimalText,
  platformFees: Type.String({ ...DecimalText, description: 'Fees of their own in the ledger' }),
  dealingFees: Type.String({ ...DecimalText, description: 'Fees of trades' }),
  dealingTaxes: Type.String({
    ...DecimalText,
    description: 'Taxes on purchases and sales, such as stamp duty',
  }),
  exchangeMargin: SignedText('What changing money cost against the rates of the day'),
  total: SignedText('All of these together'),
};

export const CostYear = Closed({
  year: Type.Integer(),
  from: Day,
  to: Day,
  averageValue: DecimalText,
  ...sums,
  pct: Nullable(
    Type.Number({ description: 'Total over the average value; a part of a year is not scaled up' }),
  ),
  funds: Type.Array(FundCharge, {
    description: 'The dearest first, those whose charge is not known before them',
  }),
  exchanges: Type.Array(ExchangeCost, { description: 'The dearest first, at most 100' }),
  missing: Type.Array(Type.String({ description: 'What the sums leave out, and why' })),
});

const words = Closed({
  fundCharges: Type.String(),
  fees: Type.String(),
  exchangeMargin: Type.String(),
  pct: Type.String(),
});

export const Costs = Closed({
  portfolioId: Nullable(Uuid),
  currency: CurrencyCode,
  to: Day,
  now: Closed({
    ocfPct: Nullable(Type.Number({ description: 'Of what is held now, by value; per cent a year' })),
    knownPct: Percent,
    unknown: Type.Array(Type.String({ description: 'Funds whose charge nobody says' })),
  }),
  years: Type.Array(CostYear, { description: 'Newest first' }),
  formulas: words,
});

export const costRoutes = defineRoutes({
  'GET /api/portfolios/:id/costs': {
    summary:
      'What a portfolio cost, year by year: charges of funds, fees, taxes on trades, margins of exchange',
    tags: ['look-through'],
    auth: 'user',
    params: IdParams,
    response: { 200: Costs },
  },
});
