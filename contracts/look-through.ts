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
import { compareRoutes } from './look-through/compare.ts';
import { costRoutes } from './look-through/costs.ts';
import { exposureRoutes } from './look-through/exposure.ts';
import { securityIdentityRoutes } from './look-through/identity.ts';
import { overlapRoutes } from './look-through/overlap.ts';
import { defineRoutes } from './route.ts';

export * from './look-through/compare.ts';
export * from './look-through/costs.ts';
export * from './look-through/exposure.ts';
export * from './look-through/identity.ts';
export * from './look-through/overlap.ts';

/** The largest issuer file accepted. */
export const MAX_CONSTITUENT_FILE_BYTES = 64 * 1024 * 1024;
/** An import with more rows than this is done by the worker and answered with 202. */
export const MAX_ROWS_AT_ONCE = 20_000;

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
  methods: Type.Optional(
    Type.Record(Type.String(), Type.Integer(), {
      description:
        'Rows by how they were matched: isin, cusip, sedol, figi, ticker-exchange, ticker-country, line (no ticker), cash, contract, decision, new, unsure',
    }),
  ),
  unsure: Type.Array(UnsureMatch),
  supersedes: Nullable(Uuid),
  warnings: Type.Array(Type.String()),
});

/** An assumption: what is looked through in a fund's place while its own holdings are not known. */
export const FundProxyDraft = Closed({
  proxyInstrumentId: Uuid,
  validFrom: Type.Optional(Nullable(Day)),
  note: Type.Optional(Type.String({ maxLength: 500 })),
  scope: Type.Optional(Literals(['shared', 'private'])),
});
export const FundProxy = Closed({
  instrumentId: Uuid,
  proxyInstrumentId: Uuid,
  proxyName: Type.String(),
  scope: Literals(['shared', 'private']),
  validFrom: Nullable(Day),
  note: Nullable(Type.String()),
  mayChange: Type.Boolean(),
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

export const ConstituentRow = Closed({
  instrumentId: Uuid,
  ticker: Nullable(Type.String()),
  isin: Nullable(Type.String()),
  name: Type.String(),
  weightPct: DecimalText,
  marketValue: Nullable(DecimalText),
  sector: Type.String(),
  industry: Type.String(),
  country: Type.String(),
  currency: Nullable(Type.String()),
  assetClass: Type.String(),
  publishedSector: Nullable(Type.String()),
  publishedIndustry: Nullable(Type.String()),
  publishedCountry: Nullable(Type.String()),
  rowNumbers: Type.Array(Type.Integer()),
});

const AsOf = Type.Optional(Day);
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
  'GET /api/instruments/:id/proxy': {
    summary: 'What a fund is looked through as while its own holdings are not known',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: Closed({ proxy: Nullable(FundProxy) }) },
  },
  'PUT /api/instruments/:id/proxy': {
    summary: 'Assume that a fund holds what another one holds',
    tags,
    auth: 'user',
    params: IdParams,
    body: FundProxyDraft,
    response: { 200: FundProxy },
  },
  'DELETE /api/instruments/:id/proxy': {
    summary: 'Take the assumption back',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 204: null },
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
        doubt: Nullable(
          Type.String({
            description: 'Why this may not be the whole fund; it is then taken with `force` only',
          }),
        ),
        warnings: Type.Array(Type.String()),
      }),
    },
  },
  ...compareRoutes,
  ...costRoutes,
  ...exposureRoutes,
  ...overlapRoutes,
  ...securityIdentityRoutes,
});
