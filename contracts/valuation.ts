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
  Uuid,
} from './common.ts';
import { Access, PortfolioType } from './portfolios.ts';
import { defineRoutes } from './route.ts';
import { FxRate, GainSplit, Owed, PriceUsed, SignedText } from './valuation/figures.ts';
import { incomeRoutes } from './valuation/income.ts';
import { performanceRoutes } from './valuation/performance.ts';

export * from './valuation/figures.ts';
export * from './valuation/income.ts';
export * from './valuation/performance.ts';

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
  value: Nullable(SignedText('Assets less what is owed against them')),
  assets: Nullable(DecimalText),
  owed: Nullable(Owed),
  cost: DecimalText,
  gain: Nullable(SignedText('Assets less cost')),
  gainPct: Nullable(Type.Number()),
  formula: Type.String({ description: 'How the value is computed, in words' }),
  price: Nullable(PriceUsed),
  rate: Nullable(FxRate),
  missing: Nullable(Literals(['price', 'rate', 'instrument'])),
});

const Totals = Type.Record(Type.String(), DecimalText, {
  description: 'Value by name, in the portfolio’s currency',
});

/** Units that have left one account, of this or another portfolio, and are counted with the holding they go to. */
export const InTransit = Closed({
  holdingId: Uuid,
  name: Type.String(),
  fromAccount: Type.String(),
  fromPortfolio: Nullable(Type.String({ description: 'Null where it is the same one' })),
  toAccount: Type.String(),
  qty: DecimalText,
  leftOn: Day,
  arrivesOn: Day,
  value: Nullable(DecimalText),
});

export const Summary = Closed({
  portfolioId: Uuid,
  currency: CurrencyCode,
  asOf: Day,
  valuedAt: Instant,
  value: SignedText('Sum of the holdings that have a value: assets less debt'),
  assets: DecimalText,
  debt: DecimalText,
  cost: Type.String({
    ...DecimalText,
    description: 'Cost of all included holdings, also of those whose value is missing',
  }),
  gain: Nullable(
    Type.String({
      ...DecimalText,
      description: 'Assets less cost, over the holdings of which both are known; null when there is none',
    }),
  ),
  gainPct: Nullable(Type.Number()),
  dayChange: Nullable(DecimalText),
  holdingCount: Type.Integer(),
  bySection: Totals,
  byTheme: Totals,
  byAccount: Totals,
  byCurrency: Totals,
  byWrapper: Totals,
  complete: Type.Boolean({ description: 'False when something is missing and the total leaves it out' }),
  missing: Type.Array(Missing),
  stale: Type.Array(
    Closed({ holdingId: Uuid, name: Type.String(), dateTime: Instant, source: Type.String() }),
  ),
  inTransit: Type.Array(InTransit, { description: 'Counted in the value, with the holding they go to' }),
  excluded: Type.Array(Closed({ holdingId: Uuid, name: Type.String() }), {
    description: 'Holdings that their owner left out of totals (include = false)',
  }),
  rates: Type.Array(FxRate),
});

const converted = {
  value: Nullable(DecimalText),
  cost: Nullable(DecimalText),
  gain: Nullable(DecimalText),
};

/** One portfolio among all, in its own currency and in the household's; null where the rate is missing. */
export const PortfolioInHousehold = Closed({
  portfolioId: Uuid,
  name: Type.String(),
  type: PortfolioType,
  access: Access,
  owner: Nullable(Closed({ name: Nullable(Type.String()), email: Type.String() })),
  isDemo: Type.Boolean(),
  counted: Type.Boolean({
    description: 'Whether the sums count it: actual portfolios, not drafts or models',
  }),
  baseCurrency: CurrencyCode,
  own: Closed({
    value: SignedText('Assets less debt'),
    assets: DecimalText,
    debt: DecimalText,
    cost: DecimalText,
    gain: Nullable(DecimalText),
    gainPct: Nullable(Type.Number()),
    dayChange: Nullable(DecimalText),
  }),
  ...converted,
  rate: Nullable(FxRate),
  holdingCount: Type.Integer(),
  complete: Type.Boolean(),
  missing: Type.Array(Type.String({ description: 'Name of what has no value' })),
});

/** All portfolios that a person sees, their own and those shared with them, together in one currency. */
export const HouseholdSummary = Closed({
  currency: CurrencyCode,
  asOf: Day,
  valuedAt: Instant,
  value: SignedText('Sum of the portfolios that count, at the rates below: assets less debt'),
  assets: DecimalText,
  debt: DecimalText,
  cost: Type.String({ ...DecimalText, description: 'Costs at the same rates as the values' }),
  gain: Nullable(DecimalText),
  gainPct: Nullable(Type.Number()),
  dayChange: Nullable(DecimalText),
  byWrapper: Totals,
  complete: Type.Boolean({
    description: 'False when a value or a rate is missing and the sums leave it out',
  }),
  portfolios: Type.Array(PortfolioInHousehold),
  rates: Type.Array(FxRate),
});

/**
 * What was gained, with what went in and came out, in one currency:
 * value + proceeds + income − purchases − fees − taxes = realised + unrealised + incomeGain = total, exactly.
 */
export const GainFigures = Closed({
  currency: CurrencyCode,
  value: Nullable(
    SignedText('Whatever is owed; null where a price or a rate is missing, and so are unrealised and total'),
  ),
  cost: DecimalText,
  purchases: SignedText('Gross: bought, deposited, entered as an opening or transferred in'),
  proceeds: SignedText('Gross: sold, withdrawn or transferred out'),
  income: SignedText('Gross dividends and interest'),
  fees: DecimalText,
  taxes: DecimalText,
  realised: SignedText('Net proceeds less the cost of what was sold'),
  unrealised: Nullable(SignedText('Value less cost')),
  incomeGain: SignedText('Income net of its charges, less fees and taxes that belong to no purchase or sale'),
  total: Nullable(DecimalText),
});

/** The trades of one type together. */
const GainRow = Closed({
  type: Type.String(),
  count: Type.Integer(),
  gross: DecimalText,
  fees: DecimalText,
  taxes: DecimalText,
  total: DecimalText,
  realised: DecimalText,
});

const gain = {
  asOf: Day,
  method: Literals(['average', 'fifo'], { description: 'Which units a sale takes first' }),
  formula: Type.String({ description: 'How the gain is computed, in words' }),
  gain: GainFigures,
  split: Nullable(GainSplit),
  splitMissing: Nullable(Type.String({ description: 'Why there is no split, in words' })),
  rows: Type.Array(GainRow, { description: 'The trades by type, in the currency of gain' }),
};

export const HoldingGain = Closed({
  holdingId: Uuid,
  ...gain,
  /** The same in the currency that the instrument trades in. */
  own: Nullable(GainFigures),
  price: Nullable(PriceUsed),
  rate: Nullable(FxRate),
});

export const PortfolioGain = Closed({
  portfolioId: Uuid,
  ...gain,
  holdingCount: Type.Integer({ description: 'Holdings that count, also those that are sold by now' }),
  complete: Type.Boolean({
    description: 'False when the value of a holding is missing; it is left out whole',
  }),
  missing: Type.Array(Missing),
});

/** What one holding of a list has gained. */
const ListedGain = Closed({
  holdingId: Uuid,
  gain: GainFigures,
  split: Nullable(GainSplit),
  splitMissing: Nullable(Type.String({ description: 'Why there is no split, in words' })),
});

const gainFields = {
  asOf: Type.Optional(Day),
  method: Type.Optional(Literals(['average', 'fifo'])),
};
const gainQuery = Closed(gainFields);

export const valuationRoutes = defineRoutes({
  ...performanceRoutes,
  ...incomeRoutes,
  'GET /api/summary': {
    summary: 'What all portfolios are worth together, one’s own and those shared with one',
    tags: ['valuation'],
    auth: 'user',
    query: Closed({
      currency: Type.Optional(
        Type.String({ ...CurrencyCode, description: 'Without it the one of your preferences' }),
      ),
      asOf: Type.Optional(Day),
    }),
    response: { 200: HouseholdSummary },
  },
  'GET /api/portfolios/:id/summary': {
    summary: 'What a portfolio is worth, what it rests on and what is missing',
    tags: ['valuation'],
    auth: 'user',
    params: IdParams,
    query: Closed({ asOf: Type.Optional(Day) }),
    response: { 200: Summary },
  },
  'GET /api/holdings/:id/gain': {
    summary: 'What a holding has gained since its first trade, by price, currency and income',
    tags: ['valuation'],
    auth: 'user',
    params: IdParams,
    query: gainQuery,
    response: { 200: HoldingGain },
  },
  'GET /api/portfolios/:id/gains': {
    summary: 'What each holding has gained since its first trade, in the order of the list of holdings',
    tags: ['valuation'],
    auth: 'user',
    params: IdParams,
    query: Closed({ ...pageQuery, ...gainFields }),
    response: { 200: Page(ListedGain) },
  },
  'GET /api/portfolios/:id/gain': {
    summary: 'What a portfolio has gained since its first trade, sold holdings included',
    tags: ['valuation'],
    auth: 'user',
    params: IdParams,
    query: gainQuery,
    response: { 200: PortfolioGain },
  },
});
