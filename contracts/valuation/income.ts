import Type from 'typebox';
import { Closed, CurrencyCode, Day, DecimalText, IdParams, Nullable, Percent, Uuid } from '../common.ts';
import { defineRoutes } from '../route.ts';

/** What was received: gross less what was withheld or charged on it. */
export const IncomeSums = Closed({
  dividends: DecimalText,
  interest: DecimalText,
  charges: Type.String({ ...DecimalText, description: 'Withheld or charged on them' }),
  net: DecimalText,
});

const named = { name: Type.String(), ...IncomeSums.properties };

export const Income = Closed({
  portfolioId: Uuid,
  currency: CurrencyCode,
  from: Nullable(Type.String({ ...Day, description: 'The first day on which something was received' })),
  to: Day,
  total: IncomeSums,
  byMonth: Type.Array(Closed(named), { description: 'Named by the month, newest first' }),
  byTaxYear: Type.Array(Closed(named), {
    description: 'Named by the tax year of the United Kingdom, such as 2024/25, newest first',
  }),
  byAccount: Type.Array(Closed(named)),
  byHolding: Type.Array(Closed({ holdingId: Uuid, ...named })),
  yearly: Closed({
    net: Type.String({ ...DecimalText, description: 'Received in the 365 days up to the last one' }),
    onCostPct: Nullable(Percent),
    onValuePct: Nullable(Percent),
    formula: Type.String({ description: 'How the yields are computed, in words' }),
  }),
});

export const incomeRoutes = defineRoutes({
  'GET /api/portfolios/:id/income': {
    summary: 'Dividends and interest received, by month, tax year, account and holding',
    tags: ['valuation'],
    auth: 'user',
    params: IdParams,
    response: { 200: Income },
  },
});
