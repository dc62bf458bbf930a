/**
 * What must hold of everything that is stored: each price is one that somebody truthfully gave, the latest ones are the latest,
 * and every change was told to those who listen.
 *
 * Contents: LineIds · lineIds · wrongPrices · wrongLatest · wrongRates · published · unheard · silentGaps
 */
import pg from 'pg';

import type { Client } from '../faults/client.ts';
import type { Household } from './household.ts';
import { keyOfPrice, missedBy } from './listeners.ts';
import type { Publication, SoakListener } from './listeners.ts';
import { EUR_RATES } from './market.ts';
import type { Truth } from './market.ts';

const SHOWN = 5;
const STATEMENT_LIMIT_MS = 60_000;

/** Runs `work` with a connection of the owner. */
export const asOwner = async <T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: ownerUrl, statement_timeout: STATEMENT_LIMIT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};

const told = (what: string, found: readonly string[]): string[] =>
  found.length === 0
    ? []
    : [
        `${what}: ${found.slice(0, SHOWN).join('; ')}${found.length > SHOWN ? ` and ${found.length - SHOWN} more` : ''}`,
      ];

type StoredPrice = {
  readonly instrument_id: string;
  readonly source: string;
  readonly at_ms: string;
  readonly close: string;
  readonly currency: string;
};

const whyWrong = (row: StoredPrice, truth: Truth, { lines }: Household): string | null => {
  const line = lines.get(row.instrument_id);
  const name = `${line?.ticker ?? row.instrument_id} ${row.close} ${row.currency} of ${new Date(Number(row.at_ms)).toISOString()} from ${row.source}`;
  if (line === undefined) return `${name}, which is no line of the market`;
  if (row.currency !== line.currency) return `${name}, though it trades in ${line.currency}`;
  const said = truth.of(row.source, line.ticker, Number(row.at_ms));
  if (said === undefined) return `${name}, which nobody said`;
  return said === row.close ? null : `${name}, though ${said} was said`;
};

/** Stored prices that nobody truthfully gave. @returns with how many there are in all */
export const wrongPrices = async (
  client: pg.Client,
  truth: Truth,
  household: Household,
): Promise<{ readonly stored: number; readonly problems: readonly string[] }> => {
  const { rows } = await client.query<StoredPrice>(
    `select l.instrument_id, p.source, (extract(epoch from p.date_time) * 1000)::bigint::text as at_ms,
       trim_scale(p.close)::text as close, p.currency
     from pm.prices p join pm.instrument_listings l on l.id = p.listing_id`,
  );
  const found = rows.flatMap((row) => whyWrong(row, truth, household) ?? []);
  return { stored: rows.length, problems: told('wrong prices are stored', found) };
};

/** Latest prices that are not the latest stored ones. */
export const wrongLatest = async (client: pg.Client): Promise<readonly string[]> => {
  const { rows } = await client.query<{ listing_id: string; kind: string }>(
    `with newest as (
       select distinct on (p.listing_id, k.kind) p.listing_id, k.kind, p.date_time
       from pm.prices p cross join lateral (select case p.interval when '1d' then 'close' else 'live' end) as k (kind)
       order by p.listing_id, k.kind, p.date_time desc)
     select coalesce(n.listing_id, f.listing_id) as listing_id, coalesce(n.kind, f.kind) as kind
     from newest n full join pm.latest_prices f on f.listing_id = n.listing_id and f.kind = n.kind
     where n.date_time is distinct from f.date_time
       or not exists (select from pm.prices p where p.listing_id = f.listing_id and p.date_time = f.date_time
         and p.source = f.source and p.close = f.close and p.currency = f.currency)`,
  );
  return told(
    'latest prices that are not the latest stored',
    rows.map((row) => `${row.listing_id} ${row.kind}`),
  );
};

/** Stored rates that are not those that were published. */
export const wrongRates = async (client: pg.Client): Promise<readonly string[]> => {
  const { rows } = await client.query<{ to_currency: string; rate: string; from_currency: string }>(
    'select from_currency, to_currency, trim_scale(rate)::text as rate from pm.fx_rates',
  );
  const wrong = rows.filter(
    (row) =>
      row.from_currency !== 'EUR' ||
      !Object.entries(EUR_RATES).some(([code, rate]) => code === row.to_currency && rate === row.rate),
  );
  const none = rows.length === 0 ? ['there are no exchange rates'] : [];
  return [
    ...none,
    ...told(
      'wrong rates are stored',
      wrong.map((row) => JSON.stringify(row)),
    ),
  ];
};

/** Everything that the stream published so far and still remembers. */
export const published = async (client: pg.Client): Promise<readonly Publication[]> => {
  const { rows } = await client.query<{
    instrument_id: string;
    key: string;
    transaction: string;
    seq: string;
  }>(
    `select l.instrument_id, l.id || ' ' || (o.payload ->> 'kind') as key, o.transaction_id::text as transaction, o.seq::text
     from pm.stream_outbox o join pm.instrument_listings l on o.topic = 'price:' || l.id`,
  );
  return rows.map((row) => ({
    instrumentId: row.instrument_id,
    key: row.key,
    transaction: BigInt(row.transaction),
    seq: Number(row.seq),
  }));
};

/** What listeners were not told, or told last although it is not the newest. */
export const unheard = async (
  client: pg.Client,
  listeners: readonly SoakListener[],
  all: readonly Publication[],
): Promise<readonly string[]> => {
  const { rows } = await client.query<{ key: string; close: string; at_ms: string }>(
    `select listing_id || ' ' || kind as key, trim_scale(close)::text as close,
       (extract(epoch from date_time) * 1000)::bigint::text as at_ms from pm.latest_prices`,
  );
  const latest = new Map(rows.map((row) => [row.key, row]));
  return listeners.flatMap((listener) => {
    const missed = missedBy(listener, all).map(({ key, seq }) => `${key} ${seq}`);
    const outdated = [...listener.heard.newest.values()].flatMap((price) => {
      const row = latest.get(keyOfPrice(price));
      const at = price.price === null ? Number.NaN : Date.parse(price.price.dateTime);
      const isNewest = row !== undefined && price.price?.close === row.close && at === Number(row.at_ms);
      return isNewest
        ? []
        : [`${keyOfPrice(price)} is ${row?.close ?? 'gone'}, told ${price.price?.close ?? 'nothing'}`];
    });
    const forgotten =
      listener.heard.incomplete === 0
        ? []
        : [`${listener.name} was told ${listener.heard.incomplete} times that messages are forgotten`];
    const none = listener.heard.followed.size === 0 ? [`${listener.name} follows nothing`] : [];
    return [
      ...listener.problems,
      ...forgotten,
      ...none,
      ...told(`${listener.name} was not told`, missed),
      ...told(`${listener.name} knows outdated prices`, outdated),
    ];
  });
};

/** A price is asked for every minute; a round of questions to slow providers takes a while. */
const RECENT_MS = 4 * 60_000;

/**
 * Lines without a recent price of which nobody is told why. Where every provider was asked or skipped with a reason in words, a
 * short time ago, the gap is said.
 */
export const silentGaps = async (
  client: Client,
  household: Household,
): Promise<{
  readonly gaps: number;
  readonly problems: readonly string[];
}> => {
  const problems: string[] = [];
  let gaps = 0;
  for (const [id, line] of household.lines) {
    const { lines } = await client.expect(200, 'GET /api/instruments/:id/price-sources', { params: { id } });
    const [one] = lines;
    const since = Date.now() - RECENT_MS;
    const askedAt = one?.askedAt === null || one === undefined ? 0 : Date.parse(one.askedAt);
    if (one === undefined || askedAt < since) {
      problems.push(`${line.ticker} was last asked for at ${one?.askedAt ?? 'no time'}`);
      continue;
    }
    const newest = Math.max(0, ...one.sources.map((source) => Date.parse(source.dateTime)));
    if (newest >= since) continue;
    gaps += 1;
    const isSaid =
      one.attempts.length > 0 && one.attempts.every(({ outcome, why }) => outcome !== 'used' && why !== null);
    if (!isSaid) {
      problems.push(
        `${line.ticker} has no recent price, and nobody says why: ${JSON.stringify(one.attempts)}`,
      );
    }
  }
  const { providers } = await client.expect(200, 'GET /api/market-data/status', {});
  const silent = providers.filter(
    ({ state, pausedUntil, skipped }) =>
      state === 'ok' && pausedUntil !== null && Date.parse(pausedUntil) > Date.now() && skipped.length === 0,
  );
  return {
    gaps,
    problems: [
      ...told('gaps that are not said', problems),
      ...told(
        'providers that are left alone, which nobody says',
        silent.map(({ id }) => id),
      ),
    ],
  };
};
