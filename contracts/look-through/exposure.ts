import { CROSSED } from '@pm/domain/look-through';
import Type from 'typebox';
import { Closed, Day, IdParams, Literals, Nullable, Percent, Uuid } from '../common.ts';
import { defineRoutes } from '../route.ts';

export const Basis = Literals(['published', 'normalised', 'marketValue']);

/** What may be crossed with another. */
export const CrossedDimension = Literals(CROSSED);

const Weights = Type.Record(Type.String(), Percent, {
  description: 'Percentage by canonical English name; sums to 100',
});

export const FundUsed = Closed({
  instrumentId: Uuid,
  name: Type.String(),
  ticker: Nullable(Type.String()),
  asOf: Nullable(Day),
  weightPct: Percent,
  weightSumPct: Nullable(Percent),
  coveragePct: Percent,
  importId: Nullable(Uuid),
  lookedThrough: Type.Boolean(),
});

export const ExposurePath = Closed({
  via: Type.Array(Uuid, {
    description: 'Funds from the outermost to the innermost; empty when held directly',
  }),
  viaNames: Type.Array(Type.String()),
  pct: Percent,
});

export const CompanyExposure = Closed({
  instrumentId: Uuid,
  name: Type.String(),
  ticker: Nullable(Type.String()),
  country: Type.String(),
  sector: Type.String(),
  pct: Percent,
  paths: Type.Array(ExposurePath),
});

export const CrossCell = Closed({
  a: Type.String(),
  b: Type.String(),
  aId: Nullable(Uuid),
  bId: Nullable(Uuid),
  pct: Percent,
});

export const Cross = Closed(
  {
    by: Type.Array(CrossedDimension),
    cells: Type.Array(CrossCell, { description: 'Largest first; sums to 100' }),
  },
  { description: 'What counts under each pair of words; the ids are those of companies' },
);

export const Concentration = Closed(
  {
    equityPct: Percent,
    count: Type.Integer(),
    hhi: Nullable(Type.Number()),
    effectiveCount: Nullable(Type.Number({ description: '1 / HHI' })),
    top: Type.Array(Closed({ count: Type.Integer(), pct: Percent, ofEquityPct: Percent })),
  },
  { description: 'Of the part that is in shares of known companies; shorts are left out' },
);

export const Exposure = Closed({
  asOf: Day,
  basis: Basis,
  byRegion: Weights,
  bySector: Weights,
  byCountry: Weights,
  byCurrency: Weights,
  byAssetClass: Weights,
  byCompany: Type.Array(CompanyExposure, { description: 'Largest first; the first `companies` of them' }),
  companyCount: Type.Integer(),
  concentration: Concentration,
  cross: Nullable(Cross),
  coveragePct: Percent,
  unclassifiedPct: Percent,
  funds: Type.Array(FundUsed),
  warnings: Type.Array(Type.String()),
  missing: Type.Array(Closed({ holdingId: Uuid, name: Type.String(), detail: Type.String() }), {
    description: 'Holdings left out because their value is not known',
  }),
});

const AsOf = Type.Optional(Day);
const exposureQuery = Closed({
  asOf: AsOf,
  basis: Type.Optional(Basis),
  companies: Type.Optional(Type.Integer({ minimum: 0, maximum: 20000, default: 200 })),
  by: Type.Optional(
    Type.String({ maxLength: 100, description: `Two of ${CROSSED.join(', ')}, separated by a comma` }),
  ),
});

const tags = ['look-through'];

export const exposureRoutes = defineRoutes({
  'GET /api/instruments/:id/exposure': {
    summary: 'What an instrument really holds',
    tags,
    auth: 'user',
    params: IdParams,
    query: exposureQuery,
    response: { 200: Exposure },
  },
  'GET /api/holdings/:id/exposure': {
    summary: 'What a holding really holds',
    tags,
    auth: 'user',
    params: IdParams,
    query: exposureQuery,
    response: { 200: Exposure },
  },
  'GET /api/portfolios/:id/exposure': {
    summary: 'What a portfolio really holds, through all its funds',
    tags,
    auth: 'user',
    params: IdParams,
    query: exposureQuery,
    response: { 200: Exposure },
  },
});
