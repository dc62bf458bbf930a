/**
 * Finnhub: quotes and, on paid plans, daily candles. As its API answered when it was watched: an unknown symbol is a 200 of
 * zeros or `{}`, a symbol outside the plan a 403 as an object or as a bare string, too many requests plain text, faults
 * a redirect to a web page. REST times are seconds (its trades are in milliseconds).
 *
 * Contents: finnhub
 */
import { parseDay } from '@pm/domain/calendar';
import { closeOfDay, instantOfEpoch, rawSeries } from '@pm/domain/market-data';
import type { PublishedEvent, PublishedPrice } from '@pm/domain/market-data';

import { askJson } from './ask-http.ts';
import { field, figure, list, text } from './json.ts';
import { ProviderError, writtenSymbol } from './provider.ts';
import type { Ask, HistoryRange, Line, PriceProvider } from './provider.ts';

const WHO = 'Finnhub';
/** Markets whose symbols are the bare ticker. */
const UNITED_STATES = ['XNYS', 'XNAS', 'XASE', 'ARCX', 'BATS'];

const ask = async (path: string, query: Readonly<Record<string, string>>, { settings, ...how }: Ask) => {
  const { status, value } = await askJson({
    who: WHO,
    url: `${settings.finnhubBaseUrl}${path}?${new URLSearchParams(query).toString()}`,
    headers: { 'x-finnhub-token': settings.finnhubApiKey ?? '' },
    signal: how.signal,
    timeoutMs: how.timeoutMs,
    alsoRead: [401, 403],
  });
  const said = text(value) ?? text(field(value, 'error'));
  if (said === null && status < 400) return value;
  if (status === 401 || /api key|token/iu.test(said ?? '')) {
    throw new ProviderError('bad_key', 'Finnhub does not accept the key.');
  }
  if (status === 403) {
    throw new ProviderError(
      'not_allowed',
      'Finnhub says that the plan of the key does not include this line.',
    );
  }
  if (/limit/iu.test(said ?? '')) throw new ProviderError('rate_limited', 'Finnhub wants fewer requests.');
  throw new ProviderError('unknown_symbol', 'Finnhub does not know this line.');
};

const quote = async (symbol: string, _line: Line, how: Ask): Promise<PublishedPrice> => {
  const value = await ask('/quote', { symbol }, how);
  const at = instantOfEpoch(figure(field(value, 't')) ?? '');
  const close = figure(field(value, 'c'));
  if (at === null) {
    if (close !== null && close !== '0') {
      throw new ProviderError('bad_answer', 'Finnhub sent a price without its time.');
    }
    throw new ProviderError('unknown_symbol', 'Finnhub has no price of this line.');
  }
  // Open, high and low are those of the day so far, not of this moment: they are no bar that ends here.
  return { at, interval: 'quote', close, open: null, high: null, low: null, volume: null, unit: null };
};

const history: PriceProvider['history'] = async (symbol, line, range, how) => {
  const seconds = (day: Temporal.PlainDate): string =>
    String(Math.floor(day.toZonedDateTime('UTC').epochMilliseconds / 1000));
  const query = {
    symbol,
    resolution: 'D',
    from: seconds(range.from),
    to: seconds(range.to.add({ days: 1 })),
  };
  const value = await ask('/stock/candle', query, how);
  if (field(value, 's') === 'no_data') return { prices: [], events: [] };
  const column = (name: string) => list(field(value, name));
  const [times, closes, opens, highs, lows, volumes] = ['t', 'c', 'o', 'h', 'l', 'v'].map(column);
  if (times === undefined || times.length !== closes?.length) {
    throw new ProviderError('bad_answer', 'Finnhub sent candles whose columns do not fit together.');
  }
  const events = await eventsOf(symbol, range, how);
  const raw = rawSeries(events);
  const prices = times.flatMap((time, row): PublishedPrice[] => {
    const moment = instantOfEpoch(figure(time) ?? '');
    if (moment === null) return [];
    // Candles carry midnight UTC of their day.
    const day = moment.toZonedDateTimeISO('UTC').toPlainDate();
    const at = closeOfDay(day, line.mic);
    if (Temporal.Instant.compare(at, how.now) > 0) return [];
    const of = (from: readonly unknown[] | undefined): string | null => {
      const said = figure(from?.[row]);
      return said === null ? null : raw(said, day);
    };
    const bar = { open: of(opens), high: of(highs), low: of(lows), volume: figure(volumes?.[row]) };
    return [{ at, interval: '1d', close: of(closes), ...bar, unit: null }];
  });
  return { prices, events };
};

/** Splits and dividends of a time. Its daily candles are divided by later splits, its dividends as they were paid. */
const eventsOf = async (symbol: string, range: HistoryRange, how: Ask): Promise<PublishedEvent[]> => {
  const query = { symbol, from: range.from.toString(), to: range.to.toString() };
  const splits = list(await ask('/stock/split', query, how)).flatMap((one): PublishedEvent[] => {
    const day = parseDay(text(field(one, 'date')) ?? '');
    const [denominator, numerator] = [figure(field(one, 'fromFactor')), figure(field(one, 'toFactor'))];
    if (day === null || numerator === null || denominator === null) return [];
    return [{ kind: 'split', day, numerator, denominator }];
  });
  const dividends = list(await ask('/stock/dividend', query, how)).flatMap((one): PublishedEvent[] => {
    const day = parseDay(text(field(one, 'date')) ?? '');
    const amount = figure(field(one, 'amount'));
    if (day === null || amount === null) return [];
    const payDate = parseDay(text(field(one, 'payDate')) ?? '');
    return [{ kind: 'dividend', day, amount, unit: text(field(one, 'currency')), payDate }];
  });
  return [...splits, ...dividends];
};

/** See the file's own words. */
export const finnhub: PriceProvider = {
  id: 'finnhub',
  name: 'Finnhub',
  what: 'Prices, quotes and daily closes',
  does: ['quote', 'history'],
  coverage: 'Shares and funds listed in the United States on the free plan; other exchanges on paid plans',
  quoteUnit: 'Not said; taken to be the unit of the line',
  cost: 'Free for 60 requests a minute',
  needsKey: true,
  limit: { requests: 55, seconds: 60 },
  offBecause: ({ finnhubApiKey }) =>
    finnhubApiKey === undefined ? 'It needs a key: set FINNHUB_API_KEY.' : null,
  symbolFor: (line) => {
    const written = writtenSymbol(line, 'finnhub');
    if (written !== null) return written;
    return line.mic !== null && UNITED_STATES.includes(line.mic) ? line.ticker : null;
  },
  quote,
  history,
};
