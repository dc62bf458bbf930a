import Type from 'typebox';
import {
  Closed,
  Day,
  DecimalText,
  FileBytes,
  IdParams,
  Instant,
  Literals,
  Nullable,
  Page,
  pageQuery,
  Percent,
  Uuid,
} from './common.ts';
import { defineRoutes } from './route.ts';

/** The largest issuer file accepted. */
export const MAX_CONSTITUENT_FILE_BYTES = 64 * 1024 * 1024;
/** An import with more rows than this is done by the worker and answered with 202. */
export const MAX_ROWS_AT_ONCE = 20_000;

export const Basis = Literals(['published', 'normalised', 'marketValue']);

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
  coveragePct: Percent,
  unclassifiedPct: Percent,
  funds: Type.Array(FundUsed),
  warnings: Type.Array(Type.String()),
  missing: Type.Array(Closed({ holdingId: Uuid, name: Type.String(), detail: Type.String() }), {
    description: 'Holdings left out because their value is not known',
  }),
});

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

export const UnsureMatch = Closed({
  row: Type.Integer(),
  ticker: Nullable(Type.String()),
  name: Type.String(),
  weightPct: DecimalText,
  candidates: Type.Array(Closed({ instrumentId: Uuid, name: Type.String(), why: Type.String() })),
});

export const ImportReport = Closed({
  importId: Uuid,
  status: Literals(['active', 'superseded', 'withdrawn']),
  instrumentId: Uuid,
  scope: Literals(['shared', 'private']),
  format: Type.String(),
  fundName: Nullable(Type.String()),
  asOf: Day,
  rows: Type.Integer(),
  weightSumPct: Percent,
  cashPct: Percent,
  derivativesPct: Percent,
  matched: Type.Integer({ description: 'Rows that belong to a security surely, known before or new' }),
  created: Type.Integer({ description: 'Securities that this file brought' }),
  unmatched: Type.Integer({ description: 'Rows kept apart because their security is unsure' }),
  unsure: Type.Array(UnsureMatch),
  supersedes: Nullable(Uuid),
  warnings: Type.Array(Type.String()),
});

/** An import as a version of what its fund holds. */
export const ImportVersion = Closed({
  importId: Uuid,
  instrumentId: Uuid,
  asOf: Day,
  status: Literals(['active', 'superseded', 'withdrawn']),
  scope: Literals(['shared', 'private']),
  format: Type.String(),
  fileName: Nullable(Type.String()),
  sizeBytes: Type.Integer(),
  rows: Type.Integer(),
  weightSumPct: Percent,
  matched: Type.Integer(),
  unmatched: Type.Integer(),
  forced: Type.Boolean({ description: 'Taken although its weights do not sum to 98–102 %' }),
  importedByYou: Type.Boolean(),
  mayChange: Type.Boolean({ description: 'You may withdraw and restore it' }),
  supersededBy: Nullable(Uuid),
  createdAt: Instant,
  statusChangedAt: Nullable(Instant),
});

export const ImportRun = Closed({
  importId: Uuid,
  kind: Type.String(),
  state: Literals(['queued', 'running', 'succeeded', 'failed']),
  progressPct: Percent,
  error: Nullable(Closed({ code: Type.String(), detail: Type.String(), field: Nullable(Type.String()) })),
  result: Nullable(ImportReport),
  createdAt: Instant,
  finishedAt: Nullable(Instant),
});

export const ConstituentRow = Closed({
  instrumentId: Uuid,
  ticker: Nullable(Type.String()),
  isin: Nullable(Type.String()),
  name: Type.String(),
  weightPct: DecimalText,
  marketValue: Nullable(DecimalText),
  sector: Type.String(),
  country: Type.String(),
  currency: Nullable(Type.String()),
  assetClass: Type.String(),
  publishedSector: Nullable(Type.String()),
  publishedCountry: Nullable(Type.String()),
  rowNumbers: Type.Array(Type.Integer()),
});

const AsOf = Type.Optional(Day);
const exposureQuery = Closed({
  asOf: AsOf,
  basis: Type.Optional(Basis),
  companies: Type.Optional(Type.Integer({ minimum: 0, maximum: 20000, default: 200 })),
});

const tags = ['look-through'];

export const lookThroughRoutes = defineRoutes({
  'GET /api/instruments/:id/constituents': {
    summary: 'What a fund holds, as imported',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ ...pageQuery, asOf: AsOf }),
    response: {
      200: Closed({
        importId: Nullable(Uuid),
        asOf: Nullable(Day),
        format: Nullable(Type.String()),
        weightSumPct: Nullable(Percent),
        ...Page(ConstituentRow).properties,
      }),
    },
  },
  'POST /api/instruments/:id/constituents': {
    summary: 'Import an issuer’s file of what a fund holds',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({
      asOf: Type.Optional(Day),
      force: Type.Optional(Type.Boolean({ description: 'Accept weights that do not sum to 98–102 %' })),
      scope: Type.Optional(Literals(['shared', 'private'])),
      fileName: Type.Optional(Type.String({ maxLength: 255 })),
    }),
    rawBody: { maxBytes: MAX_CONSTITUENT_FILE_BYTES, description: 'The issuer’s file as published' },
    response: { 201: ImportReport, 202: Closed({ importId: Uuid }) },
  },
  'GET /api/instruments/:id/imports': {
    summary: 'The imports of a fund, newest day first, withdrawn and superseded ones too',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed(pageQuery),
    response: { 200: Page(ImportVersion) },
  },
  'GET /api/imports/:id/file': {
    summary: 'The issuer’s file of an import, as it came',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: FileBytes },
  },
  'POST /api/imports/:id/withdraw': {
    summary: 'Undo an import; what it had superseded counts again',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: ImportVersion },
  },
  'POST /api/imports/:id/restore': {
    summary: 'Let a withdrawn import count again',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: ImportVersion },
  },
  'POST /api/imports/constituents/preview': {
    summary: 'Read an issuer’s file without storing it and say which fund it belongs to',
    tags,
    auth: 'user',
    query: Closed({ fileName: Type.Optional(Type.String({ maxLength: 255 })) }),
    rawBody: { maxBytes: MAX_CONSTITUENT_FILE_BYTES, description: 'The issuer’s file as published' },
    response: {
      200: Closed({
        format: Type.String(),
        fundName: Nullable(Type.String()),
        asOf: Nullable(Day),
        rows: Type.Integer(),
        weightSumPct: Percent,
        cashPct: Percent,
        derivativesPct: Percent,
        top: Type.Array(
          Closed({
            name: Type.String(),
            weightPct: DecimalText,
            country: Type.String(),
            sector: Type.String(),
          }),
        ),
        candidates: Type.Array(
          Closed({
            instrumentId: Uuid,
            name: Type.String(),
            ticker: Nullable(Type.String()),
            score: Type.Number(),
            why: Type.String(),
          }),
          { description: 'Funds this file may belong to, likeliest first' },
        ),
        assignedTo: Nullable(Uuid),
        warnings: Type.Array(Type.String()),
      }),
    },
  },
  'GET /api/imports/:id': {
    summary: 'Progress and result of a large import',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: ImportRun },
  },
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
  'GET /api/portfolios/:id/overlap': {
    summary: 'How much the funds of a portfolio hold in common',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ asOf: AsOf }),
    response: { 200: Overlap },
  },
  'GET /api/overlap': {
    summary: 'How much any funds hold in common',
    tags,
    auth: 'user',
    query: Closed({
      instruments: Type.String({
        maxLength: 2000,
        description: 'Ids of 1 to 50 instruments, separated by commas',
      }),
      asOf: AsOf,
    }),
    response: { 200: Overlap },
  },
});
