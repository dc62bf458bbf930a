/**
 * Stooq's CSV files. It has no terms for programs and a daily limit for each address, so it is asked only where the
 * settings say so. Unknown lines have `N/D` in every column; refusals are words in place of a file. Times are Warsaw's.
 *
 * Contents: stooq
 */
import { parseDay } from '@pm/domain/calendar';
import { closeOfDay, exactNumber } from '@pm/domain/market-data';
import type { PublishedPrice } from '@pm/domain/market-data';

import { askText } from './ask-http.ts';
import { ProviderError, writtenSymbol } from './provider.ts';
import type { Ask, Line, PriceProvider } from './provider.ts';

const ZONE = 'Europe/Warsaw';
const CLOCK_TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/u;
/** What a market's symbols end in. */
const SUFFIXES: Readonly<Record<string, string>> = {
  XLON: '.uk',
  XETR: '.de',
  XNYS: '.us',
  XNAS: '.us',
  XASE: '.us',
  ARCX: '.us',
  BATS: '.us',
  XTKS: '.jp',
  XHKG: '.hk',
  XWAR: '',
};

/** The rows of a file, by column; words in place of a file are refusals. */
const askRows = async (path: string, how: Ask): Promise<ReadonlyMap<string, string>[]> => {
  const { text } = await askText({
    who: 'Stooq',
    url: `${how.settings.stooqBaseUrl}${path}`,
    signal: how.signal,
    timeoutMs: how.timeoutMs,
  });
  const [header = '', ...rows] = text.trim().split(/\r?\n/u);
  const names = header.split(',').map((name) => name.trim());
  if (names.includes('Close')) {
    return rows.map((row) => {
      const cells = row.split(',');
      return new Map(names.map((name, at) => [name, cells[at]?.trim() ?? '']));
    });
  }
  if (/exceeded/iu.test(header)) {
    const retryAfterSeconds = 3600;
    throw new ProviderError('rate_limited', 'Stooq’s limit for today is used up.', { retryAfterSeconds });
  }
  if (/^no data/iu.test(header)) throw new ProviderError('unknown_symbol', 'Stooq does not know this line.');
  throw new ProviderError('bad_answer', 'Stooq sent something else where prices were expected.');
};

const priceOf = (
  row: ReadonlyMap<string, string>,
  at: Temporal.Instant,
  interval: '1d' | 'quote',
): PublishedPrice => {
  const of = (name: string) => exactNumber(row.get(name) ?? '');
  const bar =
    interval === '1d'
      ? { open: of('Open'), high: of('High'), low: of('Low'), volume: of('Volume') }
      : { open: null, high: null, low: null, volume: null };
  return { at, interval, close: of('Close'), ...bar, unit: null };
};

const quote = async (symbol: string, _line: Line, how: Ask): Promise<PublishedPrice> => {
  const query = new URLSearchParams({ s: symbol, f: 'sd2t2ohlcv', h: '', e: 'csv' });
  const [row] = await askRows(`/q/l/?${query.toString()}`, how);
  const day = parseDay(row?.get('Date') ?? '');
  const time = row?.get('Time') ?? '';
  if (row === undefined || day === null || !CLOCK_TIME.test(time)) {
    throw new ProviderError('unknown_symbol', 'Stooq has no price of this line.');
  }
  const plainTime = Temporal.PlainTime.from(time);
  return priceOf(row, day.toZonedDateTime({ timeZone: ZONE, plainTime }).toInstant(), 'quote');
};

const history: PriceProvider['history'] = async (symbol, line, range, how) => {
  const plain = (day: Temporal.PlainDate) => day.toString().replaceAll('-', '');
  const query = new URLSearchParams({ s: symbol, i: 'd', d1: plain(range.from), d2: plain(range.to) });
  const rows = await askRows(`/q/d/l/?${query.toString()}`, how);
  const prices = rows.flatMap((row): PublishedPrice[] => {
    const day = parseDay(row.get('Date') ?? '');
    if (day === null) return [];
    const at = closeOfDay(day, line.mic);
    return Temporal.Instant.compare(at, how.now) > 0 ? [] : [priceOf(row, at, '1d')];
  });
  return { prices, events: [] };
};

/** See the file's own words. */
export const stooq: PriceProvider = {
  id: 'stooq',
  name: 'Stooq',
  what: 'Prices, delayed quotes and daily closes',
  does: ['quote', 'history'],
  coverage: 'Shares and funds in London, Germany, the United States, Japan, Hong Kong and Warsaw',
  quoteUnit: 'Not said; taken to be the unit of the line',
  cost: 'Free, with a daily limit for each address and without terms for programs',
  needsKey: false,
  limit: { requests: 10, seconds: 60 },
  offBecause: () => null,
  symbolFor: (line) => {
    const written = writtenSymbol(line, 'stooq');
    if (written !== null || line.ticker === null || line.mic === null) return written;
    const suffix = Object.hasOwn(SUFFIXES, line.mic) ? SUFFIXES[line.mic] : undefined;
    return suffix === undefined ? null : `${line.ticker.toLowerCase()}${suffix}`;
  },
  quote,
  history,
};
