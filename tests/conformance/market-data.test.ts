/**
 * What providers of prices and rates really sent: replayed over HTTP where the folder stands beside the checkout, else
 * bodies made up in the same forms. What must hold of any of them is checked of both.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { checkPrices, momentsOf, readBoeFile, readPriceFile } from '@pm/domain/market-data';
import { dec } from '@pm/domain/money';

import { PROVIDERS } from '../../server/src/features/market-data/providers/index.ts';
import { ProviderError } from '../../server/src/features/market-data/providers/provider.ts';
import type { Line } from '../../server/src/features/market-data/providers/provider.ts';
import { loadConfig } from '../../server/src/platform/config.ts';
import { startProviderStub, yahooChart } from '../support/provider-stub.ts';
import type { ProviderStub } from '../support/provider-stub.ts';

const REAL = join(import.meta.dirname, '../../../shared/realdata');
const hasReal = existsSync(REAL);
const textOf = (path: string, madeUp: string): string =>
  hasReal ? readFileSync(join(REAL, path), 'utf8') : madeUp;

const LINE: Line = {
  mic: 'XETR',
  ticker: 'MUV2',
  currency: 'EUR',
  quoteUnit: 'EUR',
  symbols: {},
  isDemo: false,
};

let stub: ProviderStub;
beforeAll(async () => {
  stub = await startProviderStub();
});
afterAll(async () => stub.close());
afterEach(() => stub.reset());

const ask = () => ({
  settings: loadConfig({
    FINNHUB_API_KEY: 'key',
    FINNHUB_BASE_URL: stub.url,
    YAHOO_BASE_URL: stub.url,
  }).providers,
  now: Temporal.Instant.from('2026-01-01T00:00:00Z'),
  timeoutMs: 500,
});

type Capture = { readonly status?: number; readonly body?: unknown; readonly when?: string };

const CAPTURES: readonly Capture[] = (
  JSON.parse(
    textOf(
      'finnhub/issue_captures.json',
      JSON.stringify({
        rest: [
          { status: 429, body: 'Too many.' },
          { status: 403, body: { error: 'No access.' } },
          { status: 200, body: {} },
          { status: 302 },
          { status: 200, body: { c: 5.25, pc: 0, t: 1585296137 } },
        ],
      }),
    ),
  ) as { rest: Capture[] }
).rest;

describe('what Finnhub answered', () => {
  it.each(CAPTURES.map((capture, at) => [at, capture] as const))(
    'capture %i is a price with its time or a reason',
    async (_at, { status = 200, body }) => {
      const text = typeof body === 'string' && status === 429 ? body : JSON.stringify(body ?? '');
      stub.answer('/quote?symbol=X', { status, text });
      const price = { c: 0, t: 0, ...(typeof body === 'object' ? body : {}) };
      const isPrice = status === 200 && price.t > 0;
      const found = await PROVIDERS.finnhub.quote('X', LINE, ask()).then(
        (one) => one.close,
        (error: unknown) => (error instanceof ProviderError ? 'a reason' : error),
      );
      expect(found).toBe(isPrice ? String(price.c) : 'a reason');
    },
  );
});

const CHARTS = ['yahoo/response_yahoo_historical01.txt', 'yahoo/response_yahoo_historical02.txt'] as const;

it.each(CHARTS)('the chart %s has days at the exchange’s close, in its currency, in order', async (path) => {
  const bars = [0, 1, 2].map((day) => [1602486000 + day * 86_400, day === 1 ? null : 200 + day] as const);
  const madeUp = yahooChart({ symbol: 'MUV2.DE', currency: 'EUR', timezone: 'Europe/Berlin', bars });
  stub.answer('/v8/finance/chart/MUV2.DE', { text: textOf(path, JSON.stringify(madeUp)) });
  const range = { from: Temporal.PlainDate.from('2018-01-01'), to: Temporal.PlainDate.from('2025-12-31') };
  const found = (await PROVIDERS.yahoo.history?.('MUV2.DE', LINE, range, ask()))?.prices ?? [];
  expect(found.length).toBeGreaterThanOrEqual(hasReal ? 50 : 3);
  for (const bar of found) {
    const local = bar.at.toZonedDateTimeISO('Europe/Berlin');
    expect([local.toPlainTime().toString(), local.dayOfWeek <= 5, bar.unit]).toEqual([
      '17:30:00',
      true,
      'EUR',
    ]);
  }
  const { good, held } = checkPrices(found, LINE, null);
  expect(good.length + held.length).toBe(found.length);
  expect(held.every((bar) => bar.reason === 'missing')).toBe(true);
  expect(new Set(found.map((bar) => bar.at.toString())).size).toBe(found.length);
});

/** The body of a recorded exchange: a quoted YAML text, its lines folded. */
const bodyOf = (yaml: string): string => {
  const [, body = ''] = /string: "((?:[^"\\]|\\.)*)"/u.exec(yaml) ?? [];
  return body.replaceAll(/\n\s+/gu, ' ').replaceAll(String.raw`\r\n`, '\r\n');
};

it('the Bank of England’s answer gives its currencies for each day', () => {
  const madeUp =
    'string: "DATE,XUDLUSS,XUDLERS\\r\\n17\n   Mar 2026,1.25,1.15\\r\\n18\n   Mar 2026,1.26,1.16\\r\\n"';
  const { rates } = readBoeFile(bodyOf(textOf('fx/boe.yml', madeUp)));
  const dollars = rates.filter((rate) => rate.to === 'USD');
  expect(dollars.map((rate) => rate.date).slice(0, 2)).toEqual(['2026-03-17', '2026-03-18']);
  for (const { rate } of dollars) expect(rate).toMatch(/^1\.[23]\d*$/u);
  expect(new Set(rates.map((rate) => rate.to)).size).toBe(hasReal ? 15 : 2);
});

const DAYS = 'Date,Open,High,Low,Close,Adj Close,Volume\n2023-04-13,1500,1520,1490,1510,1400,9\n';
const MINUTES =
  'Datetime,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2019-12-24 12:30:00+00:00,752,752,752,752.48,9,0,0\n';
const FILES = [
  // The last column is the closes' range in pounds, looked up in the files by eye.
  ['prices/GSK.L_daily.csv', DAYS, 'GBX', 'XLON', [9, 20]],
  ['prices/VUSA.L_daily_2018-2023.csv', DAYS.replace('1510', '63.8'), 'GBP', 'XLON', [30, 70]],
  ['prices/ISF.L.csv', MINUTES, 'GBX', 'XLON', [7, 8]],
  ['prices/VUSA.L.csv', MINUTES.replace('752.48', '47.3'), 'GBP', 'XLON', [45, 48]],
] as const;

it.each(FILES)('the file %s is read whole, and none of it is doubted but what is no price', (...file) => {
  const [path, madeUp, quoteUnit, mic, [low, high]] = file;
  const text = textOf(path, madeUp);
  const read = readPriceFile(new TextEncoder().encode(text));
  expect(read.form).toBe('yahoo');
  expect(read.prices).toHaveLength(text.trim().split('\n').length - 1);
  const line = { currency: 'GBP', quoteUnit };
  const { good, held } = checkPrices(momentsOf(read, mic, null), line, null);
  for (const price of held) expect(['missing', 'zero']).toContain(price.reason);
  for (const price of good) {
    expect(Number(price.close)).toBeGreaterThan(low);
    expect(Number(price.close)).toBeLessThan(high);
  }
  // Taken for the other unit, what follows a right price is a hundredfold jump.
  const first = good[0];
  if (first === undefined) throw new Error('No price was believed.');
  const before = { close: dec(first.close), at: first.at.subtract({ hours: 24 }) };
  const wrong = { ...line, quoteUnit: quoteUnit === 'GBP' ? 'GBX' : 'GBP' };
  const { held: doubted } = checkPrices(momentsOf(read, mic, null).slice(0, 1), wrong, before);
  expect(doubted.map((price) => price.reason)).toEqual([
    quoteUnit === 'GBP' ? 'jump_down_100' : 'jump_up_100',
  ]);
});
