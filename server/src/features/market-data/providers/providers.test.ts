/** Each provider over real HTTP, answered in the forms that were seen in the wild, with figures made up here. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startProviderStub, YAHOO_UNKNOWN, yahooChart } from '../../../../../tests/support/provider-stub.ts';
import type { ProviderStub, StubAnswer } from '../../../../../tests/support/provider-stub.ts';
import { loadConfig } from '../../../platform/config.ts';
import { PROVIDERS } from './index.ts';
import type { Ask, Line, PriceProvider } from './provider.ts';
import { ProviderError } from './provider.ts';

const KEY = 'k3y-that-nobody-may-see';
const NOW = Temporal.Instant.from('2024-02-23T18:00:00Z');
const { finnhub, yahoo, stooq, demo } = PROVIDERS;
const LONDON: Line = {
  mic: 'XLON',
  ticker: 'ACME',
  currency: 'GBP',
  quoteUnit: 'GBX',
  symbols: {},
  isDemo: false,
};
const NEW_YORK: Line = { ...LONDON, mic: 'XNAS', currency: 'USD', quoteUnit: 'USD' };

let stub: ProviderStub;
let ask: Ask;
beforeAll(async () => {
  stub = await startProviderStub();
  const { providers: settings } = loadConfig({
    FINNHUB_API_KEY: KEY,
    FINNHUB_BASE_URL: stub.url,
    YAHOO_BASE_URL: stub.url,
    STOOQ_BASE_URL: stub.url,
  });
  ask = { settings, now: NOW, timeoutMs: 300 };
});
afterAll(async () => stub.close());
afterEach(() => stub.reset());

const failure = async (question: Promise<unknown>): Promise<ProviderError> => {
  const error: unknown = await question.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error('It was answered.', { cause: error });
  for (const secret of [KEY, 'ACME', 'http']) expect(error.message).not.toContain(secret);
  return error;
};
const quote = async (provider: PriceProvider, symbol = 'ACME', line = NEW_YORK) =>
  provider.quote(symbol, line, ask);
const range = { from: Temporal.PlainDate.from('2024-02-19'), to: Temporal.PlainDate.from('2024-02-23') };
const history = async (provider: PriceProvider, symbol: string, line: Line) =>
  (await provider.history?.(symbol, line, range, ask))?.prices ?? [];

describe('Finnhub', () => {
  const answer = (...answers: StubAnswer[]) => stub.answer('/quote?symbol=ACME', ...answers);

  it('gives a price with every digit, whatever its close of yesterday', async () => {
    answer({ json: { c: 417.9600000000001, h: 0, l: 0, o: 0, pc: 0, t: 1708707600 } });
    expect(await quote(finnhub)).toMatchObject({
      close: '417.9600000000001',
      interval: 'quote',
      unit: null,
      open: null,
    });
    expect((await quote(finnhub)).at.toString()).toBe('2024-02-23T17:00:00Z');
    expect(stub.headers[0]?.['x-finnhub-token']).toBe(KEY);
    expect(stub.requests.join(' ')).not.toContain(KEY);
  });

  it('reads a time in milliseconds as such', async () => {
    answer({ json: { c: 12.5, t: 1708707600123 } });
    expect((await quote(finnhub)).at.toString()).toBe('2024-02-23T17:00:00.123Z');
  });

  it('keeps a price of zero with a time as what it is: to be held back', async () => {
    answer({ json: { c: 0, pc: 12, t: 1708707600 } });
    expect((await quote(finnhub)).close).toBe('0');
  });

  it.each<[string, StubAnswer, string]>([
    ['zeros for an unknown symbol', { json: { c: 0, h: 0, l: 0, o: 0, pc: 0, t: 0 } }, 'unknown_symbol'],
    ['an empty object', { json: {} }, 'unknown_symbol'],
    ['null', { json: null }, 'unknown_symbol'],
    ['a sentence in place of a quote', { json: { error: 'Symbol not supported.' } }, 'unknown_symbol'],
    ['403 as an object', { status: 403, json: { error: 'No access to this resource.' } }, 'not_allowed'],
    ['403 as a bare string', { status: 403, json: 'No access to this resource.' }, 'not_allowed'],
    ['401', { status: 401, json: { error: 'Invalid API key' } }, 'bad_key'],
    ['429 in plain text', { status: 429, text: 'API limit reached. Try later.' }, 'rate_limited'],
    ['a limit with status 200', { json: { error: 'API limit reached.' } }, 'rate_limited'],
    ['a redirect to a page', { status: 302, headers: { location: '/page' }, text: '<html>' }, 'bad_answer'],
    ['a page with status 200', { text: '<!DOCTYPE html><html></html>' }, 'bad_answer'],
    ['a price without a time', { json: { c: 12.5 } }, 'bad_answer'],
    ['text that is no JSON', { text: 'upstream error' }, 'bad_answer'],
  ])('%s', async (_what, body, expected) => {
    answer(body);
    expect((await failure(quote(finnhub))).failure).toBe(expected);
    expect(stub.requests).toHaveLength(1);
  });

  it('says how long it wants to be left alone', async () => {
    answer({ status: 429, headers: { 'retry-after': '120' }, text: 'API limit reached.' });
    expect((await failure(quote(finnhub))).retryAfterSeconds).toBe(120);
  });

  it('is asked again after a fault of its own, three times at most', async () => {
    answer(
      { status: 502, text: 'bad gateway' },
      { manner: 'cut', json: {} },
      { json: { c: 5, t: 1708707600 } },
    );
    expect((await quote(finnhub)).close).toBe('5');
    stub.reset();
    answer({ status: 503, text: '' });
    expect((await failure(quote(finnhub))).failure).toBe('unreachable');
    expect(stub.requests).toHaveLength(3);
  });

  it('is given up when it says nothing, and at once when the job ends', async () => {
    answer({ manner: 'never' });
    const silent = await failure(finnhub.quote('ACME', NEW_YORK, { ...ask, timeoutMs: 30 }));
    expect(silent.message).toContain('within 0.03 seconds');
    const ended = finnhub.quote('ACME', NEW_YORK, { ...ask, signal: AbortSignal.abort() });
    expect((await failure(ended)).failure).toBe('interrupted');
  });

  it('gives daily candles at the exchange’s close, and none of a day that is not over', async () => {
    const t = ['2024-02-21', '2024-02-22', '2024-02-23'].map((day) => Date.parse(`${day}T00:00:00Z`) / 1000);
    const columns = { c: [10.1, null, 10.3], o: [10, 10, 10], h: [11, 11, 11], l: [9, 9, 9], v: [5, 6, 7] };
    stub.answer('/stock/candle?symbol=ACME&resolution=D', { json: { s: 'ok', t, ...columns } });
    stub.answer('/stock/split?symbol=ACME', { json: [] });
    stub.answer('/stock/dividend?symbol=ACME', { json: [] });
    const bars = await history(finnhub, 'ACME', NEW_YORK);
    expect(bars.map((one) => [one.at.toString(), one.close, one.high])).toEqual([
      ['2024-02-21T21:00:00Z', '10.1', '11'],
      ['2024-02-22T21:00:00Z', null, '11'],
    ]);
    stub.answer('/stock/candle?symbol=NONE', { json: { s: 'no_data' } });
    expect(await history(finnhub, 'NONE', NEW_YORK)).toEqual([]);
  });

  it('knows lines of the United States by their ticker, others by the symbol written down', () => {
    expect(finnhub.symbolFor(NEW_YORK)).toBe('ACME');
    expect(finnhub.symbolFor(LONDON)).toBeNull();
    expect(finnhub.symbolFor({ ...LONDON, symbols: { finnhub: 'ACME.L' } })).toBe('ACME.L');
    expect(finnhub.offBecause({ ...ask.settings, finnhubApiKey: undefined })).toContain('FINNHUB_API_KEY');
    expect(finnhub.offBecause(ask.settings)).toBeNull();
  });
});

describe('a chart of Yahoo’s kind', () => {
  const path = '/v8/finance/chart/ACME.L';

  it('gives the price in the unit that it says, spelt as it spells it', async () => {
    stub.answer(path, {
      json: yahooChart({ symbol: 'ACME.L', currency: 'GBp', price: 7512, at: 1708705800 }),
    });
    expect(await quote(yahoo, 'ACME.L', LONDON)).toMatchObject({ close: '7512', unit: 'GBp' });
  });

  it('gives days at their close, nulls as nulls, and leaves out the day that is not over', async () => {
    const open = (day: string) => Date.parse(`${day}T08:00:00Z`) / 1000;
    const bars = [
      [open('2024-02-21'), 7400],
      [open('2024-02-22'), null],
      [open('2024-02-23'), 7512],
    ] as const;
    stub.answer(path, { json: yahooChart({ symbol: 'ACME.L', currency: 'GBp', bars }) });
    const closes = async (now: string) => {
      const how = { ...ask, now: Temporal.Instant.from(now) };
      const found = (await yahoo.history?.('ACME.L', LONDON, range, how))?.prices ?? [];
      return found.map((one) => [one.at.toString(), one.close, one.unit]);
    };
    const before = [
      ['2024-02-21T16:30:00Z', '7400', 'GBp'],
      ['2024-02-22T16:30:00Z', null, 'GBp'],
    ];
    expect(await closes('2024-02-23T12:00:00Z')).toEqual(before);
    expect(await closes('2024-02-23T17:00:00Z')).toEqual([
      ...before,
      ['2024-02-23T16:30:00Z', '7512', 'GBp'],
    ]);
  });

  it.each<[string, StubAnswer, string]>([
    ['an unknown symbol', { status: 404, json: YAHOO_UNKNOWN }, 'unknown_symbol'],
    ['the same with 200', { json: YAHOO_UNKNOWN }, 'unknown_symbol'],
    ['a redirect to a page of consent', { status: 302, headers: { location: '/consent' } }, 'bad_answer'],
    ['429', { status: 429, text: 'Too Many Requests' }, 'rate_limited'],
    ['nothing of a chart', { json: { finance: {} } }, 'bad_answer'],
    [
      'a chart without a price',
      { json: yahooChart({ symbol: 'ACME.L', currency: 'GBp' }) },
      'unknown_symbol',
    ],
  ])('%s', async (_what, body, expected) => {
    stub.answer(path, body);
    expect((await failure(quote(yahoo, 'ACME.L', LONDON))).failure).toBe(expected);
  });

  it('refuses columns that do not fit together', async () => {
    const chart = {
      meta: { currency: 'GBP' },
      timestamp: [1708588800],
      indicators: { quote: [{ close: [] }] },
    };
    stub.answer(path, { json: { chart: { result: [chart] } } });
    expect((await failure(history(yahoo, 'ACME.L', LONDON))).failure).toBe('bad_answer');
  });

  it('makes symbols of ticker and market, and none where it knows no market', () => {
    expect(yahoo.symbolFor(LONDON)).toBe('ACME.L');
    expect(yahoo.symbolFor({ ...NEW_YORK, ticker: 'BRK.B' })).toBe('BRK-B');
    expect(yahoo.symbolFor({ ...LONDON, mic: 'XXXX' })).toBeNull();
    expect(yahoo.symbolFor({ ...LONDON, mic: null })).toBeNull();
    expect(yahoo.symbolFor({ ...LONDON, mic: null, symbols: { yahoo: ' 0P0000.L ' } })).toBe('0P0000.L');
  });
});

describe('Stooq', () => {
  const head = 'Symbol,Date,Time,Open,High,Low,Close,Volume\r\n';
  const answer = (text: string) => stub.answer('/q/l/?s=acme.uk', { text });

  it('gives a quote with Warsaw’s time', async () => {
    answer(`${head}ACME.UK,2024-02-23,17:30:05,7500,7530,7490,7512,120034\r\n`);
    const price = await quote(stooq, 'acme.uk', LONDON);
    expect(price).toMatchObject({ close: '7512', unit: null });
    expect(price.at.toString()).toBe('2024-02-23T16:30:05Z');
  });

  it.each([
    ['N/D in every column', `${head}ACME.UK,N/D,N/D,N/D,N/D,N/D,N/D,N/D\r\n`, 'unknown_symbol'],
    ['a head alone', head, 'unknown_symbol'],
    ['an hour that there is not', `${head}ACME.UK,2024-02-23,25:00:00,1,1,1,1,1\r\n`, 'unknown_symbol'],
    ['no data', 'No data', 'unknown_symbol'],
    ['a limit used up', 'Exceeded the daily hits limit', 'rate_limited'],
    ['a page', '<html><body>x</body></html>', 'bad_answer'],
  ])('%s', async (_what, text, expected) => {
    answer(text);
    expect((await failure(quote(stooq, 'acme.uk', LONDON))).failure).toBe(expected);
  });

  it('gives daily closes', async () => {
    stub.answer('/q/d/l/?s=acme.uk&i=d&d1=20240219&d2=20240223', {
      text: 'Date,Open,High,Low,Close,Volume\r\n2024-02-22,7400,7420,7390,7410,900\r\n2024-02-23,7500,7530,7490,7512,100\r\n',
    });
    const bars = await history(stooq, 'acme.uk', LONDON);
    expect(bars.map((one) => [one.at.toString(), one.close, one.volume])).toEqual([
      ['2024-02-22T16:30:00Z', '7410', '900'],
      ['2024-02-23T16:30:00Z', '7512', '100'],
    ]);
    expect(stooq.symbolFor(LONDON)).toBe('acme.uk');
    expect(stooq.symbolFor({ ...LONDON, mic: 'XPAR' })).toBeNull();
  });
});

describe('the demonstration', () => {
  it('asks nobody, and says the same at the same moment', async () => {
    const line = { ...LONDON, isDemo: true };
    const first = await quote(demo, 'ACME', line);
    expect(first).toEqual(await quote(demo, 'ACME', line));
    expect(Number(first.close)).toBeGreaterThan(0);
    const about = await quote(demo, 'ACME@75.12', line);
    // It swings by 13 % at most.
    expect(Number(about.close)).toBeGreaterThan(75.12 * 0.87);
    expect(Number(about.close)).toBeLessThan(75.12 * 1.13);
    const bars = await history(demo, 'ACME', line);
    expect(bars.map((one) => one.at.toString().slice(0, 10))).toEqual([
      '2024-02-19',
      '2024-02-20',
      '2024-02-21',
      '2024-02-22',
      '2024-02-23',
    ]);
    expect(new Set(bars.map((one) => one.close)).size).toBeGreaterThan(1);
    expect(stub.requests).toEqual([]);
  });

  it('covers the demonstration’s instruments and lines that have a symbol of its own', () => {
    expect(demo.symbolFor(LONDON)).toBeNull();
    expect(demo.symbolFor({ ...LONDON, isDemo: true })).toBe('ACME');
    expect(demo.symbolFor({ ...LONDON, symbols: { demo: 'X@5' } })).toBe('X@5');
  });
});
