/**
 * SQL of exchange rates and of what is known of their providers.
 *
 * Contents: findPublished · newestRateDay · storeRates · provider states
 */
import type { PublishedRate } from '@pm/domain/market-data';
import { currency, dec } from '@pm/domain/money';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** Two currencies in the order in which a source publishes them. */
export type PublishedPair = { readonly from: string; readonly to: string };

/** Every published rate of the pairs from one day to another, in one statement. */
export const findPublished = async (
  tx: Tx,
  pairs: readonly PublishedPair[],
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
): Promise<PublishedRate[]> => {
  const { rows } = await sql<{
    from: string;
    to: string;
    rate: string;
    date: Temporal.PlainDate;
    source: string;
  }>`
    select r.from_currency as "from", r.to_currency as "to", r.rate, r.date::date as date, r.source
    from unnest(${pairs.map((pair) => pair.from)}::text[], ${pairs.map((pair) => pair.to)}::text[]) as wanted (a, b)
    join pm.fx_rates r on r.from_currency = wanted.a and r.to_currency = wanted.b
      and r.date between ${first}::date and ${last}::date`.execute(tx);
  return rows.map((row) => ({
    from: currency(row.from),
    to: currency(row.to),
    rate: dec(row.rate),
    date: row.date,
    source: row.source,
  }));
};

/** The newest day that a source has published rates for; null when there are none. */
export const newestRateDay = async (tx: Tx, source: string): Promise<Temporal.PlainDate | null> => {
  const { rows } = await sql<{ newest: Temporal.PlainDate | null }>`
    select max(date)::date as newest from pm.fx_rates where source = ${source}`.execute(tx);
  return rows[0]?.newest ?? null;
};

/** Rates of one base currency from one source, as columns: sorted by currency and day, each once. */
export type RateColumns = {
  readonly currencies: readonly string[];
  readonly days: readonly string[];
  readonly rates: readonly string[];
};

/** Rates that one statement stores: about a second's work, so that no import runs into the limit of a statement. */
const RATES_PER_STATEMENT = 50_000;

/**
 * Stores rates. Those that are there already with the same figure are left alone; another figure is a correction and
 * wins. Imports come one after the other, and their rows sorted, so that two at once cannot block each other for good.
 */
export const storeRates = async (
  tx: Tx,
  base: string,
  source: string,
  columns: RateColumns,
): Promise<{ readonly added: number; readonly corrected: number }> => {
  // The wait for another import is bounded by the time that a statement may take, not by that of an ordinary lock.
  await sql`select set_config('lock_timeout', '0', true)`.execute(tx);
  await sql`select pg_advisory_xact_lock(hashtextextended('pm.fx_rates', 0))`.execute(tx);
  let [added, corrected] = [0, 0];
  for (let start = 0; start < columns.rates.length; start += RATES_PER_STATEMENT) {
    const counts = await storePart(tx, base, source, columns, start);
    added += counts.added;
    corrected += counts.corrected;
  }
  return { added, corrected };
};

const storePart = async (
  tx: Tx,
  base: string,
  source: string,
  columns: RateColumns,
  start: number,
): Promise<{ readonly added: number; readonly corrected: number }> => {
  // Joined texts: a parameter for each rate, or arrays quoted item by item, take longer than the insert itself.
  const joined = (items: readonly string[]): string =>
    items.slice(start, start + RATES_PER_STATEMENT).join(' ');
  const { rows } = await sql<{ added: number; corrected: number }>`
    with stored as (
      insert into pm.fx_rates as r (from_currency, to_currency, date, source, rate)
      select ${base}, given.currency, given.day, ${source}, given.rate
      from unnest(string_to_array(${joined(columns.currencies)}, ' '), string_to_array(${joined(columns.days)}, ' ')::date[],
        string_to_array(${joined(columns.rates)}, ' ')::numeric[]) as given (currency, day, rate)
      on conflict (from_currency, to_currency, date, source) do update set rate = excluded.rate
        where r.rate <> excluded.rate
      returning xmax = 0 as is_new
    )
    select count(*) filter (where is_new)::int as added, count(*) filter (where not is_new)::int as corrected
    from stored`.execute(tx);
  return rows[0] ?? { added: 0, corrected: 0 };
};

/** How the last fetch from a provider went. */
export type ProviderState = {
  readonly last_attempt_at: Temporal.Instant;
  readonly last_success_at: Temporal.Instant | null;
  readonly failing_since: Temporal.Instant | null;
  readonly last_error: string | null;
  /** It is not asked before this moment. */
  readonly paused_until: Temporal.Instant | null;
};

export const readProviderState = async (tx: Tx, provider: string): Promise<ProviderState | null> => {
  const { rows } = await sql<ProviderState>`
    select last_attempt_at, last_success_at, failing_since, last_error, paused_until
    from pm.provider_states where provider = ${provider}`.execute(tx);
  return rows[0] ?? null;
};

export const recordSuccess = async (tx: Tx, provider: string, at: Temporal.Instant): Promise<void> => {
  await sql`
    insert into pm.provider_states (provider, last_attempt_at, last_success_at) values (${provider}, ${at}, ${at})
    on conflict (provider) do update
      set last_attempt_at = excluded.last_attempt_at, last_success_at = excluded.last_success_at,
        failing_since = null, last_error = null`.execute(tx);
};

export const recordFailure = async (
  tx: Tx,
  provider: string,
  at: Temporal.Instant,
  why: string,
): Promise<void> => {
  await sql`
    insert into pm.provider_states as s (provider, last_attempt_at, failing_since, last_error)
    values (${provider}, ${at}, ${at}, ${why})
    on conflict (provider) do update
      set last_attempt_at = excluded.last_attempt_at, last_error = excluded.last_error,
        failing_since = coalesce(s.failing_since, excluded.failing_since)`.execute(tx);
};
