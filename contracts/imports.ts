import { ENTRY_TYPES, STATEMENT_FIELDS } from '@pm/domain/statements';
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
  Percent,
  QuoteUnitCode,
  Uuid,
} from './common.ts';
import { ImportReport } from './look-through.ts';
import { PriceImport } from './market-data.ts';
import { defineRoutes } from './route.ts';

/** The most text of an older version's data: browsers keep some 5 MB. */
export const MAX_LOCAL_STORAGE_BYTES = 16 * 1024 * 1024;
/** The largest statement accepted. */
export const MAX_STATEMENT_BYTES = 32 * 1024 * 1024;
/** A statement with more rows than this is recorded by the worker and answered with 202. */
export const MAX_STATEMENT_ROWS_AT_ONCE = 20_000;

const Text = Type.String({ maxLength: 300 });
const Count = Type.Integer({ minimum: 0 });
const RowNumber = Type.Integer({ minimum: 1, description: 'Line of the file, from 1' });

const columns = Object.fromEntries(STATEMENT_FIELDS.map((field) => [field, Type.Optional(Text)])) as Record<
  (typeof STATEMENT_FIELDS)[number],
  ReturnType<typeof Type.Optional<typeof Text>>
>;

/** How statements of one form are read, as a person chose it. */
export const StatementMapping = Closed({
  preset: Type.Optional(Type.String({ maxLength: 50, description: 'A preset’s id, or general' })),
  columns: Type.Optional(Closed(columns, { description: 'Field → header, for general' })),
  dayOrder: Type.Optional(Literals(['dmy', 'mdy', 'ymd'])),
  decimalSign: Type.Optional(Literals(['point', 'comma'])),
  currency: Type.Optional(CurrencyCode),
  priceUnit: Type.Optional(QuoteUnitCode),
  securities: Type.Optional(
    Type.Record(Type.String({ maxLength: 320 }), Uuid, {
      maxProperties: 2_000,
      description: 'Security (its key in the preview) → instrument',
    }),
  ),
});

const statementQuery = {
  portfolioId: Uuid,
  account: Type.String({ minLength: 1, maxLength: 100 }),
  fileName: Type.Optional(Type.String({ maxLength: 255 })),
  section: Type.Optional(Type.String({ maxLength: 100, description: 'Of holdings that are made' })),
  theme: Type.Optional(Type.String({ maxLength: 100 })),
  settle: Type.Optional(
    Type.Boolean({ description: 'Keep the account’s cash too; usual where the file tells of it' }),
  ),
  overdraw: Type.Optional(Type.Boolean({ description: 'The cash may fall below zero' })),
  leaveOut: Type.Optional(
    Type.String({ pattern: '^[0-9]{1,7}(,[0-9]{1,7}){0,499}$', description: 'Rows to leave out: 3,17' }),
  ),
};

export const StatementProblem = Closed({
  row: Nullable(RowNumber),
  field: Type.String(),
  message: Type.String(),
});

const InstrumentChoice = Closed({ instrumentId: Uuid, name: Type.String(), why: Type.String() });

export const StatementSecurity = Closed({
  key: Type.String(),
  isin: Nullable(Type.String()),
  sedol: Nullable(Type.String()),
  ticker: Nullable(Type.String()),
  name: Nullable(Type.String()),
  currency: CurrencyCode,
  rows: Count,
  instrument: Nullable(InstrumentChoice),
  candidates: Type.Array(InstrumentChoice),
});

const StatementCounts = Closed(
  Object.fromEntries(ENTRY_TYPES.map((type) => [type, Count])) as Record<
    (typeof ENTRY_TYPES)[number],
    typeof Count
  >,
);

const Signature = Type.String({
  pattern: '^[A-Za-z0-9_-]{43}$',
  description: 'Of the headers; by it the choices for such files are remembered',
});

export const StatementPreview = Closed({
  signature: Signature,
  preset: Type.String(),
  presetTitle: Type.String(),
  known: Literals(['documented', 'inferred']),
  remembered: Type.Boolean({ description: 'Read as you chose for such a file before' }),
  presets: Type.Array(Closed({ id: Type.String(), title: Type.String() })),
  headers: Type.Array(Type.String()),
  samples: Type.Array(Type.Array(Type.String())),
  columns: Closed(columns),
  dayOrder: Nullable(Literals(['dmy', 'mdy', 'ymd'])),
  currency: CurrencyCode,
  rows: Count,
  counts: StatementCounts,
  from: Nullable(Day),
  to: Nullable(Day),
  settle: Type.Boolean(),
  duplicates: Type.Integer({
    description: 'Rows that an earlier import recorded; they are not recorded again',
  }),
  perhapsTwice: Type.Array(Closed({ row: RowNumber, message: Type.String() })),
  leftOut: Type.Array(Closed({ row: RowNumber, reason: Type.String() })),
  leftOutCount: Count,
  problems: Type.Array(StatementProblem),
  problemCount: Count,
  securities: Type.Array(StatementSecurity),
  trades: Type.Integer({ description: 'Trades that would be recorded, cash included' }),
  holdings: Type.Array(
    Closed({
      name: Type.String(),
      isNew: Type.Boolean(),
      qty: DecimalText,
      cash: Nullable(CurrencyCode),
    }),
    { description: 'What would be held afterwards in the holdings concerned' },
  ),
  ready: Type.Boolean(),
});

export const StatementReport = Closed({
  importId: Uuid,
  portfolioId: Uuid,
  account: Type.String(),
  preset: Type.String(),
  presetTitle: Type.String(),
  rows: Count,
  recorded: Type.Integer({ description: 'Rows recorded' }),
  trades: Type.Integer({ description: 'Trades recorded, cash included' }),
  duplicates: Count,
  leftOut: Count,
  newHoldings: Count,
  from: Nullable(Day),
  to: Nullable(Day),
});

const Remark = Closed({ field: Type.String(), message: Type.String() });
const Sums = Closed({ portfolios: Count, holdings: Count, trades: Count });

/** What taking over an older version's data makes, or would make. */
export const LocalStorageReport = Closed({
  portfolios: Type.Array(
    Closed({
      sourceId: Type.String(),
      name: Type.String(),
      portfolioId: Nullable(Uuid),
      isNew: Type.Boolean(),
      holdings: Count,
      trades: Count,
      linked: Type.Integer({ description: 'New holdings whose instrument is known' }),
    }),
  ),
  made: Sums,
  known: Type.Object(Sums.properties, {
    additionalProperties: false,
    description: 'Here already from before',
  }),
  changed: Type.Array(Remark),
  changedCount: Count,
  refused: Type.Array(Remark),
  refusedCount: Count,
  ready: Type.Boolean(),
});

/** A statement that was recorded. */
export const StatementImport = Closed({
  id: Uuid,
  portfolioId: Uuid,
  fileName: Nullable(Type.String()),
  report: StatementReport,
  state: Literals(['recorded', 'undone']),
  createdAt: Instant,
});

export const ImportRun = Closed({
  importId: Uuid,
  kind: Type.String(),
  state: Literals(['queued', 'running', 'succeeded', 'failed']),
  progressPct: Percent,
  error: Nullable(Closed({ code: Type.String(), detail: Type.String(), field: Nullable(Type.String()) })),
  result: Nullable(ImportReport),
  prices: Nullable(PriceImport),
  statement: Nullable(StatementReport),
  createdAt: Instant,
  finishedAt: Nullable(Instant),
});

const tags = ['imports'];
const statementFile = {
  maxBytes: MAX_STATEMENT_BYTES,
  description: 'A broker’s statement as CSV: of a broker that is recognised, or any table with a header',
};

export const importRoutes = defineRoutes({
  'GET /api/imports/:id': {
    summary: 'Progress and result of a large import',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: ImportRun },
  },
  'POST /api/imports/statements/preview': {
    summary: 'What a broker’s statement would record, and what stands in its way; nothing is stored',
    tags,
    auth: 'user',
    query: Closed(statementQuery),
    rawBody: statementFile,
    response: { 200: StatementPreview },
  },
  'POST /api/imports/statements': {
    summary: 'Record a broker’s statement, all of it or nothing; rows recorded before are not doubled',
    tags,
    auth: 'user',
    query: Closed(statementQuery),
    rawBody: statementFile,
    response: { 201: StatementReport, 202: Closed({ importId: Uuid }) },
  },
  'GET /api/imports/statements': {
    summary: 'Statements that were recorded, newest first',
    tags,
    auth: 'user',
    query: Closed({ ...pageQuery, portfolioId: Type.Optional(Uuid) }),
    response: { 200: Page(StatementImport) },
  },
  'POST /api/imports/statements/:id/undo': {
    summary: 'Take back all that a statement recorded; it can be restored for 30 days',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: Closed({ trades: Count, holdings: Count, deletionId: Nullable(Uuid) }) },
  },
  'POST /api/imports/local-storage': {
    summary: 'Take over what an older version kept in the browser, all of it or nothing; never twice',
    tags,
    auth: 'user',
    query: Closed({ preview: Type.Optional(Type.Boolean({ description: 'Only say what would be made' })) }),
    rawBody: {
      maxBytes: MAX_LOCAL_STORAGE_BYTES,
      description: 'The JSON that the older version kept: {"portfolios": […]}',
    },
    response: { 200: LocalStorageReport, 201: LocalStorageReport },
  },
  'PUT /api/imports/statement-mappings': {
    summary: 'Remember how files with these headers are read, and which instruments their securities are',
    tags,
    auth: 'user',
    body: Closed({ signature: Signature, mapping: StatementMapping }),
    response: { 200: StatementMapping },
  },
});
