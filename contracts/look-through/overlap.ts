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

export const Overlap = Closed({
  asOf: Day,
  instruments: Type.Array(
    Closed({ key: Type.String(), id: Uuid, name: Type.String(), asOf: Nullable(Day), coveragePct: Percent }),
  ),
  matrix: Type.Record(Type.String(), Type.Record(Type.String(), Percent)),
  shared: Type.Array(
    Closed({
      a: Type.String(),
      b: Type.String(),
      count: Type.Integer(),
      companies: Type.Array(
        Closed({ instrumentId: Uuid, name: Type.String(), pctA: Percent, pctB: Percent, sharedPct: Percent }),
      ),
    }),
  ),
  warnings: Type.Array(Type.String()),
});

export const ComparedInstrument = Closed({
  instrumentId: Uuid,
  name: Type.String(),
  ticker: Nullable(Type.String()),
  asOf: Nullable(Day),
  coveragePct: Percent,
});

export const SharedCompany = Closed({
  instrumentId: Uuid,
  name: Type.String(),
  ticker: Nullable(Type.String()),
  pctA: Percent,
  pctB: Percent,
  sharedPct: Type.Number({ description: 'The smaller of the two' }),
});

/** Companies that only one of two holds. */
const Alone = Closed({
  count: Type.Integer(),
  pct: Type.Number({ description: 'Per cent of the one that holds them' }),
});

export const SharedCompanies = Closed({
  asOf: Day,
  a: ComparedInstrument,
  b: ComparedInstrument,
  overlapPct: Percent,
  count: Type.Integer({ description: 'Companies that both hold' }),
  onlyA: Alone,
  onlyB: Alone,
  found: Type.Integer({ description: 'Companies on all pages of this answer' }),
  ...Page(SharedCompany).properties,
});

const Weights = Type.Record(Type.String(), Percent, {
  description: 'Percentage by canonical English name, the largest first',
});
const Maps = Closed(
  {
    byRegion: Weights,
    bySector: Weights,
    byCountry: Weights,
    byCurrency: Weights,
    byAssetClass: Weights,
  },
  { description: 'Percentages of the portfolio; each sums to 100' },
);

export const Purchase = Closed({
  amount: DecimalText,
  currency: CurrencyCode,
  portfolioValue: DecimalText,
  heldPctBefore: Type.Number({ description: 'Share of the candidate itself' }),
  heldPctAfter: Percent,
  before: Nullable(Maps),
  after: Maps,
  byCompany: Type.Array(
    Closed({ instrumentId: Uuid, name: Type.String(), pctBefore: Percent, pctAfter: Percent }),
    { description: 'The largest companies after buying' },
  ),
});

export const Candidate = Closed({
  asOf: Day,
  instrument: ComparedInstrument,
  equityPct: Type.Number({
    description: 'Per cent of the candidate that is in shares; only these are compared',
  }),
  alreadyHeldPct: Type.Number({
    description: 'Per cent of the candidate in companies that are held already, however little of them',
  }),
  newPct: Type.Number({ description: 'Per cent of the candidate in companies that are not held yet' }),
  overlapPct: Type.Number({
    description: 'Sum of the smaller weights, the candidate against all that is held',
  }),
  byHeld: Type.Array(
    Closed({
      instrumentId: Uuid,
      name: Type.String(),
      ticker: Nullable(Type.String()),
      overlapPct: Percent,
      alreadyHeldPct: Percent,
    }),
    { description: 'Against each fund held, the most alike first' },
  ),
  newCompanyCount: Type.Integer(),
  newCompanies: Type.Array(
    Closed({ instrumentId: Uuid, name: Type.String(), ticker: Nullable(Type.String()), pct: Percent }),
    { description: 'The largest of them, as per cent of the candidate' },
  ),
  newByRegion: Weights,
  newByCountry: Weights,
  newBySector: Weights,
  purchase: Nullable(Purchase),
  warnings: Type.Array(Type.String()),
  missing: Type.Array(Closed({ holdingId: Uuid, name: Type.String(), detail: Type.String() })),
});

const CoveringInstrument = { instrumentId: Uuid, name: Type.String(), ticker: Nullable(Type.String()) };
export const Cover = Closed({
  asOf: Day,
  targetPct: Percent,
  equityPct: Type.Number({ description: 'Per cent of the portfolio held in shares through funds' }),
  coveredPct: Type.Number({ description: 'Per cent of that in companies that the funds of the set hold' }),
  exact: Type.Boolean({ description: 'No smaller set reaches the target; else found step by step' }),
  funds: Type.Array(
    Closed({
      ...CoveringInstrument,
      heldPct: Percent,
      addsPct: Percent,
      coveredPct: Percent,
      addsCompanies: Type.Integer(),
    }),
    { description: 'The set, the one that adds most first' },
  ),
  others: Type.Array(
    Closed({
      ...CoveringInstrument,
      heldPct: Percent,
      coveredPct: Type.Number({ description: 'Per cent of its own shares in companies of the set' }),
    }),
  ),
  warnings: Type.Array(Type.String()),
  missing: Type.Array(Closed({ holdingId: Uuid, name: Type.String(), detail: Type.String() })),
});

const Names = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: 25,
    description:
      'Shared companies named for each pair, the largest; by default 25, and fewer where the pairs are many. All of a pair are listed under /api/overlap/shared',
  }),
);
const AsOf = Type.Optional(Day);
const tags = ['look-through'];

export const overlapRoutes = defineRoutes({
  'GET /api/portfolios/:id/overlap': {
    summary: 'How much the funds of a portfolio hold in common',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ asOf: AsOf, names: Names }),
    response: { 200: Overlap },
  },
  'GET /api/overlap': {
    summary: 'How much any funds hold in common; without a list, those of all portfolios together',
    tags,
    auth: 'user',
    query: Closed({
      instruments: Type.Optional(
        Type.String({ maxLength: 2000, description: 'Ids of 1 to 50 instruments, separated by commas' }),
      ),
      asOf: AsOf,
      names: Names,
    }),
    response: { 200: Overlap },
  },
  'GET /api/overlap/shared': {
    summary:
      'The companies that two funds both hold, with both weights; or those that only one of them holds',
    tags,
    auth: 'user',
    query: Closed({
      ...pageQuery,
      a: Uuid,
      b: Uuid,
      asOf: AsOf,
      of: Type.Optional(
        Literals(['both', 'onlyA', 'onlyB'], {
          description: 'Companies that both hold, or only one of them',
        }),
      ),
      q: Type.Optional(
        Type.String({ maxLength: 200, description: 'Words of the name, or a ticker or ISIN' }),
      ),
    }),
    response: { 200: SharedCompanies },
  },
  'GET /api/portfolios/:id/overlap/candidate': {
    summary: 'What buying an instrument would add to a portfolio',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({
      instrument: Uuid,
      amount: Type.Optional(DecimalText),
      asOf: AsOf,
    }),
    response: { 200: Candidate },
  },
  'GET /api/portfolios/:id/overlap/cover': {
    summary: 'The fewest funds of a portfolio that hold most of what all of them hold',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({
      target: Type.Optional(Type.Number({ minimum: 1, maximum: 100, default: 90 })),
      asOf: AsOf,
    }),
    response: { 200: Cover },
  },
});
