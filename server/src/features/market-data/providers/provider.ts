/**
 * What a provider of market data is: what it can do, on what terms, and how it is asked. One file for each implements it.
 *
 * Contents: ProviderId · ProviderFacts · Line · Ask · History · PriceProvider · ProviderError · writtenSymbol · lineOf
 */
import type { PublishedEvent, PublishedPrice } from '@pm/domain/market-data';

import type { ProviderSettings } from '#platform/config.ts';

/** Providers of prices, as `PM_PRICE_PROVIDERS` and the symbols of a line name them. */
export type ProviderId = 'finnhub' | 'yahoo' | 'stooq' | 'demo';

/** What a provider says of itself; shown on the status page. */
export type ProviderFacts = {
  /** The source under which its figures are stored. */
  readonly id: string;
  readonly name: string;
  readonly what: string;
  readonly does: readonly ('quote' | 'history' | 'rates')[];
  readonly coverage: string;
  /** In what unit its prices come. */
  readonly quoteUnit: string;
  readonly cost: string;
  readonly needsKey: boolean;
  /** The most requests that we send in so many seconds. */
  readonly limit: { readonly requests: number; readonly seconds: number };
};

/** A line of trading, as far as a provider needs to know it. */
export type Line = {
  readonly mic: string | null;
  readonly ticker: string | null;
  readonly currency: string;
  readonly quoteUnit: string;
  /** Its symbol by provider, where somebody wrote one down. */
  readonly symbols: Readonly<Record<string, unknown>>;
  readonly isDemo: boolean;
};

/** How a provider is asked. */
export type Ask = {
  readonly settings: ProviderSettings;
  readonly now: Temporal.Instant;
  /** Ends the question when the job is ended. */
  readonly signal?: AbortSignal | undefined;
  /** One answer may take this long. */
  readonly timeoutMs?: number | undefined;
};

/** Past closes, as they were traded on their days, and the splits and dividends of the time. */
export type History = {
  readonly prices: readonly PublishedPrice[];
  readonly events: readonly PublishedEvent[];
};

export type HistoryRange = { readonly from: Temporal.PlainDate; readonly to: Temporal.PlainDate };

/** A provider of prices. Both questions throw {@link ProviderError} and nothing else of their own. */
export type PriceProvider = ProviderFacts & {
  readonly id: ProviderId;
  /** Why it may not be asked in this install, as a sentence; null when it may. */
  readonly offBecause: (settings: ProviderSettings) => string | null;
  /** What it calls a line; null when it does not cover it. */
  readonly symbolFor: (line: Line) => string | null;
  /** The newest price. */
  readonly quote: (symbol: string, line: Line, ask: Ask) => Promise<PublishedPrice>;
  /** Daily closes, of days that are over. The range ends today: a later split would be missed. */
  readonly history?: (symbol: string, line: Line, range: HistoryRange, ask: Ask) => Promise<History>;
};

/**
 * Why a question was not answered. `unknown_symbol` and `not_allowed` are about the one line; the others are about the
 * provider: `rate_limited` it wants to be left alone for a while, `unreachable` and `bad_answer` it is out of order,
 * `bad_key` it does not know us.
 */
export type ProviderFailure =
  | 'unknown_symbol'
  | 'not_allowed'
  | 'rate_limited'
  | 'unreachable'
  | 'bad_answer'
  | 'bad_key'
  | 'interrupted';

/** A question without an answer; the message is a sentence for a person, without key, address or symbol. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly failure: ProviderFailure;
  /** How long it asked to be left alone. */
  readonly retryAfterSeconds: number | null;

  constructor(
    failure: ProviderFailure,
    message: string,
    options: ErrorOptions & { readonly retryAfterSeconds?: number | null } = {},
  ) {
    super(message, options);
    this.failure = failure;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** The symbol that somebody wrote down for a line; null when nobody did. */
export const writtenSymbol = (line: Line, provider: string): string | null => {
  const symbol = Object.hasOwn(line.symbols, provider) ? line.symbols[provider] : undefined;
  return typeof symbol === 'string' && symbol.trim() !== '' ? symbol.trim() : null;
};

/** A stored line as a provider needs to know it. */
export const lineOf = (row: {
  readonly mic: string | null;
  readonly ticker: string | null;
  readonly currency: string;
  readonly quote_unit: string;
  readonly provider_symbols: Readonly<Record<string, unknown>>;
  readonly is_demo: boolean;
}): Line => ({
  mic: row.mic,
  ticker: row.ticker,
  currency: row.currency,
  quoteUnit: row.quote_unit,
  symbols: row.provider_symbols,
  isDemo: row.is_demo,
});
