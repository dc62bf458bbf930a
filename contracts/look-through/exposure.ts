import { CROSSED } from '@pm/domain/look-through';
import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  Day,
  DecimalText,
  FileBytes,
  IdParams,
  Literals,
  Nullable,
  Page,
  pageQuery,
  Percent,
  Uuid,
} from '../common.ts';
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
  treatedAs: Nullable(
    Closed(
      { instrumentId: Uuid, name: Type.String() },
      { description: 'An assumption: the fund is looked through as this one, whose holdings are known' },
    ),
  ),
  ageDays: Nullable(Type.Integer({ description: 'Days from the day of its holdings to the day asked for' })),
  stale: Type.Boolean({ description: 'A newer list of its holdings should be there' }),
  cadence: Nullable(Literals(['daily', 'weekly', 'monthly', 'quarterly'])),
  issuerUrl: Nullable(Type.String({ description: 'Where its issuer publishes what it holds' })),
});

const via = Type.Array(Uuid, {
  description: 'Funds from the outermost to the innermost; empty when held directly',
});

export const ExposurePath = Closed(
  { via, pct: Percent },
  { description: 'One way in which it is held; the funds are named in `funds`' },
);

export const CompanyExposure = Closed({
  instrumentId: Uuid,
  name: Type.String(),
  country: Type.String(),
  sector: Type.String(),
  pct: Percent,
  paths: Type.Array(ExposurePath, { description: 'All of them, the largest first' }),
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
  { description: 'What counts under each pair of words; the ids are those of companies and issuers' },
);

export const IssuerExposure = Closed({
  issuerId: Uuid,
  name: Type.String(),
  pct: Percent,
  companies: Type.Array(
    Closed({ instrumentId: Uuid, name: Type.String(), ticker: Nullable(Type.String()), pct: Percent }),
    { description: 'Its securities, the largest first' },
  ),
});

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
  byIndustry: Weights,
  byCountry: Weights,
  byCurrency: Weights,
  byAssetClass: Weights,
  byCompany: Type.Array(CompanyExposure, { description: 'Largest first; the first `companies` of them' }),
  companyCount: Type.Integer(),
  byIssuer: Nullable(
    Type.Array(IssuerExposure, {
      description: 'Largest first, share classes and bonds added up; only where `issuers` asks for them',
    }),
  ),
  concentration: Closed({ companies: Concentration, issuers: Nullable(Concentration) }),
  cross: Nullable(Cross),
  coveragePct: Percent,
  unclassifiedPct: Percent,
  funds: Type.Array(FundUsed),
  warnings: Type.Array(Type.String()),
  missing: Type.Array(Closed({ holdingId: Uuid, name: Type.String(), detail: Type.String() }), {
    description: 'Holdings left out because their value is not known',
  }),
});

const Words = {
  region: Type.String(),
  sector: Type.String(),
  industry: Type.String(),
  country: Type.String(),
  currency: Type.String(),
  assetClass: Type.String(),
};

export const HeldCompany = Closed({
  instrumentId: Uuid,
  name: Type.String(),
  ticker: Nullable(Type.String()),
  isin: Nullable(Type.String()),
  kind: Literals(['security', 'fund', 'cash', 'derivative']),
  ...Words,
  pct: Type.Number({ description: 'Per cent of the whole that counts under the words asked for' }),
  totalPct: Type.Number({ description: 'Per cent of the whole, wherever it counts' }),
  paths: Type.Array(Closed({ via, viaNames: Type.Array(Type.String()), pct: Percent }), {
    description: 'The largest ways in which it is held',
  }),
  pathCount: Type.Integer(),
});

export const HeldCompanies = Closed({
  asOf: Day,
  basis: Basis,
  count: Type.Integer({ description: 'Companies on all pages' }),
  pct: Type.Number({
    description:
      'All that counts under the words asked for, companies or not: the figure that is looked into',
  }),
  ...Page(HeldCompany).properties,
});

export const ImportedRow = Closed({
  importId: Uuid,
  asOf: Day,
  format: Type.String(),
  fileName: Nullable(Type.String()),
  rowNumbers: Type.Array(Type.Integer(), { description: 'Lines of the file, from 1' }),
  name: Type.String(),
  ticker: Nullable(Type.String()),
  isin: Nullable(Type.String()),
  weightPct: DecimalText,
  marketValue: Nullable(DecimalText),
  publishedSector: Nullable(Type.String()),
  publishedIndustry: Nullable(Type.String()),
  publishedCountry: Nullable(Type.String()),
  publishedAssetClass: Nullable(Type.String()),
  publishedCurrency: Nullable(Type.String()),
  matchMethod: Type.String({ description: 'How the row was found to be this security' }),
});

export const PathStep = Closed(
  {
    instrumentId: Uuid,
    name: Type.String(),
    inFundId: Nullable(Uuid),
    pct: Percent,
    row: Nullable(ImportedRow),
  },
  { description: 'A share of the fund before it; the first one of the whole' },
);

export const ExplainedPath = Closed({
  pct: Type.Number({ description: 'The product of the steps' }),
  holdings: Type.Array(Closed({ holdingId: Uuid, account: Type.String(), pct: Percent }), {
    description: 'The holdings that the first step adds up; none for an instrument as such',
  }),
  steps: Type.Array(PathStep),
});

export const ExplainedCompany = Closed({
  asOf: Day,
  basis: Basis,
  instrumentId: Uuid,
  name: Type.String(),
  ticker: Nullable(Type.String()),
  isin: Nullable(Type.String()),
  pct: Percent,
  pathCount: Type.Integer(),
  ...Page(ExplainedPath).properties,
});

const AsOf = Type.Optional(Day);
const exposureFields = {
  asOf: AsOf,
  basis: Type.Optional(Basis),
  companies: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 20000,
      default: 50,
      description: 'How many companies are named; all of them are listed page by page under `companies`',
    }),
  ),
  issuers: Type.Optional(Type.Integer({ minimum: 0, maximum: 20000, default: 0 })),
  by: Type.Optional(
    Type.String({ maxLength: 100, description: `Two of ${CROSSED.join(', ')}, separated by a comma` }),
  ),
};
const exposureQuery = Closed(exposureFields);
const householdQuery = Closed({
  ...exposureFields,
  currency: Type.Optional(
    Type.String({
      ...CurrencyCode,
      description: 'In which the portfolios are weighed up; without it the one of your preferences',
    }),
  ),
});

const Word = Type.Optional(Type.String({ minLength: 1, maxLength: 100 }));
const filterQuery = {
  asOf: AsOf,
  basis: Type.Optional(Basis),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'Words of the name, or a ticker or ISIN' })),
  region: Word,
  sector: Word,
  industry: Word,
  country: Word,
  currency: Word,
  assetClass: Word,
  kinds: Type.Optional(
    Literals(['companies', 'everything'], {
      description: 'everything: cash, contracts and funds as such too',
    }),
  ),
  sort: Type.Optional(Literals(['pct', 'name'])),
  order: Type.Optional(Literals(['asc', 'desc'])),
};
const companiesQuery = Closed({ ...pageQuery, ...filterQuery });
const tableQuery = Closed(filterQuery);
const companyQuery = Closed({ ...pageQuery, asOf: AsOf, basis: Type.Optional(Basis) });
const CompanyParams = Closed({ id: Uuid, instrumentId: Uuid });

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
  'GET /api/exposure': {
    summary: 'What all portfolios really hold together, one’s own and those shared with one',
    tags,
    auth: 'user',
    query: householdQuery,
    response: { 200: Exposure },
  },
  'GET /api/exposure/companies': {
    summary: 'The companies that all portfolios really hold together, searched and filtered',
    tags,
    auth: 'user',
    query: companiesQuery,
    response: { 200: HeldCompanies },
  },
  'GET /api/exposure/companies/:id': {
    summary: 'Every way in which all portfolios hold a company, down to the imported rows',
    tags,
    auth: 'user',
    params: IdParams,
    query: companyQuery,
    response: { 200: ExplainedCompany },
  },
  'GET /api/exposure/companies.csv': {
    summary: 'The companies that all portfolios really hold, as a table for spreadsheets',
    tags,
    auth: 'user',
    query: tableQuery,
    response: { 200: FileBytes },
  },
  'GET /api/instruments/:id/exposure/companies': {
    summary: 'The companies that an instrument really holds, searched and filtered',
    tags,
    auth: 'user',
    params: IdParams,
    query: companiesQuery,
    response: { 200: HeldCompanies },
  },
  'GET /api/instruments/:id/exposure/companies/:instrumentId': {
    summary: 'Every way in which an instrument holds a company, down to the imported rows',
    tags,
    auth: 'user',
    params: CompanyParams,
    query: companyQuery,
    response: { 200: ExplainedCompany },
  },
  'GET /api/holdings/:id/exposure/companies': {
    summary: 'The companies that a holding really holds, searched and filtered',
    tags,
    auth: 'user',
    params: IdParams,
    query: companiesQuery,
    response: { 200: HeldCompanies },
  },
  'GET /api/holdings/:id/exposure/companies/:instrumentId': {
    summary: 'Every way in which a holding holds a company, down to the imported rows',
    tags,
    auth: 'user',
    params: CompanyParams,
    query: companyQuery,
    response: { 200: ExplainedCompany },
  },
  'GET /api/portfolios/:id/exposure/companies': {
    summary: 'The companies that a portfolio really holds, searched and filtered',
    tags,
    auth: 'user',
    params: IdParams,
    query: companiesQuery,
    response: { 200: HeldCompanies },
  },
  'GET /api/portfolios/:id/exposure/companies/:instrumentId': {
    summary: 'Every way in which a portfolio holds a company, down to the imported rows',
    tags,
    auth: 'user',
    params: CompanyParams,
    query: companyQuery,
    response: { 200: ExplainedCompany },
  },
  'GET /api/instruments/:id/exposure/companies.csv': {
    summary: 'The companies that an instrument really holds, as a table for spreadsheets',
    tags,
    auth: 'user',
    params: IdParams,
    query: tableQuery,
    response: { 200: FileBytes },
  },
  'GET /api/holdings/:id/exposure/companies.csv': {
    summary: 'The companies that a holding really holds, as a table for spreadsheets',
    tags,
    auth: 'user',
    params: IdParams,
    query: tableQuery,
    response: { 200: FileBytes },
  },
  'GET /api/portfolios/:id/exposure/companies.csv': {
    summary: 'The companies that a portfolio really holds, as a table for spreadsheets',
    tags,
    auth: 'user',
    params: IdParams,
    query: tableQuery,
    response: { 200: FileBytes },
  },
});
