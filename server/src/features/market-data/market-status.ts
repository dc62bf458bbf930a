/**
 * How each provider of prices and rates does, and why it is not used where it is not.
 *
 * Contents: ECB_FACTS · marketDataStatus
 */
import type { ProviderStatus } from '@pm/contracts/market-data';
import type { Static } from 'typebox';

import { PRICE_PROVIDERS, RATE_PROVIDERS } from '#platform/config.ts';
import type { ProviderSettings } from '#platform/config.ts';
import type { Tx } from '#platform/database/index.ts';

import { BOE_FACTS, newestBoeDay } from './boe-fetch.ts';
import { newestExpectedDay } from './ecb-calendar.ts';
import { readOutcomes } from './market-queries.ts';
import type { OutcomeCount } from './market-queries.ts';
import { FINNHUB_TRADES, tradesOffBecause } from './providers/finnhub-trades.ts';
import { PROVIDERS } from './providers/index.ts';
import type { ProviderFacts } from './providers/provider.ts';
import { ECB } from './rate-import.ts';
import { newestRateDay, readProviderState } from './rate-queries.ts';
import type { ProviderState } from './rate-queries.ts';

type Status = Static<typeof ProviderStatus>;
type Verdict = Pick<Status, 'state' | 'detail'>;

/** What the ECB says of itself. */
const ECB_FACTS: ProviderFacts = {
  id: ECB,
  name: 'European Central Bank',
  what: 'Euro reference rates, every working day',
  does: ['rates'],
  coverage: 'About thirty currencies against the euro',
  quoteUnit: 'Units of the currency for one euro',
  cost: 'Free',
  needsKey: false,
  limit: { requests: 1, seconds: 1 },
};

const RATE_FACTS = {
  ecb: { facts: ECB_FACTS, expected: newestExpectedDay },
  boe: { facts: BOE_FACTS, expected: newestBoeDay },
} as const;

/** How each provider does: publishers of rates first, then those of prices in the order in which they are asked. */
export const marketDataStatus = async (
  tx: Tx,
  settings: ProviderSettings,
  now: Temporal.Instant,
): Promise<{ providers: Status[] }> => {
  const outcomes = await readOutcomes(tx);
  const rates: Status[] = [];
  for (const name of RATE_PROVIDERS) rates.push(await rateStatus(tx, settings, name, now));
  const prices: Status[] = [];
  const inOrder = [...new Set([...settings.prices, ...PRICE_PROVIDERS])];
  for (const name of inOrder) prices.push(await priceStatus(tx, settings, name, outcomes));
  prices.push(await tradesStatus(tx, settings));
  return { providers: [...rates, ...prices] };
};

const rateStatus = async (
  tx: Tx,
  settings: ProviderSettings,
  name: (typeof RATE_PROVIDERS)[number],
  now: Temporal.Instant,
): Promise<Status> => {
  const { facts, expected } = RATE_FACTS[name];
  const state = await readProviderState(tx, facts.id);
  const newest = await newestRateDay(tx, facts.id);
  const isOn = settings.rates.includes(name);
  const verdict = isOn
    ? (failing(state) ?? judgeRates(newest, expected(now)))
    : off(`It is not asked: PM_RATE_PROVIDERS does not name ${name}.`);
  return statusOf(facts, state, verdict, { newest: newest?.toString() ?? null });
};

const judgeRates = (newest: Temporal.PlainDate | null, expected: Temporal.PlainDate): Verdict => {
  if (newest === null) {
    return { state: 'waiting', detail: 'There are no rates yet; they are fetched by the worker.' };
  }
  if (Temporal.PlainDate.compare(newest, expected) < 0) {
    const detail = `Rates are here up to ${newest.toString()}; those of ${expected.toString()} are still to be fetched.`;
    return { state: 'waiting', detail };
  }
  return { state: 'ok', detail: `Rates are here up to ${newest.toString()}.` };
};

const priceStatus = async (
  tx: Tx,
  settings: ProviderSettings,
  name: (typeof PRICE_PROVIDERS)[number],
  outcomes: readonly OutcomeCount[],
): Promise<Status> => {
  const provider = PROVIDERS[name];
  const state = await readProviderState(tx, provider.id);
  const own = outcomes.filter((one) => one.provider === provider.id);
  const used = own.find((one) => one.outcome === 'used')?.lines ?? 0;
  const skipped = own.flatMap(({ why, lines }) => (why === null ? [] : { why, lines }));
  const offBecause = settings.prices.includes(name)
    ? provider.offBecause(settings)
    : `It is not asked: PM_PRICE_PROVIDERS does not name ${name}.`;
  const verdict = offBecause === null ? (failing(state) ?? judgePrices(state, used)) : off(offBecause);
  return statusOf(provider, state, verdict, { used, skipped });
};

const tradesStatus = async (tx: Tx, settings: ProviderSettings): Promise<Status> => {
  const state = await readProviderState(tx, FINNHUB_TRADES.id);
  const offBecause = tradesOffBecause(settings);
  const heard: Verdict =
    state === null
      ? {
          state: 'waiting',
          detail: 'No trade has been heard yet: nobody holds a line that is on it, or its market is closed.',
        }
      : {
          state: 'ok',
          detail: 'Trades are heard as they happen; lines without any are asked for as before.',
        };
  return statusOf(
    FINNHUB_TRADES,
    state,
    offBecause === null ? (failing(state) ?? heard) : off(offBecause),
    {},
  );
};

const judgePrices = (state: ProviderState | null, used: number): Verdict =>
  state === null
    ? { state: 'waiting', detail: 'It has not been asked yet: nobody holds a line that it covers.' }
    : { state: 'ok', detail: `The newest prices of ${used} lines are its.` };

const off = (detail: string): Verdict => ({ state: 'off', detail });

const failing = (state: ProviderState | null): Verdict | null => {
  if (state?.last_error == null) return null;
  const since = state.failing_since?.round('second').toString() ?? '';
  return { state: 'failing', detail: `${state.last_error} Failing since ${since}; it is tried again.` };
};

const statusOf = (
  facts: ProviderFacts,
  state: ProviderState | null,
  verdict: Verdict,
  more: Partial<Pick<Status, 'newest' | 'used' | 'skipped'>>,
): Status => ({
  id: facts.id,
  name: facts.name,
  what: facts.what,
  ...verdict,
  lastSuccessAt: state?.last_success_at?.toString() ?? null,
  lastAttemptAt: state?.last_attempt_at.toString() ?? null,
  newest: more.newest ?? null,
  does: [...facts.does],
  coverage: facts.coverage,
  quoteUnit: facts.quoteUnit,
  cost: facts.cost,
  needsKey: facts.needsKey,
  limit: facts.limit,
  used: more.used ?? 0,
  skipped: more.skipped ?? [],
  pausedUntil: state?.paused_until?.toString() ?? null,
});
