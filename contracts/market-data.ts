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
  QuoteUnitCode,
  Uuid,
} from './common.ts';
import { defineRoutes } from './route.ts';
import { FxRate } from './valuation.ts';

export const Price = Closed({
  instrumentId: Uuid,
  listingId: Nullable(Uuid),
  dateTime: Instant,
  close: DecimalText,
  open: Nullable(DecimalText),
  high: Nullable(DecimalText),
  low: Nullable(DecimalText),
  volume: Nullable(Type.String({ pattern: '^[0-9]+$' })),
  currency: CurrencyCode,
  quoted: Closed({ close: DecimalText, unit: QuoteUnitCode }),
  kind: Literals(['live', 'manual']),
  source: Type.String(),
});

export const ManualPrice = Closed({
  dateTime: Instant,
  close: DecimalText,
  open: Type.Optional(DecimalText),
  high: Type.Optional(DecimalText),
  low: Type.Optional(DecimalText),
  volume: Type.Optional(Type.Integer({ minimum: 0 })),
  currency: Type.Optional(CurrencyCode),
  quoteUnit: Type.Optional(QuoteUnitCode),
});

/** The largest rate file accepted: the ECB's whole history is under 2 MB. */
export const MAX_RATE_FILE_BYTES = 16 * 1024 * 1024;

const tags = ['market data'];

export const marketDataRoutes = defineRoutes({
  'GET /api/instruments/:id/prices': {
    summary: 'Prices of an instrument, newest first, the feed’s and your own',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ ...pageQuery, from: Type.Optional(Day), to: Type.Optional(Day) }),
    response: { 200: Page(Price) },
  },
  'POST /api/instruments/:id/prices': {
    summary: 'Give a price by hand; only you see it. In the quote unit given, else in the listing’s currency',
    tags,
    auth: 'user',
    params: IdParams,
    body: ManualPrice,
    response: { 201: Price },
  },
  'GET /api/fx': {
    summary: 'A rate on a day, with the published rates behind it',
    tags,
    auth: 'user',
    query: Closed({ from: CurrencyCode, to: CurrencyCode, date: Type.Optional(Day) }),
    response: { 200: FxRate },
  },
  'POST /api/fx/import': {
    summary: 'Import the ECB’s reference rates: its CSV history, CSV of the day, data-service CSV or XML',
    tags,
    auth: 'admin',
    rawBody: { maxBytes: MAX_RATE_FILE_BYTES, description: 'The file as published' },
    response: {
      201: Closed({
        rows: Type.Integer({ description: 'Rates stored or confirmed' }),
        added: Type.Integer({ description: 'Rates that were not there before' }),
        corrected: Type.Integer({ description: 'Rates that were there with another figure' }),
        pairs: Type.Integer(),
        from: Day,
        to: Day,
        source: Type.String(),
        warnings: Type.Array(Type.String()),
      }),
    },
  },
  'GET /api/market-data/status': {
    summary: 'Per provider: state, last success, why it was skipped',
    tags,
    auth: 'user',
    response: {
      200: Closed({
        providers: Type.Array(
          Closed({
            name: Type.String(),
            what: Type.String(),
            state: Literals(['ok', 'failing', 'waiting', 'off']),
            detail: Type.String(),
            lastSuccessAt: Nullable(Instant),
            lastAttemptAt: Nullable(Instant),
            newest: Nullable(Day),
          }),
        ),
      }),
    },
  },
});
