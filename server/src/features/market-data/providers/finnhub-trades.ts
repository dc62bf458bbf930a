/**
 * Finnhub's WebSocket of trades, as it behaved when it was watched: a message carries several trades, the same one may come
 * two or three times, times are milliseconds (those of its quotes are seconds), pings come between, and an error may name
 * a symbol that it takes again an hour later. London is not on it.
 *
 * Contents: FINNHUB_TRADES · Trade · tradesIn · TradeConnection · openTrades
 */
import { instantOfEpoch } from '@pm/domain/market-data';
import { dec } from '@pm/domain/money';

import type { ProviderSettings } from '#platform/config.ts';

import { exactJson } from './ask-http.ts';
import { field, figure, list, text } from './json.ts';
import { ProviderError } from './provider.ts';
import type { ProviderFacts } from './provider.ts';

/** Symbols that one connection may follow on the free plan. */
export const MAX_SYMBOLS = 50;
/** It pings more often than this; a connection that says nothing is dead. */
const SILENCE_MS = 90_000;

/** What it says of itself; shown on the status page. */
export const FINNHUB_TRADES: ProviderFacts = {
  id: 'finnhub-trades',
  name: 'Finnhub trades',
  what: 'Trades as they happen, over one connection however many processes',
  does: ['quote'],
  coverage: `The first ${MAX_SYMBOLS} lines in the United States that somebody holds or watches`,
  quoteUnit: 'Not said; taken to be the unit of the line',
  cost: 'Free with a key',
  needsKey: true,
  limit: { requests: 1, seconds: 1 },
};

/** Why it is not listened to; null when it is. */
export const tradesOffBecause = ({ prices, finnhubApiKey }: ProviderSettings): string | null => {
  if (!prices.includes('finnhub')) return 'It is not asked: PM_PRICE_PROVIDERS does not name finnhub.';
  return finnhubApiKey === undefined ? 'It needs a key: set FINNHUB_API_KEY.' : null;
};

export type Trade = { readonly symbol: string; readonly at: Temporal.Instant; readonly price: string };

/** The trades in a message; none in pings and errors, nor where price or time make no sense. @throws {ProviderError} */
export const tradesIn = (message: string): Trade[] => {
  const value = exactJson(message, 'Finnhub');
  if (text(field(value, 'type')) !== 'trade') return [];
  return list(field(value, 'data')).flatMap((one): Trade[] => {
    const symbol = text(field(one, 's'));
    const price = figure(field(one, 'p'));
    const at = instantOfEpoch(figure(field(one, 't')) ?? '');
    if (symbol === null || price === null || at === null || !dec(price).greaterThan(0)) return [];
    return [{ symbol, at, price }];
  });
};

export type TradeConnection = {
  /** Follows these symbols and no others. */
  follow(symbols: readonly string[]): void;
  /** Resolves with how it ended. */
  readonly ended: Promise<ProviderError>;
  close(): void;
};

/** Connects; symbols may be given before the connection stands. `onTrades` gets each message's trades. */
export const openTrades = (
  settings: ProviderSettings,
  onTrades: (trades: readonly Trade[]) => void,
  silenceMs = SILENCE_MS,
): TradeConnection => {
  // The address carries the key, because that is how it is asked; it is never logged or shown.
  const query = new URLSearchParams({ token: settings.finnhubApiKey ?? '' });
  const socket = new WebSocket(`${settings.finnhubStreamUrl}?${query.toString()}`);
  const { promise: ended, resolve } = Promise.withResolvers<ProviderError>();
  let wanted: ReadonlySet<string> = new Set();
  const followed = new Set<string>();
  const tell = (type: 'subscribe' | 'unsubscribe', symbol: string): void =>
    socket.send(JSON.stringify({ type, symbol }));
  const settle = (): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    for (const symbol of followed) {
      if (wanted.has(symbol)) continue;
      tell('unsubscribe', symbol);
      followed.delete(symbol);
    }
    for (const symbol of wanted) {
      if (followed.has(symbol)) continue;
      tell('subscribe', symbol);
      followed.add(symbol);
    }
  };
  const fail = (why: string): void => {
    clearTimeout(silence);
    resolve(new ProviderError('unreachable', why));
    socket.close();
  };
  const silence = setTimeout(() => fail('Finnhub’s trades fell silent.'), silenceMs);
  socket.addEventListener('open', settle);
  socket.addEventListener('message', ({ data }) => {
    silence.refresh();
    try {
      onTrades(tradesIn(String(data)));
    } catch (error) {
      // A message that is no JSON is passed over; the connection that sends only such falls silent.
      if (!(error instanceof ProviderError)) throw error;
    }
  });
  socket.addEventListener('error', () =>
    fail('Finnhub’s trades could not be reached, or the key was refused.'),
  );
  socket.addEventListener('close', () => fail('Finnhub ended the connection of trades.'));
  return {
    follow: (symbols) => {
      wanted = new Set(symbols);
      settle();
    },
    ended,
    close: () => fail('The connection of trades was closed.'),
  };
};
