/**
 * The chart API that Yahoo's pages use, and whatever speaks like it. It has no terms for programs, so it is asked only where
 * the settings say so. Its currency `GBp` is pence; closes of days without trading are null; a daily bar carries the
 * moment at which the day's trading began. Its closes and dividends are already divided by later splits; they are given out
 * as they were on their days.
 *
 * Contents: yahoo
 */
import { closeOfDay, exchangeZone, instantOfEpoch, rawSeries } from '@pm/domain/market-data';
import type { PublishedEvent, PublishedPrice } from '@pm/domain/market-data';

import { askJson } from './ask-http.ts';
import { entries, field, figure, list, text } from './json.ts';
import { ProviderError, writtenSymbol } from './provider.ts';
import type { Ask, Line, PriceProvider } from './provider.ts';

/** What a market's symbols end in; those of the United States end in nothing. */
const SUFFIXES: Readonly<Record<string, string>> = {
  XLON: '.L',
  XDUB: '.IR',
  XPAR: '.PA',
  XAMS: '.AS',
  XBRU: '.BR',
  XLIS: '.LS',
  XETR: '.DE',
  XFRA: '.F',
  XMIL: '.MI',
  XMAD: '.MC',
  XSWX: '.SW',
  XWBO: '.VI',
  XSTO: '.ST',
  XCSE: '.CO',
  XHEL: '.HE',
  XOSL: '.OL',
  XWAR: '.WA',
  XNYS: '',
  XNAS: '',
  XASE: '',
  ARCX: '',
  BATS: '',
  XTSE: '.TO',
  XTKS: '.T',
  XHKG: '.HK',
  XASX: '.AX',
  XJSE: '.JO',
  XTAE: '.TA',
};

const chart = async (symbol: string, query: Readonly<Record<string, string>>, how: Ask): Promise<unknown> => {
  const path = `/v8/finance/chart/${encodeURIComponent(symbol)}?${new URLSearchParams(query).toString()}`;
  const { value, status } = await askJson({
    who: 'Yahoo',
    url: `${how.settings.yahooBaseUrl}${path}`,
    signal: how.signal,
    timeoutMs: how.timeoutMs,
    alsoRead: [404, 422],
  });
  const [result] = list(field(value, 'chart', 'result'));
  if (field(result, 'meta') !== undefined) return result;
  const isUnknown = status === 404 || field(value, 'chart', 'error', 'code') === 'Not Found';
  if (isUnknown) throw new ProviderError('unknown_symbol', 'Yahoo does not know this line.');
  throw new ProviderError('bad_answer', 'Yahoo answered without a chart.');
};

const quote = async (symbol: string, _line: Line, how: Ask): Promise<PublishedPrice> => {
  const meta = field(await chart(symbol, { interval: '1d', range: '1d' }, how), 'meta');
  const at = instantOfEpoch(figure(field(meta, 'regularMarketTime')) ?? '');
  if (at === null) throw new ProviderError('unknown_symbol', 'Yahoo has no price of this line.');
  const close = figure(field(meta, 'regularMarketPrice'));
  const unit = text(field(meta, 'currency'));
  return { at, interval: 'quote', close, open: null, high: null, low: null, volume: null, unit };
};

const history: PriceProvider['history'] = async (symbol, line, range, how) => {
  const zone = exchangeZone(line.mic);
  const seconds = (day: Temporal.PlainDate): string =>
    String(Math.floor(day.toZonedDateTime(zone).epochMilliseconds / 1000));
  const [period1, period2] = [seconds(range.from), seconds(range.to.add({ days: 1 }))];
  const result = await chart(symbol, { interval: '1d', period1, period2, events: 'div,split' }, how);
  const meta = field(result, 'meta');
  const [columns] = list(field(result, 'indicators', 'quote'));
  const times = list(field(result, 'timestamp'));
  const closes = list(field(columns, 'close'));
  if (times.length !== closes.length) {
    throw new ProviderError('bad_answer', 'Yahoo sent a chart whose columns do not fit together.');
  }
  const barZone = zoneOf(text(field(meta, 'exchangeTimezoneName'))) ?? zone;
  const unit = text(field(meta, 'currency'));
  const splits = splitsOf(result, barZone);
  const raw = rawSeries(splits);
  const prices = times.flatMap((time, row): PublishedPrice[] => {
    const begun = instantOfEpoch(figure(time) ?? '');
    if (begun === null) return [];
    const day = begun.toZonedDateTimeISO(barZone).toPlainDate();
    const at = closeOfDay(day, line.mic);
    // The bar of a day that is not over has the price of this moment as its close.
    if (Temporal.Instant.compare(at, how.now) > 0) return [];
    const of = (name: string): string | null => {
      const said = figure(list(field(columns, name))[row]);
      return said === null ? null : raw(said, day);
    };
    const bar = { open: of('open'), high: of('high'), low: of('low') };
    const volume = figure(list(field(columns, 'volume'))[row]);
    return [{ at, interval: '1d', close: of('close'), ...bar, volume, unit }];
  });
  return { prices, events: [...splits, ...dividendsOf(result, barZone, unit, raw)] };
};

/** Events of one kind with their days; Yahoo keys them by the moment at which that day's trading began. */
const eventsOf = (result: unknown, kind: 'splits' | 'dividends', zone: string) =>
  entries(field(result, 'events', kind)).flatMap((event) => {
    const at = instantOfEpoch(figure(field(event, 'date')) ?? '');
    return at === null ? [] : [{ event, day: at.toZonedDateTimeISO(zone).toPlainDate() }];
  });

const splitsOf = (result: unknown, zone: string): PublishedEvent[] =>
  eventsOf(result, 'splits', zone).flatMap(({ event, day }): PublishedEvent[] => {
    const [numerator, denominator] = [field(event, 'numerator'), field(event, 'denominator')].map(figure);
    if (numerator == null || denominator == null) return [];
    return [{ kind: 'split', day, numerator, denominator }];
  });

const dividendsOf = (
  result: unknown,
  zone: string,
  unit: string | null,
  raw: ReturnType<typeof rawSeries>,
): PublishedEvent[] =>
  eventsOf(result, 'dividends', zone).flatMap(({ event, day }): PublishedEvent[] => {
    const amount = figure(field(event, 'amount'));
    return amount === null ? [] : [{ kind: 'dividend', day, amount: raw(amount, day), unit, payDate: null }];
  });

/** A time zone that there is; null for other words. */
const zoneOf = (name: string | null): string | null => {
  if (name === null) return null;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return name;
  } catch {
    return null;
  }
};

/** See the file's own words. */
export const yahoo: PriceProvider = {
  id: 'yahoo',
  name: 'Yahoo Finance',
  what: 'Prices, quotes and daily closes, some delayed by 15 minutes',
  does: ['quote', 'history'],
  coverage: 'Shares and funds on most exchanges, open-ended funds by their own symbols',
  quoteUnit: 'Said with every price; GBp is pence',
  cost: 'Free, without terms for programs',
  needsKey: false,
  limit: { requests: 30, seconds: 60 },
  offBecause: () => null,
  symbolFor: (line) => {
    const written = writtenSymbol(line, 'yahoo');
    if (written !== null || line.ticker === null || line.mic === null) return written;
    const suffix = Object.hasOwn(SUFFIXES, line.mic) ? SUFFIXES[line.mic] : undefined;
    return suffix === undefined ? null : `${line.ticker.replaceAll(/[./]/gu, '-')}${suffix}`;
  },
  quote,
  history,
};
